"""The same walk over small documents of our own, so that it needs nothing but the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.text import source_text
from tests.courses.mutation.pipeline import Pipeline, program_of
from tests.courses.mutation.walk import Walk

HERE = Path(__file__).parent / "documents"
CURRICULA = HERE.parents[1] / "sources" / "curricula"
PROGRAM = program_of(
    "tide-data-keeper", "Tide Data Keeper", {"PROJ-61": "Harbour Gauge"}, {"MOD-601": "Gauges and Their Clocks"}
)
# Documents that are about a whole program, or about what programs share; the others need one that they belong to.
WHOLE = ("curriculum", "index", "master-plan", "native", "native-catalog", "skills-matrix", "validation-profiles")
KINDS = {
    "asset_metadata": 2, "curriculum": 1, "exercise_index": 1, "master_plan": 1, "module_roadmap": 2, "native": 2,
    "project_plan": 1, "quiz": 1, "repository_strategy": 1, "rubrics": 1, "skills_matrix": 1, "validation_profiles": 1,
}  # fmt: skip


def walk_of(path: Path) -> Walk:
    pipeline = Pipeline(path.name, [] if path.parent == CURRICULA or path.stem in WHOLE else [PROGRAM])
    return Walk(pipeline, pipeline.read(source_text(path.name, path.read_bytes()).lines))


@pytest.mark.parametrize("path", [*sorted(HERE.iterdir()), *sorted(CURRICULA.iterdir())], ids=lambda path: path.name)
def test_every_mapped_line_arrives_where_it_is_said_to(path: Path) -> None:
    walked = walk_of(path)
    assert walked.statement.account.unaccounted() == []
    assert list(walked.faults()) == []
    assert walked.tried >= 0.5 * walked.statement.account.counts()["mapped"]


def test_there_is_a_document_of_every_kind() -> None:
    kinds = [walk_of(path).statement.kind for path in HERE.iterdir()]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS
