"""Limits of a document, and what a parser would drop or choke on."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.reader import SourceDocument
from courses.curriculum.sources.text import source_text
from tests.courses.sources.support import faults_of_account, read_text, rules


def nested(levels: int, mark: str = "- ") -> str:
    return "\n".join("  " * level + f"{mark}x" for level in range(levels)) + "\n"


def document(text: str) -> SourceDocument:
    return SourceDocument(source_text("x.md", text.encode()), "markdown")


def test_lists_may_be_nested_twenty_deep_and_no_deeper() -> None:
    assert document(nested(20)).faults == []
    statement = read_text("# Title\n\n" + nested(21))
    assert rules(statement) == [("source.too_deep", 23)]
    assert "the limit is 20" in statement.findings[0].message
    assert faults_of_account(statement) == []


@pytest.mark.parametrize("text", [nested(300), ">" * 20_000, "1. " * 6_000, "> - " * 30 + "x\n"])
def test_depth_without_end_is_one_error(text: str) -> None:
    statement = read_text(text)
    assert [rule for rule, _ in rules(statement)] == ["source.too_deep"]
    assert faults_of_account(statement) == []


def test_a_table_has_at_most_a_thousand_columns() -> None:
    table = "# T\n\n" + "|a" * 1_001 + "|\n" + "|-" * 1_001 + "|\n"
    statement = read_text(table)
    assert rules(statement) == [("source.too_wide", 3)]
    assert "1001 columns; the limit is 1000" in statement.findings[0].message
    assert document("|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n").faults == []


def test_a_line_of_markdown_has_at_most_twenty_thousand_characters() -> None:
    head = "# Module Roadmap\n\n## Module Overview\n\n- **Module ID**: MOD-901\n- **Module Title**: "
    statement = read_text(f"{head}{'a' * 19_982}\n")
    assert len(statement.source.line(6)) == 20_002
    assert (statement.kind, rules(statement)) == ("other", [("source.long_line", 6)])
    assert "20002 characters; the limit is 20000" in statement.findings[0].message
    assert faults_of_account(statement) == []
    assert read_text(f"{head}{'a' * 19_980}\n").kind == "module_roadmap"


def test_a_long_line_of_yaml_is_read() -> None:
    text = f"kind: module\nid: MOD-901\ntitle: Ports\nsummary: {'a' * 30_000}\n"
    assert SourceDocument(source_text("x.yaml", text.encode()), "yaml").faults == []


def test_front_matter_is_no_section_and_says_so() -> None:
    text = (
        "---\ntitle: Not a heading\nmood: x\n---\n# Module Roadmap\n\n## Module Overview\n\n- **Module ID**: MOD-901\n"
    )
    assert [part.title for part in document(text).outline.walk()] == ["", "Module Roadmap", "Module Overview"]
    assert document(text).data["title"] == "Not a heading"
    statement = read_text(text)
    assert statement.kind == "module_roadmap"
    assert ("source.front_matter", 3) in rules(statement)
    assert statement.claims[0].place("id") == ("document.md", 9)
    assert faults_of_account(statement) == []


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    assert document("---\n\n# Title\n").front_lines == 0
    assert document("---\ntitle: x\n").front_lines == 0


def test_definitions_of_links_stay_lines() -> None:
    root: Section = document("# T\n\n[one]: https://example.test/\n").outline
    assert [block.line for block in root.sections[0].blocks] == [3]
