"""Where a request comes from, through as many proxies as the operator trusts."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client; empty when nothing names one.

    Each of ``TRUSTED_PROXIES`` proxies has appended the address of its own peer to
    ``X-Forwarded-For``, so the client is counted from the end: what stands before it
    was written by the client and proves nothing. A request that did not come
    through all of them counts as its nearest known peer.
    """
    stated = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    hops = [*stated, request.META.get("REMOTE_ADDR", "")]
    for hop in hops[-1 - settings.TRUSTED_PROXIES :]:
        if found := _address(hop):
            return found
    return ""


def _address(hop: str) -> str:
    """An address as one writes it: without the port and brackets that some proxies add."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return ""
