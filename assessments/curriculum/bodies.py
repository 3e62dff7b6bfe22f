"""Bodies of quizzes, questions, labs, checks, projects and rubrics."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from courses.curriculum.bodies.base import Body, Id, Line, Number, Percent, Points, Text
from courses.curriculum.bodies.module import ActivityBody, GradedBody


class Draw(Body):
    """Ask ``count`` questions out of those tagged ``pool``."""

    pool: Id
    count: int = Field(ge=1)


class QuizBody(GradedBody):
    """``points`` is what the quiz counts for; the questions' own points are its scale."""

    time_limit_minutes: int | None = Field(None, ge=1, le=24 * 60)
    shuffle_questions: bool = False
    shuffle_options: bool = True
    draws: tuple[Draw, ...] = ()
    advice_only: bool = False
    advice: Text = Field("", description="shown below the threshold of an advice quiz")


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


QUESTION_TYPES = (
    "single",
    "multiple",
    "true_false",
    "numeric",
    "short_text",
    "ordering",
    "matching",
    "fill_in",
    "code_reading",
)


class QuestionBody(Body):
    """One question. Which of the answer fields belong to which kind is checked here.

    Text fields are Markdown. Options are known by their id; letters are only shown.
    """

    title: Line | None = None
    type: Literal[
        "single", "multiple", "true_false", "numeric", "short_text", "ordering", "matching", "fill_in", "code_reading"
    ]
    stem: Text
    points: Annotated[Points, Field(gt=0)] = Field(default=1, validate_default=True)
    explanation: Text = ""
    hint: Text = ""
    pool: Id | None = None
    bonus: bool = False
    difficulty: Id | None = None
    topics: tuple[Id, ...] = ()
    competencies: tuple[Id, ...] = ()
    scheme: Literal["all_or_nothing", "proportion", "right_minus_wrong"] | None = None
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
        if isinstance(data, dict):
            answer, kind = data.get("answer"), data.get("type")
            if kind == "true_false" and not isinstance(answer, bool):
                raise ValueError("a true_false question needs answer: true or answer: false")
            if kind == "numeric" and isinstance(answer, bool):
                raise ValueError("a numeric question needs a number as its answer")
        return data

    @model_validator(mode="after")
    def fields_fit_kind(self) -> "QuestionBody":
        uses = {
            "single": {"options"},
            "code_reading": {"options"},
            "multiple": {"options", "scheme"},
            "true_false": {"answer"},
            "numeric": {"answer", "tolerance", "tolerance_percent", "unit", "units", "unit_required"},
            "short_text": {"accepted"},
            "ordering": {"items", "scheme"},
            "matching": {"pairs", "scheme"},
            "fill_in": {"blanks", "scheme"},
        }[self.type]
        own = {
            "options", "answer", "tolerance", "tolerance_percent", "unit", "units", "unit_required",
            "accepted", "items", "pairs", "blanks", "scheme",
        }  # fmt: skip
        for name in sorted((own - uses) & self.model_fields_set):
            if getattr(self, name):
                raise ValueError(f"{name} does not belong to a {self.type} question")
        right = sum(option.right for option in self.options)
        if self.type in ("single", "code_reading") and (len(self.options) < 2 or right != 1):
            raise ValueError(f"needs at least two options and exactly one right one, has {right} right")
        if self.type == "multiple" and (len(self.options) < 2 or right < 1):
            raise ValueError("needs at least two options and at least one right one")
        if self.type == "numeric" and self.answer is None:
            raise ValueError("a numeric question needs an answer")
        if self.type == "short_text" and not self.accepted:
            raise ValueError("a short_text question needs accepted answers")
        if self.type == "ordering" and len(self.items) < 2:
            raise ValueError("an ordering question needs at least two items")
        if self.type == "matching" and len(self.pairs) < 2:
            raise ValueError("a matching question needs at least two pairs")
        if self.type == "fill_in":
            missing = [blank.id for blank in self.blanks if f"{{{{{blank.id}}}}}" not in self.stem]
            if missing or not self.blanks:
                raise ValueError(f"the stem has no place {{{{id}}}} for: {', '.join(missing) or 'any blank'}")
        for name in ("options", "items", "pairs", "blanks"):
            ids = [entry.id for entry in getattr(self, name)]
            if len(ids) != len(set(ids)):
                raise ValueError(f"{name} repeat an id")
        return self


class StarterFile(Body):
    path: Line
    content: str = ""


class LabBody(ActivityBody):
    points: Points | None = None
    starter: tuple[StarterFile, ...] = ()


class CheckBody(Body):
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


class RubricBody(Body):
    title: Line
    text: Text = ""
    stated: tuple[Line, ...] = ()


class LevelBody(Body):
    points: Points
    label: Line | None = None
    text: Text = ""


class CriterionBody(Body):
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
