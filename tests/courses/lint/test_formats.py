"""What a lint run prints: text with a caret, the promised JSON, annotations, SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Checks
from courses.curriculum.report import formats, run
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import lint
from courses.curriculum.sources.claims import Statement
from tests.courses.lint.test_run import ROADMAP, tree

# Two entries: what settles the odd one, and what proposes for the wrong one is not there.
TITLE = "- **Module Title**: Ports"


def check(statement: Statement) -> Iterator[Finding]:
    [module] = statement.of_kind("module")
    file, line = module.place("title")
    yield Finding("family.wrong", "error", file, line, "'Ports' is 50% wrong.", "Correct\nit.", (module.place("id"),))
    yield Finding("family.odd", "warning", file, line, "Odd.")
    yield Finding("hygiene.secret", "info", file, 5, "A secret.")


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setattr(run, "checks", Checks({}, [check], []))
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, {"a b/x.md": ROADMAP})
    odd = next(each for each in lint(["a b"]).said if each.finding.rule == "family.odd")
    kept = f"decisions:\n- {{rule: family.odd, entity: 'module:MOD-901', reason: 'So.', hash: {odd.fingerprint!r}}}\n"
    tree(tmp_path, {"a b/.waymark/decisions.yaml": kept})
    return lint(["a b"])


def test_text_shows_the_line_with_a_caret_under_what_is_meant(report: Report) -> None:
    assert formats.text(report).split("\n") == [
        "a b/x.md:5: info: A secret. [hygiene.secret]",
        ["a b/x.md:6: error: 'Ports' is 50% wrong. Correct", "it. [family.wrong]"][0],
        "it. [family.wrong]",
        "     6 | - **Module Title**: Ports",
        "       |                     ^^^^^",
        "       see a b/x.md:5",
        "1 error, 0 warnings, 1 info, 1 settled in 6 lines of 2 files.",
    ]


def test_text_can_name_what_every_line_became(report: Report) -> None:
    rows = formats.text(report, lines=True).split("\n")
    assert "a b/x.md:1: opens line 5: module:MOD-901.id" in rows
    assert "a b/x.md:6: mapped: module:MOD-901.title" in rows


def test_json_is_the_promised_object(report: Report) -> None:
    shown = json.loads(formats.as_json(report))
    assert set(shown) == {"sources", "findings", "plan"}
    assert shown["plan"] is None
    assert shown["sources"][1] == {
        "file": "a b/x.md", "kind": "module_roadmap", "lines": 4, "mapped": 4, "prose": 0, "reported": 0,
        "unaccounted": 0,
    }  # fmt: skip
    assert shown["findings"][1] == {
        "rule": "family.wrong", "severity": "error", "file": "a b/x.md", "line": 6,
        "message": "'Ports' is 50% wrong.", "related": [{"file": "a b/x.md", "line": 5}], "fix": "Correct\nit.",
        "settled": None,
    }  # fmt: skip
    assert [finding["settled"] for finding in shown["findings"]] == [None, None, "settled"]
    rows = json.loads(formats.as_json(report, lines=True))["sources"][1]["map"]
    assert rows[-1] == {"line": 6, "fate": "mapped", "fields": ["module:MOD-901.title"], "opens": None}
    assert [row["line"] for row in rows] == [1, 3, 5, 6]


def test_annotations_are_escaped(report: Report) -> None:
    assert formats.github(report).split("\n") == [
        "::notice file=a b/x.md,line=5,title=hygiene.secret::A secret.",
        "::error file=a b/x.md,line=6,title=family.wrong::'Ports' is 50%25 wrong. Correct%0Ait.",
    ]


def test_sarif_has_what_its_schema_requires(report: Report) -> None:
    shown = json.loads(formats.sarif(report))
    assert (shown["version"], len(shown["runs"])) == ("2.1.0", 1)
    [made] = shown["runs"]
    driver = made["tool"]["driver"]
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == ["family.odd", "family.wrong", "hygiene.secret"]
    for result in made["results"]:
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        for place in (*result["locations"], *result.get("relatedLocations", [])):
            assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/x.md"
            assert place["physicalLocation"]["region"]["startLine"] >= 1
    odd = next(result for result in made["results"] if result["ruleId"] == "family.odd")
    assert odd["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "So."}]
    assert odd["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "module:MOD-901"}]


def test_nothing_that_a_terminal_acts_on_is_printed(tmp_path: Path) -> None:
    report = lint([tree(tmp_path, {"x.yaml": "kind: modul\ntitle: \u202e\x1b[31mred\n"})])
    for shown in (formats.text(report), formats.github(report)):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert json.loads(formats.as_json(report))


def test_a_long_line_is_cut_around_what_is_meant() -> None:
    line = "x" * 5_000 + "WRONG" + "y" * 5_000
    assert formats.about(line, "'WRONG' is wrong.") == (5_000, 5_005)
    assert formats.about("  all of it  ", "It is wrong.") == (2, 11)
