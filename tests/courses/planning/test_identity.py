"""Things without an id of their own stay themselves when their words or their labels change."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.models import Question
from courses.models import Activity, Entity, Objective
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db
LABS = ("| Lab 1 | A first pipe |", "| Lab 2 | A repaired pipe |")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "documents", DOCUMENTS)
    assert ran("apply", root)[0] == 0
    return root


def lab(title: str) -> int:
    return Activity.objects.get(kind="lab", title=title).pk


def test_a_reworded_objective_is_the_same_objective(tree: Path) -> None:
    before = Objective.objects.get(text="Repair a pipe while it runs.").pk
    edit(tree, "pipes.md", ("Repair a pipe while it runs.", "Repair a pipe that is running."))
    plan = planned(tree)
    assert [(row["field"], row["to"]) for row in plan["changed"]] == [("text", "Repair a pipe that is running.")]
    assert counts(plan) == {**NOTHING, "changed": 1}
    assert ran("apply", tree)[0] == 0
    assert Objective.objects.get(text="Repair a pipe that is running.").pk == before
    assert counts(planned(tree)) == NOTHING
    edit(tree, "pipes.md", ("Repair a pipe that is running.", "Mend every pipe that is running."))
    assert counts(planned(tree)) == {**NOTHING, "changed": 1}, "and again, whatever its first words were"


def test_labs_that_only_change_their_numbers_stay_themselves(tree: Path) -> None:
    first, second = lab("A first pipe"), lab("A repaired pipe")
    edit(tree, "pipes.md", (LABS[0], "| Lab 9 | A first pipe |"), (LABS[1], "| Lab 1 | A repaired pipe |"))
    edit(tree, "pipes.md", ("| Lab 9 |", "| Lab 2 |"))
    plan = planned(tree)
    assert counts(plan) == NOTHING
    assert ran("apply", tree)[0] == 0
    assert (lab("A first pipe"), lab("A repaired pipe")) == (first, second)


def test_something_else_under_an_old_label_is_new(tree: Path) -> None:
    before = lab("A repaired pipe")
    edit(tree, "pipes.md", (LABS[1], "| Lab 2 | Mushrooms in winter |"))
    plan = planned(tree)
    assert [row["entity"] for row in plan["added"]] == ["lab:MOD-501/lab-2-2"]
    assert [row["entity"] for row in plan["retired"]] == ["lab:MOD-501/lab-2"]
    assert ran("apply", tree)[0] == 0
    assert lab("Mushrooms in winter") != before
    assert Entity.objects.get(pk=before).retired_at is not None
    assert counts(planned(tree)) == NOTHING


def test_questions_are_found_by_their_stems(tree: Path) -> None:
    old = {each.path: each.pk for each in Entity.objects.filter(kind="question")}
    edit(tree, "quiz.md", ("### Q1. What is a pipe for?", "### Q3. What is a pipe for?"))
    edit(tree, "quiz.md", ("### Q2. What is a leak?", "### Q1. What is a leak?"), ("### Q3.", "### Q2."))
    assert counts(planned(tree)) == NOTHING
    assert ran("apply", tree)[0] == 0
    assert {each.path: each.pk for each in Entity.objects.filter(kind="question", retired_at=None)} == old


def options(stem: str) -> dict[str, str]:
    question = Question.objects.get(stem=stem, entity__retired_at=None)
    return {each["text"]: each["id"] for each in question.revision.body["options"]}


def test_an_option_keeps_its_id_when_it_is_reworded_or_moves(tree: Path) -> None:
    before = options("What is a pipe for?")
    edit(tree, "quiz.md", ("a) Moving data\nb) Storing data\n", "a) Storing data\nb) Moving the data\nc) Art\n"))
    edit(tree, "quiz.md", ("Answer:** A\n\n### Q2", "Answer:** B\n\n### Q2"))
    plan = planned(tree)
    assert (plan["added"], plan["retired"]) == ([], [])
    assert ran("apply", tree)[0] == 0
    after = options("What is a pipe for?")
    assert after["Moving the data"] == before["Moving data"]
    assert after["Storing data"] == before["Storing data"]
    assert after["Art"] == "art"
    assert counts(planned(tree)) == NOTHING


def test_a_new_option_gets_no_id_that_another_had(tree: Path) -> None:
    before = options("What is a leak?")
    edit(tree, "quiz.md", ("a) A lost row\n", "a) Mushrooms in winter\n"))
    assert ran("apply", tree)[0] == 0
    assert options("What is a leak?")["Mushrooms in winter"] not in before.values()


SAME = """
# Module 501: Pipes - Quiz

### Q1. Which is true?

a) Pipes move data
b) Pipes are art

**Answer:** A

### Q2. Which is true?

a) Leaks lose rows
b) Leaks are music

**Answer:** A
"""


def test_questions_of_one_stem_are_told_apart_by_their_right_options(tree: Path) -> None:
    (tree / "quiz.md").write_text(SAME.lstrip("\n"))
    assert ran("apply", tree, "--retire")[0] == 0

    def by_option() -> dict[str, int]:
        found = Question.objects.filter(entity__retired_at=None)
        return {each.revision.body["options"][0]["text"]: each.pk for each in found}

    before = by_option()
    head, first, second = (tree / "quiz.md").read_text().split("### ")
    (tree / "quiz.md").write_text(f"{head}### Q1{second.strip()[2:]}\n\n### Q2{first[2:]}")
    plan = planned(tree)
    assert (plan["changed"], plan["added"], plan["retired"]) == ([], [], [])
    assert ran("apply", tree)[0] == 0
    assert by_option() == before


def test_an_authored_id_is_never_guessed(tree: Path) -> None:
    edit(tree, "plan.yaml", ("MOD-503", "MOD-509"))
    edit(tree, "streams.md", ("MOD-503", "MOD-509"))
    plan = planned(tree, "--retire")
    assert "module:MOD-509" in {row["entity"] for row in plan["added"]}
    assert "module:MOD-503" in {row["entity"] for row in plan["retired"]}
