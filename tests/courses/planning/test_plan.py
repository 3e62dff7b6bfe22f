"""``manage.py curriculum plan`` on native trees: what it says, against what, and for whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.curriculum.planning import run as planning
from courses.models import Enrolment, Program, Release
from tests.cast import person_make
from tests.courses.planning.support import M1, M2, WHOLE, P, edit, planned, ran
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db
KEYS = {
    "id", "base", "added", "changed", "renamed", "moved", "reordered", "retired", "restored", "conflicts",
    "unchanged", "impact",
}  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path, WHOLE)
    assert ran("apply", tmp_path)[0] == 0
    return tmp_path


def test_a_first_plan_adds_everything_and_writes_nothing(tmp_path: Path) -> None:
    plan = planned(write_tree(tmp_path, WHOLE))
    assert set(plan) == KEYS
    assert plan["base"] == "engineer: nothing, junior: nothing"
    added = {row["entity"]: row for row in plan["added"]}
    assert set(added["lab:MOD-101/101-04"]) == {"entity", "title", "file", "line"}
    lab = added["lab:MOD-101/101-04"]
    assert (lab["title"], lab["file"]) == ("An image", f"{tmp_path}/{M1}")
    assert (tmp_path / M1).read_text().splitlines()[lab["line"] - 1].strip() == "- id: 101-04"
    assert sum(row["entity"] == "technology:docker" for row in plan["added"]) == 1, "what is shared is said once"
    assert plan["impact"] == {
        "learners": 0, "grades_changed": 0, "passes_lost": 0, "passes_gained": 0, "binding": "new",
    }  # fmt: skip
    assert not Release.objects.exists()


def test_what_is_applied_plans_nothing(tree: Path) -> None:
    plan = planned(tree)
    assert plan["base"] == "engineer: release 1, junior: release 1"
    assert [plan[name] for name in KEYS - {"id", "base", "unchanged", "impact"}] == [[]] * 8
    assert plan["unchanged"] == len(planned(tree, "--against", tree)["added"]) + plan["unchanged"] > 40


def test_changes_are_said_field_by_field(tree: Path) -> None:
    edit(tree, M1, ("title: An image", "title: A small image"), ("value: 200", "value: 150"))
    edit(tree, M1, ("deliverables: [{text: The image}, ", "deliverables: [{text: The picture}, "))
    plan = planned(tree)
    changed = {(row["entity"], row["field"]): (row["from"], row["to"]) for row in plan["changed"]}
    assert changed == {
        ("lab:MOD-101/101-04", "title"): ("An image", "A small image"),
        ("lab:MOD-101/101-04", "criteria.0.value"): ("200", "150"),
        ("lab:MOD-101/101-04", "deliverables.0.text"): ("The image", "The picture"),
    }
    assert all(row["impact"]["binding"] == "new" for row in plan["changed"])


def test_order_is_one_field_of_the_parent(tree: Path) -> None:
    edit(
        tree, M2, ("[{title: A, hours: 2}, {title: B, hours: 3}, C]", "[C, {title: A, hours: 2}, {title: B, hours: 3}]")
    )
    edit(tree, P, ("modules: [MOD-102, MOD-101]", "modules: [MOD-101, MOD-102]"))
    plan = planned(tree)
    assert [(row["entity"], row["field"], row["to"]) for row in plan["reordered"]] == [
        ("program:engineer", "modules", ["MOD-101", "MOD-102"]), ("module:MOD-102", "topics", ["c", "a", "b"]),
    ]  # fmt: skip
    assert (plan["changed"], plan["added"], plan["retired"]) == ([], [], [])


def test_what_comes_goes_moves_and_comes_back(tree: Path) -> None:
    edit(tree, M1, ("  - Second topic\n", "  - Mushrooms in winter\n"))
    edit(tree, M1, ("- id: 101-04\n", "- id: 101-99\n    was: 101-04\n"), ("[101-04]", "[101-99]"))
    edit(tree, M1, ("blocks: 101-04", "blocks: 101-99"), ("MOD-101/101-04", "MOD-101/101-99"))
    edit(tree, P, ("MOD-101/101-04", "MOD-101/101-99"))
    head, _, quiz = (tree / M2).read_text().partition("quizzes:\n")
    (tree / M2).write_text(head)
    moved = quiz.replace("- id: quiz\n", "- id: quiz\n    was: MOD-102/quiz\n")
    (tree / M1).write_text(f"{(tree / M1).read_text()}quizzes:\n{moved}")
    plan = planned(tree)
    assert [row["entity"] for row in plan["added"]] == ["topic:MOD-101/mushrooms-in-winter"]
    assert [(row["entity"], row["title"]) for row in plan["retired"]] == [
        ("topic:MOD-101/second-topic", "Second topic")
    ]
    assert {"entity": "quiz:MOD-101/quiz", "was": "quiz:MOD-102/quiz"} in plan["moved"]
    assert {"entity": "lab:MOD-101/101-99", "was": "lab:MOD-101/101-04"} in plan["renamed"]
    assert ran("apply", tree, "--plan", plan["id"])[0] == 0

    edit(tree, M1, ("  - Mushrooms in winter\n", "  - Second topic\n"))
    plan = planned(tree)
    assert [row["entity"] for row in plan["restored"]] == ["topic:MOD-101/second-topic"]


def test_the_layout_of_a_text_is_no_change(tree: Path) -> None:
    before = planned(tree)["unchanged"]
    edit(tree, M1, ("summary: What everything stands on.", "summary: |\n  What   everything\n  stands on."))
    plan = planned(tree)
    assert [plan[name] for name in KEYS - {"id", "base", "unchanged", "impact"}] == [[]] * 8
    assert plan["unchanged"] == before
    assert ran("apply", tree)[0] == 0
    assert Release.objects.filter(program__slug="engineer").count() == 1
    edit(tree, M1, ("  stands on.", "  stands upon."))
    assert [row["field"] for row in planned(tree)["changed"]] == ["summary"]


def test_a_version_is_recorded_with_a_release_and_makes_none(tree: Path) -> None:
    def version() -> str:
        return str(Program.objects.get(slug="engineer").about["version"])

    before = planned(tree)["unchanged"]
    edit(tree, P, ('version: "1.0"', 'version: "1.1", updated: "2026-03-01"'))
    plan = planned(tree)
    assert [plan[name] for name in KEYS - {"id", "base", "unchanged", "impact"}] == [[]] * 8
    assert plan["unchanged"] == before
    assert ran("apply", tree, "--plan", plan["id"])[0] == 0
    assert (Release.objects.filter(program__slug="engineer").count(), version()) == (1, "1.0")
    edit(tree, M1, ("title: An image", "title: A small image"))
    assert {(row["field"], row["to"]) for row in planned(tree)["changed"]} == {
        ("title", "A small image"), ("about.version", "1.1"), ("about.updated", "2026-03-01"),
    }  # fmt: skip
    assert ran("apply", tree)[0] == 0
    assert (Release.objects.filter(program__slug="engineer").count(), version()) == (2, "1.1")
    edit(tree, P, ("maintainer: Curriculum team", "maintainer: Another team"))
    assert [row["field"] for row in planned(tree)["changed"]] == ["about.maintainer"]


# -- the id --------------------------------------------------------------------------------
def test_the_plan_that_was_shown_is_applied_or_refused(tree: Path) -> None:
    edit(tree, M1, ("title: An image", "title: A small image"))
    shown = planned(tree)["id"]
    assert planned(tree)["id"] == shown
    edit(tree, M1, ("title: A small image", "title: Another image"))
    code, _, err = ran("apply", tree, "--plan", shown)
    assert code == 3
    assert "not the plan that was shown" in err
    assert Release.objects.filter(program__slug="engineer").count() == 1
    assert ran("apply", tree, "--plan", planned(tree)["id"])[0] == 0
    assert ran("apply", tree, "--plan", shown)[0] == 3


def test_a_decision_makes_another_plan(tree: Path) -> None:
    before = planned(tree)["id"]
    (tree / ".waymark").mkdir()
    (tree / ".waymark/import.yaml").write_text("known: [MOD-7]\n")
    assert planned(tree)["id"] != before


# -- against what --------------------------------------------------------------------------
def test_a_plan_against_a_tree_asks_no_database(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    from django.db import connection

    other = write_tree(tmp_path_factory.mktemp("new"), WHOLE)
    edit(other, M1, ("title: An image", "title: A small image"))
    with CaptureQueriesContext(connection) as queries:
        plan = planned(other, "--against", tree)
    assert len(queries) == 0
    assert (plan["base"], plan["impact"]) == (str(tree), None)
    assert [(row["field"], row["impact"]) for row in plan["changed"]] == [("title", None)]


def test_without_a_database_it_plans_against_nothing_and_says_so(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_database_runs", lambda: False)
    plan = planned(tree)
    assert plan["base"] == "nothing: no database is running"
    assert (len(plan["added"]) > 40, plan["unchanged"], plan["impact"]) == (True, 0, None)


def test_the_number_of_queries_does_not_grow(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    from django.db import connection

    with CaptureQueriesContext(connection) as few:
        planned(tree)
    edit(
        tree,
        M2,
        ("[{title: A, hours: 2}", f"[{', '.join(f'Topic {number}' for number in range(40))}, {{title: A, hours: 2}}"),
    )
    edit(tree, M1, ("title: An image", "title: A small image"))
    with CaptureQueriesContext(connection) as many:
        planned(tree)
    assert len(many) <= len(few) + 3, "one of each register of work, when something changes"


# -- what stops it -------------------------------------------------------------------------
def test_exit_codes(tree: Path) -> None:
    assert ran("plan", tree / "nowhere")[0] == 2
    assert ran("plan", tree, "--against", tree / "nowhere")[0] == 2
    edit(tree, P, ("steps:\n", 'steps:\n      - {to: "later:MOD-7"}\n'))
    assert ran("plan", tree)[0] == 0
    assert ran("plan", tree, "--strict")[0] == 1, "a warning of the plan counts"
    edit(tree, P, ("later:MOD-7", "MOD-777"))
    code, out, _ = ran("plan", tree, "--format", "json")
    assert code == 1
    assert [finding["rule"] for finding in json.loads(out)["findings"] if finding["severity"] == "error"] == [
        "native.unknown_reference"
    ]
    assert ran("apply", tree)[0] == 1


def test_a_name_that_the_catalogue_has_is_no_finding(tree: Path) -> None:
    for path in (tree / "junior").iterdir():
        path.unlink()
    _, out, _ = ran("plan", tree, "--format", "json")
    assert json.loads(out)["findings"] == []
    assert "junior:MOD-005" in ran("lint", tree)[1], "alone it is not known"


# -- for whom ------------------------------------------------------------------------------
def enrolled(name: str, state: str = "active") -> Enrolment:
    return Enrolment.objects.create(
        learner=person_make(name),
        program=Program.objects.get(slug="engineer"),
        state=state,
        started_at=timezone.now(),
        ended_at=timezone.now() if state == "completed" else None,
        completed_release=Release.objects.get(program__slug="engineer") if state == "completed" else None,
    )


def test_people_with_work_are_counted_once(tree: Path) -> None:
    from assessments.services import attempt_start
    from courses.models import Activity
    from waymark.core.actors import Actor

    learner, idle = enrolled("one"), enrolled("two")
    attempt_start(
        actor=Actor.person(learner.learner_id), enrolment=learner, activity=Activity.objects.get(path="MOD-102/quiz")
    )
    edit(tree, M2, ("title: Check yourself", "title: Check"), ("Is it so?", "Where do mushrooms grow in winter?"))
    edit(tree, M1, ("title: An image", "title: A small image"))
    plan = planned(tree)
    reach = {row["entity"]: row["impact"] for row in plan["changed"]}
    assert (reach["quiz:MOD-102/quiz"]["learners"], reach["lab:MOD-101/101-04"]["learners"]) == (1, 0)
    assert reach["quiz:MOD-102/quiz"]["grades_changed"] == 0, "no grade is made of a title"
    [question] = [row for row in plan["retired"] if row["entity"].startswith("question:")]
    assert question["impact"]["learners"] == 1
    assert question["impact"]["grades_changed"] == 0, "what was graded stands"
    assert (plan["impact"]["learners"], plan["impact"]["grades_changed"]) == (1, 0)
    Enrolment.objects.filter(pk=learner.pk).update(state="withdrawn", ended_at=timezone.now())
    assert planned(tree)["impact"]["learners"] == 0
    assert idle.state == "active"


def test_a_lock_concerns_those_who_have_not_begun_what_it_stands_before(tree: Path) -> None:
    enrolled("one", "paused")
    enrolled("two", "completed")
    edit(tree, M1, ("- {to: MOD-102, strength: leads_to}", "- {to: MOD-102, strength: needs}"))
    edit(tree, M1, ("requirements:\n", "requirements:\n  - {skill: Patience}\n"))
    plan = planned(tree)
    assert [row["impact"]["learners"] for row in plan["changed"]] == [1]
    assert plan["impact"]["learners"] == 1


def test_text_is_for_people(tree: Path) -> None:
    edit(tree, M1, ("title: An image", "title: A small image"), ("  - Second topic\n", ""))
    code, out, _ = ran("plan", tree)
    assert code == 0
    assert "~ lab:MOD-101/101-04 title: An image -> A small image" in out
    assert "- topic:MOD-101/second-topic  Second topic" in out
    assert "1 changed, 1 retired" in out
