"""What goes while something alike comes, and ids that mean something else: decided by a person where there is work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.utils import timezone

from assessments.services import attempt_start
from courses.models import Activity, Enrolment, Entity, Program
from tests.cast import person_make
from tests.courses.planning.support import M1, M2, WHOLE, edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db
QUIZ = "quiz:MOD-102/quiz"
BODY = """
        body: |
          Look at the clouds above the city, and say of each which kind it is and why.
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "tree", WHOLE)
    edit(root, M2, ("    title: Check yourself\n", f"    title: Check yourself{BODY.replace('        ', '    ')}"))
    assert ran("apply", root)[0] == 0
    return root


@pytest.fixture
def worked(tree: Path) -> Path:
    """Somebody has begun the quiz."""
    person = person_make("one")
    program = Program.objects.get(slug="engineer")
    enrolment = Enrolment.objects.create(learner=person, program=program, state="active", started_at=timezone.now())
    quiz = Activity.objects.get(path="MOD-102/quiz")
    attempt_start(actor=Actor.person(person.pk), enrolment=enrolment, activity=quiz)
    return tree


def found(root: Path, rule: str) -> list[dict[str, str]]:
    _, out, _ = ran("plan", root, "--format", "json")
    return [each for each in json.loads(out)["findings"] if each["rule"] == rule]


def another_id(tree: Path, *more: tuple[str, str]) -> None:
    edit(tree, M2, ("- id: quiz\n", "- id: clouds\n"), *more)


@pytest.mark.parametrize("title", ["Check yourself", "Look again"])
def test_without_work_the_pair_is_shown(tree: Path, title: str) -> None:
    another_id(tree, ("title: Check yourself", f"title: {title}"))
    [finding] = found(tree, "import.reworded")
    assert (finding["severity"], "quiz:MOD-102/clouds reads like quiz:MOD-102/quiz" in finding["message"]) == (
        "info", True,
    )  # fmt: skip
    assert "`was: quiz`" in finding["fix"]
    assert found(tree, "import.replaced") == []
    assert ran("plan", tree)[0] == 0


@pytest.mark.parametrize("title", ["Check yourself", "Look again"])
def test_with_work_it_is_an_error_until_it_is_answered(worked: Path, title: str) -> None:
    another_id(worked, ("title: Check yourself", f"title: {title}"))
    assert [each["severity"] for each in found(worked, "import.replaced")] == ["error"]
    assert ran("apply", worked)[0] == 1
    key = Entity.objects.get(path="MOD-102/quiz").pk
    edit(worked, M2, ("- id: clouds\n", "- id: clouds\n    was: quiz\n"))
    assert found(worked, "import.replaced") == []
    assert ran("apply", worked)[0] == 0
    assert Entity.objects.get(path="MOD-102/clouds").pk == key
    assert counts(planned(worked)) == NOTHING


def test_the_answer_may_be_that_it_is_another(worked: Path) -> None:
    another_id(worked)
    edit(worked, M2, ("- id: clouds\n", "- id: clouds\n    was: none\n"))
    assert found(worked, "import.replaced") == []
    assert ran("apply", worked)[0] == 0
    assert Entity.objects.get(path="MOD-102/quiz").retired_at is not None
    assert counts(planned(worked)) == NOTHING


def test_another_title_and_another_text_are_another_thing(worked: Path) -> None:
    another_id(
        worked, ("title: Check yourself", "title: Mushrooms"),
        ("Look at the clouds above the city, and say of each which kind it is and why.", "Where do they grow?"),
    )  # fmt: skip
    assert (found(worked, "import.replaced"), found(worked, "import.reworded")) == ([], [])


def test_a_move_is_proposed_with_its_whole_path(worked: Path) -> None:
    head, _, quiz = (worked / M2).read_text().partition("quizzes:\n")
    (worked / M2).write_text(head)
    (worked / M1).write_text(f"{(worked / M1).read_text()}quizzes:\n{quiz}")
    [finding] = found(worked, "import.replaced")
    assert "`was: MOD-102/quiz`" in finding["fix"]
    edit(worked, M1, ("- id: quiz\n", "- id: quiz\n    was: MOD-102/quiz\n"))
    assert {"entity": "quiz:MOD-101/quiz", "was": QUIZ} in planned(worked)["moved"]


# -- an id that means something else -------------------------------------------------------
OTHER = (
    ("title: Check yourself", "title: Mushrooms in winter"),
    ("Look at the clouds above the city, and say of each which kind it is and why.", "Where do they grow?"),
)


def test_an_id_with_another_title_and_text_is_an_error_where_there_is_work(worked: Path) -> None:
    edit(worked, M2, *OTHER)
    assert [each["severity"] for each in found(worked, "import.other_thing")] == ["error"]
    assert ran("apply", worked)[0] == 1
    edit(worked, M2, ("- id: quiz\n", "- id: quiz\n    was: quiz\n"))
    assert found(worked, "import.other_thing") == []
    key = Entity.objects.get(path="MOD-102/quiz").pk
    assert ran("apply", worked)[0] == 0
    assert Activity.objects.get(pk=key).title == "Mushrooms in winter", "the author says that it is the same"
    assert counts(planned(worked)) == NOTHING


@pytest.mark.parametrize("change", OTHER)
def test_a_new_title_or_a_new_text_alone_is_none(worked: Path, change: tuple[str, str]) -> None:
    edit(worked, M2, change)
    assert found(worked, "import.other_thing") == []


