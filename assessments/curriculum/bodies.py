"""Bodies of quizzes, questions, labs, checks, projects and rubrics."""

from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assessments.questions.registry import question_type
from courses.curriculum.bodies.base import Body, EntityBody, Id, Line, Number, Percent, Points, Text, once
from courses.curriculum.bodies.module import ActivityBody, GradedBody


class Draw(Body):
    """Ask ``count`` questions out of those tagged ``pool``."""

    pool: Id
    count: int = Field(ge=1)


class QuizSection(Body):
    """Questions under one heading, up to the next section; without a title they stand under none."""

    title: Line | None = None
    text: Text = Field("", description="shown above its first question")
    first: int = Field(ge=1, description="which question of the quiz it begins with, in the author's order, from 1")


class QuizBody(GradedBody):
    """``points`` is what the quiz counts for; the questions' own points are its scale."""

    time_limit_minutes: int | None = Field(None, ge=1, le=24 * 60)
    shuffle_questions: bool = False
    shuffle_options: bool = True
    draws: tuple[Draw, ...] = ()
    sections: tuple[QuizSection, ...] = ()
    advice_only: bool = False
    advice: Text = Field("", description="shown below the threshold of an advice quiz")

    @model_validator(mode="after")
    def pools_drawn_once(self) -> "QuizBody":
        pools = [draw.pool for draw in self.draws]
        twice = sorted({pool for pool in pools if pools.count(pool) > 1})
        if twice:
            raise ValueError(f"pool {twice[0]} is drawn from twice")
        return self

    @model_validator(mode="after")
    def sections_in_order(self) -> "QuizBody":
        for before, after in pairwise(self.sections):
            if after.first <= before.first:
                raise ValueError(
                    f"section {after.title or after.first!r} begins with question {after.first}, "
                    f"the one before it with question {before.first}: sections stand in the order of their questions"
                )
        return self


class Option(Body):
    id: Id
    text: Text
    right: bool = False
    feedback: Text = ""


class Blank(Body):
    id: Id
    accepted: tuple[Line, ...] = Field(min_length=1)


class Pair(Body):
    id: Id
    left: Text
    right: Text


ANSWER_FIELDS = frozenset(
    {
        "options", "answer", "tolerance", "tolerance_percent", "unit", "units", "unit_required",
        "accepted", "items", "pairs", "blanks", "scheme",
    }
)  # fmt: skip


def known_type(name: str) -> str:
    question_type(name)
    return name


class QuestionBody(EntityBody):
    """One question. Which of the answer fields it may have, its type says (``assessments.questions``).

    Text fields are Markdown. Options are known by their id; letters are only shown.
    """

    title: Line | None = None
    type: Annotated[Id, AfterValidator(known_type)]
    stem: Annotated[Text, Field(min_length=1)]
    points: Annotated[Points, Field(gt=0)] = Field(default=1, validate_default=True)
    explanation: Text = ""
    hint: Text = ""
    pool: Id | None = None
    bonus: bool = False
    difficulty: Id | None = None
    topics: tuple[Id, ...] = ()
    competencies: tuple[Id, ...] = ()
    scheme: Id | None = Field(None, description="partial credit; each type's first scheme is its default")
    options: tuple[Option, ...] = ()
    answer: bool | Number | None = Field(None, description="true_false: the truth; numeric: the value")
    tolerance: Annotated[Number, Field(ge=0)] | None = None
    tolerance_percent: Percent | None = None
    unit: Line | None = None
    units: dict[str, Number] = Field({}, description="other accepted units -> factor into `unit`")
    unit_required: bool = False
    accepted: tuple[Line, ...] = Field((), description="short_text: whole answers, or /patterns/")
    items: tuple[Option, ...] = Field((), description="ordering: in the right order")
    pairs: tuple[Pair, ...] = ()
    blanks: tuple[Blank, ...] = Field((), description="fill_in: stem holds {{id}} at each place")
    aliases: tuple[Line, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def true_false_is_a_boolean(cls, data: Any) -> Any:
        """Before the union of ``answer`` can turn a yes into a number."""
        if isinstance(data, dict):
            answer, kind = data.get("answer"), data.get("type")
            if kind == "true_false" and not isinstance(answer, bool):
                raise ValueError("a true_false question needs answer: true or answer: false")
            if kind == "numeric" and isinstance(answer, bool):
                raise ValueError("a numeric question needs a number as its answer")
        return data

    @model_validator(mode="after")
    def fields_fit_type(self) -> "QuestionBody":
        kind = question_type(self.type)
        for name in sorted((ANSWER_FIELDS - kind.uses) & self.model_fields_set):
            if getattr(self, name):
                raise ValueError(f"{name} does not belong to a {self.type} question")
        if self.scheme is not None and self.scheme not in kind.schemes:
            raise ValueError(f"a {self.type} question has no scheme {self.scheme}; it has {', '.join(kind.schemes)}")
        for name in ("options", "items", "pairs", "blanks"):
            ids = [entry.id for entry in getattr(self, name)]
            if len(ids) != len(set(ids)):
                raise ValueError(f"{name} repeat an id")
        kind.check(self)
        return self


class StarterFile(Body):
    path: Line = Field(description="relative to the lab's folder, with forward slashes")
    content: Annotated[str, StringConstraints(strip_whitespace=False)] = Field("", description="to the letter")

    @model_validator(mode="after")
    def stays_inside(self) -> "StarterFile":
        parts = self.path.split("/")
        if "\\" in self.path or any(part in ("", ".", "..") for part in parts):
            raise ValueError(f"{self.path} is no path inside the lab's folder")
        return self


class Trial(Body):
    """Work that the checks are tried with before learners meet them, and what it must get."""

    id: Id
    files: tuple[StarterFile, ...] = Field(min_length=1)
    points: Points | None = Field(None, description="of the checks together; without it everything: a reference")

    @model_validator(mode="after")
    def files_once(self) -> "Trial":
        once("file", (file.path for file in self.files))
        return self


class LabBody(ActivityBody):
    points: Points | None = None
    starter: tuple[StarterFile, ...] = ()
    trials: tuple[Trial, ...] = Field((), description="for staff: references and wrong work, for `checks gate`")

    @model_validator(mode="after")
    def named_once(self) -> "LabBody":
        once("file", (file.path for file in self.starter))
        once("trial", (trial.id for trial in self.trials))
        return self


class CheckBody(EntityBody):
    """One check of a lab. ``spec`` belongs to the type of check and is read by it."""

    title: Line
    type: Id
    points: Points = Field(default=1, validate_default=True)
    hidden: bool = False
    hint: Text = ""
    spec: dict[str, Any] = {}


class ProjectBody(GradedBody):
    narrative: Text = ""
    constraints: tuple[Text, ...] = ()
    placement: Text = ""
    peer_guide: Text = ""


class RubricBody(EntityBody):
    title: Line
    text: Text = ""


class LevelBody(Body):
    points: Points
    label: Line | None = None
    text: Text = ""


class CriterionBody(EntityBody):
    title: Line
    text: Text = ""
    points: Points
    bonus: bool = False
    minimum: Points | None = None
    levels: tuple[LevelBody, ...] = ()
    checklist: tuple[Text, ...] = ()
    competencies: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def within_points(self) -> "CriterionBody":
        over = [level.points for level in self.levels if level.points > self.points]
        if over:
            raise ValueError(f"a level gives {over[0]} of {self.points} points")
        if self.minimum is not None and self.minimum > self.points:
            raise ValueError(f"the minimum {self.minimum} is more than the {self.points} points")
        return self
