"""Modules that nothing comes after, and objectives that nothing is done for."""

from __future__ import annotations

from typing import Any

import pytest

from courses.curriculum.lint import goals
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.text import SourceText


def document(kind: str = "curriculum") -> Statement:
    return Statement(SourceText(f"{kind}.md", ("x",) * 90), kind)


def module(statement: Statement, number: int, **fields: Any) -> Claim:
    claim = statement.claim("module", f"Module {number}", number % 90 + 1, key=f"MOD-{number:03d}")
    for name, value in fields.items():
        claim.set(name.replace("__", "."), value, claim.line)
    return claim


def edge(claim: Claim, to: str, strength: str = "needs") -> None:
    made = claim.statement.claim("requirement", f"{strength} {to}", claim.line, parent=claim)
    made.set("strength", strength, claim.line)
    made.set("to", to, claim.line)


def chain(*, last: int = 14) -> tuple[Statement, dict[int, Claim]]:
    """Modules of which each needs the one before, but for the second, which nothing needs."""
    statement = document()
    made = {number: module(statement, number) for number in range(11, last + 1)}
    for number in range(13, last + 1):
        edge(made[number], f"MOD-{11 if number == 13 else number - 1:03d}")
    return statement, made


def ends(*statements: Statement) -> list[int]:
    return [finding.line for finding in goals.dead_ends(list(statements))]


def test_a_module_that_nothing_needs_and_that_leads_nowhere_is_named_but_not_the_last() -> None:
    statement, made = chain()
    assert ends(statement) == [made[12].line]
    (finding,) = goals.dead_ends([statement])
    assert finding.severity == "info"
    assert "MOD-012" in finding.message


@pytest.mark.parametrize("how", ["next", "words", "needed", "advised", "path", "project"])
def test_what_comes_next_may_be_said_in_many_ways(how: str) -> None:
    statement, made = chain()
    if how == "next":
        edge(made[12], "PROJ-01", "leads_to")
    elif how == "words":
        made[12].set("stated.next", "The capstone", made[12].line)
    elif how == "project":
        made[12].set("projects.0", "PROJ-01", made[12].line)
    elif how == "path":
        statement.claim("path", "All", 2).set("steps.0", {"to": "MOD-012/lab-1"}, 2)
    else:
        edge(made[14], "MOD-012", "needs" if how == "needed" else "recommended")
    assert ends(statement) == []


def test_nothing_comes_next_is_no_next() -> None:
    statement, made = chain()
    made[12].set("stated.next", "None", made[12].line)
    assert ends(statement) == [made[12].line]


def test_few_modules_and_modules_that_say_nothing_of_an_order_are_left_alone() -> None:
    few = document()
    module(few, 1)
    module(few, 2)
    assert ends(few) == []
    silent = document()
    for number in range(1, 6):
        module(silent, number)
    assert ends(silent) == []


def objective(claim: Claim, text: str, **fields: Any) -> None:
    made = claim.statement.claim("objective", text, claim.line, parent=claim)
    made.set("text", text, claim.line)
    for name, value in fields.items():
        made.set(name.replace("__", "."), value, claim.line)


def unserved(*statements: Statement) -> list[int]:
    return [finding.line for finding in goals.unserved_objectives(list(statements))]


def two() -> tuple[Statement, Claim, Claim]:
    """Two modules with objectives; the first has an exercise."""
    statement = document("module_roadmap")
    first, second = module(statement, 1), module(statement, 2)
    objective(first, "Swim")
    objective(second, "Dive")
    statement.claim("lab", "Lab 1", 3, parent=first)
    return statement, first, second


def test_a_module_with_objectives_and_nothing_to_do_is_named() -> None:
    statement, _, second = two()
    assert unserved(statement) == [second.line]


@pytest.mark.parametrize("how", ["quiz", "evidence", "project", "policy", "elsewhere"])
def test_what_serves_an_objective_may_stand_anywhere(how: str) -> None:
    statement, _, second = two()
    other = document("master_plan")
    if how == "quiz":
        statement.claim("quiz", "Quiz", 4, parent=second)
    elif how == "evidence":
        second.set("evidence.0", "Logbook", second.line)
    elif how == "project":
        edge(other.claim("project", "Wreck", 5, key="PROJ-01"), "MOD-002")
    elif how == "policy":
        other.claim("policy", "Grades", 6).set("components.0", {"title": "Quizzes", "activities": "quiz"}, 6)
    else:
        other.claim("lab", "Lab 2", 7, parent=module(other, 2))
    assert unserved(statement, other) == []


def test_where_no_document_says_what_is_done_nothing_is_missing() -> None:
    statement = document()
    objective(module(statement, 1), "Swim")
    assert unserved(statement) == []


def test_a_native_objective_is_named_where_others_beside_it_name_their_activities() -> None:
    statement = document("native")
    claim = module(statement, 1)
    objective(claim, "Swim", activities__0="lab-1")
    assert unserved(statement) == []
    objective(claim, "Dive")
    (finding,) = goals.unserved_objectives([statement])
    assert "Dive" in finding.message
    assert "Swim" not in finding.message
