"""A real browser for tests of pages: Debian's chromium, driven by Playwright.

``Walk`` is one window. It answers for what every page of Waymark owes: axe finds
nothing, the page never scrolls sideways, the console stays empty, and a picture
is left in ``var/screens/`` for the eye.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).resolve().parent / "vendor" / "axe.min.js"
SCREENS = Path(os.environ.get("WAYMARK_SCREENS", ROOT / "var" / "screens"))

# axe copies style sheets that are imported by others into the page, which the policy of the site forbids.
RUN_AXE = """() => {
    const imports = sheet => [...sheet.cssRules].some(rule => rule instanceof CSSImportRule);
    return axe.run(document, {resultTypes: ['violations'], preload: ![...document.styleSheets].some(imports)});
}"""

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (360, 1280)
HEIGHTS = {360: 740, 1280: 900}
PATIENCE = 30_000  # milliseconds: a busy machine is slow, and waiting costs nothing where all is well

expect.set_options(timeout=PATIENCE)


def chromium_path() -> str:
    """The browser of the system; a skip that says how to get it, or a failure under CI."""
    for name in (os.environ.get("WAYMARK_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    message = "No chromium on the PATH: install the package chromium, or set WAYMARK_CHROMIUM."
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser process; it runs in this thread, so Django must allow its event loop."""
    path = chromium_path()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def violations(page: Page) -> list[str]:
    """What axe finds, one line per node: rule, place and why."""
    page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate(RUN_AXE)
    return [
        f"{rule['id']}: {' '.join(str(part) for part in node['target'])}: "
        f"{node['failureSummary'].replace(chr(10), ' ')}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing on the page as it stands."""
    found = violations(page)
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways; wide things scroll in their own region."""
    width, inner = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if width <= inner:
        return
    culprits = page.evaluate(
        """inner => [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > inner + 1)
            .map(e => e.tagName.toLowerCase() + '.' + [...e.classList].join('.')).slice(0, 5)""",
        inner,
    )
    raise AssertionError(f"{page.url} is {width} pixels wide in a window of {inner}: {culprits}")


def leave(link: Locator) -> None:
    """Click what leads to another page, and wait until that page stands.

    A click alone returns before the answer has come, and what is read then is still the old page.
    """
    with link.page.expect_navigation():
        link.click()


class Walk:
    """One window of a given width and theme, with everything it complained about."""

    def __init__(self, browser: Browser, *, width: int = 1280, theme: Theme = "light", **options: Any) -> None:
        self.width = width
        self.theme = theme
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=theme,
            reduced_motion="reduce",
            **options,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _error(self, error: Error) -> None:
        self.complaints.append(f"exception: {error}")

    def assert_quiet(self) -> None:
        """Nothing was written to the console since the last call."""
        complaints, self.complaints = self.complaints, []
        assert not complaints, f"console of {self.page.url}:\n" + "\n".join(complaints)

    def picture(self, name: str) -> Path:
        """Keep the whole page as ``var/screens/<name>-<width>-<theme>.png``."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}-{self.width}-{self.theme}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def assert_finished(self, name: str) -> None:
        """Everything that a page owes, and its picture."""
        self.picture(name)
        assert_fits(self.page)
        assert_accessible(self.page)
        self.assert_quiet()

    def close(self) -> None:
        """End the window with its cookies."""
        self.context.close()
