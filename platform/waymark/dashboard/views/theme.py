"""The theme of the pages, chosen with or without JavaScript."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waymark.core.errors import Invalid
from waymark.dashboard.context import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_POST
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie and go back to the page; ``device`` forgets the choice."""
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen == "device":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    elif chosen in THEMES:
        # The script that changes the theme at once writes the same cookie, so it is not HttpOnly.
        response.set_cookie(THEME_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        raise Invalid(
            _("There is no theme “%(name)s”.") % {"name": chosen},
            where="theme",
            hint=_("Choose light, dark or device."),
        )
    return response
