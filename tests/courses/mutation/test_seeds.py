"""What a mapped line of a seed says arrives in the export, in the field that the line is mapped to and nowhere else."""

from __future__ import annotations

import pytest

from tests.courses.mutation.pipeline import Pipeline, program_of
from tests.courses.mutation.walk import walk
from tests.courses.sources.support import needs_corpus

ROLE = program_of("ai-infrastructure-engineer", "AI Infrastructure Engineer")
SEEDS = {
    "seeds/mod-101-roadmap.md": ([ROLE], 45),
    "seeds/mod-102-roadmap.md": ([ROLE], 45),
    "seeds/mod-103-roadmap.md": ([ROLE], 45),
    "seeds/junior-curriculum.md": ([], 450),
    "seeds/engineer-exercise-index.md": ([], 650),
}


@needs_corpus
@pytest.mark.parametrize("path", SEEDS)
def test_every_mapped_line_of_a_seed_arrives(path: str) -> None:
    natives, least = SEEDS[path]
    walked = walk(path, Pipeline(path, natives))
    assert list(walked.faults()) == []
    assert walked.tried >= least
