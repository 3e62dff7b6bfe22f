"""What the pages of a program tell of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.models import Program
from courses.selectors.programs import program_about
from tests.courses.projecting import release_tree, write_tree

pytestmark = pytest.mark.django_db


def _skill(name: str, group: str) -> str:
    return f"  - {{skill: {name}, stated: [{{what: Group, value: {group}, source: curriculum}}]}}\n"


def test_requirements_stand_below_their_group_wherever_they_are_listed(tmp_path: Path) -> None:
    asked = _skill("Shell", "Tools") + _skill("Calm", "Habits") + _skill("Git", "Tools") + "  - {skill: Time}\n"
    files = {
        "scale.yaml": "kind: scale\nid: s\ntitle: S\npurpose: seniority\n"
        "levels: [{id: junior, label: J}, {id: mid, label: M}]\n",
        "role.yaml": "{kind: role, id: basic, title: Basic, level: junior, order: 1, summary: S.}",
        "program.yaml": f"kind: program\nid: mine\ntitle: Mine\nrole: basic\nsummary: S.\nrequirements:\n{asked}",
    }
    release_tree(write_tree(tmp_path, files))
    groups = program_about(Program.objects.get(slug="mine")).requirements
    assert [(group, [edge.skill for edge, _ in edges]) for group, edges in groups] == [
        ("Tools", ["Shell", "Git"]), ("Habits", ["Calm"]), ("", ["Time"]),
    ]  # fmt: skip
