"""Files that documents link to, from a tree to a release and out again."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.sources.text import MAX_BYTES
from courses.curriculum.sources.trees import trees_of
from courses.models import ReleaseItem, Revision
from tests.courses.planning.support import edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree
from waymark.core.blobs import digest_of
from waymark.core.models import StoredFile
from waymark.core.stored import STORED

PNG, CSV, PDF = b"\x89PNG\r\n\x1a\n1", b"a,b\n1,2\n", b"%PDF-1.7"
ROADMAP = """# Module Roadmap: Pipes

## Module Overview
- **Module ID**: MOD-701
- **Module Title**: Pipes
- **Target Role(s)**: Plumber
- **Estimated Duration**: 4 hours

![How water flows](pictures/flow%20one.png)

## Learning Objectives
1. Read the [figures](/data/figures.csv) of a pipe.
2. Say what `[code](/data/figures.csv)` is.

## Resource Plan
- **Primary**: [The manual](manual.pdf)

## Dependencies & Notes
- See [valves](valves.md), [the folder](../data) and [nothing](nothing.png).
"""
PROGRAM = "kind: program\nid: plumber\ntitle: Plumber\nrole: plumber\nsummary: Water.\n"
ROLE = "kind: role\nid: plumber\ntitle: Plumber\nlevel: mid\norder: 1\nsummary: Water.\n"
SCALES = """kind: catalog
scales:
  - {id: seniority, title: Seniority, purpose: seniority, levels: [{id: mid, label: M}, {id: top, label: T}]}
"""
LAB = """kind: module
id: MOD-702
title: Valves
summary: Short.
resources:
  - {title: Sheet, url: ../data/figures.csv}
labs:
  - id: lab-1
    title: Turn it
    summary: "Take [these](data/figures.csv)."
    starter:
      - {path: README.md, content: "[figures](data/figures.csv)"}
