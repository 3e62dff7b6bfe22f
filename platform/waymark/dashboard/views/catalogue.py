"""Programs one may enrol in, and what they are about."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.selectors import attempts_of
from courses.access import own_enrolments, programs_in_catalogue, staffed_programs
from courses.models import Enrolment, Program
from courses.selectors.programs import program_about, program_rows
from courses.services.enrolment import enrolment_pause, enrolment_resume, enrolment_start, enrolment_withdraw
from courses.standing import entry_refusal
from grading.selectors.policy_about import policy_about
from waymark.accounts.models import User
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import Invalid, Missing
from waymark.core.shown import in_language

State = Enrolment.State


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {"page_title": _("Catalogue"), "crumbs": [(_("Learn"), None)], "rows": program_rows(actor)}
    return render(request, "dashboard/catalogue.html", context)


@require_GET
def catalogue_program(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    program = _program(actor, slug)
    enrolment = _latest(actor, program)
    context = {
        "page_title": program.title,
        "title_lang": program.language,
        "content_lang": program.language,
        "crumbs": [(_("Catalogue"), reverse("catalogue"))],
        "program": program,
        "enrolment": enrolment,
        "may_enrol": (enrolment is None or enrolment.state in (State.WITHDRAWN, State.DECLINED, State.COMPLETED))
        and entry_refusal(program) is None
        and program.enrolment_mode != Program.EnrolmentMode.INVITATION,
        "is_staff": staffed_programs(actor).filter(pk=program.pk).exists(),
        "page": program_about(program),
        "policy": policy_about(program),
    }
    return render(request, "dashboard/catalogue_program.html", context)


@require_POST
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    program = _program(actor, slug)
    assert isinstance(request.user, User), "LoginRequiredMiddleware lets people through"
    enrolment = enrolment_start(actor=actor, learner=request.user, program=program)
    request.session["program"] = slug
    if enrolment.state == State.REQUESTED:
        messages.success(request, _("Your request is on its way to the program's staff."))
        return redirect("catalogue_program", slug)
    return redirect("program", slug)


CHANGES = {"pause": enrolment_pause, "resume": enrolment_resume}


@require_POST
def enrolment_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Pause or resume one's own enrolment."""
    actor = actor_of(request)
    program = _program(actor, slug)
    enrolment = _open(actor, program)
    if enrolment is None:
        raise Missing()
    change = CHANGES.get(request.POST.get("change", ""))
    if change is None:
        raise Invalid(_("Choose to pause or resume."), where="change")
    change(actor=actor, enrolment=enrolment)
    return redirect("catalogue_program", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def enrolment_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """What leaving means, and leaving; who has left already is led to the page about the program."""
    actor = actor_of(request)
    program = _program(actor, slug)
    enrolment = _open(actor, program)
    if enrolment is None:
        if _latest(actor, program) is None:
            raise Missing()
        return redirect("catalogue_program", slug)
    if request.method == "POST":
        left = enrolment_withdraw(actor=actor, enrolment=enrolment)
        if left.state == State.DECLINED:
            messages.success(request, _("Your request is taken back."))
        else:
            messages.success(request, _("You have left %(program)s.") % {"program": program.title})
        return redirect("catalogue_program", slug)
    context = {
        "page_title": _("Take the request back") if enrolment.state == State.REQUESTED else _("Leave the program"),
        "crumbs": [
            (_("Catalogue"), reverse("catalogue")),
            (in_language(program.title, program.language), reverse("catalogue_program", args=[slug])),
        ],
        "program": program,
        "enrolment": enrolment,
        "closed": entry_refusal(program) is not None,
        "content_lang": program.language,
        "under_way": attempts_of(enrolment).filter(state="open").exists(),
    }
    return render(request, "dashboard/enrolment_leave.html", context)


def _open(actor: Actor, program: Program) -> Enrolment | None:
    return own_enrolments(actor).filter(program=program, state__in=Enrolment.OPEN_STATES).first()


def _program(actor: Actor, slug: str) -> Program:
    program = programs_in_catalogue(actor).filter(slug=slug).select_related("role__level").first()
    if program is None:
        raise Missing()
    return program


def _latest(actor: Actor, program: Program) -> Enrolment | None:
    return own_enrolments(actor).filter(program=program).order_by("-created_at", "-pk").first()
