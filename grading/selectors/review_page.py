"""A review as its page shows it: the work on one side, the rubric with what is given on the other."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from assessments.models import Review, Submission, SubmissionFile
from assessments.selectors.reviews import Marked, marks_of, review_standing
from assessments.selectors.submissions import submissions_of
from assessments.submissions.blobs import BLOBS
from assessments.submissions.difference import MOST_LINES, text_of
from grading.graders.review import totals
from waymark.core.exact import plain

MOST_FILES: Final = 30
"""Shown in full on the page; further ones are links."""
LARGEST: Final = 100_000
"""Bytes of a file that is shown; larger ones are links."""
SHOWN_TOGETHER: Final = 600_000
"""Bytes of all files that are shown."""


# -- the rubric ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LevelLine:
    """:param number: from 1, the lowest first: the key that chooses it."""

    number: int
    label: str
    text: str
    points: str
    chosen: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """:param levels: the best first, as rubrics are read.
    :param own: the points are not those of a level.
    :param points: as typed, empty while it is open.
    """

    key: int
    title: str
    text: str
    out_of: Fraction
    minimum: Fraction | None
    bonus: bool
    is_open: bool
    points: str
    level: LevelLine | None
    levels: tuple[LevelLine, ...]
    own: bool
    comment: str
    checklist: tuple[str, ...]

    @property
    def levels_rising(self) -> tuple[LevelLine, ...]:
        return self.levels[::-1]


def criterion_line(mark: Marked) -> CriterionLine:
    body = mark.body
    rising = sorted(enumerate(body.get("levels", ())), key=lambda each: Fraction(each[1]["points"]))
    levels = [
        LevelLine(
            number, level.get("label") or "", level.get("text", ""), plain(Fraction(level["points"])),
            chosen=place == mark.level, exact=mark.points == Fraction(level["points"]) and place == mark.level,
        )
        for number, (place, level) in enumerate(rising, 1)
    ]  # fmt: skip
    return CriterionLine(
        key=mark.criterion_id,
        title=body["title"],
        text=body.get("text", ""),
        out_of=mark.out_of,
        minimum=None if body.get("minimum") is None else Fraction(body["minimum"]),
        bonus=mark.is_bonus,
        is_open=mark.is_open,
        points="" if mark.points is None else plain(mark.points),
        level=next((each for each in levels if each.chosen), None),
        levels=tuple(reversed(levels)),
        own=mark.points is not None and not any(each.exact for each in levels),
        comment=mark.comment,
        checklist=tuple(body.get("checklist", ())),
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """What was given so far, of how much, and how many criteria are open."""

    given: Fraction
    full: Fraction
    open: int


def sum_of(marks: Sequence[Marked]) -> Sum:
    given, full = totals(marks)
    return Sum(given, full, sum(each.is_open for each in marks))


# -- the work -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FileLine:
    number: int
    text: str
    added: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """:param lines: None where it is no text, or too much: a link instead.
    :param prose: of a Markdown file its source, to be shown as it reads.
    :param added, removed: lines, compared with the hand-in before; ``new`` files have none.
    """

    name: str
    size: int
    lines: tuple[FileLine, ...] | None
    prose: str
    new: bool
    added: int
    removed: int


def files_shown(submission: Submission, before: Submission | None) -> list[FileShown]:
    """Every file of a hand-in, with what changed since the one before it."""
    files = list(submission.files.select_related("blob").order_by("name"))
    earlier = {each.name: each for each in before.files.select_related("blob")} if before else {}
    shown, budget = [], SHOWN_TOGETHER
    for place, file in enumerate(files):
        fits = place < MOST_FILES and file.blob.size <= min(LARGEST, budget)
        budget -= file.blob.size if fits else 0
        shown.append(_file(file, earlier.get(file.name), known=before is not None, fits=fits))
    return shown


def _file(file: SubmissionFile, earlier: SubmissionFile | None, *, known: bool, fits: bool) -> FileShown:
    new = known and earlier is None
    text = text_of(BLOBS.read(file.blob_id)) if fits else None
    if text is None:
        return FileShown(file.name, file.blob.size, None, "", new, 0, 0)
    lines = text.splitlines()
    added, removed = _changes(earlier, file, lines)
    prose = text if file.name.lower().endswith((".md", ".markdown")) else ""
    numbered = tuple(FileLine(number, line, number in added) for number, line in enumerate(lines, 1))
    return FileShown(file.name, file.blob.size, numbered, prose, new, len(added), removed)


def _changes(earlier: SubmissionFile | None, file: SubmissionFile, lines: list[str]) -> tuple[frozenset[int], int]:
    """Numbers of lines that are new since *earlier*, and how many of its lines went."""
    if earlier is None or earlier.blob_id == file.blob_id or earlier.blob.size > LARGEST:
        return frozenset(), 0
    old = text_of(BLOBS.read(earlier.blob_id))
    if old is None or max(len(lines), old.count("\n")) > MOST_LINES:
        return frozenset(), 0
    added: set[int] = set()
    removed = 0
    matcher = difflib.SequenceMatcher(None, old.splitlines(), lines, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag != "equal":
            added.update(range(new_from + 1, new_to + 1))
            removed += old_to - old_from
    return frozenset(added), removed


# -- what the learner reads ------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ReviewShown:
    """A released review, as far as the policy shows it.

    :param criteria: empty where only the total is shown.
    :param reason: why it was corrected.
    """

    reviewer: str
    at: datetime | None
    comment: str
    reason: str
    criteria: tuple[CriterionLine, ...]
    explained: bool


def review_shown(submission: Submission, what: str) -> ReviewShown | None:
    """The review that stands for a hand-in; None before its release.

    :param what: ``total``, ``points`` or ``explanation``: the last opens comments.
    """
    review = review_standing(submission)
    if review is None:
        return None
    explained = what == "explanation"
    return ReviewShown(
        reviewer=review.reviewer.display_name,
        at=review.released_at,
        comment=review.comment if explained else "",
        reason=review.reason_for_learner,
        criteria=tuple(criterion_line(each) for each in marks_of(review)) if what != "total" else (),
        explained=explained,
    )


def page_of(review: Review) -> dict[str, Any]:
    """What the page of a review is made of; a number of queries that does not grow with the rubric."""
    submission = review.submission
    marks = marks_of(review)
    before = submissions_of(submission.enrolment, submission.activity_id).filter(number__lt=submission.number).first()
    return {
        "criteria": [criterion_line(each) for each in marks],
        "sum": sum_of(marks),
        "files": files_shown(submission, before),
        "before": before,
    }
