"""What a learner takes home of a lab can be run there, and holds nothing that is hidden."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grading.checks.bundle import bundle, visible_part
from grading.checks.lab import lab_read
from tests.grading import labs

CALL = {
    "title": "Adds", "type": "call", "points": 3, "hint": "Think.",
    "spec": {
        "module": "add", "function": "add", "scoring": "cases",
        "cases": [{"args": [1, 2], "expect": 3, "visible": True}, {"args": [77, 1], "expect": 78}],
        "generated": {"source": "author.py", "visible": 2, "hidden": 2},
        "files": {"author.py": "def expected(a, b): return a + b  # secret reference"},
    },
}  # fmt: skip
PROGRAM = {
    "title": "Prints", "type": "program", "points": 1,
    "spec": {"file": "p.py", "cases": [
        {"args": ["a"], "visible": True, "expect": {"stdout": "a\n"}}, {"args": ["hidden"], "expect": {"exit": 1}},
    ]},
}  # fmt: skip
LINT = {"title": "Clean", "type": "lint", "points": 1, "spec": {"sets": [{"tool": "ruff", "select": ["F"]}]}}
STRICT = {"title": "Strict", "type": "profile", "points": 1, "spec": {"profile": "python-strict"}}
TESTS = {"title": "Your tests", "type": "tests", "points": 1, "spec": {"files": {"reference.py": "secret"}}}


def unpacked(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_what_can_be_run_at_home_is_read_by_the_command(tmp_path: Path) -> None:
    checks: list[tuple[str, Any]] = [
        ("adds", CALL),
        ("prints", PROGRAM),
        ("clean", LINT),
        ("strict", STRICT),
        ("tests", TESTS),
    ]
    files = unpacked(bundle("Sums", [("add.py", "def add(a, b): ...\n")], checks))
    assert files["work/add.py"] == "def add(a, b): ...\n"
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    read = lab_read(tmp_path)
    assert [(each.id, str(each.points)) for each in read] == [
        ("adds", "3"), ("prints", "1"), ("clean", "1"), ("strict", "1"),
    ]  # fmt: skip
    whole = "".join(files.values())
    for held_back in ("77", "secret", "hidden", "generated", "Think."):
        assert held_back not in whole, held_back
    readme = files["README.md"]
    for line in ("- Adds (more cases when you hand in)", "- Clean\n", "manage.py checks run", "- Your tests"):
        assert line in readme


@pytest.mark.parametrize(
    "body",
    [
        {**CALL, "hidden": True},
        {**CALL, "spec": {**CALL["spec"], "cases": [{"args": [1, 2], "expect": 3}]}},  # type: ignore[dict-item]
        {**CALL, "spec": {"module": "add", "cases": [{"args": [], "expect": 1, "visible": True}]}},
        {**CALL, "type": "unheard-of"},
        TESTS,
    ],
)
def test_of_what_is_hidden_unusable_or_of_another_type_nothing_goes_along(body: dict[str, Any]) -> None:
    assert visible_part(body) is None
    files = unpacked(bundle("Lab", [], [("one", body)]))
    assert list(files) == ["README.md"]
    assert "Only on the site" in files["README.md"]


@pytest.mark.django_db
def test_the_page_gives_it_while_the_lab_is_open(tmp_path: Path) -> None:
    enrolment = labs.enrolled(labs.released(tmp_path / "tree"))
    client = Client()
    client.force_login(enrolment.learner)
    address = reverse("bundle", args=["junior", "MOD-001/words"])
    assert address in client.get(reverse("activity", args=["junior", "MOD-001/words"])).content.decode()
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="words-bundle.zip"'
    files = unpacked(answer.content)
    assert sorted(files) == ["README.md", "checks.yaml", "work/words.py"]
    assert "- Counts any text" in files["README.md"]
    assert "x y z" not in files["checks.yaml"]
    assert client.get(reverse("bundle", args=["junior", "MOD-001/unchecked"])).status_code == 404
