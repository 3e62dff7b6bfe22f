"""What every test may use: services, limits, and a summary of time per folder."""

from __future__ import annotations

import os
import socket
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.utils import translation

if TYPE_CHECKING:
    from tests.workers import RedisControl, Worker

ROOT = Path(__file__).resolve().parents[1]

# How fast examples are made says something about the machine, not about the code.
hypothesis.settings.register_profile("waymark", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("waymark")

_seconds: dict[str, float] = defaultdict(float)


# -- what the machine has ---------------------------------------------------------
def need(present: bool, what: str, how: str) -> None:
    """Skip with one line that says how to get *what*; under CI a missing piece is a failure."""
    if present:
        return
    message = f"{what} is missing here: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def waymark_corpus() -> Path:
    """Folder of real curriculum documents: ``WAYMARK_CORPUS``, else beside the checkout."""
    folder = Path(os.environ.get("WAYMARK_CORPUS", ROOT.parent / "shared" / "corpus"))
    need(folder.is_dir(), "the corpus", "set WAYMARK_CORPUS to a folder of curriculum documents")
    return folder


# -- limits -----------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test talks to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request in another language leaves it behind in the thread; the next test begins in English."""
    yield
    translation.activate("en")


@pytest.fixture(autouse=True)
def _rate_limits_begin_anew(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits are on in tests too, and the table they count in is no model's: no flush empties it."""
    yield
    marker = request.node.get_closest_marker("django_db")
    committed = {"transactional_db", "live_server"} & set(request.fixturenames)
    if committed or (marker and (marker.kwargs.get("transaction") or any(marker.args))):
        from django.core.cache import cache

        with request.getfixturevalue("django_db_blocker").unblock():
            cache.clear()


# -- Celery and Redis -----------------------------------------------------------------
@pytest.fixture
def celery_workers(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start real workers: ``celery_workers(queues=["grading.quiz"], concurrency=2, SOME_VARIABLE="x")``.

    They work on this test's database and prefix, take tasks when the call returns,
    and are gone before the tables are flushed.
    """
    from tests.workers import ALL_QUEUES, Worker, forget_messages

    forget_messages()
    started: list[Worker] = []

    def start(
        queues: Sequence[str] = ALL_QUEUES, concurrency: int = 1, include: Sequence[str] = (), **environment: str
    ) -> Worker:
        worker = Worker(tmp_path, queues=queues, concurrency=concurrency, include=include)
        started.append(worker)
        return worker.start(**environment)

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def celery_worker(celery_workers: Callable[..., Worker]) -> Worker:
    """One real worker that serves every queue."""
    return celery_workers()


@pytest.fixture
def redis_server() -> Iterator[RedisControl]:
    """A Redis of this test's own, which it may ``stop()``, ``freeze()``, ``empty()`` and ``start()`` again.

    The site publishes to it for the length of the test; workers started by
    ``celery_workers`` after this fixture listen to it.
    """
    from django.conf import settings

    from tests.workers import RedisControl, point_broker_at

    before = settings.REDIS_URL
    control = RedisControl()
    try:
        control.start()
        point_broker_at(control.url)
        yield control
    finally:
        point_broker_at(before)
        control.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "celery_workers" in getattr(item, "fixturenames", ()):
            item.add_marker("celery")


# -- time per folder --------------------------------------------------------------
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    folder = "/".join(report.nodeid.partition("::")[0].split("/")[:2])
    _seconds[folder] += report.duration


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not _seconds:
        return
    terminalreporter.section("time per folder")
    for folder, seconds in sorted(_seconds.items(), key=lambda item: -item[1]):
        terminalreporter.write_line(f"{seconds:8.1f} s  {folder}")
