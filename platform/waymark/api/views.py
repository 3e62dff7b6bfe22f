"""Who the credential is, and the description of the API itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from courses.access import rights_of
from courses.models import StaffRight
from waymark.accounts.models import User
from waymark.accounts.scopes import ME
from waymark.api.reference import reference
from waymark.core.actors import actor_of
from waymark.core.api import Operation


class RightShape(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=["instructor", "admin"])
    scope = serializers.ChoiceField(choices=["site", "program", "cohort"])
    program = serializers.CharField(allow_null=True, help_text="The slug of the program.")
    cohort = serializers.CharField(allow_null=True, help_text="The slug of the cohort.")


class MeShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    time_zone = serializers.CharField()
    scopes = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Of the token; null for a session."
    )
    rights = RightShape(many=True)


def _program_slug(right: StaffRight) -> str | None:
    """The program a right is about: its own, or its cohort's; None for the whole site."""
    program = right.program or (right.cohort.program if right.cohort else None)
    return program.slug if program else None


class Me(Operation):
    """The person this credential acts for, with the rights they hold at this moment."""

    required_scope = ME

    @extend_schema(operation_id="me_read", tags=["Me"], responses=MeShape)
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        person = User.objects.get(pk=actor.user_id or 0)
        rights = rights_of(actor).select_related("program", "cohort__program").order_by("role", "id")
        return Response(
            {
                "id": person.uuid,
                "email": person.email,
                "name": person.name,
                "language": person.language,
                "time_zone": person.time_zone,
                "scopes": None if actor.scopes is None else sorted(actor.scopes),
                "rights": [
                    {
                        "role": right.role,
                        "scope": right.scope,
                        "program": _program_slug(right),
                        "cohort": right.cohort.slug if right.cohort else None,
                    }
                    for right in rights
                ],
            }
        )


class Schema(SpectacularAPIView):
    """The OpenAPI description, for everybody."""

    public = True
    authentication_classes = ()
    permission_classes = ()


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same description as a page, for everybody; works without scripts."""
    context = {"page_title": _("API guide"), "reference": reference(), "base": request.build_absolute_uri("/")}
    return render(request, "api/docs.html", context)
