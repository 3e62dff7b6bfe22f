"""Things that became one, and one that became several: what that is for who did them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from courses.models import Activity, Enrolment, Entity, Succession
from grading.models import Grade, GradeEvent, Progress
from grading.services.completion import completion_set
from grading.services.grade import queue_drain
from grading.services.ledger import Fact, ledger_append
from grading.services.progress import progress_drift
from grading.services.stale import stale_refresh
from tests.courses.planning.support import edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree
from tests.grading import build
from tests.grading.impact.support import MODULE, TREE, effects, world_now
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db

QUESTION = """
            questions:
              - {id: %s, stem: "Is it %s?", type: true_false, answer: true}
              - {id: %s-too, stem: "And %s?", type: true_false, answer: true}"""


def quiz(key: str, points: int, was: str = "") -> str:
    head = f"\n          - id: {key}\n            title: Quiz {key}\n            points: {points}"
    return f"{head}{f'{chr(10)}            was: {was}' if was else ''}{QUESTION % ((key,) * 4)}"


TWO = quiz("first", 10) + quiz("second", 30)
ONE = quiz("both", 20, "[first, second]")
READINGS = "- {id: read, title: Read this, body: Some text.}"
SPLIT = """- {id: read-a, title: Read the one, body: Text of one., was: part of read}
          - {id: read-b, title: Read the other, body: Another text., was: [part of read]}"""
PASSING = 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tree = dict(TREE)
    whole = tree[MODULE]
    tree[MODULE] = whole[: whole.index("quizzes:")] + f"quizzes:{TWO}\n"
    tree["policy.yaml"] = tree["policy.yaml"].replace("quiz, weight", "quiz, weight").replace("100", str(PASSING))
    write_tree(tmp_path, tree)
    assert ran("apply", tmp_path)[0] == 0
    return tmp_path


def put(folder: Path, old: str, new: str) -> None:
    """Replace a part of the module, which is written without its outer indent."""
    edit(folder, MODULE, (old.replace("\n        ", "\n"), new.replace("\n        ", "\n")))


def did(enrolment: Enrolment, path: str, *answers: bool) -> None:
    build.hand_in(build.begin(enrolment, world_now(), path, answers=list(answers)))
    queue_drain(queue="grading.quiz", worker="test")


def read(enrolment: Enrolment, path: str = "MOD-1/read") -> None:
    activity = Activity.objects.get(path=path)
    completion_set(actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=activity, done=True)


def merge(folder: Path) -> None:
    put(folder, TWO, ONE)


def apply(folder: Path) -> None:
    code, _, err = ran("apply", folder)
    assert code == 0, err
    stale_refresh()


def standing(enrolment: Enrolment, path: str) -> Grade | None:
    return Grade.objects.filter(enrolment=enrolment, activity__path=path).first()


def test_a_merge_completes_who_completed_all_its_parts_and_nobody_else(folder: Path) -> None:
    world = world_now()
    whole, half, failed = (build.enrol(world, name) for name in ("whole", "half", "failed"))
    did(whole, "MOD-1/first", True, False)
    did(whole, "MOD-1/second", True, True)
    did(half, "MOD-1/first", True, True)
    did(failed, "MOD-1/first", True, True)
    did(failed, "MOD-1/second", False, False)
    before = Progress.objects.get(enrolment=whole)
    assert (before.points, before.out_of) == (35, 40)
    merge(folder)
    plan = planned(folder)
    assert {(row["entity"], row["was"]) for row in plan["renamed"]} == {
        ("quiz:MOD-1/both", "quiz:MOD-1/first"), ("quiz:MOD-1/both", "quiz:MOD-1/second"),
    }  # fmt: skip
    assert effects(plan["impact"])[1] == 0, "nobody loses a pass"
    apply(folder)
    grade = standing(whole, "MOD-1/both")
    assert grade is not None
    assert (grade.state, grade.points, grade.out_of, grade.done) == ("credited", Fraction(35, 2), 20, True)
    after = Progress.objects.get(enrolment=whole)
    assert (after.points, after.out_of) == (Fraction(35, 2), 20), "its parts do not count besides"
    assert standing(half, "MOD-1/both") is None
    assert standing(failed, "MOD-1/both") is None
    assert Progress.objects.get(enrolment=half).points == 10, "what was done counts as it stood"
    event = GradeEvent.objects.get(enrolment=whole, kind="credit")
    assert event.evidence == {"parts": list(Succession.objects.values_list("part_id", flat=True))}
    assert all(progress_drift(enrolment_id=each.pk) == [] for each in (whole, half, failed))
    assert (counts(planned(folder)), stale_refresh()) == (NOTHING, 0)
    assert Entity.objects.get(path="MOD-1/first").retired_at is not None


def test_a_credit_completes_although_the_threshold_is_higher_now(folder: Path) -> None:
    enrolment = build.enrol(world_now(), "learner")
    did(enrolment, "MOD-1/first", True, False)
    did(enrolment, "MOD-1/second", True, False)
    merge(folder)
    edit(folder, "policy.yaml", (f"passing_percent: {PASSING}", "passing_percent: 80"))
    apply(folder)
    Enrolment.objects.update(policy_revision=None)
    grade = standing(enrolment, "MOD-1/both")
    assert grade is not None
    assert grade.done


def test_a_part_that_is_graded_after_the_release_counts(folder: Path) -> None:
    enrolment = build.enrol(world_now(), "learner")
    did(enrolment, "MOD-1/first", True, True)
    build.hand_in(build.begin(enrolment, world_now(), "MOD-1/second", answers=[True, True]))
    merge(folder)
    apply(folder)
    assert standing(enrolment, "MOD-1/both") is None
    queue_drain(queue="grading.quiz", worker="test")
    grade = standing(enrolment, "MOD-1/both")
    assert grade is not None
    assert (grade.state, grade.points) == ("credited", 20)
    assert progress_drift(enrolment_id=enrolment.pk) == []


def test_a_credit_that_staff_withdrew_does_not_come_again(folder: Path) -> None:
    enrolment = build.enrol(world_now(), "learner")
    for path in ("MOD-1/first", "MOD-1/second"):
        did(enrolment, path, True, True)
    merge(folder)
    apply(folder)
    credit = GradeEvent.objects.get(enrolment=enrolment, kind="credit")
    fact = Fact(GradeEvent.Kind.WITHDRAWAL, credit.activity_id, credit.revision_id, supersedes=credit.pk)
    enrolment.refresh_from_db()
    ledger_append(actor=Actor.system(), enrolment=enrolment, fact=fact)
    Progress.objects.all().delete()
    stale_refresh()
    assert GradeEvent.objects.filter(enrolment=enrolment, kind="credit").count() == 1
    assert Progress.objects.get(enrolment=enrolment).points == 40, "the parts count again"


def test_parts_that_were_waived_waive_what_they_became(folder: Path) -> None:
    enrolment = build.enrol(world_now(), "learner")
    for path in ("MOD-1/first", "MOD-1/second"):
        activity = Activity.objects.get(path=path)
        enrolment.refresh_from_db()
        fact = Fact(GradeEvent.Kind.WAIVER, activity.pk, activity.revision_id or 0)
        ledger_append(actor=Actor.system(), enrolment=enrolment, fact=fact)
    merge(folder)
    apply(folder)
    grade = standing(enrolment, "MOD-1/both")
    assert grade is not None
    assert grade.state == "waived"


def test_a_split_completes_every_part(folder: Path) -> None:
    world = world_now()
    done, idle = build.enrol(world, "done"), build.enrol(world, "idle")
    read(done)
    put(folder, READINGS, SPLIT)
    plan = planned(folder)
    assert {(row["entity"], row["was"]) for row in plan["renamed"]} == {
        ("reading:MOD-1/read-a", "reading:MOD-1/read"), ("reading:MOD-1/read-b", "reading:MOD-1/read"),
    }  # fmt: skip
    apply(folder)
    for path in ("MOD-1/read-a", "MOD-1/read-b"):
        grade = standing(done, path)
        assert grade is not None
        assert grade.done
        assert standing(idle, path) is None
    assert counts(planned(folder)) == NOTHING
    assert progress_drift(enrolment_id=done.pk) == []


def test_going_back_counts_the_parts_again_and_only_once(folder: Path) -> None:
    enrolment = build.enrol(world_now(), "learner")
    did(enrolment, "MOD-1/first", True, True)
    did(enrolment, "MOD-1/second", True, False)
    before = Progress.objects.get(enrolment=enrolment)
    merge(folder)
    apply(folder)
    assert ran("rollback", "small")[0] == 0
    stale_refresh()
    after = Progress.objects.get(enrolment=enrolment)
    assert (after.points, after.out_of, after.activities) == (before.points, before.out_of, after.activities)
    apply(folder)
    assert Progress.objects.get(enrolment=enrolment).out_of == 20
    assert GradeEvent.objects.filter(enrolment=enrolment, kind="credit").count() == 1
    assert Succession.objects.count() == 2


def test_who_has_completed_the_program_keeps_it_as_it_was(folder: Path) -> None:
    enrolment = build.enrol(world_now(), "learner")
    for path in ("MOD-1/first", "MOD-1/second"):
        did(enrolment, path, True, True)
    read(enrolment)
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    merge(folder)
    plan = planned(folder)
    assert effects(plan["impact"]) == (0, 0, 0)
    apply(folder)
    assert not GradeEvent.objects.filter(kind="credit").exists()
    assert Progress.objects.get(enrolment=enrolment).points == 40


def test_two_claims_need_the_words_part_of_and_an_id_in_use_is_none(folder: Path) -> None:
    put(folder, READINGS, SPLIT.replace("[part of read]", "read"))
    code, _, err = ran("apply", folder)
    assert code == 1
    assert "write `part of` before it with each part" in err
    edit(folder, MODULE, ("was: read}", "was: part of read-a}"))
    assert "is the id of" in ran("apply", folder)[2]
