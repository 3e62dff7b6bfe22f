"""The access log holds paths, and nothing that opens something."""

from __future__ import annotations

import datetime as dt
import logging
from types import SimpleNamespace

import pytest
from django.test import Client
from gunicorn.config import Config

from waymark.core.access_log import AccessLogger
from waymark.core.masking import MaskedPaths, masked


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/learn/", "/learn/"),
        ("/identity/o/authorize?code=secret&state=x", "/identity/o/authorize"),
        ("/accounts/confirm-email/MjQ:1abc:secret/", "/accounts/confirm-email/[key]/"),
        ("/accounts/password/reset/key/1-secret-token/", "/accounts/password/reset/key/[key]/"),
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
