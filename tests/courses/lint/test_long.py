"""Lines and documents that are long are linted in a time that grows as they do.

Each case is measured by the processor's time. What is quick needs no second look; what is not must take
less than eight times as long for four times as much, where what grows with the square takes sixteen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.curriculum.lint.competencies import named_in_two_ways
from courses.curriculum.report.run import lint
from tests.courses.sources.support import read_text

QUICK = 0.8  # seconds
ROADMAP = """# Module Roadmap: @
## Module Overview
- **Module ID**: MOD-901
- **Module Title**: P @
- **Duration**: @
- **@**: x
## Competencies
| Competency | Level |
|---|---|
| @ | @ |
## Content Outline
1. **A** (2 hours): @
2. @
## Practical Components
- **Lab 1: @** (2 hours) @
- Lab 2: @
## Quality Checklist
- [ ] @
## Dependencies & Notes
- **Gate**: @
- **Was**: @
> @
"""
QUIZ = """# Module 1: @ - Quiz
**Passing Score:** @
**Time Limit:** @
**Module:** @
## Section 1: @
### Question 1: @
a) x @
b) @
**Answer:** A @
**Explanation:** @
### Q2. @
- [x] @
**@**
3. @
## Scoring
- @: x
## Answer Key
1. A @
2. @
| Question | Answer |
|---|---|
| 3 | @ |
| @ | B |
1-A, 2-B @, 3-C @
Section @: 1. A @ 2. B
"""
PLAN = """# Project Plan: @
## Overview
- **Project ID**: PROJ-901
- **Title**: T
- **@**: x
## Phases
- **Phase 1 @**: @
### Week 1-2: @
- @
## Validation
- @
## Risks
- @
## Rubric
| Criterion | Points |
|---|---|
| @ | @ |
- @ (10 points)
## Approval
- **Reviewer**: @
"""
CURRICULUM = """# Curriculum: @
**Total Duration:** @
## Prerequisites
- Pass the quiz [@](x.md) @
## Modules
### Module 1: @
**Duration:** @
- **Topics:** @
## Projects
### Project 1: @
- **Technologies:** @
## Assessment
- **Quizzes (20% @)**: @
- @
### Grading Scale
- A: @
- @
### Passing
- @
## Schedule
- **Full-time @**: @
- Week 1: @
## Careers
### Salaries (US, 2024 @)
- Junior: $ 1@
"""
INDEX = """# Exercise Index: @
## Exercise Catalogue
### MOD-901: @
- **Exercise 01: @**: @
- Exercise 02 @
## Learning Paths
### Path 1: @
901{1,2@} -> @
## Technologies
- @
## Pacing
- **Full (10 hours/week @)**: @
  - Path 1: @ weeks
