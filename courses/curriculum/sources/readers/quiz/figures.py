"""Figures that are answers, with what stands around them: ``$2.50``, ``~14 GB``, ``43.2 minutes (± 0.5)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from courses.curriculum.bodies.base import number_text

_FIGURE = r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?:[eE][-+]?\d{1,2})?"
_ABOUT = r"(?:[~\u2248\u2243]|\b(?:about|approx(?:\.|imately)?|roughly|around|circa|ca\.|some)\s)?\s*+"
_CURRENCY = r"(?:US)?\$|[\u20ac\u00a3\u00a5\u20b9]"
_KNOWN = (
    r"(?:%|\u2030|\u00b0[CF]?|[x\u00d7](?!\w)|[kKMGTP]?i?(?:B|b)(?:it|its|yte|ytes|ps)?|[kMGTP]?(?:Hz|W|Wh|FLOPS|FLOP)"
    r"|[m\u00b5\u03bcun]?s|min|h|hrs?|d)(?![A-Za-z\d])"
)
# A unit beside the figure is known; behind a blank it may be any word in small letters, or in capitals only.
_NO_UNIT = r"(?:only|plus|and|or|to|of|in|is|because|since)\b"
_UNIT = rf"(?:{_KNOWN}|\s++(?:{_KNOWN}|(?!{_NO_UNIT})[a-z][a-z-]{{0,19}}+(?![A-Z\d])|v?[A-Z]{{2,8}}s?\b))"
_PER = r"(?:\s?/\s?[A-Za-z]{1,12}|\s+per\s+[A-Za-z]{1,12})"
_MARGIN = re.compile(
    r"\s*+[(,]?+\s*+(?:\u00b1|\+/?-|plus or minus\b|within\b|tolerance:?)\s*+"
    rf"(?P<margin>{_FIGURE})(?P<of>{_UNIT}{_PER}?)?\s*+\)?",
)
_HEAD = re.compile(
    rf"{_ABOUT}(?P<money>{_CURRENCY})?\s?(?P<figure>{_FIGURE})(?P<unit>(?:\s?(?:{_CURRENCY})|{_UNIT}){_PER}?)?"
)
# What explains a figure: in parentheses, behind a dash, or in a sentence of its own.
_WHY = re.compile(
    r"(?:\s*+\((?!\s*(?:also|or|accept\w*)\b)(?P<inside>[^()]*[A-Za-z=*/\u00d7][^()]*)\)"
    r"|\s+[\u2013\u2014-]\s+(?P<dash>(?:[A-Za-z\"'`(]|\d[\d.,]*\s*[+*/\u00d7=^]).*)|[.;:,]\s+(?!(?:also|or|and|then)\b)(?P<rest>[A-Za-z]{2}.*)"
    r"|\s+(?P<because>(?:because|since)\b.*))?\.?",
    re.DOTALL,
)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, its unit, and how far an answer may be from it.

    :ivar share: the margin in percent of the value.
    :ivar why: what explains it.
    """

    value: str
    unit: str = ""
    margin: str = ""
    share: str = ""
    why: str = ""


def value_of(figure: str) -> str:
    """``1,200.50`` as ``1200.5`` and ``2,5`` as ``2.5``: a comma before three figures divides thousands.

    ``0,125`` begins with no thousands.
    """
    plain = figure.replace("\u2212", "-").lstrip("+")
    grouped = re.fullmatch(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?:[eE].*)?", plain)
    return number_text(Decimal(plain.replace(",", "" if grouped else ".")))


def figure_of(text: str) -> Figure | None:
    """The figure that a text is; None where it says anything else, or more than one.

    :param text: without marks of emphasis.
    """
    words = text[:_LONGEST].strip("` ")
    head = _HEAD.match(words)
    if head is None:
        return None
    unit = (head["money"] or head["unit"] or "").strip()
    margin = _MARGIN.match(words, head.end())
    why = _WHY.fullmatch(words, margin.end() if margin else head.end())
    if why is None or (head["money"] and head["unit"]):
        return None
    reason = next((each for each in why.groups() if each), "").strip()
    if margin is None:
        return Figure(value_of(head["figure"]), unit, why=reason)
    value = value_of(margin["margin"])
    share = (margin["of"] or "").strip() == "%" != unit
    return Figure(value_of(head["figure"]), unit, "" if share else value, value if share else "", reason)


def margin_of(text: str) -> tuple[str, str]:
    """What a label says of how far an answer may be from its value: the margin, and the margin in percent."""
    found = re.fullmatch(rf"(?:\u00b1|\+/?-)?\s*(?P<margin>{_FIGURE})\s*(?P<of>%)?(?:{_UNIT})?\.?", text.strip())
    if found is None:
        return "", ""
    value = value_of(found["margin"])
    return ("", value) if found["of"] else (value, "")
