"""The form of an attempt: what a browser posts, with or without scripts.

Every question brings three fields: its answer (``q3``, or ``q3.a`` ... for
several places), the version it was shown at (``q3.version``) and the answer it
was shown with (``q3.known``). What a person did not touch in this tab is not
sent on, so an old tab overwrites nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from assessments.questions import InvalidResponse, form_value, normalise_response
from assessments.selectors import QuestionAsked
from assessments.services import SentResponse

LARGEST_VERSION = 2**31 - 1


def touched_answers(asked: Iterable[QuestionAsked], data: QueryDict) -> list[SentResponse]:
    """The answers that differ from what the page was shown with; not checked yet."""
    sent = []
    for question in asked:
        name = f"q{question.number}"
        version = data.get(f"{name}.version")
        if version is None:
            continue
        value = form_value(question.type, question.body, name, data.getlist)
        if _touched(question, value, data.get(f"{name}.known", "null")):
            sent.append(SentResponse(question.number, value, _version(version)))
    return sent


def _version(text: str) -> int:
    """The version a form states; what is none never fits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else LARGEST_VERSION


def _touched(question: QuestionAsked, value: Any, known: str) -> bool:
    def read(public: Any) -> Any:
        return normalise_response(question.type, question.body, public, question.order)

    try:
        return bool(read(value) != read(json.loads(known)))
    except (ValueError, InvalidResponse):
        # Unreadable: the service says what is wrong with it.
        return True
