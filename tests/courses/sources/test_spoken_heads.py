"""Heads of roadmaps and plans that stand in running sentences, or several labels in a line."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import faults_of_account, read_text

ROADMAP = """\
# {}

{}

## Learning Objectives

- Explain watermarks

## Content Outline

1. Streams

## Practical Components

- **Lab 1**: Ingest (4h)
"""
PLAN = """\
# {}

{}

## Objectives

- Ship it

## Deliverables

- A fleet

## Risks

- Cost: watch it
"""
# Document, title, sentence; id, title, hours.
HEADS = [
    (ROADMAP, "Module Roadmap", "This is the roadmap for MOD-210 (Streams), a 30-hour module. It requires MOD-205.",
     ("MOD-210", "Streams", "30")),
    (ROADMAP, "Roadmap", "MOD-210: Streams, taught after MOD-205 and before MOD-211.", ("MOD-210", "Streams", None)),
    (ROADMAP, "Roadmap", "MOD-210: Streams are taught here after MOD-205.", ("MOD-210", None, None)),
    (ROADMAP, "Streams", "MOD-210 takes 30 hours, of which 10 hours are labs.", ("MOD-210", "Streams", None)),
    (ROADMAP, "Module Roadmap", "**Module ID:** MOD-210. **Title:** Streams. Duration: 30 hours.",
     ("MOD-210", "Streams", "30")),
    (ROADMAP, "Module Roadmap", "**ID:** MOD-210, **Title:** Streams, **Hours:** 30", ("MOD-210", "Streams", "30")),
    (PLAN, "Project Plan", 'PROJ-310, "Fleet", takes 60 hours and builds on PROJ-309.', ("PROJ-310", "Fleet", "60")),
    (PLAN, "Project Plan", "In PROJ-310 (Fleet) learners\nbuild a fleet.", ("PROJ-310", "Fleet", None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title", "sentence", "head"), HEADS)
def test_a_sentence_says_id_title_and_hours(text: str, title: str, sentence: str, head: tuple[str | None, ...]) -> None:
    statement = read_text(text.format(title, sentence))
    claim = next(each for each in statement.claims if each.kind in ("module", "project"))
    assert (claim.key, claim.get("title"), claim.get("hours")) == head
    assert faults_of_account(statement) == []


def test_a_sentence_stays_the_text_of_what_it_names() -> None:
    sentence = "This is the roadmap for MOD-210 (Streams)."
    [module] = read_text(ROADMAP.format("Module Roadmap", sentence)).of_kind("module")
    assert module.get("summary") == sentence


@pytest.mark.parametrize(
    "sentence", ["MOD-210 and MOD-211 are taught together.", "It builds on MOD-205.", "See MOD-205 for queues."]
)
def test_a_sentence_about_other_modules_names_none(sentence: str) -> None:
    [module] = read_text(ROADMAP.format("Module Roadmap", sentence)).of_kind("module")
    assert module.key == ""


def test_labels_and_titles_say_the_id_before_a_sentence() -> None:
    labelled = "MOD-299 is another one.\n\n**Module ID:** MOD-210"
    [module] = read_text(ROADMAP.format("Module Roadmap", labelled)).of_kind("module")
    assert module.key == "MOD-210"
    [module] = read_text(ROADMAP.format("MOD-210: Streams", "MOD-299 is another one.")).of_kind("module")
    assert module.key == "MOD-210"
