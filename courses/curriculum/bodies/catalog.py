"""Bodies of what programs share: scales, competencies, technologies, skill areas, profiles."""

from typing import Literal

from pydantic import Field, model_validator

from courses.curriculum.bodies.base import Body, EntityBody, Id, Line, Percent, Text, once


class ScaleLevelBody(Body):
    id: Id
    label: Line
    symbol: Line | None = Field(None, description="for example a number of stars, or L4-L5")
    meaning: Text = ""
    aliases: tuple[Line, ...] = ()


class ScaleBody(EntityBody):
    """An ordered scale; the rank of a level is its place, counted from 1."""

    title: Line
    purpose: Literal["proficiency", "difficulty", "seniority"]
    levels: tuple[ScaleLevelBody, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def levels_once(self) -> "ScaleBody":
        once("level", (level.id for level in self.levels))
        return self


class CompetencyLevelBody(Body):
    level: Id
    meaning: Text
    evidence: tuple[Line, ...] = ()


class CompetencyBody(EntityBody):
    title: Line
    domain: Line
    text: Text = ""
    assessed_by: tuple[Line, ...] = ()
    levels: tuple[CompetencyLevelBody, ...] = ()

    @model_validator(mode="after")
    def levels_once(self) -> "CompetencyBody":
        once("level", (level.level for level in self.levels))
        return self


class SkillAreaBody(EntityBody):
    title: Line
    text: Text = ""


class TechnologyBody(EntityBody):
    title: Line
    category: Line
    url: Line | None = None
    aliases: tuple[Line, ...] = ()


class ProfileBody(EntityBody):
    """A named bundle of checks (``python-strict``)."""

    title: Line
    text: Text = ""
    type: Literal["automatic", "checklist", "peer", "staff", "script"] = "automatic"
    commands: tuple[Line, ...] = ()
    tools: tuple[Line, ...] = ()


class TargetFigure(Body):
    """A figure a program wants to reach, in percent."""

    measure: Literal["completion", "satisfaction", "pass_rate"]
    at_least: Percent
    note: Text = ""
