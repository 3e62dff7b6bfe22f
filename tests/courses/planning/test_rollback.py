"""Going back to an older release, with its own plan."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from courses.models import Activity, Entity, EntityAlias, ImportRecord, Module, Release, ReleaseItem
from tests.courses.planning.support import M1, M2, WHOLE, P, edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two releases of the engineer program: a title changed, a topic went, another came."""
    write_tree(tmp_path, WHOLE)
    assert ran("apply", tmp_path)[0] == 0
    edit(tmp_path, M1, ("title: An image", "title: A small image"), ("  - Second topic\n", "  - Mushrooms in winter\n"))
    assert ran("apply", tmp_path)[0] == 0
    return tmp_path


def shown(*arguments: object) -> dict[str, Any]:
    code, out, err = ran("rollback", "engineer", "--dry-run", "--format", "json", *arguments)
    assert code == 0, err
    return json.loads(out)["plan"]  # type: ignore[no-any-return]


def items(number: int) -> set[tuple[str, int]]:
    rows = ReleaseItem.objects.filter(release__program__slug="engineer", release__number=number)
    return {(row.entity.address, row.revision_id) for row in rows.select_related("entity")}


def test_its_plan_says_what_comes_back(tree: Path) -> None:
    plan = shown()
    assert [(row["field"], row["from"], row["to"]) for row in plan["changed"]] == [
        ("title", "A small image", "An image")
    ]
    assert [row["entity"] for row in plan["restored"]] == ["topic:MOD-101/second-topic"]
    assert [row["entity"] for row in plan["retired"]] == ["topic:MOD-101/mushrooms-in-winter"]
    assert (plan["base"], plan["impact"]["learners"]) == ("engineer: release 2", 0)
    assert Release.objects.filter(program__slug="engineer").count() == 2


def test_the_new_release_is_equal_to_the_old_one(tree: Path) -> None:
    assert ran("rollback", "engineer", "--plan", shown()["id"])[0] == 0
    release = Release.objects.get(program__slug="engineer", current=True)
    assert (release.number, release.digest) == (3, Release.objects.get(program__slug="engineer", number=1).digest)
    assert items(3) == items(1)
    assert Entity.objects.get(path="MOD-101/second-topic").retired_at is None
    assert Entity.objects.get(path="MOD-101/mushrooms-in-winter").retired_at is not None, "nothing is deleted"
    assert Release.objects.filter(program__slug="junior").count() == 1


def test_the_same_tree_can_be_applied_again(tree: Path) -> None:
    before = counts(shown())
    assert ran("rollback", "engineer")[0] == 0
    titles = ImportRecord.objects.filter(release__current=True, entity__path="MOD-101/101-04", entity__kind="lab")
    assert [record.stated["title"] for record in titles] == ["An image"], "what the source had stated then"
    plan = planned(tree)
    assert counts(plan) == before
    assert [row["to"] for row in plan["changed"]] == ["A small image"]
    assert ran("apply", tree)[0] == 0
    assert items(4) == items(2)


# -- ids -----------------------------------------------------------------------------------
def renamed(tree: Path) -> int:
    """The tree with another id for a module and a lab, and its quiz in another module, applied; the lab's row."""
    edit(tree, M1, ("- id: 101-04\n", "- id: 101-99\n    was: 101-04\n"), ("[101-04]", "[101-99]"))
    edit(tree, M1, ("blocks: 101-04", "blocks: 101-99"), ("MOD-101/101-04", "MOD-101/101-99"))
    edit(tree, P, ("MOD-101/101-04", "MOD-101/101-99"))
    head, _, quiz = (tree / M2).read_text().partition("quizzes:\n")
    (tree / M2).write_text(head)
    moved = quiz.replace("- id: quiz\n", "- id: quiz\n    was: MOD-102/quiz\n")
    (tree / M1).write_text(f"{(tree / M1).read_text()}quizzes:\n{moved}")
    for name in (M1, M2, P):
        text = (tree / name).read_text().replace("MOD-102", "MOD-112").replace("was: MOD-112/quiz", "was: MOD-102/quiz")
        (tree / name).write_text(text.replace("id: MOD-112\n", "id: MOD-112\nwas: MOD-102\n"))
    assert ran("apply", tree)[0] == 0
    return Entity.objects.get(kind="lab", path="MOD-101/101-99").pk


def test_ids_and_places_come_back_and_the_old_tree_plans_nothing(tree: Path, tmp_path_factory: Any) -> None:
    old = tmp_path_factory.mktemp("old") / tree.name
    copytree(tree, old)
    digest = Release.objects.get(program__slug="engineer", current=True).digest
    key = renamed(tree)
    assert Module.objects.get(key="MOD-112").entity.path == "MOD-112"
    plan = shown()
    assert {"entity": "lab:MOD-101/101-04", "was": "lab:MOD-101/101-99"} in plan["renamed"]
    assert {"entity": "quiz:MOD-102/quiz", "was": "quiz:MOD-101/quiz"} in plan["moved"]
    edge = [row["entity"] for name in ("added", "retired", "restored") for row in plan[name]]
    assert edge == ["requirement:MOD-101/mod-112", "requirement:MOD-101/mod-102"], "which is called by what it names"
    assert ran("rollback", "engineer")[0] == 0
    assert Release.objects.get(program__slug="engineer", current=True).digest == digest
    assert Entity.objects.get(pk=key).path == "MOD-101/101-04"
    assert Entity.objects.get(path="MOD-102/quiz").parent == Entity.objects.get(path="MOD-102")
    assert Activity.objects.get(pk=key).path == "MOD-101/101-04"
    plan = planned(old)
    assert counts(plan) == NOTHING
    assert ran("apply", old)[0] == 0
    assert Release.objects.filter(program__slug="engineer").count() == 4
    assert counts(planned(tree)) == counts(shown()), "and the renamed tree renames again"
    assert ran("rollback", "engineer")[0] == 0
    assert Entity.objects.get(pk=key).path == "MOD-101/101-99"
    assert counts(planned(tree)) == NOTHING


def test_an_address_from_before_a_rollback_still_leads_there(tree: Path) -> None:
    key = renamed(tree)
    assert ran("rollback", "engineer")[0] == 0
    aliases = dict(EntityAlias.objects.filter(entity=key).values_list("alias", "former"))
    assert aliases["mod-101/101-99"] is True
    assert aliases["mod-101/101-04"] is False


def test_a_rollback_that_is_stale_or_leads_nowhere_is_refused(tree: Path) -> None:
    plan = shown()["id"]
    edit(tree, M1, ("title: A small image", "title: A tiny image"))
    assert ran("apply", tree)[0] == 0
    assert ran("rollback", "engineer", "--plan", plan)[0] == 3
    assert ran("rollback", "engineer", "--to", "3")[0] == 3, "the current one"
    assert ran("rollback", "engineer", "--to", "9")[0] == 3
    code, _, err = ran("rollback", "junior")
    assert (code, "nothing to roll back" in err) == (3, True)
    assert ran("rollback", "nobody")[0] == 2
    assert ran("rollback", "engineer", "--to", "1")[0] == 0
    assert items(4) == items(1)


def test_a_rollback_is_taken_back_by_a_rollback(tree: Path) -> None:
    assert ran("rollback", "engineer")[0] == 0
    assert ran("rollback", "engineer")[0] == 0
    assert items(4) == items(2)
    assert counts(planned(tree)) == NOTHING