def test_it_is_none_without_work(tree: Path) -> None:
    edit(tree, M2, *OTHER)
    assert found(tree, "import.other_thing") == []
    assert ran("apply", tree)[0] == 0


def test_a_new_thing_under_an_old_id_leaves_the_work_where_it_was(worked: Path) -> None:
    old = Entity.objects.get(path="MOD-102/quiz")
    edit(worked, M2, *OTHER, ("- id: quiz\n", "- id: quiz\n    was: none\n"))
    plan = planned(worked)
    assert QUIZ in {row["entity"] for row in plan["added"]}
    assert [row["impact"]["learners"] for row in plan["retired"] if row["entity"] == QUIZ] == [1]
    assert ran("apply", worked, "--plan", plan["id"])[0] == 0
    new = Activity.objects.get(path="MOD-102/quiz")
    assert (new.pk == old.pk, new.title) == (False, "Mushrooms in winter")
    old.refresh_from_db()
    assert (old.retired_at is not None, old.path) == (True, f"MOD-102/quiz~{old.pk}")
    assert Activity.objects.get(pk=old.pk).title == "Check yourself"
    assert Entity.objects.filter(parent=old, kind="question").exists()
    plan = planned(worked)
    assert (counts(plan), ran("apply", worked)[0]) == (NOTHING, 0), "it begins anew once"

    assert ran("rollback", "engineer")[0] == 0
    old.refresh_from_db()
    assert (old.retired_at, old.path) == (None, "MOD-102/quiz")
    new.entity.refresh_from_db()
    assert new.entity.retired_at is not None


def test_the_same_words_may_begin_anew(tree: Path) -> None:
    old = Entity.objects.get(kind="lab", path="MOD-101/101-04").pk
    edit(tree, M1, ("- id: 101-04\n", "- id: 101-04\n    was: none\n"))
    assert ran("apply", tree)[0] == 0
    assert Entity.objects.get(kind="lab", path="MOD-101/101-04").pk != old
    assert counts(planned(tree)) == NOTHING


def test_an_id_that_comes_back_is_the_same_where_its_title_fits(worked: Path) -> None:
    key = Entity.objects.get(path="MOD-102/quiz").pk
    whole = (worked / M2).read_text()
    (worked / M2).write_text(whole.partition("quizzes:\n")[0])
    assert ran("apply", worked, "--retire")[0] == 0
    (worked / M2).write_text(whole)
    plan = planned(worked)
    assert QUIZ in {row["entity"] for row in plan["restored"]}
    edit(worked, M2, *OTHER)
    assert [each["severity"] for each in found(worked, "import.other_thing")] == ["error"]
    assert ran("apply", worked)[0] == 1
    edit(worked, M2, ("- id: quiz\n", "- id: quiz\n    was: none\n"))
    assert QUIZ in {row["entity"] for row in planned(worked)["added"]}
    assert ran("apply", worked)[0] == 0
    assert Entity.objects.get(path="MOD-102/quiz").pk != key
    assert counts(planned(worked)) == NOTHING


def test_what_was_several_goes_on_as_the_first_and_says_so(tree: Path) -> None:
    first, second = (Entity.objects.get(path=f"MOD-102/{each}").pk for each in "ba")
    edit(tree, M2, ("[{title: A, hours: 2}, {title: B, hours: 3}, C]", "[{id: ab, title: A and B, was: [b, a]}, C]"))
    [finding] = found(tree, "import.merged")
    assert "topic:MOD-102/b and topic:MOD-102/a" in finding["message"]
    assert ran("apply", tree)[0] == 0
    assert Entity.objects.get(path="MOD-102/ab").pk == first
    assert Entity.objects.get(pk=second).retired_at is not None
    assert (counts(planned(tree)), found(tree, "import.merged")) == (NOTHING, [])


# -- what gives no id in native files -------------------------------------------------------
def test_native_entries_without_an_id_are_found_by_their_words(tree: Path) -> None:
    topic = Entity.objects.get(path="MOD-101/second-topic").pk
    edit(tree, M1, ("  - Second topic\n", "  - The second topic\n"))
    assert [(row["entity"], row["to"]) for row in planned(tree)["changed"]] == [
        ("topic:MOD-101/second-topic", "The second topic")
    ]
    assert ran("apply", tree)[0] == 0
    assert Entity.objects.get(path="MOD-101/second-topic").pk == topic
    assert counts(planned(tree)) == NOTHING


def test_what_names_them_goes_on_naming_them(tree: Path) -> None:
    edit(
        tree,
        M1,
        ("- {id: read, title: Read this, topics: [one]", "- {id: read, title: Read this, topics: [second-topic]"),
    )
    assert ran("apply", tree)[0] == 0
    edit(
        tree,
        M1,
        ("  - Second topic\n", "  - The second topic\n"),
        ("topics: [second-topic]", "topics: [the-second-topic]"),
    )
    plan = planned(tree)
    assert counts(plan) == {**NOTHING, "changed": 1}
    assert ran("apply", tree)[0] == 0
    assert counts(planned(tree)) == NOTHING


def test_a_requirement_is_what_it_names(tree: Path) -> None:
    edit(tree, M1, ("- {to: MOD-102, strength: leads_to}", "- {to: PROJ-201, strength: leads_to}"))
    plan = planned(tree)
    assert [row["entity"] for row in plan["added"]] == ["requirement:MOD-101/proj-201"]
    assert [row["entity"] for row in plan["retired"]] == ["requirement:MOD-101/mod-102"]
