"""Which document wins where two state a field differently.

Native before roadmaps and project plans, before the curriculum document, the master
plan, metadata, the exercise index; the rest last. For what a document is about it
ranks above all but native. ``precedence:`` of ``.waymark/import.yaml`` ranks the kinds
between these in another order.
"""

from __future__ import annotations

from collections.abc import Iterable

from courses.curriculum.sources.claims import Claim, Statement

ABOUT = {
    "quiz": {"quiz", "question"},
    "rubrics": {"rubric", "criterion"},
    "validation_profiles": {"profile"},
    "skills_matrix": {"competency"},
}
_FIRST, _ABOUT = 0, 1
ORDER = (
    ("module_roadmap", "project_plan"),
    ("curriculum",),
    ("master_plan",),
    ("asset_metadata",),
    ("exercise_index",),
    ("quiz", "rubrics", "validation_profiles", "skills_matrix", "repository_strategy"),
)
RANKED = tuple(kind for kinds in ORDER for kind in kinds)
"""The kinds of documents that may be ranked."""


def ranks_of(first: Iterable[str] = ()) -> dict[str, int]:
    """Kind of document -> its place, with the kinds of *first* before the others; 0 wins over all."""
    named = list(dict.fromkeys(first))
    order: list[tuple[str, ...]] = [(kind,) for kind in named]
    order += [left for kinds in ORDER if (left := tuple(kind for kind in kinds if kind not in named))]
    ranks = {kind: place for place, kinds in enumerate(order, _ABOUT + 1) for kind in kinds}
    return {"native": _FIRST, **ranks}


_USUAL = ranks_of()


def rank_statements(statements: Iterable[Statement], first: Iterable[str]) -> None:
    """Rank documents as a team orders their kinds."""
    ranks = ranks_of(first)
    for statement in statements:
        statement.rank = ranks.get(statement.kind)


def rank(claim: Claim) -> int:
    """Place of a claim's document in the order; 0 wins over all."""
    source = claim.statement.kind
    if claim.kind in ABOUT.get(source, ()):
        return _ABOUT
    given = claim.statement.rank
    return _USUAL.get(source, max(_USUAL.values()) + 1) if given is None else given
