"""P2: a learner's progress as the API gives it, beside a plain DRF ``ModelSerializer`` on the same rows.

Both turn a person into bytes, without the request around it. The reference is
written as one does with DRF: nested model serializers over a queryset that fetches
what they need (``select_related``, ``prefetch_related``), so it sends four statements
however many enrolments there are.
"""

from __future__ import annotations

from typing import Any

from benchmarks.harness import Row, interleaved
from benchmarks.people import learners

SIZES = {"quick": 20, "full": 1000}


def rows(kind: str) -> list[Row]:
    from grading.selectors.me import my_progress
    from waymark.api.renderers import OrjsonRenderer
    from waymark.core.actors import Actor

    size = SIZES[kind]
    person = learners(size)[size // 2]
    actor = Actor.person(person.pk)
    ours, plain = interleaved(
        lambda: OrjsonRenderer().render({"items": [row.answer for row in my_progress(actor).rows]}),
        lambda: _plain(person.pk),
    )
    return [Row("P2", "own progress, speed-up over ModelSerializer", size, plain / ours, 5, "higher", ours, plain)]


def _plain(person_id: int) -> bytes:
    from rest_framework.renderers import JSONRenderer

    from courses.models import Enrolment

    serializer = _serializer()
    enrolments = (
        Enrolment.objects.filter(learner=person_id)
        .select_related("program", "progress")
        .prefetch_related("program__placements__module")
    )
    return JSONRenderer().render({"results": serializer(enrolments, many=True).data})  # type: ignore[no-any-return]


_made: list[Any] = []


def _serializer() -> Any:
    if not _made:
        _made.append(_make())
    return _made[0]


def _make() -> Any:
    from rest_framework import serializers

    from courses.models import Enrolment, Program, ProgramModule
    from grading.models import Progress

    class PlacementSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
        key = serializers.CharField(source="module.key")

        class Meta:
            model = ProgramModule
            fields = ("module_id", "key")

    class ProgramSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
        placements = PlacementSerializer(many=True)

        class Meta:
            model = Program
            fields = ("slug", "title", "placements")

    class ProgressSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
        class Meta:
            model = Progress
            fields = "__all__"

    class EnrolmentSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
        program = ProgramSerializer()
        progress = ProgressSerializer()

        class Meta:
            model = Enrolment
            fields = ("uuid", "state", "program", "progress")

    return EnrolmentSerializer
