"""A lived-in site over the shipped curriculum, for tests that look at pages.

One person of every area, with what their pages are for: a learner with a history
in one program and a beginning in another, a newcomer who was invited, an instructor
with a cohort and requests, an admin of a program, an admin of the site, and somebody
with a second factor, signed in and halfway, who has completed a program.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.db import transaction
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Fetch, Review, Submission
from assessments.services import attempt_hand_in, attempt_start
from courses.curriculum.apply import curriculum_apply
from courses.curriculum.native.reader import read_tree
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.plan import Incoming
from courses.models import Activity, Cohort, Enrolment, ImportJob, Invitation, Module, Program, StaffRight
from courses.selectors.openings import openings_of
from courses.services.attestation import attestation_give
from courses.services.enrolment import (
    enrolment_complete,
    enrolment_lock,
    enrolment_pause,
    enrolment_start,
    invitation_create,
)
from courses.services.staff import right_grant
from grading.models import GradeEvent, GradingRun, Regrade
from grading.services.completion import completion_set
from grading.services.giving_back import MOST_REQUEUES, run_give_back
from grading.services.ledger import Fact, ledger_append
from grading.services.runs import run_claim
from grading.structure import structure_of
from grading.tasks import grade_quizzes
from tests.flows.answers import fill
from tests.flows.imports import import_jobs_make
from tests.flows.labs import fetches_make, submissions_make
from tests.flows.reviews import reviews_make
from waymark.accounts.models import ApiClient, PersonalToken, User
from waymark.accounts.scopes import CLIENT_SCOPES
from waymark.accounts.services.acting import acting_start, acting_stop
from waymark.accounts.services.tokens import client_create, token_create
from waymark.core.actors import Actor

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
JUNIOR = "junior-ai-infrastructure-engineer"
ENGINEER = "ai-infrastructure-engineer"
PASSWORD = "correct-horse-battery"
NOBODY = "nobody"
HALFWAY = "halfway"
PEOPLE = ("learner", "newcomer", "instructor", "program_admin", "site_admin", "guarded")
WAITING = ("Waiting Learner", "Undecided Learner")


@dataclass
class Scene:
    """Everybody and everything that an address can name."""

    people: dict[str, User]
    cohort: Cohort
    enrolment: Enrolment
    invitation: Invitation
    request: Enrolment
    token: PersonalToken
    client: ApiClient
    right: StaffRight
    attempts: dict[str, Attempt]
    submissions: dict[str, Submission]
    fetches: dict[str, Fetch]
    mail: str
    imports: dict[str, ImportJob]
    reviews: dict[str, Review]
    _clients: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """The session of a person; ``nobody`` has none, ``halfway`` has given the password only."""
        if who not in self._clients:
            client = self._clients[who] = Client()
            if who == HALFWAY:
                guarded = self.people["guarded"]
                client.post("/accounts/login/", {"login": guarded.email, "password": PASSWORD})
            elif who != NOBODY:
                signed_in(client, self.people[who])
        return self._clients[who]

    @property
    def regrade(self) -> Regrade:
        return Regrade.objects.get(release__program=self.enrolment.program)

    @property
    def module(self) -> Module:
        return Module.objects.get(program=self.enrolment.program, key="MOD-001")


def signed_in(client: Client, person: User) -> None:
    """Sign in as after the password a moment ago: what concerns the safety of the account asks for that."""
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": person.email}]
    session.save()


@cache
def password_hashed() -> str:
    """The hash of :data:`PASSWORD`, made once: argon2 takes its time by design."""
    user = User()
    user.set_password(PASSWORD)
    return user.password


def person_make(name: str, *, domain: str = "demo.test") -> User:
    """Somebody with a confirmed address, in Berlin's time zone."""
    address = f"{name.lower().replace(' ', '.')}@{domain}"
    user = User.objects.create(email=address, name=name, time_zone="Europe/Berlin", password=password_hashed())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@cache
def shipped() -> Reading:
    """What ``fixtures/`` says; reading it takes longer than everything else here."""
    return read_tree(FIXTURES)


def curriculum_load() -> dict[str, Program]:
    """The shipped curriculum, open to learners."""
    curriculum_apply(actor=Actor.system(), incoming=Incoming(shipped(), "fixtures"))
    Program.objects.update(enrolment_mode=Program.EnrolmentMode.OPEN, published_at=timezone.now())
    return {program.slug: program for program in Program.objects.all()}


def scene_make() -> Scene:
    """Build it; a few seconds, most of them the curriculum."""
    programs = curriculum_load()
    junior, engineer = programs[JUNIOR], programs[ENGINEER]
    system = Actor.system()
    people = {name: person_make(f"Demo {name.replace('_', ' ').title()}") for name in PEOPLE}
    cohort = Cohort.objects.create(program=junior, slug="autumn", title="Autumn cohort", time_zone="Europe/Berlin")
    other = Cohort.objects.create(program=engineer, slug="evening", title="Evening cohort", time_zone="Europe/Berlin")
    right = right_grant(actor=system, person=people["instructor"], role="instructor", cohort=cohort)
    right_grant(actor=system, person=people["program_admin"], role="admin", program=junior)
    right_grant(actor=system, person=people["site_admin"], role="admin")
    learner = people["learner"]
    enrolment_start(actor=system, learner=learner, program=engineer, cohort=other)
    enrolment = enrolment_start(actor=system, learner=learner, program=junior, cohort=cohort)
    attempts = history_make(enrolment)
    completed_make(enrolment_start(actor=system, learner=people["guarded"], program=junior, cohort=cohort))
    request = requests_make(junior, cohort)
    stuck_make(cohort)
    instructor, admin = Actor.person(people["instructor"].pk), Actor.person(people["site_admin"].pk)
    invitation = invitation_create(actor=instructor, email=people["newcomer"].email, program=junior, cohort=cohort)
    invitation_create(actor=instructor, email="somebody.with.a.long.address@partner.example.org", program=junior)
    acting = acting_start(actor=admin, person=learner, reason="The map does not show MOD-003 as open")
    acting_stop(acting=acting)
    token, _ = token_create(actor=Actor.person(learner.pk), name="Progress in my terminal", scopes=["me"], days=90)
    client, _ = client_create(
        actor=system, name="Learner records", scopes=CLIENT_SCOPES, limited=True, program_ids=[junior.pk]
    )
    TOTP.activate(people["guarded"], generate_totp_secret())
    RecoveryCodes.activate(people["guarded"])
    return Scene(
        people, cohort, enrolment, invitation, request, token, client, right, attempts, submissions_make(enrolment),
        fetches_make(enrolment), mail_make(learner.email),
        import_jobs_make(junior, people["program_admin"]),
        reviews_make(cohort, people, [person_make(f"Project Learner {number}") for number in (1, 2, 3)]),
    )  # fmt: skip


