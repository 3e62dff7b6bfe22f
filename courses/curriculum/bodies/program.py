"""Bodies of roles and programs and of what hangs on a program."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from courses.curriculum.bodies.base import Amount, Body, EntityBody, Hours, Id, Line, Positive, Ref, Text, once
from courses.curriculum.bodies.catalog import TargetFigure


class RoleBody(EntityBody):
    title: Line
    level: Id = Field(description="a level of the seniority scale")
    order: int = Field(ge=0, description="place among the roles, from junior upwards")
    summary: Text
    audience: Text = Field("", description="who it is for")


class Repository(Body):
    purpose: Literal["learning", "solutions", "other"]
    name: Line
    url: Line | None = None
    note: Text = ""


class About(Body):
    version: Line | None = None
    maintainer: Line | None = None
    contact: Line | None = None
    links: tuple[Line, ...] = ()
    updated: Line | None = None


class ProgramBody(EntityBody):
    """The curriculum of a role. Its modules' and projects' order is the list's order."""

    title: Line
    role: Id
    summary: Text
    philosophy: tuple[Text, ...] = ()
    approach: tuple[Text, ...] = ()
    audience: Text = ""
    language: Literal["en", "de"] = "en"
    about: About = About()
    repositories: tuple[Repository, ...] = ()
    targets: tuple[TargetFigure, ...] = ()
    completion: "Completion | None" = None
    modules: tuple[Ref, ...] = Field((), description="order of the modules; all are required unless optional")
    optional_modules: tuple[Ref, ...] = ()
    projects: tuple[Ref, ...] = ()


class Completion(Body):
    """What makes a module or a program complete; ``null`` takes the default.

    ``all`` names what every one of its kind must be: ``required_activities``
    (each required activity done), ``modules``, ``projects``, ``policy`` (the
    program's binding rules are met). ``any_of`` asks for a number out of several.
    """

    all: tuple[Literal["required_activities", "modules", "projects", "policy"], ...] = ()
    any_of: tuple["SomeOf", ...] = ()
    note: Text = ""


class SomeOf(Body):
    of: tuple[Ref, ...] = Field(min_length=2)
    at_least: int = Field(1, ge=1)

    @model_validator(mode="after")
    def reachable(self) -> "SomeOf":
        if self.at_least > len(self.of):
            raise ValueError(f"asks for {self.at_least} of {len(self.of)}")
        return self


class ObjectiveBody(EntityBody):
    text: Text
    group: Line | None = None
    activities: tuple[Ref, ...] = ()
    competencies: tuple[Id, ...] = ()


class CompetencyTargetBody(EntityBody):
    competency: Id
    level: Id
    evidence: tuple[Line, ...] = ()
    for_roles: tuple[Id, ...] = ()


class RiskBody(EntityBody):
    text: Text
    impact: Literal["low", "medium", "high"] | None = None
    likelihood: Literal["low", "medium", "high"] | None = None
    mitigation: Text = ""
    gate: Ref | None = None


class RequirementBody(EntityBody):
    """An edge from what it stands under to exactly one target, or to a group of them.

    ``needs`` locks; ``recommended`` and ``leads_to`` do not. ``skill`` is a
    self-attested skill in words.
    """

    strength: Literal["needs", "recommended", "leads_to"] = "needs"
    to: Ref | None = None
    competency: Id | None = None
    level: Id | None = None
    skill: Line | None = None
    any_of: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = ()
    at_least: int = Field(1, ge=1)
    reason: Text = ""

    @model_validator(mode="after")
    def one_target(self) -> "RequirementBody":
        given = [bool(self.to), bool(self.competency), bool(self.skill), bool(self.any_of)]
        if sum(given) != 1:
            raise ValueError("name exactly one of to, competency, skill, any_of")
        if self.level and not self.competency:
            raise ValueError("level belongs to a competency")
        if self.any_of and self.at_least > len(self.any_of):
            raise ValueError(f"asks for {self.at_least} of {len(self.any_of)}")
        return self


class GateBody(EntityBody):
    """A requirement that blocks *blocks* until *activity* is passed (or, without one, until staff open it)."""

    text: Text
    blocks: Ref
    activity: Ref | None = None
    reason: Text = ""


class PathStep(Body):
    to: Ref
    stage: Line | None = None


class PathBody(EntityBody):
    title: Line
    text: Text = ""
    best_for: Text = ""
    steps: tuple[PathStep, ...] = Field(min_length=1)
    hours: Hours | None = None


class PaceBody(EntityBody):
    title: Line
    hours_per_week: Amount
    weeks: Amount | None = Field(None, description="as the document states it")
    text: Text = ""


class Salary(Body):
    label: Line
    region: Line
    currency: Literal["USD", "EUR", "GBP"]
    low: Positive | None = None
    high: Positive | None = None
    note: Text = ""
    as_of: Line

    @model_validator(mode="after")
    def in_order(self) -> "Salary":
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the range starts at {self.low} but ends at {self.high}")
        return self


class TargetRole(Body):
    title: Line
    modules: tuple[Ref, ...] = ()
    note: Text = ""


class OutlookBody(EntityBody):
    titles: tuple[Line, ...] = ()
    salaries: tuple[Salary, ...] = ()
    certifications: tuple[Line, ...] = ()
    target_roles: tuple[TargetRole, ...] = ()
    next_steps: tuple[Text, ...] = ()


class ApprovalBody(EntityBody):
    what: Line
    state: Literal["open", "pending", "approved", "rejected"]
    person: Line | None = Field(None, description="a role such as 'Platform lead', never a person's name")
    due: date | None = None
    on: date | None = None
    note: Text = ""


class ChecklistBody(EntityBody):
    title: Line
    audience: Literal["authors", "readiness", "submission", "self_assessment", "reviewers"]
    gates: bool = False
    items: tuple["ChecklistItem", ...] = Field(min_length=1)

    @model_validator(mode="after")
    def items_once(self) -> "ChecklistBody":
        once("item", (item.id for item in self.items))
        return self


class ChecklistItem(Body):
    id: Id
    text: Text
    done: bool | None = Field(None, description="the tick of an authors' list; null elsewhere")


class SolutionBody(EntityBody):
    covers: Text
    location: Line | None = None
    visibility: Literal["staff", "after_passing", "all"] = "staff"
    note: Text = ""


ProgramBody.model_rebuild()
Completion.model_rebuild()
ChecklistBody.model_rebuild()
