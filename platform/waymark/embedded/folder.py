"""The data folder: checked, locked, and cleared of what a killed launcher left behind."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from waymark.embedded.problems import StartProblem, of_file_error
from waymark.embedded.processes import alive, end

MIN_FREE = 200 * 1024 * 1024
"""Bytes that must be free: a fresh cluster and static files take about half of it."""
SOCKETS_PREFIX = "wm"


class DataFolder:
    """``WAYMARK_DATA``, held by one launcher at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = path / "run"
        self.log = path / "log"
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Make it, see that it can be used and has room, and lock it."""
        try:
            for folder in (self.path, self.run, self.log):
                folder.mkdir(parents=True, exist_ok=True)
                _owner_may_use(folder)
            # What this leads to (sockets, logs, demo mail) is nobody else's business.
            self.run.chmod(0o700)
            (self.run / "probe").write_bytes(b"x" * 4096)
            (self.run / "probe").unlink()
            self._lock = (self.run / "lock").open("a+")
        except OSError as error:
            raise of_file_error(error, self.path) from error
        try:
            # Held by this process alone: neither a fork nor an exec hands it on.
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
        space = os.statvfs(self.path)
        if (free := space.f_bavail * space.f_frsize) < MIN_FREE:
            raise StartProblem(
                f"The disk of {self.path} is full: {free >> 20} MB are free and Waymark needs {MIN_FREE >> 20} MB to "
                "start. Free some space, or set WAYMARK_DATA to a folder elsewhere."
            )

    @property
    def record(self) -> Path:
        return self.run / "processes.json"

    def remember(self, processes: Mapping[int, str], sockets: Path) -> None:
        """Record the running processes by pid and start time, for the start after a crash."""
        fresh = self.record.with_suffix(".new")
        rows = {str(pid): started for pid, started in processes.items()}
        fresh.write_text(json.dumps({"processes": rows, "sockets": str(sockets)}))
        fresh.replace(self.record)

    def end_leftovers(self) -> None:
        """End what an earlier launcher recorded and could not stop; the lock says that it is gone itself."""
        try:
            known = json.loads(self.record.read_text())
            processes = {int(pid): str(started) for pid, started in known["processes"].items()}
            sockets = Path(known["sockets"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return
        end(processes, signal.SIGINT, seconds=4)
        if any(alive(*row) for row in processes.items()):
            raise StartProblem(f"Processes of an earlier start on {self.path} cannot be ended: {sorted(processes)}.")
        if sockets.name.startswith(f"{SOCKETS_PREFIX}-") and _is_own_folder(sockets):
            shutil.rmtree(sockets, ignore_errors=True)
        self.record.unlink(missing_ok=True)

    def tell(self, environment: Mapping[str, str]) -> None:
        """Leave the addresses for other terminals (``waymark.core.environment``)."""
        path = self.run / "environment.json"
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(dict(environment), file)

    def close(self) -> None:
        """Take back what only a running product needs, and let the next one in."""
        if self._lock is None:
            return
        for name in ("environment.json", "processes.json"):
            (self.run / name).unlink(missing_ok=True)
        self._lock.close()
        self._lock = None


def _owner_may_use(folder: Path) -> None:
    """Root passes every permission by, PostgreSQL (which runs as nobody in particular) does not."""
    if folder.stat().st_mode & stat.S_IRWXU != stat.S_IRWXU:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _is_own_folder(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid in (os.geteuid(), 65_534)
