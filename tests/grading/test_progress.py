"""Progress: the same whether it grew with every event or is rebuilt from the ledger."""

from __future__ import annotations

from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.policy import attempt_rules
from courses.gating import done_of
from courses.models import Enrolment, EnrolmentChange, Extension, Program, Release
from courses.services.enrolment import enrolment_lock, enrolment_start
from grading.access import learning_enrolments
from grading.models import Grade, GradeEvent, Progress
from grading.selectors.grades import grades_of
from grading.selectors.me import my_progress
from grading.services.completion import completion_set
from grading.services.ledger import Fact, ledger_append
from grading.services.progress import progress_drift, progress_refresh
from grading.services.stale import stale_enrolments, stale_refresh
from grading.structure import structure_forget
from tests.grading import build
from waymark.core.actors import Actor
from waymark.core.errors import Refused
from waymark.core.exact import plain
from waymark.core.models import AuditEntry, FeedEntry

Kind = GradeEvent.Kind


def mine_of(enrolment: Enrolment) -> list[dict[str, Any]]:
    """What the API says of all enrolments of this one's learner."""
    return [row.answer for row in my_progress(learner(enrolment)).rows]


def learner(enrolment: Enrolment) -> Actor:
    return Actor.person(enrolment.learner_id)


def tick(enrolment: Enrolment, world: build.World, path: str, done: bool = True) -> GradeEvent | None:
    return completion_set(actor=learner(enrolment), enrolment=enrolment, activity=world.activities[path], done=done)


def append(
    enrolment: Enrolment, world: build.World, path: str, kind: Kind, share: str | None = None, **fields: Any
) -> int:
    activity = world.activities[path]
    with transaction.atomic():
        event = ledger_append(
            actor=Actor.system(),
            enrolment=enrolment_lock(enrolment.pk),
            fact=Fact(
                kind=kind, activity_id=activity.pk, revision_id=activity.revision_id,
                share=None if share is None else Fraction(share),
                out_of=None if share is None else Fraction(activity.points or 0), **fields,
            ),
        )  # fmt: skip
    return int(event.pk)


def score(enrolment: Enrolment, world: build.World, path: str, share: str, **fields: Any) -> int:
    attempt = build.begin(enrolment, world, path)
    type(attempt).objects.filter(pk=attempt.pk).update(
        state="handed_in", handed_in_at=attempt.started_at, handed_in_by=enrolment.learner_id
    )
    return append(
        enrolment, world, path, Kind.SCORE, share, attempt_id=attempt.pk, attempt_number=attempt.number, **fields
    )


def progress(enrolment: Enrolment) -> Progress:
    return Progress.objects.get(enrolment=enrolment)


# -- ticking off -------------------------------------------------------------------
def test_a_tick_counts_in_the_same_transaction(enrolment: Enrolment, world: build.World) -> None:
    event = tick(enrolment, world, "MOD-1/reading")
    assert event is not None
    assert (event.kind, event.done, event.sequence, event.actor_label) == (
        "completion",
        True,
        1,
        f"person:{enrolment.learner_id}",
    )
    row = progress(enrolment)
    assert (row.activities_done, row.activities_total, row.modules_total, row.sequence) == (1, 6, 2, 1)
    assert (row.hours_done.normalize(), row.hours_total.normalize()) == (Fraction("3.3333"), 25)
    assert row.modules[str(world.modules["MOD-1"].pk)]["started"] is True


def test_ticking_twice_writes_nothing_and_a_tick_can_be_taken_back(enrolment: Enrolment, world: build.World) -> None:
    assert tick(enrolment, world, "MOD-1/reading", done=False) is None
    assert tick(enrolment, world, "MOD-1/reading")
    assert tick(enrolment, world, "MOD-1/reading") is None
    assert tick(enrolment, world, "MOD-1/reading", done=False)
    assert (GradeEvent.objects.count(), progress(enrolment).activities_done) == (2, 0)


