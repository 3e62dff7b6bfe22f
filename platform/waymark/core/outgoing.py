"""Where the server may send requests that somebody else named: public addresses, and each looked up once.

Whoever names an address could name this machine, its neighbours, or the metadata
service of a cloud. A name is therefore looked up here, all of its addresses must be
public, and the caller connects to the address that was looked at (``pinned``), so
that a second look-up cannot answer differently. Redirects are the caller's to refuse.
``WAYMARK_OUTGOING_ALLOW`` names networks that are reached all the same, also without TLS.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from waymark.core.errors import Invalid, Refused

PORTS = {"https": 443, "http": 80}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_EMBEDDING = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class Destination:
    """An address that may be asked.

    :param url: as given.
    :param pinned: the one IP address to connect to; the host name is for TLS and the request only.
    """

    url: str
    scheme: str
    host: str
    port: int
    pinned: str


def destination(url: str) -> Destination:
    """Check an address before it is asked. Looks its host up, and sends nothing to it.

    :raises Invalid: it is no address of HTTPS, or holds a user or a password.
    :raises Refused: its host is unknown, or not public.
    """
    scheme, host, port = _parts(url)
    found = _look_up(host, port)
    allowed = settings.OUTGOING_ALLOW
    inside = [any(address in network for network in allowed) for address in found]
    if not all(known or _is_public(address) for known, address in zip(inside, found, strict=True)):
        raise Refused(
            _("%(host)s is not a public address.") % {"host": host}, code="not_public",
            hint=_("Use a server that everybody can reach, or have the operator allow its network."),
        )  # fmt: skip
    if scheme == "http" and not all(inside):
        raise Invalid(_("Only addresses of https:// are asked."), code="not_https", hint=_("Use https://."))
    return Destination(url, scheme, host, port, str(found[0]))


def _parts(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        scheme, port = parts.scheme.lower(), parts.port
        host = (parts.hostname or "").encode("idna").decode() if not _is_ip(parts.hostname) else parts.hostname or ""
    except (ValueError, UnicodeError):
        scheme, host, port = "", "", None
    if scheme not in PORTS or not host or port == 0 or any(letter <= " " or letter in "\\\x7f" for letter in url):
        raise Invalid(
            _("This is no whole address."), code="no_address", hint=_("Write it as https://host/path."),
        )  # fmt: skip
    if parts.username is not None or parts.password is not None:
        raise Invalid(
            _("The address holds a user or a password."), code="credentials",
            hint=_("Take them out: addresses are shown and logged."),
        )  # fmt: skip
    return scheme, host, PORTS[scheme] if port is None else port


def _is_ip(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def _look_up(host: str, port: int) -> list[Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(
            _("%(host)s is not known.") % {"host": host}, code="unknown_host", hint=_("Check how it is spelt.")
        ) from error
    # A scope (fe80::1%eth0) names an interface of this machine.
    return list(dict.fromkeys(ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows))


def _is_public(address: Address) -> bool:
    """Whether anybody on the internet reaches it, whatever IPv4 address it stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and any(address in network for network in _EMBEDDING):
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None:
            return _is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast
