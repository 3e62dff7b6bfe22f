"""What a grader gets: everything about a handed-in attempt, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from assessments.models import Attempt, AttemptQuestion
from assessments.questions import Review, order_left, review_question
from assessments.questions.base import DecimalMark
from assessments.selectors.marks import decimal_mark_of


@dataclass(frozen=True, slots=True)
class QuestionForGrading:
    """One question at its pinned revision, with what was answered.

    :param position: place in the attempt, from 1.
    :param section: place among the sections of the quiz, None for one in none.
    :param revision: hash of the question's revision.
    :param points: what the question is worth on the quiz's own scale.
    :param bonus: counts above the line only.
    :param order: ids of the options as this learner saw them.
    :param response: normalised value; None is unanswered.
    """

    question_id: int
    position: int
    section: int | None
    revision_id: int
    revision: str
    type: str
    points: Fraction
    bonus: bool
    body: dict[str, Any]
    order: list[str]
    response: Any


@dataclass(frozen=True, slots=True)
class AttemptForGrading:
    """A handed-in attempt. Nothing of it changes any more.

    :param points: what the quiz counts for at its pinned revision.
    :param decimal_mark: for ``assessments.questions.grade_question``.
    """

    attempt_id: int
    uuid: UUID
    number: int
    enrolment_id: int
    activity_id: int
    release_id: int
    revision_id: int
    revision: str
    points: Fraction
    advice_only: bool
    decimal_mark: DecimalMark
    started_at: datetime
    deadline_at: datetime | None
    handed_in_at: datetime
    closed_by_system: bool
    questions: tuple[QuestionForGrading, ...]

    def review(self, position: int, *, key: bool, body: Mapping[str, Any] | None = None) -> Review:
        """The question at *position* as it is looked back on; *key*: whether the solution may be shown.

        :param body: the question as it was corrected since, where it was graded by that.
        """
        each = self.questions[position - 1]
        body = each.body if body is None else body
        return review_question(
            each.type, body, each.response, order_left(each.type, body, each.order), key=key,
            decimal_mark=self.decimal_mark,
        )  # fmt: skip


def attempt_for_grading(attempt_id: int) -> AttemptForGrading:
    """The attempt in two queries; ``ValueError`` when it is not handed in yet."""
    attempt = Attempt.objects.select_related("revision", "enrolment__program").get(pk=attempt_id)
    if attempt.handed_in_at is None:
        raise ValueError(f"attempt {attempt.uuid} is still under way")
    body = attempt.revision.body
    asked = AttemptQuestion.objects.filter(attempt=attempt).select_related("revision", "response")
    return AttemptForGrading(
        attempt_id=attempt.pk,
        uuid=attempt.uuid,
        number=attempt.number,
        enrolment_id=attempt.enrolment_id,
        activity_id=attempt.quiz_id,
        release_id=attempt.release_id,
        revision_id=attempt.revision_id,
        revision=attempt.revision.hash,
        points=Fraction(body["points"]),
        advice_only=bool(body.get("advice_only", False)),
        decimal_mark=decimal_mark_of(attempt.enrolment.program.language),
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        handed_in_at=attempt.handed_in_at,
        closed_by_system=attempt.closed_by_system,
        questions=tuple(_question(each) for each in asked.order_by("position")),
    )


def _question(asked: AttemptQuestion) -> QuestionForGrading:
    body = asked.revision.body
    return QuestionForGrading(
        question_id=asked.question_id,
        section=asked.section,
        position=asked.position,
        revision_id=asked.revision_id,
        revision=asked.revision.hash,
        type=body["type"],
        points=Fraction(body.get("points", 1)),
        bonus=bool(body.get("bonus", False)),
        body=body,
        order=list(asked.order),
        response=asked.response.value,
    )
