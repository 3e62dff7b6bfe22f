"""What a learner reads before a quiz: its size, its rules, the attempts made, and whether one may start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from assessments.policy import attempt_rules
from assessments.selectors.attempts import attempts_of
from assessments.selectors.quizzes import quiz_size
from assessments.services.starting import quiz_of, start_refusal
from courses.models import Enrolment
from grading.selectors.standing import scores_of
from waymark.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class AttemptLine:
    number: int
    state: str
    figure: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class QuizCard:
    questions: int
    minutes: int | None
    passing_percent: str
    limit: int | None
    left: int | None
    earlier: int
    explained: str
    advice: str
    under_way: str
    refusal: DomainError | None
    lines: tuple[AttemptLine, ...]
    start_url: str


def quiz_card(enrolment: Enrolment, activity_id: int) -> QuizCard:
    """The card of one quiz for one enrolment; a fixed number of queries."""
    quiz = quiz_of(enrolment, activity_id)
    rules = attempt_rules(enrolment, quiz.activity)
    attempts = list(attempts_of(enrolment, activity_id))
    scores = scores_of(enrolment, activity_id)
    open_one = next((attempt for attempt in attempts if attempt.state == "open"), None)
    refusal = None if open_one else start_refusal(enrolment, quiz, rules, timezone.now())
    made = len(attempts) + rules.earlier - rules.uncounted
    return QuizCard(
        questions=quiz_size(quiz),
        minutes=quiz.time_limit_minutes,
        passing_percent=rules.passing_percent,
        limit=rules.limit,
        left=None if rules.limit is None else max(0, rules.limit - made),
        earlier=rules.earlier,
        explained=rules.explained,
        advice=quiz.advice if quiz.advice_only else "",
        under_way=open_one.get_absolute_url() if open_one else "",
        refusal=refusal,
        lines=tuple(
            AttemptLine(
                attempt.number,
                "done" if attempt.number in scores else "waiting",
                scores.get(attempt.number, ""),
                attempt.handed_in_at or attempt.started_at,
                reverse("grading:attempt-result", args=[attempt.uuid]),
            )
            for attempt in attempts
            if attempt.state != "open"
        ),
        start_url=reverse("assessments:start", args=[enrolment.program.slug, quiz.activity.path]),
    )
