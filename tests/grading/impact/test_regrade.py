"""A right option changed by an import: nothing changes with the apply, and what was announced with the regrade."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from courses.models import Enrolment, Release, StaffRight
from courses.services.imports import import_again, import_apply
from grading.models import Grade, GradeEvent, GradingRun, Progress, Regrade
from grading.selectors.results import result_of, run_view
from grading.services.grade import queue_drain
from grading.services.regrades import regrade_dismiss, regrade_start, regrades_finish, regrades_follow
from grading.tasks import grade_again
from tests.courses.imports.support import given, worked
from tests.courses.planning.support import edit, planned, ran
from tests.grading import build
from tests.grading.impact.support import KEY, MODULE, TREE, answered, applied, effects, impact
from waymark.core.actors import Actor
from waymark.core.errors import Refused
from waymark.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    rung: list[str] = []
    monkeypatch.setattr("grading.services.regrades.ring_after_commit", rung.append)
    return rung


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def small(folder: Path) -> build.World:
    return applied(folder)


@pytest.fixture
def people(small: build.World) -> dict[str, Enrolment]:
    """Two who were right and one who was not."""
    return {
        "right": answered(small, "right", "right", True),
        "half": answered(small, "half", "right", False),
        "wrong": answered(small, "wrong", "wrong", True),
    }


@pytest.fixture
def regrade(people: dict[str, Enrolment], folder: Path) -> Regrade:
    edit(folder, MODULE, KEY)
    assert ran("apply", folder)[0] == 0
    return Regrade.objects.get()


def points() -> dict[str, float]:
    rows = Grade.objects.filter(activity__kind="quiz").values_list("enrolment__learner__email", "points")
    return {email.partition("@")[0]: float(value) for email, value in rows}


def graded_again() -> None:
    queue_drain(queue="grading.regrade", worker="test")
    regrades_finish()


def test_the_apply_changes_no_grade_and_the_regrade_what_was_announced(
    people: dict[str, Enrolment], folder: Path
) -> None:
    before, events = points(), GradeEvent.objects.count()
    assert before == {"right": 10, "half": 5, "wrong": 5}
    edit(folder, MODULE, KEY)
    announced = impact(folder)
    assert announced == (3, 2, 1), "half loses the rule of half the points"
    assert ran("apply", folder)[0] == 0
    assert (points(), GradeEvent.objects.count()) == (before, events)
    regrade = Regrade.objects.get()
    assert (regrade.state, regrade.grades_changed, regrade.passes_lost, regrade.passes_gained) == ("ready", *announced)
    assert regrade.release == Release.objects.get(program__slug="small", number=2)
    passed = set(Grade.objects.filter(passed=True).values_list("enrolment_id", flat=True))
    regrade_start(actor=SYSTEM, regrade=regrade)
    assert points() == before, "started is not graded"
    graded_again()
    assert points() == {"right": 5, "half": 0, "wrong": 10}
    assert GradeEvent.objects.count() == events + announced[0]
    assert set(Grade.objects.filter(passed=True).values_list("enrolment_id", flat=True)) ^ passed == {
        people["right"].pk, people["wrong"].pk,
    }  # fmt: skip
    regrade.refresh_from_db()
    assert (regrade.state, regrade.ended_at is None) == ("done", False)
    assert impact(folder) == (0, 0, 0)


def test_its_events_name_it_and_replace_the_score(regrade: Regrade, people: dict[str, Enrolment]) -> None:
    regrade_start(actor=SYSTEM, regrade=regrade)
    graded_again()
    first, again = GradeEvent.objects.filter(enrolment=people["right"], kind="score").order_by("sequence")
    assert again.supersedes == first
    assert str(regrade.uuid) in again.reason_for_staff
    assert again.reason_for_learner == "The quiz was corrected, so it was graded again."
    assert again.release == regrade.release
    assert Progress.objects.get(enrolment=people["right"]).sequence == again.sequence
    assert Grade.objects.get(enrolment=people["right"], activity__kind="quiz").attempts_made == 1


def test_starting_twice_is_starting_once(regrade: Regrade, silent: list[str]) -> None:
    regrade_start(actor=SYSTEM, regrade=regrade)
    regrade_start(actor=SYSTEM, regrade=regrade)
    assert (GradingRun.objects.filter(kind="regrade").count(), silent) == (3, ["grading.regrade"])
    graded_again()
    events = GradeEvent.objects.count()
    regrade_start(actor=SYSTEM, regrade=regrade)
    regrades_follow()
    graded_again()
    assert (GradeEvent.objects.count(), Regrade.objects.get().state) == (events, "done")
    assert AuditEntry.objects.filter(action="grading.regrade_started").count() == 1


def test_what_is_put_aside_changes_nothing_and_is_not_started(regrade: Regrade) -> None:
    before = points()
    regrade_dismiss(actor=SYSTEM, regrade=regrade)
    with pytest.raises(Refused) as refused:
        regrade_start(actor=SYSTEM, regrade=regrade)
    assert (refused.value.code, points()) == ("regrade_dismissed", before)
    assert not GradingRun.objects.filter(kind="regrade").exists()


def test_who_comes_to_the_same_gets_no_event(small: build.World, folder: Path) -> None:
    answered(small, "nothing", None, True)
    edit(folder, MODULE, KEY)
    assert ran("apply", folder)[0] == 0
    events = GradeEvent.objects.count()
    regrade_start(actor=SYSTEM, regrade=Regrade.objects.get())
    graded_again()
    assert GradeEvent.objects.count() == events
    assert GradingRun.objects.get(kind="regrade").state == "finished"


def test_words_leave_no_regrade(people: dict[str, Enrolment], folder: Path) -> None:
    edit(folder, MODULE, ("text: This", "text: This one"), ("title: Check yourself", "title: Check"))
    assert ran("apply", folder)[0] == 0
    assert not Regrade.objects.exists()


def test_it_starts_with_the_apply_when_that_is_said(
    people: dict[str, Enrolment], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, MODULE, ("points: 10", "points: 20"))
    assert ran("apply", folder, "--regrade")[0] == 0
    assert Regrade.objects.get().state == "started"
    monkeypatch.setattr("grading.tasks.ring", lambda queue: True)
    assert grade_again() == 3
    assert points() == {"right": 20, "half": 10, "wrong": 10}
    assert Regrade.objects.get().state == "done"


def test_an_attempt_begun_before_and_handed_in_later_follows(small: build.World, folder: Path) -> None:
    late = build.enrol(small, "late")
    attempt = build.begin(late, small, answers=["right", True])
    edit(folder, MODULE, KEY)
    assert ran("apply", folder)[0] == 0
    regrade = regrade_start(actor=SYSTEM, regrade=Regrade.objects.get())
    assert regrade.state == "done", "nothing is graded yet"
    build.hand_in(attempt)
    queue_drain(queue="grading.quiz", worker="test")
    assert points() == {"late": 10}
    assert regrades_follow() == 1
    graded_again()
    assert points() == {"late": 5}


def test_its_result_shows_the_corrected_key_once_it_is_through(regrade: Regrade, people: dict[str, Enrolment]) -> None:
    attempt = people["right"].attempts.get()
    regrade_start(actor=SYSTEM, regrade=regrade)
    view, run = run_view(attempt)
    assert run is not None
    assert (view.state, run.kind) == ("finished", "first"), "the result that stands"
    graded_again()
    _, run = run_view(attempt)
    assert run is not None
    result = result_of(attempt, run, staff=True)
    assert result is not None
    assert [(line.chosen, line.right) for line in result.questions[0].review.lines] == [(True, False), (False, True)]


def test_two_corrections_of_one_quiz_add_up_in_either_order(regrade: Regrade, folder: Path) -> None:
    edit(folder, MODULE, ("answer: true", "answer: false"))
    assert ran("apply", folder)[0] == 0
    newer = Regrade.objects.get(release__number=3)
    for each in (newer, regrade):
        regrade_start(actor=SYSTEM, regrade=each)
        graded_again()
    assert points() == {"right": 0, "half": 5, "wrong": 5}


# -- right before the apply ------------------------------------------------------------------
def test_an_apply_is_refused_when_more_lose_a_pass_than_was_shown(
    small: build.World, people: dict[str, Enrolment], folder: Path
) -> None:
    edit(folder, MODULE, KEY)
    plan = planned(folder)
    assert effects(plan["impact"])[1] == 2
    answered(small, "later", "right", True)
    code, _, err = ran("apply", folder, "--plan", plan["id"])
    assert code == 3
    assert "3 by now, and not 2" in err
    assert Release.objects.get(program__slug="small", current=True).number == 1
    assert planned(folder)["id"] == plan["id"], "what learners do makes no plan stale"
    assert ran("apply", folder, "--plan", plan["id"])[0] == 0, "now it was shown"


def test_who_hands_in_and_loses_nothing_stops_no_apply(
    small: build.World, people: dict[str, Enrolment], folder: Path
) -> None:
    edit(folder, MODULE, KEY)
    plan = planned(folder)
    answered(small, "later", "wrong", True)
    assert ran("apply", folder, "--plan", plan["id"])[0] == 0
    assert Regrade.objects.get().grades_changed == 4, "the figures are those of the moment"


def test_an_import_on_the_site_is_refused_likewise_and_says_why(
    small: build.World, people: dict[str, Enrolment], settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    admin = build.person("admin")
    StaffRight.objects.create(person=admin, role="admin")
    actor = Actor.person(admin.pk)
    files: dict[str, str | bytes] = {**TREE, MODULE: dedent(TREE[MODULE]).replace(*KEY)}
    job = worked(given(actor, files))
    answered(small, "later", "right", True)
    import_apply(actor=actor, job=job, plan_id=job.plan_id)
    job = worked(job)
    assert (job.state, job.problem, job.releases.count()) == ("ready", "import_loses_more", 0)
    assert "3 by now, and not 2" in job.problem_text
    job = worked(import_again(actor=actor, job=job))
    import_apply(actor=actor, job=job, plan_id=job.plan_id)
    assert worked(job).state == "applied"
    assert Regrade.objects.get().passes_lost == 3


def rolled_back(*arguments: Any) -> tuple[int, str, str]:
    return ran("rollback", "small", *arguments)


def test_a_rollback_has_figures_a_recheck_and_a_regrade(regrade: Regrade, small: build.World) -> None:
    regrade_start(actor=SYSTEM, regrade=regrade)
    graded_again()
    plan = json.loads(rolled_back("--dry-run", "--format", "json")[1])["plan"]
    assert effects(plan["impact"]) == (3, 1, 2)
    small.release = Release.objects.get(program__slug="small", current=True)
    answered(small, "later", "wrong", True)
    assert rolled_back("--plan", plan["id"])[0] == 3
    plan = json.loads(rolled_back("--dry-run", "--format", "json")[1])["plan"]
    assert rolled_back("--plan", plan["id"], "--regrade")[0] == 0
    graded_again()
    assert points() == {"right": 10, "half": 5, "wrong": 5, "later": 5}