## Prerequisites
- @
*Version: @*
"""
RUBRICS = """# Rubrics: @
## Project 1: @
| Criterion | Excellent (4) @ | Good (3) | Weight |
|---|---|---|---|
| @ | @ | @ | @ |
### Code @ (20 points)
- 18-20: @
- **@ (20%)**: @
## Bonus
- @ (+5 points)
- Minimum @
"""
NATIVE = """---
kind: module
id: MOD-901
title: Ports
---
# @
- @
| a | @ |
|---|---|
[x](@) `@`
"""
KINDS = {
    "roadmap": ROADMAP, "quiz": QUIZ, "plan": PLAN, "curriculum": CURRICULUM, "index": INDEX, "rubrics": RUBRICS,
    "native": NATIVE,
}  # fmt: skip
SIGNS = {
    "blanks": " ", "tabs": "\t", "digits": "1", "words": "word two ", "stars": "**", "bars": "__", "ticks": "`",
    "dashes": "\u2013", "minus": "-", "open": "(", "link": "[x](", "brackets": "[", "colons": ": ", "pass": "pass ",
    "thousands": ",111", "letters": "A",
}  # fmt: skip


def used(file: Path, text: str) -> float:
    """Seconds of the processor that linting takes."""
    file.write_text(text, encoding="utf-8")
    before = time.process_time()
    report = lint([str(file)])
    assert not report.failed
    return time.process_time() - before


def grows_as_it(file: Path, made: Callable[[int], str], size: int) -> None:
    """Linting what is made for *size* is quick, or takes no more than its share for a quarter of that."""
    long = used(file, made(size))
    if long > QUICK:
        assert long < 8 * max(used(file, made(size // 4)), QUICK / 8)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_line_takes_time_by_its_length(tmp_path: Path, kind: str, sign: str) -> None:
    def made(size: int) -> str:
        return KINDS[kind].replace("@", SIGNS[sign] * (size // len(SIGNS[sign])) + "z")

    grows_as_it(tmp_path / "x.md", made, 4_000)


QUESTION = "# Quiz\n### Q1. What?\na) x\nb) y\n**Answer:** A\n"
CRITERIA = "## P\n| Criterion | Good (2) | Fair (1) |\n|---|---|---|\n"
# What stands first, and what is repeated below it with its number for NUMBER.
DOCUMENTS = {
    "headings": (ROADMAP, "## Part NUMBER\n"),
    "breaks": (ROADMAP, "---\n\n"),
    "objectives": (f"{ROADMAP}## Learning Objectives\n", "- Explain NUMBER\n"),
    "nested": (f"{ROADMAP}## Learning Objectives\n", "- x\n  - y\n    - z\n      - NUMBER\n"),
    "gates": (ROADMAP, "- **Gate**: scan before PROJ-901\n"),
    "former_ids": (ROADMAP, "- **Was**: MOD-902\n"),
    "rows": (f"{RUBRICS}{CRITERIA}", "| a | b | c |\n"),
    "questions": (QUESTION, "### QNUMBER. Stem NUMBER\na) x\nb) y\n"),
    "options": (f"{QUESTION}### Q2. Who?\n", "- [ ] NUMBER\n"),
    "notes": (f"{QUESTION}## About\n", "- NUMBER\n"),
    "fences": (QUESTION, "```x\n"),
    "comments": (QUESTION, "<!-- x\n"),
    "rules": (QUESTION, "---\n"),
    "modules": (f"{CURRICULUM}## Modules\n", "### Module 1NUMBER: T NUMBER\n- x\n"),
    "exercises": (f"{INDEX}## All Exercises\n### MOD-902: B\n", "- **Exercise NUMBER: T**: x\n"),
    "technologies": (f"{INDEX}## Technologies\n", "- T NUMBER: 3 exercises\n"),
}


@pytest.mark.parametrize("of", DOCUMENTS)
def test_many_lines_take_time_by_their_number(tmp_path: Path, of: str) -> None:
    head, line = DOCUMENTS[of]

    def made(size: int) -> str:
        return head.replace("@", "x") + "".join(
            line.replace("NUMBER", str(at)) for at in range(size // line.count("\n"))
        )

    grows_as_it(tmp_path / "x.md", made, 1_200)


MODULE = """  - id: MOD-{number}
    title: Title {number}
    prerequisites: [MOD-{needs}, Basics of title {number}]
"""


@pytest.mark.parametrize("needs", [5_000, -1], ids=["unknown", "known"])
def test_a_plan_of_many_modules_takes_time_by_their_number(tmp_path: Path, needs: int) -> None:
    """Names that nothing has are not compared with all others without end."""

    def made(size: int) -> str:
        rows = (MODULE.format(number=number, needs=number + needs) for number in range(1_000, 1_000 + size))
        return "role: Operator\nprogram_name: Networks\nprogram_structure:\n  modules:\n" + "".join(rows)

    grows_as_it(tmp_path / "x.yaml", made, 800)


def test_many_competencies_are_compared_by_their_rarer_words() -> None:
    """Each with each would be millions of pairs, and as many findings."""
    table = "# Module Roadmap\n\n## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Pipes\n\n"
    table += "## Competency Alignment\n\n| Competency | Level | Evidence |\n|---|---|---|\n"
    rows = "".join(f"| Care of pipe {number} | 1 | Lab |\n" for number in range(1500))
    alike = "| Mending of valves | 1 | Lab |\n| Mending of valve | 1 | Lab |\n"
    found = list(named_in_two_ways([read_text(table + rows + alike)]))
    assert [each.message for each in found] == [
        "'Mending of valve' and 'Mending of valves' seem to be one competency in different words."
    ]
