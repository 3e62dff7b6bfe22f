"""Beginning an attempt from the page of its quiz."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessments.access import quiz_for_learner
from assessments.services import attempt_start
from waymark.core.actors import actor_of


@require_POST
def start(request: HttpRequest, program: str, activity: str) -> HttpResponse:
    """Start an attempt, or go on with the one under way; a second click is the same attempt."""
    actor = actor_of(request)
    enrolment, quiz = quiz_for_learner(actor, program, activity)
    attempt = attempt_start(actor=actor, enrolment=enrolment, activity=quiz)
    return redirect(attempt.get_absolute_url())
