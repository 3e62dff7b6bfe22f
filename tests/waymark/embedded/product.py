"""The product as a person starts it: a process in a terminal, watched from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.workers import wait_for
from waymark.embedded.processes import guarded, start_time

ROOT = Path(__file__).resolve().parents[3]
UP = (sys.executable, "-m", "waymark.embedded.up")
START_SECONDS = 150
"""The first start on a busy machine: migrations, static files, the whole curriculum."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def outside(data: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh terminal: nothing of the suite's own services in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "PYTEST_"))}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        kept.pop(name, None)
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    return {**kept, "PYTHONPATH": path, "WAYMARK_DATA": str(data), **more}


def of_folder(data: Path) -> dict[int, str]:
    """Running processes that belong to *data*, by what is in their environment or command line."""
    found, needle = {}, str(data).encode()
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            said = Path(f"/proc/{entry}/environ").read_bytes() + Path(f"/proc/{entry}/cmdline").read_bytes()
        except OSError:
            continue
        if needle in said and (started := start_time(int(entry))) is not None:
            found[int(entry)] = started
    return found


def refusal(data: Path, *, seconds: float = 20, **environment: str) -> str:
    """Start where it cannot work; the one sentence that is said."""
    done = subprocess.run(
        UP, cwd=ROOT, env=outside(data, **environment), capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("Waymark cannot start. ")
    return line.removeprefix("Waymark cannot start. ")


class Product:
    """One ``make up`` on *data*."""

    def __init__(self, data: Path, command: Sequence[str] = UP, **environment: str) -> None:
        self.data, self.port = data, int(environment.pop("PORT", 0)) or free_port()
        self.words = data.parent / f"{data.name}-{self.port}.log"
        self.environment = outside(data, PORT=str(self.port), **environment)
        with self.words.open("wb") as output:
            # A suite that is killed takes the product along.
            self.process = subprocess.Popen(
                guarded(command), cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def wait_ready(self) -> Product:
        wait_for(self._ready, seconds=START_SECONDS, what="the product being ready")
        return self

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Stop it with Ctrl-C" in self.said()

    def said(self) -> str:
        return self.words.read_text()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def known(self) -> dict[str, Any]:
        """What it left for other terminals."""
        known: dict[str, Any] = json.loads((self.data / "run" / "environment.json").read_text())
        return known

    def sockets(self) -> Path:
        return Path(self.known()["REDIS_URL"].removeprefix("unix://").partition("?")[0]).parent

    def stop(self, signum: int = signal.SIGTERM) -> float:
        """Send *signum* and wait; the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signum)
        self.process.wait(30)
        return time.monotonic() - began

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def close(self) -> None:
        """End whatever a failed test left."""
        if self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        for pid in of_folder(self.data):
            os.kill(pid, signal.SIGKILL)
