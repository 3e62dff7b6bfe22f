"""A project, its learner, somebody who reviews it, and a hand-in that waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.models import Submission
from courses.models import Enrolment, Program
from tests.grading import labs, projects
from waymark.accounts.models import User


@pytest.fixture
def program(tmp_path: Path, rung: list[str]) -> Program:
    return projects.released(tmp_path / "tree")


@pytest.fixture
def enrolment(program: Program) -> Enrolment:
    return labs.enrolled(program)


@pytest.fixture
def person(program: Program) -> User:
    return projects.reviewer(program)


@pytest.fixture
def submission(enrolment: Enrolment) -> Submission:
    return projects.hand_in(enrolment).submission
