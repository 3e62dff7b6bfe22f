"""Lint finds what is really wrong in the corpus, says it once, and finds nothing in what ships."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.planning.alone import lint_alone
from courses.curriculum.report.run import lint
from tests.courses.sources.support import CORPUS, needs_corpus

ROOT = Path(__file__).resolve().parents[3]


@lru_cache(maxsize=1)
def _corpus() -> list[Finding]:
    report = lint([str(CORPUS)])
    assert not report.failed
    return [each.finding for each in report.said]


def test_nothing_is_wrong_with_the_curriculum_that_ships() -> None:
    assert [str(each.finding) for each in lint_alone([str(ROOT / "fixtures")]).said] == []


@needs_corpus
@pytest.mark.parametrize(
    ("rule", "place", "words"),
    [
        ("conflicts.prerequisites", "ai-infrastructure-engineer/master-plan.yaml", "MOD-103"),
        ("conflicts.prerequisites", "ai-infrastructure-engineer/master-plan.yaml", "MOD-104"),
        ("conflicts.prerequisites", "junior-ai-infrastructure-engineer/master-plan.yaml", "MOD-002"),
        ("references.duplicate_id", "ai-infrastructure-engineer/master-plan.yaml", "MLOps & Experiment Tracking"),
        ("references.next_without_prerequisite", "module-102-roadmap.md", "MOD-103"),
        ("references.prerequisite_text", "module-006-roadmap.md", "it may mean MOD-005"),
        ("references.unknown_id", "module-901-roadmap.md", "MOD-201"),
        ("references.unknown_role", "repository-strategy.yaml", "senior-ai-infrastructure-engineer"),
        ("gates.promised", "module-101-roadmap.md", "readiness checklist"),
        ("gates.promised", "module-102-roadmap.md", "spend simulation"),
        ("gates.promised", "module-103-roadmap.md", "Trivy scan"),
        ("competencies.unknown_level", "module-901-roadmap.md", "Advanced"),
        ("competencies.not_in_matrix", "ai-infrastructure-engineer/skills-matrix.yaml", "GPU operations"),
        ("sums.program_hours", "junior-curriculum.md", "modules 160 and projects 440, in all 600"),
        ("sums.share", "junior-curriculum.md", "66 % of the time is spent on projects; by the hours it is 73 %"),
        ("sums.weeks", "junior-curriculum.md", "3 weeks are 120 hours, and the modules have 160"),
        ("policies.never_fails", "junior-curriculum.md", "70% (420/600 points)"),
        ("counts.technologies", "engineer-exercise-index.md", "Kubernetes 16 (named by 5-8)"),
        ("hygiene.local_path", "module-101-roadmap.md", "more below /home/"),
        ("hygiene.template_text", "module-001-roadmap.md", "TBD"),
    ],
)
def test_what_is_really_there_is_found(rule: str, place: str, words: str) -> None:
    assert [each for each in _corpus() if each.rule == rule and place in each.file and words in each.message]


@needs_corpus
def test_nothing_is_said_twice() -> None:
    said = Counter((each.rule, each.file, each.line, each.message) for each in _corpus())
    assert [place for place, times in said.items() if times > 1] == []


@needs_corpus
@pytest.mark.parametrize("number", ["101", "005"])
def test_modules_whose_prerequisites_agree_are_left_alone(number: str) -> None:
    prerequisites = [each.message for each in _corpus() if each.rule == "conflicts.prerequisites"]
    assert not [message for message in prerequisites if message.startswith(f"module MOD-{number} ")]
