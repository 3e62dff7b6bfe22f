"""``GET /api/v1/me/programs/{slug}/openings/``: what is open in one's own program, and why the rest is locked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grading.selectors.openings import my_openings
from waymark.accounts.scopes import ME
from waymark.core.actors import actor_of
from waymark.core.api import Operation


class AlternativeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="With its id first; of a skill its words.")
    state = serializers.ChoiceField(
        choices=["done", "not_done", "in_words"], help_text="`in_words`: only the learner's statement can meet it."
    )


class NeedSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    met = serializers.BooleanField()
    attested = serializers.BooleanField(help_text="It holds because the learner said so.")
    at_least = serializers.IntegerField(help_text="How many of `any_of`.")
    any_of = AlternativeSerializer(many=True, help_text="Alternatives; empty where one thing is asked for.")


class OpeningSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The authored id, such as MOD-101 or MOD-101/lab-2.")
    kind = serializers.ChoiceField(choices=["module", "reading", "task", "lab", "quiz", "project"])
    title = serializers.CharField()
    open = serializers.BooleanField()
    needs = NeedSerializer(many=True, help_text="Met and unmet, of an activity those of its module first.")


class OpeningsSerializer(serializers.Serializer[Any]):
    items = OpeningSerializer(many=True)


class MyOpenings(Operation):
    """Every module and activity of a program one is in, in its order, with what it asks for before."""

    required_scope = ME

    @extend_schema(operation_id="me_openings_read", tags=["Me"], responses=OpeningsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response({"items": my_openings(actor_of(request), slug)})
