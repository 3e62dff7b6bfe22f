"""JSON as plain values, by the rules of what crosses between two sandboxes, and no deeper than other formats."""

from __future__ import annotations

import re
from typing import Any, Final

from grading.checks.kit.plain import Unplain, decode
from grading.checks.structure.reading import DEPTH, Misread, Refused

LISTS: Final = 50_000
"""Lists and mappings in one text."""
# A text without an end reaches to the end, so that it is looked at once.
_PIECE: Final = re.compile(r'"(?:[^"\\]+|\\.?)*+("?)|[^\[\]{}"]+|[\[\]{}]', re.DOTALL)


def json_value(text: str) -> Any:
    depth = opened = 0
    for piece in _PIECE.finditer(text):
        if piece[1] == "":
            raise Misread("It is no JSON: a text has no end.")
        if piece[0] in ("[", "{"):
            depth += 1
            opened += 1
        elif piece[0] in ("]", "}"):
            depth -= 1
        if opened > LISTS:
            raise Refused(f"It has more than {LISTS} lists and mappings.")
        if depth > DEPTH:
            raise Refused(f"It is nested deeper than {DEPTH} levels.")
    try:
        return decode(text.encode())
    except Unplain as error:
        raise Misread(f"It is no JSON that can be used: {str(error)[:200]}.") from None
