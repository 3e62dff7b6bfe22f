"""Points, grade bands and pass rules of a policy: named where they contradict themselves, else silence."""

from __future__ import annotations

from typing import Any

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint import policies
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.text import SourceText


def policy(kind: str = "curriculum", **fields: Any) -> Statement:
    """A policy, each field on a line of its own."""
    statement = Statement(SourceText(f"{kind}.md", ("x",) * 40), kind)
    claim = statement.claim("policy", "Grades", 1)
    for line, (name, value) in enumerate(fields.items(), 1):
        claim.set(name.replace("__", "."), value, line)
    return statement


def parts(quizzes: str = "10", projects: str = "100", **more: Any) -> dict[str, Any]:
    return {
        "components__0": {"title": "Quizzes", "activities": "quiz", "count": "10", "points_each": quizzes},
        "components__1": {"title": "Projects", "activities": "project", "count": "5", "points_each": projects},
        "stated__points": "600", **more,
    }  # fmt: skip


def rule(measure: str, least: str, of: str = "", **more: str) -> dict[str, str]:
    return {"text": f"{measure} {least}", "measure": measure, "at_least": least, **({"of": of} if of else {}), **more}


def band(label: str, low: str | None, high: str | None, unit: str = "percent", *, below: bool = False) -> Any:
    return {"label": label, unit: {"low": low, "high": high, **({"below": "yes"} if below else {})}}


def found(statement: Statement, check: Any) -> list[tuple[str, int]]:
    findings: list[Finding] = list(check(statement))
    return [(each.rule, each.line) for each in findings]


@pytest.mark.parametrize(("projects", "right"), [("100", True), ("80", False)])
def test_parts_add_up_to_the_total(projects: str, right: bool) -> None:
    statement = policy(**parts(projects=projects))
    assert found(statement, policies.total_points) == ([] if right else [("sums.total_points", 3)])


def test_a_part_without_points_leaves_the_total_open_and_extra_points_stand_beside_it() -> None:
    open_ = parts(components__2={"title": "Talk"})
    assert found(policy(**open_, stated__x="1"), policies.total_points) == []
    extra = parts(components__2={"title": "Extra credit", "points": "50"})
    assert found(policy(**extra), policies.total_points) == []


@pytest.mark.parametrize(
    ("title", "left", "said"),
    [
        ("Final exam", parts(), "so Quizzes, Projects count for more"),
        ("Final exam", {"components__0": {"title": "Quizzes", "activities": "quiz"}}, "so Quizzes counts for more"),
        ("Final exam", {}, "so nothing counts"),
        ("Extra credit", parts(), ""),
    ],
)
def test_a_part_that_is_no_activity_makes_the_others_weigh_more(title: str, left: dict[str, Any], said: str) -> None:
    statement = policy(**left, components__9={"title": title, "text": f"{title}: 20%"})
    findings = list(policies.unmeasured(statement))
    assert [each.line for each in findings] == ([len(left) + 1] if said else [])
    assert all(f"{title!r} is a part of the grade" in each.message and said in each.message for each in findings)


def test_native_policies_measure_what_they_name() -> None:
    assert found(policy("native", components__0={"title": "Quizzes", "id": "quizzes"}), policies.unmeasured) == []


@pytest.mark.parametrize(("points", "right"), [("420", True), ("421", False), ("400", False)])
def test_points_beside_a_percentage_are_that_percentage(points: str, right: bool) -> None:
    statement = policy(rules__0=rule("overall_percent", "70", points=points, out_of="600"))
    assert found(statement, policies.passing_points) == ([] if right else [("sums.passing_points", 1)])
    only_points = policy(rules__0=rule("overall_points", "1", points="1", out_of="600"))
    assert found(only_points, policies.passing_points) == []


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([band("A", "90", "100"), band("B", "70", "89"), band("F", None, "70", below=True)], []),
        ([band("F", None, "70", below=True), band("A", "90", None), band("B", "70", "89.9")], []),
        ([band("A", "90", "100"), band("B", "70", "84"), band("F", "0", "69")], [("sums.band_gap", 2)]),
        ([band("A", "90", "100"), band("B", "70", "89"), band("F", None, "65", below=True)], [("sums.band_gap", 3)]),
        ([band("A", "90", "95"), band("F", "0", "89")], [("sums.band_gap", 1)]),
        ([band("A", "90", "100"), band("B", "70", "89")], [("sums.band_gap", 2)]),
        ([band("A", "90", "100"), band("B", "0", "90")], [("sums.band_overlap", 2)]),
        ([band("A", "90", "100"), band("B", None, "92", below=True)], [("sums.band_overlap", 2)]),
        ([band("A", "90", None)], []),
        ([band("A", "540", "600", "points"), band("F", "0", "539", "points")], []),
        ([band("A", "540", "590", "points"), band("F", "0", "539", "points")], [("sums.band_gap", 1)]),
    ],
)
def test_bands_follow_each_other(lines: list[Any], wrong: list[tuple[str, int]]) -> None:
    statement = policy(**{f"stated__bands__{place}": line for place, line in enumerate(lines)}, stated__points="600")
    assert found(statement, policies.bands) == wrong


