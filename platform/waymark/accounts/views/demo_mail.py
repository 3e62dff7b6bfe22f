"""The demo's mailbox: everything that was sent, for whoever sits at this machine."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from waymark.accounts.demo_mail import Mail, mail_named, mails
from waymark.core.errors import Missing
from waymark.core.health import is_loopback


@login_not_required
@never_cache
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The latest messages of the demo; for other machines there is no such page."""
    if not is_loopback(request):
        raise Missing()
    return render(request, "accounts/demo_mail.html", {"page_title": _("Mail of this demo"), "mails": mails()})


@login_not_required
@never_cache
@require_safe
def mail_read(request: HttpRequest, name: str) -> HttpResponse:
    """One message, its links clickable."""
    mail: Mail | None = mail_named(name) if is_loopback(request) else None
    if mail is None:
        raise Missing()
    return render(request, "accounts/demo_mail_read.html", {"page_title": mail.subject, "mail": mail})
