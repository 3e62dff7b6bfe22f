"""Every kind of check, found by walking its folder, and the version of the kit as a whole."""

from __future__ import annotations

import hashlib
import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from grading.checks import kinds
from grading.checks.contract import CheckKind, SpecProblem

FOLDER = Path(__file__).parent


@cache
def known() -> dict[str, CheckKind]:
    found: dict[str, CheckKind] = {}
    for module in pkgutil.iter_modules(kinds.__path__):
        kind: CheckKind = import_module(f"{kinds.__name__}.{module.name}").KIND
        found[kind.name] = kind
    return found


def kind_named(name: str) -> CheckKind:
    try:
        return known()[name]
    except KeyError:
        raise SpecProblem(
            f"There is no kind of check named {name!r}; known are {', '.join(sorted(known()))}."
        ) from None


@cache
def kit_files() -> dict[str, bytes]:
    """What is put into sandboxes, by name."""
    return {path.name: path.read_bytes() for path in sorted((FOLDER / "kit").glob("*.py")) if path.stem != "__init__"}


@cache
def kit_version() -> str:
    """The digest of everything that decides: two runs with the same one judge alike."""
    total = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*/*.py"), FOLDER / "spec.py"]):
        total.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes() + b"\0")
    return f"sha256:{total.hexdigest()}"
