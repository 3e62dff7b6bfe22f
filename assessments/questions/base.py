"""The contract of a question type.

A *value* is what a response holds: plain JSON under the author's ids, None while
nothing is answered. Learners and clients never see those ids: an option is known
to them by its *key*, the letter of its place in their own attempt's order, so
neither a page nor an API answer can give a solution away.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody

Value = Any
"""Normalised response: None, bool, str, list of ids, or mapping of ids."""

DecimalMark = Literal[".", ","]
Widget = Literal["radio", "checkbox", "text", "number", "places", "pairs", "blanks"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST = len(LETTERS)
"""How many options, items, pairs or blanks a question may have: each has a letter."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """How far a response is right.

    :param share: exact part of the question's points, from 0 to 1.
    :param answered: False for a response that chooses nothing, which is worth 0.
    :param notes: sentences that say how the share came about; they name no solution.
    """

    share: Fraction
    answered: bool
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or (self.share and not self.answered):
            raise ValueError(f"{self.share} is no share of {'an answer' if self.answered else 'no answer'}")


UNANSWERED = QuestionResult(Fraction(0), False, ("Not answered.",))


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be picked. ``text`` is Markdown."""

    key: str
    text: str
    chosen: bool = False

    @property
    def is_line(self) -> bool:
        return "\n" not in self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One of several places to answer within a question; ``given`` is what stands there."""

    key: str
    text: str
    given: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def is_line(self) -> bool:
        return "\n" not in self.text


@dataclass(frozen=True, slots=True)
class Control:
    """What a page or a client needs to let somebody answer; never anything of the solution."""

    widget: Widget
    stem: str
    value: Value = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    unit: str = ""
    unit_required: bool = False
    longest: int = 0

    @property
    def places(self) -> tuple[str, ...]:
        """What can stand in a row of items to be ordered."""
        return tuple(str(place) for place in range(1, len(self.rows) + 1))

    @property
    def said(self) -> tuple[str, ...]:
        """What is answered, one line each as Markdown; empty when nothing is."""
        if self.rows:
            texts = {choice.key: choice.text for choice in self.choices}
            return tuple(
                f"{row.text or row.key.upper()}: {texts.get(row.given, row.given)}" for row in self.rows if row.given
            )
        if self.choices:
            return tuple(choice.text for choice in self.choices if choice.chosen)
        return (str(self.value),) if self.value is not None else ()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One option, item, pair or blank of a reviewed question.

    ``right`` is None where the solution is not shown; ``given`` and ``expected``
    are texts of lines that are not simply chosen or not.
    """

    label: str
    text: str
    chosen: bool = False
    right: bool | None = None
    given: str = ""
    expected: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A response as it is looked back on, with the solution where that may be shown."""

    stem: str
    lines: tuple[ReviewLine, ...] = ()
    given: str = ""
    expected: tuple[str, ...] = field(default=())


FormData = Callable[[str], Sequence[str]]
"""All values of one form field, in order: ``request.POST.getlist``."""


class UnreadableError(ValueError):
    """A response that does not have the shape of its question; the text says what was expected."""


class QuestionType(ABC):
    """One type of question. Instances hold no state."""

    name: ClassVar[str]
    label: ClassVar[str]
    """Marked for translation (``gettext_noop``)."""
    uses: ClassVar[frozenset[str]]
    """Fields of the body that belong to this type, beyond those of every question."""
    schemes: ClassVar[tuple[str, ...]] = ()
    """Partial-credit schemes that it knows; the first is the default."""
    always_shuffled: ClassVar[bool] = False
    """The author's order is the solution, or shows it."""

    # -- definition --------------------------------------------------------------
    @abstractmethod
    def check(self, body: QuestionBody) -> None:
        """Raise ``ValueError`` with a sentence when *body* is no whole question of this type."""

    def order(self, body: QuestionBody) -> list[str]:
        """Ids whose order an attempt pins, in the author's order; empty when there are none."""
        return []

    def scheme(self, body: QuestionBody) -> str:
        return body.scheme or self.schemes[0]

    # -- answering ---------------------------------------------------------------
    @abstractmethod
    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        """What to show, with *value* filled in."""

    @abstractmethod
    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        """The public value that a form says under the field *name*."""

    @abstractmethod
    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        """The value that *public* (under keys) means; :class:`UnreadableError` when it does not fit."""

    @abstractmethod
    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        """*value* under keys; the inverse of :meth:`normalise`."""

    def remark(self, body: QuestionBody, value: Value, mark: DecimalMark) -> str:
        """Something worth telling at once that gives nothing away ("read as 1234 kg"), or nothing."""
        return ""

    def can_be_read(self, body: QuestionBody, value: Value, mark: DecimalMark) -> bool:
        """Whether *value*, which is not None, says something that can be graded: what cannot is no answer yet."""
        return True

    # -- grading -----------------------------------------------------------------
    @abstractmethod
    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        """How far *value*, which is not None, is right."""

    @abstractmethod
    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        """What was answered, beside the solution when *key* is true."""


def letter(index: int) -> str:
    """Key of the option at *index* of an order."""
    return LETTERS[index]


def keys_of(order: Sequence[str]) -> dict[str, str]:
    """Id -> key."""
    return {name: LETTERS[index] for index, name in enumerate(order)}


def ids_of(order: Sequence[str]) -> dict[str, str]:
    """Key -> id."""
    return {LETTERS[index]: name for index, name in enumerate(order)}


def one_text(data: FormData, name: str) -> str:
    values = data(name)
    return values[-1] if values else ""


def read_text(public: Any, longest: int) -> str | None:
    """A typed text as it was typed, without blanks around; None for an empty one."""
    if public is None:
        return None
    if not isinstance(public, str):
        raise UnreadableError("a text is expected")
    if "\x00" in public or any("\ud800" <= character <= "\udfff" for character in public):
        raise UnreadableError("a text without null characters and broken surrogates is expected")
    text = public.strip()
    if len(text) > longest:
        raise UnreadableError(f"the text has {len(text)} characters; at most {longest} are kept")
    return text or None


def read_mapping(public: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(public, Mapping) or not all(isinstance(key, str) for key in public):
        raise UnreadableError(f"an object is expected: {what}")
    return public
