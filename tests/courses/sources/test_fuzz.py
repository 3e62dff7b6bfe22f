"""Whatever a document says: no reader raises, no line is dropped, and time is bounded.

Documents are made from pieces of the templates, then damaged: lines moved,
doubled, indented, cut, and replaced by what else stands in such files.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.curriculum.report.recognise import document_of
from courses.curriculum.report.run import lint
from courses.curriculum.sources.reader import SourceDocument, read_document
from courses.curriculum.sources.text import MAX_BYTES, UnreadableSource, source_text
from courses.curriculum.sources.yaml import read_yaml
from tests.courses.sources import test_curriculum_reader as curricula
from tests.courses.sources import test_yaml_kinds as kinds
from tests.courses.sources.support import CORPUS, faults_of_account, needs_corpus

ROADMAP = """\
# Module Roadmap

> Fill in every section.

## Module Overview
- **Module ID**: MOD-901
- **Module Title**: Ports & Protocols
- **Target Role(s)**: Network Apprentice, Operator
- **Duration**: 40 hours (12 lecture, 20 lab, 8 project)
- **Prerequisites**: MOD-900, shell basics
- **Next Module(s)**: MOD-902

## Cross-Role Progression
- **Builds On**: MOD-800
- Free bullet

## Learning Objectives
1. Explain what a port is
   - nested
- [x] Done already

## Competency Alignment
| Competency | Proficiency | Evidence |
|------------|:-----------:|----------|
| Networking | working     | lab; quiz |

## Content Outline
1. **First topic**: a, b (c, d), e
### Second topic (4 hours)
- point

## Practical Components
| Asset Type | Description | Completion Criteria | Validation |
|---|---|---|---|
| Lab 1 | Open a port | passes 70 % | script |

## Quality Checklist
- [ ] Reviewed

## Dependencies & Notes
- **Risks**: No budget - ask early
"""
QUIZ = """\
# Module 901: Ports - Quiz

**Time Limit**: 30 minutes
**Passing Score**: 80% (8/10)

### Question 1: Ports
What is a port?

A) A number
B) A ship

```bash
ss -tln
```

**Answer**: A

## Answer Key
| Q | Answer |
|---|--------|
| 1 | A |
"""
PLAN = """\
# Project Plan

## Project Overview
- **Project ID**: PROJ-901
- **Title**: A harbour
- **Duration**: 20-30 hours

## Phases
| Phase | Duration | Deliverables |
|-------|----------|--------------|
| Plan  | 1 week   | a, b |

## Assessment
### Rubric (100 points)
- **Code** (40 points): runs

## Risks
| Risk | Impact | Mitigation |
|---|---|---|
| Fog | high | wait |
- **Risk**: Rot -> paint
"""
RUBRICS = """\
# Rubrics
### Minimum Passing Score: 70%
## Project 1: Pier
### Works (60 points)
| Criterion | Weight | 5 Points | 1 Point |
|---|---|---|---|
| **Floats** | 60% | Always | Never |

**Works Checklist**:
- [ ] It floats

### Bonus Points (up to +5%)
- [ ] A flag (+5%)
"""
NATIVE = """\
kind: module
id: MOD-901
title: Ports
summary: |
  One.

  Two.
topics:
  - {title: A, hours: 2}
  - B
"""
METADATA = """\
id: MOD-901
type: module
title: Ports
roles: [network-apprentice]
competencies:
- id: ports
  level: working
