"""Requests to addresses that somebody names reach public hosts only."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from waymark.core.errors import DomainError
from waymark.core.outgoing import Destination, destination

PUBLIC = "93.184.216.34"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Host -> addresses that a look-up gives; every other name is unknown."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = known.get(host, [])
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def refusal(url: str) -> str:
    with pytest.raises(DomainError) as refused:
        destination(url)
    assert refused.value.message.endswith(".")
    assert refused.value.hint
    return refused.value.code


def test_a_public_host_is_pinned_to_the_address_that_was_looked_at(names: dict[str, list[str]]) -> None:
    names["git.example.org"] = [PUBLIC, "2606:2800:220:1::1"]
    url = "https://git.example.org:8443/a.git"
    assert destination(url) == Destination(url, "https", "git.example.org", 8443, PUBLIC)
    assert destination("https://git.example.org").port == 443


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::1",
        "2001:0:53aa:64c:0:ffff:80ff:fffe", "fec0::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(names: dict[str, list[str]], address: str) -> None:
    names["inside.example.org"] = [address]
    assert refusal("https://inside.example.org/") == "not_public"
    # One public address among them does not help.
    names["both.example.org"] = [PUBLIC, address]
    assert refusal("https://both.example.org/") == "not_public"


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]:8000/", "https://[::ffff:7f00:1]/"])
def test_numbers_are_looked_at_like_names(names: dict[str, list[str]], url: str) -> None:
    assert refusal(url) == "not_public"


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    """The system's own look-up knows them, so it is asked."""
    assert refusal(f"https://{host}/") in {"not_public", "unknown_host"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://git.example.org/", "not_https"),
        ("ftp://git.example.org/", "no_address"),
        ("file:///etc/passwd", "no_address"),
        ("ext::sh -c id", "no_address"),
        ("git.example.org/a.git", "no_address"),
        ("https://", "no_address"),
        ("https:///a.git", "no_address"),
        ("https://git.example.org:99999/", "no_address"),
        ("https://git.example.org:0/", "no_address"),
        ("https://git.example.org/a b", "no_address"),
        ("https://git.example.org\\@inside/", "no_address"),
        ("https://git.example.org/\n", "no_address"),
        (f"https://{'a' * 64}.example.org/", "no_address"),
        ("https://user:secret@git.example.org/", "credentials"),
        ("https://token@git.example.org/", "credentials"),
        ("https://nobody.example.org/", "unknown_host"),
    ],
)
def test_what_is_no_address_of_https_is_refused(names: dict[str, list[str]], url: str, code: str) -> None:
    names["git.example.org"] = [PUBLIC]
    assert refusal(url) == code


def test_the_operator_allows_networks(names: dict[str, list[str]], settings: Any) -> None:
    settings.OUTGOING_ALLOW = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128")]
    names["git.intern"] = ["10.1.2.3"]
    assert destination("http://git.intern/a.git") == Destination(
        "http://git.intern/a.git", "http", "git.intern", 80, "10.1.2.3"
    )
    assert destination("https://[::1]/").pinned == "::1"
    assert refusal("https://127.0.0.1/") == "not_public"
    names["half.intern"] = ["10.1.2.3", PUBLIC]
    assert destination("https://half.intern/").pinned == "10.1.2.3"
    assert refusal("http://half.intern/") == "not_https"
