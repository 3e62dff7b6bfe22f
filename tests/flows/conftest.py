"""Fixtures of the browser tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.flows.browser import Walk, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for the run of this worker."""
    with chromium() as process:
        yield process


@pytest.fixture
def walk(browser: Browser) -> Iterator[Callable[..., Walk]]:
    """Open windows: ``walk(width=360, theme="dark")``; they are closed after the test."""
    windows: list[Walk] = []

    def opened(**options: Any) -> Walk:
        windows.append(Walk(browser, **options))
        return windows[-1]

    yield opened
    for window in windows:
        window.close()
