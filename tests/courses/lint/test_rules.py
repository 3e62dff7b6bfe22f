"""docs/lint-rules.md is true: every rule has its section, and its examples break it, or do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courses.curriculum import lint as families
from courses.curriculum.lint.register import Rule, checks
from courses.curriculum.planning.alone import lint_alone
from tests.courses.lint.made import MADE, WITHOUT

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "lint-rules.md").read_text(encoding="utf-8")
# Examples are documents with headings of their own, so a section ends where the next one of a rule begins.
PARTS = re.split(r"^### `([a-z_]+\.[a-z_]+)`$", GUIDE, flags=re.MULTILINE)
SECTIONS = dict(zip(PARTS[1::2], PARTS[2::2], strict=True))
EXAMPLE = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
families.load()
LINTED = sorted(rule for rule, text in SECTIONS.items() if EXAMPLE.search(text))


def _examples(rule: str) -> tuple[str, str]:
    """What is under *Bad* and under *Good* of a section."""
    found = re.fullmatch(r".*?^Bad:(.*?)^Good:(.*)", SECTIONS[rule], re.DOTALL | re.MULTILINE)
    assert found is not None, f"{rule} needs a bad and a good example"
    return found[1], found[2]


def _found(argument: str) -> list[tuple[str, str]]:
    """Rules and severities of what an author's lint leaves open; what joins nothing, examples do not."""
    report = lint_alone([argument])
    assert not report.failed
    found = [each.finding for each in report.said if each.settled is None]
    return sorted({(each.rule, each.severity) for each in found if not each.rule.startswith("import.")})


def _linted(text: str, folder: Path) -> list[tuple[str, str]]:
    for name, content in EXAMPLE.findall(text):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return _found(str(folder))


def test_every_rule_has_its_section_and_every_section_its_rule() -> None:
    assert sorted(SECTIONS) == sorted(checks.rules)


@pytest.mark.parametrize("rule", checks.rules.values(), ids=lambda rule: rule.id)
def test_a_section_says_severity_and_title_and_has_both_examples(rule: Rule) -> None:
    line = SECTIONS[rule.id].split("\n")[2]
    assert line.casefold() == f"{rule.severity}: {rule.title}.".casefold()
    assert all(text.strip() for text in _examples(rule.id))


@pytest.mark.parametrize("rule", LINTED)
def test_the_bad_example_breaks_the_rule_and_no_other(rule: str, tmp_path: Path) -> None:
    assert _linted(_examples(rule)[0], tmp_path) == [(rule, checks.rules[rule].severity)]


@pytest.mark.parametrize("rule", LINTED)
def test_the_good_example_breaks_none(rule: str, tmp_path: Path) -> None:
    assert _linted(_examples(rule)[1], tmp_path) == []


@pytest.mark.parametrize("rule", MADE)
def test_what_is_made_for_a_rule_breaks_it_or_does_not(rule: str, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    for folder in (bad, good):
        folder.mkdir()
    assert [each for each, _ in _found(MADE[rule][0](bad))] == [rule]
    assert _found(MADE[rule][1](good)) == []


def test_every_rule_is_broken_by_an_example_or_by_what_is_made_for_it() -> None:
    assert sorted([*LINTED, *MADE, *WITHOUT]) == sorted(checks.rules)


def test_every_rule_that_is_raised_anywhere_is_registered() -> None:
    families_of = "source|hygiene|sums|counts|references|conflicts|quiz|competencies|gates|policies|import"
    raised = {
        found
        for path in (ROOT / "courses" / "curriculum").rglob("*.py")
        for found in re.findall(rf'"((?:{families_of})\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert raised - set(checks.rules) == set()
