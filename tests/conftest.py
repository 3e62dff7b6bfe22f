"""What every test may use: services, limits, and a summary of time per folder."""

from __future__ import annotations

import os
import socket
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

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
