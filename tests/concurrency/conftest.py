"""What the tests with committed transactions share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grading.policy.compile import rules_forget
from grading.structure import structure_forget
from tests.grading import build
from waymark.core import ring


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    structure_forget()
    rules_forget()
    ring.ring_again()
    yield
    structure_forget()
    rules_forget()
    ring.ring_again()


@pytest.fixture
def world(transactional_db: None) -> build.World:
    return build.make_world()
