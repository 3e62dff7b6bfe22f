"""A lab that is checked, as its learner sees it: work so far, rules, hand-ins, and whether one more is taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from assessments.curriculum.checks import BY_PEOPLE
from assessments.markers import PLACE, marker_of
from assessments.models import Check, Fetch, Submission
from assessments.policy import attempt_rules
from assessments.selectors.submissions import submissions_of
from assessments.services.submitting import hand_in_refusal, lab_of
from assessments.submissions.blobs import BLOBS
from assessments.submissions.difference import text_of
from assessments.submissions.limits import INTAKE, Intake
from courses.models import Enrolment
from grading.checks.kinds.gpu_script import KIND as GPU
from grading.services.solutions import SolutionState, solution_state
from waymark.core.errors import DomainError
from waymark.dashboard.selectors.hand_ins import HandInLine, fetch_shown, hand_in_lines

MOST_EDITED = 5
"""Files that are edited on the page; with more, only files and archives are taken."""
LONGEST_EDITED = 50_000
"""Bytes of a file."""


@dataclass(frozen=True, slots=True)
class EditedFile:
    name: str
    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class CheckLine:
    title: str
    points: Decimal
    hidden: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """:param how: where the marker goes, in the author's words."""

    title: str
    file: str
    how: str


@dataclass(frozen=True, slots=True)
class LabCard:
    """:param files: what can be edited on the page: the last hand-in, else what the lab begins with.
    :param gpu: it is checked on machines with a GPU.
    :param people: staff look at what is handed in.
    :param fetch: the newest commit, while it is fetched and when it could not be.
    :param marker: what the learner's evidence has to bear; empty where no check asks for evidence.
    """

    files: tuple[EditedFile, ...]
    checks: tuple[CheckLine, ...]
    marker: str
    evidence: tuple[EvidenceLine, ...]
    gpu: bool
    people: bool
    passing_percent: str
    limit: int | None
    left: int | None
    earlier: int
    refusal: DomainError | None
    fetch: Fetch | None
    lines: tuple[HandInLine, ...]
    intake: Intake
    hand_in_url: str
    starter_url: str
    bundle_url: str
    solution: SolutionState | None
    solution_url: str


def lab_card(enrolment: Enrolment, activity_id: int, typed: dict[str, str] | None = None) -> LabCard | None:
    """The card of one lab for one enrolment, None when nothing checks it; a fixed number of queries.

    :param typed: what was typed and not taken, which stays on the page.
    """
    lab = lab_of(enrolment, activity_id)
    checks = list(Check.objects.current().filter(lab=lab).order_by("position", "pk"))
    if not checks:
        return None
    rules = attempt_rules(enrolment, lab.activity)
    submissions = list(submissions_of(enrolment, activity_id))
    starter = list(lab.starter_files.order_by("position").values_list("path", "content"))
    files = typed if typed is not None else _work_so_far(submissions, dict(starter))
    marker = marker_of(enrolment.uuid, lab.pk)
    evidence = tuple(_evidence(each, marker) for each in checks if each.type == "evidence")
    address = [enrolment.program.slug, lab.activity.path]
    left = rules.left(sum(each.pk not in rules.cancelled for each in submissions))
    return LabCard(
        files=tuple(EditedFile(name, text, min(40, max(8, text.count("\n") + 3))) for name, text in files.items()),
        checks=tuple(CheckLine(each.title, each.points, each.hidden) for each in checks),
        marker=marker if evidence else "",
        evidence=evidence,
        gpu=any(each.type == GPU.name for each in checks),
        people=any(each.type in BY_PEOPLE for each in checks),
        passing_percent=rules.passing_percent,
        limit=rules.limit,
        left=left,
        earlier=rules.earlier,
        refusal=hand_in_refusal(enrolment, lab.activity, rules, timezone.now()),
        fetch=fetch_shown(enrolment, activity_id, submissions),
        lines=hand_in_lines(enrolment, activity_id, submissions),
        intake=INTAKE,
        hand_in_url=reverse("hand_in", args=address),
        starter_url=reverse("starter", args=address) if starter else "",
        bundle_url=reverse("bundle", args=address),
        solution=solution_state(enrolment, lab, left=left),
        solution_url=reverse("solution", args=address),
    )


def _evidence(check: Check, marker: str) -> EvidenceLine:
    """What a learner has to know of a check of evidence, hidden or not; a spec that cannot be used says nothing."""
    stated = check.spec.get("marker")
    how = str(stated.get("how", "")) if isinstance(stated, dict) else ""
    return EvidenceLine(check.title, str(check.spec.get("file", "")), how.replace(PLACE, marker))


def _work_so_far(submissions: list[Submission], starter: dict[str, str]) -> dict[str, str]:
    """Text files to go on with, or nothing where they are too many, too long or no text."""
    contents = starter
    if submissions:
        files = submissions[0].files.order_by("name").values_list("name", "blob_id", "blob__size")[: MOST_EDITED + 1]
        if len(files) > MOST_EDITED or any(size > LONGEST_EDITED for _name, _digest, size in files):
            return {}
        texts = {name: text_of(BLOBS.read(digest)) for name, digest, _size in files}
        if None in texts.values():
            return {}
        contents = {name: text or "" for name, text in texts.items()}
    if len(contents) > MOST_EDITED or any(len(text.encode()) > LONGEST_EDITED for text in contents.values()):
        return {}
    return contents
