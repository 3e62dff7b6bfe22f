"""What the rest of the product calls: a question by the name of its type and its body as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assessments.questions.base import (
    UNANSWERED,
    Control,
    DecimalMark,
    FormData,
    QuestionResult,
    Review,
    UnreadableError,
    Value,
)
from assessments.questions.order import in_seeded_order
from assessments.questions.registry import question_type
from waymark.core.errors import Invalid

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody

Body = Mapping[str, Any]


class InvalidResponse(Invalid):
    """A response that does not fit its question: 400, ``where`` names the question."""

    code = "response_unreadable"


def _parts(type: str, body: Body) -> QuestionBody:
    # Here and not above: the body model itself asks the registry of this package.
    from assessments.curriculum.bodies import QuestionBody

    parsed = QuestionBody.model_validate(dict(body))
    if parsed.type != type:
        raise ValueError(f"the body is of a {parsed.type} question, not {type}")
    return parsed


def grade_question(type: str, body: Body, response: Value, *, decimal_mark: DecimalMark = ".") -> QuestionResult:
    """How far *response* answers a question; pure, exact, and the same for ever.

    :param type: name of the question type (``body["type"]``).
    :param body: body of the question's pinned revision, as stored.
    :param response: normalised value of ``Response.value``; None is unanswered.
    :param decimal_mark: how the program writes decimals; it decides only where a
        typed number could be read in two ways (``1,234``).
    """
    if response is None:
        return UNANSWERED
    return question_type(type).grade(_parts(type, body), response, decimal_mark)


def is_answered(type: str, body: Body, response: Value, *, decimal_mark: DecimalMark = ".") -> bool:
    """Whether a normalised value chooses or says anything that can be read as an answer."""
    return response is not None and question_type(type).can_be_read(_parts(type, body), response, decimal_mark)


def option_order(type: str, body: Body, *, seed: int, question: str, shuffle: bool) -> list[str]:
    """The order of a question's options in one attempt, reproducible from its seed.

    :param question: something stable that tells the questions of a quiz apart.
    :param shuffle: what the quiz says; types whose own order shows the solution
        are shuffled in any case.
    """
    kind = question_type(type)
    ids = kind.order(_parts(type, body))
    if not (shuffle or kind.always_shuffled):
        return ids
    return in_seeded_order(ids, seed=seed, purpose=f"options:{question}")


def order_left(type: str, body: Body, order: Sequence[str]) -> list[str]:
    """Of the order in which an attempt showed its options, those that *body* still has."""
    there = set(question_type(type).order(_parts(type, body)))
    return [name for name in order if name in there]


def control_of(type: str, body: Body, response: Value, order: Sequence[str]) -> Control:
    """What a page or client needs to let somebody answer; nothing of the solution."""
    return question_type(type).control(_parts(type, body), response, order)


def form_value(type: str, body: Body, name: str, data: FormData) -> Any:
    """The public value that a form field *name* states; not checked yet."""
    return question_type(type).from_form(_parts(type, body), name, data)


def normalise_response(type: str, body: Body, public: Any, order: Sequence[str], *, where: str = "") -> Value:
    """The value to keep for what a page or client sent; :class:`InvalidResponse` (400) when it does not fit."""
    if public is None:
        return None
    try:
        return question_type(type).normalise(_parts(type, body), public, order)
    except UnreadableError as error:
        raise InvalidResponse(f"The answer cannot be read: {error}.", where=where) from error


def public_value(type: str, body: Body, response: Value, order: Sequence[str]) -> Any:
    """A kept value under the keys of one attempt, as pages and clients know them."""
    return None if response is None else question_type(type).public(_parts(type, body), response, order)


def remark_on(type: str, body: Body, response: Value, *, decimal_mark: DecimalMark = ".") -> str:
    """A sentence about how an answer was read, or nothing; it never says whether it is right."""
    return "" if response is None else question_type(type).remark(_parts(type, body), response, decimal_mark)


def review_question(
    type: str, body: Body, response: Value, order: Sequence[str], *, key: bool, decimal_mark: DecimalMark = "."
) -> Review:
    """A response to look back on.

    :param key: whether the solution and the feedback on options may be shown.
    """
    return question_type(type).review(_parts(type, body), response, order, key=key, mark=decimal_mark)
