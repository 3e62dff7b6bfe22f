"""Teach > Joining: requests to join, and invitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import access
from courses.models import Cohort, Enrolment, Invitation
from courses.services.enrolment import enrolment_approve, enrolment_decline, invitation_accept
from courses.services.invitation import Link, invitation_renew, invitation_send, invitation_withdraw
from waymark.accounts.models import User
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import Missing
from waymark.core.keyset import keyset_page
from waymark.dashboard.guards import needs_area
from waymark.dashboard.people_forms import ApproveForm, DeclineForm, InviteForm
from waymark.dashboard.selectors import people as selectors

PAGE_SIZE = 50
REQUESTS_SHOWN = 50


def _page(request: HttpRequest, status: int = 200, **extra: Any) -> HttpResponse:
    actor = actor_of(request)
    page = keyset_page(
        selectors.invitations_shown(actor), order=["-created_at", "-id"], cursor=request.GET.get("cursor", ""),
        size=PAGE_SIZE,
    )  # fmt: skip
    waiting = access.requests_open_to(actor).select_related("learner", "program", "cohort")
    requests = list(waiting.order_by("created_at", "id")[: REQUESTS_SHOWN + 1])
    cohorts = selectors.cohorts_to_choose(actor)
    administered = {program.pk for program in selectors.programs_to_choose(actor)} if requests else set()
    context = {
        "page_title": _("Joining"),
        "crumbs": [(_("Teach"), None)],
        "requests": [
            (enrolment, _approve_form(enrolment, cohorts, administered), DeclineForm(prefix=str(enrolment.pk)))
            for enrolment in requests[:REQUESTS_SHOWN]
        ],
        "more_requests": len(requests) > REQUESTS_SHOWN,
        "invitations": page.rows,
        "now": timezone.now(),
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
        "form": InviteForm(actor=actor),
        **extra,
    }
    return render(request, "dashboard/people/joining.html", context, status=status)


def _approve_form(enrolment: Enrolment, cohorts: list[Cohort], administered: set[int], data: Any = None) -> ApproveForm:
    inside = [cohort for cohort in cohorts if cohort.program_id == enrolment.program_id]
    return ApproveForm(
        data, cohorts=inside, without=enrolment.program_id in administered, prefix=str(enrolment.pk),
        initial={"cohort": enrolment.cohort_id or (inside[0].pk if inside else "")},
    )  # fmt: skip


@require_safe
@needs_area("teach")
def joining(request: HttpRequest) -> HttpResponse:
    """Who asks to join, who was invited, and a form to invite."""
    return _page(request)


@require_POST
@needs_area("teach")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an address; the mail goes out once the invitation is stored."""
    actor = actor_of(request)
    form = InviteForm(request.POST, actor=actor)
    if not form.is_valid():
        return _page(request, 400, form=form)
    right, program, cohort = form.offered()
    invitation = invitation_send(
        actor=actor, email=form.cleaned_data["email"], right=right, program=program, cohort=cohort,
        link=invitation_link(request),
    )  # fmt: skip
    messages.success(request, _("Invited %(email)s.") % {"email": invitation.email})
    return redirect("joining")


def invitation_link(request: HttpRequest) -> Link:
    """Where the invitations of this site are accepted."""
    return lambda invitation: request.build_absolute_uri(reverse("invitation", args=[invitation.uuid]))


def _staffed(actor: Actor, uuid: UUID) -> Invitation:
    invitation = access.invitations_staffed_by(actor).filter(uuid=uuid).first()
    if invitation is None:
        raise Missing()
    return invitation


@require_POST
@needs_area("teach")
def invitation_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let an invitation hold for two more weeks and send it again."""
    actor = actor_of(request)
    invitation = _staffed(actor, uuid)
    invitation_renew(actor=actor, invitation=invitation, link=invitation_link(request))
    messages.success(request, _("Sent again to %(email)s.") % {"email": invitation.email})
    return redirect("joining")


@require_POST
@needs_area("teach")
def invitation_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an invitation back."""
    actor = actor_of(request)
    invitation = _staffed(actor, uuid)
    invitation_withdraw(actor=actor, invitation=invitation)
    messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": invitation.email})
    return redirect("joining")


def _request_or_404(actor: Actor, uuid: UUID) -> Enrolment:
    """A request this actor decides; one decided meanwhile is found too, and the service says what became of it."""
    enrolment = access.enrolments_staffed_by(actor).filter(uuid=uuid).select_related("learner", "program").first()
    if enrolment is None:
        raise Missing()
    return enrolment


@require_POST
@needs_area("teach")
def request_approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let somebody in, into a cohort of the actor."""
    actor = actor_of(request)
    enrolment = _request_or_404(actor, uuid)
    administered = {program.pk for program in selectors.programs_to_choose(actor)}
    form = _approve_form(enrolment, selectors.cohorts_to_choose(actor), administered, request.POST)
    if not form.is_valid():
        messages.error(request, _("This cohort is not one of yours, or it has ended. Choose another one."))
        return redirect("joining")
    enrolment_approve(actor=actor, enrolment=enrolment, cohort=form.cohorts.get(form.cleaned_data["cohort"]))
    messages.success(request, _("%(name)s is in.") % {"name": enrolment.learner.display_name})
    return redirect("joining")


@require_POST
@needs_area("teach")
def request_decline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decline, with a reason that the person reads."""
    actor = actor_of(request)
    enrolment = _request_or_404(actor, uuid)
    form = DeclineForm(request.POST, prefix=str(enrolment.pk))
    if not form.is_valid():
        messages.error(request, _("Say why: the person reads the reason."))
        return redirect("joining")
    enrolment_decline(actor=actor, enrolment=enrolment, reason=form.cleaned_data["reason"])
    messages.success(request, _("The request of %(name)s is declined.") % {"name": enrolment.learner.display_name})
    return redirect("joining")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What an address is invited to; accepted by POST, with that address confirmed. Others find nothing here."""
    assert isinstance(request.user, User)
    mine = access.invitations_to(actor_of(request)).filter(uuid=uuid)
    found = mine.select_related("program", "cohort", "invited_by").first()
    if found is None:
        raise Missing()
    if request.method == "POST":
        enrolment = invitation_accept(person=request.user, invitation=found)
        if enrolment is not None:
            messages.success(request, _("Welcome to %(program)s.") % {"program": enrolment.program.title})
        else:
            messages.success(request, _("You have this right from now on."))
        return redirect("/")
    context = {
        "page_title": _("Invitation"),
        "invitation": found,
        "open": found.accepted_at is None and found.withdrawn_at is None and found.expires_at > timezone.now(),
    }
    return render(request, "dashboard/people/invitation.html", context)