@pytest.mark.parametrize(
    ("path", "state", "code"),
    [("MOD-1/quiz", "active", "not_self_reported"), ("PROJ-1", "active", "not_self_reported"),
     ("MOD-1/reading", "paused", "enrolment_paused"), ("MOD-1/reading", "withdrawn", "enrolment_withdrawn")],
)  # fmt: skip
def test_what_cannot_be_ticked_off(path: str, state: str, code: str, enrolment: Enrolment, world: build.World) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    with pytest.raises(Refused) as refused:
        tick(enrolment, world, path)
    assert refused.value.code == code


def test_in_an_archived_program_ticks_stay_as_they_are(enrolment: Enrolment, world: build.World) -> None:
    tick(enrolment, world, "MOD-1/reading")
    Program.objects.filter(pk=world.program.pk).update(archived_at=timezone.now())
    for path, done in (("MOD-1/task", True), ("MOD-1/reading", False)):
        with pytest.raises(Refused) as refused:
            tick(enrolment, world, path, done=done)
        assert refused.value.code == "program_archived"
    assert (GradeEvent.objects.count(), progress(enrolment).activities_done) == (1, 1)


def test_what_is_locked_cannot_be_ticked_off(enrolment: Enrolment, world: build.World) -> None:
    from courses.models import Entity, Requirement

    module = world.modules["MOD-2"]
    entity = Entity.objects.create(kind="requirement", path="MOD-2/r", program=world.program, parent=module.entity)
    Requirement.objects.create(
        entity=entity, revision=build.revision_of("requirement", {"to": "MOD-1"}), owner=module.entity,
        strength="needs", form="entity", target=world.modules["MOD-1"].entity, target_ref="MOD-1",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        tick(enrolment, world, "MOD-2/reading")
    assert refused.value.code == "activity_locked"
    assert "MOD-1" in refused.value.hint
    for path in ("MOD-1/reading", "MOD-1/task"):
        tick(enrolment, world, path)
    score(enrolment, world, "MOD-1/quiz", "1")
    assert tick(enrolment, world, "MOD-2/reading"), "its requirement is met now"


# -- completion ----------------------------------------------------------------------
def test_a_module_is_complete_when_all_that_counts_in_it_is_done(enrolment: Enrolment, world: build.World) -> None:
    for path in ("MOD-1/reading", "MOD-1/task"):
        tick(enrolment, world, path)
    score(enrolment, world, "MOD-1/quiz", "6/10")
    assert progress(enrolment).modules_done == 0
    score(enrolment, world, "MOD-1/quiz", "7/10")
    row = progress(enrolment)
    assert (row.modules_done, row.hours_done, row.complete) == (1, 10, False)
    done = done_of(enrolment)
    assert done.modules == {world.modules["MOD-1"].pk}
    assert world.activities["MOD-1/quiz"].pk in done.activities
    assert done.programs == frozenset()


def test_a_quiz_without_questions_and_an_empty_lab_are_not_asked_for(world: build.World) -> None:
    build.add_quiz(world, "MOD-2/empty", module="MOD-2", questions=[])
    build.add_activity(world, "lab", "MOD-2/lab", module="MOD-2", body="")
    enrolment = build.enrol(world)
    tick(enrolment, world, "MOD-2/reading")
    score(enrolment, world, "MOD-2/quiz", "1")
    assert progress(enrolment).modules[str(world.modules["MOD-2"].pk)]["complete"] is True


def test_a_program_is_complete_with_modules_projects_and_rules(enrolment: Enrolment, world: build.World) -> None:
    for path in ("MOD-1/reading", "MOD-1/task", "MOD-2/reading"):
        tick(enrolment, world, path)
    for path in ("MOD-1/quiz", "MOD-2/quiz"):
        score(enrolment, world, path, "9/10")
    assert progress(enrolment).complete is False
    append(enrolment, world, "PROJ-1", Kind.OVERRIDE, "95/100")
    row = progress(enrolment)
    assert (row.complete, row.passed, row.letter, row.modules_done) == (True, "met", "A", 2)
    assert done_of(enrolment).programs == {world.program.pk}


def test_what_was_done_in_another_program_counts_for_the_person(enrolment: Enrolment, world: build.World) -> None:
    tick(enrolment, world, "MOD-1/reading")
    other = build.make_world(slug="other")
    elsewhere = build.enrol(other, learner=enrolment.learner)
    done = done_of(elsewhere)
    assert world.activities["MOD-1/reading"].pk in done.activities
    assert done.started == frozenset(), "begun is only what this enrolment has begun"


# -- completing a program --------------------------------------------------------------
def finish(enrolment: Enrolment, world: build.World) -> None:
    """All that the program asks for; the project last."""
    for path in ("MOD-1/reading", "MOD-1/task", "MOD-2/reading"):
        tick(enrolment, world, path)
    for path in ("MOD-1/quiz", "MOD-2/quiz"):
        score(enrolment, world, path, "9/10")
    append(enrolment, world, "PROJ-1", Kind.OVERRIDE, "95/100")


def test_the_fact_that_meets_the_rule_completes_the_enrolment(enrolment: Enrolment, world: build.World) -> None:
    finish(enrolment, world)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.completed_release_id) == ("completed", world.release.pk)
    assert enrolment.ended_at is not None
    change = EnrolmentChange.objects.get(enrolment=enrolment)
    assert (change.field, change.before, change.after, change.actor_label) == ("state", "active", "completed", "system")
    graded, completed = FeedEntry.objects.filter(enrolment_id=enrolment.pk).order_by("id")[5:]
    assert (graded.type, completed.type) == ("grade.changed", "enrolment.changed")
    assert completed.data == {
        "enrolment": str(enrolment.uuid), "state": "completed", "sequence": 6, "release": world.release.pk,
    }  # fmt: skip
    assert AuditEntry.objects.get(action="enrolment.state").details["after"] == "completed"
    assert progress_drift(enrolment_id=enrolment.pk) == []
    assert mine_of(enrolment)[0]["state"] == "completed"


def test_completion_is_undone_with_the_fact_that_made_it(enrolment: Enrolment, world: build.World) -> None:
    with transaction.atomic():
        finish(enrolment, world)
        transaction.set_rollback(True)
    enrolment.refresh_from_db()
    assert (enrolment.state, EnrolmentChange.objects.count(), FeedEntry.objects.count()) == ("active", 0, 0)


@pytest.mark.parametrize(("state", "becomes"), [("paused", "completed"), ("withdrawn", "withdrawn")])
def test_what_was_under_way_completes_a_pause_but_not_who_left(
    state: str, becomes: str, enrolment: Enrolment, world: build.World
) -> None:
    for path in ("MOD-1/reading", "MOD-1/task", "MOD-2/reading"):
        tick(enrolment, world, path)
    append(enrolment, world, "PROJ-1", Kind.OVERRIDE, "95/100")
    score(enrolment, world, "MOD-1/quiz", "9/10")
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    score(enrolment, world, "MOD-2/quiz", "9/10")
    enrolment.refresh_from_db()
    assert (enrolment.state, progress(enrolment).complete) == (becomes, True)


def test_once_completed_it_stays_so_whatever_its_grades_become(enrolment: Enrolment, world: build.World) -> None:
    finish(enrolment, world)
    before = EnrolmentChange.objects.count()
    append(enrolment, world, "PROJ-1", Kind.OVERRIDE, "10/100")
    enrolment.refresh_from_db()
    row = progress(enrolment)
    assert (enrolment.state, row.complete, row.passed) == ("completed", False, "not_met"), "the figures tell the truth"
    assert done_of(enrolment).programs == {world.program.pk}, "what it opened elsewhere stays open"
    append(enrolment, world, "PROJ-1", Kind.OVERRIDE, "99/100")
    assert progress(enrolment).complete is True
    assert EnrolmentChange.objects.count() == before, "it is completed once"
    tick(enrolment, world, "MOD-1/reading", done=False)
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"