dependencies: []
"""
SEEDS = {
    "roadmap.md": ROADMAP, "quiz.md": QUIZ, "plan.md": PLAN, "rubrics.md": RUBRICS,
    "native.yaml": NATIVE, "metadata.yaml": METADATA,
    "program.yaml": kinds.PLAN, "matrix.yaml": kinds.MATRIX, "strategy.yaml": kinds.STRATEGY,
    "profiles.yaml": kinds.PROFILES,
    "headed.md": curricula.HEADED, "tabled.md": curricula.TABLED, "listed.md": curricula.LISTED,
}  # fmt: skip
NOISE = [
    "", " ", "\t", "---", "***", "===", "```", "~~~", "|", "| a |", "|-|", "- ", "* [ ]", "1.",
    "999999999. x", "> ", "#",
    "####### x", "## ", "**", "**:**", "**a**:", "**a:** ", "- **a** (b): c", "<script>alert(1)</script>",
    "<!--", "-->",
    "[a]: b", "[^1]: note", "![](x)", "&amp;", "\\", "\u2014", "\u00a0", "\ufeff", "\u202e", "\U0001f600",
    "::", "key: value",
    "key: [", "- - - x", "? x", ": y", "&a *a", "!!x y", "{", "}", "%YAML 1.2", "...", "70%", "6-8 hours",
    "1e999", "9" * 40,
    "MOD-901", "101{4,5} -> 102{6}", "A) x", "Answer: Z", "â€œ", "\x1b[0m", "Term\n: definition",
    "    code", "\x0b", "\x85",
]  # fmt: skip
NAMES = sorted(SEEDS)


@st.composite
def damaged(draw: st.DrawFn, lines: list[str]) -> str:
    """A document with up to a dozen changes."""
    lines = list(lines)
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        other = draw(st.integers(0, max(0, len(lines) - 1)))
        noise = draw(st.sampled_from(NOISE) | st.text(max_size=30))
        change = draw(st.sampled_from(["insert", "replace", "append", "delete", "double", "swap", "indent", "cut"]))
        if not lines or change == "insert":
            lines.insert(at, noise)
        elif change in ("replace", "append"):
            lines[at] = noise if change == "replace" else lines[at] + noise
        elif change == "delete":
            del lines[at]
        elif change == "double":
            lines[at:at] = lines[at : at + 5]
        elif change == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif change == "indent":
            lines[at:other] = [f"  {line}" for line in lines[at:other]]
        else:
            lines = lines[: at + 1]
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)


def holds(name: str, data: bytes) -> None:
    """The promise for one file: everything is a finding, and no line is dropped."""
    try:
        source = source_text(name, data)
    except UnreadableSource:
        return
    statement = read_document(document_of(source))
    assert faults_of_account(statement) == []
    for finding in statement.findings:
        assert 0 < finding.line <= max(1, len(source.lines)), finding
        assert finding.message
    for claim in statement.claims:
        assert claim.path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_a_document_drops_a_line(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    holds(name, data.draw(damaged(SEEDS[name].split("\n"))).encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(NOISE) | st.text(max_size=60), max_size=40), st.sampled_from(NAMES))
def test_no_heap_of_lines_does(lines: list[str], name: str) -> None:
    holds(name, "\n".join(lines).encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-16")), st.sampled_from(NAMES))
def test_no_bytes_do(content: bytes, name: str) -> None:
    holds(name, content)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def as_yaml(value: object) -> str:
    """A value in flow style, without the library that reads it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([NATIVE, METADATA]), st.lists(st.tuples(st.integers(0, 9), VALUES), max_size=4))
def test_no_values_of_yaml_do(text: str, changes: list[tuple[int, object]]) -> None:
    lines = text.split("\n")
    for at, value in changes:
        place = at % len(lines)
        key = lines[place].partition(":")[0] or "other"
        lines[place] = f"{key}: {as_yaml(value)}"
    holds("x.yaml", "\n".join(lines).encode())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(NOISE) | st.text(max_size=30), max_size=12).map("\n".join))
def test_yaml_is_read_or_refused_with_a_line_that_is_there(text: str) -> None:
    text = text.replace("\r", "\n")  # as a source's text comes
    read = read_yaml(text)
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in read.faults)


