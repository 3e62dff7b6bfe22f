"""Native files of what is current: applied again, they plan nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.curriculum.export.files import native_files
from courses.curriculum.kinds import registry
from courses.curriculum.native.reader import read_tree
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.plan import Incoming, plan_make
from courses.models import Release
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import M2, WHOLE, P, edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree
from tests.courses.shipped import shipped


def again(reading: Reading) -> dict[str, Any]:
    """The plan of what *reading* is exported to, beside itself."""
    with TemporaryDirectory() as folder:
        for name, text in native_files(reading).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        found = read_tree(Path(folder))
    assert [str(each) for each in found.findings if each.severity == "error"] == []
    return plan_make(Incoming(found), TreeBase(reading)).as_dict()


def test_the_shipped_curriculum_comes_back_as_it_was() -> None:
    plan = again(shipped())
    assert (counts(plan), plan["unchanged"] > 1000) == (NOTHING, True)


SIGNS = "ab \n\t:#'\"|>-*&!%@`{}[],?~\u2028\u2029\ufeff\u200b\u00e9\u03b1\u4e2d\U0001f600"
TEXTS = st.text(st.sampled_from(SIGNS), min_size=1, max_size=80)
TREE = lru_cache(maxsize=1)(lambda: _read(WHOLE))


def _read(files: dict[str, str]) -> Reading:
    with TemporaryDirectory() as folder:
        return read_tree(write_tree(Path(folder), files))


@settings(max_examples=25, deadline=None)
@given(text=TEXTS, hours=st.decimals(0, 999, places=2), order=st.permutations(range(3)))
def test_whatever_its_texts_say(text: str, hours: Decimal, order: list[int]) -> None:
    """Texts are as the bodies keep them: what YAML makes of them does not matter."""
    reading = TREE()
    drafts = {}
    for place, draft in reading.drafts.items():
        body, children = dict(draft.body), dict(draft.children)
        for name in ("summary", "text", "body", "mitigation", "narrative", "explanation", "note"):
            if name in body:
                body[name] = text
        if draft.kind == "topic":
            body["hours"], body["points"] = f"{hours}", [text, text[::-1]]
        if draft.path == "MOD-102":
            children["topics"] = [children["topics"][place] for place in order]
        whole = registry.get(draft.kind).body.model_validate(body).model_dump(mode="json")
        drafts[place] = replace(draft, body=whole, children=children)
    assert counts(again(Reading(drafts))) == NOTHING


@pytest.mark.parametrize("content", ["x\n", "  indented\n\n\n", "\ttab \n trailing ", "\n\nafter\n", "a\r\nb\r\n", " "])
def test_starter_files_are_kept_to_the_letter(content: str, tmp_path: Path) -> None:
    lab = {"id": "lab-9", "title": "Lab", "starter": [{"path": "Makefile", "content": content}]}
    module = f"kind: module\nid: MOD-9\ntitle: Nine\nsummary: Short.\nlabs: {json.dumps([lab])}\n"
    reading = read_tree(write_tree(tmp_path, {**WHOLE, "engineer/mod-9.yaml": module}))
    [draft] = [each for each in reading.drafts.values() if each.address == "lab:MOD-9/lab-9"]
    assert draft.body["starter"][0]["content"] == content
    assert counts(again(reading)) == NOTHING


@pytest.mark.django_db
def test_an_export_of_what_was_applied_plans_nothing(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree", WHOLE)
    edit(tree, P, ("modules: [MOD-102, MOD-101]", "modules: [MOD-101, MOD-102]"))
    edit(tree, M2, ("[{title: A, hours: 2}, {title: B, hours: 3}, C]", "[C, {title: B}, {title: A}]"))
    assert ran("apply", tree)[0] == 0
    code, out, err = ran("export", tmp_path / "out")
    assert code == 0, err
    assert "engineer/program.yaml" in out.split()
    plan = planned(tmp_path / "out")
    assert (counts(plan), plan["unchanged"] > 40) == (NOTHING, True)
    assert ran("apply", tmp_path / "out")[0] == 0
    assert Release.objects.count() == 2
    assert counts(planned(tree)) == NOTHING, "and the tree it came from plans nothing either"


@pytest.mark.django_db
def test_documents_are_exported_as_native_files(tmp_path: Path) -> None:
    assert ran("apply", write_tree(tmp_path / "documents", DOCUMENTS))[0] == 0
    assert ran("export", tmp_path / "out", "--program", "data-engineer")[0] == 0
    assert counts(planned(tmp_path / "out")) == NOTHING
    module = (tmp_path / "out/data-engineer/modules/001-mod-501.yaml").read_text()
    assert "title: A first pipe" in module
    assert "null" not in module


@pytest.mark.django_db
def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    assert ran("export", tmp_path)[0] == 2
    assert ran("export", tmp_path / "kept.txt")[0] == 2
    assert ran("export", tmp_path / "new", "--program", "nobody")[0] == 2
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "kept.txt").read_text() == "mine"


def test_fractions_in_a_check_stay_numbers(tmp_path: Path) -> None:
    check = {"title": "It halves", "type": "call", "spec": {"cases": [{"args": [1], "expect": 0.5}, {"args": ["0.5"]}]}}
    lab = {"id": "lab-9", "title": "Lab", "checks": [{"id": "c", **check}], "hours": 0.5}
    module = f"kind: module\nid: MOD-9\ntitle: Nine\nsummary: Short.\nlabs: {json.dumps([lab])}\n"
    reading = read_tree(write_tree(tmp_path, {**WHOLE, "engineer/mod-9.yaml": module}))
    assert [str(each) for each in reading.findings if "mod-9" in each.file] == []
    [draft] = [each for each in reading.drafts.values() if each.address == "check:MOD-9/lab-9/c"]
    assert draft.body["spec"] == check["spec"]
    assert counts(again(reading)) == NOTHING
