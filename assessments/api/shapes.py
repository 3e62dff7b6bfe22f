"""What the operations on attempts take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assessments.models import Attempt
from assessments.selectors import AttemptPage, QuestionOnPage
from waymark.core.api import StrictSerializer
from waymark.core.exact import plain

MOST = 2**31 - 1


class ChoiceShape(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="The letter by which this attempt knows the option.")
    text = serializers.CharField(help_text="Markdown.")


class RowShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="Markdown.")


class QuestionShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    type = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    stem = serializers.CharField(help_text="Markdown; gaps to fill are lettered.")
    points = serializers.CharField(help_text="Decimal.")
    bonus = serializers.BooleanField()
    hint = serializers.CharField(allow_blank=True)
    widget = serializers.ChoiceField(
        choices=["radio", "checkbox", "text", "number", "places", "pairs", "blanks"],
        help_text="Shape of the answer: a letter (true_false: a boolean), a list of letters, a text, a number as text, "
        "or an object from the letter of each row to its place, letter or text.",
    )
    choices = ChoiceShape(many=True)
    rows = RowShape(many=True)
    unit = serializers.CharField(allow_blank=True)
    value = serializers.JSONField(allow_null=True, help_text="The answer as it stands; null while there is none.")
    version = serializers.IntegerField(help_text="How often it was saved; send it with the next save.")
    saved_at = serializers.DateTimeField(allow_null=True)


class SectionShape(serializers.Serializer[Any]):
    first = serializers.IntegerField(help_text="Number of the question that it begins with.")
    title = serializers.CharField(allow_blank=True, help_text="Empty where the quiz's sections have ended.")
    text = serializers.CharField(allow_blank=True, help_text="Markdown.")


class AttemptShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    enrolment = serializers.UUIDField()
    program = serializers.CharField(help_text="Slug.")
    activity = serializers.CharField(help_text="Path, such as MOD-101/quiz.")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Attempt.State.values)
    started_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True, help_text="The deadline with its grace.")
    handed_in_at = serializers.DateTimeField(allow_null=True)
    closed_by_system = serializers.BooleanField()
    now = serializers.DateTimeField(help_text="The clock that the deadline is counted by.")
    sections = SectionShape(many=True)
    questions = QuestionShape(many=True)


class AnswerInput(StrictSerializer):
    value = serializers.JSONField(allow_null=True, help_text="In the shape of the question's widget; null clears it.")
    version = serializers.IntegerField(min_value=0, max_value=MOST, help_text="The version that this answer follows.")


class AnswerShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    value = serializers.JSONField(allow_null=True)
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)
    answered = serializers.BooleanField()
    remark = serializers.CharField(
        allow_blank=True, help_text="How the answer was read, for a person; never whether it is right."
    )


class ConflictShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    saved = serializers.JSONField(allow_null=True, help_text="The answer that stands.")
    sent = serializers.JSONField(allow_null=True, help_text="The answer that was refused.")
    version = serializers.IntegerField(help_text="Of the answer that stands; send it to overwrite.")
    saved_at = serializers.DateTimeField(allow_null=True)


class FaultShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)
    hint = serializers.CharField(allow_blank=True)


class AnswerRefusedShape(serializers.Serializer[Any]):
    """``response_conflict`` brings both answers; ``attempt_closed`` has no ``conflict``."""

    type = serializers.CharField()
    errors = FaultShape(many=True)  # type: ignore[assignment]
    conflict = ConflictShape(required=False)


class NothingInput(StrictSerializer):
    """An empty object."""


def attempt_answer(page: AttemptPage) -> dict[str, Any]:
    """The body for one attempt."""
    attempt = page.attempt
    return {
        "id": attempt.uuid,
        "enrolment": attempt.enrolment.uuid,
        "program": attempt.enrolment.program.slug,
        "activity": attempt.quiz.activity.path,
        "number": attempt.number,
        "state": attempt.state,
        "started_at": attempt.started_at,
        "deadline_at": attempt.deadline_at,
        "closes_at": attempt.closes_at,
        "handed_in_at": attempt.handed_in_at,
        "closed_by_system": attempt.closed_by_system,
        "now": page.now,
        "sections": [
            {"first": each.number, "title": each.opens.title, "text": each.opens.text}
            for each in page.questions
            if each.opens is not None
        ],
        "questions": [_question(question) for question in page.questions],
    }


def _question(question: QuestionOnPage) -> dict[str, Any]:
    control = question.control
    return {
        "number": question.number,
        "type": question.type,
        "title": question.title,
        "stem": control.stem,
        "points": plain(question.points),
        "bonus": question.bonus,
        "hint": question.hint,
        "widget": control.widget,
        "choices": [{"key": choice.key, "text": choice.text} for choice in control.choices],
        "rows": [{"key": row.key, "text": row.text} for row in control.rows],
        "unit": control.unit,
        "value": control.value,
        "version": question.version,
        "saved_at": question.saved_at,
    }
