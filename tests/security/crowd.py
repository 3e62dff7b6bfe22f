"""A crowd around the cast: the same kinds of rows many times over, made in sets."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from allauth.account.models import EmailAddress
from django.utils import timezone

from courses.models import Enrolment, ImportJob, Invitation, Release, StaffRight
from grading.models import Progress
from tests.cast import Cast
from waymark.accounts.models import User
from waymark.accounts.services.tokens import client_create, token_create
from waymark.core.models import AuditEntry, WorkerHeartbeat

_numbers = count(1)


def crowd_grow(cast: Cast, people: int) -> None:
    """Add *people* learners to the cohort of *north*, as many requests for *south*, invitations and staff.

    Of what needs hashing or a secret (tokens, clients) there are a few more.
    """
    first = next(_numbers) * 1000
    users = User.objects.bulk_create(
        User(email=f"crowd-{first + place}@example.test", name=f"Crowd {first + place}", password="!")
        for place in range(people)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    now = timezone.now()
    policy = cast.enrolments["learner"].policy_revision
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            learner=user, program=cast.north, cohort=cast.cohort, state="active", started_at=now, policy_revision=policy
        )
        for user in users
    )
    _progress(cast, enrolments)
    Enrolment.objects.bulk_create(Enrolment(learner=user, program=cast.south, state="requested") for user in users)
    Invitation.objects.bulk_create(
        Invitation(
            email=f"invited-{user.pk}@example.test", program=cast.north, cohort=cast.cohort,
            invited_by=cast.instructor, expires_at=now + timedelta(days=7),
        )
        for user in users
    )  # fmt: skip
    StaffRight.objects.bulk_create(
        StaffRight(person=user, role="instructor", cohort=cast.other_cohort) for user in users
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(actor_label="system", person=user, action="crowd.grown", subject=f"person:{user.pk}")
        for user in users
    )
    ImportJob.objects.bulk_create(
        ImportJob(
            person=cast.program_admin, given="files", name=f"{first}.zip", arguments=["a.zip"], programs=["north"],
            state="failed", problem="broke_down",
        )
        for _ in range(people)
    )  # fmt: skip
    Release.objects.bulk_create(
        Release(program=cast.north, number=first + number, digest="0" * 64, made_by=cast.program_admin)
        for number in range(people)
    )
    for number in range(3):
        token_create(actor=cast.actor("learner"), name=f"t{first + number}", scopes=["me"], days=7)
        client_create(
            actor=cast.actor("site_admin"), name=f"Client {first + number}", scopes=["grades:read"], limited=False
        )
    WorkerHeartbeat.objects.bulk_create(
        WorkerHeartbeat(name=f"worker-{first + number}", queues="default", seen_at=now, started_at=now)
        for number in range(3)
    )


def _progress(cast: Cast, enrolments: list[Enrolment]) -> None:
    """Standings like the learner's own, for everybody."""
    like = Progress.objects.filter(enrolment=cast.enrolments["learner"]).first()
    if like is None:
        return
    rows = []
    for enrolment in enrolments:
        row = Progress(**{field.attname: getattr(like, field.attname) for field in Progress._meta.concrete_fields})
        row.pk, row.enrolment_id = None, enrolment.pk
        rows.append(row)
    Progress.objects.bulk_create(rows)
