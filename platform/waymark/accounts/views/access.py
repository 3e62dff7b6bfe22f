"""Who looked through my eyes; and the end of such a look."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waymark.accounts.middleware import SESSION_KEY
from waymark.accounts.models import User
from waymark.accounts.selectors.tokens import actings_through
from waymark.accounts.services.acting import acting_stop

SHOWN = 200


@require_safe
def access_list(request: HttpRequest) -> HttpResponse:
    """Every time a site admin acted as this person."""
    assert isinstance(request.user, User)
    context = {"page_title": _("Access by staff"), "actings": actings_through(request.user.pk)[:SHOWN]}
    return render(request, "accounts/access.html", context)


@require_POST
def act_as_stop(request: HttpRequest) -> HttpResponse:
    """Be oneself again; back to the page of the person. Without a look under way nothing happens."""
    acting = getattr(request, "acting", None)
    request.session.pop(SESSION_KEY, None)
    if acting is None:
        return redirect("/")
    acting_stop(acting=acting)
    messages.success(request, _("You are yourself again."))
    return redirect("person", uuid=acting.person.uuid)
