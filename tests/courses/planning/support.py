"""Running ``manage.py curriculum`` in tests, and trees to run it on."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from tests.courses.small_tree import TREE

M1, M2, P = "engineer/mod-101.yaml", "engineer/mod-102.yaml", "engineer/program.yaml"
# Without the names that are only known elsewhere, which are warnings.
WHOLE = {**TREE, P: TREE[P].replace('              - {to: "later:MOD-7"}\n', "")}


def ran(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``manage.py curriculum``."""
    out, err = StringIO(), StringIO()
    try:
        call_command("curriculum", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    except SystemExit as left:
        return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def planned(*arguments: object, code: int = 0) -> dict[str, Any]:
    """The plan of ``curriculum plan``, which exits with *code*."""
    found, out, err = ran("plan", *arguments, "--format", "json")
    assert found == code, err or out
    return json.loads(out)["plan"]  # type: ignore[no-any-return]


def edit(root: Path, name: str, *changes: tuple[str, str]) -> None:
    text = (root / name).read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (root / name).write_text(text)
