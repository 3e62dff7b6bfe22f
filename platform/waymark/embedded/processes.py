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

PR_SET_PDEATHSIG = 1
# Resolved before the fork: a child between fork and exec must not import or allocate much.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def dies_with_parent(signum: int) -> Callable[[], None] | None:
    """A ``preexec_fn`` that asks the kernel for *signum* when the parent dies."""
    if _PRCTL is None:
        return None
    parent, prctl = os.getpid(), _PRCTL

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def start(
    command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, death: int = signal.SIGTERM
) -> subprocess.Popen[bytes]:
    """Start *command* in its own session, its output appended to *log*."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            preexec_fn=dies_with_parent(death),
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
    """When the kernel started *pid*, in clock ticks since boot; None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The command name may hold blanks and parentheses: count from the last one.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Whether *ready* came true within *seconds*."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True
