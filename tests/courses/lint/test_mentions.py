"""Ids that words name: once for each id and file, and not where another rule tells them."""

from __future__ import annotations

from courses.curriculum.lint.mentions import unknown_mentions
from courses.curriculum.lint.references import unknown_ids
from courses.curriculum.lint.register import Setting
from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import read_text

ROADMAP = """# Module Roadmap

## Module Overview

- **Module ID**: MOD-501
- **Module Title**: Pipes
- **Target Role(s)**: Data Engineer
- **Duration**: 5 hours
- **Prerequisites**: MOD-502

## Content Outline

1. **Leaks** - as in MOD-777; 7 mod 10, module-10

```
MOD-778
```

## Dependencies & Notes

- **Upstream Inputs**: Cables (MOD-777), MOD-501, PROJ-779
- **Risks**: Learners skip MOD-502 - tell them
"""


def found(*statements: Statement, known: str = "") -> list[tuple[str, int, tuple[int, ...]]]:
    findings = unknown_mentions(list(statements), Setting(known=frozenset({known})))
    return [(each.message.split()[0], each.line, tuple(line for _, line in each.related)) for each in findings]


def test_an_id_in_words_is_told_once_for_a_file_with_all_its_lines() -> None:
    roadmap = read_text(ROADMAP)
    assert found(roadmap) == [("MOD-777", 13, (21,)), ("PROJ-779", 21, ())], "the prerequisite is told as one"
    assert [each.severity for each in unknown_mentions([roadmap], Setting())] == ["warning", "warning"]


def test_what_is_there_was_there_or_is_known_elsewhere_is_not_told() -> None:
    other = read_text(ROADMAP.replace("MOD-501", "MOD-777").replace("Pipes", "Cables"), "b.md")
    assert found(read_text(ROADMAP), other, known="project:PROJ-779") == []
    renamed = read_text(ROADMAP.replace("- **Duration**", "- **Was**: MOD-777\n- **Duration**"))
    assert [name for name, *_ in found(renamed)] == ["PROJ-779"]


def test_a_gate_on_what_is_not_there_is_an_error() -> None:
    gated = read_text(f"{ROADMAP}- **Gate**: PROJ-779 opens after MOD-501/lab-1\n")
    assert [(each.severity, each.line) for each in unknown_ids([gated], Setting())] == [("error", 9), ("error", 23)]
    assert [name for name, *_ in found(gated)] == ["MOD-777"]
