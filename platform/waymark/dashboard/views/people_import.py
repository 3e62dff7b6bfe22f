"""Manage > People > Import a list: upload, preview, apply."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.roster.apply import people_apply
from courses.roster.preview import preview
from courses.roster.reading import Sheet, read
from waymark.core.actors import actor_of
from waymark.core.errors import DomainError
from waymark.dashboard.guards import needs_area
from waymark.dashboard.people_forms import ListForm, PreviewedForm
from waymark.dashboard.views.joining import invitation_link


@require_http_methods(["GET", "HEAD", "POST"])
@needs_area("manage")
def people_import(request: HttpRequest) -> HttpResponse:
    """The form; a file sent with it is answered by its preview, and nothing is written."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if not form.is_valid():
        return _page(request, form, status=400 if form.is_bound else 200)
    file = form.cleaned_data["file"]
    return _preview(request, read(file.name, file.read()))


@require_http_methods(["POST"])
@needs_area("manage")
def people_import_apply(request: HttpRequest) -> HttpResponse:
    """Apply the list that was previewed; when that is refused, what it would do now is shown instead."""
    form = PreviewedForm(request.POST)
    if not form.is_valid():
        return redirect("people_import")
    sheet = read(form.cleaned_data["name"], form.cleaned_data["text"].encode())
    try:
        done = people_apply(
            actor=actor_of(request), sheet=sheet, preview_id=form.cleaned_data["preview"], link=invitation_link(request)
        )
    except DomainError as refused:
        return _preview(request, sheet, status=refused.status, refusal=refused)
    changed = sum(step.action != "none" for step in done.steps)
    text = ngettext("%(n)d row changed something.", "%(n)d rows changed something.", changed) % {"n": changed}
    messages.success(request, f"{sheet.file}: {text}")
    return redirect("people")


def _preview(request: HttpRequest, sheet: Sheet, *, status: int = 200, **extra: Any) -> HttpResponse:
    found = preview(actor_of(request), sheet)
    changes = [step for step in found.steps if step.action != "none"]
    previewed = PreviewedForm({"name": sheet.file, "text": sheet.text, "preview": found.id})
    context = {"found": found, "changes": changes, "name": sheet.file, "previewed": previewed, **extra}
    return _page(request, ListForm(), status=400 if found.errors else status, **context)


def _page(request: HttpRequest, form: ListForm, *, status: int, **extra: Any) -> HttpResponse:
    context = {
        "page_title": _("Import a list"),
        "crumbs": [(_("Manage"), None), (_("People"), reverse("people"))],
        "form": form,
        **extra,
    }
    return render(request, "dashboard/people/import.html", context, status=status)
