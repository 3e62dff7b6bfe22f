"""docs/lint-rules.md is true: every rule has its section, and its examples break it, or do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courses.curriculum import lint as families
from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Rule, checks
from courses.curriculum.report.run import lint

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


def _linted(text: str, folder: Path) -> list[Finding]:
    for name, content in EXAMPLE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")
    report = lint([str(folder)])
    assert not report.failed
    return [each.finding for each in report.said]


def test_every_rule_has_its_section_and_every_section_its_rule() -> None:
    assert sorted(SECTIONS) == sorted(checks.rules)


@pytest.mark.parametrize("rule", checks.rules.values(), ids=lambda rule: rule.id)
def test_a_section_says_severity_and_title_and_has_both_examples(rule: Rule) -> None:
    line = SECTIONS[rule.id].split("\n")[2]
    assert line.casefold() == f"{rule.severity}: {rule.title}.".casefold()
    assert all(text.strip() for text in _examples(rule.id))


@pytest.mark.parametrize("rule", LINTED)
def test_the_bad_example_breaks_the_rule(rule: str, tmp_path: Path) -> None:
    found = _linted(_examples(rule)[0], tmp_path)
    assert rule in [finding.rule for finding in found]
    assert next(finding.severity for finding in found if finding.rule == rule) == checks.rules[rule].severity


@pytest.mark.parametrize("rule", LINTED)
def test_the_good_example_does_not(rule: str, tmp_path: Path) -> None:
    assert rule not in [finding.rule for finding in _linted(_examples(rule)[1], tmp_path)]


def test_every_rule_that_is_raised_anywhere_is_registered() -> None:
    families_of = "source|hygiene|sums|counts|references|conflicts|quiz|competencies|gates|policies"
    raised = {
        found
        for path in (ROOT / "courses" / "curriculum").rglob("*.py")
        for found in re.findall(rf'"((?:{families_of})\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert raised - set(checks.rules) == set()