"""
FILES = {
    "catalog.yaml": SCALES, "plumber/program.yaml": PROGRAM, "plumber/role.yaml": ROLE, "plumber/valves.yaml": LAB,
    "docs/pipes.md": ROADMAP, "docs/valves.md": ROADMAP.replace("MOD-701", "MOD-703").replace("Pipes", "Taps"),
}  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path, settings: Any) -> Path:
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    root = write_tree(tmp_path / "tree", FILES)
    (root / "docs/pictures").mkdir()
    (root / "data").mkdir()
    (root / "docs/pictures/flow one.png").write_bytes(PNG)
    (root / "docs/manual.pdf").write_bytes(PDF)
    (root / "docs/unlinked.bin").write_bytes(b"\0")
    (root / "data/figures.csv").write_bytes(CSV)
    return root


def said(address: str) -> str:
    """The current body of something, as text."""
    kind, _, path = address.partition(":")
    items = ReleaseItem.objects.filter(release__current=True, entity__kind=kind, entity__path=path)
    return json.dumps(items.get().revision.body)


def link(data: bytes, name: str) -> str:
    return f"stored:{digest_of(data)}/{name}"


@pytest.mark.django_db
def test_what_documents_link_to_is_stored_and_named_by_its_content(tree: Path) -> None:
    code, _, err = ran("apply", tree)
    assert code == 0, err
    module = said("module:MOD-701")
    assert f"![How water flows]({link(PNG, 'flow-one.png')})" in module
    assert f'"url": "{link(PDF, "manual.pdf")}"' in module
    assert "[valves](valves.md)" in module, "a document of its own is no attachment"
    assert "[nothing](nothing.png)" in module
    assert "[the folder](../data)" in module
    objectives = [each.body["text"] for each in Revision.objects.filter(kind="objective")]
    assert f"Read the [figures]({link(CSV, 'figures.csv')}) of a pipe." in objectives
    assert "Say what `[code](/data/figures.csv)` is." in objectives
    lab = json.loads(said("lab:MOD-702/lab-1"))
    assert lab["summary"] == f"Take [these]({link(CSV, 'figures.csv')})."
    assert lab["starter"][0]["content"] == "[figures](data/figures.csv)", "data stays to the letter"
    assert json.loads(said("module:MOD-702"))["resources"][0]["url"] == link(CSV, "figures.csv")
    kept = dict(StoredFile.objects.values_list("digest", "media_type"))
    assert kept == {digest_of(PNG): "image/png", digest_of(CSV): "", digest_of(PDF): ""}
    assert STORED.read(digest_of(PNG)) == PNG
    assert counts(planned(tree)) == NOTHING


@pytest.mark.django_db
def test_another_picture_is_a_change_and_the_same_elsewhere_is_none(tree: Path) -> None:
    assert ran("apply", tree)[0] == 0
    (tree / "docs/images").mkdir()
    (tree / "docs/pictures/flow one.png").rename(tree / "docs/images/flow one.png")
    for name in ("docs/pipes.md", "docs/valves.md"):
        edit(tree, name, ("pictures/flow%20one.png", "<images/flow one.png>"))
    plan = planned(tree)
    assert [each["field"] for each in plan["changed"]] == [], plan["changed"]
    (tree / "docs/images/flow one.png").write_bytes(PNG + b"2")
    plan = planned(tree)
    assert {each["entity"] for each in plan["changed"]} == {"module:MOD-701", "module:MOD-703"}
    assert all(link(PNG + b"2", "flow-one.png") in str(each["to"]) for each in plan["changed"])
    assert ran("apply", tree)[0] == 0
    assert STORED.read(digest_of(PNG)) == PNG, "an earlier release still has its own"
    assert ran("rollback", "plumber")[0] == 0
    assert link(PNG, "flow-one.png") in said("module:MOD-701")


@pytest.mark.django_db
def test_an_export_has_the_files_and_plans_nothing(tree: Path, tmp_path: Path) -> None:
    assert ran("apply", tree)[0] == 0
    code, out, err = ran("export", tmp_path / "out")
    assert code == 0, err
    place = f"files/{digest_of(PNG)[:16]}/flow-one.png"
    assert place in out.split()
    assert (tmp_path / "out" / place).read_bytes() == PNG
    assert f"({place})" in (tmp_path / "out/plumber/modules/001-mod-702.yaml").read_text() + "".join(
        each.read_text() for each in (tmp_path / "out/plumber/modules").iterdir()
    )
    plan = planned(tmp_path / "out")
    assert counts(plan) == NOTHING, plan["changed"]
    assert ran("apply", tmp_path / "out")[0] == 0
    assert counts(planned(tree, "--against", tmp_path / "out")) == NOTHING


@pytest.mark.django_db
def test_an_archive_and_a_repository_hold_the_same(tree: Path, tmp_path: Path) -> None:
    assert ran("apply", tree)[0] == 0
    archive = tmp_path / "tree.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in sorted(tree.rglob("*")):
            opened.write(path, path.relative_to(tree))
    plan = planned(archive, "--against", tree)
    assert counts(plan) == NOTHING


def test_links_out_of_a_tree_bring_nothing_in(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(PNG)
    (tree / "docs/link.png").symlink_to(tmp_path / "outside.png")
    edit(tree, "docs/pipes.md", ("nothing.png", "../../outside.png"), ("(manual.pdf)", "(link.png)"))
    assert {name.rpartition("/")[2] for name in trees_of([str(tree)]).linked} == {
        "flow one.png", "figures.csv", "manual.pdf", "valves.md",
    }  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_too_large_is_an_error(packed: bool, tree: Path, tmp_path: Path) -> None:
    (tree / "docs/manual.pdf").write_bytes(PDF + b"\0" * MAX_BYTES)
    (tree / "docs/unlinked.bin").write_bytes(b"\0" * (MAX_BYTES + 1))
    given = tree
    if packed:
        given = tmp_path / "tree.zip"
        subprocess.run(["python3", "-m", "zipfile", "-c", given, *sorted(tree.iterdir())], check=True)
    code, out, _ = ran("lint", given, "--format", "json")
    found = [each for each in json.loads(out)["findings"] if each["rule"] == "source.too_large"]
    assert code == 1
    assert [each["file"].rpartition("/")[2] for each in found] == ["manual.pdf"], "nobody asks for the other"


@pytest.mark.django_db
def test_a_file_with_a_secret_is_stored_only_when_it_is_settled(tree: Path) -> None:
    (tree / "data/figures.csv").write_text("key\nghp_" + "aB3" * 12 + "\n")
    _, out, _ = ran("lint", tree, "--format", "json")
    [found] = [each for each in json.loads(out)["findings"] if each["rule"] == "hygiene.linked_secret"]
    assert (found["file"].rpartition("/")[2], found["line"]) == ("figures.csv", 2)
    assert "aB3aB3" not in out
    assert ran("apply", tree)[0] == 0
    assert StoredFile.objects.count() == 2
    assert "[these](data/figures.csv)" in said("lab:MOD-702/lab-1")
