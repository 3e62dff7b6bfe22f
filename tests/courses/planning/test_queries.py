"""A plan asks the database as often for a large program as for a small one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.curriculum.apply import curriculum_apply
from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.incoming import incoming_of
from courses.curriculum.planning.plan import Incoming
from courses.curriculum.planning.run import plan_run
from courses.curriculum.report.run import lint
from tests.courses.projecting import write_tree
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db
HEAD = "title: Small, summary: Short."


def tree(root: Path, modules: int, *, changed: bool = False) -> str:
    keys = [f"MOD-{number}" for number in range(1, modules + 1)]
    files = {
        "role.yaml": f"{{kind: role, id: small, level: mid, order: 3, {HEAD}}}",
        "program.yaml": f"{{kind: program, id: small, role: small, modules: [{', '.join(keys)}], {HEAD}}}",
    }
    for key in keys:
        text = "Anew." if changed else "Explain it."
        files[f"{key}.yaml"] = f"""
            kind: module
            id: {key}
            title: Module {key}
            summary: Short.
            objectives: [{{text: "{text} {key}"}}]
            labs: [{{id: lab-1, {HEAD}}}]
            requirements: [{{skill: Shell}}]
            quizzes:
              - id: quiz
                title: Quiz
                points: 10
                questions: [{{id: one, type: true_false, stem: "{text}", answer: true}}]
            """
    return str(write_tree(root, files))


def read(argument: str) -> Incoming:
    return incoming_of(lint([argument]), DatabaseBase(), [argument])


@pytest.mark.parametrize("changed", [False, True])
def test_queries_of_a_plan_do_not_grow_with_what_is_planned(tmp_path: Path, changed: bool) -> None:
    counts = []
    for modules in (2, 12):
        curriculum_apply(actor=Actor.system(), incoming=read(tree(tmp_path / "tree", modules)))
        argument = tree(tmp_path / "tree", modules, changed=changed)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _, plan = plan_run([argument])
        assert len(plan.as_dict()["changed"]) == (2 * modules if changed else 0)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25
