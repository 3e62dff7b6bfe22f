"""Requests to the WSGI application inside this process, as gunicorn would make them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any


def session_cookie(person: Any) -> str:
    """The header of a browser in which that person is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def getter(path: str, cookie: str) -> Callable[[], bytes]:
    """A call that asks for *path* and gives the body of a 200."""
    from waymark.wsgi import application

    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookie, "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip

    def get() -> bytes:
        status: list[str] = []
        answer = application(
            {**environ, "wsgi.input": io.BytesIO()}, lambda line, headers, info=None: status.append(line)
        )
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path} answered {status[0]}")
        return body

    return get


Statement = tuple[str, tuple[Any, ...] | None]


def statements_of(call: Callable[[], object]) -> list[Statement]:
    """The SQL that a call sends, each with its values."""
    from django.db import connection

    found: list[Statement] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        found.append((statement, tuple(values) if values else None))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        call()
    return found


def replay(statements: list[Statement]) -> Callable[[], None]:
    """A call that sends the same statements through a bare psycopg connection and fetches their rows.

    psycopg prepares them after some rounds, so this is the least that the answer can cost.
    """
    import psycopg

    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def run() -> None:
        with connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
                if cursor.description:
                    cursor.fetchall()

    return run
