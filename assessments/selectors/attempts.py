"""Attempts as pages and clients show them; nothing here holds a solution."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Attempt, AttemptQuestion
from assessments.questions import (
    Control,
    InvalidResponse,
    control_of,
    is_answered,
    normalise_response,
    question_type,
    remark_on,
)
from assessments.questions.base import DecimalMark
from assessments.selectors.marks import decimal_mark_of
from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question of an attempt at its pinned revision, with the response as it stands."""

    number: int
    section: int | None
    type: str
    body: dict[str, Any]
    order: list[str]
    value: Any
    version: int
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class SectionShown:
    """What stands above the first question of a section; ``title`` is empty where the quiz's sections have ended."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionOnPage:
    """A question to answer; nothing in it says what is right.

    ``opens`` is the section that begins with it. ``control`` is filled with what stands,
    or with what was typed where that could not be saved; ``saved`` is what stands, in the
    learner's letters.
    """

    number: int
    opens: SectionShown | None
    type: str
    label: str
    title: str
    points: Decimal
    bonus: bool
    hint: str
    control: Control
    saved: Control
    remark: str
    version: int
    saved_at: datetime | None
    answered: bool

    @property
    def unreadable(self) -> bool:
        """Something was saved, and it is no answer yet."""
        return not self.answered and self.saved.value is not None

    @property
    def field(self) -> str:
        """Name of its form field; questions with several places add a dot and a letter."""
        return f"q{self.number}"

    @property
    def known(self) -> str:
        """What stands, as JSON: the form sends it back, so that untouched answers are told apart."""
        return json.dumps(self.saved.value)

    @property
    def template(self) -> str:
        return f"assessments/controls/_{self.control.widget}.html"


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """An attempt at one instant."""

    attempt: Attempt
    now: datetime
    questions: tuple[QuestionOnPage, ...]

    @property
    def unanswered(self) -> list[QuestionOnPage]:
        return [question for question in self.questions if not question.answered]

    @property
    def answered_count(self) -> int:
        return len(self.questions) - len(self.unanswered)

    @property
    def points(self) -> Decimal:
        """What the questions are worth together, bonus left out."""
        return sum((question.points for question in self.questions if not question.bonus), Decimal(0))

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


def questions_asked(attempt: Attempt) -> list[QuestionAsked]:
    """The questions of *attempt* in its order; one query."""
    asked = AttemptQuestion.objects.filter(attempt=attempt).select_related("revision", "response")
    return [
        QuestionAsked(
            number=each.position,
            section=each.section,
            type=each.revision.body["type"],
            body=each.revision.body,
            order=list(each.order),
            value=each.response.value,
            version=each.response.version,
            saved_at=each.response.saved_at,
        )
        for each in asked.order_by("position")
    ]


def attempt_page(attempt: Attempt, now: datetime, *, typed: Mapping[int, Any] | None = None) -> AttemptPage:
    """*attempt* with its questions, in one query; its enrolment, program and revision should be loaded.

    :param typed: number -> public value that could not be saved and is shown in
        place of what stands: a form never loses what was typed.
    """
    mark = decimal_mark_of(attempt.enrolment.program.language)
    typed = typed or {}
    asked = questions_asked(attempt)
    opened = sections_opened(attempt, ((each.number, each.section) for each in asked))
    return AttemptPage(
        attempt=attempt,
        now=now,
        questions=tuple(_on_page(each, opened.get(each.number), mark, typed) for each in asked),
    )


def sections_opened(attempt: Attempt, standing: Iterable[tuple[int, int | None]]) -> dict[int, SectionShown]:
    """Number of a question -> the section that it begins, of *attempt* at its pinned revision.

    :param standing: number and section of its questions, in order.
    """
    opened: dict[int, SectionShown] = {}
    before: int | None = None
    for number, section in standing:
        if section != before and section is not None:
            said = attempt.revision.body["sections"][section]
            opened[number] = SectionShown(said.get("title") or "", said.get("text") or "")
        before = section
    return opened


def _on_page(
    asked: QuestionAsked, opens: SectionShown | None, mark: DecimalMark, typed: Mapping[int, Any]
) -> QuestionOnPage:
    body = asked.body
    saved = control_of(asked.type, body, asked.value, asked.order)
    return QuestionOnPage(
        number=asked.number,
        opens=opens,
        type=asked.type,
        label=_(question_type(asked.type).label),
        title=body.get("title") or "",
        points=Decimal(body.get("points", 1)),
        bonus=bool(body.get("bonus", False)),
        hint=body.get("hint", ""),
        control=_typed_control(asked, saved, typed[asked.number]) if asked.number in typed else saved,
        saved=saved,
        remark=remark_on(asked.type, body, asked.value, decimal_mark=mark),
        version=asked.version,
        saved_at=asked.saved_at,
        answered=is_answered(asked.type, body, asked.value, decimal_mark=mark),
    )


def _typed_control(asked: QuestionAsked, saved: Control, public: Any) -> Control:
    try:
        value = normalise_response(asked.type, asked.body, public, asked.order)
    except InvalidResponse:
        return replace(saved, value=public) if isinstance(public, str) else saved
    return control_of(asked.type, asked.body, value, asked.order)


def attempts_of(enrolment: Enrolment, *activity_ids: int) -> QuerySet[Attempt]:
    """The attempts of an enrolment, newest first; only those at *activity_ids*, if any are given."""
    rows = Attempt.objects.filter(enrolment=enrolment).order_by("-started_at", "-pk")
    return rows.filter(quiz_id__in=activity_ids) if activity_ids else rows
