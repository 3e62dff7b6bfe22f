"""Answers to questions of a quiz, read from what the author wrote."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from assessments.models import Attempt, AttemptQuestion, Response
from assessments.questions.base import keys_of


def right_answer(body: dict[str, Any]) -> Any:
    """The right answer to a question of any type, in the shape that its type keeps: under the author's ids."""
    right = [option["id"] for option in body.get("options") or () if option.get("right")]
    match body["type"]:
        case "single" | "code_reading":
            return right[0]
        case "multiple":
            return right
        case "true_false":
            return body["answer"]
        case "numeric":
            return str(body["answer"])
        case "short_text":
            return plain(body["accepted"])
        case "ordering":
            return {item["id"]: place for place, item in enumerate(body["items"], start=1)}
        case "matching":
            return {pair["id"]: pair["id"] for pair in body["pairs"]}
        case "fill_in":
            return {blank["id"]: plain(blank["accepted"]) for blank in body["blanks"]}
    raise AssertionError(f"no right answer is known for the type {body['type']}")


def plain(accepted: list[str]) -> str:
    """The first accepted text that is no pattern."""
    return next(text for text in accepted if not text.startswith("/"))


def asked_in(attempt: Attempt) -> list[AttemptQuestion]:
    return list(AttemptQuestion.objects.filter(attempt=attempt).select_related("revision"))


def fill(attempt: Attempt, *, empty_every: int = 0, only: int | None = None) -> None:
    """Answer an open attempt rightly, leaving every *empty_every*-th question or all after *only* empty."""
    for asked in asked_in(attempt):
        if (empty_every and asked.position % empty_every == 0) or (only is not None and asked.position > only):
            continue
        Response.objects.filter(attempt_question=asked).update(
            value=right_answer(asked.revision.body), version=1, saved_at=attempt.started_at
        )


def answer_on_page(page: Page, asked: AttemptQuestion) -> str:
    """Answer a question rightly with what its control offers; its type."""
    body, name = asked.revision.body, f"q{asked.position}"
    value, letters = right_answer(body), keys_of(asked.order)
    question = page.locator(f"#{name}")
    match body["type"]:
        case "single" | "code_reading":
            question.locator(f"input[value='{letters[value]}']").check()
        case "multiple":
            for option in value:
                question.locator(f"input[value='{letters[option]}']").check()
        case "true_false":
            question.locator(f"input[value='{str(value).lower()}']").check()
        case "ordering":
            for item, place in value.items():
                question.locator(f"[name='{name}.{letters[item]}']").select_option(str(place))
        case "matching":
            rows = keys_of([pair["id"] for pair in body["pairs"]])
            for pair, other in value.items():
                question.locator(f"[name='{name}.{rows[pair]}']").select_option(same_right(body, letters, other))
        case "fill_in":
            gaps = keys_of(sorted(value, key=lambda gap: body["stem"].index("{{" + gap + "}}")))
            for gap, text in value.items():
                question.locator(f"[name='{name}.{gaps[gap]}']").fill(text)
        case _:
            question.locator(f"[name='{name}']").fill(value)
    return str(body["type"])


def same_right(body: dict[str, Any], letters: dict[str, str], wanted: str) -> str:
    """The letter of an entry; entries of the same text are offered once."""
    texts = {pair["id"]: pair["right"] for pair in body["pairs"]}
    return next(letter for other, letter in letters.items() if texts.get(other) == texts[wanted])
