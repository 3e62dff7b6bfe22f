"""The people of the demo: what ``make up`` shows on the first evening. Never in production."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.models import Cohort, Program
from courses.services.enrolment import enrolment_start
from courses.services.staff import right_grant
from waymark.accounts.demo import DOMAIN
from waymark.accounts.models import ApiClient, User
from waymark.accounts.services.tokens import client_create, client_revoke
from waymark.core.actors import Actor
from waymark.core.errors import Refused

PASSWORD: Final = "waymark-demo"  # noqa: S105 - printed by make up, and refused in production
PROGRAM: Final = "junior-ai-infrastructure-engineer"
COHORT: Final = "demo"
CLIENT_NAME: Final = "Demo client"
CLIENT_SCOPES: Final = ("programs:read", "progress:read", "grades:read", "roster:read")
PEOPLE: Final = {
    "learner": "Demo Learner",
    "classmate": "Demo Classmate",
    "instructor": "Demo Instructor",
    "admin": "Demo Admin",
}


@dataclass(frozen=True, slots=True)
class Demo:
    """What there is to sign in with."""

    addresses: list[str]
    client_id: str
    client_secret: str


def demo_seed(*, data_dir: Path) -> Demo:
    """Make the demo people, their cohort and the demo client, as far as they are missing.

    A second call changes nothing. The curriculum must have been applied
    (``curriculum_missing``, 409); refused in production (``demo_in_production``).
    """
    if settings.PRODUCTION:
        raise Refused("The demo's people cannot exist in production.", code="demo_in_production")
    with transaction.atomic():
        program = Program.objects.filter(slug=PROGRAM).first()
        if program is None:
            raise Refused(
                f"The program {PROGRAM} is not there.", code="curriculum_missing",
                hint="Run manage.py curriculum apply fixtures/ first.",
            )  # fmt: skip
        cohort, first_time = Cohort.objects.get_or_create(
            program=program, slug=COHORT, defaults={"title": "Demo cohort"}
        )
        if first_time:
            _publish()
            program.refresh_from_db()
        system = Actor.system()
        # Only who is new gets something: who was closed, left, or lost a right stays as people left them.
        made = {role: person for role, name in PEOPLE.items() if (person := _new_person(role, name)) is not None}
        for role, person in made.items():
            if role in ("learner", "classmate"):
                enrolment_start(actor=system, learner=person, program=program, cohort=cohort)
        if "instructor" in made:
            right_grant(actor=system, person=made["instructor"], role="instructor", cohort=cohort)
        if "admin" in made:
            right_grant(actor=system, person=made["admin"], role="admin")
    client_id, secret = _client(data_dir / "demo-client.json")
    return Demo([f"{role}@{DOMAIN}" for role in PEOPLE], client_id, secret)


def _publish() -> None:
    fresh = Program.objects.filter(published_at=None, archived_at=None)
    fresh.update(published_at=timezone.now(), enrolment_mode=Program.EnrolmentMode.OPEN)


def _new_person(role: str, name: str) -> User | None:
    """A demo person with a confirmed address; None where somebody has that address already."""
    address = f"{role}@{DOMAIN}"
    if User.objects.filter(email=address).exists() or EmailAddress.objects.filter(email=address).exists():
        return None
    user = User.objects.create_user(address, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def _client(path: Path) -> tuple[str, str]:
    """The demo client and its secret, which only the file holds; without the file a new one is made."""
    try:
        known = json.loads(path.read_text())
        if ApiClient.objects.filter(pk=known["client_id"], revoked_at=None).exists():
            return str(known["client_id"]), str(known["client_secret"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    system = Actor.system()
    for old in ApiClient.objects.filter(client__name=CLIENT_NAME, created_by=None, revoked_at=None):
        client_revoke(actor=system, client=old)
    client, secret = client_create(actor=system, name=CLIENT_NAME, scopes=CLIENT_SCOPES, limited=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"client_id": client.pk, "client_secret": secret}, file)
    return client.pk, secret
