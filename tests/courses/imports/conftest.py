from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import cast  # noqa: F401 - the fixture


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nobody listens; what was rung."""
    rung: list[str] = []
    monkeypatch.setattr("courses.services.imports.ring_after_commit", rung.append)
    return rung
