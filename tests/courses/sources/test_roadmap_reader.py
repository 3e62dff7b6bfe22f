"""Module roadmaps are read whole, in both variants of their template."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import (
    CORPUS,
    facts,
    faults_of_account,
    mutated,
    needs_corpus,
    read_corpus,
    read_text,
    rules,
)

ROADMAPS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*roadmap.md"))


@needs_corpus
@pytest.mark.parametrize("path", ROADMAPS)
def test_no_line_of_a_real_roadmap_is_dropped(path: str) -> None:
    statement = read_corpus(path)
    assert statement.kind == "module_roadmap"
    assert faults_of_account(statement) == []


@needs_corpus
@pytest.mark.parametrize("path", ROADMAPS)
def test_at_most_a_fifth_of_a_real_roadmap_is_prose(path: str) -> None:
    counts = read_corpus(path).account.counts()
    assert 5 * counts["prose"] <= counts["lines"]


@needs_corpus
@pytest.mark.parametrize("path", [path for path in ROADMAPS if path.startswith(("seeds", "curriculum/other"))])
def test_every_word_of_a_mapped_line_is_read(path: str) -> None:
    assert list(mutated(read_corpus(path))) == []


TWICE = """\
# Module Roadmap
## Module Overview
- **Module ID**: MOD-901
- **Module Title**: Ports
- **Difficulty**: easy
- **Difficulty**: hard
### Who it is for
Nobody yet.
### When
"""


def test_what_is_stated_twice_counts_once_and_sections_inside_sections_are_kept() -> None:
    statement = read_text(TWICE)
    [module] = statement.of_kind("module")
    assert facts(module)["difficulty"] == "easy"
    assert facts(module)["sections.0"] == {"title": "Who it is for", "text": "Nobody yet."}
    assert rules(statement) == [("source.stated_twice", 6), ("hygiene.empty_section", 9)]
    assert statement.findings[0].related == (("document.md", 5),)
    assert faults_of_account(statement) == []


def test_long_labels_that_begin_alike_are_told_apart_and_rules_at_the_top_are_accounted_for() -> None:
    long = "words " * 20
    head = "# Roadmap\n---\n<p>x</p>\n\n## Overview\n- **Module ID**: MOD-901\n## Objectives\n"
    statement = read_text(head + f"- {long}\n" * 3)
    paths = [claim.path for claim in statement.of_kind("objective")]
    assert len(set(paths)) == 3
    assert paths[2] == f"{paths[0]}-3"
    assert faults_of_account(statement) == []


STRAY = """\
# Roadmap
## Overview
- **Module ID**: MOD-901
- **Sponsor**: Platform team
  - paid by the quarter
- **Sponsor**: Nobody
- a bullet nobody expects

| Place | Depth | Ground |
|-------|-------|--------|
| Berth 4 | deep | sand |

## Objectives
A sentence before the list.

| Goal | Proof |
|------|-------|
| Route | Diagram |
"""


def test_bullets_labels_and_rows_that_the_template_does_not_know_are_data() -> None:
    statement = read_text(STRAY)
    [module] = statement.of_kind("module")
    assert {name: value for name, value in facts(module).items() if name != "id"} == {
        "stated.sponsor.0": "Platform team",
        "stated.sponsor.1": "paid by the quarter",
        "stated.sponsor_2.0": "Nobody",
        "others.0": "a bullet nobody expects",
        "rows.0": ["Berth 4", "deep", "sand"],
        "sections.0": {"title": "Objectives", "text": "A sentence before the list."},
    }
    [objective] = statement.of_kind("objective")
    assert facts(objective) == {"text": "Route", "stated.proof": "Diagram"}
    assert faults_of_account(statement) == []
    assert list(mutated(statement)) == []


@pytest.mark.parametrize("said", ["Criteria", "Completion Criteria", "Completion", "Done when", "Success criteria"])
@pytest.mark.parametrize(
    "bullet", ["- Lab 1: A small image ({}: image <2GB)", "- Lab 1: A small image. {}: image <2GB"]
)
def test_what_completes_a_lab_is_called_by_several_words(said: str, bullet: str) -> None:
    head = "# Module Roadmap\n## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Ports\n"
    statement = read_text(f"{head}\n## Practical Components\n{bullet.format(said)}\n")
    [lab] = statement.of_kind("lab")
    [criterion] = [value for name, value in facts(lab).items() if name.startswith("criteria")]
    assert (criterion["op"], criterion["value"], criterion["unit"]) == ("<", "2", "GB")


@pytest.mark.parametrize("bullet", ["- **Lab 1: Streams** (2 hours)", "- Lab 1: Streams (2 hours)"])
def test_a_lab_is_called_the_same_in_bold(bullet: str) -> None:
    head = "# Module Roadmap\n## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Ports\n"
    [lab] = read_text(f"{head}\n## Practical Components\n{bullet}\n").of_kind("lab")
    assert facts(lab) == {"label": "Lab 1", "title": "Streams", "hours": "2"}
