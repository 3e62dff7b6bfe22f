"""Whether the process is up, whether it can serve, and its figures.

Answers hold names and states only: they are public. ``unready`` (503) means that
nothing can be served: no database, or one whose migrations are missing. A
missing broker or missing workers are ``degraded``: hand-ins are kept and graded
later, so traffic must go on.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import prometheus_client
import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from waymark.core.models import WorkerHeartbeat

BROKER_SECONDS: Final = 0.3
HEARTBEAT_AGE: Final = timedelta(seconds=30)
"""Workers write a sign of life every few seconds (``grading.tasks``); older ones count as gone."""

OK, MISSING = "ok", "missing"
FATAL: Final = frozenset({"database", "migrations"})

_migrated = False
"""Migrations do not become unapplied while the process lives, so one good answer is kept."""


def database_check() -> str:
    """``ok`` when the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("/* waymark.core.health.database */ SELECT 1")
    except DatabaseError:
        return MISSING
    return OK


def migrations_check() -> str:
    """``ok`` when every migration of the code is applied."""
    global _migrated
    if not _migrated:
        try:
            loader = MigrationLoader(connection)
        except DatabaseError:
            return MISSING
        _migrated = set(loader.disk_migrations) <= set(loader.applied_migrations)
    return OK if _migrated else MISSING


def broker_check() -> str:
    """``ok`` when Redis answers within :data:`BROKER_SECONDS`."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return MISSING
    finally:
        client.close()
    return OK


def workers_check() -> str:
    """``ok`` when some worker gave a sign of life lately."""
    since = timezone.now() - HEARTBEAT_AGE
    try:
        return OK if WorkerHeartbeat.objects.filter(seen_at__gte=since).exists() else MISSING
    except DatabaseError:
        return MISSING


CHECKS: Final[dict[str, Callable[[], str]]] = {
    "database": database_check,
    "migrations": migrations_check,
    "broker": broker_check,
    "workers": workers_check,
}
FIGURES: Final = prometheus_client.CollectorRegistry()
"""Figures of the whole installation, read from the database when somebody asks; apps register theirs in
``AppConfig.ready()``. Beside those of the processes, which may be summed over several of them."""


def check_register(name: str, check: Callable[[], str]) -> None:
    """Add a check to ``/readyz``; anything but ``ok`` means ``degraded``. Higher apps call it when they are ready."""
    CHECKS[name] = check


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """``{"status": "ready|degraded|unready", "checks": {name: "ok|missing|stuck"}}``; 503 only for ``unready``."""
    checks: dict[str, str] = {}
    for name, check in CHECKS.items():
        # Without a database the rest would only wait for it.
        checks[name] = MISSING if checks.get("database") == MISSING and name != "broker" else check()
    failed = {name for name, state in checks.items() if state != OK}
    status = "unready" if failed & FATAL else "degraded" if failed else "ready"
    return JsonResponse({"status": status, "checks": checks}, status=503 if status == "unready" else 200)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: with ``WAYMARK_METRICS_TOKEN``, or from this machine in the demo.

    Behind a proxy every peer is loopback, so in production only the token counts.
    """
    from django_prometheus.exports import ExportToDjangoView

    if not (_holds_metrics_token(request) or (not settings.PRODUCTION and is_loopback(request))):
        answer = JsonResponse({"status": "token needed"}, status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    exported: HttpResponse = ExportToDjangoView(request)
    exported.content += prometheus_client.generate_latest(FIGURES)
    return exported


def _holds_metrics_token(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    )


def is_loopback(request: HttpRequest) -> bool:
    """Whether the peer of the connection is this machine; headers of proxies are not read."""
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
