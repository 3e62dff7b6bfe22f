"""Thresholds in the words of a criterion: *image below 2 GB*, *p95 < 300 ms and cost down 20 %*."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from courses.curriculum.bodies.base import number_text
from courses.curriculum.sources.values import NUMBER, number

_OPS = {
    "<": "<", "<=": "<=", "\u2264": "<=", ">": ">", ">=": ">=", "\u2265": ">=", "=": "=",
    "less than": "<", "under": "<", "below": "<", "smaller than": "<", "fewer than": "<", "within": "<=",
    "at most": "<=", "no more than": "<=", "up to": "<=", "more than": ">", "over": ">", "above": ">",
    "greater than": ">", "at least": ">=", "no less than": ">=", "minimum": ">=",
}  # fmt: skip
_UNIT = r"%|percent|[kKMGT]i?B|ms|s|min(?:utes?)?|seconds?|hours?|h|days?|x|requests?/s|rps|qps"
_CHANGE = r"reduced|lowered|decreased|improved|increased|raised|cut|down|up"
_OP_FIRST = re.compile(
    r"(?P<op>" + "|".join(re.escape(op) for op in sorted(_OPS, key=len, reverse=True)) + r")\s*"
    rf"(?P<value>{NUMBER})\s*(?P<unit>{_UNIT})?(?!\w|\.\d)", re.IGNORECASE,
)  # fmt: skip
_OP_LAST = re.compile(
    rf"(?P<value>{NUMBER})\s*+(?P<unit>{_UNIT})?\s*+(?P<op>or more|or higher|or better|\+|or less|or fewer)",
    re.IGNORECASE,
)
# "reduced by 30 %", "down 20 % or more": at least so much; what changes, and how, is the measure.
_CHANGED = re.compile(
    rf"(?<=\s)(?P<how>{_CHANGE})\s(?:by\s)?(?:at least\s)?(?P<value>{NUMBER})\s*(?P<unit>{_UNIT})(?!\w)"
    r"(?:\sor\s(?:more|better))?",
    re.IGNORECASE,
)
# What divides two thresholds of one sentence; "or" makes alternatives, which are one criterion.
_BETWEEN = re.compile(r"\s*(?:[,;]\s*(?:and\s)?|\s(?:and|with|while|at|plus|&)\s)\s*", re.IGNORECASE)
_OUT_OF = re.compile(r"\s?(?:/|out of)\s?(\d{1,4})\b", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\d.{0,60}\bor$", re.IGNORECASE)
# "Achieve at least 90 % utilization": what is measured stands behind.
_VERB = re.compile(r"(?:achiev|reach|hit|keep|maintain|get|attain|sustain)\w{0,3}(?: (?:an?|the))?", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)


def _found(text: str) -> list[re.Match[str]]:
    """The thresholds of a text, in order."""
    found = [*_CHANGED.finditer(text)]
    for pattern in (_OP_FIRST, _OP_LAST):
        found += [
            each for each in pattern.finditer(text)
            if not any(other.start() < each.end() and each.start() < other.end() for other in found)
            # Beside another threshold "3.11+" is a version.
            and not (found and each["op"] == "+")
        ]  # fmt: skip
    return sorted(found, key=lambda each: each.start())


def threshold(text: str) -> dict[str, str] | None:
    """The threshold that a criterion holds, as measure, op, value and unit; None where there is none, or several.

    ``Docker image <2GB`` -> *Docker image*, ``<``, 2, GB. The measure is what
    stands before it, else what follows (``\u226570% score`` -> *score*).
    """
    found = _found(text)
    if len(found) != 1:
        return None
    [match] = found
    groups = match.groupdict()
    word = (groups.get("op") or "").casefold()
    op = _OPS.get(word) or ("<=" if word in ("or less", "or fewer") else ">=")
    before = re.split(r"[,;]", text[: match.start()])[-1].strip(" :-\u2013(")
    after = re.split(r"[,;.)]", text[match.end() :])[0].strip(" :-\u2013")
    measure = re.sub(r"\s+(?:is|are|of|with|scores?|must be)$", "", before).strip()
    measure = "" if _VERB.fullmatch(measure) else measure
    measure = f"{measure} {groups['how']}" if measure and groups.get("how") else measure or after
    if out_of := _OUT_OF.match(text, match.end()):
        # "at least 75/100" is a share of what it is out of.
        measure = measure if measure and not measure.startswith("/") else "score"
        share = 100 * Decimal(number(match["value"])) / Decimal(number(out_of[1])) if int(out_of[1]) else Decimal(0)
        return {"measure": measure, "op": op, "value": number_text(round(share, 2)), "unit": "%"}
    if not measure or _ALTERNATIVE.search(before):
        return None
    unit = match["unit"] or ""
    unit = "%" if unit.casefold() == "percent" else unit
    return {"measure": measure, "op": op, "value": number(match["value"]), **({"unit": unit} if unit else {})}


def criteria_of(text: str) -> list[dict[str, str]]:
    """The criteria that one sentence is, each with its text and its threshold if it has one.

    A sentence with several thresholds is one criterion each, divided at what stands between them
    (*p95 < 300 ms and cost down 20 %*); where nothing but *or* does, it is one without a threshold.
    """
    found = _found(text)
    parts, start = [], 0
    for one, other in pairwise(found):
        between = [] if _OR.search(text, one.end(), other.start()) else [
            *_BETWEEN.finditer(text, one.end(), other.start())
        ]  # fmt: skip
        if not between:
            return [{"text": text}]
        parts.append(text[start : between[0].start()])
        start = between[0].end()
    return [{"text": part, **(threshold(part) or {})} for part in (*parts, text[start:])]


_SCORE = re.compile(
    rf"\W*(?:(?:minimum|required|pass\w*|score|mark|grade|threshold|of|is|with|at)\b[\s:]*)*(?P<value>{NUMBER})\s*(?:%|percent\b)"
    r"(?:\s(?:to pass|score|required|minimum|correct))*\W*",
    re.IGNORECASE,
)


def score_of(text: str) -> dict[str, str] | None:
    """The threshold of a quiz whose words say no more than its share: *80 %*, *pass mark 75 %*; None for others."""
    found = _SCORE.fullmatch(text)
    return {"measure": "score", "op": ">=", "value": number(found["value"]), "unit": "%"} if found else None
