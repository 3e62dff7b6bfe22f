"""Bodies of modules and activities."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from courses.curriculum.bodies.base import Body, EntityBody, Hours, Id, Line, Number, Points, Positive, Ref, Text
from courses.curriculum.bodies.program import Completion


class HoursByKind(Body):
    lecture: Positive | None = None
    lab: Positive | None = None
    project: Positive | None = None
    portfolio: Positive | None = None
    assessment: Positive | None = None


class Resource(Body):
    title: Line
    url: Line | None = None
    primary: bool = True
    note: Text = ""


class ModuleBody(EntityBody):
    """Hours are the sum of the kinds, else of the topics, else ``hours`` (then the fact)."""

    title: Line
    summary: Text
    difficulty: Id | None = None
    hours: Positive | None = None
    hours_by_kind: HoursByKind | None = None
    resources: tuple[Resource, ...] = ()
    tooling: tuple[Line, ...] = ()
    builds_on: tuple[Text, ...] = ()
    differentiators: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    aliases: tuple[Line, ...] = ()
    completion: Completion | None = None

    @model_validator(mode="after")
    def hours_once(self) -> "ModuleBody":
        if self.hours is not None and self.hours_by_kind is not None:
            raise ValueError("give hours or hours_by_kind: the total of the kinds is computed")
        return self


class TopicBody(EntityBody):
    title: Line
    hours: Positive | None = None
    points: tuple[Text, ...] = ()
    text: Text = ""


class TechnologyUse(Body):
    id: Id
    purpose: Text = ""
    version: Line | None = None


class Deliverable(Body):
    text: Text
    optional: bool = False


class Criterion(Body):
    """A completion criterion; with a threshold it is structured: ``measure op value unit``."""

    text: Text
    measure: Line | None = None
    op: Literal["<", "<=", "=", ">=", ">"] | None = None
    value: Annotated[Number, Field(ge=-(10**11), le=10**11, decimal_places=6)] | None = None
    unit: Line | None = None

    @model_validator(mode="after")
    def whole_threshold(self) -> "Criterion":
        parts = [self.measure, self.op, self.value]
        if any(part is not None for part in parts) and not all(part is not None for part in parts):
            raise ValueError("a threshold needs measure, op and value together")
        return self


class Needs(Body):
    """What the activity needs beyond a laptop, and the equal variant for those who lack it."""

    gpu: Line | None = None
    cloud: Line | None = None
    cost: Line | None = None
    variant: Text = ""


class ActivityBody(EntityBody):
    """What all activities have in common. Lists keep the author's order."""

    title: Line
    summary: Text = ""
    body: Text = Field("", description="Markdown")
    required: bool = True
    hours: Hours | None = None
    difficulty: Id | None = None
    technologies: tuple[TechnologyUse, ...] = ()
    primary_skills: tuple[Id, ...] = Field((), description="skill areas")
    secondary_skills: tuple[Id, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    needs: Needs | None = None
    derived_from: tuple[Line, ...] = ()
    checked_by: Literal["self", "automatic", "checklist", "peer", "staff", "script"] | None = None
    profile: Id | None = None
    checked_note: Text = ""
    readable_while_locked: bool = False
    aliases: tuple[Line, ...] = ()


class ReadingBody(ActivityBody):
    topics: tuple[Ref, ...] = Field((), description="topics of the module that it serves")


class ChecklistActivityBody(ActivityBody):
    checklist: Id


class PhaseBody(EntityBody):
    title: Line
    hours: Hours | None = None
    touchpoint: Line | None = None
    text: Text = ""


class GradedBody(ActivityBody):
    """An activity that carries points."""

    points: Points = Field(description="points out of which it is graded")
