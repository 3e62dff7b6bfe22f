"""Operations on programs and on one's own enrolments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from courses import access
from courses.api import shapes
from courses.models import Enrolment
from courses.selectors.catalogue import enrolment_card, program_card, program_page, program_sums
from courses.services.enrolment import enrolment_start
from waymark.accounts.models import User
from waymark.accounts.scopes import ME
from waymark.core.actors import actor_of
from waymark.core.api import PAGE_PARAMETERS, ListOperation, Operation, page_answer
from waymark.core.errors import Missing
from waymark.core.keyset import keyset_page


class ProgramList(ListOperation):
    """Programs that this credential may know of, by slug."""

    required_scope = "programs:read"

    @extend_schema(
        operation_id="programs_list", tags=["Programs"], parameters=PAGE_PARAMETERS, responses=shapes.ProgramPage
    )
    def get(self, request: Request) -> Response:
        programs = access.programs_in_catalogue(actor_of(request))
        page = keyset_page(programs.select_related("role__level"), order=["slug"], **self.asked_page(request))
        sums = program_sums(page.rows)
        return Response(page_answer(page, [program_card(program, sums) for program in page.rows]))


class ProgramDetail(Operation):
    """One program: what the catalogue shows of it, no bodies."""

    required_scope = "programs:read"

    @extend_schema(operation_id="programs_read", tags=["Programs"], responses=shapes.ProgramDetail)
    def get(self, request: Request, slug: str) -> Response:
        programs = access.programs_in_catalogue(actor_of(request))
        program = programs.select_related("role__level").filter(slug=slug.lower()).first()
        if program is None:
            raise Missing()
        return Response(program_page(program))


class OwnEnrolments(ListOperation):
    """One's own enrolments, newest first; and joining a program."""

    required_scope = ME

    @extend_schema(
        operation_id="me_enrolments_list", tags=["Me"], parameters=PAGE_PARAMETERS, responses=shapes.EnrolmentPage
    )
    def get(self, request: Request) -> Response:
        page = keyset_page(
            access.own_enrolments(actor_of(request)).select_related("program", "cohort"),
            order=["-created_at", "-id"],
            **self.asked_page(request),
        )
        return Response(page_answer(page, [enrolment_card(enrolment) for enrolment in page.rows]))

    @extend_schema(
        operation_id="me_enrolments_create",
        tags=["Me"],
        request=shapes.EnrolmentInput,
        responses={200: shapes.EnrolmentShape, 201: shapes.EnrolmentShape},
        description=_(
            "Join a program. 201 when this began it (or asked for it, where staff approve), 200 when it was "
            "there already; 409 `enrolment_closed` when the program takes nobody."
        ),
    )
    def post(self, request: Request) -> Response:
        given = shapes.EnrolmentInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        program = access.programs_in_catalogue(actor).filter(slug=given.validated_data["program"]).first()
        if program is None:
            raise Missing(where="program")
        open_before = Enrolment.objects.filter(
            learner_id=actor.user_id, program=program, state__in=Enrolment.OPEN_STATES
        ).exists()
        learner = User.objects.get(pk=actor.user_id or 0)
        enrolment = enrolment_start(actor=actor, learner=learner, program=program)
        answer: dict[str, Any] = enrolment_card(enrolment)
        return Response(answer, status=200 if open_before else 201)
