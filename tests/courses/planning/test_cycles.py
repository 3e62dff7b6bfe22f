"""Cycles in everything that will be current."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from courses.curriculum.native.reader import read_tree
from courses.curriculum.planning.cycles import cycles_in
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import ran
from tests.courses.projecting import write_tree
from tests.courses.shipped import shipped

HEAD = "kind: module\ntitle: M {0}\nid: MOD-{0}\nsummary: S.\n"
PROGRAM = "kind: program\nid: p\ntitle: P\nrole: r\nsummary: S.\n"


def found(tmp_path: Path, *modules: str) -> list[str]:
    files = {"p/program.yaml": PROGRAM} | {f"p/m{number}.yaml": text for number, text in enumerate(modules)}
    return [each.message for each in cycles_in(read_tree(write_tree(tmp_path, files)))]


def needs(*refs: str) -> str:
    return "requirements:\n" + "".join(f"  - {{to: {ref}}}\n" for ref in refs)


def lab(ref: str, requirement: str = "", *, required: bool = True) -> str:
    below = f", requirements: [{{to: {requirement}}}]" if requirement else ""
    return f"labs:\n  - {{id: {ref}, title: L, summary: S., required: {str(required).lower()}{below}}}\n"


def test_modules_that_need_each_other_are_said_once(tmp_path: Path) -> None:
    one, two = HEAD.format(1) + needs("MOD-2"), HEAD.format(2) + needs("MOD-1")
    assert found(tmp_path, one, two, HEAD.format(3) + needs("MOD-2")) == [
        "MOD-1 needs MOD-2 needs MOD-1: nobody can begin with any of them."
    ]


def test_a_module_is_done_with_its_labs(tmp_path: Path) -> None:
    one = HEAD.format(1) + lab("a", "MOD-2/b")
    two = HEAD.format(2) + needs("MOD-1") + lab("b")
    assert found(tmp_path, one, two) == ["MOD-1/a needs MOD-2/b; MOD-2 needs MOD-1: nobody can begin with any of them."]


def test_a_module_that_needs_its_own_lab(tmp_path: Path) -> None:
    assert found(tmp_path, HEAD.format(1) + needs("MOD-1/a") + lab("a")) == [
        "MOD-1 needs MOD-1/a: nobody can begin with any of them."
    ]


def test_an_optional_lab_or_a_rule_of_its_own_leaves_a_way(tmp_path: Path) -> None:
    one = HEAD.format(1) + lab("a", "MOD-2", required=False)
    assert found(tmp_path, one, HEAD.format(2) + needs("MOD-1")) == []


def test_a_gate_may_lock_what_opens_it(tmp_path: Path) -> None:
    gate = "gates:\n  - {text: First this., blocks: a, activity: b}\n"
    labs = (
        "labs:\n  - {id: a, title: A, summary: S.}\n  - {id: b, title: B, summary: S., requirements: [{to: MOD-1/a}]}\n"
    )
    assert found(tmp_path, HEAD.format(1) + gate + labs) == [
        "MOD-1/a needs MOD-1/b needs MOD-1/a: nobody can begin with any of them."
    ]


def test_what_leads_to_a_cycle_is_in_none(tmp_path: Path) -> None:
    chain = [HEAD.format(number) + needs(f"MOD-{number + 1}") for number in range(1, 6)]
    assert found(tmp_path, *chain, HEAD.format(6)) == []
    [message] = found(tmp_path, *chain, HEAD.format(6) + needs("MOD-4"))
    assert message.startswith("MOD-4 needs MOD-5 needs MOD-6 needs MOD-4")


@pytest.mark.parametrize(
    ("group", "others", "said"),
    [
        ("any_of: [MOD-2, MOD-3]", "MOD-1", "MOD-1 needs MOD-2 needs MOD-1"),
        ("any_of: [MOD-2, MOD-3]", "MOD-4", None),
        ("any_of: [MOD-2, MOD-4]", "MOD-1", None),
        ("any_of: [MOD-2, MOD-3, MOD-4], at_least: 2", "MOD-1", "MOD-1 needs MOD-2 needs MOD-1"),
        ("any_of: [MOD-1, MOD-4]", "MOD-4", None),
        ("any_of: [MOD-2, Some words]", "MOD-1", None),
        ("any_of: [p:MOD-2, MOD-3]", "MOD-1", "MOD-1 needs MOD-2 needs MOD-1"),
        ("any_of: [MOD-2, MOD-3], strength: recommended", "MOD-1", None),
    ],
)
def test_of_alternatives_enough_are_within_reach(tmp_path: Path, group: str, others: str, said: str | None) -> None:
    one = HEAD.format(1) + f"requirements: [{{{group}}}]\n"
    messages = found(tmp_path, one, *(HEAD.format(number) + needs(others) for number in (2, 3)), HEAD.format(4))
    assert [each.partition(":")[0] for each in messages[:1]] == ([said] if said else [])


def test_what_is_done_in_another_program_is_in_no_cycle(tmp_path: Path) -> None:
    two = HEAD.format(2) + needs("MOD-1")
    assert found(tmp_path / "one", HEAD.format(1) + needs("other:MOD-2"), two) == []
    assert found(tmp_path / "any", HEAD.format(1) + 'requirements: [{any_of: [MOD-2, "other:MOD-2"]}]\n', two) == []


def test_the_shipped_curriculum_has_none() -> None:
    assert list(cycles_in(shipped())) == []


@pytest.mark.django_db
def test_an_import_that_locks_what_is_current_is_refused(tmp_path: Path) -> None:
    assert ran("apply", write_tree(tmp_path / "documents", DOCUMENTS))[0] == 0
    single = DOCUMENTS["pipes.md"].replace("- **Next Module(s)**: MOD-502", "- **Prerequisites**: MOD-502")
    more = write_tree(tmp_path / "more", {"pipes.md": single})
    code, out, _ = ran("plan", more, "--format", "json")
    [error] = [each for each in json.loads(out)["findings"] if each["rule"] == "references.cycle"]
    assert (code, error["severity"], error["line"]) == (1, "error", 9)
    assert "MOD-501 needs MOD-502 needs MOD-501" in error["message"]
    assert ran("apply", more)[0] == 1


@pytest.mark.django_db
def test_a_cycle_in_one_tree_is_said_once(tmp_path: Path) -> None:
    single = DOCUMENTS["pipes.md"].replace("- **Next Module(s)**: MOD-502", "- **Prerequisites**: MOD-502")
    tree = write_tree(tmp_path / "documents", {**DOCUMENTS, "pipes.md": single})
    _, out, _ = ran("plan", tree, "--format", "json")
    assert [each["rule"] for each in json.loads(out)["findings"]].count("references.cycle") == 1
