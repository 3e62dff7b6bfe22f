"""How a program writes decimals."""

from functools import cache

from django.utils.formats import get_format

from assessments.questions.base import DecimalMark


@cache
def decimal_mark_of(language: str) -> DecimalMark:
    """The decimal mark of a content language: a comma where its people write one, else a point."""
    return "," if get_format("DECIMAL_SEPARATOR", lang=language, use_l10n=True) == "," else "."
