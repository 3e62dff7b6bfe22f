"""The suite's own PostgreSQL and Redis: one of each per run, on Unix sockets.

Under xdist the controller owns them and the workers get their addresses by the
environment; every worker has its own database (pytest-django's ``_gw0``) and
its own prefix of Redis keys.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from waymark.embedded.processes import alive, start_time
from waymark.embedded.services import Postgres, Redis, runtime_folder

KEY = "WAYMARK_TEST_SERVICES"
PREFIX, OWNER = "wmt", "owner"


@dataclass
class Services:
    folder: Path
    postgres: Postgres
    redis: Redis

    def stop(self) -> None:
        self.postgres.stop()
        self.redis.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_services() -> Services:
    """Start both; a run that is killed takes them along (parent-death signal)."""
    forget_killed_runs()
    folder = runtime_folder(PREFIX)
    (folder / OWNER).write_text(f"{os.getpid()} {start_time(os.getpid())}")
    postgres = Postgres(folder / "pg", folder, folder / "postgres.log", fast=True)
    redis = Redis(folder, folder / "redis.log")
    try:
        postgres.start()
        redis.start()
        postgres.create_database()
    except BaseException:
        postgres.stop()
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Services(folder, postgres, redis)


def forget_killed_runs() -> None:
    """Remove the folders of runs that were killed before they could do it themselves."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*/{OWNER}"):
        # Another user's folder cannot be looked into, so it is not found here.
        pid, _, started = owner.read_text().partition(" ")
        if pid.isdecimal() and not alive(int(pid), started):
            shutil.rmtree(owner.parent, ignore_errors=True)


def environment(services: Services) -> dict[str, str]:
    """What settings read in ``WAYMARK_MODE=test``."""
    return {
        "WAYMARK_MODE": "test",
        "WAYMARK_DATA": str(services.folder / "data"),
        "DATABASE_URL": services.postgres.url(),
        "REDIS_URL": services.redis.url,
        KEY: str(services.folder),
    }


def worker_prefix() -> str:
    """Prefix of this worker's Redis keys."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}:"


def end(process: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
    """Stop a process that a test started: SIGTERM, then SIGKILL."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
