"""Former ids: in documents and beside them, they name what something was, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from courses.models import Entity
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import M1, WHOLE, edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "documents", DOCUMENTS)
    assert ran("apply", root)[0] == 0
    return root


def found(root: Path, rule: str) -> list[tuple[str, str, int]]:
    _, out, _ = ran("plan", root, "--format", "json")
    return [(each["severity"], each["file"].rpartition("/")[2], each["line"])
            for each in json.loads(out)["findings"] if each["rule"] == rule]  # fmt: skip


def again(tree: Path) -> None:
    """Every document calls MOD-503 MOD-513."""
    for name in ("plan.yaml", "streams.md"):
        edit(tree, name, ("MOD-503", "MOD-513"))


def test_a_document_says_what_a_module_was(tree: Path) -> None:
    key = Entity.objects.get(path="MOD-503").pk
    again(tree)
    edit(tree, "plan.yaml", ("- id: MOD-513\n", "- id: MOD-513\n    was: MOD-503\n"))
    plan = planned(tree)
    assert {"entity": "module:MOD-513", "was": "module:MOD-503"} in plan["renamed"]
    assert "module:MOD-513" not in {row["entity"] for row in plan["added"]}
    assert "module:MOD-503" not in {row["entity"] for row in plan["retired"]}
    assert ran("apply", tree)[0] == 0
    assert Entity.objects.get(path="MOD-513").pk == key
    assert counts(planned(tree)) == NOTHING, "once applied it says nothing new"


def test_a_roadmap_says_it_and_labs_move_along(tree: Path) -> None:
    lab = Entity.objects.get(path="MOD-501/lab-2").pk
    for name in ("plan.yaml", "pipes.md", "streams.md"):
        edit(tree, name, ("MOD-501", "MOD-511"))
    edit(tree, "quiz.md", ("Module 501", "Module 511"))
    edit(tree, "pipes.md", ("**Module ID**: MOD-511\n", "**Module ID**: MOD-511\n- **Was**: MOD-501\n"))
    plan = planned(tree)
    assert {"entity": "lab:MOD-511/lab-2", "was": "lab:MOD-501/lab-2"} in plan["renamed"]
    assert [row["entity"] for row in plan["retired"] if "lab" in row["entity"] or "module:" in row["entity"]] == []
    assert ran("apply", tree)[0] == 0
    assert Entity.objects.get(path="MOD-511/lab-2").pk == lab
    assert counts(planned(tree)) == NOTHING


@pytest.mark.parametrize("entry", ["MOD-513: MOD-503", "module:MOD-513: [MOD-499, module:MOD-503]"])
def test_a_file_beside_the_sources_says_it(tree: Path, entry: str) -> None:
    key = Entity.objects.get(path="MOD-503").pk
    again(tree)
    write_tree(tree, {".waymark/renames.yaml": f"{entry}\n"})
    plan = planned(tree)
    assert {"entity": "module:MOD-513", "was": "module:MOD-503"} in plan["renamed"]
    assert ran("apply", tree)[0] == 0
    assert Entity.objects.get(path="MOD-513").pk == key
    assert counts(planned(tree)) == NOTHING


def test_a_file_beside_the_sources_splits_a_lab(tree: Path) -> None:
    edit(tree, "pipes.md", ("Lab 2", "Lab 5"))
    text = (tree / "pipes.md").read_text()
    write_tree(tree, {".waymark/renames.yaml": "MOD-501/lab-5: part of lab:MOD-501/lab-2\n"})
    plan = planned(tree)
    assert {"entity": "lab:MOD-501/lab-5", "was": "lab:MOD-501/lab-2"} in plan["renamed"], text
    assert "lab:MOD-501/lab-5" in {row["entity"] for row in plan["added"]}
    assert "lab:MOD-501/lab-2" in {row["entity"] for row in plan["retired"]}
    assert ran("apply", tree)[0] == 0
    assert counts(planned(tree)) == NOTHING


def test_it_moves_a_lab_to_another_module(tree: Path) -> None:
    key = Entity.objects.get(path="MOD-501/lab-2").pk
    row = "| Lab 2 | A repaired pipe | Report written | Review |"
    edit(tree, "pipes.md", (f"{row}\n", ""))
    head = "| Asset | Description | Completion Criteria | Linked Validation |"
    with (tree / "streams.md").open("a") as file:
        file.write(f"\n## Practical Components\n\n{head}\n|---|---|---|---|\n{row.replace('Lab 2', 'Lab 7')}\n")
    write_tree(tree, {".waymark/renames.yaml": "MOD-502/lab-7: MOD-501/lab-2\n"})
    plan = planned(tree)
    assert plan["moved"] == [{"entity": "lab:MOD-502/lab-7", "was": "lab:MOD-501/lab-2"}]
    assert (plan["added"], plan["retired"]) == ([], [])
    assert ran("apply", tree)[0] == 0
    entity = Entity.objects.get(pk=key)
    assert (entity.path, entity.parent and entity.parent.path) == ("MOD-502/lab-7", "MOD-502")
    assert counts(planned(tree)) == NOTHING


def test_two_claims_and_an_id_in_use_are_errors(tree: Path) -> None:
    write_tree(tree, {".waymark/renames.yaml": "MOD-501: MOD-400\nMOD-502: MOD-400\n"})
    assert found(tree, "native.former_id_twice") == [("error", "renames.yaml", 2)]
    assert ran("apply", tree)[0] == 1
    write_tree(tree, {".waymark/renames.yaml": "MOD-501: MOD-503\n"})
    assert found(tree, "native.former_id_in_use") == [("error", "renames.yaml", 1)]
    assert ran("apply", tree)[0] == 1
    write_tree(tree, {".waymark/renames.yaml": ""})
    edit(tree, "pipes.md", ("**Module ID**: MOD-501\n", "**Module ID**: MOD-501\n- **Was**: MOD-503\n"))
    assert found(tree, "native.former_id_in_use") == [("error", "pipes.md", 6)]


def test_an_entry_for_nothing_is_said(tree: Path) -> None:
    write_tree(tree, {".waymark/renames.yaml": "# Old ids.\nMOD-777: MOD-503\n"})
    assert found(tree, "import.idle_rename") == [("warning", "renames.yaml", 2)]
    assert counts(planned(tree)) == NOTHING


def test_native_files_take_it_from_beside_them_as_well(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, WHOLE)
    assert ran("apply", tree)[0] == 0
    edit(tree, M1, ("- {id: one, title: First", "- {id: first, title: First"), ("topics: [one]", "topics: [first]"))
    write_tree(tree, {".waymark/renames.yaml": "engineer:MOD-101/first: one\n"})
    plan = planned(tree)
    assert plan["renamed"] == [{"entity": "topic:MOD-101/first", "was": "topic:MOD-101/one"}]
    assert (plan["added"], plan["retired"]) == ([], [])


def test_another_source_may_still_use_the_former_id(tree: Path) -> None:
    single = tree.parent / "plan.yaml"
    single.write_text((tree / "plan.yaml").read_text())
    assert ran("apply", single)[0] == 0
    again(tree)
    write_tree(tree, {".waymark/renames.yaml": "MOD-513: MOD-503\n"})
    plan = planned(tree)
    assert {row["entity"] for row in plan["added"]} == {"requirement:MOD-502/leads-to-mod-513"}
    assert {row["entity"] for row in plan["retired"]} == {"requirement:MOD-502/leads-to-mod-503"}
    assert ran("apply", tree)[0] == 0
    assert counts(planned(tree)) == NOTHING
