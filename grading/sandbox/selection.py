"""Which backend runs submissions here: the first whose image exists and whose self-test passes, or none.

There is no fallback that runs code outside a sandbox. Where nothing passes,
checks wait and the reason is told (docs/sandbox.md, *When nothing can run*).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings
from django.utils.crypto import salted_hmac

from grading.sandbox.bubblewrap.backend import BubblewrapBackend
from grading.sandbox.cgroups import Tree
from grading.sandbox.contract import Backend, SandboxUnavailable
from grading.sandbox.image import find
from grading.sandbox.selftest import Report, selftest

if TYPE_CHECKING:
    from grading.sandbox.docker.engine import Engine

log = structlog.get_logger(__name__)

TOLD_SECONDS: Final = 60.0
_lock = threading.Lock()
_told = 0.0
AHEAD: Final = 2
"""Sandboxes that wait: a check takes one for each of its two sides."""
_chosen: Backend | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A backend to try: making it raises :class:`SandboxUnavailable` where it cannot be."""

    name: str
    make: Callable[[], Backend]


def image_folder() -> Path:
    return Path(settings.DATA_DIR) / "sandbox"


def image_made() -> bool:
    """Whether an image is there that can still be used."""
    try:
        find(image_folder())
    except SandboxUnavailable:
        return False
    return True


def engine() -> Engine:
    """The container engine of this installation; :class:`SandboxUnavailable` when none answers."""
    # Its client is a tenth of a second of imports that no web server needs.
    from grading.sandbox.docker.engine import Engine

    # What belongs to whom is told apart without telling the key.
    installation = salted_hmac("waymark.sandbox", "installation", algorithm="sha256").hexdigest()[:20]
    return Engine(settings.SANDBOX_ENGINE, installation=installation, runtime=settings.SANDBOX_RUNTIME)


def _in_containers() -> Backend:
    from grading.sandbox.docker.backend import DockerBackend

    image, found = find(image_folder()), engine()
    found.sweep()
    return DockerBackend(image, found)


def _with_groups() -> Backend:
    groups = Tree(settings.SANDBOX_CGROUP)
    groups.sweep()
    return BubblewrapBackend(find(image_folder()), groups=groups, ahead=AHEAD)


def _supervised() -> Backend:
    if not settings.SANDBOX_SUPERVISED:
        raise SandboxUnavailable(
            "Without control groups the limits are only supervised, which production accepts"
            " with WAYMARK_SANDBOX_SUPERVISED=true alone."
        )
    return BubblewrapBackend(find(image_folder()), groups=None, ahead=AHEAD)


# In the order of preference.
CANDIDATES: Final = (
    Candidate("docker", _in_containers),
    Candidate("bubblewrap", _with_groups),
    Candidate("bubblewrap", _supervised),
)


def reports(setting: str) -> Iterator[tuple[Backend | None, Report | str]]:
    """Every candidate that *setting* allows, with its self-test or the sentence that says why there is none."""
    for candidate in CANDIDATES:
        if setting not in ("auto", candidate.name):
            continue
        try:
            backend = candidate.make()
        except SandboxUnavailable as error:
            yield None, f"{candidate.name}: {error}"
            continue
        yield backend, selftest(backend)


def chosen(setting: str | None = None) -> Backend:
    """The backend of this process, tried at the first use; :class:`SandboxUnavailable` when there is none.

    :param setting: instead of ``WAYMARK_SANDBOX``; its answer is not kept.
    """
    global _chosen
    if setting is not None:
        return _choose(setting)
    with _lock:
        if _chosen is None:
            _chosen = _choose(settings.SANDBOX)
        return _chosen


def _choose(setting: str) -> Backend:
    if setting == "none":
        raise SandboxUnavailable("WAYMARK_SANDBOX is none: submissions are not run here.")
    reasons: list[str] = []
    for backend, report in reports(setting):
        if isinstance(report, str):
            reasons.append(report)
        elif backend is not None and report.ok:
            return backend
        else:
            failed = "; ".join(f"{name}: {problem}" for name, problem in report.problems.items())
            reasons.append(f"{report.backend} ({report.level}): {failed}")
    raise SandboxUnavailable(" ".join(reasons) or f"There is no sandbox backend named {setting}.")


def sandbox_holds() -> bool:
    """Whether submissions can run in this process; the reason why not goes to the log, once a minute."""
    global _told
    try:
        chosen()
    except SandboxUnavailable as error:
        if time.monotonic() > _told:
            log.warning("submissions_wait", reason=str(error))
            _told = time.monotonic() + TOLD_SECONDS
        return False
    return True
