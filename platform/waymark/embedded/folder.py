"""The data folder: checked, locked, and cleared of what a killed launcher left behind."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from waymark.embedded.problems import StartProblem
from waymark.embedded.processes import end

MIN_FREE = 200 * 1024 * 1024
"""Bytes that must be free: a fresh cluster and static files take about half of it."""


class DataFolder:
    """``WAYMARK_DATA``, held by one launcher at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = path / "run"
        self.log = path / "log"
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Make it, see that it can be written and has room, and lock it."""
        try:
            for folder in (self.path, self.run, self.log):
                folder.mkdir(parents=True, exist_ok=True)
            probe = self.run / "probe"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
            space = os.statvfs(self.path)
            if space.f_bavail * space.f_frsize < MIN_FREE:
                raise OSError(errno.ENOSPC, "too little room")
            self._lock = (self.run / "lock").open("a+")
        except OSError as error:
            raise StartProblem(_sentence(self.path, error)) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.seek(0)
            holder = self._lock.read().strip()
            raise StartProblem(
                f"Waymark already runs on {self.path}{f' (process {holder})' if holder else ''}: "
                "stop it first, or give this one its own folder with WAYMARK_DATA."
            ) from error
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    @property
    def record(self) -> Path:
        return self.run / "processes.json"

    def remember(self, processes: Mapping[int, str]) -> None:
        """Record the running processes by pid and start time, for the start after a crash."""
        fresh = self.record.with_suffix(".new")
        fresh.write_text(json.dumps({str(pid): started for pid, started in processes.items()}))
        fresh.replace(self.record)

    def end_leftovers(self) -> None:
        """End what an earlier launcher recorded and could not stop."""
        try:
            recorded = {int(pid): str(started) for pid, started in json.loads(self.record.read_text()).items()}
        except (OSError, ValueError):
            return
        end(recorded, signal.SIGINT, seconds=4)
        self.record.unlink(missing_ok=True)

    def tell(self, environment: Mapping[str, str]) -> None:
        """Leave the addresses for other terminals (``waymark.core.environment``)."""
        path = self.run / "environment.json"
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(dict(environment), file)

    def close(self) -> None:
        for name in ("environment.json", "processes.json"):
            (self.run / name).unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is too little room on the disk of {path}: Waymark needs {MIN_FREE // 1024 // 1024} MB to start."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path} cannot be read and written by this user: change its rights or choose another with WAYMARK_DATA."
    return f"{path} cannot be used as the data folder ({error.strerror}): choose another with WAYMARK_DATA."
