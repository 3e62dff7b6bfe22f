"""How much what counts: tables, lists and sentences of a curriculum document become parts of its policy."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim
from tests.courses.sources.support import faults_of_account, read_text

CURRICULUM = """\
# Networks - Curriculum

**Total Duration:** 60 hours

## Prerequisites

- A shell

## Modules

### Module 901: Ports

**Duration:** 20 hours

### Module 902: Names

**Duration:** 12 hours

## Projects

### Project 901: Harbour

**Duration:** 28 hours

## Career Outcomes

- **Titles**: Engineer

"""
TABLE = "| Component | Weight |\n|---|---|\n| Quizzes | 30% |\n| Labs | 30% |\n| Projects | 40% |\n"
WHOLE = [("quiz", "30"), ("lab", "30"), ("project", "40")]


def policy_of(text: str) -> Claim:
    statement = read_text(CURRICULUM + text)
    assert statement.kind == "curriculum"
    assert faults_of_account(statement) == []
    [policy] = statement.of_kind("policy")
    return policy


def parts_of(policy: Claim) -> list[tuple[str, str]]:
    """Activity and share of each part."""
    shares = [policy.get(name) for name in policy.fields if name.startswith("stated.weights.")]
    parts = [policy.get(name) for name in policy.fields if name.startswith("components.")]
    return [(part.get("activities", ""), share) for part, share in zip(parts, shares, strict=True)]


def rules_of(policy: Claim) -> list[tuple[str, str]]:
    rules = [policy.get(name) for name in policy.fields if name.startswith("rules.")]
    return [(rule.get("measure", ""), rule.get("at_least", "")) for rule in rules]


@pytest.mark.parametrize(
    "title",
    ["Grading", "Marking Scheme", "Scoring", "How You Will Be Evaluated", "Certification", "Requirements",
     "Course Policies\n\nBe kind.\n\n### Attendance\n\nCome.\n\n### Weights", "Information\n\n**Grading:**"],
)  # fmt: skip
def test_a_table_of_shares_is_the_policy_below_whatever_title(title: str) -> None:
    policy = policy_of(f"## {title}\n\n{TABLE}")
    assert (parts_of(policy), rules_of(policy)) == (WHOLE, [])


WRITTEN = [
    "1. **Quizzes (30%)** - weekly\n2. **Labs (30%)** - graded\n3. **Projects (40%)** - by rubric\n",
    "- Quizzes (30%)\n- Labs (30%): pass/fail\n- **Projects (40%)**\n",
    "- **30%** Quizzes\n- **30%** Labs\n- **40%** Projects\n",
    "| Item | Weighting |\n|---|---|\n| Quizzes | 30 |\n| Labs | 30 |\n| Projects | 40 |\n",
    "| Item | Weight | Notes |\n|---|---|---|\n| Quizzes | 30% | weekly |\n| Labs | 30% | pass/fail |\n"
    "| Projects | 40% | |\n",
    "| Assessment Type | Percentage |\n|---|---|\n| Quizzes | 30% |\n| Labs | 30% |\n| Projects | 40% |\n"
    "| **Total** | **100%** |\n",
    "| Quizzes | Labs | Projects |\n|---|---|---|\n| 30% | 30% | 40% |\n",
    "Quizzes count 30%, labs 30% and projects 40%.\n",
]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("title", ["Assessment", "Grading"])
def test_shares_are_read_in_whatever_form(title: str, written: str) -> None:
    policy = policy_of(f"## {title}\n\n{written}")
    assert (parts_of(policy), rules_of(policy)) == (WHOLE, [])


@pytest.mark.parametrize(
    "written",
    ["- Quizzes (30%)\n- Labs (30%)\n- Projects (40%), at least 70% each\n",
     TABLE.replace("Weight |", "Weight | Notes |").replace("---|\n", "---|---|\n").replace("30% |", "30% | |")
     .replace("40% |", "40% | min. 70% each |")],
)  # fmt: skip
def test_what_is_said_of_passing_beside_a_share_is_a_rule(written: str) -> None:
    policy = policy_of(f"## Grading\n\n{written}")
    assert (parts_of(policy), rules_of(policy)) == (WHOLE, [("each_item_percent", "70")])


def test_a_column_of_what_is_passed_holds_no_shares() -> None:
    text = "## Passing\n\n| Component | Minimum % |\n|---|---|\n| Quizzes | 70% |\n| Projects | 75% |\n"
    policy = policy_of(text)
    assert (parts_of(policy), [least for _, least in rules_of(policy)]) == ([], ["70", "75"])


def test_a_sentence_that_is_not_the_whole_grade_stays_text() -> None:
    policy = policy_of("## Assessment\n\nQuizzes take 30% of the time, projects 40%.\n\n- Quizzes: 100%\n")
    assert parts_of(policy) == [("quiz", "100")]


def test_what_is_passed_is_no_band_of_the_grades_beside_it() -> None:
    text = "## Grading\n\nTo pass: 75% overall and at least 60% in every project.\n\n"
    policy = policy_of(f"{text}Letter grades: A \u2265 90, B 75\u201389, otherwise F.\n")
    assert rules_of(policy) == [("overall_percent", "75"), ("each_item_percent", "60")]
    bands = [policy.get(name) for name in policy.fields if name.startswith("scale.bands.")]
    assert [(band["label"], band["from_percent"], band["passing"]) for band in bands] == [
        ("A", "90", True), ("B", "75", True), ("F", "0", False)
    ]  # fmt: skip


def test_ids_without_a_colon_are_headings_of_modules_and_projects() -> None:
    text = CURRICULUM.replace("Module 901:", "MOD-901").replace("Module 902:", "MOD-902")
    statement = read_text(text.replace("Project 901:", "PROJ-901"))
    assert [(claim.key, claim.get("title")) for kind in ("module", "project") for claim in statement.of_kind(kind)] == [
        ("MOD-901", "Ports"), ("MOD-902", "Names"), ("PROJ-901", "Harbour")
    ]  # fmt: skip


def test_a_row_of_a_module_without_a_heading_is_that_module() -> None:
    rows = "| Code | Module | Hours |\n|---|---|---|\n| MOD-901 | Ports | 20 |\n| MOD-903 | Routes | 9 |\n\n"
    statement = read_text(CURRICULUM.replace("### Module 901", f"{rows}### Module 901"))
    found = {claim.key: (claim.get("title"), claim.get("hours")) for claim in statement.of_kind("module")}
    assert found["MOD-903"] == ("Routes", "9")
