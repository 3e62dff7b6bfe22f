"""Documents of our own with their sections moved: readers take the parts of a template in any order and number.

Sections are shuffled, dropped, doubled and put at other levels, with headings of
every form; no reader raises, and no line is left unaccounted for.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.courses.sources.test_fuzz import SEEDS, holds

FOLDER = Path(__file__).parent
FOLDERS = ("quizzes", "variants", "rubrics", "indexes", "curricula", "yaml")
DOCUMENTS = {
    **SEEDS,
    **{
        f"{folder}/{path.name}": path.read_text("utf-8")
        for folder in FOLDERS
        for path in sorted((FOLDER / folder).iterdir())
    },
}
MARKDOWN = sorted(name for name in DOCUMENTS if name.endswith(".md"))
YAML = sorted(name for name in DOCUMENTS if name.endswith(".yaml"))
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")


def sections(text: str) -> list[list[str]]:
    """The document cut before each of its headings, the lines in front of the first one included."""
    found: list[list[str]] = [[]]
    lines = text.split("\n")
    for at, line in enumerate(lines):
        underlined = at + 1 < len(lines) and line.strip() and re.match(r"(?:={3,}|-{3,})$", lines[at + 1])
        if _HEADING.match(line) or underlined:
            found.append([])
        found[-1].append(line)
    return found


def headed(draw: st.DrawFn, section: list[str]) -> list[str]:
    """A section with its heading as another hand would write it."""
    opened = _HEADING.match(section[0]) if section else None
    if opened is None:
        return section
    title = opened[2]
    form = draw(st.sampled_from(["as it is", "level", "bold", "underlined", "numbered", "emoji", "closed"]))
    heading = {
        "as it is": [section[0]],
        "level": [f"{'#' * draw(st.integers(1, 6))} {title}"],
        "bold": [f"**{title}**", ""],
        "underlined": [title, draw(st.sampled_from(["===", "---", "------"]))],
        "numbered": [f"{opened[1]} {draw(st.integers(1, 12))}. {title}"],
        "emoji": [f"{opened[1]} \U0001f680 {title}"],
        "closed": [f"{opened[1]} {title} {opened[1]}"],
    }[form]
    return [*heading, *section[1:]]


@st.composite
def moved(draw: st.DrawFn, text: str) -> str:
    parts = sections(text)
    order = draw(st.permutations(range(len(parts))) if draw(st.booleans()) else st.just(range(len(parts))))
    dropped = draw(st.sets(st.integers(0, len(parts) - 1), max_size=3))
    doubled = draw(st.sets(st.integers(0, len(parts) - 1), max_size=2))
    lines: list[str] = []
    for at in order:
        for _ in range((at not in dropped) + (at in doubled)):
            lines += headed(draw, parts[at])
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@pytest.mark.parametrize("half", [0, 1])
@settings(max_examples=90, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_order_of_sections_drops_a_line(half: int, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(MARKDOWN[half::2]))
    holds(name.rpartition("/")[2], data.draw(moved(DOCUMENTS[name])).encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_order_of_keys_drops_a_line(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(YAML))
    parts = re.split(r"(?m)^(?=[a-z_]+:)", DOCUMENTS[name])
    order = data.draw(st.permutations(range(len(parts))))
    dropped = data.draw(st.sets(st.integers(0, len(parts) - 1), max_size=3))
    holds("x.yaml", "".join(parts[at] for at in order if at not in dropped).encode())
