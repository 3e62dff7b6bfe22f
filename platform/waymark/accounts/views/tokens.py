"""Personal tokens: listed, made, shown once, revoked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from waymark.accounts.forms import TokenForm
from waymark.accounts.rights import is_staff
from waymark.accounts.selectors.tokens import tokens_of
from waymark.accounts.services.tokens import token_create, token_revoke
from waymark.core.actors import actor_of
from waymark.core.errors import Missing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens of this person, and a form for another one. A new token is in the answer to its form, never again."""
    actor = actor_of(request)
    staff = actor.user_id is not None and is_staff(actor.user_id)
    form = TokenForm(request.POST or None, staff=staff)
    made, value = None, ""
    if request.method == "POST" and form.is_valid():
        made, value = token_create(
            actor=actor,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            days=int(form.cleaned_data["days"]),
        )
        form = TokenForm(staff=staff)
    context = {
        "page_title": _("Tokens"),
        "form": form,
        "tokens": tokens_of(actor),
        "made": made,
        "value": value,
    }
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@require_POST
def token_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Revoke one of one's own tokens."""
    actor = actor_of(request)
    token = tokens_of(actor).filter(uuid=uuid).first()
    if token is None:
        raise Missing()
    token_revoke(actor=actor, token=token)
    messages.success(request, _("The token %(name)s is revoked. It stopped working at once.") % {"name": token.name})
    return redirect("account_tokens")
