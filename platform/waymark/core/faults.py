"""What is wrong with a value that a model does not take, in words of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Context = Mapping[str, Any]
_SHOWN = 60


def _least(ctx: Context) -> str:
    return "is empty" if ctx["min_length"] == 1 else f"needs at least {ctx['min_length']} entries"


_NUMBER, _WHOLE = "needs a number", "needs a whole number"
_DATE = "needs a date, as 2026-01-31"
# By pydantic's names of faults: what the value is or needs. The value is shown but for those in ``_BARE``.
_WORDS: dict[str, str | Callable[[Context], str]] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "needs a text",
    "string_too_short": lambda ctx: (
        "is empty" if ctx["min_length"] == 1 else f"needs at least {ctx['min_length']} characters"
    ),
    "string_too_long": lambda ctx: f"has more than {ctx['max_length']} characters",
    "string_pattern_mismatch": "does not have the form that it needs",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_places": lambda ctx: f"has more than {ctx['decimal_places']} decimal places",
    "decimal_max_digits": lambda ctx: f"has more than {ctx['max_digits']} digits",
    "decimal_whole_digits": lambda ctx: f"has more than {ctx['whole_digits']} digits before the point",
    "greater_than_equal": lambda ctx: f"must be at least {_plain(ctx['ge'])}",
    "greater_than": lambda ctx: f"must be more than {_plain(ctx['gt'])}",
    "less_than_equal": lambda ctx: f"must be at most {_plain(ctx['le'])}",
    "less_than": lambda ctx: f"must be less than {_plain(ctx['lt'])}",
    "bool_type": "needs true or false",
    "bool_parsing": "needs true or false",
    "literal_error": lambda ctx: f"must be {ctx['expected']}",
    "enum": lambda ctx: f"must be {ctx['expected']}",
    "list_type": "needs a list",
    "tuple_type": "needs a list",
    "set_type": "needs a list",
    "dict_type": "needs keys with values",
    "mapping_type": "needs keys with values",
    "model_type": "needs keys with values",
    "model_attributes_type": "needs keys with values",
    "too_short": _least,
    "too_long": lambda ctx: f"has more than {ctx['max_length']} entries",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _DATE,
    "datetime_parsing": _DATE,
    "datetime_from_date_parsing": _DATE,
    "none_required": "must be left out",
    "union_tag_not_found": lambda ctx: f"needs {ctx['discriminator']}",
    "union_tag_invalid": lambda ctx: f"must be one of {ctx['expected_tags']}",
}  # fmt: skip
_BARE = (
    "missing", "extra_forbidden", "string_too_long", "too_long", "too_short", "string_too_short",
    "string_pattern_mismatch", "decimal_max_places", "decimal_max_digits", "decimal_whole_digits",
)  # fmt: skip


def place_of(fault: Mapping[str, Any]) -> str:
    """Where the value stands, dotted (``levels.2.text``); empty for the whole."""
    # Which of several forms was tried is pydantic's own matter.
    return ".".join(str(part) for part in fault["loc"] if not (isinstance(part, str) and set(part) & set("[(-")))


def said_of(fault: Mapping[str, Any]) -> str:
    """What is wrong, without the place: *needs a number, not 'many'*.

    :param fault: one of ``ValidationError.errors()``.
    """
    name, ctx = fault["type"], fault.get("ctx", {})
    if name in ("value_error", "assertion_error"):
        return str(ctx.get("error", "")) or "cannot be used"
    words = _WORDS.get(name, "cannot be used as it is")
    said = words if isinstance(words, str) else words(ctx)
    if name == "string_pattern_mismatch":
        return f"{said}: {_shown(fault.get('input'))}"
    return said if name in _BARE else f"{said}, not {_shown(fault.get('input'))}"


def fault_told(fault: Mapping[str, Any], whole: str = "") -> str:
    """Place and fault as a clause: *points needs a number, not 'many'*.

    :param whole: what the value as a whole is called, where no place in it is meant.
    """
    place, said = place_of(fault) or whole, said_of(fault)
    if not place:
        return said
    return f"{place}: {said}" if fault["type"] in ("value_error", "assertion_error") else f"{place} {said}"


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case Mapping():
            return "keys with values"
        case list() | tuple():
            return "a list"
        case str():
            return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")
    return _plain(value)[:_SHOWN]
