"""A small program with quizzes and readings, written straight into the rows.

Two modules. The first has a reading, a quiz of two questions and a task; the
second a reading and a quiz; the program has a project. The policy is the Junior
role's in small.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from assessments.models import Attempt, AttemptQuestion, Question, Quiz, Response
from assessments.services import attempt_hand_in
from courses.curriculum.canonical import canonical
from courses.models import (
    Activity,
    Enrolment,
    Entity,
    Module,
    Program,
    ProgramModule,
    Release,
    ReleaseItem,
    Revision,
)
from grading.models import GradeEvent, Policy
from waymark.accounts.models import User
from waymark.core.actors import Actor

POLICY: dict[str, Any] = {
    "title": "Small rules",
    "components": [
        {"id": "quizzes", "title": "Quizzes", "activities": "quiz", "weight": "20", "figure": "mean_of_percents"},
        {"id": "projects", "title": "Projects", "activities": "project", "weight": "80"},
    ],
    "rules": [
        {"id": "overall", "text": "At least 70 % overall", "measure": "overall_percent", "at_least": "70"},
        {"id": "quizzes", "text": "7 of 10 on average", "measure": "component_average_points", "of": "quizzes",
         "at_least": "7"},
    ],
    "scale": {"bands": [{"label": "A", "from_percent": "90"}, {"label": "F", "from_percent": "0", "passing": False}]},
    "default": {"passing_percent": "70"},
}  # fmt: skip

QUESTIONS: list[dict[str, Any]] = [
    {
        "type": "single", "stem": "Which one?", "points": "2", "explanation": "Because.",
        "options": [{"id": "right", "text": "This", "right": True}, {"id": "wrong", "text": "That"}],
    },
    {"type": "true_false", "stem": "Is it so?", "points": "1", "answer": True},
]  # fmt: skip
RIGHT: list[Any] = ["right", True]


@dataclass
class World:
    """What :func:`make_world` made; ``activities`` by path."""

    program: Program
    release: Release
    policy: Policy | None
    modules: dict[str, Module] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    items: list[tuple[Entity, Revision]] = field(default_factory=list)


def revision_of(kind: str, body: dict[str, Any]) -> Revision:
    digest = hashlib.sha256(canonical([kind, 1, body]).encode()).hexdigest()
    return Revision.objects.get_or_create(hash=digest, defaults={"kind": kind, "schema": 1, "body": body})[0]


def person(name: str) -> User:
    return User.objects.create(email=f"{name}@demo.test")


def make_world(*, slug: str = "small", policy: dict[str, Any] | None = POLICY, limit: int | None = None) -> World:
    """A published program with an open enrolment and a current release."""
    body = {"title": slug.title()}
    entity = Entity.objects.create(kind="program", path=slug)
    program = Program.objects.create(
        entity=entity, revision=revision_of("program", body), slug=slug, title=slug.title(), summary="Small.",
        enrolment_mode="open", published_at=timezone.now(),
    )  # fmt: skip
    release = Release.objects.create(program=program, number=1, current=True, digest="0" * 64)
    world = World(program, release, None)
    for place, key in enumerate(("MOD-1", "MOD-2")):
        made, revision = _entity(world, "module", key, {"title": key})
        module = Module.objects.create(
            entity=made, revision=revision, program=program, key=key, position=place, title=f"Module {key}",
            summary="", hours_total=10,
        )  # fmt: skip
        ProgramModule.objects.create(program=program, module=module, revision=revision, position=place)
        world.modules[key] = module
    add_activity(world, "reading", "MOD-1/reading", module="MOD-1", position=0)
    add_activity(world, "task", "MOD-1/task", module="MOD-1", position=1)
    add_quiz(world, "MOD-1/quiz", module="MOD-1")
    add_activity(world, "reading", "MOD-2/reading", module="MOD-2", position=0)
    add_quiz(world, "MOD-2/quiz", module="MOD-2")
    add_activity(world, "project", "PROJ-1", points=100, self_reported=False, hours_high=5)
    if policy is not None:
        rules = {**policy, "default": {"passing_percent": "70", "attempts": {"limit": limit}}} if limit else policy
        made, revision = _entity(world, "policy", "policy", rules)
        world.policy = Policy.objects.create(entity=made, revision=revision, program=program, title=rules["title"])
    return world


def next_release(world: World) -> Release:
    """A new current release with the same items; what is added from now on belongs to it."""
    before = world.release
    Release.objects.filter(pk=before.pk).update(current=False)
    world.release = Release.objects.create(
        program=world.program, number=before.number + 1, base=before, current=True, digest=f"{before.number:064}"
    )
    items = ReleaseItem.objects.filter(release=before, entity__retired_at=None)
    ReleaseItem.objects.bulk_create(
        ReleaseItem(release=world.release, entity_id=entity, revision_id=revision)
        for entity, revision in items.values_list("entity_id", "revision_id")
    )
    return world.release


def retire(world: World, path: str) -> None:
    """Leave an activity out of the present release."""
    activity = world.activities[path]
    ReleaseItem.objects.filter(release=world.release, entity=activity.pk).delete()
    Entity.objects.filter(pk=activity.pk).update(retired_at=timezone.now())


def _entity(world: World, kind: str, path: str, body: dict[str, Any], parent: Entity | None = None) -> Any:
    entity = Entity.objects.create(kind=kind, path=path, program=world.program, parent=parent)
    revision = revision_of(kind, {**body, "path": path} if kind != "policy" and kind != "question" else body)
    ReleaseItem.objects.create(release=world.release, entity=entity, revision=revision)
    return entity, revision


def add_activity(
    world: World, kind: str, path: str, *, module: str | None = None, points: int | None = None, **fields: Any
) -> Activity:
    body = {"title": path, "points": str(points)} if points is not None else {"title": path}
    entity, revision = _entity(world, kind, path, body)
    activity = Activity.objects.create(
        entity=entity, revision=revision, kind=kind, program=world.program, path=path, title=f"{kind} {path}",
        module=world.modules[module] if module else None, points=points,
        **{"self_reported": points is None, "body": "Text.", **fields},
    )  # fmt: skip
    world.activities[path] = activity
    return activity


def add_quiz(world: World, path: str, *, module: str, questions: list[dict[str, Any]] | None = None) -> Quiz:
    activity = add_activity(world, "quiz", path, module=module, points=10, self_reported=False, position=5)
    quiz = Quiz.objects.create(activity=activity)
    for place, body in enumerate(QUESTIONS if questions is None else questions):
        entity, revision = _entity(world, "question", f"{path}/q{place}", body, parent=activity.entity)
        Question.objects.create(
            entity=entity, revision=revision, quiz=quiz, position=place, type=body["type"], stem=body["stem"],
            points=body["points"], body=body,
        )  # fmt: skip
    return quiz


def enrol(world: World, name: str = "learner", *, learner: User | None = None) -> Enrolment:
    """An active enrolment under the world's policy."""
    return Enrolment.objects.create(
        learner=learner or person(name),
        program=world.program,
        state=Enrolment.State.ACTIVE,
        started_at=timezone.now(),
        policy_revision=world.policy.revision if world.policy else None,
    )


