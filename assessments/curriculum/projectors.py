"""From bodies to typed rows: one function per kind of *assessments*."""

from __future__ import annotations

from assessments.curriculum import bodies
from assessments.models import Check, Criterion, Draw, Lab, Level, Project, Question, Quiz, Rubric, StarterFile
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.activity import write_activity
from courses.curriculum.projectors.refs import near_id, owner_id
from courses.curriculum.projectors.rows import extend, level_id, link, replace, write


def quiz(projection: Projection) -> None:
    body: bodies.QuizBody = projection.body
    activity = write_activity(projection, points=body.points, checked=bool(projection.children.get("questions")))
    row = Quiz(
        activity_id=activity.pk,
        time_limit_minutes=body.time_limit_minutes,
        shuffle_questions=body.shuffle_questions,
        shuffle_options=body.shuffle_options,
        advice_only=body.advice_only,
        advice=body.advice,
    )
    extend(row)
    draws = [
        Draw(quiz_id=activity.pk, position=place, pool=draw.pool, count=draw.count)
        for place, draw in enumerate(body.draws)
    ]
    replace(Draw, "quiz", activity.pk, draws)


def question(projection: Projection) -> None:
    body: bodies.QuestionBody = projection.body
    answers = body.model_dump(mode="json", include=set(bodies.ANSWER_FIELDS), exclude_defaults=True)
    write(
        Question,
        projection,
        quiz_id=owner_id(projection),
        position=projection.position,
        type=body.type,
        title=body.title or "",
        stem=body.stem,
        points=body.points,
        bonus=body.bonus,
        pool=body.pool or "",
        hint=body.hint,
        explanation=body.explanation,
        difficulty_id=level_id("difficulty", body.difficulty),
        body=answers,
    )
    link(Question.topics, projection.entity.pk, _known(projection, body.topics, "topic"))
    link(Question.competencies, projection.entity.pk, _known(projection, body.competencies, "competency"))


def lab(projection: Projection) -> None:
    body: bodies.LabBody = projection.body
    activity = write_activity(projection, points=body.points, checked=bool(projection.children.get("checks")))
    extend(Lab(activity_id=activity.pk))
    files = [
        StarterFile(lab_id=activity.pk, position=place, path=file.path, content=file.content)
        for place, file in enumerate(body.starter)
    ]
    replace(StarterFile, "lab", activity.pk, files)


def check(projection: Projection) -> None:
    body: bodies.CheckBody = projection.body
    write(
        Check,
        projection,
        lab_id=owner_id(projection),
        position=projection.position,
        title=body.title,
        type=body.type,
        points=body.points,
        hidden=body.hidden,
        hint=body.hint,
        spec=body.spec,
    )


def project(projection: Projection) -> None:
    body: bodies.ProjectBody = projection.body
    activity = write_activity(projection, points=body.points, checked=bool(projection.children.get("rubric")))
    row = Project(
        activity_id=activity.pk,
        narrative=body.narrative,
        constraints=list(body.constraints),
        placement=body.placement,
        peer_guide=body.peer_guide,
    )
    extend(row)


def rubric(projection: Projection) -> None:
    body: bodies.RubricBody = projection.body
    write(
        Rubric,
        projection,
        project_id=owner_id(projection),
        title=body.title,
        text=body.text,
        stated=[each.model_dump(mode="json") for each in body.stated],
    )


def criterion(projection: Projection) -> None:
    body: bodies.CriterionBody = projection.body
    write(
        Criterion,
        projection,
        rubric_id=owner_id(projection),
        position=projection.position,
        title=body.title,
        text=body.text,
        points=body.points,
        bonus=body.bonus,
        minimum=body.minimum,
        checklist=list(body.checklist),
    )
    link(Criterion.competencies, projection.entity.pk, _known(projection, body.competencies, "competency"))
    levels = [
        Level(
            criterion_id=projection.entity.pk, position=place, label=level.label or "", points=level.points,
            text=level.text,
        )
        for place, level in enumerate(body.levels)
    ]  # fmt: skip
    replace(Level, "criterion", projection.entity.pk, levels)


def _known(projection: Projection, refs: tuple[str, ...], kind: str) -> list[int]:
    """The primary keys of what *refs* name; one that names nothing is the linter's to report."""
    found = [near_id(projection, ref, kind) for ref in refs]
    return [key for key in found if key is not None]
