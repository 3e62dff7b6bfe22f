"""The same walk over the other kinds of the corpus, each beside what it belongs to."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from courses.curriculum.aliases import slug_of
from courses.curriculum.native.reading import Reading
from courses.curriculum.sources.claims import Statement
from tests.courses.mutation.pipeline import Pipeline, program_of
from tests.courses.mutation.walk import walk
from tests.courses.sources.support import CORPUS, needs_corpus, read_corpus

JUNIOR = ("junior-ai-infrastructure-engineer", "Junior AI Infrastructure Engineer")
ENGINEER = ("ai-infrastructure-engineer", "AI Infrastructure Engineer")
# The rubrics are of other projects than the curriculum has under these numbers.
RUBRICS = {
    "PROJ-01": "Containerized Model Server", "PROJ-02": "Model Deployment with Monitoring",
    "PROJ-03": "Database-Backed ML Service", "PROJ-04": "Kubernetes Deployment", "PROJ-05": "CI/CD Pipeline",
}  # fmt: skip
QUIZZES = {
    "quizzes/mod-103-quiz.md": program_of(*ENGINEER, {}, {"MOD-103": "Containerization"}),
    "quizzes/mod-007-quiz.md": program_of(*JUNIOR, {}, {"MOD-007": "APIs & Web Services"}),
    "quizzes/mod-001-quiz.md": program_of(*JUNIOR, {}, {"MOD-001": "Python Fundamentals"}),
    "quizzes/mod-002-quiz.md": program_of(*JUNIOR, {}, {"MOD-002": "Linux Essentials"}),
    "quizzes/mod-102-mid-quiz.md": program_of(*ENGINEER, {}, {"MOD-102": "Cloud Computing"}),
    "quizzes/mod-301-placeholder-quiz.md": program_of(
        *ENGINEER, {}, {"MOD-301": "Enterprise Architecture Fundamentals"}
    ),
    "quizzes/prerequisites-quiz.md": program_of(*JUNIOR),
}
# They name no module by its id: a finding says that they join nothing, and names all their lines.
OF_NOTHING = ("quizzes/prerequisites-quiz.md", "quizzes/mod-301-placeholder-quiz.md")
WHOLE = ("master-plan", "skills-matrix", "validation-profiles")
TREES = (("curriculum", "*.md"), ("curriculum", "*.yaml"), ("metadata", "*.yaml"), ("rubrics", "*.md"))
DOCUMENTS = sorted(path.relative_to(CORPUS).as_posix() for tree, name in TREES for path in (CORPUS / tree).rglob(name))


def beside(path: str, statement: Statement) -> list[Reading]:
    """What a document of the corpus belongs to."""
    if path in QUIZZES:
        return [QUIZZES[path]]
    if path.startswith("rubrics/"):
        return [program_of(*JUNIOR, RUBRICS)]
    if PurePath(path).stem in WHOLE:
        return []
    if statement.kind == "repository_strategy":
        return [program_of(*ENGINEER)]
    roles = [
        str(fact.value) for each in statement.claims for name, fact in each.fields.items() if name.startswith("roles.")
    ]
    return [program_of(slug_of(roles[0]), roles[0])]


@needs_corpus
@pytest.mark.parametrize("path", [*DOCUMENTS, *QUIZZES])
def test_every_mapped_line_of_a_document_arrives(path: str) -> None:
    walked = walk(path, Pipeline(path, beside(path, read_corpus(path))))
    assert list(walked.faults()) == []
    assert walked.tried >= 0.4 * walked.statement.account.counts()["mapped"]
    assert not walked.told or walked.statement.kind in ("repository_strategy", "rubrics") or path in OF_NOTHING
