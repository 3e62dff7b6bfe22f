"""What the tests of grading share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from courses.models import Enrolment
from grading.policy import compile as policy_compile
from grading.structure import structure_forget
from tests.grading import build
from waymark.core import ring


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Shapes and rules are kept per process; a test's rows are not."""
    structure_forget()
    policy_compile.rules_forget()
    ring.ring_again()
    yield
    structure_forget()
    policy_compile.rules_forget()
    ring.ring_again()


@pytest.fixture
def own_storage(settings: Any, tmp_path: Path) -> None:
    """What is handed in is kept with the test."""
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Queues that were rung, instead of ringing them."""
    queues: list[str] = []
    heard: Callable[[str], bool] = lambda queue: queues.append(queue) is None  # noqa: E731
    monkeypatch.setattr(ring, "ring", heard)
    monkeypatch.setattr("grading.services.sweep.ring", heard)
    monkeypatch.setattr("grading.tasks.ring", heard)
    return queues


@pytest.fixture
def world(db: None) -> build.World:
    return build.make_world()


@pytest.fixture
def enrolment(world: build.World) -> Enrolment:
    return build.enrol(world)
