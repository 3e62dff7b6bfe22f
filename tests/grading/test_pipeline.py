"""From hand-in to progress: each step once, whatever happens twice."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Attempt
from assessments.selectors.fetches import GIVEN_UP_LATELY, WAITED_TOO_LONG
from assessments.services.handing_in import attempt_hand_in
from courses.models import Cohort, Enrolment, StaffRight
from grading.graders.base import Score
from grading.graders.quiz import grade_attempt
from grading.models import Grade, GradeEvent, GradingRun, Progress
from grading.selectors.stuck import runs_count
from grading.services.giving_back import MOST_REQUEUES, REST_SECONDS, run_give_back, run_retry, runs_requeue_expired
from grading.services.grade import queue_drain
from grading.services.runs import run_claim, run_renew, run_store
from grading.services.sweep import rings_for_waiting
from grading.tasks import grade_quizzes, tell_staff
from tests.grading import build
from waymark.core import health
from waymark.core.actors import Actor
from waymark.core.errors import Refused
from waymark.core.models import AuditEntry, FeedEntry

QUIZ = "grading.quiz"


def hand_in(attempt: Attempt) -> GradingRun:
    attempt_hand_in(actor=Actor.person(attempt.enrolment.learner_id), attempt=attempt)
    return GradingRun.objects.get(attempt=attempt)


def expire(run: GradingRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grading_gradingrun SET lease_until = clock_timestamp() - interval '1 s' WHERE id = %s", [run.pk]
        )


def rested(run: GradingRun) -> None:
    """The time to rest is over."""
    GradingRun.objects.filter(pk=run.pk).update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def attempt(world: build.World, enrolment: Enrolment, rung: list[str]) -> Attempt:
    return build.begin(enrolment, world)


# -- hand-in ---------------------------------------------------------------------
def test_a_hand_in_queues_one_run_waits_in_the_ledger_and_rings_after_commit(
    attempt: Attempt, rung: list[str], django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        run = hand_in(attempt)
        assert rung == [], "nothing is published before the commit"
    assert rung == [QUIZ]
    assert (run.state, run.revision_id, run.release_id) == ("queued", attempt.revision_id, attempt.release_id)
    grade = Grade.objects.get(enrolment=attempt.enrolment)
    assert (grade.state, grade.pending, grade.attempts_made) == ("waiting", 1, 1)


def test_a_hand_in_that_fails_leaves_no_run(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**kwargs: object) -> None:
        raise RuntimeError("no ledger")

    monkeypatch.setattr("grading.services.runs.ledger_append", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        hand_in(attempt)
    attempt.refresh_from_db()
    assert (attempt.state, GradingRun.objects.count()) == ("open", 0)


def test_a_second_hand_in_is_the_same_run(attempt: Attempt) -> None:
    assert hand_in(attempt) == hand_in(attempt)
    assert GradeEvent.objects.count() == 1


# -- grading ---------------------------------------------------------------------
def test_a_quiz_is_graded_once_with_all_that_follows(attempt: Attempt) -> None:
    run = hand_in(attempt)
    assert queue_drain(queue=QUIZ, worker="w") == (1, False)
    run.refresh_from_db()
    assert (run.state, run.outcome, run.claimed_by, run.grader, run.grader_version) == (
        "finished",
        "scored",
        "w",
        "quiz",
        1,
    )
    assert run.queued_at <= run.claimed_at <= run.started_at <= run.graded_at <= run.stored_at
    event = GradeEvent.objects.get(kind="score")
    assert (event.numerator, event.denominator, event.out_of, event.run, event.sequence) == (10, 1, 10, run, 2)
    grade = Grade.objects.get(enrolment=attempt.enrolment)
    assert (grade.state, grade.points, grade.percent, grade.passed, grade.done) == ("scored", 10, 100, True, True)
    progress = Progress.objects.get(enrolment=attempt.enrolment)
    assert (progress.sequence, progress.activities_done, progress.percent) == (2, 1, 100)
    assert [entry.type for entry in FeedEntry.objects.all()] == ["grade.changed", "grade.changed"]
    told = FeedEntry.objects.last()
    assert told is not None
    assert told.data["points"] == "10"
    assert "demo.test" not in str(told.data)


def test_a_partly_right_quiz_keeps_an_exact_score(world: build.World, enrolment: Enrolment, rung: list[str]) -> None:
    attempt = build.begin(enrolment, world, answers=["right", False])
    run = hand_in(attempt)
    grade_quizzes()
    run.refresh_from_db()
    grade = Grade.objects.get()
    assert Fraction(grade.numerator, grade.denominator) == Fraction(20, 3)
    assert (str(grade.points), grade.passed) == ("6.6667", False)
    assert [each["points"] for each in run.detail["questions"]] == ["2", "0"]
    assert [each["answered"] for each in run.detail["questions"]] == [True, True]


def test_delivering_the_task_twice_is_a_no_op(attempt: Attempt) -> None:
    hand_in(attempt)
    assert [grade_quizzes(), grade_quizzes()] == [1, 0]
    assert GradeEvent.objects.filter(kind="score").count() == 1


def test_a_worker_killed_in_the_middle_leaves_a_run_that_is_graded_once_its_lease_is_over(attempt: Attempt) -> None:
    run = hand_in(attempt)
    dead = run_claim(queue=QUIZ, worker="dead")
    assert dead is not None
    assert grade_quizzes() == 0, "somebody has it"
    expire(run)
    assert runs_requeue_expired() == (1, 0)
    assert grade_quizzes() == 1
    run.refresh_from_db()
    assert (run.state, run.requeues, run.claim) == ("finished", 1, 2)


def test_the_fencing_token_refuses_a_late_writer(attempt: Attempt) -> None:
    run = hand_in(attempt)
    late = run_claim(queue=QUIZ, worker="late")
    assert late is not None
    score = grade_attempt(late.attempt_id)
    expire(run)
    runs_requeue_expired()
    assert run_store(claim=late, score=score) is False, "given back to the queue"
    prompt = run_claim(queue=QUIZ, worker="prompt")
    assert prompt is not None
    assert run_store(claim=late, score=score) is False, "claimed by another"
    assert run_renew(claim=late) is False
    assert run_store(claim=prompt, score=score) is True
    assert run_store(claim=prompt, score=score) is False, "closed"
    assert run_store(claim=late, score=score) is False
    assert GradeEvent.objects.filter(kind="score").count() == 1


def test_a_result_that_comes_after_the_lease_but_before_anybody_else_counts(attempt: Attempt) -> None:
    run = hand_in(attempt)
    slow = run_claim(queue=QUIZ, worker="slow")
    assert slow is not None
    expire(run)
    assert run_store(claim=slow, score=grade_attempt(slow.attempt_id)) is True


def test_a_renewed_lease_is_not_requeued(attempt: Attempt) -> None:
    run = hand_in(attempt)
    claim = run_claim(queue=QUIZ, worker="w")
    assert claim is not None
    expire(run)
    assert run_renew(claim=claim) is True
    assert runs_requeue_expired() == (0, 0)


def test_after_three_requeues_staff_are_told_and_no_attempt_is_used(attempt: Attempt) -> None:
    run = hand_in(attempt)
    for _ in range(MOST_REQUEUES):
        assert run_claim(queue=QUIZ, worker="w")
        expire(run)
        assert runs_requeue_expired() == (1, 0)
    assert run_claim(queue=QUIZ, worker="w") is None, "three lost leases in a row: it rests as after a third failure"
    rested(run)
    assert run_claim(queue=QUIZ, worker="w")
    expire(run)
    assert runs_requeue_expired() == (0, 1)
    run.refresh_from_db()
    assert (run.state, run.outcome) == ("failed", "infrastructure")
    grade = Grade.objects.get()
    assert (grade.state, grade.attempts_made, grade.pending) == ("not_handed_in", 0, 0)
    assert AuditEntry.objects.filter(action="grading.failed", subject=f"run:{run.uuid}").exists()
    assert FeedEntry.objects.filter(type="grading.failed").count() == 1


def test_what_was_given_up_can_be_graded_later(attempt: Attempt, django_capture_on_commit_callbacks: object) -> None:
    run = hand_in(attempt)
    claim = run_claim(queue=QUIZ, worker="w")
    assert claim is not None
    GradingRun.objects.filter(pk=run.pk).update(requeues=MOST_REQUEUES)
    assert run_give_back(claim=claim, error="KeyError") is True
    run.refresh_from_db()
    assert (run.state, run.outcome, run.detail) == ("failed", "grader_error", {"error": "KeyError"})
    run_retry(actor=Actor.system(), run=run)
    assert Grade.objects.get().state == "waiting"
    assert grade_quizzes() == 1
    assert Grade.objects.get().state == "scored"
    run.refresh_from_db()
    with pytest.raises(Refused, match="Only a grading run that failed"):
        run_retry(actor=Actor.system(), run=run)


def test_a_grader_that_fails_gives_the_run_back_and_then_up(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(attempt_id: int) -> Score:
        raise KeyError("body")

    monkeypatch.setattr("grading.services.grade.grade_attempt", broken)
    run = hand_in(attempt)
    for failures in range(1, MOST_REQUEUES + 1):
        assert queue_drain(queue=QUIZ, worker="w") == (0, False)
        run.refresh_from_db()
        assert (run.state, run.requeues) == ("queued", failures), "one failure costs one try"
        rested(run)
    assert queue_drain(queue=QUIZ, worker="w") == (0, False)
    run.refresh_from_db()
    assert (run.state, run.outcome, run.requeues) == ("failed", "grader_error", MOST_REQUEUES)


def test_a_run_that_failed_rests_longer_each_time_and_nobody_rings_for_it(attempt: Attempt, rung: list[str]) -> None:
    run = hand_in(attempt)
    rests = []
    for _ in range(MOST_REQUEUES):
        claim = run_claim(queue=QUIZ, worker="w")
        assert claim is not None
        assert run_give_back(claim=claim, error="OSError") is True
        assert run_claim(queue=QUIZ, worker="other") is None, "it rests"
        run.refresh_from_db()
        assert run.not_before is not None
        rests.append(round((run.not_before - timezone.now()).total_seconds()))
        GradingRun.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
        rung.clear()
        assert rings_for_waiting() == 0
        rested(run)
        assert rings_for_waiting() == 1
    assert rests == pytest.approx(REST_SECONDS, abs=2)


def test_staff_are_written_to_once_and_again_after_another_failure(
    attempt: Attempt, world: build.World, mailoutbox: list[EmailMessage]
) -> None:
    instructor, admin = build.person("instructor"), build.person("admin")
    cohort = Cohort.objects.create(program=world.program, slug="c", title="C")
    StaffRight.objects.create(person=instructor, role="instructor", cohort=cohort)
    StaffRight.objects.create(person=admin, role="admin", program=world.program)
    run = hand_in(attempt)
    Enrolment.objects.filter(pk=attempt.enrolment_id).update(cohort=cohort)
    give_up(run)
    assert tell_staff() == 1
    assert tell_staff() == 0
    [mail] = mailoutbox
    assert mail.to == [instructor.email]
    assert f"/learn/attempts/{attempt.uuid}/result/" in mail.body
    assert attempt.enrolment.learner.email not in mail.body
    # Without an instructor it is the program's admins who are told.
    StaffRight.objects.filter(person=instructor).delete()
    run.refresh_from_db()
    run_retry(actor=Actor.system(), run=run)
    give_up(run)
    assert tell_staff() == 1
    assert [mail.to for mail in mailoutbox] == [[instructor.email], [admin.email]]


def test_a_message_that_cannot_be_sent_is_tried_again(
    attempt: Attempt, world: build.World, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    StaffRight.objects.create(person=build.person("admin"), role="admin", program=world.program)
    give_up(hand_in(attempt))
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", broken_mail)
        assert tell_staff() == 0
    assert tell_staff() == 1
    assert len(mailoutbox) == 1


def test_a_teller_killed_in_the_middle_is_followed_by_another(
    attempt: Attempt, world: build.World, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    StaffRight.objects.create(person=build.person("admin"), role="admin", program=world.program)
    give_up(hand_in(attempt))

    def killed(self: EmailMessage) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", killed)
        with pytest.raises(SystemExit):
            tell_staff()
    assert tell_staff() == 0, "it may still be writing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grading_gradingrun SET telling_until = clock_timestamp() - interval '1 s'")
    assert tell_staff() == 1
    assert tell_staff() == 0
    assert len(mailoutbox) == 1


def test_a_failure_while_storing_is_a_failure_like_any_other(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    run = hand_in(attempt)
    with monkeypatch.context() as patch:
        patch.setattr("grading.services.ledger.progress_write", broken_grader)
        assert queue_drain(queue=QUIZ, worker="w") == (0, False)
    run.refresh_from_db()
    assert (run.state, run.requeues, run.detail) == ("queued", 1, {"error": "ZeroDivisionError"})
    assert GradeEvent.objects.filter(kind="score").count() == 0, "half a result is none"
    rested(run)
    assert queue_drain(queue=QUIZ, worker="w") == (1, False)


def broken_grader(*args: object) -> None:
    raise ZeroDivisionError


# -- what operators and staff see ----------------------------------------------------
def test_stuck_runs_degrade_and_are_counted(attempt: Attempt, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("broker", "workers", "sandbox"):
        monkeypatch.setitem(health.CHECKS, name, lambda: "ok")
    run = hand_in(attempt)
    assert client.get("/readyz").json()["status"] == "ready"
    GradingRun.objects.update(queued_at=timezone.now() - WAITED_TOO_LONG - timedelta(seconds=5))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["checks"]["grading"]) == (
        200, "degraded", "stuck",
    )  # fmt: skip
    assert 'waymark_grading_runs{state="queued"} 1.0' in client.get("/metrics").content.decode()
    give_up(run)
    assert client.get("/readyz").json()["checks"]["grading"] == "stuck"
    figures = client.get("/metrics").content.decode()
    assert 'waymark_grading_runs{state="failed"} 1.0' in figures
    assert "waymark_grading_stuck 1.0" in figures
    GradingRun.objects.update(claimed_at=timezone.now() - GIVEN_UP_LATELY - timedelta(minutes=1))
    assert client.get("/readyz").json()["status"] == "ready", "old news"


def test_a_run_that_rests_is_not_stuck(attempt: Attempt) -> None:
    hand_in(attempt)
    GradingRun.objects.update(queued_at=timezone.now() - timedelta(hours=1))
    claim = run_claim(queue=QUIZ, worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="OSError")
    counted = runs_count()
    assert (counted.counts["resting"], counted.counts["queued"], counted.stuck) == (1, 0, False)


def broken_mail(self: EmailMessage) -> int:
    raise ConnectionRefusedError


def give_up(run: GradingRun) -> None:
    GradingRun.objects.filter(pk=run.pk).update(requeues=MOST_REQUEUES)
    claim = run_claim(queue=QUIZ, worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="KeyError")


# -- whose turn it is --------------------------------------------------------------
def test_the_learner_with_the_fewest_runs_in_work_comes_first(world: build.World, rung: list[str]) -> None:
    busy, patient = build.enrol(world, "busy"), build.enrol(world, "patient")
    first = hand_in(build.begin(busy, world))
    second = hand_in(build.begin(busy, world, "MOD-2/quiz"))
    third = hand_in(build.begin(patient, world))
    claims = [run_claim(queue=QUIZ, worker="w") for _ in range(4)]
    assert [claim.run_id for claim in claims if claim] == [first.pk, third.pk, second.pk]


# -- the database keeps its word ----------------------------------------------------
def test_the_ledger_is_append_only(attempt: Attempt) -> None:
    hand_in(attempt)
    event = GradeEvent.objects.get()
    for change in (lambda: GradeEvent.objects.update(points=None), event.delete):
        with pytest.raises((InternalError, IntegrityError), match="never changed or deleted"), transaction.atomic():
            change()


def test_two_events_cannot_share_a_place_or_a_run(attempt: Attempt) -> None:
    hand_in(attempt)
    grade_quizzes()
    event = GradeEvent.objects.get(kind="score")
    for fields in ({"sequence": event.sequence, "run": None}, {"sequence": 99}):
        again = GradeEvent.objects.get(pk=event.pk)
        again.pk, again._state.adding = None, True
        from waymark.core.ids import uuid7

        again.uuid = uuid7()
        for name, value in fields.items():
            setattr(again, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


# -- cost ------------------------------------------------------------------------
@pytest.mark.parametrize("others", [0, 12])
def test_storing_a_grade_costs_the_same_with_more_learners(others: int, world: build.World, rung: list[str]) -> None:
    for number in range(others):
        other = build.enrol(world, f"other{number}")
        hand_in(build.begin(other, world))
    if others:
        assert queue_drain(queue=QUIZ, worker="w")[0] == others
    enrolment = build.enrol(world)
    hand_in(build.begin(enrolment, world))
    claim = run_claim(queue=QUIZ, worker="w")
    assert claim is not None
    score = grade_attempt(claim.attempt_id)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run_store(claim=claim, score=score)
    written = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(written) == 10, "\n".join(written)