def test_a_completed_enrolment_keeps_the_items_it_was_completed_with(enrolment: Enrolment, world: build.World) -> None:
    finish(enrolment, world)
    other = build.enrol(world, "other")
    tick(other, world, "MOD-1/reading")
    figures = progress(enrolment).figures
    build.next_release(world)
    build.add_activity(world, "reading", "MOD-1/later", module="MOD-1")
    build.add_quiz(world, "MOD-2/later-quiz", module="MOD-2")
    build.retire(world, "MOD-1/task")
    structure_forget()
    stale_refresh()
    mine, theirs = progress(enrolment), progress(other)
    assert (mine.activities_done, mine.activities_total, mine.complete) == (6, 6, True)
    assert (theirs.activities_done, theirs.activities_total) == (1, 7)
    assert mine.figures == figures
    assert progress_drift(enrolment_id=enrolment.pk) == []
    assert stale_enrolments() == []
    # They may go on working; it is theirs and changes nothing that is asked of them.
    assert tick(enrolment, world, "MOD-1/later")
    score(enrolment, world, "MOD-2/later-quiz", "1/10")
    assert progress(enrolment).figures == figures
    assert world.activities["MOD-1/later"].pk in progress(enrolment).activities["done"]
    found = grades_of(Enrolment.objects.get(pk=enrolment.pk))
    assert [line.shape.path for line in found.others] == ["MOD-2/later-quiz"]
    assert "MOD-2/later-quiz" not in {item.shape.path for component in found.components for item in component.items}
    assert progress_drift(enrolment_id=enrolment.pk) == []


def test_a_release_that_asks_for_less_completes_too(enrolment: Enrolment, world: build.World) -> None:
    for path in ("MOD-1/reading", "MOD-2/reading"):
        tick(enrolment, world, path)
    for path in ("MOD-1/quiz", "MOD-2/quiz"):
        score(enrolment, world, path, "9/10")
    append(enrolment, world, "PROJ-1", Kind.OVERRIDE, "95/100")
    build.next_release(world)
    build.retire(world, "MOD-1/task")
    structure_forget()
    assert stale_refresh() == 1
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.completed_release_id) == ("completed", world.release.pk)


def test_who_met_the_rule_before_there_were_completions_is_completed_too(
    enrolment: Enrolment, world: build.World
) -> None:
    finish(enrolment, world)
    Enrolment.objects.filter(pk=enrolment.pk).update(state="active", ended_at=None, completed_release=None)
    assert stale_enrolments() == [enrolment.pk]
    stale_refresh()
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    assert stale_enrolments() == []


def test_after_completing_one_may_begin_anew_with_nothing(enrolment: Enrolment, world: build.World) -> None:
    finish(enrolment, world)
    second = enrolment_start(actor=learner(enrolment), learner=enrolment.learner, program=world.program)
    assert (second.pk != enrolment.pk, second.state, second.sequence) == (True, "active", 0)
    assert second.policy_revision_id == world.policy.revision_id if world.policy else False
    tick(second, world, "MOD-1/reading")
    assert progress(second).activities_done == 1
    assert progress(enrolment).activities_done == 6
    again = enrolment_start(actor=learner(enrolment), learner=enrolment.learner, program=world.program)
    assert again.pk == second.pk, "one at a time"


def test_the_database_refuses_a_completion_without_what_it_was_completed_with(enrolment: Enrolment) -> None:
    with pytest.raises(IntegrityError, match="enrolment_completed_with_something"), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).update(state="completed")


# -- rebuilt equals incremental ------------------------------------------------------
PATHS = ("MOD-1/reading", "MOD-1/task", "MOD-1/quiz", "MOD-2/reading", "MOD-2/quiz", "PROJ-1")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["tick", "untick", "score", "regrade", "override", "credit", "waive", "missing", "withdraw"]),
        st.sampled_from(PATHS),
        st.fractions(min_value=0, max_value=1, max_denominator=9),
        st.integers(0, 3),
    ),
    max_size=10,
)


