"""A lint run: which files become what, what is said of them, and that no line is dropped."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Checks, Rule, Setting
from courses.curriculum.report import run
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import lint
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.reader import SourceDocument, read_document

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
ROADMAP = "# Module Roadmap\n\n## Module Overview\n\n- **Module ID**: MOD-901\n- **Module Title**: Ports\n"
PROGRAM = "kind: program\nid: p\ntitle: P\nrole: r\nsummary: S.\n"
ROLE = "kind: role\nid: r\ntitle: R\nlevel: l\norder: 1\nsummary: S.\n"
SCALE = "kind: scale\nid: s\ntitle: S\npurpose: seniority\nlevels:\n- {id: l, label: L}\n- {id: m, label: M}\n"
NATIVE: dict[str, str | bytes] = {"p/program.yaml": PROGRAM, "role.yaml": ROLE, "scale.yaml": SCALE}
Files = dict[str, str | bytes]


def tree(root: Path, files: Files) -> str:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(root)


def linted(root: Path, files: Files, **options: Any) -> Report:
    return lint([tree(root, files)], **options)


def said(report: Report) -> list[tuple[str, str]]:
    return [(each.finding.rule, each.finding.severity) for each in report.said]


def kinds(report: Report) -> dict[str, str]:
    return {Path(statement.file).name: statement.kind for statement in report.statements}


def unaccounted(report: Report) -> int:
    return sum(statement.account.counts()["unaccounted"] for statement in report.statements)


def test_the_shipped_curriculum_is_clean_and_all_of_it_is_mapped_or_prose() -> None:
    report = lint([str(FIXTURES)])
    assert [str(each.finding) for each in report.said] == []
    assert (report.exit_code(strict=True), unaccounted(report)) == (0, 0)
    assert {statement.kind for statement in report.statements} == {"native"}
    for statement in report.statements:
        counts = statement.account.counts()
        assert counts["lines"] == counts["mapped"] + counts["prose"]


def test_kinds_are_recognised_by_content_whatever_a_file_is_called(tmp_path: Path) -> None:
    report = linted(
        tmp_path,
        {**NATIVE, "one.md": ROADMAP, "two.txt": ROADMAP, "three": ROADMAP, "four.yaml": ROADMAP, "five.md": PROGRAM,
         "six.csv": "Name,E-Mail\nA,a@demo.test\n", "seven.md": f"---\n{ROLE}---\nText.\n"},
    )  # fmt: skip
    assert kinds(report) == {
        "program.yaml": "native", "role.yaml": "native", "scale.yaml": "native", "one.md": "module_roadmap",
        "two.txt": "module_roadmap", "three": "module_roadmap", "four.yaml": "module_roadmap", "five.md": "native",
        "six.csv": "people", "seven.md": "native",
    }  # fmt: skip
    assert unaccounted(report) == 0


def test_native_lines_are_named_by_their_fields(tmp_path: Path) -> None:
    module = (
        "# why\nkind: module\nid: M-1\nsummary: |\n  one\n\n  two\ntitle: T\ntopics:\n- {title: A, hours: 2}\n- B\n"
    )
    report = linted(tmp_path, {**NATIVE, "p/m.yaml": module})
    assert said(report) == []
    statement = next(each for each in report.statements if each.file.endswith("/m.yaml"))
    names = {line: statement.account.fields(line) for line in statement.source.filled()}
    assert names == {
        1: ["module:M-1.kind"], 2: ["module:M-1.kind"], 3: ["module:M-1.id"], 4: ["module:M-1.summary"],
        5: ["module:M-1.summary"], 7: ["module:M-1.summary"], 8: ["module:M-1.title"],
        9: ["topic:M-1/a.title", "topic:M-1/a.hours"], 10: ["topic:M-1/a.title", "topic:M-1/a.hours"],
        11: ["topic:M-1/b.title"],
    }  # fmt: skip
    topic = next(claim for claim in statement.claims if claim.address == "topic:M-1/a")
    assert topic.parent is not None
    assert (topic.parent.address, topic.get("hours")) == ("module:M-1", "2")


def test_what_a_native_fault_keeps_from_being_read_is_reported(tmp_path: Path) -> None:
    report = linted(tmp_path, {**NATIVE, "p/m.yaml": "kind: module\nid: M-1\ntitle: T\nsummary: S.\nhuors: 3\n"})
    assert said(report) == [("native.unknown_key", "error")]
    [statement] = [each for each in report.statements if each.file.endswith("/m.yaml")]
    assert statement.account.counts()["reported"] == 5
    assert report.exit_code() == 1


def test_native_references_are_looked_for_in_other_documents_and_in_what_is_known(tmp_path: Path) -> None:
    module = (
        "kind: module\nid: M-1\ntitle: T\nsummary: S.\nrequirements: [{to: MOD-901}, {to: 'other:M-2'}, {to: M-3}]\n"
    )
    files = {**NATIVE, "p/m.yaml": module}
    assert len(said(linted(tmp_path, files))) == 3
    files |= {"x.md": ROADMAP, ".waymark/import.yaml": "known:\n- other:M-2\n- M-3\n"}
    report = linted(tmp_path, files)
    assert said(report) == []
    assert unaccounted(report) == 0


def test_what_is_no_curriculum_is_one_info_a_folder_and_named_by_itself_an_error(tmp_path: Path) -> None:
    files: Files = {
        "README.md": "# Read me\n", "LICENSE": "Text\n", "a/compose.yaml": "x: &a {b: c}\ny: *a\n",
        "a/chart.yaml": "{{ if }}\n", "a/deploy.yaml": "apiVersion: v1\nkind: Role\nmetadata: {}\n",
        "a/code.py": "# no document\n", "b/data": b"\x00\x01", "empty.md": "",
    }  # fmt: skip
    report = linted(tmp_path, files)
    assert said(report) == [("source.other", "info")] * 2
    assert set(kinds(report).values()) == {"other"}
    assert (report.exit_code(strict=True), unaccounted(report)) == (0, 0)
    alone = {
        "README.md": "source.other", "a/compose.yaml": "source.yaml_alias", "b/data": "source.not_text",
        "a/code.py": "source.other", "empty.md": "source.other",
    }  # fmt: skip
    for name, rule in alone.items():
        report = lint([f"{tmp_path}/{name}"])
        assert (said(report), report.exit_code()) == ([(rule, "error")], 1), name


def test_people_belong_to_another_import(tmp_path: Path) -> None:
    roster: Files = {"roster.csv": "name;email\nA;a@demo.test\n"}
    assert said(linted(tmp_path, roster)) == [("source.people", "info")]
    assert said(lint([f"{tmp_path}/roster.csv"])) == [("source.people", "error")]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("x.md", ROADMAP.encode("utf-16"), "source.not_text"),
        ("x.md", "# Caf\xe9\n".encode("latin-1"), "source.not_text"),
        ("x.yaml", b"\x89PNG\x00", "source.not_text"),
        ("x.md", b"x\n" * 50_001, "source.too_long"),
        ("x.md", b"x" * (2 * 1024 * 1024 + 1), "source.too_large"),
        ("x.md", b"> " * 30, "source.too_deep"),
        ("x.yaml", b"a: " + b"[" * 30, "source.too_deep"),
        ("x.yaml", b"".join(b"k%d: &k%d [%s]\n" % (n, n, b", ".join([b"*k%d" % (n - 1)] * 10 if n else [b"x"] * 10))
                            for n in range(9)), "source.alias_bomb"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_hostile_file_is_one_error_in_a_tree_too_and_the_rest_is_linted(
    tmp_path: Path, name: str, content: bytes, rule: str
) -> None:
    report = linted(tmp_path, {name: content, "good.md": ROADMAP})
    errors = [each.finding for each in report.said if each.finding.severity == "error"]
    assert [(finding.rule, Path(finding.file).name) for finding in errors] == [(rule, name)]
    assert kinds(report)["good.md"] == "module_roadmap"
    assert (report.exit_code(), unaccounted(report)) == (1, 0)


def test_lines_that_end_with_carriage_returns_are_lines(tmp_path: Path) -> None:
    report = linted(tmp_path, {"x.md": ROADMAP.replace("\n", "\r")})
    [statement] = report.statements
    assert (statement.kind, statement.account.counts()["lines"]) == ("module_roadmap", 4)
    assert statement.claims[0].place("title")[1] == 6


def test_members_of_an_archive_are_called_by_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("docs/x.md", ROADMAP)
        archive.writestr("../y.md", ROADMAP)
    report = lint([f"{tmp_path}/a.zip"])
    assert [statement.file for statement in report.statements] == [f"{tmp_path}/a.zip!/docs/x.md"]
    assert said(report) == [("source.archive_path", "error")]


def test_a_reader_or_a_check_that_breaks_down_takes_nothing_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(document: SourceDocument) -> Statement:
        if document.source.file.endswith("x.md"):
            raise RecursionError("too deep")
        return real(document)

    def check(statement: Statement) -> Iterator[Finding]:
        raise KeyError("x")

    def good(statements: list[Statement], setting: Setting) -> Iterator[Finding]:
        yield Finding("family.good", "warning", statements[0].file, 1, f"Today is {setting.today}.")

    real = read_document
    checks = Checks({"family.good": Rule("family.good", "warning", "x")}, [check], [good])
    monkeypatch.setattr(run, "read_document", broken)
    monkeypatch.setattr(run, "checks", checks)
    report = linted(tmp_path, {"x.md": ROADMAP, "y.md": ROADMAP}, today=date(2026, 3, 1))
    assert said(report) == [("source.reader_failed", "error"), ("family.good", "warning")]
    assert report.said[1].finding.message == "Today is 2026-03-01."
    assert (report.exit_code(), unaccounted(report)) == (4, 0)


def test_lines_that_a_reader_leaves_out_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lazy(document: SourceDocument) -> Statement:
        statement = Statement(document.source, "module_roadmap")
        statement.claim("module", "M", 1, key="M-1").set("title", "M", 1)
        return statement

    monkeypatch.setattr(run, "read_document", lazy)
    report = linted(tmp_path, {"x.md": ROADMAP})
    assert said(report) == [("source.unread", "warning")]
    assert "3, 5, 6" in report.said[0].finding.message
    assert unaccounted(report) == 0
