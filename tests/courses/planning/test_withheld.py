"""Keys and passwords are not imported until somebody has settled that they may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.incoming import incoming_of
from courses.curriculum.report.run import lint
from courses.models import Revision
from tests.courses.planning.documents import DOCUMENTS, PIPES
from tests.courses.planning.support import ran
from tests.courses.projecting import write_tree
from tests.courses.small_tree import TREE

PASSWORD, KEY, BODY = "Harb0ur-Gate9", "AKIA" + "ABCDEFGHIJKLMNOP", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA"
NOTES = (
    f"- The database has the password: {PASSWORD}\n- **Key**: `{KEY}`\n\n"
    f"-----BEGIN PRIVATE KEY-----\n{BODY}\nQ0FGRQ==\n-----END PRIVATE KEY-----\n"
)
SECRETS = (PASSWORD, KEY, BODY, "Q0FGRQ==")


def bodies(root: Path) -> str:
    incoming = incoming_of(lint([str(root)]), TreeBase(), [str(root)])
    return json.dumps([draft.body for draft in incoming.reading.drafts.values()])


def settled(root: Path) -> None:
    code, out, err = ran("lint", root, "--format", "decisions")
    assert code == 0, err
    (root / ".waymark").mkdir(exist_ok=True)
    (root / ".waymark" / "decisions.yaml").write_text(out.replace("reason:", "reason: For the exercise only."))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_tree(tmp_path, {**DOCUMENTS, "pipes.md": f"{PIPES}{NOTES}"})


def test_of_what_a_document_holds_only_the_first_letters_come_in(tree: Path) -> None:
    found = bodies(tree)
    assert [each for each in SECRETS if each in found] == []
    assert "password: Ha***" in found
    assert "Pipes burst" in found


def test_what_is_settled_comes_in_as_it_is(tree: Path) -> None:
    settled(tree)
    found = bodies(tree)
    assert [each for each in SECRETS if each not in found] == []


def test_native_files_give_none_away_either_whatever_the_key_says(tmp_path: Path) -> None:
    module = f"{TREE['engineer/mod-101.yaml']}\n        notes:\n          - 'password: {PASSWORD}'\n"
    write_tree(tmp_path, {**TREE, "engineer/mod-101.yaml": module})
    assert PASSWORD not in bodies(tmp_path)
    assert "password: Ha***" in bodies(tmp_path)


@pytest.mark.django_db
def test_nothing_of_it_is_stored(tree: Path) -> None:
    code, _, err = ran("apply", tree)
    assert code == 0, err
    kept: list[Any] = list(Revision.objects.values_list("body", flat=True))
    assert [each for each in SECRETS if each in json.dumps(kept)] == []
