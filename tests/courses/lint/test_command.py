"""``manage.py curriculum lint``: exit codes, clean standard output, no services."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.curriculum.report import run
from tests.courses.lint.test_run import NATIVE, ROADMAP, tree

ROOT = Path(__file__).resolve().parents[3]
ODD = {**NATIVE, "p/m.yaml": "kind: module\nid: M-1\ntitle: T\nsummary: S.\nobjectives: [{text: A, activities: [x]}]\n"}


def ran(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("curriculum", "lint", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_exit_codes_tell_errors_from_warnings(tmp_path: Path) -> None:
    clean, odd, wrong = (tmp_path / name for name in ("clean", "odd", "wrong"))
    assert ran(tree(clean, dict(NATIVE)))[0] == 0
    assert ran(tree(odd, dict(ODD)))[0] == 0
    assert ran(str(odd), "--strict")[0] == 1
    assert ran(tree(wrong, {"x.yaml": "kind: modul\n"}))[0] == 1
    assert ran(str(clean), str(wrong))[0] == 1


def test_usage_is_told_apart(tmp_path: Path) -> None:
    code, out, err = ran(f"{tmp_path}/nowhere")
    assert (code, out) == (2, "")
    assert "no such file" in err
    with pytest.raises(CommandError, match="2026-03-01"):
        call_command("curriculum", "lint", str(tmp_path), "--today", "yesterday")


def test_what_breaks_down_is_four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(run, "trees_of", broken)
    code, out, err = ran(str(tmp_path))
    assert (code, out) == (4, "")
    assert "MemoryError" in err


def outside(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process that has no settings, no services and no folder to write to."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "curriculum", "lint", *arguments],
        env={"WAYMARK_DATA": "/proc/none", "WAYMARK_MODE": "production", "DATABASE_URL": "nonsense"},
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_it_needs_no_settings_and_no_services_and_prints_the_object_only(tmp_path: Path) -> None:
    tree(tmp_path, {**ODD, "x.md": ROADMAP, "y.md": ROADMAP})
    done = outside(".", "--format", "json", "--today", "2026-03-01", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    shown = json.loads(done.stdout)
    assert {source["file"] for source in shown["sources"]} == {f"./{name}" for name in (*ODD, "x.md", "y.md")}
    assert [finding["rule"] for finding in shown["findings"]][:1] == ["native.unknown_reference"]


def test_usage_errors_of_the_process_are_two(tmp_path: Path) -> None:
    done = outside("--format", "xml", str(tmp_path), folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
