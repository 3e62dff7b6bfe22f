"""What ships in ``fixtures/`` becomes two programs, and applying it again changes nothing."""

from pathlib import Path

import pytest

from courses.models import ProgramModule, Release, Requirement
from tests.courses.projecting import release_tree

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.mark.django_db
def test_the_shipped_tree_is_released_once() -> None:
    first = release_tree(FIXTURES)
    assert {release.program.slug for release in first.releases} == {
        "ai-infrastructure-engineer",
        "junior-ai-infrastructure-engineer",
    }
    assert ProgramModule.objects.filter(program__slug="junior-ai-infrastructure-engineer").count() == 10
    unknown = Requirement.objects.filter(form="entity", target=None).values_list("target_ref", flat=True)
    assert list(unknown) == []

    again = release_tree(FIXTURES)
    assert again.releases == []
    assert Release.objects.count() == 2
