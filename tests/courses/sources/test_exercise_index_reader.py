"""Exercise indexes are read whole: the catalogue, and what stands beside it."""

from __future__ import annotations

import random

from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import facts, faults_of_account, mutated, needs_corpus, read_corpus, read_text, rules

INDEX = "seeds/engineer-exercise-index.md"
SMALL = """\
# Exercise Index: Harbour Engineer Curriculum

Everything that is built here.

---

## \U0001f4ca Quick Statistics

| Metric | Value |
|---|---|
| Total Modules | 2 |
| Total Exercises | 3 |
| Total Time | 20-30 hours |
| Cranes | 4 |

## Table of Contents

1. [Catalogue](#catalogue)

## Module Overview

| Module | Code | Exercises | Total Hours | Focus |
|---|---|---|---|---|
| Docks | mod-901 | 2 | 12-16 | Building |
| Tides | mod-902 | 1 | 8+ | Waiting |
| all | | 3 | | |

## Exercise Catalogue

### mod-901: Docks

Where ships lie.

#### Exercise 01: A dock

- **Difficulty:** \u2b50\u2b50 Beginner
- **Time:** 6-8 hours
- **Prerequisites:** Rope, knots
- **Description:** Build a dock.
- **Key Technologies:** Wood, nails
- **Learning Objectives:**
  - Measure the water
- **Deliverables:**
  - [ ] A dock
  - A lamp (optional)
- **Weather**: fine

#### Lab 2 - A pier

**Difficulty**: Advanced
**Duration**: about 6 to 8 hours
**Prerequisites**: None

##### Objectives
- Drive a pile

##### Storms
They come.

### Module 902: Tides

| Exercise | Title | Difficulty | Hours | Boats |
|---|---|---|---|---|
| 902-01 | A table of tides | \u2605\u2605\u2605 | 8-10 | two |

## Difficulty Progression

### Difficulty Levels
- \u2b50\u2b50 **Beginner**: first steps

### Recommended Learning Order

```
Stage 1:
\u251c\u2500\u2500 mod-901: All exercises (2)
\u2514\u2500\u2500 mod-902: Exercise 01 (1)
```

## Skills Matrix

| Exercise | Wood | Water |
|---|---|---|
| 901-01 | \u25cf | \u25cb |
| 901-02 | \u25cb | \u25cf |
| 902-07 | \u25cb | \u25cf |
| 901-02 | \u25cf | |

**Legend**: \u25cf Primary | \u25cb Secondary

## Technology Coverage

**Tools**:
- Hammer: 2 exercises
- Saw

## Learning Paths

### Path A: Everything (All 3 exercises)
- **Order**: Sequential (mod-901 -> mod-902)
- **Duration**: 20-30 hours
- **Best For**: all

### Path B: Short (2 exercises)
**Order**: 901{1,2} \u2192 902{1}
**Duration**: a week
**Cost**: none

### Track: Codes
**Steps**: 902-01, 901-02

## Time Estimates

**Full-Time (40 hours/week)**:
- Everything: 1-2 weeks
- Short: soon

## Prerequisites Map

### Module Dependencies

```
mod-901 (Docks)
    \u2514\u2500\u2500> mod-902 (Tides)
```

### Skills Prerequisites

**Before Starting**:
- \u2705 Swimming

**Developed During**:
- Patience

## Career Alignment

**Harbour Master (L4)**:
- Priority: Everything
- Key modules: 901, 902
- Certifications: Pilot, Captain
- Boots: rubber

## Appendix

### Exercise Code Reference

| Code | Name |
|---|---|
| 901-01 | A dock |

## Gulls

They are loud.

*Last Updated: March 2026*
*Printed: on paper*
"""


def keyed(statement: Statement, kind: str) -> dict[str, Claim]:
    return {claim.key or claim.label: claim for claim in statement.of_kind(kind)}


def values(claim: Claim, name: str) -> list[object]:
    return [fact.value for field, fact in claim.fields.items() if field.startswith(f"{name}.")]


def test_a_small_index_is_read_whole() -> None:
    statement = read_text(SMALL)
    assert statement.kind == "exercise_index"
    assert faults_of_account(statement) == []
    assert [rule for rule, _ in rules(statement)] == [
        "source.unknown_section", "references.unknown_exercise", "references.exercise_row_twice",
    ]  # fmt: skip


def test_a_break_that_is_all_a_first_section_has_is_accounted_for() -> None:
    assert faults_of_account(read_text(SMALL.replace("Everything that is built here.", "## Time Estimates"))) == []


def test_every_word_of_a_small_index_is_read() -> None:
    assert list(mutated(read_text(SMALL))) == []


