"""A small program with a project that is scored on a rubric, and people who review it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from assessments.models import Criterion, Review, Submission
from assessments.services.submitting import HandedIn, submission_create
from assessments.submissions.intake import Work
from courses.models import Activity, Enrolment, Program, StaffRight
from grading.services.review_drafts import MarkSent, ReviewSent, review_begin
from grading.services.review_release import review_release
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import CATALOG, JUNIOR
from waymark.accounts.models import User
from waymark.core.actors import Actor

PROJECT = """
    kind: project
    id: PROJ-01
    title: A service
    summary: Build one.
    points: 50
    deliverables: [{text: Code}, {text: Report}]
    rubric:
      title: Rubric of the service
      criteria:
        - id: works
          title: It works
          text: As a stranger would try it.
          points: 60
          levels:
            - {points: 60, label: Always}
            - {points: 40, label: Mostly}
            - {points: 0, label: Never}
          checklist: [Starts by one command]
        - id: tests
          title: Tests
          points: 40
        - id: polish
          title: Polish
          points: 10
          bonus: true
"""
PROGRAM = JUNIOR["junior/program.yaml"]


def tree(project: str = PROJECT, **files: str) -> dict[str, str]:
    return {
        "catalog/all.yaml": CATALOG,
        "junior/role.yaml": JUNIOR["junior/role.yaml"],
        "junior/program.yaml": PROGRAM,
        "junior/proj-01.yaml": project,
        **files,
    }


def released(root: Path, project: str = PROJECT, **files: str) -> Program:
    release_tree(write_tree(root, tree(project, **files)))
    return Program.objects.get(slug="junior")


def project_of(program: Program) -> Activity:
    return Activity.objects.get(program=program, path="PROJ-01")


def hand_in(enrolment: Enrolment, data: bytes = b"print('served')\n") -> HandedIn:
    return submission_create(
        actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=project_of(enrolment.program),
        work=Work({"app/main.py": data, "README.md": b"# A service\n\nRun `make up`.\n"}),
        source=Submission.Source.FILES,
    )  # fmt: skip


def reviewer(program: Program, address: str = "instructor@demo.test") -> User:
    person = User.objects.create_user(address)
    StaffRight.objects.create(person=person, role="admin", program=program)
    return person


def sent(version: int, comment: str = "", **points: str | None) -> ReviewSent:
    """Points by the last part of a criterion's id; an empty comment for each."""
    keys = {path.rpartition("/")[2]: key for key, path in Criterion.objects.values_list("pk", "entity__path")}
    marks: Mapping[int, MarkSent] = {
        keys[name]: MarkSent(None if value is None else Decimal(value)) for name, value in points.items()
    }
    return ReviewSent(version, marks, comment)


def reviewed(person: User, submission: Submission, **points: str | None) -> Review:
    """Begun and released in one go."""
    review = review_begin(actor=Actor.person(person.pk), submission=submission)
    return review_release(actor=Actor.person(person.pk), review=review, sent=sent(review.version, **points))
