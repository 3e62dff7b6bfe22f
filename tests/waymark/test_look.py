"""What every page carries stays small, ours, and free of inline code."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "platform" / "waymark" / "static" / "waymark"
TEMPLATES = sorted(
    path
    for root in ("platform/waymark", "courses", "assessments", "grading")
    for path in (Path(settings.BASE_DIR) / root).glob("**/templates/**/*.html")
    if "node_modules" not in path.parts
)
BUDGET = 100 * 1024


class Markup(HTMLParser):
    """Collects what the policy of the site would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names and names.get("type") != "application/json"):
            self.found.append(f"<{tag}> at {self.getpos()}")
        self.found += [
            f"{name} at {self.getpos()}" for name in names if name == "style" or name.startswith(("on", "hx-on"))
        ]
        for name in ("src", "href", "action"):
            if tag != "a" and re.match(r"(https?:)?//", names.get(name) or ""):
                self.found.append(f"{name}={names[name]} at {self.getpos()}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_code_and_load_nothing_from_others(path: Path) -> None:
    source = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(), flags=re.DOTALL)
    markup = Markup()
    markup.feed(source)
    assert markup.found == []


def modules(name: str, seen: set[str]) -> set[str]:
    """A module and everything that it imports."""
    if name not in seen:
        seen.add(name)
        for imported in re.findall(r'from "\./([\w.]+)"|import "\./([\w.]+)"', (STATIC / "js" / name).read_text()):
            modules(next(filter(None, imported)), seen)
    return seen


def test_styles_and_scripts_of_a_page_stay_in_the_budget() -> None:
    files = [STATIC / "waymark.css", STATIC / "vendor" / "htmx.min.js"]
    files += [STATIC / "js" / name for name in modules("main.js", set())]
    assert len(files) > 5
    size = sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files)
    assert size < BUDGET, f"{size} bytes"


def test_the_editor_stays_in_its_budget_and_says_whose_it_is() -> None:
    folder = STATIC / "vendor"
    size = len(gzip.compress((folder / "editor.js").read_bytes(), mtime=0))
    assert size < 160 * 1024, f"{size} bytes"
    licences = (folder / "editor.LICENSE.txt").read_text().split("\n----\n")
    names = [text.split()[0] for text in licences]
    assert {"@codemirror/view", "@codemirror/state", "@lezer/lr", "style-mod"} <= set(names)
    assert all("Permission is hereby granted, free of charge" in text for text in licences)
