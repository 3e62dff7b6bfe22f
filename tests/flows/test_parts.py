"""Every component of the look, in a real browser, both themes, phone and desktop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import Route, expect

from tests.flows.browser import THEMES, WIDTHS, Walk
from waymark.core.templatetags.waymark import STATES
from waymark.dashboard.context import Link

ADDRESS = "http://parts.test/"
STATIC = Path(settings.BASE_DIR) / "platform" / "waymark" / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

MARKDOWN = """
Write `analyse(layers)`. It receives the **layers** of an image, oldest first.

## Report three rules

- `cache-kept`: a package cache left in a layer
- [`removed-later`](https://example.org/layers): a file deleted by a later layer

1. Read the layers
2. Add up what each wastes

```python
def analyse(layers: list[Layer]) -> list[Finding]:
    # largest saving first
    return sorted(findings(layers), key=lambda f: -f.bytes, reverse=False) or ["nothing", 0]
```

| rule | bytes |
|---|---:|
| cache-kept | 31 044 |

> Following your findings must shrink the sample image by at least 30 %.
"""


SOURCES = [("r", "The roadmap"), ("m", "The master plan")]
SCOPES = [("p", "Read programs"), ("g", "Read grades")]


class PartsForm(forms.Form):
    hours = forms.DecimalField(label="Hours per week", help_text="Moves your projected finish, never a due date.")
    git = forms.URLField(label="Git URL", assume_scheme="https", help_text="Read once, at the commit you name.")
    reason = forms.CharField(label="Reason for the override", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    path = forms.ChoiceField(label="Path", choices=[("a", "Complete Mastery, 26 exercises"), ("b", "Fast Track")])
    which = forms.ChoiceField(label="Which one holds?", choices=SOURCES, widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(label="May", choices=SCOPES, widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="I have read the rules of this program")
    file = forms.FileField(label="Archive", required=False)


def context() -> dict[str, Any]:
    now = timezone.now()
    sections = [
        Link("Review queue", "/r/", "true"),
        Link("Cohorts", "/c/"),
        Link("Gradebook", "/g/"),
        Link("Insights", "/i/"),
    ]
    question = {
        "label": "Questions 15, 18 and 20",
        "value": "0 of 3",
        "state": "failed",
        "why": "Explanations open on 1 December.",
        "link": ("Ask for a second look", "#ask"),
    }
    quizzes = [
        {"label": "MOD-101 quiz", "value": "9.0 of 10", "state": "done", "why": "Attempt 2 of 3 counts."},
        {"label": "MOD-102 quiz", "value": "8.5 of 10", "open": True, "why": "17 of 20.", "children": [question]},
    ]
    user = SimpleNamespace(is_authenticated=True, display_name="Demo Learner", initials="DL", email="learner@demo.test")
    return {
        "page_title": "Parts",
        "crumbs": [("Curricula", "/c/"), ("AI Infrastructure Engineer", "/e/")],
        "facts": ["Cohort Autumn 2025", "Release 12", "10 modules, 3 projects"],
        "stats": [("Hours done", "111", "of 545"), ("Modules done", "2", "of 10")],
        "theme": "",
        "user": user,
        "nav": SimpleNamespace(
            areas=[Link("Learn", "/"), Link("Teach", "/t/", "true"), Link("Manage", "/m/")],
            area=Link("Teach", ""),
            sections=sections,
            account=[Link("Profile", "/a/")],
            keys=[],
        ),
        "messages": [Message(SUCCESS, "Draft saved"), Message(WARNING, "The import was left half way")],
        "states": list(STATES),
        "form": PartsForm({"hours": "12", "git": "git.example.org/x", "which": "r", "scopes": ["p"], "path": "a"}),
        "pairs": [("Difficulty", "Intermediate"), ("Prerequisites", "MOD-101, MOD-005")],
        "columns": [("Learner", ""), ("Overall", "n")] + [(f"MOD-10{n}", "n") for n in range(1, 10)],
        "rows": [["Learner 14", "88.1 %", *["18.2"] * 9], ["Learner 15", "71.4 %", *["–"] * 9]],
        "nodes": [
            {"label": "Module quizzes", "value": "17.5 of 20", "open": True, "children": quizzes},
            {"label": "Projects", "value": "0 of 300 graded", "state": "waiting"},
        ],
        "markdown": MARKDOWN,
        "phases": [
            {"label": "Queued", "state": "done", "time": "0.2 s"},
            {"label": "Claimed", "state": "done", "time": "0.1 s"},
            {"label": "Prepared", "state": "done", "time": "1.1 s"},
            {"label": "Running", "state": "running", "time": "4 s", "current": True},
            {"label": "Graded", "state": "waiting", "time": ""},
            {"label": "Published", "state": "waiting", "time": ""},
        ],
        "due": now + dt.timedelta(days=5),
        "low": Decimal("6"),
        "ratio": Decimal("0.9075"),
    }


@pytest.fixture
def parts(walk: Callable[..., Walk]) -> Callable[..., Walk]:
    """Open the page of parts; requests are answered from memory and the static folder, under the policy of the site."""
    source = (Path(__file__).parent / "parts.html").read_text()

    def answer(route: Route) -> None:
        url = route.request.url
        if url.startswith(f"{ADDRESS}static/"):
            path = STATIC / url.removeprefix(f"{ADDRESS}static/")
            route.fulfill(body=path.read_bytes(), headers={"Content-Type": TYPES[path.suffix]})
            return
        html = engines["django"].from_string(source).render(context(), RequestFactory().get("/"))
        route.fulfill(
            body=html, headers={"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
        )

    def opened(**options: Any) -> Walk:
        window = walk(**options)
        window.page.route("**/*", answer)
        window.page.goto(ADDRESS)
        return window

    return opened


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_part_is_accessible_and_fits(parts: Callable[..., Walk], width: int, theme: Any) -> None:
    parts(width=width, theme=theme).assert_finished("parts")


def test_theme_changes_at_once_and_is_kept(parts: Callable[..., Walk]) -> None:
    window = parts(theme="light")
    page = window.page
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "waymark-dark")
    expect(page.get_by_role("button", name="Light theme")).to_be_focused()
    assert "dark" in [c["value"] for c in window.context.cookies() if c["name"] == "theme"]


def test_account_menu_closes_on_escape_and_gives_the_focus_back(parts: Callable[..., Walk]) -> None:
    page = parts().page
    summary = page.locator("details[data-menu] summary")
    summary.click()
    page.keyboard.press("Escape")
    expect(page.locator("details[data-menu]")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_toast_can_be_dismissed(parts: Callable[..., Walk]) -> None:
    page = parts().page
    toast = page.locator(".wm-toast")
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_shortcuts_sleep_while_typing_and_when_turned_off(parts: Callable[..., Walk]) -> None:
    page = parts().page
    page.get_by_label("Hours per week").press("?")
    assert page.url == ADDRESS
    page.evaluate("localStorage.setItem('waymark.keys-off', '1')")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.url == ADDRESS
    page.evaluate("localStorage.removeItem('waymark.keys-off')")
    with page.expect_navigation():
        page.keyboard.press("?")
    assert page.url == f"{ADDRESS}help/"
