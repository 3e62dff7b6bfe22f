"""Commits that were handed in, while they are fetched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import fetch_seen
from assessments.api.shapes import NothingInput
from assessments.models import Fetch
from assessments.services.fetching import fetch_cancel
from waymark.accounts.scopes import ME
from waymark.core.actors import actor_of
from waymark.core.api import Operation, StrictSerializer


class CommitInput(StrictSerializer):
    repository = serializers.CharField(help_text="`https://host/path.git`, readable for everybody; no credentials.")
    commit = serializers.CharField(help_text="Full hash, 40 characters.")


class FetchProblemShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    where = serializers.CharField(allow_blank=True)
    hint = serializers.CharField(allow_blank=True)


class FetchShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    enrolment = serializers.UUIDField()
    program = serializers.CharField(help_text="Slug.")
    activity = serializers.CharField(help_text="Path of the lab, such as MOD-001/retry.")
    repository = serializers.CharField()
    commit = serializers.CharField()
    asked_at = serializers.DateTimeField(help_text="Counts as the instant of the hand-in.")
    state = serializers.ChoiceField(choices=Fetch.State.values)
    ended_at = serializers.DateTimeField(allow_null=True)
    submission = serializers.UUIDField(allow_null=True, help_text="Once it was handed in.")
    created = serializers.BooleanField(help_text="False while it is fetched, and where the same work was known.")
    left_out = serializers.ListField(child=serializers.CharField(), help_text="What tools made and is not kept.")
    problem = FetchProblemShape(allow_null=True, help_text="Of `failed`: no submission was used.")


def fetch_shape(fetch: Fetch) -> dict[str, Any]:
    """One commit; its enrolment with the program, its activity and its submission are selected."""
    problem = {
        "code": fetch.problem, "detail": fetch.problem_text, "where": fetch.problem_where, "hint": fetch.problem_hint,
    }  # fmt: skip
    return {
        "id": fetch.uuid,
        "enrolment": fetch.enrolment.uuid,
        "program": fetch.enrolment.program.slug,
        "activity": fetch.activity.path,
        "repository": fetch.repository,
        "commit": fetch.commit,
        "asked_at": fetch.asked_at,
        "state": fetch.state,
        "ended_at": fetch.ended_at,
        "submission": None if fetch.submission is None else fetch.submission.uuid,
        "created": fetch.created,
        "left_out": fetch.left_out,
        "problem": problem if fetch.problem else None,
    }


class FetchRead(Operation):
    """A commit that one handed in oneself: whether it is fetched, and its submission or what went wrong."""

    required_scope = ME

    @extend_schema(operation_id="fetches_read", tags=["Submissions"], responses=FetchShape)
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(fetch_shape(fetch_seen(actor_of(request), uuid)))


class FetchCancel(Operation):
    """Take a commit back that no worker has taken yet; it uses no attempt. Repeating it changes nothing."""

    required_scope = ME

    @extend_schema(
        operation_id="fetches_cancel", tags=["Submissions"], request=NothingInput, responses=FetchShape,
        description="409 `fetch_taken` while a worker fetches it, `fetch_over` once it was handed in or could not be.",
    )  # fmt: skip
    def post(self, request: Request, uuid: UUID) -> Response:
        actor = actor_of(request)
        fetch = fetch_seen(actor, uuid)
        NothingInput(data=request.data).is_valid(raise_exception=True)
        fetch_cancel(actor=actor, fetch=fetch)
        return Response(fetch_shape(fetch_seen(actor, uuid)))
