"""What of a question decides how an answer is graded, apart from its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WHOLE = (
    "type", "bonus", "scheme", "answer", "tolerance", "tolerance_percent", "unit", "units", "unit_required", "accepted",
)  # fmt: skip
_PARTS = {"options": ("id", "right"), "items": ("id",), "blanks": ("id", "accepted")}
_UNORDERED = ("options", "blanks")


def key_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Points, key and scheme of a question's body: two bodies with the same grade every answer alike."""
    key: dict[str, Any] = {name: body[name] for name in _WHOLE if body.get(name)}
    key["answer"] = body.get("answer")
    key["points"] = str(body.get("points", 1))
    for name, fields in _PARTS.items():
        parts = [tuple(str(entry.get(each) or "") for each in fields) for entry in body.get(name) or ()]
        key[name] = sorted(parts) if name in _UNORDERED else parts
    first: dict[str, str] = {}
    # Equal right sides are one: what matters is which pairs share one.
    key["pairs"] = sorted((pair["id"], first.setdefault(pair["right"], pair["id"])) for pair in body.get("pairs") or ())
    return key
