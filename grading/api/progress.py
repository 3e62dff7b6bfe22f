"""``GET /api/v1/me/progress/``: where one stands in every program."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grading.selectors.me import my_progress
from waymark.core.actors import actor_of
from waymark.core.api import PAGE_PARAMETERS, ListOperation, PageSerializer, page_answer


class ProgramNameSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()


class CountSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class HoursSerializer(serializers.Serializer[Any]):
    done = serializers.CharField(help_text="Decimal, hours.")
    total = serializers.CharField(help_text="Decimal, hours.")


class OverallSerializer(serializers.Serializer[Any]):
    percent = serializers.CharField(allow_null=True, help_text="Decimal, 0 to 100; null while nothing is graded.")
    points = serializers.CharField(allow_null=True, help_text="Decimal, of what is graded.")
    out_of = serializers.CharField(allow_null=True, help_text="Decimal, full marks of what is graded.")
    letter = serializers.CharField(allow_null=True, help_text="Null while it is withheld.")
    passed = serializers.ChoiceField(choices=["met", "not_met", "open"])


class RuleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    text = serializers.CharField()
    binding = serializers.BooleanField(help_text="False: advice, no say in passing.")
    state = serializers.ChoiceField(choices=["met", "not_met", "open"])
    so_far = serializers.BooleanField(allow_null=True, help_text="Whether it would hold if nothing else came.")
    value = serializers.CharField(allow_null=True, help_text="Decimal, in `unit`.")
    needed = serializers.CharField(help_text="Decimal, in `unit`.")
    unit = serializers.ChoiceField(choices=["percent", "points", "items"])


class ModuleProgressSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The authored id, such as MOD-101.")
    done = serializers.IntegerField(help_text="Required activities that are done.")
    total = serializers.IntegerField()
    complete = serializers.BooleanField()
    started = serializers.BooleanField()


class EnrolmentProgressSerializer(serializers.Serializer[Any]):
    enrolment = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["active", "paused", "completed", "withdrawn"])
    program = ProgramNameSerializer()
    activities = CountSerializer(help_text="Of the required activities.")
    modules = CountSerializer(help_text="Of the required modules.")
    hours = HoursSerializer()
    overall = OverallSerializer()
    rules = RuleSerializer(many=True)
    module_states = ModuleProgressSerializer(many=True)
    complete = serializers.BooleanField()
    sequence = serializers.IntegerField(help_text="Number of the last ledger event it counts.")
    release = serializers.IntegerField(allow_null=True, help_text="Number of the release it was computed from.")
    stale = serializers.BooleanField(help_text="Something newer stands; it catches up within a minute.")
    computed_at = serializers.DateTimeField(allow_null=True)


class MyProgressPage(PageSerializer):
    items = EnrolmentProgressSerializer(many=True)


class MyProgress(ListOperation):
    """The progress of the caller's own enrolments, newest first; also of those they have left."""

    required_scope = "me"

    @extend_schema(operation_id="me_progress_read", tags=["Me"], parameters=PAGE_PARAMETERS, responses=MyProgressPage)
    def get(self, request: Request) -> Response:
        page = my_progress(actor_of(request), **self.asked_page(request))
        return Response(page_answer(page, [row.answer for row in page.rows]))
