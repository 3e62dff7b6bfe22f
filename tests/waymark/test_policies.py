"""What every answer tells the browser about itself."""

from __future__ import annotations

import pytest
from django.test import Client

ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/api/v1/docs/", "/nothing/", "/learn/", "/help/?q=%00"])
def test_every_page_is_closed_to_other_sites_and_to_devices(address: str) -> None:
    answer = Client().get(address)
    assert {name: answer.get(name) for name in ALWAYS} == ALWAYS
    assert "camera=()" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy
