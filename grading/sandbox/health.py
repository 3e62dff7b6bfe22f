"""What the workers found out about their sandboxes, for ``/readyz`` and for whoever waits."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from waymark.core.health import HEARTBEAT_AGE, MISSING, OK
from waymark.core.models import WorkerHeartbeat

QUEUES: Final = frozenset({"grading.checks", "grading.checks.gpu"})
NONE: Final = "missing: "
SELFTEST_SECONDS: Final = 120


def sandbox_state() -> str:
    """Try every limit in a process of its own: backend, level and image of the first that holds all.

    ``bubblewrap cgroup sha256:...``, or ``missing:`` and the reason.
    """
    if settings.SANDBOX == "none":
        return NONE + "WAYMARK_SANDBOX is none"
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "sandbox", "selftest", "--prepare"]
    try:
        done = subprocess.run(
            [*command, "--backend", settings.SANDBOX, "--format", "json"],
            capture_output=True,
            timeout=SELFTEST_SECONDS,
            check=False,
        )
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"{NONE}the self-test did not finish ({type(error).__name__})"
    for backend in found["backends"]:
        if backend.get("ok"):
            return f"{backend['backend']} {backend['level']} {backend['image']}"
    return (NONE + "; ".join(_problem(backend) for backend in found["backends"]))[:400]


def _problem(backend: dict[str, object]) -> str:
    if "unavailable" in backend:
        return str(backend["unavailable"])
    probes = backend["probes"]
    assert isinstance(probes, dict)
    failed = ", ".join(name for name, state in probes.items() if state != "ok")
    return f"{backend['backend']} ({backend['level']}) does not hold: {failed}"


def sandbox_check() -> str:
    """``ok`` when some living worker of checks has a sandbox that passed its self-test."""
    try:
        return OK if _living().exists() else MISSING
    except DatabaseError:
        return MISSING


def images_of_today() -> set[str]:
    """Digests of the images that living workers run submissions in; empty while none said it."""
    said = (state.split() for state in _living().values_list("sandbox", flat=True))
    return {words[2] for words in said if len(words) > 2}


def _living() -> QuerySet[WorkerHeartbeat]:
    """Workers with a sandbox that passed its self-test."""
    since = timezone.now() - HEARTBEAT_AGE
    return WorkerHeartbeat.objects.filter(seen_at__gte=since).exclude(sandbox="").exclude(sandbox__startswith=NONE)
