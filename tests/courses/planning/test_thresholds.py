"""A quiz is passed from where its document says, by the policy of its program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from courses.models import Activity, Program
from courses.services.enrolment import _current_policy
from grading.policy.compile import rules_for
from grading.structure import structure_of
from tests.courses.planning.documents import PIPES, PLAN, QUIZ, STREAMS
from tests.courses.planning.support import planned, ran
from tests.courses.planning.test_drafts import SLUG
from tests.courses.planning.test_orders import CURRICULUM, NATIVE, Applied
from tests.courses.projecting import write_tree

FILES = {"plan.yaml": PLAN, "pipes.md": PIPES, "streams.md": STREAMS, "quiz.md": QUIZ}
SCORE = "**Passing Score:** 80% (2/2 questions)"
POLICY = """
kind: policy
title: Passing
default: {passing_percent: 75}
items:
  MOD-501/ITEM: {passing_percent: 60, weight: 2}
"""


def policies(base: Applied) -> list[dict[str, Any]]:
    return [each.body for each in base.reading.drafts.values() if each.kind == "policy"]


def passing(base: Applied) -> dict[str, str | None]:
    return {path: rules["passing_percent"] for body in policies(base) for path, rules in body["items"].items()}


def quiz_of(base: Applied) -> str:
    [path] = [each.path for each in base.reading.drafts.values() if each.kind == "quiz"]
    return path


def applied(root: Path, files: dict[str, str], base: Applied | None = None) -> Applied:
    return (base or Applied()).applied(write_tree(root, files))


def test_a_program_without_a_policy_gets_one_for_it(tmp_path: Path) -> None:
    base = applied(tmp_path / "all", FILES)
    assert passing(base) == {quiz_of(base): "80"}
    [policy] = policies(base)
    assert policy["default"]["passing_percent"] == "70", "all else is as without a policy"
    assert not policy["components"]
    draft = base.reading.drafts[SLUG, "policy:policy"]
    file, line = draft.elsewhere[f"items.{quiz_of(base)}"]
    assert (Path(file).name, QUIZ.strip().splitlines()[line - 1]) == (
        "quiz.md",
        "**Passing Score:** 80% (2/2 questions)",
    )
    assert base.planned(tmp_path / "all").is_empty


def test_a_quiz_by_itself_does_not_rename_the_policy(tmp_path: Path) -> None:
    base = applied(tmp_path / "tree", FILES)
    more = QUIZ.replace("Pipes - Quiz", "Pipes - Final Quiz").replace("80% (2/2 questions)", "90%")
    plan = base.planned(write_tree(tmp_path / "more", {"final.md": more}) / "final.md")
    changed = [each.field for each in plan.comparisons[0].changed if each.entity == "policy:policy"]
    assert len(changed) == 1, "a threshold comes, and the title stays"
    assert changed[0].startswith("items.")


def test_what_is_usual_is_written_nowhere(tmp_path: Path) -> None:
    assert policies(applied(tmp_path / "all", {**FILES, "quiz.md": QUIZ.replace("80%", "70%")})) == []


def test_a_score_that_nobody_can_reach_is_no_threshold(tmp_path: Path) -> None:
    base = applied(tmp_path / "all", {**FILES, "quiz.md": QUIZ.replace("80% (2/2 questions)", "140%")})
    assert passing(base) == {}


def test_it_joins_the_policy_of_another_document(tmp_path: Path) -> None:
    base = applied(tmp_path / "all", {**FILES, "curriculum.md": CURRICULUM})
    assert passing(base) == {quiz_of(base): "80"}
    assert [each["id"] for each in policies(base)[0]["components"]] == ["quizzes", "projects"]


@pytest.mark.parametrize("item", ["another", "own"])
def test_of_a_native_policy_only_what_it_says_itself_stands_above(tmp_path: Path, item: str) -> None:
    base = applied(tmp_path / "documents", FILES)
    path = quiz_of(base)
    policy = POLICY.replace("MOD-501/ITEM", path if item == "own" else "MOD-501/lab-1")
    base = applied(tmp_path / "native", {**NATIVE, "policy.yaml": policy}, base)
    [body] = policies(base)
    assert body["default"]["passing_percent"] == "75"
    if item == "own":
        assert (body["items"][path]["passing_percent"], body["items"][path]["weight"]) == ("60", "2")
    else:
        assert body["items"][path]["passing_percent"] == "80"
    assert base.planned(tmp_path / "documents").is_empty
    assert base.planned(tmp_path / "native").is_empty


def test_another_score_of_the_document_is_a_change_of_the_policy(tmp_path: Path) -> None:
    base = applied(tmp_path / "all", FILES)
    write_tree(tmp_path / "all", {**FILES, "quiz.md": QUIZ.replace("80%", "90%")})
    changes = [change for each in base.planned(tmp_path / "all").comparisons for change in each.changed]
    [change] = [each for each in changes if each.entity == "policy:policy"]
    assert (change.field, change.before, change.after) == (f"items.{quiz_of(base)}.passing_percent", "80", "90")


@pytest.mark.django_db
def test_grading_passes_by_it_and_an_export_keeps_it(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "all", FILES)
    code, out, err = ran("apply", root)
    assert code == 0, out + err
    program = Program.objects.get(slug=SLUG)
    rules = rules_for(structure_of(program.pk), _current_policy(program))
    quiz = Activity.objects.get(program=program, kind="quiz")
    assert rules.of(quiz.pk).passing == pytest.approx(0.8)
    assert ran("export", tmp_path / "exported")[0] == 0
    exported = planned(tmp_path / "exported")
    assert [exported[name] for name in ("added", "changed", "retired")] == [[], [], []]
