"""Requests in logs: who asked for what, without what must not be written down.

``gunicorn --logger-class waymark.core.access_log.AccessLogger`` writes the access
log, ``RequestMiddleware`` what the site itself says of a request. Query strings and
referrers are left out (codes, states and search words stand there), and so are the
keys of links that were sent by mail.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as StructlogMiddleware
from gunicorn.glogging import Logger

from waymark.core.masking import MaskedPaths, masked


class AccessLogger(Logger):
    """Gunicorn's logger with masked paths; also where its own log names the address of a request that failed."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(MaskedPaths())

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        path = masked(environ.get("PATH_INFO") or "-")
        protocol = environ.get("SERVER_PROTOCOL", "HTTP/1.1")
        return {**found, "r": f"{environ['REQUEST_METHOD']} {path} {protocol}", "U": path, "q": "", "f": "-"}


class RequestMiddleware(StructlogMiddleware):
    """django-structlog's middleware with masked paths."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {masked(request.path)}"
