"""Manage > People: who is here, what they may do, and acting as them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import access
from courses.models import StaffRight
from courses.services.staff import right_grant, right_withdraw
from waymark.accounts import rights
from waymark.accounts.middleware import SESSION_KEY
from waymark.accounts.models import User
from waymark.accounts.selectors.tokens import actings_through
from waymark.accounts.services.acting import acting_start
from waymark.accounts.services.people import person_close, person_reopen
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import Missing
from waymark.core.keyset import keyset_page
from waymark.dashboard.guards import needs_area, needs_site_admin
from waymark.dashboard.people_forms import ActAsForm, GrantForm
from waymark.dashboard.selectors import people as selectors

PAGE_SIZE = 50


@require_safe
@needs_area("manage")
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody the actor administers, fifty at a time, by address; searched and filtered in the address bar."""
    actor = actor_of(request)
    filters = selectors.Filters(
        q=request.GET.get("q", "").strip()[:200],
        role=_one_of(request.GET.get("role", ""), selectors.ROLES),
        program=request.GET.get("program", "")[:80],
        cohort=_number(request.GET.get("cohort", "")),
    )
    page = keyset_page(
        selectors.people_list(actor, filters),
        order=["email", "id"],
        cursor=request.GET.get("cursor", ""),
        size=PAGE_SIZE,
        filters=filters.as_query,
    )
    context = {
        "page_title": _("People"),
        "crumbs": [(_("Manage"), None)],
        "filters": filters,
        "people": page.rows,
        "previous_url": _page_url(filters, page.previous),
        "next_url": _page_url(filters, page.next),
        "programs": selectors.programs_to_choose(actor),
        "cohorts": selectors.cohorts_to_choose(actor),
        "site_admin": access.is_site_admin(actor),
    }
    return render(request, "dashboard/people/list.html", context)


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""


def _number(value: str) -> str:
    return value if value.isascii() and value.isdigit() and len(value) < 19 else ""


def _page_url(filters: selectors.Filters, cursor: str) -> str:
    if not cursor:
        return ""
    query = QueryDict(mutable=True)
    query.update({**filters.as_query, "cursor": cursor})
    return f"?{query.urlencode()}"


def _person_or_404(actor: Actor, uuid: UUID) -> User:
    person = selectors.people_list(actor, selectors.Filters()).filter(uuid=uuid).first()
    if person is None:
        raise Missing()
    return person


def _person_page(request: HttpRequest, person: User, status: int = 200, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    site_admin = access.is_site_admin(actor)
    shown: list[StaffRight] = person.rights_shown  # type: ignore[attr-defined]
    context = {
        "page_title": person.display_name,
        "crumbs": [(_("Manage"), None), (_("People"), reverse("people"))],
        "person": person,
        "rights": [
            (right, access.may_grant(actor, role=right.role, program=right.program, cohort=right.cohort))
            for right in shown
        ],
        "enrolments": person.enrolments_shown,  # type: ignore[attr-defined]
        "grant_form": GrantForm(actor=actor),
        "site_admin": site_admin,
        "is_self": person.pk == actor.user_id,
        "staff": bool(shown) or rights.is_staff(person.pk),
        "act_form": ActAsForm(),
        "actings": list(actings_through(person.pk)[:20]) if site_admin else [],
        **forms,
    }
    return render(request, "dashboard/people/person.html", context, status=status)


@require_safe
@needs_area("manage")
def person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person: rights, places in programs, and what may be done about them."""
    return _person_page(request, _person_or_404(actor_of(request), uuid))


@require_POST
@needs_area("manage")
def person_grant(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Grant a right that the actor holds."""
    actor = actor_of(request)
    person = _person_or_404(actor, uuid)
    form = GrantForm(request.POST, actor=actor)
    if not form.is_valid():
        return _person_page(request, person, 400, grant_form=form)
    role, program, cohort = form.offered()
    right_grant(actor=actor, person=person, role=role, program=program, cohort=cohort)
    messages.success(request, _("%(name)s has this right from now on.") % {"name": person.display_name})
    return redirect("person", uuid=uuid)


@require_POST
@needs_area("manage")
def person_right_withdraw(request: HttpRequest, uuid: UUID, right_id: int) -> HttpResponse:
    """Withdraw a right; one that is gone already is no fault."""
    actor = actor_of(request)
    person = _person_or_404(actor, uuid)
    right = StaffRight.objects.filter(person=person, pk=right_id).first()
    if right is not None:
        right_withdraw(actor=actor, right=right)
        messages.success(request, _("The right is withdrawn; it ended at once."))
    return redirect("person", uuid=uuid)


@require_POST
@needs_site_admin
def person_act_as(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """See Waymark as this person does, reading only; ends after 30 minutes."""
    actor = actor_of(request)
    person = _person_or_404(actor, uuid)
    form = ActAsForm(request.POST)
    if not form.is_valid():
        return _person_page(request, person, 400, act_form=form)
    acting = acting_start(actor=actor, person=person, reason=form.cleaned_data["reason"])
    request.session[SESSION_KEY] = str(acting.uuid)
    return HttpResponseRedirect("/")


@require_POST
@needs_site_admin
def person_state(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close the account, or open it again."""
    actor = actor_of(request)
    person = _person_or_404(actor, uuid)
    if request.POST.get("state") == "closed":
        person_close(actor=actor, person=person)
        messages.success(request, _("The account of %(name)s is closed.") % {"name": person.display_name})
    else:
        person_reopen(actor=actor, person=person)
        messages.success(request, _("The account of %(name)s is open again.") % {"name": person.display_name})
    return redirect("person", uuid=uuid)
