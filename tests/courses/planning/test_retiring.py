"""How much may go unasked: a tenth of a program, and never all of a kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from courses.models import Entity, ImportRecord
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import planned, ran
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db
TOPICS = 17


def tree(root: Path, topics: int, *, reading: bool = True) -> Path:
    """A program of twenty things: itself, a module, a reading, and topics."""
    module = (
        f"kind: module\nid: MOD-901\ntitle: Ports\nsummary: Doors.\ntopics: [{', '.join(map(_topic, range(topics)))}]\n"
    )
    if reading:
        module += "readings: [{id: read, title: Read, body: Words.}]\n"
    return write_tree(
        root,
        {
            "catalog.yaml": "{kind: catalog, scales: [{id: seniority, title: Seniority, purpose: seniority, "
            "levels: [{id: junior, label: Junior}, {id: mid, label: Mid}]}]}\n",
            "operator/role.yaml": "{kind: role, id: operator, title: Operator, level: junior, order: 1, summary: R.}\n",
            "operator/program.yaml": "{kind: program, id: operator, title: Operator, role: operator, summary: Runs.}\n",
            "operator/module.yaml": module,
        },
    )


def _topic(number: int) -> str:
    return f"{{id: t{number}, title: {'abcdefghijklmnopqrstuvwxyz'[number] * 9}}}"


@pytest.fixture
def applied(tmp_path: Path) -> Path:
    root = tree(tmp_path / "ports", TOPICS)
    assert ran("apply", root)[0] == 0
    assert Entity.objects.filter(program__slug="operator").count() == 20
    return root


def test_a_tenth_goes_unasked(applied: Path) -> None:
    tree(applied, TOPICS - 2)
    assert len(planned(applied)["retired"]) == 2
    assert ran("apply", applied)[0] == 0


def test_more_than_a_tenth_is_asked(applied: Path) -> None:
    tree(applied, TOPICS - 3)
    code, out, _ = ran("plan", applied)
    assert (code, "This import retires 3 of 20 entities of operator" in out) == (1, True)
    assert ran("apply", applied)[0] == 1
    assert ran("plan", applied, "--retire")[0] == 0
    assert ran("apply", applied, "--retire")[0] == 0
    assert Entity.objects.filter(retired_at__isnull=False).count() == 3


def test_the_last_of_a_kind_is_asked(applied: Path) -> None:
    tree(applied, TOPICS, reading=False)
    code, out, _ = ran("plan", applied)
    assert (code, "This import retires every reading of operator" in out) == (1, True)
    assert ran("apply", applied, "--retire")[0] == 0


def test_another_tree_under_the_name_of_a_source_is_an_error_however_little_goes(applied: Path, tmp_path: Path) -> None:
    """One thing of twenty-two would go unasked."""
    files = {
        "program.yaml": "{kind: program, id: operator, title: Operator, role: operator, summary: Runs.}\n",
        "m.yaml": "{kind: module, id: MOD-902, title: Names, summary: Signs.}\n",
    }
    more = write_tree(tmp_path / "one" / "more", files)
    assert ran("apply", more)[0] == 0
    write_tree(more, {"m.yaml": files["m.yaml"].replace("Names", "Names and more")})
    assert [each["field"] for each in planned(more)["changed"]] == ["title"], "the same ids are the same tree"
    other = write_tree(tmp_path / "two" / "more", {**files, "m.yaml": files["m.yaml"].replace("902", "903")})
    code, out, _ = ran("plan", other)
    assert code == 1
    assert "Nothing here has an id of what the source 'more' gave at its last import (MOD-902)" in out
    assert "import.retires_much" not in out
    assert ran("apply", other)[0] == 1
    assert [each["entity"] for each in planned(other, "--source", "signs")["added"]] == ["module:MOD-903"]
    assert planned(other, "--source", "signs")["retired"] == []
    renamed = files["m.yaml"].replace("MOD-902", "MOD-903, was: MOD-902")
    write_tree(other, {"m.yaml": renamed})
    assert [each["was"] for each in planned(other)["renamed"]] == ["module:MOD-902"]
    write_tree(other, {"m.yaml": files["m.yaml"].replace("902", "903")})
    assert [each["entity"] for each in planned(other, "--retire")["retired"]] == ["module:MOD-902"]
    assert ran("apply", other, "--source", "signs")[0] == 0
    assert set(ImportRecord.objects.filter(release__current=True).values_list("source", flat=True)) == {
        "ports", "more", "signs",
    }  # fmt: skip
    assert "no name of a source" in ran("plan", other, "--source", "x" * 201)[2]


def test_what_still_names_what_goes_is_told_at_once(tmp_path: Path) -> None:
    """Before it is applied, and not by the next lint only: what locks as an error, all else as a warning."""
    stores = DOCUMENTS["plan.yaml"].partition("  - id: MOD-503")
    lines = "".join(f"  - {{id: MOD-50{number}, title: {title}}}\n" for number, title in ((4, "Lakes"), (5, "Seas")))
    said = {"MOD-501, MOD-503": "error", "MOD-501 or MOD-503": "error", "MOD-501, MOD-503 (optional)": "warning"}
    for at, (words, severity) in enumerate(said.items()):
        plan = f"{stores[0].replace('[MOD-501, MOD-503]', words)}{lines}"
        files = {"plan.yaml": plan + "".join(stores[1:]), "pipes.md": DOCUMENTS["pipes.md"]}
        root = write_tree(tmp_path / f"tree-{at}", files)
        assert ran("apply", root, "--source", "tree", "--retire")[0] == 0
        write_tree(root, {**files, "plan.yaml": plan})
        code, out, _ = ran("plan", root, "--source", "tree", "--format", "json")
        found = json.loads(out)
        assert "module:MOD-503" in [each["entity"] for each in found["plan"]["retired"]]
        [told] = [each for each in found["findings"] if each["rule"] == "references.unknown_id"]
        line = plan.strip().splitlines().index(f"    prerequisites: {words}") + 1
        assert (code, told["severity"], told["line"]) == (int(severity == "error"), severity, line)
        assert "this import retires that" in told["fix"]
