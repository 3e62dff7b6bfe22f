"""What changed on both sides is a conflict; what changed on one side only is taken from there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessments.models import Lab
from courses.models import ImportRecord, Module, Release
from courses.services.staff import right_grant
from tests.cast import person_make
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import M1, WHOLE, edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree
from waymark.core.actors import Actor
from waymark.core.models import AuditEntry

pytestmark = pytest.mark.django_db
LAB = "lab:MOD-101/101-04"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "tree", WHOLE)
    assert ran("apply", root)[0] == 0
    return root


@pytest.fixture
def other(tree: Path) -> Path:
    """A second source of the same rank, which changed a title after the first had stated it."""
    root = write_tree(tree.parent / "other", WHOLE)
    edit(root, M1, ("title: An image", "title: A small image"))
    assert ran("apply", root)[0] == 0
    return root


def site_admin() -> str:
    person = person_make("admin")
    right_grant(actor=Actor.system(), person=person, role="admin")
    return str(person.email)


def title() -> str:
    return str(Lab.objects.get(activity__path="MOD-101/101-04").activity.title)


def test_what_only_another_source_changed_stays(tree: Path, other: Path) -> None:
    assert counts(planned(tree)) == NOTHING
    edit(tree, M1, ("value: 200", "value: 150"))
    assert [row["field"] for row in planned(tree)["changed"]] == ["criteria.0.value"]
    assert ran("apply", tree)[0] == 0
    assert title() == "A small image"
    assert counts(planned(other)) == {**NOTHING}, "nor does the other one take back what this one changed"


def test_what_both_changed_is_a_conflict_that_blocks(tree: Path, other: Path) -> None:
    edit(tree, M1, ("title: An image", "title: A tiny image"))
    plan = planned(tree, code=1)
    assert plan["conflicts"] == [
        {"entity": LAB, "field": "title", "base": "An image", "ours": "A small image", "theirs": "A tiny image"}
    ]
    assert counts(plan) == NOTHING
    code, out, _ = ran("plan", tree)
    assert code == 1
    assert f"! {LAB} title: was An image; is now A small image; comes in as A tiny image" in out
    assert "1 conflict; " in out
    _, out, _ = ran("plan", tree, "--format", "json")
    [finding] = [each for each in json.loads(out)["findings"] if each["rule"] == "import.conflict"]
    assert (finding["severity"], finding["file"]) == ("error", f"{tree}/{M1}")
    assert (tree / M1).read_text().splitlines()[finding["line"] - 1].strip() == "title: A tiny image"
    assert finding["related"] == [{"file": f"{other}/{M1}", "line": finding["line"]}], "both places"
    assert ran("apply", tree)[0] == 1
    assert title() == "A small image"


def test_a_conflict_ends_when_it_is_decided(tree: Path, other: Path) -> None:
    edit(tree, M1, ("title: An image", "title: A tiny image"))
    before = planned(tree, code=1)["id"]
    edit(tree, M1, ("title: A tiny image", "title: A small image"))
    plan = planned(tree)
    assert (counts(plan), plan["conflicts"], plan["id"] == before) == (NOTHING, [], False)
    assert ran("apply", tree)[0] == 0
    edit(tree, M1, ("title: A small image", "title: A tiny image"))
    assert [row["to"] for row in planned(tree)["changed"]] == ["A tiny image"]


def test_an_override_leaves_the_current_value_and_lasts_for_one_apply(tree: Path, other: Path) -> None:
    edit(tree, M1, ("title: An image", "title: A tiny image"), ("value: 200", "value: 150"))
    assert ran("apply", tree, "--override", "Later.", "--as", site_admin())[0] == 0
    assert title() == "A small image"
    assert Release.objects.get(program__slug="engineer", current=True).number == 3, "the rest is applied"
    entry = AuditEntry.objects.filter(action="curriculum.applied").latest("pk")
    assert [each.partition(" ")[0] for each in entry.details["overridden"]] == ["import.conflict"]
    [row] = planned(tree, code=1)["conflicts"]
    assert (row["base"], row["ours"]) == ("An image", "A small image"), "it is still to be decided"


def test_lists_are_shown_element_by_element(tree: Path, other: Path) -> None:
    edit(other, M1, ("{text: It runs}", "{text: It starts}"))
    assert ran("apply", other)[0] == 0
    edit(tree, M1, ("{text: It runs}", "{text: It works}"))
    assert planned(tree, code=1)["conflicts"] == [
        {"entity": LAB, "field": "criteria.1.text", "base": "It runs", "ours": "It starts", "theirs": "It works"}
    ]


# -- exports -------------------------------------------------------------------------------
@pytest.fixture
def documents(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "documents", DOCUMENTS)
    assert ran("apply", root)[0] == 0
    assert ran("export", tmp_path / "out")[0] == 0
    return root


def exported(documents: Path) -> Path:
    return documents.parent / "out"


MODULE = "data-engineer/modules/001-mod-501.yaml"


def test_an_export_says_what_it_is_made_of_and_plans_nothing(documents: Path) -> None:
    text = (exported(documents) / MODULE).read_text()
    assert "from:\n  - source: documents\n    file: pipes.md\n    hash: " in text
    assert str(documents.parent) not in text, "where the sources lay is not said"
    assert counts(planned(exported(documents))) == NOTHING
    assert ran("apply", exported(documents))[0] == 0
    assert Release.objects.count() == 1


def test_what_its_source_changed_since_is_no_silent_loss(documents: Path) -> None:
    edit(documents, "pipes.md", ("| Lab 1 | A first pipe |", "| Lab 1 | The first pipe |"))
    assert ran("apply", documents)[0] == 0
    edit(exported(documents), MODULE, ("title: A repaired pipe", "title: The repaired pipe"))
    plan = planned(exported(documents), code=1)
    assert plan["conflicts"] == [
        {
            "entity": "lab:MOD-501/lab-1", "field": "title",
            "base": "A first pipe", "ours": "The first pipe", "theirs": "A first pipe",
        }
    ]  # fmt: skip
    assert [(row["entity"], row["to"]) for row in plan["changed"]] == [("lab:MOD-501/lab-2", "The repaired pipe")]
    assert ran("apply", exported(documents))[0] == 1
    edit(exported(documents), MODULE, ("title: A first pipe", "title: The first pipe"))
    plan = planned(exported(documents))
    assert (len(plan["changed"]), plan["conflicts"]) == (1, [])
    assert ran("apply", exported(documents))[0] == 0
    assert counts(planned(exported(documents))) == NOTHING


def test_without_its_origin_what_is_written_here_wins(documents: Path) -> None:
    edit(documents, "pipes.md", ("**Module Title**: Pipes", "**Module Title**: Pipes and more"))
    assert ran("apply", documents)[0] == 0
    assert [row["field"] for row in planned(exported(documents), code=1)["conflicts"]] == ["title"]
    module = exported(documents) / MODULE
    head, _, rest = module.read_text().partition("title: Pipes\n")
    module.write_text(f"kind: module\nid: MOD-501\ntitle: Pipes\n{rest}")
    assert "from:" in head
    plan = planned(exported(documents))
    assert [(row["field"], row["from"], row["to"]) for row in plan["changed"]] == [("title", "Pipes and more", "Pipes")]
    assert ran("apply", exported(documents))[0] == 0
    assert Module.objects.get(key="MOD-501").title == "Pipes"


def test_an_origin_that_nobody_knows_here_is_no_conflict(documents: Path) -> None:
    edit(documents, "pipes.md", ("**Module Title**: Pipes", "**Module Title**: Pipes and more"))
    assert ran("apply", documents)[0] == 0
    ImportRecord.objects.all().delete()
    assert planned(exported(documents))["conflicts"] == []


def test_an_origin_is_written_as_the_export_does(documents: Path) -> None:
    module = exported(documents) / MODULE
    module.write_text(module.read_text().replace("    file: pipes.md\n", "", 1))
    _, out, _ = ran("lint", exported(documents))
    assert "from: is a list of file, hash, source." in out
