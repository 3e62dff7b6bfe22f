"""Checks are registered with their rules, and are told what a run knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Checks, Rule, Setting
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.links import Places
from tests.courses.sources.support import read_text

TREE = Places(frozenset({"a/docs/x.md", "a/docs/pictures/p.png", "a/README.md"}), ("a",))


@pytest.mark.parametrize(
    ("target", "there"),
    [
        ("pictures/p.png", True), ("./pictures", True), ("../README.md#top", True), ("/README.md", True),
        ("docs/x.md", True), ("pictures/q.png", False), ("../../b/y.md", None), ("https://example.test/x", None),
        ("#part", None), ("mailto:a@demo.test", None), ("", None),
    ],
)  # fmt: skip
def test_a_link_is_looked_for_beside_the_file_then_from_the_root(target: str, there: bool | None) -> None:
    assert TREE.leads("a/docs/x.md", target) is there


def test_nothing_is_known_of_links_of_a_file_by_itself() -> None:
    assert TREE.leads("x.md", "y.md") is None


def test_a_check_gets_one_document_or_all_and_the_setting_if_it_asks() -> None:
    checks = Checks()
    seen: list[object] = []

    def one(statement: Statement) -> Iterator[Finding]:
        seen.append(statement.file)
        yield Finding("family.one", "warning", statement.file, 1, "x")

    def across(statements: list[Statement], setting: Setting) -> Iterator[Finding]:
        seen.append((len(statements), setting.known))
        return iter(())

    checks.of_one.append(one)
    checks.of_all.append(across)
    found = list(checks.run([read_text("a\n"), read_text("b\n")], Setting(known=frozenset({"MOD-1"}))))
    assert seen == ["document.md", "document.md", (2, frozenset({"MOD-1"}))]
    assert [finding.rule for finding in found] == ["family.one", "family.one"]


def test_a_rule_has_one_owner() -> None:
    checks = Checks()
    checks.declare(Rule("family.one", "info", "x"))
    with pytest.raises(ValueError, match="twice"):
        checks.declare(Rule("family.one", "info", "x"))
