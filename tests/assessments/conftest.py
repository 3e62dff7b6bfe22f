"""A released program with people in it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone as zone

from assessments.models import Attempt
from assessments.services import attempt_start
from courses.models import Activity, Enrolment, Program
from tests.assessments.tree import released
from waymark.accounts.models import User
from waymark.core.actors import Actor

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def program(db: None, tmp_path: Path) -> Program:
    released(tmp_path)
    return Program.objects.get(slug="junior")


def person(address: str) -> User:
    return User.objects.create_user(address)


def enrolled(learner: User, program: Program, state: str = "active") -> Enrolment:
    return Enrolment.objects.create(learner=learner, program=program, state=state, started_at=zone.now())


@pytest.fixture
def enrolment(program: Program) -> Enrolment:
    return enrolled(person("learner@demo.test"), program)


@pytest.fixture
def actor(enrolment: Enrolment) -> Actor:
    return Actor.person(enrolment.learner_id)


def named(secrets: list[str], text: str) -> list[str]:
    """Those of *secrets* that stand in *text* as whole words (a random token may hold one by chance)."""
    return [each for each in secrets if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text)]


Find = Callable[[str], Activity]
Start = Callable[..., Attempt]


@pytest.fixture
def quiz(program: Program) -> Find:
    """The activity of a quiz of MOD-001, by its id."""
    return lambda key: Activity.objects.get(program=program, path=f"MOD-001/{key}")


@pytest.fixture
def start(enrolment: Enrolment, actor: Actor, quiz: Find) -> Start:
    """Start (or return) the learner's attempt at a quiz of MOD-001."""
    return lambda key="quiz", now=NOON: attempt_start(actor=actor, enrolment=enrolment, activity=quiz(key), now=now)
