"""Everything of *assessments*, to look at. Responses are not shown: they are the learner's own."""

from django.apps import apps
from django.contrib import admin
from django.db import models

from assessments.models import Attempt, AttemptQuestion, Check, Criterion, Question, Quiz, Response
from waymark.core.admin import ReadOnlyAdmin

LISTED: dict[type[models.Model], tuple[str, ...]] = {
    Quiz: ("activity_id", "time_limit_minutes", "shuffle_questions", "advice_only"),
    Question: ("__str__", "quiz_id", "type", "points", "pool"),
    Check: ("title", "lab_id", "type", "points", "hidden"),
    Criterion: ("title", "rubric_id", "points", "bonus", "minimum"),
    Attempt: ("uuid", "enrolment_id", "quiz_id", "number", "state", "started_at", "handed_in_at"),
    AttemptQuestion: ("attempt_id", "position", "question_id", "revision_id"),
}
SEARCHED: dict[type[models.Model], tuple[str, ...]] = {Question: ("stem", "title"), Attempt: ("uuid",)}
HIDDEN = {Response}


def register(model: type[models.Model]) -> None:
    """Register one model read-only, with its columns of :data:`LISTED` or its text."""
    options = {
        "list_display": LISTED.get(model, ("pk", "__str__")),
        "search_fields": SEARCHED.get(model, ()),
        "ordering": ("pk",),
    }
    admin.site.register(model, type(f"{model.__name__}Admin", (ReadOnlyAdmin,), options))


for each in apps.get_app_config("assessments").get_models():
    if each not in HIDDEN:
        register(each)
