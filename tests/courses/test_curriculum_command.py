"""``manage.py curriculum apply``: exit codes, what it prints, and who is named."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from courses.curriculum import apply
from courses.models import Release
from tests.cast import person_make
from tests.courses.projecting import write_tree
from tests.courses.small_tree import TREE
from waymark.core.errors import Refused

pytestmark = pytest.mark.django_db


def run(*arguments: object, **options: Any) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("curriculum", "apply", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def test_a_tree_is_applied_and_told_in_a_line_per_program(tmp_path: Path) -> None:
    write_tree(tmp_path, TREE)
    code, out, err = run(tmp_path)
    assert code == 0
    assert "engineer: " in out
    assert out.count("release 1") == 2
    assert "warning: " in err, "what is no obstacle is said all the same"
    code, out, _ = run(tmp_path)
    assert (code, out.count("nothing to do")) == (0, 2)
    assert Release.objects.get(program__slug="junior").source == tmp_path.name


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    write_tree(tmp_path, TREE)
    code, out, _ = run(tmp_path, format="json")
    answer = json.loads(out)
    rows = {row["program"]: row for row in answer["programs"]}
    assert code == 0
    assert {slug: (row["release"], row["new"], row["changed"]) for slug, row in rows.items()} == {
        "engineer": (1, True, 0), "junior": (1, True, 0),
    }  # fmt: skip
    finding = answer["findings"][0]
    assert set(finding) == {"rule", "severity", "file", "line", "message", "related", "fix"}
    assert (finding["rule"], finding["severity"]) == ("native.unknown_reference", "warning")
    again = json.loads(run(tmp_path, format="json")[1])["programs"]
    assert {row["program"]: (row["release"], row["new"]) for row in again} == {
        "engineer": (1, False), "junior": (1, False),
    }  # fmt: skip


def test_errors_are_listed_with_their_lines_and_exit_with_1(tmp_path: Path) -> None:
    write_tree(tmp_path, {**TREE, "junior/x.yaml": "kind: nothing\n---\nkind: module\nid: a b\n"})
    code, out, err = run(tmp_path)
    assert (code, out) == (1, "")
    assert f"{tmp_path}/junior/x.yaml:1: error: kind is 'nothing'." in err
    assert f"{tmp_path}/junior/x.yaml:4: error: 'a b' is no id." in err
    assert "2 errors stand in the way; nothing was changed." in err
    assert not Release.objects.exists()
    code, out, _ = run(tmp_path, format="json")
    answer = json.loads(out)
    assert (code, answer["programs"]) == (1, [])
    assert [(finding["rule"], finding["line"]) for finding in answer["findings"]] == [
        ("native.unknown_kind", 1), ("native.bad_id", 4),
    ]  # fmt: skip


def test_a_policy_that_nothing_evaluates_exits_with_1(tmp_path: Path) -> None:
    policy = "kind: policy\ntitle: P\nreviews: {staff: 1, peer: 1}\n"
    code, _, err = run(write_tree(tmp_path, {**TREE, "junior/policy.yaml": policy}))
    assert code == 1, err
    assert "does not evaluate yet" in err
    assert not Release.objects.exists()


def test_usage_exits_with_2(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere")[0] == 2
    write_tree(tmp_path, TREE)
    code, _, err = run(tmp_path, person="nobody@example.test")
    assert (code, err) == (2, "nobody@example.test: nobody has this address.")
    assert not Release.objects.exists()


def test_a_missing_folder_among_several_stops_all(tmp_path: Path) -> None:
    write_tree(tmp_path, TREE)
    assert run(tmp_path, tmp_path / "nowhere")[0] == 2
    assert not Release.objects.exists()


def test_an_import_that_is_busy_exits_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> None:
        raise Refused("Another import is being applied.", code="import_busy", hint="Try again when it is done.")

    monkeypatch.setattr(apply, "_lock", busy)
    code, _, err = run(write_tree(tmp_path, TREE))
    assert (code, err) == (3, "Another import is being applied. Try again when it is done.")


def test_the_release_names_who_made_it(tmp_path: Path) -> None:
    admin = person_make("admin")
    assert run(write_tree(tmp_path, TREE), person="ADMIN@example.test")[0] == 0
    assert set(Release.objects.values_list("made_by", flat=True)) == {admin.pk}
