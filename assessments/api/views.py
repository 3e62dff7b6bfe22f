"""Operations on attempts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import attempt_seen, quiz_for_learner
from assessments.api import shapes
from assessments.clock import attempt_is_closed
from assessments.errors import ResponseConflict
from assessments.models import Attempt
from assessments.selectors import attempt_page
from assessments.services import SentResponse, attempt_close, attempt_hand_in, attempt_start, response_save
from waymark.accounts.scopes import ME
from waymark.core.actors import Actor, actor_of
from waymark.core.api import Operation
from waymark.core.errors import Invalid
from waymark.core.parsers import Unreadable

LARGEST_BODY = 16 * 1024
TAGS = ["Attempts"]


class AttemptStart(Operation):
    """Start an attempt at a quiz."""

    required_scope = ME

    @extend_schema(
        operation_id="attempts_start", tags=TAGS, request=shapes.NothingInput,
        responses={200: shapes.AttemptShape, 201: shapes.AttemptShape},
        description="`activity` is the quiz's path, such as `MOD-101/quiz`, or `junior:MOD-001/quiz` where the "
        "program must be named. 201 for a new attempt; 200 returns the one that is under way.",
    )  # fmt: skip
    def post(self, request: Request, activity: str) -> Response:
        shapes.NothingInput(data=request.data).is_valid(raise_exception=True)
        actor = actor_of(request)
        program, _, path = activity.rpartition(":")
        enrolment, quiz = quiz_for_learner(actor, program, path)
        now = timezone.now()
        attempt = attempt_start(actor=actor, enrolment=enrolment, activity=quiz, now=now)
        made = attempt.started_at == now
        return _attempt(actor, attempt.uuid, status.HTTP_201_CREATED if made else status.HTTP_200_OK)


class AttemptRead(Operation):
    """One attempt with its questions and answers; nothing of the solutions."""

    required_scope = "submissions:read"

    @extend_schema(operation_id="attempts_read", tags=TAGS, responses=shapes.AttemptShape)
    def get(self, request: Request, uuid: UUID) -> Response:
        return _attempt(actor_of(request), uuid)


class ResponseSave(Operation):
    """Save the answer to one question of an attempt under way."""

    required_scope = ME

    @extend_schema(
        operation_id="responses_save", tags=TAGS, request=shapes.AnswerInput,
        responses={200: shapes.AnswerShape, 409: shapes.AnswerRefusedShape},
        description="Saving what stands already succeeds whatever the version, so a request may be repeated.",
    )  # fmt: skip
    def put(self, request: Request, uuid: UUID, number: int) -> Response:
        actor = actor_of(request)
        attempt = attempt_seen(actor, uuid)
        answer = shapes.AnswerInput(data=_bounded(request, number))
        answer.is_valid(raise_exception=True)
        sent = SentResponse(number, answer.validated_data["value"], answer.validated_data["version"])
        try:
            saved = response_save(actor=actor, attempt=attempt, sent=sent)
        except ResponseConflict as conflict:
            return _conflict(conflict)
        return Response(shapes.AnswerShape(saved).data)


class AttemptHandIn(Operation):
    """Hand in an attempt with what is saved. Repeating it changes nothing."""

    required_scope = ME

    @extend_schema(
        operation_id="attempts_hand_in", tags=TAGS, request=shapes.NothingInput, responses=shapes.AttemptShape
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        actor = actor_of(request)
        attempt = attempt_seen(actor, uuid)
        shapes.NothingInput(data=request.data).is_valid(raise_exception=True)
        attempt_hand_in(actor=actor, attempt=attempt)
        return _attempt(actor, uuid)


def _attempt(actor: Actor, uuid: UUID, status_code: int = status.HTTP_200_OK) -> Response:
    """The attempt as it stands; one that the clock has closed is handed in first, as for a page."""
    attempt, now = attempt_seen(actor, uuid), timezone.now()
    if attempt.state == Attempt.State.OPEN and attempt_is_closed(attempt, now):
        attempt_close(attempt_id=attempt.pk, now=now)
        attempt = attempt_seen(actor, uuid)
    return Response(shapes.attempt_answer(attempt_page(attempt, now)), status=status_code)


def _bounded(request: Request, number: int) -> Any:
    """The body, if it is of a size and depth that an answer can have."""
    where = f"question {number}"
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise Invalid("The answer is too large.", code="response_too_large", where=where)
    try:
        return request.data
    except Unreadable as error:
        raise Invalid(str(error.detail), code="response_unreadable", where=where) from error


def _conflict(error: ResponseConflict) -> Response:
    """The usual shape of a refusal, with both answers beside it."""
    fault: dict[str, Any] = {
        "code": error.code,
        "detail": error.message,
        "attr": error.where,
        "hint": error.hint,
    }
    return Response({"type": "client_error", "errors": [fault], "conflict": error.extra}, status=error.status)
