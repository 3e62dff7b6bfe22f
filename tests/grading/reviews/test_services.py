"""Reviews of projects: hand-in, draft, release, correction; what each does to grade, attempts and other people."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from assessments.models import Mark, Review, Submission
from assessments.selectors.reviews import marks_of, review_standing
from courses.models import Enrolment, Program
from grading.models import Grade, GradeEvent, GradingRun
from grading.selectors.stuck import runs_count
from grading.services.cancelling import submission_cancel
from grading.services.progress import progress_drift
from grading.services.review_drafts import (
    LONGEST,
    MarkSent,
    ReviewConflict,
    ReviewSent,
    review_begin,
    review_save,
    review_take_over,
)
from grading.services.review_release import ReviewIncomplete, review_correct, review_drop, review_release
from tests.courses.projecting import release_tree, write_tree
from tests.grading import labs, projects
from tests.grading.projects import hand_in, project_of, reviewed, sent
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden, Invalid, Missing, Refused
from waymark.core.models import AuditEntry, FeedEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture
def actor(person: User) -> Actor:
    return Actor.person(person.pk)


def grade(enrolment: Enrolment) -> Grade:
    return Grade.objects.get(enrolment=enrolment, activity=project_of(enrolment.program))


# -- handing in ---------------------------------------------------------------------
def test_a_hand_in_waits_for_people_and_is_no_matter_of_workers(
    submission: Submission, enrolment: Enrolment, rung: list[str]
) -> None:
    run = GradingRun.objects.get()
    assert (run.queue, run.state, rung) == ("grading.people", "queued", [])
    assert (grade(enrolment).state, grade(enrolment).pending) == ("waiting", 1)
    assert not runs_count().stuck


def test_a_second_hand_in_waits_for_the_review_of_the_first(submission: Submission, enrolment: Enrolment) -> None:
    assert hand_in(enrolment).submission == submission
    with pytest.raises(Refused) as refused:
        hand_in(enrolment, b"other")
    assert refused.value.code == "review_waits"
    submission_cancel(actor=Actor.person(enrolment.learner_id), submission=submission)
    assert hand_in(enrolment, b"other").submission.number == 2


def test_after_a_review_the_next_may_come_and_the_better_counts(
    submission: Submission, enrolment: Enrolment, person: User
) -> None:
    reviewed(person, submission, works="60", tests="40")
    second = hand_in(enrolment, b"other").submission
    reviewed(person, second, works="0", tests="0")
    row = grade(enrolment)
    assert (row.attempts_made, row.counted_attempt, row.points) == (2, 1, Decimal(50))


def test_a_project_without_a_rubric_takes_nothing(tmp_path: Path, rung: list[str]) -> None:
    bare = projects.PROJECT.partition("    rubric:")[0]
    enrolment = labs.enrolled(projects.released(tmp_path / "bare", bare))
    with pytest.raises(Refused) as refused:
        hand_in(enrolment)
    assert refused.value.code == "project_without_rubric"


# -- drafts -------------------------------------------------------------------------
def test_only_staff_of_the_enrolment_review_and_nobody_their_own_work(
    submission: Submission, enrolment: Enrolment, program: Program
) -> None:
    stranger = User.objects.create_user("classmate@demo.test")
    own = Actor.person(enrolment.learner_id)
    for actor in (own, Actor.person(stranger.pk), Actor.client("x", frozenset({"grades:write"}))):
        with pytest.raises(Forbidden):
            review_begin(actor=actor, submission=submission)
    assert not Review.objects.exists()


def test_a_draft_has_every_criterion_of_the_hand_in_and_is_begun_once(submission: Submission, actor: Actor) -> None:
    review = review_begin(actor=actor, submission=submission)
    assert [each.body["title"] for each in marks_of(review)] == ["It works", "Tests", "Polish"]
    assert review_begin(actor=actor, submission=submission) == review
    assert Review.objects.count() == 1


def test_what_was_begun_cannot_be_taken_back(submission: Submission, enrolment: Enrolment, actor: Actor) -> None:
    review_begin(actor=actor, submission=submission)
    with pytest.raises(Refused) as refused:
        submission_cancel(actor=Actor.person(enrolment.learner_id), submission=submission)
    assert refused.value.code == "run_under_way"


def test_what_was_taken_back_is_not_reviewed(submission: Submission, enrolment: Enrolment, actor: Actor) -> None:
    submission_cancel(actor=Actor.person(enrolment.learner_id), submission=submission)
    with pytest.raises(Refused) as refused:
        review_begin(actor=actor, submission=submission)
    assert refused.value.code == "run_over"


@pytest.mark.parametrize(
    ("points", "level"), [("60", 0), ("41", 0), ("40", 1), ("0.5", 1), ("0", 2)]
)  # fmt: skip
def test_points_say_which_level_they_lie_in(submission: Submission, actor: Actor, points: str, level: int) -> None:
    review = review_begin(actor=actor, submission=submission)
    review_save(actor=actor, review=review, sent=sent(1, works=points, tests="1"))
    works, tests, _polish = marks_of(review)
    assert (works.level, tests.level) == (level, None)


@pytest.mark.parametrize("points", ["60.0001", "-1", "NaN", "Infinity", "1.00001"])
def test_points_that_a_criterion_does_not_give_are_refused(submission: Submission, actor: Actor, points: str) -> None:
    review = review_begin(actor=actor, submission=submission)
    with pytest.raises(Invalid) as refused:
        review_save(actor=actor, review=review, sent=sent(1, tests="1", works=points))
    assert (refused.value.code, "It works gives 0 to 60 points" in refused.value.message) == (
        "points_out_of_range", True,
    )  # fmt: skip
    assert not review.marks.exclude(points=None).exists()


def test_comments_have_a_limit_and_criteria_are_those_of_the_rubric(submission: Submission, actor: Actor) -> None:
    review = review_begin(actor=actor, submission=submission)
    key = review.marks.first().criterion_id
    for faulty, code in [
        (ReviewSent(1, {}, "x" * (LONGEST + 1)), "too_long"),
        (ReviewSent(1, {key: MarkSent(None, "x" * (LONGEST + 1))}), "too_long"),
        (ReviewSent(1, {0: MarkSent(None)}), "no_criterion"),
    ]:
        with pytest.raises(Invalid) as refused:
            review_save(actor=actor, review=review, sent=faulty)
        assert refused.value.code == code
    review_save(actor=actor, review=review, sent=ReviewSent(1, {key: MarkSent(None, "x" * LONGEST)}, "y" * LONGEST))


def test_a_save_that_follows_an_older_version_writes_nothing_and_names_both(
    submission: Submission, actor: Actor
) -> None:
    review = review_begin(actor=actor, submission=submission)
    first = review_save(actor=actor, review=review, sent=sent(1, "one", works="40"))
    assert first.version == 2
    with pytest.raises(ReviewConflict) as conflict:
        review_save(actor=actor, review=review, sent=sent(1, "two", works="60"))
    review.refresh_from_db()
    assert (conflict.value.taken_over, review.comment, review.marks.get(position=1).points) == (False, "one", 40)
    # The same once more is no conflict, whatever version it names; with the new one the other is saved over.
    assert review_save(actor=actor, review=review, sent=sent(1, "one", works="40")).version == 2
    assert review_save(actor=actor, review=review, sent=sent(2, "two", works="60")).version == 3


def test_a_colleague_takes_over_and_the_first_reviewers_next_save_is_told(
    submission: Submission, actor: Actor, program: Program
) -> None:
    review = review_begin(actor=actor, submission=submission)
    review_save(actor=actor, review=review, sent=sent(1, works="40"))
    colleague = Actor.person(projects.reviewer(program, "admin@demo.test").pk)
    with pytest.raises(ReviewConflict):
        review_save(actor=colleague, review=review, sent=sent(2, works="60"))
    taken = review_take_over(actor=colleague, review=review)
    assert (taken.reviewer_id, taken.version) == (colleague.user_id, 3)
    assert review_take_over(actor=colleague, review=review).version == 3
    with pytest.raises(ReviewConflict) as conflict:
        review_save(actor=actor, review=review, sent=sent(2, works="0"))
    assert conflict.value.taken_over
    assert review.marks.get(position=1).points == Decimal(40)
    assert AuditEntry.objects.get(action="review.taken_over").details == {"from": actor.user_id}


# -- releasing ----------------------------------------------------------------------
def test_an_open_criterion_keeps_a_review_from_being_released(submission: Submission, actor: Actor) -> None:
    review = review_begin(actor=actor, submission=submission)
    with pytest.raises(ReviewIncomplete) as refused:
        review_release(actor=actor, review=review, sent=sent(1, works="60"))
    assert "1 criterion is open: Tests" in refused.value.message
    review.refresh_from_db()
    assert (review.state, review.version) == ("draft", 1)
    assert review_standing(submission) is None


@pytest.mark.parametrize(
    ("points", "share"),
    [
        ({"works": "60", "tests": "40"}, Fraction(1)),
        ({"works": "40", "tests": "13.3333"}, Fraction(533333, 1000000)),
        ({"works": "0", "tests": "0"}, Fraction(0)),
        ({"works": "60", "tests": "40", "polish": "10"}, Fraction(11, 10)),
        ({"works": "40", "tests": "0", "polish": "5"}, Fraction(45, 100)),
        ({"works": "40", "tests": "0", "polish": None}, Fraction(40, 100)),
    ],
)
def test_the_score_is_what_was_given_over_what_the_criteria_are_worth_times_the_points(
    submission: Submission, enrolment: Enrolment, person: User, points: dict[str, str | None], share: Fraction
) -> None:
    reviewed(person, submission, **points)
    row = grade(enrolment)
    assert Fraction(int(row.numerator or 0), int(row.denominator or 1)) == share * 50
    assert (row.state, row.out_of, row.pending) == ("scored", Decimal(50), 0)


def test_a_release_writes_run_event_feed_and_progress_together(
    submission: Submission, enrolment: Enrolment, person: User
) -> None:
    review = reviewed(person, submission, works="60", tests="0")
    run = GradingRun.objects.get()
    event = GradeEvent.objects.get(kind="score")
    assert (run.state, run.grader, run.detail["review"]) == ("finished", "review", str(review.uuid))
    assert (event.run, event.actor_label, event.submission) == (run, f"person:{person.pk}", submission)
    assert FeedEntry.objects.filter(type="grade.changed", data__event=str(event.uuid)).exists()
    assert not progress_drift(enrolment_id=enrolment.pk)


def test_a_released_review_never_changes(submission: Submission, actor: Actor, person: User, program: Program) -> None:
    review = reviewed(person, submission, works="60", tests="40")
    colleague = projects.reviewer(program, "admin@demo.test")
    # Once more, as by a double click, is no fault.
    assert review_release(actor=actor, review=review, sent=sent(1, works="60", tests="40")) == review
    for change in (
        lambda: review_save(actor=actor, review=review, sent=sent(review.version, works="0")),
        lambda: review_release(actor=actor, review=review, sent=sent(review.version, works="0")),
        lambda: review_release(actor=Actor.person(colleague.pk), review=review, sent=sent(2, works="60")),
        lambda: review_take_over(actor=actor, review=review),
        lambda: review_begin(actor=actor, submission=submission),
        lambda: review_drop(actor=actor, review=review),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "review_released"
    assert GradeEvent.objects.filter(kind="score").count() == 1


# -- correcting ---------------------------------------------------------------------
def test_a_correction_replaces_the_score_with_its_reason_and_keeps_the_first(
    submission: Submission, enrolment: Enrolment, actor: Actor, person: User
) -> None:
    first = reviewed(person, submission, works="40", tests="40")
    draft = review_correct(actor=actor, submission=submission, for_learner="A test was overlooked.", for_staff="Asked.")
    assert [each.points for each in marks_of(draft)] == [40, 40, None]
    with pytest.raises(Refused) as refused:
        review_correct(actor=actor, submission=submission, for_learner="Once more")
    assert refused.value.code == "correction_begun"
    assert grade(enrolment).points == Decimal(40)
    review_release(actor=actor, review=draft, sent=sent(draft.version, works="60"))
    events = GradeEvent.objects.filter(kind="score").order_by("sequence")
    assert [each.points for each in events] == [40, 50]
    assert (events[1].supersedes, events[1].reason_for_learner, events[1].reason_for_staff) == (
        events[0], "A test was overlooked.", "Asked.",
    )  # fmt: skip
    assert (grade(enrolment).points, grade(enrolment).attempts_made) == (Decimal(50), 1)
    assert review_standing(submission) == draft
    assert marks_of(first)[0].points == 40
    assert not progress_drift(enrolment_id=enrolment.pk)
    again = review_correct(actor=actor, submission=submission, for_learner="Twice")
    assert again.corrects == draft


def test_a_correction_needs_a_reason_and_something_to_correct(
    submission: Submission, actor: Actor, person: User
) -> None:
    with pytest.raises(Refused) as refused:
        review_correct(actor=actor, submission=submission, for_learner="Why")
    assert refused.value.code == "not_reviewed"
    reviewed(person, submission, works="40", tests="40")
    for reasons, code in [
        ((" ", ""), "reason_missing"),
        (("x" * 5001, ""), "too_long"),
        (("x", "y" * 5001), "too_long"),
    ]:
        with pytest.raises(Invalid) as invalid:
            review_correct(actor=actor, submission=submission, for_learner=reasons[0], for_staff=reasons[1])
        assert invalid.value.code == code


def test_a_correction_can_be_dropped_and_a_first_review_cannot(
    submission: Submission, actor: Actor, person: User, program: Program
) -> None:
    draft = review_begin(actor=actor, submission=submission)
    review_drop(actor=actor, review=draft)
    with pytest.raises(Missing):
        review_save(actor=actor, review=draft, sent=sent(1, works="40"))
    draft = review_begin(actor=actor, submission=submission)
    draft = review_save(actor=actor, review=draft, sent=sent(1, works="40"))
    with pytest.raises(Refused) as refused:
        review_drop(actor=actor, review=draft)
    assert refused.value.code == "first_review"
    review_release(actor=actor, review=draft, sent=sent(2, works="40", tests="40"))
    correction = review_correct(actor=actor, submission=submission, for_learner="Why")
    colleague = Actor.person(projects.reviewer(program, "admin@demo.test").pk)
    with pytest.raises(Refused) as refused:
        review_drop(actor=colleague, review=correction)
    assert refused.value.code == "review_taken"
    review_drop(actor=actor, review=correction)
    assert (Review.objects.count(), Mark.objects.count()) == (1, 3)


# -- rubrics that change ------------------------------------------------------------
def test_a_hand_in_is_scored_on_the_rubric_that_it_was_handed_in_under(
    submission: Submission, enrolment: Enrolment, person: User, tmp_path: Path
) -> None:
    changed = projects.PROJECT.replace("points: 40\n        - id: polish", "points: 20\n        - id: polish")
    changed += "        - {id: style, title: Style, points: 20}\n"
    release_tree(write_tree(tmp_path / "changed", projects.tree(changed)))
    review = reviewed(person, submission, works="60", tests="40")
    assert [each.body["points"] for each in marks_of(review)] == ["60", "40", "10"]
    later = hand_in(enrolment, b"later").submission
    draft = review_begin(actor=Actor.person(person.pk), submission=later)
    assert [(each.body["title"], str(each.out_of)) for each in marks_of(draft)] == [
        ("It works", "60"), ("Tests", "20"), ("Polish", "10"), ("Style", "20"),
    ]  # fmt: skip


def test_a_conflict_has_its_code() -> None:
    conflict = ReviewConflict()
    assert (conflict.status, conflict.code, isinstance(conflict, DomainError)) == (409, "review_conflict", True)