def test_exercises_have_their_facts_from_headings_bullets_and_tables() -> None:
    statement = read_text(SMALL)
    labs = keyed(statement, "lab")
    assert list(labs) == ["901-01", "901-02", "902-01"]
    said = facts(labs["901-01"])
    wanted = {
        "title": "A dock", "difficulty": "Beginner", "stated.stars": "2", "hours": {"low": "6", "high": "8"},
        "stated.prerequisites": "Rope, knots", "summary": "Build a dock.", "technologies.0": {"names": ["Wood"]},
        "deliverables.1": {"text": "A lamp (optional)", "optional": True}, "primary_skills.0": "Wood",
        "secondary_skills.0": "Water", "stated.titles.0": "A dock",
    }  # fmt: skip
    assert {name: said.get(name) for name in wanted} == wanted
    assert [edge.get("skill") for edge in labs["901-01"].under("requirement")] == ["Rope", "knots"]
    assert labs["901-01"].under("objective")[0].get("text") == "Measure the water"
    assert labs["901-01"].path == "MOD-901/901-01"
    second, third = facts(labs["901-02"]), facts(labs["902-01"])
    assert (second["hours"], second["stated.hours_text"]) == ({"low": "6", "high": "8"}, "about 6 to 8 hours")
    assert labs["901-02"].under("requirement") == []
    assert (third["title"], third["stated.stars"], third["hours"]) == (
        "A table of tides",
        "3",
        {"low": "8", "high": "10"},
    )


def test_modules_state_their_figures_beside_their_exercises() -> None:
    modules = keyed(read_text(SMALL), "module")
    assert list(modules) == ["MOD-901", "MOD-902"]
    assert facts(modules["MOD-902"])["stated.hours"] == {"low": "8", "high": None}
    assert facts(modules["MOD-901"])["stated.exercises"] == "2"
    assert modules["MOD-901"].get("title") == "Docks"
    [edge] = modules["MOD-902"].under("requirement")
    assert facts(edge) == {"strength": "needs", "to": "MOD-901"}


def test_paths_have_their_steps_from_braces_codes_and_ranges() -> None:
    paths = keyed(read_text(SMALL), "path")
    everything = ["MOD-901/901-01", "MOD-901/901-02", "MOD-902/902-01"]
    steps = {name: [step["to"] for step in values(path, "steps")] for name, path in paths.items()}  # type: ignore[index]
    assert steps == {
        "Everything": everything,
        "Short": everything,
        "Track: Codes": ["MOD-902/902-01", "MOD-901/901-02"],
    }
    assert facts(paths["Short"])["stated.exercises"] == "2"
    assert facts(paths["Everything"])["stated.hours"] == {"low": "20", "high": "30"}


def test_the_rest_is_stated_of_the_program() -> None:
    statement = read_text(SMALL)
    program = facts(next(statement.of_kind("program")))
    wanted = {
        "title": "Harbour Engineer", "stated.modules": "2", "stated.exercises": "3", "stated.cranes": "4",
        "stated.hours": {"low": "20", "high": "30"}, "develops.0": "Patience", "about.updated": "March 2026",
        "stated.technologies.0": {
            "title": "Hammer", "exercises": "2", "text": "Hammer: 2 exercises", "category": "Tools",
        },
    }  # fmt: skip
    assert {name: program.get(name) for name in wanted} == wanted
    [pace] = statement.of_kind("pace")
    assert pace.get("hours_per_week") == "40"
    assert values(pace, "stated.weeks") == [
        {"path": "Everything", "weeks": {"low": "1", "high": "2"}}, {"text": "Short: soon"},
    ]  # fmt: skip
    [outlook] = statement.of_kind("outlook")
    assert outlook.get("target_roles.0.title") == "Harbour Master (L4)"
    assert values(outlook, "target_roles.0.modules") == ["MOD-901", "MOD-902"]
    assert values(outlook, "target_roles.0.certifications") == ["Pilot", "Captain"]


@needs_corpus
def test_no_line_of_the_real_index_is_dropped() -> None:
    statement = read_corpus(INDEX)
    assert statement.kind == "exercise_index"
    assert faults_of_account(statement) == []
    assert [rule for rule, _ in rules(statement)] == ["hygiene.mojibake"]
    counts = {kind: len(list(statement.of_kind(kind))) for kind in ("lab", "module", "path", "pace")}
    assert counts == {"lab": 26, "module": 10, "path": 4, "pace": 3}
    lengths = [len(values(path, "steps")) for path in statement.of_kind("path")]
    assert lengths == [26, 11, 13, 10]


@needs_corpus
def test_words_of_mapped_lines_of_the_real_index_are_read() -> None:
    statement = read_corpus(INDEX)
    mapped = [line for line in statement.source.filled() if statement.account.names(line)]
    tried = {*random.Random(7).sample(mapped, 150), mapped[-1], mapped[-2]}
    assert list(mutated(statement, per_line=1, only=tried)) == []