def completed_make(enrolment: Enrolment) -> None:
    """All that the program asks for, as if staff had seen it elsewhere."""
    shapes = [shape for shape in structure_of(enrolment.program_id).activities.values() if shape.required]
    revisions = dict(Activity.objects.filter(pk__in=[shape.id for shape in shapes]).values_list("pk", "revision_id"))
    with transaction.atomic():
        locked = enrolment_lock(enrolment.pk)
        for shape in shapes:
            if shape.out_of is None:
                fact = Fact(GradeEvent.Kind.COMPLETION, shape.id, revisions[shape.id], done=True)
            else:
                fact = Fact(
                    GradeEvent.Kind.OVERRIDE, shape.id, revisions[shape.id], share=Fraction(9, 10), out_of=shape.out_of
                )
            ledger_append(actor=Actor.system(), enrolment=locked, fact=fact)
        # Modules that have nothing in them yet are not complete; who completed the program met an earlier state of it.
        enrolment_complete(
            actor=Actor.system(), enrolment=locked, release_id=locked.program.releases.get(current=True).pk
        )


def stuck_make(cohort: Cohort) -> None:
    """Two of the cohort's attempts whose grading was given up."""
    for enrolment in Enrolment.objects.filter(cohort=cohort, state="active").order_by("-pk")[:2]:
        actor = Actor.person(enrolment.learner_id)
        first = begun_module(enrolment)
        attempt = attempt_start(actor=actor, enrolment=enrolment, activity=quiz(first))
        fill(attempt, empty_every=3)
        attempt_hand_in(actor=actor, attempt=attempt)
    GradingRun.objects.filter(state="queued").update(requeues=MOST_REQUEUES)
    while (claim := run_claim(queue=GradingRun.Queue.QUIZ, worker="demo")) is not None:
        run_give_back(claim=claim, error="KeyError")


def begun_module(enrolment: Enrolment) -> Module:
    """The first module, opened by saying that one brings what it asks for."""
    first = Module.objects.get(program=enrolment.program, key="MOD-001")
    for condition in openings_of(enrolment).of(first.pk).unmet:
        assert condition.requirement_id is not None, condition
        attestation_give(
            actor=Actor.person(enrolment.learner_id), enrolment=enrolment, requirement_id=condition.requirement_id
        )
    return first


def history_make(enrolment: Enrolment) -> dict[str, Attempt]:
    """A first module read and passed at the second try, a second one begun."""
    actor = Actor.person(enrolment.learner_id)
    first, second = begun_module(enrolment), Module.objects.get(program=enrolment.program, key="MOD-002")
    read(enrolment, first)
    made = {"partly": attempt_start(actor=actor, enrolment=enrolment, activity=quiz(first))}
    fill(made["partly"], empty_every=2)
    attempt_hand_in(actor=actor, attempt=made["partly"])
    grade_quizzes()
    made["passed"] = attempt_start(actor=actor, enrolment=enrolment, activity=quiz(first))
    fill(made["passed"], empty_every=7)
    attempt_hand_in(actor=actor, attempt=made["passed"])
    grade_quizzes()
    read(enrolment, second, most=2)
    made["open"] = attempt_start(actor=actor, enrolment=enrolment, activity=quiz(second))
    fill(made["open"], only=3)
    return made


def quiz(module: Module) -> Activity:
    return Activity.objects.get(path=f"{module.key}/quiz", program=module.program)


def read(enrolment: Enrolment, module: Module, *, most: int = 99) -> None:
    """Tick off the readings of *module*, *most* of them."""
    readings = Activity.objects.filter(module=module, kind="reading").order_by("path")[:most]
    for activity in readings:
        completion_set(actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=activity, done=True)


def requests_make(program: Program, cohort: Cohort) -> Enrolment:
    """A full cohort, and two people who wait to be let in; the first of their requests."""
    system = Actor.system()
    for number in range(1, 13):
        classmate = person_make(f"Learner {number:02}", domain="learners.demo.test")
        enrolment = enrolment_start(actor=system, learner=classmate, program=program, cohort=cohort)
        if number == 12:
            enrolment_pause(actor=system, enrolment=enrolment)
    program.enrolment_mode = Program.EnrolmentMode.APPROVAL
    waiting = [enrolment_start(actor=system, learner=person_make(name), program=program) for name in WAITING]
    return waiting[0]


def mail_make(address: str) -> str:
    """One message in the mailbox of the demo; its name there."""
    from waymark.accounts.demo_mail import mails

    message = EmailMessage("Confirm your address", "Open the link to confirm it.", None, [address])
    EmailBackend(file_path=settings.EMAIL_FILE_PATH).send_messages([message])
    return mails(1)[0].name
