"""Help: the keyboard shortcuts, and how to turn them off."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Shortcuts of every page, then those of the areas that this person may enter."""
    return render(request, "dashboard/help.html", {"page_title": _("Help and shortcuts")})