def begin(enrolment: Enrolment, world: World, path: str = "MOD-1/quiz", *, answers: list[Any] | None = None) -> Attempt:
    """An attempt under way with *answers*, by default all right."""
    quiz = Quiz.objects.get(activity=world.activities[path])
    number = Attempt.objects.filter(enrolment=enrolment, quiz=quiz).count() + 1
    attempt = Attempt.objects.create(
        enrolment=enrolment, quiz=quiz, number=number, seed=number, release=world.release,
        revision=quiz.activity.revision, started_at=timezone.now(),
    )  # fmt: skip
    for place, question in enumerate(Question.objects.filter(quiz=quiz).order_by("position")):
        asked = AttemptQuestion.objects.create(
            attempt=attempt, position=place + 1, question=question, revision=question.revision, order=["right", "wrong"]
        )
        value = (RIGHT if answers is None else answers)[place]
        Response.objects.create(attempt_question=asked, value=value, version=1, saved_at=timezone.now())
    return attempt


def hand_in(attempt: Attempt) -> Attempt:
    """By its learner."""
    return attempt_hand_in(actor=Actor.person(attempt.enrolment.learner_id), attempt=attempt)


def scores() -> int:
    """How many scores were ever written."""
    return GradeEvent.objects.filter(kind="score").count()