@needs_corpus
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_a_real_document_drops_a_line(data: st.DataObject) -> None:
    paths = sorted(path for path in CORPUS.rglob("*") if path.suffix in (".md", ".yaml"))
    path = data.draw(st.sampled_from(paths))
    holds(
        path.name, data.draw(damaged(path.read_text("utf-8", "replace").split("\n"))).encode("utf-8", "surrogatepass")
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=60) | st.sampled_from(
    [text.encode() for text in SEEDS.values()])), max_size=5))  # fmt: skip
def test_a_run_over_any_files_says_all_and_breaks_down_nowhere(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bytes]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for number, (name, content) in enumerate(files):
        (root / f"{number}-{name}").write_bytes(content)
    report = lint([str(root)])
    assert not report.failed
    assert all(statement.account.counts()["unaccounted"] == 0 for statement in report.statements)


HUGE: dict[str, Callable[[], str]] = {
    "a line of stars": lambda: "*a **b " * 250_000,
    "a line of brackets": lambda: "[" * 1_900_000,
    "a line of blanks": lambda: " " * 1_900_000 + "x",
    "a line of digits": lambda: f"{ROADMAP}- **Duration**: {'1' * 1_900_000}\n",
    "a long label": lambda: f"{ROADMAP}- **{'a' * 1_900_000}\n",
    "labels without end": lambda: ROADMAP + "- **a** (" * 200_000,
    "one item after the other": lambda: f"{ROADMAP}- **Prerequisites**: {'MOD-1, ' * 200_000}\n",
    "dashes": lambda: f"{ROADMAP}- **Risks**: {'- ' * 900_000}\n",
    "ranges": lambda: f"{ROADMAP}- **Duration**: {'1-' * 900_000}\n",
    "blanks between words": lambda: f"{ROADMAP}- **Duration**: 4{' ' * 1_900_000}x\n",
    "parentheses": lambda: f"{ROADMAP}- **Duration**: 4 hours {'(' * 1_900_000}\n",
    "digits in a curriculum": lambda: f"{curricula.HEADED}\n- **Overall:** {'1' * 1_900_000}\n",
    "blanks in a curriculum": lambda: curricula.HEADED.replace("(4-6 hours)", f"(4{' ' * 1_900_000}hours)"),
    "modules without end": lambda: curricula.HEADED.replace("Modules 001-002", "Module 1, " * 180_000),
    "technologies without end": lambda: curricula.HEADED.replace("- Oars, boat", "- Oars, " + "a, " * 500_000),
    "shares without end": lambda: curricula.HEADED.replace("Nothing is dry", "1 % project " * 150_000),
    "scripts": lambda: ROADMAP + "<script>" * 200_000,
    "damaged encoding": lambda: "â€œ" * 250_000,
    "blanks in a risk": lambda: f"{ROADMAP}- **Risks**: a{' ' * 1_800_000}b - c\n",
    "blanks in an objective": lambda: ROADMAP.replace("1. Explain", "1. Explain" + " " * 1_800_000),
    "modules in a title": lambda: ROADMAP.replace("# Module", "# " + "Module 1: " * 150_000),
    "quotations in quotations": lambda: ">" * 1_900_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_line_is_read_in_bounded_time(name: str) -> None:
    data = HUGE[name]().encode()[:MAX_BYTES]
    started = time.process_time()
    holds("x.md", data.decode("utf-8", "ignore").encode())
    assert time.process_time() - started < 20


def test_a_line_of_fifty_megabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "x.md").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    report = lint([str(tmp_path)])
    assert [each.finding.rule for each in report.said] == ["source.too_large"]


def test_a_table_of_a_million_rows_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="limit is 50000"):
        source_text("x.md", b"|a|\n|-|\n" + b"|\n" * 1_000_000)


def test_a_table_with_as_many_rows_as_a_file_may_have_is_read() -> None:
    text = ROADMAP + "\n".join(["", "| a | b |", "|---|---|", *["| x | y |"] * 20_000])
    statement = read_document(SourceDocument(source_text("x.md", text.encode()), "markdown"))
    assert faults_of_account(statement) == []
