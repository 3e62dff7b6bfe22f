"""Profile: name, language, time zone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from waymark.accounts.forms import ProfileForm
from waymark.accounts.models import User
from waymark.accounts.services.people import profile_save
from waymark.core.actors import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """See and change one's own profile."""
    assert isinstance(request.user, User)
    # Another instance: a form with faults must not change the name in the bar of the same page.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        profile_save(actor=actor_of(request), person=form.instance)
        messages.success(request, _("Your profile is saved."))
        return redirect("account_profile")
    status = 400 if form.errors else 200
    return render(request, "accounts/profile.html", {"page_title": _("Profile"), "form": form}, status=status)


@login_not_required
@require_POST
def language_choose(request: HttpRequest) -> HttpResponseBase:
    """Write pages in another language: in a cookie for visitors, in the account for those signed in."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and check_for_language(language):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return set_language(request)
