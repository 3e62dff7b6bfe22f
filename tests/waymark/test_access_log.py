"""The access log holds paths, and nothing that opens something."""

from __future__ import annotations

import datetime as dt
import logging
from logging.config import dictConfig
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config

from tests.security.table import addresses
from waymark.core.access_log import AccessLogger
from waymark.core.logging import LOGGING
from waymark.core.masking import MaskedPaths, masked


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/learn/", "/learn/"),
        ("/identity/o/authorize?code=secret&state=x", "/identity/o/authorize"),
        ("/accounts/confirm-email/MjQ:1abc:secret/", "/accounts/confirm-email/[key]/"),
        ("/accounts/password/reset/key/1-secret-token/", "/accounts/password/reset/key/[key]/"),
        ("/invitations/0199-secret/", "/invitations/[key]/"),
        ("/teach/joining/invitations/0199-secret/renew/", "/teach/joining/invitations/[key]/renew/"),
        ("/demo/mail/secret.log/", "/demo/mail/[key]/"),
        # A link that was pasted wrongly opens as much; and a path cannot begin a line of its own.
        ("/learn//invitations//secret", "/learn//invitations//[key]"),
        ('/learn/\n127.0.0.1 "GET', "/learn/%0A127.0.0.1%20%22GET"),
    ],
)
def test_queries_and_keys_are_not_written(path: str, written: str) -> None:
    assert masked(path) == written


def test_a_line_of_the_log_holds_no_secret() -> None:
    logger = AccessLogger(Config())
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/accounts/confirm-email/MjQ:1abc:secret/",
        "RAW_URI": "/accounts/confirm-email/MjQ:1abc:secret/?next=secret",
        "QUERY_STRING": "next=secret",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_REFERER": "http://learn.example.org/accounts/confirm-email/secret/",
    }
    answer = SimpleNamespace(status="200 OK", sent=10, headers=[])
    request = SimpleNamespace(headers=[])
    atoms = logger.atoms(answer, request, environ, dt.timedelta(milliseconds=5))
    line = Config().access_log_format % atoms
    assert '"GET /accounts/confirm-email/[key]/ HTTP/1.1" 200' in line
    assert "secret" not in line


KEYS = {"key", "uidb36", "token", "secret", "code"}


# Where a key is the name of a thing: MOD-101, or the number of a finding in its report.
NAMES = {"module", "content_module", "finding_settle", "finding_unsettle", "api:import_finding"}


def test_every_address_whose_argument_is_a_key_is_masked() -> None:
    taken = {}
    for name, entry in addresses():
        names = set(entry.pattern.converters) | set(entry.pattern.regex.groupindex)
        if KEYS & names and name not in NAMES:
            taken[name] = {argument: "1" if argument == "uidb36" else "secret" for argument in names}
    assert {"account_confirm_email", "account_reset_password_from_key"} <= taken.keys()
    for name, arguments in taken.items():
        assert "secret" not in masked(reverse(name, kwargs=arguments)), name


def test_gunicorns_own_words_about_a_request_hold_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    logger = AccessLogger(Config())
    logger.error("Error handling request %s", "/accounts/confirm-email/secret/?next=secret")
    said = capsys.readouterr().err
    assert "Error handling request /accounts/confirm-email/[key]/" in said
    assert "secret" not in said


@pytest.mark.django_db
def test_no_line_of_the_site_holds_a_key_or_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way to standard error, for what the site and what Django itself says."""
    dictConfig(LOGGING)  # with the stream of this test
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.post("/accounts/password/reset/key/1-secret/?code=secret", headers={"X-Forwarded-For": "203.0.113.7"})
    browser.get("/invitations/secret/?code=secret", headers={"Referer": "https://learn.example.org/?code=secret"})
    said = capsys.readouterr().err
    assert "/accounts/password/reset/key/[key]/" in said
    assert "/invitations/[key]/" in said
    assert "django.security.csrf" in said
    assert "secret" not in said
    assert "203.0.113.7" not in said


@pytest.mark.django_db
def test_what_the_site_says_of_a_request_holds_no_secret(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="django_structlog.middlewares.request"):
        client.get("/accounts/password/reset/key/1-secret-token/?code=secret")
    said = [str(record.msg) for record in caplog.records if "request_finished" in str(record.msg)]
    assert len(said) == 1
    assert "/accounts/password/reset/key/[key]/" in said[0]
    assert "secret" not in said[0]


def test_a_failure_that_django_logs_holds_no_key() -> None:
    path = "/accounts/confirm-email/secret/"
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (path,), None)
    assert MaskedPaths().filter(record)
    assert record.getMessage() == "Internal Server Error: /accounts/confirm-email/[key]/"
