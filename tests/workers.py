"""Real Celery workers and a Redis that can be taken away, for tests about either.

A worker runs as a process of its own on this xdist worker's database and prefix
of Redis keys. It must be stopped before the tables are flushed, so its fixture
depends on ``transactional_db``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from celery import Celery
from django.conf import settings
from django.db import connection
from kombu import pools

from tests.services import end
from waymark.embedded.processes import guarded
from waymark.embedded.services import Redis, runtime_folder

ROOT = Path(__file__).resolve().parents[1]
ALL_QUEUES = ("grading.quiz", "grading.checks", "grading.regrade", "imports", "fetches", "default")


def wait_for(condition: Callable[[], Any], *, seconds: float = 20, what: str = "the condition") -> Any:
    """The first true value of *condition*, asked again and again; fails after *seconds*."""
    until = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.02)


class Worker:
    """One Celery worker. ``pid`` is its main process; ``kill()`` is the crash, ``stop()`` the normal end."""

    def __init__(
        self, folder: Path, *, queues: Sequence[str] = ALL_QUEUES, concurrency: int = 1, include: Sequence[str] = ()
    ) -> None:
        self.name = f"test-{uuid.uuid4().hex[:8]}@localhost"
        self.include = tuple(include)
        self.queues, self.concurrency = tuple(queues), concurrency
        self.log = folder / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, **environment: str) -> Self:
        """Start it and wait until it takes tasks; *environment* is added to this process's own."""
        from waymark.celery import app

        database = (
            f"postgresql://waymark@/{connection.settings_dict['NAME']}?host={os.environ['WAYMARK_TEST_SERVICES']}"
        )
        command = [
            sys.executable, "-m", "celery", "-A", "waymark.celery", "worker", "-n", self.name, "-l", "INFO",
            "-Q", ",".join(self.queues), "-c", str(self.concurrency), "--without-gossip", "--without-mingle",
            *(f"--include={module}" for module in self.include),
        ]  # fmt: skip
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "DATABASE_URL": database,
            "REDIS_URL": settings.REDIS_URL,
            **environment,
        }
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                guarded(command, signal.SIGKILL),
                cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        wait_for(lambda: self._answers(app), seconds=30, what=f"start of {self.name}")
        return self

    def _answers(self, app: Celery) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the worker ended by itself:\n{self.log.read_text()[-3000:]}")
        return bool(app.control.ping(destination=[self.name], timeout=0.3))

    def words(self) -> str:
        """Everything it has written so far."""
        return self.log.read_text()

    def kill(self) -> None:
        """SIGKILL for the worker and its children at once, as a machine that loses power."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
            self.process = None

    def stop(self) -> None:
        """SIGTERM: it finishes its task; what is left after five seconds is killed."""
        if self.process is None:
            return
        end(self.process, seconds=5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None


class RedisControl:
    """A private Redis that this test may stop, freeze, empty and start again.

    While it is in use the site's broker and ``settings.REDIS_URL`` point at it.
    """

    def __init__(self) -> None:
        self.folder = runtime_folder("wmr")
        self.server = Redis(self.folder, self.folder / "redis.log")

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> None:
        self.server.start()

    def stop(self) -> None:
        """Refuse connections from now on; what it held is lost."""
        self.server.stop()

    def freeze(self) -> None:
        """Accept connections and never answer: the outage that hurts most."""
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        """Forget everything, as after a restart without its file."""
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def close(self) -> None:
        if self.server.process is not None:
            self.thaw()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def forget_messages() -> None:
    """Delete this xdist worker's keys: what an earlier test left in its queues."""
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        if keys := list(client.scan_iter(match=f"{os.environ['WAYMARK_REDIS_PREFIX']}*", count=1000)):
            client.delete(*keys)


def point_broker_at(url: str) -> None:
    """Let this process publish to the Redis at *url* (redis-py's spelling), by every connection it keeps."""
    from waymark.celery import app
    from waymark.core import ring
    from waymark.core.celery_settings import broker_url

    settings.REDIS_URL = url
    settings.CELERY_BROKER_URL = broker_url(url)
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = settings.CELERY_BROKER_URL
    pools.reset()
    app.amqp._producer_pool = None
    app._pool = None
    ring._forget()
    ring._silent_until = 0.0
