"""Real documents on their way into the product: planned, applied over their errors by an admin, and stable."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.models import Entity, LearningPath, Module, Program, Release
from tests.cast import person_make
from tests.courses.planning.support import planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from waymark.core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("waymark_corpus")]


def admin() -> str:
    from courses.services.staff import right_grant
    from waymark.core.actors import Actor

    person = person_make("admin")
    right_grant(actor=Actor.system(), person=person, role="admin")
    return str(person.email)


def test_the_whole_corpus_is_applied_and_plans_nothing_again(waymark_corpus: Path) -> None:
    plan = planned(waymark_corpus, code=1)
    assert plan["unchanged"] == 0
    code, _, err = ran("apply", waymark_corpus)
    assert (code, Entity.objects.count()) == (1, 0)
    assert "errors stand in the way" in err
    email = admin()
    code, _, err = ran(
        "apply", waymark_corpus, "--plan", plan["id"], "--as", email, "--override", "Known; being fixed."
    )
    assert code == 0, err
    assert set(Program.objects.values_list("slug", flat=True)) == {
        "ai-infrastructure-engineer", "junior-ai-infrastructure-engineer"
    }  # fmt: skip
    engineer = Module.objects.filter(program__slug="ai-infrastructure-engineer")
    assert engineer.count() == 10
    assert LearningPath.objects.get(title="Complete Mastery").steps.count() == 26
    entry = AuditEntry.objects.filter(action="curriculum.applied").first()
    assert entry is not None
    assert entry.reason == "Known; being fixed."
    assert any(each.startswith("references.duplicate_id ") for each in entry.details["overridden"])

    assert counts(planned(waymark_corpus, code=1)) == NOTHING
    assert ran("apply", waymark_corpus, "--as", email, "--override", "As before.")[0] == 0
    assert Release.objects.count() == 2


def test_errors_are_set_aside_by_a_site_admin_only(waymark_corpus: Path) -> None:
    seeds = waymark_corpus / "seeds"
    assert ran("apply", seeds, "--override", "Because.")[0] == 3
    somebody = person_make("instructor")
    assert ran("apply", seeds, "--override", "Because.", "--as", somebody.email)[0] == 3
    assert ran("apply", seeds, "--override", "Because.", "--as", admin())[0] == 0
    assert Program.objects.filter(slug="ai-infrastructure-engineer").exists()


def test_what_could_not_be_read_is_not_set_aside(tmp_path: Path, waymark_corpus: Path) -> None:
    (tmp_path / "plan.yaml").write_text("role: x\n  - broken\n")
    code, _, err = ran("apply", tmp_path, "--override", "Because.", "--as", admin())
    assert code == 1
    assert "source." in err or "native." in err
