"""What the operations on submissions take and give."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from assessments.api.fetches import CommitInput
from assessments.models import Submission
from grading.models import GradingRun
from grading.sandbox.contract import Outcome
from waymark.core.api import PageSerializer, StrictSerializer

LONGEST_NAME = 400
OUTCOMES = [each.value for each in Outcome if each != Outcome.INFRASTRUCTURE]


class TextInput(StrictSerializer):
    name = serializers.CharField(
        max_length=LONGEST_NAME, trim_whitespace=False, help_text="Path below the folder of the work, with `/`."
    )
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)


class TypedInput(StrictSerializer):
    files = TextInput(many=True, allow_empty=False)


WORK_INPUT = PolymorphicProxySerializer(
    component_name="WorkInput", serializers=[TypedInput, CommitInput], resource_type_field_name=None
)
"""What a hand-in is as JSON."""


class UploadInput(StrictSerializer):
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=LONGEST_NAME), allow_empty=False,
        help_text="Files, or one archive.",
    )  # fmt: skip


class SubmissionCard(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    enrolment = serializers.UUIDField()
    program = serializers.CharField(help_text="Slug.")
    activity = serializers.CharField(help_text="Path of the lab or project, such as MOD-001/retry.")
    number = serializers.IntegerField(help_text="1 for the first for this activity.")
    source = serializers.ChoiceField(choices=Submission.Source.values)  # type: ignore[assignment]
    repository = serializers.CharField(
        allow_null=True, help_text="Of a commit; of the work of others for `roster:read`, since it may name a person."
    )
    commit = serializers.CharField(allow_null=True, help_text="Its hash.")
    handed_in_at = serializers.DateTimeField()
    after_solution = serializers.BooleanField(help_text="The solution had been shown to its learner before.")
    state = serializers.ChoiceField(
        choices=GradingRun.State.values,
        help_text="`queued` waits, that of a project for its review; `failed` could not be checked, `cancelled` was "
        "taken back: neither counts.",
    )
    outcome = serializers.ChoiceField(
        choices=OUTCOMES, allow_null=True, help_text="Of the checks of a lab; null until it is finished."
    )
    points = serializers.CharField(allow_null=True, help_text="Decimal, of this submission, before any late penalty.")
    out_of = serializers.CharField(allow_null=True, help_text="Decimal.")


class SubmissionPage(PageSerializer):
    items = SubmissionCard(many=True)


class FileShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()


class RunShape(serializers.Serializer[Any]):
    ahead = serializers.IntegerField(allow_null=True, help_text="How many are taken before it, while it waits.")
    expected_seconds = serializers.IntegerField(
        allow_null=True, help_text="Until its result, by what runs of its lab took lately; null when not known."
    )
    queued_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True, help_text="When a worker took it.")
    stored_at = serializers.DateTimeField(allow_null=True)


class CaseShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    passed = serializers.BooleanField()
    message = serializers.CharField(allow_blank=True)


class CheckShape(serializers.Serializer[Any]):
    title = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    points = serializers.CharField(help_text="Decimal.")
    out_of = serializers.CharField(help_text="Decimal.")
    hidden = serializers.BooleanField(help_text="Learners see title, points and hint of it.")
    hint = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    cases = CaseShape(many=True)
    output = serializers.CharField(allow_blank=True, help_text="What the work printed; any text, to be shown inert.")


class CriterionShape(serializers.Serializer[Any]):
    title = serializers.CharField()
    points = serializers.CharField(allow_null=True, help_text="Decimal; null where a bonus was left open.")
    out_of = serializers.CharField(help_text="Decimal.")
    bonus = serializers.BooleanField()
    level = serializers.CharField(allow_blank=True, help_text="Label of the level that the points lie in.")
    comment = serializers.CharField(allow_blank=True)


class ReviewShape(serializers.Serializer[Any]):
    reviewer = serializers.CharField(allow_null=True, help_text="Name; of the work of others for `roster:read`.")
    released_at = serializers.DateTimeField()
    comment = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why an earlier review was corrected.")
    criteria = CriterionShape(many=True)


class ResultShape(serializers.Serializer[Any]):
    passed = serializers.BooleanField(help_text="At the threshold of the policy.")
    counts = serializers.BooleanField(help_text="Whether the grade is this submission's.")
    attempts_left = serializers.IntegerField(allow_null=True, help_text="Null: any number.")
    withheld = serializers.CharField(allow_blank=True, help_text="Why some of it is not shown now.")
    held = serializers.IntegerField(
        help_text="Checks of which no grade is made: being mended, or their tools are not there."
    )
    checks = CheckShape(many=True)
    review = ReviewShape(allow_null=True, help_text="Of a project.")


class SubmissionShape(SubmissionCard):
    files = FileShape(many=True)
    run = RunShape()
    result = ResultShape(allow_null=True, help_text="Null until it is finished, and without `grades:read`.")


class HandedInShape(SubmissionShape):
    left_out = serializers.ListField(child=serializers.CharField(), help_text="What tools made and is not kept.")
