"""Who an address belongs to."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from waymark.accounts.models import User
from waymark.core.errors import Refused


def person_of(address: str) -> User:
    """The person who has confirmed *address*, whichever of their addresses it is.

    :raises Refused: ``address_unknown`` or ``address_not_confirmed`` (409).
    """
    address = address.strip().lower()
    rows = EmailAddress.objects.filter(email__iexact=address).select_related("user").order_by("-verified", "pk")
    found = rows.first()
    if found is not None and found.verified:
        return found.user  # type: ignore[no-any-return]
    if found is not None or User.objects.filter(email__iexact=address).exists():
        raise Refused(
            _("%(address)s is not confirmed: follow the link in the mail first.") % {"address": address},
            code="address_not_confirmed",
        )
    raise Refused(
        _("Nobody has signed up as %(address)s: do that on the site first.") % {"address": address},
        code="address_unknown",
    )
