"""Native trees for tests, released by the real engine."""

from pathlib import Path
from textwrap import dedent

from django.db import connection, transaction

from courses.curriculum.apply import Applied, curriculum_apply
from courses.curriculum.native.reader import read_tree
from courses.curriculum.planning.plan import Incoming
from waymark.core.actors import Actor


def write_tree(root: Path, files: dict[str, str]) -> Path:
    """Write documents below *root*; text is dedented."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def release_tree(root: Path) -> Applied:
    """Apply the (faultless) tree at *root* as the system; foreign keys are checked at once."""
    with transaction.atomic():
        applied = curriculum_apply(actor=Actor.system(), incoming=Incoming(read_tree(root), "test", retire=True))
        connection.check_constraints()
    return applied