def test_native_bands_have_lower_ends_only() -> None:
    fields = {"scale__bands__0__label": "A", "scale__bands__0__from_percent": "90", "scale__bands__1__label": "F",
              "scale__bands__1__from_percent": "0"}  # fmt: skip
    assert found(policy("native", **fields), policies.bands) == []
    assert found(policy("native", **fields | {"scale__bands__1__from_percent": "10"}), policies.bands) == [
        ("sums.band_gap", 4)
    ]
    assert found(policy("native", **fields | {"scale__bands__0__from_percent": "0"}), policies.bands) == [
        ("sums.band_overlap", 4)
    ]


@pytest.mark.parametrize(("low", "right"), [("540", True), ("541", False), ("539.5", True)])
def test_points_of_a_band_are_those_of_its_percentage(low: str, right: bool) -> None:
    both = band("A", "90", "100") | {"points": {"low": low, "high": "600"}}
    statement = policy(stated__bands__0=both, stated__points="600")
    assert found(statement, policies.bands) == ([] if right else [("sums.band_points", 1)])


@pytest.mark.parametrize(
    ("made", "met"),
    [
        (rule("overall_percent", "101"), False), (rule("overall_percent", "100"), True),
        (rule("overall_points", "601"), False), (rule("each_item_points", "101", "projects"), False),
        (rule("each_item_points", "70", "projects", out_of="60"), False),
        (rule("component_average_points", "11", "quizzes"), False), (rule("each_item_points", "9", "quizzes"), True),
        (rule("number_of_items", "6", "projects"), False), (rule("number_of_items", "5", "projects"), True),
        (rule("number_of_items", "6", "labs"), True), ({"text": "Be kind"}, True),
    ],
)  # fmt: skip
def test_rules_that_nobody_can_meet_are_errors(made: dict[str, str], met: bool) -> None:
    statement = policy(**parts(), rules__0=made)
    assert found(statement, policies.pass_rules) == ([] if met else [("policies.unreachable", 4)])
    assert met or next(iter(policies.pass_rules(statement))).severity == "error"


@pytest.mark.parametrize(("least", "quizzes", "implied"), [
    ("70", "7", True), ("71", "7", False), ("70", "6", False), ("68", "6", True),
])  # fmt: skip
def test_an_overall_rule_that_follows_from_the_others_is_named(least: str, quizzes: str, implied: bool) -> None:
    fields = parts(
        rules__0=rule("overall_percent", least), rules__1=rule("each_item_points", "70", "projects", out_of="100"),
        rules__2=rule("component_average_points", quizzes, "quizzes"),
    )  # fmt: skip
    assert found(policy(**fields), policies.pass_rules) == ([("policies.never_fails", 4)] if implied else [])
    assert found(policy("native", **fields), policies.pass_rules) == []


def test_shares_weigh_what_follows() -> None:
    weighted = {
        "components__0": {"title": "Quizzes", "activities": "quiz"}, "stated__weights__quizzes": "90",
        "components__1": {"title": "Projects", "activities": "project"}, "stated__weights__projects": "10",
        "rules__0": rule("overall_percent", "70"), "rules__1": rule("each_item_percent", "60", "quizzes"),
        "rules__2": rule("each_item_percent", "100", "projects"),
    }  # fmt: skip
    assert found(policy(**weighted), policies.pass_rules) == []
    assert found(policy(**weighted | {"rules__0": rule("overall_percent", "64")}), policies.pass_rules) == [
        ("policies.never_fails", 5)
    ]


def test_figures_without_measure_are_no_figures() -> None:
    statement = policy(**parts(projects="9" * 1_000), rules__0=rule("overall_percent", "9" * 1_000))
    for check in (policies.total_points, policies.passing_points, policies.bands, policies.pass_rules):
        assert found(statement, check) == []
