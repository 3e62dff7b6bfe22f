"""Attempts as pages and clients show them; nothing here holds a solution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from assessments.clock import attempt_is_closed
from assessments.models import Attempt, AttemptQuestion
from assessments.questions import Control, control_of, is_answered, question_type, remark_on
from assessments.selectors.marks import decimal_mark_of
from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class QuestionOnPage:
    """A question to answer. ``value`` stands in the learner's letters; ``control`` has it filled in."""

    number: int
    type: str
    label: str
    title: str
    stem: str
    points: Decimal
    bonus: bool
    hint: str
    control: Control
    answered: bool
    remark: str
    version: int
    saved_at: datetime | None

    @property
    def value(self) -> Any:
        return self.control.value

    @property
    def field(self) -> str:
        """Name of its form field; questions with several places add a dot and a letter."""
        return f"q{self.number}"


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """An attempt at one instant."""

    attempt: Attempt
    now: datetime
    is_closed: bool
    questions: tuple[QuestionOnPage, ...]

    @property
    def unanswered(self) -> list[QuestionOnPage]:
        return [question for question in self.questions if not question.answered]

    @property
    def answered_count(self) -> int:
        return len(self.questions) - len(self.unanswered)

    @property
    def saved_at(self) -> datetime | None:
        """When something was saved last."""
        return max((question.saved_at for question in self.questions if question.saved_at), default=None)

    @property
    def seconds_left(self) -> int | None:
        """Whole seconds up to the deadline, not below 0; None without one."""
        if self.attempt.deadline_at is None:
            return None
        return max(0, int((self.attempt.deadline_at - self.now).total_seconds()))


def attempt_page(attempt: Attempt, now: datetime) -> AttemptPage:
    """*attempt* with its questions, in one query; its enrolment and program should be loaded."""
    mark = decimal_mark_of(attempt.enrolment.program.language)
    asked = AttemptQuestion.objects.filter(attempt=attempt).select_related("revision", "response")
    return AttemptPage(
        attempt=attempt,
        now=now,
        is_closed=attempt_is_closed(attempt, now),
        questions=tuple(_on_page(each, mark) for each in asked.order_by("position")),
    )


def _on_page(asked: AttemptQuestion, mark: Any) -> QuestionOnPage:
    body, response = asked.revision.body, asked.response
    kind = body["type"]
    control = control_of(kind, body, response.value, asked.order)
    return QuestionOnPage(
        number=asked.position,
        type=kind,
        label=question_type(kind).label,
        title=body.get("title") or "",
        stem=control.stem,
        points=Decimal(body.get("points", 1)),
        bonus=bool(body.get("bonus", False)),
        hint=body.get("hint", ""),
        control=control,
        answered=is_answered(response.value),
        remark=remark_on(kind, body, response.value, decimal_mark=mark),
        version=response.version,
        saved_at=response.saved_at,
    )


def attempts_of(enrolment: Enrolment, *activity_ids: int) -> QuerySet[Attempt]:
    """The attempts of an enrolment, newest first; only those at *activity_ids*, if any are given."""
    rows = Attempt.objects.filter(enrolment=enrolment).order_by("-started_at", "-pk")
    return rows.filter(quiz_id__in=activity_ids) if activity_ids else rows