def perform(enrolment: Enrolment, world: build.World, step: tuple[str, str, Fraction, int], made: list[int]) -> None:
    what, path, share, which = step
    graded = world.activities[path].points is not None
    if what in ("tick", "untick"):
        if not graded:
            tick(enrolment, world, path, done=what == "tick")
    elif what == "withdraw":
        if made:
            event = GradeEvent.objects.get(pk=made[which % len(made)])
            path = event.activity.path
            append(enrolment, world, path, Kind.WITHDRAWAL, supersedes=event.pk)
    elif what in ("waive", "missing"):
        made.append(append(enrolment, world, path, Kind.WAIVER if what == "waive" else Kind.MISSING))
    elif graded and what in ("override", "credit"):
        kind = Kind.OVERRIDE if what == "override" else Kind.CREDIT
        made.append(append(enrolment, world, path, kind, str(share)))
    elif graded and path != "PROJ-1" and what == "score":
        made.append(score(enrolment, world, path, str(share)))
    elif graded and what == "regrade":
        before = GradeEvent.objects.filter(enrolment=enrolment, activity=world.activities[path], kind="score").last()
        if before is not None:
            append(
                enrolment, world, path, Kind.SCORE, str(share), attempt_id=before.attempt_id,
                attempt_number=before.attempt_number, supersedes=before.pk,
            )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_incremental_progress_equals_rebuilt_progress(steps: list[Any], world: build.World) -> None:
    with transaction.atomic():
        enrolment = build.enrol(world, f"learner{Enrolment.objects.count()}")
        made: list[int] = []
        for step in steps:
            perform(enrolment, world, step, made)
        if steps and Progress.objects.filter(enrolment=enrolment).exists():
            assert progress_drift(enrolment_id=enrolment.pk) == []
            before = Progress.objects.filter(enrolment=enrolment).values().get()
            grades = list(Grade.objects.filter(enrolment=enrolment).order_by("activity").values())
            progress_refresh(enrolment_id=enrolment.pk)
            after = Progress.objects.filter(enrolment=enrolment).values().get()
            assert {**before, "computed_at": None} == {**after, "computed_at": None}
            again = list(Grade.objects.filter(enrolment=enrolment).order_by("activity").values())
            assert [{**row, "id": None} for row in grades] == [{**row, "id": None} for row in again]
        transaction.set_rollback(True)


def test_the_command_finds_and_mends_what_differs(enrolment: Enrolment, world: build.World) -> None:
    tick(enrolment, world, "MOD-1/reading")
    said = StringIO()
    call_command("progress", "rebuild", "--check", stdout=said)
    assert "1 enrolments equal their ledger" in said.getvalue()
    Progress.objects.update(activities_done=3)
    Grade.objects.update(done=False, done_at=None)
    with pytest.raises(CommandError, match="1 of 1 enrolments differ"):
        call_command("progress", "rebuild", "--check", stdout=said)
    assert "activities_done" in said.getvalue()
    call_command("progress", "rebuild", stdout=said)
    assert progress(enrolment).activities_done == 1
    call_command("progress", "rebuild", "--check", stdout=said)


# -- catching up -----------------------------------------------------------------------
def test_a_new_release_and_newly_bound_rules_make_progress_stale_until_it_catches_up(
    enrolment: Enrolment, world: build.World
) -> None:
    assert stale_enrolments() == [enrolment.pk], "nothing was written yet"
    assert stale_refresh() == 1
    assert stale_enrolments() == []
    Release.objects.filter(pk=world.release.pk).update(current=False)
    Release.objects.create(program=world.program, number=2, current=True, digest="1" * 64)
    assert stale_enrolments() == [enrolment.pk]
    assert mine_of(enrolment)[0]["stale"] is True
    stale_refresh()
    assert mine_of(enrolment)[0]["stale"] is False
    rules = build.revision_of("policy", {**build.POLICY, "title": "New"})
    Enrolment.objects.filter(pk=enrolment.pk).update(policy_revision=rules)
    assert stale_refresh() == 1
    assert progress(enrolment).policy_revision == rules


def test_a_learner_keeps_the_rules_they_began_under(world: build.World) -> None:
    enrolment = build.enrol(world)
    assert world.policy is not None
    stricter = {**build.POLICY, "default": {"passing_percent": "95"}}
    type(world.policy).objects.update(revision=build.revision_of("policy", stricter))
    score(enrolment, world, "MOD-1/quiz", "9/10")
    assert Grade.objects.get(enrolment=enrolment).passed is True
    later = build.enrol(world, "later")
    Enrolment.objects.filter(pk=later.pk).update(policy_revision=world.policy.__class__.objects.get().revision)
    later.refresh_from_db()
    score(later, world, "MOD-1/quiz", "9/10")
    assert Grade.objects.get(enrolment=later).passed is False


