"""Beginning an attempt: what it pins, what it draws, and when it is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Attempt, AttemptQuestion, Response
from assessments.policy import AttemptRules
from assessments.services import attempt_hand_in, attempt_start, starting
from assessments.services.drawing import Drawable, questions_draw
from courses.models import Activity, Cohort, Enrolment, Extension, Program
from tests.assessments.conftest import NOON, Find, Start, enrolled, person
from tests.assessments.tree import MODULE
from tests.courses.projecting import release_tree, write_tree
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Missing, Refused

MINUTE = timedelta(minutes=1)


def rules(monkeypatch: pytest.MonkeyPatch, **fields: object) -> None:
    monkeypatch.setattr(starting, "attempt_rules", lambda enrolment, activity: AttemptRules(**fields))  # type: ignore[arg-type]


def refused(start: Start, key: str = "quiz", **options: object) -> str:
    with pytest.raises(Refused) as caught:
        start(key, **options)
    return caught.value.code


# -- what it pins --------------------------------------------------------------
def test_an_attempt_pins_release_revisions_and_orders(start: Start) -> None:
    attempt = start()
    assert (attempt.number, attempt.state, attempt.started_at) == (1, "open", NOON)
    assert (attempt.deadline_at, attempt.closes_at) == (NOON + 30 * MINUTE, NOON + 30.5 * MINUTE)
    assert attempt.release.current
    assert attempt.revision == attempt.quiz.activity.revision
    asked = list(attempt.questions.select_related("question"))
    assert [each.position for each in asked] == [1, 2, 3, 4, 5]
    assert all(each.revision_id == each.question.revision_id for each in asked)
    assert sorted(asked[0].order) == ["correct", "wrong-1", "wrong-2"]
    assert Response.objects.filter(attempt_question__attempt=attempt, version=0, value__isnull=True).count() == 5


def test_an_import_changes_nothing_of_an_attempt_under_way(start: Start, tmp_path: object, program: Program) -> None:
    attempt = start()
    before = list(AttemptQuestion.objects.filter(attempt=attempt).values())
    write_tree(tmp_path, {"junior/mod-001.yaml": MODULE.replace("Which *one* runs containers?", "Which runs them?")})  # type: ignore[arg-type]
    release_tree(tmp_path)  # type: ignore[arg-type]
    assert start() == attempt
    assert list(AttemptQuestion.objects.filter(attempt=attempt).values()) == before
    first = AttemptQuestion.objects.select_related("revision").get(attempt=attempt, position=1)
    assert first.revision.body["stem"] == "Which *one* runs containers?"


def test_options_keep_the_authors_order_when_the_quiz_says_so(start: Start) -> None:
    attempt = start("plain")
    assert attempt.deadline_at is None
    assert attempt.closes_at is None


def test_starting_twice_is_one_attempt(start: Start) -> None:
    assert start() == start(now=NOON + MINUTE)
    assert Attempt.objects.count() == 1


def test_the_database_allows_one_open_attempt(start: Start) -> None:
    attempt = start()
    attempt.pk, attempt.number = None, 2
    attempt.uuid = Attempt._meta.get_field("uuid").get_default()
    with pytest.raises(IntegrityError, match="attempt_one_open"), transaction.atomic():
        attempt.save(force_insert=True)


def test_the_next_attempt_is_counted_and_drawn_anew(start: Start, actor: Actor) -> None:
    first = start()
    attempt_hand_in(actor=actor, attempt=first, now=NOON + MINUTE)
    second = start(now=NOON + 2 * MINUTE)
    assert second.number == 2
    assert second.seed != first.seed


def test_an_attempt_whose_time_is_over_makes_room_for_the_next(start: Start) -> None:
    first = start()
    second = start(now=NOON + 60 * MINUTE)
    first.refresh_from_db()
    assert second.number == 2
    assert (first.state, first.closed_by_system, first.handed_in_at) == ("handed_in", True, NOON + 30 * MINUTE)


def test_extra_time_lengthens_the_limit(start: Start, enrolment: Enrolment, quiz: Find) -> None:
    staff = person("instructor@demo.test")
    Extension.objects.create(enrolment=enrolment, activity=quiz("quiz"), extra_time_percent=50, granted_by=staff)
    assert start().deadline_at == NOON + 45 * MINUTE


# -- drawing ---------------------------------------------------------------------
QUESTIONS = [Drawable(key, pool) for key, pool in enumerate(["", "easy", "easy", "easy", "hard", "mark"])]
DRAWS = [("easy", 2), ("hard", 9)]


def test_pools_give_as_many_as_are_drawn_and_no_more_than_they_have() -> None:
    for seed in range(20):
        asked = questions_draw(QUESTIONS, DRAWS, seed=seed, shuffle=False)
        assert asked == sorted(asked)
        assert {0, 4, 5} < set(asked)
        assert len(asked) == 5


def test_draws_come_from_the_seed_alone() -> None:
    def draw(seed: int) -> tuple[int, ...]:
        return tuple(questions_draw(QUESTIONS, DRAWS, seed=seed, shuffle=True))

    assert draw(5) == draw(5)
    assert len({draw(seed) for seed in range(30)}) > 10
    assert len({frozenset(draw(seed)) for seed in range(30)}) == 3


def test_a_drawn_attempt_asks_only_what_was_drawn(start: Start) -> None:
    attempt = start("drawn")
    stems = [each.revision.body["stem"] for each in attempt.questions.select_related("revision")]
    assert len(stems) == 5
    assert {"Always asked.", "Hard one.", "Marked only."} < set(stems)


# -- refusals ----------------------------------------------------------------------
def test_somebody_else_cannot_start(enrolment: Enrolment, quiz: Find) -> None:
    for actor in (Actor.person(person("other@demo.test").pk), Actor.system(), Actor.client("c", frozenset())):
        with pytest.raises(Forbidden):
            attempt_start(actor=actor, enrolment=enrolment, activity=quiz("quiz"))


def test_a_site_admin_who_looks_through_ones_eyes_starts_nothing(enrolment: Enrolment, quiz: Find) -> None:
    actor = Actor.person(enrolment.learner_id, acting_as=99)
    with pytest.raises(Forbidden):
        attempt_start(actor=actor, enrolment=enrolment, activity=quiz("quiz"))


@pytest.mark.parametrize("state", ["requested", "paused", "withdrawn", "declined"])
def test_only_active_and_completed_enrolments_start(start: Start, enrolment: Enrolment, state: str) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    assert refused(start) == f"enrolment_{state}"
    assert not Attempt.objects.exists()


def test_a_completed_enrolment_may_start(start: Start, enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(
        state="completed", ended_at=timezone.now(), completed_release=enrolment.program.releases.get(current=True)
    )
    assert start().number == 1


def test_a_locked_quiz_is_refused_with_what_is_needed(enrolment: Enrolment, actor: Actor, program: Program) -> None:
    locked = Activity.objects.get(path="MOD-002/quiz")
    with pytest.raises(Refused) as caught:
        attempt_start(actor=actor, enrolment=enrolment, activity=locked)
    assert caught.value.code == "locked"
    assert "MOD-001" in caught.value.hint


def test_a_quiz_of_another_program_is_not_there(actor: Actor, enrolment: Enrolment, quiz: Find) -> None:
    reading = Activity.objects.get(path="MOD-001/read")
    with pytest.raises(Missing):
        attempt_start(actor=actor, enrolment=enrolment, activity=reading)


def test_a_quiz_without_questions_cannot_be_taken(start: Start) -> None:
    assert refused(start, "empty") == "quiz_without_questions"


def test_a_retired_quiz_takes_no_new_attempt(start: Start, quiz: Find) -> None:
    entity = quiz("quiz").entity
    entity.retired_at = NOON
    entity.save()
    assert refused(start) == "retired"


def test_an_archived_program_takes_no_new_attempt(start: Start, program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(archived_at=NOON)
    assert refused(start) == "program_archived"


def test_attempts_can_be_used_up(start: Start, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, limit=1)
    attempt_hand_in(actor=actor, attempt=start(), now=NOON + MINUTE)
    assert refused(start, now=NOON + 2 * MINUTE) == "attempts_used_up"
    rules(monkeypatch, limit=1, uncounted=1)
    assert start(now=NOON + 2 * MINUTE).number == 2


def test_the_next_attempt_may_have_to_wait(start: Start, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, wait_minutes=60)
    attempt_hand_in(actor=actor, attempt=start(), now=NOON)
    assert refused(start, now=NOON + 59 * MINUTE) == "attempt_too_soon"
    assert start(now=NOON + 60 * MINUTE).number == 2


def test_an_attempt_starts_until_the_last_instant_and_runs_its_whole_limit(
    start: Start, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(monkeypatch, accepts_until=NOON)
    attempt = start(now=NOON)
    assert attempt.deadline_at == NOON + 30 * MINUTE
    attempt_hand_in(actor=actor, attempt=attempt, now=NOON)
    assert refused(start, now=NOON + timedelta(seconds=1)) == "past_due"


def test_without_a_limit_it_ends_when_work_is_no_longer_accepted(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, accepts_until=NOON + 5 * MINUTE)
    assert start("plain").deadline_at == NOON + 5 * MINUTE


def test_nothing_starts_after_the_cohorts_end(start: Start, enrolment: Enrolment, program: Program) -> None:
    cohort = Cohort.objects.create(program=program, slug="spring", title="Spring", ends_at=NOON)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    enrolment.refresh_from_db()
    assert refused(start, now=NOON + MINUTE) == "cohort_ended"


def test_a_second_enrolment_begins_with_nothing(program: Program, quiz: Find) -> None:
    learner = person("again@demo.test")
    actor = Actor.person(learner.pk)
    before = enrolled(learner, program, "withdrawn")
    Enrolment.objects.filter(pk=before.pk).update(ended_at=NOON)
    now = enrolled(learner, program)
    assert attempt_start(actor=actor, enrolment=now, activity=quiz("quiz")).number == 1
