"""The shared cast: everybody that a rule of access tells apart, over two small programs.

*North* takes learners openly, *south* by approval. Both have the same two modules
(a reading and a quiz; a second module that opens after the first). ``cast`` is
made once per test; everybody is reached by their name (``cast.learner``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from courses.curriculum.apply import curriculum_apply
from courses.curriculum.native.reader import read_tree
from courses.curriculum.planning.plan import Incoming
from courses.models import Cohort, Enrolment, Program, StaffRight
from courses.services.enrolment import enrolment_pause, enrolment_start, enrolment_withdraw
from waymark.accounts.models import ApiClient, User
from waymark.accounts.scopes import CLIENT_SCOPES
from waymark.accounts.services.tokens import client_create, token_create
from waymark.core.actors import Actor

DATA = Path(__file__).resolve().parent / "data" / "cast"
PASSWORD = "correct-horse-battery"

PEOPLE = (
    "learner",
    "classmate",
    "peer_reviewer",
    "instructor",
    "other_instructor",
    "program_admin",
    "other_program_admin",
    "site_admin",
    "paused",
    "withdrawn",
    "stranger",
)
"""People of the cast, in the order of the permission table."""


@dataclass
class Cast:
    """Programs, cohorts, people and clients; and how each of them comes in."""

    north: Program
    south: Program
    cohort: Cohort
    other_cohort: Cohort
    south_cohort: Cohort
    people: dict[str, User]
    enrolments: dict[str, Enrolment]
    limited_client: ApiClient
    limited_secret: str
    _bearers: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, name: str) -> Actor:
        """The actor of a person in a session, of the limited client, or of nobody (an error)."""
        if name == "limited_client":
            return Actor(
                "client",
                client_id=self.limited_client.pk,
                scopes=frozenset(CLIENT_SCOPES),
                limited=True,
                program_ids=frozenset(self.limited_client.program_ids),
            )
        return Actor.person(self.people[name].pk)

    def browser(self, name: str) -> Client:
        """A browser in which that person is signed in; ``anonymous`` is not."""
        client = Client()
        if name in self.people:
            client.force_login(self.people[name])
        return client

    def bearer(self, name: str, *, scopes: tuple[str, ...] = ("me",)) -> str:
        """A header for the API: a personal token, or an access token of the limited client."""
        key = f"{name}:{','.join(scopes)}"
        if key not in self._bearers:
            if name == "limited_client":
                answer = Client().post(
                    "/identity/o/api/token",
                    {
                        "grant_type": "client_credentials",
                        "client_id": self.limited_client.pk,
                        "client_secret": self.limited_secret,
                    },
                )
                assert answer.status_code == 200, answer.content
                self._bearers[key] = answer.json()["access_token"]
            else:
                _, self._bearers[key] = token_create(actor=self.actor(name), name="test", scopes=scopes, days=7)
        return f"Bearer {self._bearers[key]}"


def person_make(name: str, **fields: object) -> User:
    """A person with a confirmed address who can sign in with :data:`PASSWORD`."""
    user = User(email=f"{name.replace('_', '-')}@example.test", name=name.replace("_", " ").capitalize(), **fields)
    user.password = _hashed()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


_password: list[str] = []


def _hashed() -> str:
    """The hash of :data:`PASSWORD`, made once: argon2 takes its time by design."""
    if not _password:
        user = User()
        user.set_password(PASSWORD)
        _password.append(user.password)
    return _password[0]


def programs_make() -> dict[str, Program]:
    """Both programs, through the real engine, open and by approval."""
    curriculum_apply(actor=Actor.system(), incoming=Incoming(read_tree(DATA), "cast"))
    modes = {"north": Program.EnrolmentMode.OPEN, "south": Program.EnrolmentMode.APPROVAL}
    for slug, mode in modes.items():
        Program.objects.filter(slug=slug).update(enrolment_mode=mode, published_at=timezone.now())
    return {program.slug: program for program in Program.objects.all()}


def cast_make() -> Cast:
    """Everybody, with their rights and enrolments."""
    programs = programs_make()
    north, south = programs["north"], programs["south"]
    cohort = Cohort.objects.create(program=north, slug="one", title="Cohort one")
    other = Cohort.objects.create(program=north, slug="two", title="Cohort two")
    south_cohort = Cohort.objects.create(program=south, slug="one", title="South one")
    people = {name: person_make(name) for name in PEOPLE}
    system = Actor.system()
    enrolments = {
        name: enrolment_start(actor=system, learner=people[name], program=north, cohort=place)
        for name, place in (
            ("learner", cohort),
            ("classmate", cohort),
            ("peer_reviewer", other),
            ("paused", cohort),
            ("withdrawn", cohort),
        )
    }
    enrolments["paused"] = enrolment_pause(actor=system, enrolment=enrolments["paused"])
    enrolments["withdrawn"] = enrolment_withdraw(actor=system, enrolment=enrolments["withdrawn"])
    StaffRight.objects.bulk_create(
        [
            StaffRight(person=people["instructor"], role="instructor", cohort=cohort),
            StaffRight(person=people["other_instructor"], role="instructor", cohort=other),
            StaffRight(person=people["program_admin"], role="admin", program=north),
            StaffRight(person=people["other_program_admin"], role="admin", program=south),
            StaffRight(person=people["site_admin"], role="admin"),
        ]
    )
    client, secret = client_create(
        actor=system, name="Limited", scopes=CLIENT_SCOPES, limited=True, program_ids=[north.pk]
    )
    return Cast(north, south, cohort, other, south_cohort, people, enrolments, client, secret)


@pytest.fixture
def cast(db: None) -> Cast:
    """The whole cast, fresh for this test."""
    return cast_make()


@pytest.fixture
def south_request(cast: Cast) -> Enrolment:
    """A stranger's request to join *south*, waiting for a decision."""
    return enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.south)
