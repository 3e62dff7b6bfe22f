"""Child processes that never outlive their purpose.

On Linux a parent-death signal ends a child when its parent dies, also by
SIGKILL. What was left behind all the same is found by recorded pid *and* start
time, so a reused pid is never touched.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")
PR_SET_CHILD_SUBREAPER = 36
LOG_LIMIT = 10 * 1024 * 1024
"""Bytes after which a service's log is put aside; one older log is kept."""


def guarded(command: Sequence[str], signum: int = signal.SIGTERM) -> list[str]:
    """*command*, to be sent *signum* when the process that starts it dies."""
    return [sys.executable, "-I", "-S", str(GUARD), str(int(signum)), *command]


def adopt_orphans() -> None:
    """From now on orphaned descendants become children of this process, so that it can end them (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start *command* in its own session, its output appended to *log*."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], signum: int, *, seconds: float) -> None:
    """Ask with *signum*, wait, and kill what is still there."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signum)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def start_time(pid: int) -> str | None:
    """When the kernel started *pid*; None where there is no such process (a zombie is none).

    Linux counts clock ticks since boot; elsewhere it is the date that ``ps`` knows.
    """
    if sys.platform != "linux":
        known = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return known.stdout.strip() or None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The command name may hold blanks and parentheses: count from the last one.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def alive(pid: int, started: str) -> bool:
    """Whether the process that was recorded as *pid*, started at *started*, still runs."""
    return start_time(pid) == started


def descendants(pid: int) -> dict[int, str]:
    """Every process below *pid*, with its start time."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc") if sys.platform == "linux" else []:
        if entry.isdigit():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry))
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            if (started := start_time(child)) is not None:
                found[child] = started
                waiting.append(child)
    return found


def end(recorded: Mapping[int, str], signum: int, *, seconds: float) -> None:
    """Send *signum* to recorded processes that still run, wait, then kill the rest."""
    for last in (signum, signal.SIGKILL):
        for pid, started in recorded.items():
            if alive(pid, started):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, last)
        if wait_until(lambda: not any(alive(*row) for row in recorded.items()), seconds=seconds):
            return


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Whether *ready* came true within *seconds*."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True
