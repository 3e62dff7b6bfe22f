"""Manage > People > API clients: programs that read the API for nobody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Cohort, Program
from waymark.accounts.models import ApiClient
from waymark.accounts.selectors.tokens import clients_all
from waymark.accounts.services.tokens import client_create, client_revoke
from waymark.core.actors import actor_of
from waymark.core.errors import Missing
from waymark.dashboard.guards import needs_site_admin
from waymark.dashboard.people_forms import ClientForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_site_admin
def client_list(request: HttpRequest) -> HttpResponse:
    """All clients, and a form for another one. A secret is in the answer to its form, never again."""
    actor = actor_of(request)
    form = ClientForm(request.POST or None, actor=actor)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        made, secret = client_create(
            actor=actor,
            name=chosen["name"],
            scopes=chosen["scopes"],
            limited=chosen["reach"] == "limited",
            program_ids=map(int, chosen.get("programs") or ()),
            cohort_ids=map(int, chosen.get("cohorts") or ()),
        )
        form = ClientForm(actor=actor)
    clients = list(clients_all())
    titles = _titles(clients)
    context = {
        "page_title": _("API clients"),
        "crumbs": [(_("Manage"), None), (_("People"), reverse("people"))],
        "clients": [(client, _limit_of(client, *titles)) for client in clients],
        "form": form,
        "made": made,
        "secret": secret,
        "token_url": request.build_absolute_uri(reverse("idp:oidc:token")),
    }
    return render(request, "dashboard/people/clients.html", context, status=400 if form.errors else 200)


def _titles(clients: list[ApiClient]) -> tuple[dict[int, str], dict[int, str]]:
    programs = {key for client in clients for key in client.program_ids}
    cohorts = {key for client in clients for key in client.cohort_ids}
    return (
        dict(Program.objects.filter(pk__in=programs).values_list("pk", "title")),
        dict(Cohort.objects.filter(pk__in=cohorts).values_list("pk", "title")),
    )


def _limit_of(client: ApiClient, programs: dict[int, str], cohorts: dict[int, str]) -> str:
    if not client.limited:
        return _("The whole site")
    titles = [programs.get(key, "") for key in client.program_ids] + [cohorts.get(key, "") for key in client.cohort_ids]
    return ", ".join(title for title in titles if title) or _("Nothing")


@require_POST
@needs_site_admin
def client_end(request: HttpRequest, client_id: str) -> HttpResponse:
    """Revoke a client; its tokens stop at once."""
    client = ApiClient.objects.filter(pk=client_id).select_related("client").first()
    if client is None:
        raise Missing()
    client_revoke(actor=actor_of(request), client=client)
    messages.success(request, _("%(name)s is revoked; its tokens stopped at once.") % {"name": client.client.name})
    return redirect("clients")
