"""What the operations of *courses* take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from courses.models import Enrolment, Program
from waymark.core.api import PageSerializer, StrictSerializer


class RoleShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    level = serializers.CharField(allow_null=True)


class ProgramCard(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    language = serializers.CharField()
    role = RoleShape(allow_null=True)
    enrolment_mode = serializers.ChoiceField(choices=Program.EnrolmentMode.values)
    published_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    modules = serializers.IntegerField()
    hours = serializers.CharField(help_text="Decimal.")


class OutlineModule(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The authored id, such as MOD-101.")
    title = serializers.CharField()
    summary = serializers.CharField()
    difficulty = serializers.CharField(allow_null=True)
    hours = serializers.CharField(allow_null=True, help_text="Decimal.")
    required = serializers.BooleanField()  # type: ignore[assignment]
    position = serializers.IntegerField()


class PaceShape(serializers.Serializer[Any]):
    title = serializers.CharField()
    hours_per_week_low = serializers.CharField(allow_null=True, help_text="Decimal.")
    hours_per_week_high = serializers.CharField(allow_null=True, help_text="Decimal.")


class OutlookShape(serializers.Serializer[Any]):
    titles = serializers.ListField()
    certifications = serializers.ListField()
    next_steps = serializers.ListField()


class ProgramDetail(ProgramCard):
    audience = serializers.CharField(allow_blank=True)
    outline = OutlineModule(many=True)
    paces = PaceShape(many=True)
    outlook = OutlookShape(allow_null=True)


class ProgramPage(PageSerializer):
    items = ProgramCard(many=True)


class CohortShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()


class EnrolmentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    program = serializers.SlugField(help_text="The slug of the program.")
    cohort = CohortShape(allow_null=True)
    state = serializers.ChoiceField(choices=Enrolment.State.values)
    time_zone = serializers.CharField()
    hours_per_week = serializers.CharField(help_text="Decimal.")
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class EnrolmentPage(PageSerializer):
    items = EnrolmentShape(many=True)


class EnrolmentInput(StrictSerializer):
    program = serializers.SlugField(help_text="The slug of the program to join.", max_length=80)
