"""The *structure* kind: what an author may write, what decides, what is told to whom. Nothing is started for it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from grading.checks import registry
from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds.structure import KIND
from grading.checks.structure.reading import LARGEST
from grading.sandbox.contract import Outcome

THREE = {"path": "a", "at_least": 3, "message": "There are three.", "visible": True}
NO_BACKEND: Any = None


def checked(text: str | dict[str, bytes], *assertions: dict[str, Any], **spec: Any) -> CheckOutcome:
    spec = {"file": "it.json", "format": "json", "assertions": list(assertions)} | spec
    files = {"it.json": text.encode()} if isinstance(text, str) else text
    return KIND.prepare(spec, {}).run(NO_BACKEND, files, Seeds(1, 2))


def told(value: Any, **assertion: Any) -> str:
    """What is said of *value* when the assertion does not hold; empty when it does."""
    outcome = checked(json.dumps(value), {"message": "No.", **assertion})
    return outcome.cases[0].message


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"file": "../it.json"}, "stay inside"),
        ({"format": "toml"}, "no format 'toml'; known are compose, dockerfile"),
        ({"file": "*.json"}, "of one file"),
        ({"assertions": []}, "assertions"),
        ({"assertions": [{"path": "a", "exists": True}]}, "message"),
        ({"assertions": [THREE | {"message": ""}]}, "message"),
        ({"assertions": [THREE | {"path": "a..b"}]}, r"'a\.\.b' is no path from its character 2 on"),
        ({"assertions": [THREE | {"path": ".a"}]}, "is no path"),
        ({"assertions": [THREE | {"path": "a.[0]"}]}, "is no path"),
        ({"assertions": [THREE | {"path": "[0]b"}]}, "is no path"),
        ({"assertions": [THREE | {"path": "a[b"}]}, "is no path"),
        ({"assertions": [{"path": "a", "message": "x"}]}, "has one of"),
        ({"assertions": [THREE | {"equals": 3}]}, "has one of"),
        ({"assertions": [{"path": "a", "message": "x", "absent": True, "of": "any"}]}, "absent is not of any"),
        ({"assertions": [{"path": "a", "message": "x", "count": 1, "of": "none"}]}, "count is not of none"),
        ({"assertions": [{"path": "a", "message": "x", "matches": "(?=a)"}]}, "no pattern of RE2"),
        ({"assertions": [{"path": "a", "message": "x", "lacks": "("}]}, "no pattern of RE2"),
        ({"assertions": [{"path": "a", "message": "x", "among": ["b["]}]}, "is no path"),
        ({"assertions": [{"path": "a", "message": "x", "one_of": []}]}, "one_of"),
        ({"assertions": [{"path": "a", "message": "x", "at_most": "2Gi"}]}, "'2Gi' is no number"),
        ({"assertions": [{"path": "a", "message": "x", "at_most": "2 weeks", "unit": "duration"}]}, "is no duration"),
        ({"shell": True}, "shell"),
    ],
)  # fmt: skip
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare({"file": "it.json", "format": "json", "assertions": [THREE]} | spec, {})


def test_the_kind_is_known_and_its_readers_are_part_of_the_kits_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    assert registry.kind_named("structure") is KIND
    before = registry.kit_version.__wrapped__()
    copy = tmp_path / "checks"
    copy.mkdir()
    for path in registry.FOLDER.iterdir():
        (copy / path.name).symlink_to(path)
    monkeypatch.setattr(registry, "FOLDER", copy)
    assert registry.kit_version.__wrapped__() == before
    (copy / "structure").unlink()
    assert registry.kit_version.__wrapped__() != before


def test_what_holds_passes_and_what_does_not_is_told_of_visible_ones() -> None:
    right = checked('{"a": 3}', THREE)
    assert (right.outcome, right.share, right.message) == (Outcome.PASSED, 1, "All 1 cases passed.")
    wrong = checked('{"a": 2}', THREE)
    assert (wrong.outcome, wrong.share) == (Outcome.FAILED, 0)
    assert wrong.message == "0 of 1 cases passed. There are three. (a: 2.)"


def test_nothing_of_hidden_assertions_is_told_and_points_may_be_in_proportion() -> None:
    hidden = {"path": "b", "equals": "held back", "message": "It is held back.", "points": 3}
    outcome = checked('{"a": 3, "b": "x"}', THREE, hidden, scoring="cases")
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.FAILED, Fraction(1, 4), "1 of 2 cases passed.")
    assert [(case.id, case.visible, case.passed) for case in outcome.cases] == [
        ("case-1", True, True), ("case-2", False, False),
    ]  # fmt: skip
    assert outcome.cases[1].message == 'It is held back. (b: "x".)', "staff see it"
    assert checked('{"a": 3, "b": "x"}', THREE, hidden).share == 0


def test_a_file_that_is_missing_or_cannot_be_read_has_no_points_and_all_its_cases() -> None:
    missing = checked({"other.json": b"{}"}, THREE)
    assert (missing.outcome, missing.message) == (Outcome.FAILED, "There is no file 'it.json'.")
    broken = checked('{"a": ', THREE, {"path": "b", "absent": True, "message": "x"}, scoring="cases")
    assert (broken.outcome, broken.share) == (Outcome.FAILED, 0)
    assert broken.message.startswith("It is no JSON")
    assert [case.passed for case in broken.cases] == [False, False]
    assert checked({"it.json": b'{"a": "\xff"}'}, THREE).message == "it.json: Byte 8 is no UTF-8."
    assert checked({"it.json": b'{"a": 3}\0'}, THREE).message == "it.json: There is a NUL character in it."
    assert checked({"it.json": b'\xef\xbb\xbf{"a":\r\n3}\r\n'}, THREE).outcome is Outcome.PASSED


def test_what_is_hostile_is_rejected() -> None:
    large = checked("1" * (LARGEST + 1), THREE)
    assert (large.outcome, large.share, large.message) == (
        Outcome.REJECTED, 0, f"it.json is larger than {LARGEST} bytes.",
    )  # fmt: skip
    assert [case.passed for case in large.cases] == [False]
    assert checked("[" * 40 + "]" * 40, THREE).outcome is Outcome.REJECTED
    tagged = checked({"a.yaml": b"a: !!python/object/apply:os.system [id]"}, THREE, file="a.yaml", format="yaml")
    assert (tagged.outcome, tagged.message) == (Outcome.REJECTED, "Line 1: tags (!name) are not read.")


def test_several_files_are_one_whole_where_they_are_one() -> None:
    files = {"k/a.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
             "k/b.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
             "k/more/c.yaml": b"no", "kXa.yaml": b"no"}  # fmt: skip
    both = {"path": "[kind=ConfigMap]", "count": 2, "message": "There are two."}
    assert checked(files, both, file="k/*.yaml", format="kubernetes").outcome is Outcome.PASSED
    large = {"a.tf": b"#" * LARGEST, "b.tf": b"#"}
    assert checked(large, both, file="*.tf", format="terraform").outcome is Outcome.REJECTED


# -- paths and tests ---------------------------------------------------------------
PODS = {"pods": [{"name": "a", "cpu": 1, "labels": {"app.io/x": "y"}}, {"name": "b", "cpu": None, "ok": True}], "n": {}}


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("", 1),
        ("pods", 1),
        ("pods[*]", 2),
        ("pods.*", 2),
        ("pods[*].name", 2),
        ("pods[*].cpu", 1),
        ("pods[-1].ok", 1),
        ("pods[2]", 0),
        ("pods[0][0]", 0),
        ("pods.name", 0),
        ("nothing[*].x", 0),
        ("n.*", 0),
        ("*", 2),
        ('pods[0].labels."app.io/x"', 1),
        ('pods[labels."app.io/x"=y]', 1),
        ("pods[cpu]", 1),
        ("pods[cpu=1]", 1),
        ("pods[ok=true]", 1),
        ("pods[ok!=true]", 1),
        ("pods[name!=a]", 1),
        ('pods[name="a"]', 1),
        ("pods[name=]", 0),
        ("pods[name=a][cpu=1]", 1),
        ("pods[name=a][cpu=2]", 0),
        ("pods[name.x=1]", 0),
        ("pods[*][name=a]", 0),
    ],
)
def test_where_paths_lead(path: str, number: int) -> None:
    assert told(PODS, path=path, count=number) == ""


@pytest.mark.parametrize(
    ("assertion", "said"),
    [
        ({"path": "pods[*].name", "exists": True}, ""),
        ({"path": "pods[*].cpu", "exists": True}, "No. (pods[1].cpu: not there.)"),
        ({"path": "pods[*].cpu", "exists": True, "of": "any"}, ""),
        ({"path": "pods[name=z].cpu", "exists": True}, "No."),
        ({"path": "pods[*].gpu", "exists": True, "of": "any"}, "No."),
        ({"path": "gpu", "exists": True, "of": "any"}, "No. (gpu: not there.)"),
        ({"path": "pods[*].gpu", "exists": True, "of": "none"}, ""),
        ({"path": "pods[*].cpu", "exists": True, "of": "none"}, "No. (pods[0].cpu: 1.)"),
        ({"path": "pods[*].gpu", "absent": True}, ""),
        ({"path": "pods[1].cpu", "absent": True}, ""),
        ({"path": 'pods[0].labels."app.io/x"', "absent": True}, 'No. (pods[0].labels."app.io/x": "y".)'),
        ({"path": "pods[0].cpu", "equals": 1.0}, ""),
        ({"path": "pods[0].cpu", "equals": True}, "No. (pods[0].cpu: 1.)"),
        ({"path": "pods[0].cpu", "equals": "1"}, "No. (pods[0].cpu: 1.)"),
        ({"path": "pods[1]", "equals": {"ok": True, "name": "b"}}, ""),
        ({"path": "pods[*].name", "one_of": ["a", "b", "c"]}, ""),
        ({"path": "pods[*].name", "one_of": ["a", ["b"]]}, 'No. (pods[1].name: "b".)'),
        ({"path": "pods[*].name", "matches": "^[ab]$"}, ""),
        ({"path": "pods[*].name", "matches": "a"}, 'No. (pods[1].name: "b".)'),
        ({"path": "pods[0].cpu", "matches": "^1$"}, ""),
        ({"path": "pods[0].labels", "matches": "y"}, 'No. (pods[0].labels: {"app.io/x": "y"}.)'),
        ({"path": "pods[*].name", "lacks": "z"}, ""),
        ({"path": "pods[*].cpu", "lacks": "z"}, "No. (pods[1].cpu: not there.)"),
        ({"path": "pods[*].name", "lacks": "b"}, 'No. (pods[1].name: "b".)'),
        ({"path": "pods[*].name", "of": "none", "lacks": "[ab]"}, ""),
        ({"path": "pods[0].cpu", "at_least": 1, "at_most": 1}, ""),
        ({"path": "pods[0].cpu", "at_most": 0.5}, "No. (pods[0].cpu: 1.)"),
        ({"path": "pods[1].ok", "at_least": 0}, "No. (pods[1].ok: true.)"),
        ({"path": "pods[*].name", "among": ["n", "pods[0].name", "pods[1].name"]}, ""),
        ({"path": "pods[*].name", "among": ["pods[0].name"]}, 'No. (pods[1].name: "b".)'),
        ({"path": "pods[*]", "count": {"at_least": 3}}, "No. (There: 2.)"),
        ({"path": "pods[*]", "count": {"at_least": 1, "at_most": 2}}, ""),
        ({"path": "pods[*]", "count": {"at_most": 1}}, "No. (There: 2.)"),
        ({"path": "pods[*]", "count": 0}, "No. (There: 2.)"),
        (
            {"path": "", "absent": True},
            'No. (The whole file: {"pods": [{"name": "a", "cpu": 1, "labels": {"app.io/x": "y"}}, '
            '{"name": "b", "cpu": null, "ok": true}], "n": {}}.)',
        ),
    ],
)
def test_what_is_asserted_of_places(assertion: dict[str, Any], said: str) -> None:
    assert told(PODS, **assertion) == said


def test_a_bound_may_be_a_number_as_text_as_a_curriculum_keeps_it() -> None:
    assert told({"a": 0.5}, path="a", at_least="0.5", at_most="0.50") == ""
    assert told({"a": "0.5"}, path="a", at_least="0.5") == 'No. (a: "0.5".)'


def test_long_values_are_cut_in_messages() -> None:
    assert len(told({"a": "x" * 5000}, path="a", equals=1)) < 200


@pytest.mark.parametrize(
    ("unit", "value", "bound"),
    [
        ("quantity", "512Mi", "0.5Gi"), ("quantity", "1500m", 1.5), ("quantity", 2, "2000m"), ("quantity", "1e3", "1k"),
        ("quantity", "+.5", "500m"), ("bytes", "1.5g", "1536MiB"), ("bytes", "64KB", "65536"), ("bytes", "10b", 10),
        ("duration", "1m30s", 90), ("duration", "0.5h", "30m"), ("duration", "1d", "24h"), ("number", "0.1", 0.1),
        (None, 0.1, 0.1),
    ],
)  # fmt: skip
def test_amounts_are_compared_in_their_units(unit: str | None, value: Any, bound: Any) -> None:
    given = {"unit": unit} if unit else {}
    assert told({"a": value}, path="a", at_least=bound, at_most=bound, **given) == ""


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("quantity", "1Zi"),
        ("quantity", "1e999"),
        ("quantity", "many"),
        ("quantity", "1" * 65),
        ("bytes", "1q"),
        ("duration", "1m 30s"),
        ("duration", "soon"),
        ("duration", ""),
        ("number", "1k"),
        ("number", ["1"]),
        (None, "1"),
    ],
)
def test_what_is_no_amount_is_neither_small_nor_large(unit: str | None, value: Any) -> None:
    given = {"unit": unit} if unit else {}
    assert told({"a": value}, path="a", at_least=-1, **given).startswith("No.")
