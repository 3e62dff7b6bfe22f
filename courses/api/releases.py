"""Operations on the releases of a program: list them, set two beside each other, go back to one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.imports import ImportCard, ImportOperation, card
from courses.curriculum.export.write import curriculum_files
from courses.models import Release
from courses.selectors.releases import program_imported_by, release_changes, release_of, releases_of
from courses.services.imports import import_release
from waymark.core.actors import actor_of
from waymark.core.api import PAGE_PARAMETERS, ListOperation, PageSerializer, page_answer
from waymark.core.downloads import zip_download, zipped
from waymark.core.errors import Missing
from waymark.core.keyset import keyset_page

TAGS = ["Releases"]
MOST = 2**31 - 1


class MakerShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["person", "client", "system"])
    id = serializers.CharField(allow_null=True)


class ReleaseCard(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    current = serializers.BooleanField()
    base = serializers.IntegerField(allow_null=True, help_text="The release that was current before it.")
    restores = serializers.IntegerField(allow_null=True, help_text="The release that it goes back to.")
    source = serializers.CharField(help_text="Name of what was imported.", allow_blank=True)  # type: ignore[assignment]
    imports = serializers.ListField(child=serializers.UUIDField(), help_text="Those that this credential may read.")
    made_by = MakerShape()
    created_at = serializers.DateTimeField()
    figures = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True,
        help_text="Entities `added`, `changed`, `renamed`, `reordered`, `restored`, `retired` and `unchanged`.",
    )  # fmt: skip


class ReleasePage(PageSerializer):
    items = ReleaseCard(many=True)


class ReleaseChangesShape(serializers.Serializer[Any]):
    release = serializers.IntegerField()
    against = serializers.IntegerField(allow_null=True, help_text="Null for the first release: beside nothing.")
    changes = serializers.JSONField(help_text="As the `plan` of an import, without `id` and `impact`.")


class ReleaseList(ImportOperation, ListOperation):
    """The releases of a program that this credential may import into, newest first."""

    @extend_schema(operation_id="releases_list", tags=TAGS, parameters=PAGE_PARAMETERS, responses=ReleasePage)
    def get(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        releases = releases_of(actor, program_imported_by(actor, slug))
        page = keyset_page(releases, order=["-number"], **self.asked_page(request))
        return Response(page_answer(page, [release_card(release) for release in page.rows]))


class ReleaseChanges(ImportOperation):
    """What a release has that another one has not."""

    parameters = frozenset({"against"})

    @extend_schema(
        operation_id="releases_changes", tags=TAGS, responses=ReleaseChangesShape,
        parameters=[OpenApiParameter("against", int, description="Another release; the one before when not given.")],
        description="Everything that is different, in the shape of a plan.",
    )  # fmt: skip
    def get(self, request: Request, slug: str, number: int) -> Response:
        actor = actor_of(request)
        program = program_imported_by(actor, slug)
        release = release_of(actor, program, number)
        against = release.base
        if "against" in request.query_params:
            wanted = self.number(request, "against", default=0, low=1, high=MOST)
            against = program.releases.filter(number=wanted).exclude(pk=release.pk).first()
            if against is None:
                raise Missing()
        return Response(
            {
                "release": release.number,
                "against": against.number if against else None,
                "changes": release_changes(release, against),
            }
        )


class ReleaseRollback(ImportOperation):
    """Plan going back to a release."""

    @extend_schema(
        operation_id="releases_rollback", tags=TAGS, request=None, responses={202: ImportCard},
        description="Makes an import whose plan is a new release equal to this one. Nothing changes before it is "
        "applied with the `plan_id` (`imports_apply`). 409 `nothing_to_roll_back` for the current release, so also "
        "for a first one.",
    )  # fmt: skip
    def post(self, request: Request, slug: str, number: int) -> Response:
        actor = actor_of(request)
        job = import_release(actor=actor, program=program_imported_by(actor, slug), number=number)
        return Response(card(job), status=202)


class ProgramExport(ImportOperation):
    """The current release of a program as native files."""

    required_scope = "curriculum:internal"

    @extend_schema(
        operation_id="programs_export", tags=TAGS, responses={(200, "application/zip"): OpenApiTypes.BINARY},
        description="A zip archive. Importing it changes nothing. It holds keys, hidden checks and staff solutions.",
    )  # fmt: skip
    def get(self, request: Request, slug: str) -> HttpResponse:
        program = program_imported_by(actor_of(request), slug)
        answer = zip_download(zipped(curriculum_files([program.slug])), f"{program.slug}.zip")
        add_never_cache_headers(answer)
        return answer


def release_card(release: Release) -> dict[str, Any]:
    return {
        "number": release.number,
        "current": release.current,
        "base": release.base.number if release.base else None,
        "restores": release.restores.number if release.restores else None,
        "source": release.source,
        "imports": [job.uuid for job in release.jobs],  # type: ignore[attr-defined]
        "made_by": _maker(release),
        "created_at": release.created_at,
        "figures": release.figures,
    }


def _maker(release: Release) -> dict[str, Any]:
    if release.made_by is not None:
        return {"kind": "person", "id": str(release.made_by.uuid)}
    if release.client_id is not None:
        return {"kind": "client", "id": release.client_id}
    return {"kind": "system", "id": None}
