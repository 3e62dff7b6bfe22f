"""Which document wins where two state a field differently.

Native before roadmaps and project plans, before the curriculum document, the master
plan, metadata, the exercise index; the rest last. For what a document is about it
ranks above all but native.
"""

from __future__ import annotations

from courses.curriculum.sources.claims import Claim

ORDER = (
    ("native",),
    (),  # what a document is about
    ("module_roadmap", "project_plan"),
    ("curriculum",),
    ("master_plan",),
    ("asset_metadata",),
    ("exercise_index",),
)
ABOUT = {
    "quiz": {"quiz", "question"},
    "rubrics": {"rubric", "criterion"},
    "validation_profiles": {"profile"},
    "skills_matrix": {"competency"},
}
_RANKS = {kind: rank for rank, kinds in enumerate(ORDER) for kind in kinds}


def rank(claim: Claim) -> int:
    """Place of a claim's document in the order; 0 wins over all."""
    source = claim.statement.kind
    if claim.kind in ABOUT.get(source, ()):
        return 1
    return _RANKS.get(source, len(ORDER))