# -- attempts ---------------------------------------------------------------------------
def test_the_policy_answers_about_attempts(db: None) -> None:
    world = build.make_world(limit=2)
    enrolment = build.enrol(world)
    quiz = world.activities["MOD-1/quiz"]
    rules = attempt_rules(enrolment, quiz)
    assert (rules.limit, rules.uncounted, rules.passing_percent, rules.accepts_until) == (2, 0, "70", None)
    Extension.objects.create(enrolment=enrolment, activity=quiz, extra_attempts=1, granted_by=enrolment.learner)
    Extension.objects.create(enrolment=enrolment, activity=None, extra_attempts=2, granted_by=enrolment.learner)
    assert attempt_rules(enrolment, quiz).limit == 5
    assert attempt_rules(enrolment, world.activities["MOD-2/quiz"]).limit == 4


# -- the API's selector -------------------------------------------------------------------
def test_my_progress_says_decimals_as_text_in_one_statement(enrolment: Enrolment, world: build.World) -> None:
    score(enrolment, world, "MOD-1/quiz", "2/3")
    for number in range(3):
        build.enrol(build.make_world(slug=f"more{number}"), learner=enrolment.learner)
    with CaptureQueriesContext(connection) as queries:
        found = mine_of(enrolment)
    assert len(queries) == 1
    assert [row["program"]["slug"] for row in found] == ["more2", "more1", "more0", "small"]
    mine = found[-1]
    assert mine["program"] == {"slug": "small", "title": "Small"}
    assert mine["overall"] == {
        "percent": "66.6667",
        "points": "6.6667",
        "out_of": "10",
        "letter": None,
        "passed": "open",
    }
    assert [(rule["id"], rule["state"], rule["so_far"]) for rule in mine["rules"]] == [
        ("overall", "open", False), ("quizzes", "open", False),
    ]  # fmt: skip
    assert [module["id"] for module in mine["module_states"]] == ["MOD-1", "MOD-2"]
    assert (mine["sequence"], mine["release"], mine["stale"]) == (1, 1, False)
    stored = Progress.objects.get(enrolment=enrolment)
    assert mine["hours"] == {"done": plain(stored.hours_done), "total": plain(stored.hours_total)}
    assert mine["computed_at"] == stored.computed_at
    assert [rule["value"] for rule in mine["rules"]] == [
        None if rule["value"] is None else plain(Fraction(rule["value"])) for rule in stored.figures["rules"]
    ]


def test_my_progress_before_it_is_written_is_nothing_and_stale(enrolment: Enrolment) -> None:
    Progress.objects.filter(enrolment=enrolment).delete()
    (mine,) = mine_of(enrolment)
    assert (mine["activities"], mine["hours"]) == ({"done": 0, "total": 0}, {"done": "0", "total": "0"})
    assert (mine["overall"]["passed"], mine["rules"], mine["module_states"]) == ("open", [], [])
    assert (mine["stale"], mine["complete"], mine["release"], mine["computed_at"]) == (True, False, None, None)


@pytest.mark.parametrize("state", Enrolment.State.values)
def test_my_progress_is_of_enrolments_that_have_begun(enrolment: Enrolment, state: str) -> None:
    current = enrolment.program.releases.get(current=True)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state, ended_at=timezone.now(), completed_release=current)
    begun = {str(row.uuid) for row in learning_enrolments(learner(enrolment))}
    assert {row["enrolment"] for row in mine_of(enrolment)} == begun


def test_nobody_sees_the_progress_of_others(enrolment: Enrolment, world: build.World) -> None:
    stranger = build.person("stranger")
    assert my_progress(Actor.person(stranger.pk)).rows == []
    assert my_progress(Actor.client("c", frozenset({"progress:read"}))).rows == []
