"""docs/import-coverage.md says where each section of a document ends up; here it is held to the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import get_resolver

from courses.curriculum.kinds import registry
from courses.curriculum.report.run import lint
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.reader import register

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "import-coverage.md").read_text()
NOT_OURS = {"native", "people", "other"}
OF_KEYS = {"master_plan", "skills_matrix", "asset_metadata", "repository_strategy", "validation_profiles"}
UNKNOWN = ("source.unknown_section", "source.unknown_key")
# Headings that are the title of one thing, and no section of a template.
TITLED = re.compile(
    r"^(?:mod(?:ule)?|project|exercise|path|question|q|section|lab)[ -]*\d|\bquestions? \d|\(\d+ questions\)"
)

Row = tuple[list[str], list[str]]


def tables() -> dict[str, list[Row]]:
    """Kind of document -> its rows: the wordings of the section, and the other cells."""
    found = {}
    for part in PAGE.split("\n## ")[1:]:
        kind = re.search(r"^Kind `(\w+)`", part, re.M)
        assert kind is not None, part.splitlines()[0]
        rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
        keys = ", " if kind[1] in OF_KEYS else " / "
        found[kind[1]] = [(first.split(keys), rest) for first, *rest in rows[1:]]
    return found


ROWS = [(kind, row) for kind, rows in tables().items() for row in rows]


def test_every_kind_of_document_has_its_table() -> None:
    assert set(tables()) == set(register.kinds) - NOT_OURS


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=[f"{kind}-{row[0][0]}" for kind, row in ROWS])
def test_fields_and_pages_of_a_row_exist(kind: str, row: Row) -> None:
    fields, staff, learners = row[1][0], row[1][1], row[1][2]
    names = re.findall(r"`([a-z_]+)\.([a-z_]+)`", fields)
    assert names or fields == "*lint*"
    for entity, field in names:
        body = registry.get(entity).body.model_fields
        assert field in body or field in registry.children_of(entity), f"{entity} has no {field}"
    anchors = re.findall(r"`(\w+)#(\w+)`", staff)
    assert bool(anchors) == bool(names), "what fills a field has a page for staff"
    addresses = get_resolver().reverse_dict
    for address, section in anchors:
        assert address in addresses, address
        get_template(f"dashboard/content/_{section}.html")
    for address in re.findall(r"`([a-z_:-]+)`", learners):
        names_of = get_resolver(None)
        for space in address.split(":")[:-1]:
            names_of = names_of.namespace_dict[space][1]
        assert address.rpartition(":")[2] in names_of.reverse_dict, address


def sections_of(statement: Statement) -> Iterator[tuple[int, str]]:
    """Headings below the title, or keys of the whole document, with their lines.

    Not those of questions; what a heading of the table opens is its part.
    """
    lines = statement.source.lines
    if statement.file.endswith((".yaml", ".yml")):
        yield from ((at, line.partition(":")[0]) for at, line in enumerate(lines, 1) if re.match(r"[a-z_]+:", line))
        return
    asked = [claim.line for claim in statement.of_kind("question")]
    heads = []
    inside = False
    for at, line in enumerate(lines, 1):
        inside ^= line.startswith("```")
        if not inside and (found := re.match(r"(#{2,6}) +(.+)", line)):
            heads.append((at, len(found[1]), found[2]))
    for place, (at, depth, title) in enumerate(heads):
        end = next((line for line, other, _ in heads[place + 1 :] if other <= depth), len(lines) + 1)
        above = next((other for _, level, other in reversed(heads[:place]) if level < depth), "")
        part = statement.kind == "quiz" and above and in_table("quiz", above)
        if not part and not any(at <= line < end for line in asked):
            yield at, title


def in_table(kind: str, title: str) -> bool:
    words = folded(re.sub(r"\(.*?\)|:.*", "", title))
    named = {folded(re.sub(r"\(.*?\)|:.*", "", each)) for row in tables()[kind] for each in row[0]}
    return words in named or title.strip() in {each for row in tables()[kind] for each in row[0]}


def test_every_section_of_the_corpus_is_in_the_table_of_its_kind_or_reported(waymark_corpus: Path) -> None:
    report = lint([str(waymark_corpus)])
    unknown = {(said.finding.file, said.finding.line) for said in report.said if said.finding.rule in UNKNOWN}
    seen, left = 0, []
    for statement in report.statements:
        if statement.kind in NOT_OURS:
            continue
        for line, title in sections_of(statement):
            seen += 1
            if TITLED.search(folded(title)) or (statement.file, line) in unknown or in_table(statement.kind, title):
                continue
            left.append(f"{statement.kind} {Path(statement.file).name}:{line} {title}")
    assert seen > 500
    assert not left, "\n".join(left)
