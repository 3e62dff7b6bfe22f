"""Rubrics: criteria with weights and levels, checklists, bonus points and the minimum score are facts with lines."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import facts, faults_of_account, mutated, needs_corpus, read_corpus, read_text, rules

RUBRICS = """\
# Harbour Rubrics

## Overview
How piers are judged:

1. **Works (60%)** - Does it float?
2. **Looks (40%)** - Is it red?

### Scale
- **5 - Fine**: all of it
- **1 - Poor**: none of it

### Minimum Passing Score: 75% (3.75/5.00 average)

---

## Project 1: Pier

**Description**: Build a pier.

### Works (60 points)

| Criterion | Weight | 5 Points | Level 3 | Poor (1) | Seen by |
|---|---|---|---|---|---|
| **Floats** | 35% | Always | Mostly | Never | Diver |
| Holds | 25 points | Ten boats | | None | |
| Smells | some | Good | | Bad | |

**Works Checklist**:
- [ ] It floats
- [x] It holds

### Bonus Points (up to +10%)
- [ ] A flag (+2%)
- [ ] A horn

---

## 2. Buoy
| Criteria | Max | 2 | 1 |
|---|---|---|---|
| Rings | 10 | Loud | Quiet |

- **Passing Score**: 8 of 10
- Bring a rope

## Handing in
### Boxes
- [ ] Clean
### Steps
1. Pack
2. Send
- **Passing grade**: 70%

```
a file
```
"""


def test_criteria_have_points_and_levels_with_their_scores() -> None:
    statement = read_text(RUBRICS)
    assert statement.kind == "rubrics"
    floats, holds, smells, flag, horn, rings = (facts(each) for each in statement.of_kind("criterion"))
    assert floats == {
        "title": "Floats", "points": "35", "notes.0": "Seen by: Diver",
        "levels.0": {"score": "5", "label": "5 Points", "text": "Always"},
        "levels.1": {"score": "3", "label": "Level 3", "text": "Mostly"},
        "levels.2": {"score": "1", "label": "Poor (1)", "text": "Never"},
    }  # fmt: skip
    assert (holds["points"], smells["stated.points"], rings["points"]) == ("25", "some", "10")
    assert flag == {"title": "A flag", "bonus": True, "points": "2"}
    assert horn == {"title": "A horn", "bonus": True}


def test_groups_bonus_and_description_stand_with_their_project() -> None:
    statement = read_text(RUBRICS)
    first, second = statement.of_kind("project")
    assert facts(first) == {"title": "Project 1: Pier", "text": "Build a pier."}
    assert facts(second) == {"title": "2. Buoy", "notes.0": "Bring a rope"}
    rubric, other = statement.of_kind("rubric")
    assert facts(rubric) == {
        "stated.groups.0": {"title": "Works", "points": "60"}, "stated.bonus": "Bonus Points (up to +10%)",
    }  # fmt: skip
    assert facts(other) == {"rules.0": {"text": "8 of 10", "measure": "overall_percent", "at_least": "80"}}


def test_what_holds_for_all_is_the_policys() -> None:
    statement = read_text(RUBRICS)
    [policy] = statement.of_kind("policy")
    stated = facts(policy)
    assert (stated["stated.weights.0"], stated["stated.weights.1"]) == ("60", "40")
    assert stated["groups.1"] == {"title": "Looks", "text": "Is it red?"}
    assert stated["rules.0"] == {
        "text": "Minimum Passing Score: 75% (3.75/5.00 average)", "measure": "overall_percent", "at_least": "75",
        "points": "3.75", "out_of": "5",
    }  # fmt: skip
    assert stated["rules.1"] == {"text": "70%", "measure": "overall_percent", "at_least": "70"}
    assert (stated["notes.0"], stated["notes.1"]) == ("Pack", "Send")
    [scale] = statement.of_kind("scale")
    assert facts(scale)["levels.1"] == {"score": "1", "label": "Poor", "text": "none of it"}


def test_boxes_are_checklists_called_by_the_line_before_them_or_their_section() -> None:
    works, boxes = read_text(RUBRICS).of_kind("checklist")
    assert facts(works) == {
        "audience": "submission", "title": "Works Checklist", "items.0": {"text": "It floats", "done": False},
        "items.1": {"text": "It holds", "done": True},
    }  # fmt: skip
    assert boxes.label == "Boxes"


@pytest.mark.parametrize("text", [RUBRICS, RUBRICS.replace("\n", "\r\n")])
def test_no_line_is_dropped_and_each_word_is_a_fact_of_its_line(text: str) -> None:
    statement = read_text(text)
    assert faults_of_account(statement) == []
    assert rules(statement) == []
    assert list(mutated(statement)) == []


def test_a_table_without_levels_is_no_rubric() -> None:
    assert read_text("# Rubrics\n| Criterion | Weight |\n|---|---|\n| A | 5 |\n").kind != "rubrics"


@needs_corpus
def test_the_real_rubrics_are_read_whole() -> None:
    statement = read_corpus("rubrics/junior-project-rubrics.md")
    assert statement.kind == "rubrics"
    assert faults_of_account(statement) == []
    assert list(mutated(statement, per_line=1)) == []
    counts = statement.account.counts()
    assert counts["prose"] * 5 < counts["lines"]
