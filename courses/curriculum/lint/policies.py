"""What a program's policy states: its points, its grade bands, and pass rules that always or never hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import number_of, parts_of
from courses.curriculum.lint.register import Rule, check
from courses.curriculum.merge.figures import Span, span
from courses.curriculum.sources.claims import Claim, Statement

_ACTIVITIES = {"quizzes": "quiz", "projects": "project", "labs": "lab"}
_EXTRA = re.compile(r"\b(?:bonus|extra)\b", re.IGNORECASE)
HUNDRED = Decimal(100)


def _mappings(claim: Claim, prefix: str) -> dict[str, dict[str, Any]]:
    """The entries of a list by their field, whether each is one value or a field a key (``rules.0.measure``)."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in parts_of(claim, prefix):
        place, _, key = name[len(prefix) + 1 :].partition(".")
        if key:
            found.setdefault(f"{prefix}.{place}", {})[key] = value
        elif isinstance(value, dict):
            found[f"{prefix}.{place}"] = value
    return found


@dataclass(frozen=True, slots=True)
class _Component:
    """A part of the grade: how much it counts, and what one of its items does."""

    name: str
    activities: str
    points: Decimal | None
    each: Decimal | None
    count: Decimal | None
    weight: Decimal | None


def _components(policy: Claim) -> list[_Component]:
    """The parts that a document gives points or shares; none for native policies, whose items are elsewhere."""
    shares = [number_of(value) for _, value in parts_of(policy, "stated.weights")]
    entries = [(name, value) for name, value in _mappings(policy, "components").items() if "title" in value]
    found = []
    for place, (name, value) in enumerate(entries):
        each, count = number_of(value.get("points_each")), number_of(value.get("count"))
        points = each * count if each is not None and count is not None else number_of(value.get("points"))
        weight = shares[place] if len(shares) == len(entries) else None
        if not _EXTRA.search(str(value["title"])):
            found.append(_Component(name, str(value.get("activities") or ""), points, each, count, weight))
    return found


@check(Rule("sums.total_points", "warning", "What can be earned in all parts is the stated total"))
def total_points(statement: Statement) -> Iterator[Finding]:
    for policy in _policies(statement):
        stated = number_of(policy.get("stated.points"))
        parts = _components(policy)
        points = [part.points for part in parts if part.points is not None]
        if stated is not None and points and len(points) == len(parts) and sum(points) != stated:
            yield Finding(
                "sums.total_points", "warning", *policy.place("stated.points"),
                f"The parts give {' + '.join(f'{each:f}' for each in points)} = {sum(points):f} points; "
                f"{stated:f} are stated.",
                "Correct the total, or the points of a part.", tuple(policy.place(part.name) for part in parts),
            )  # fmt: skip


@check(Rule("policies.unmeasured", "warning", "Every part of the grade is an activity of the program"))
def unmeasured(statement: Statement) -> Iterator[Finding]:
    """A part that is none weighs nothing, so that what is left weighs more than the document says."""
    for policy in _policies(statement) if statement.kind != "native" else ():
        entries = {name: value for name, value in _mappings(policy, "components").items() if "title" in value}
        left = [str(value["title"]) for value in entries.values() if value.get("activities")]
        for name, value in entries.items():
            if value.get("activities") or _EXTRA.search(str(value["title"])):
                continue
            others = f"{', '.join(left)} {'count' if len(left) > 1 else 'counts'} for more than is stated"
            yield Finding(
                "policies.unmeasured", "warning", *policy.place(name),
                f"{str(value['title'])!r} is a part of the grade and no quiz, lab or project of the program, so "
                f"{others if left else 'nothing counts'}.",
                "Add it as a quiz, lab or project and call it that here, or state the shares without it.",
            )  # fmt: skip


@check(Rule("sums.passing_points", "warning", "Points beside a percentage of a pass rule are that percentage"))
def passing_points(statement: Statement) -> Iterator[Finding]:
    for policy in (*_policies(statement), *statement.of_kind("rubric")):
        for name, rule in _mappings(policy, "rules").items():
            percent, got, out_of = (number_of(rule.get(key)) for key in ("at_least", "points", "out_of"))
            if not str(rule.get("measure") or "").endswith("percent") or percent is None or not got or not out_of:
                continue
            if abs(got - percent * out_of / HUNDRED) >= Decimal(1).scaleb(_exponent(got)):
                yield Finding(
                    "sums.passing_points", "warning", *policy.place(name),
                    f"{got:f} of {out_of:f} points are {100 * got / out_of:.1f} %, not {percent:f} %; the percentage "
                    "is what counts.",
                    "Make both say the same.",
                )  # fmt: skip


def _exponent(figure: Decimal) -> int:
    """The place of the last digit, by which a figure may be rounded: 0 of 350, -1 of 3.5."""
    exponent = figure.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _policies(statement: Statement) -> Iterator[Claim]:
    return statement.of_kind("policy")


@dataclass(frozen=True, slots=True)
class _Band:
    name: str
    label: str
    low: Decimal
    high: Decimal | None
    open: bool


def _bands(policy: Claim, unit: str) -> list[_Band]:
    """The grade bands in *percent* or *points*, the best one first."""
    found: list[_Band] = []
    for name, value in _mappings(policy, "stated.bands").items():
        ends: Span | None = span(value.get(unit)) if isinstance(value.get(unit), dict) else None
        if ends:
            below = "below" in value[unit]
            found.append(_Band(name, str(value.get("label")), ends[0] or Decimal(), ends[1], below))
    if not found and unit == "percent":
        for name, value in _mappings(policy, "scale.bands").items():
            low = number_of(value.get("from_percent"))
            if low is not None:
                found.append(_Band(f"{name}.from_percent", str(value.get("label")), low, None, False))
    return sorted(found, key=lambda band: -band.low)


@check(
    Rule("sums.band_gap", "warning", "Every result has a grade"),
    Rule("sums.band_overlap", "warning", "No result has two grades"),
    Rule("sums.band_points", "warning", "The points of a grade are those of its percentage"),
)
def bands(statement: Statement) -> Iterator[Finding]:
    """Bands are read by their lower ends; 539 to 540 is no gap."""
    for policy in _policies(statement):
        whole = number_of(policy.get("stated.points"))
        for unit, most in (("percent", HUNDRED), ("points", whole)):
            yield from _joints(policy, _bands(policy, unit), unit, most)
        yield from _band_points(policy, whole)


def _joints(policy: Claim, found: list[_Band], unit: str, most: Decimal | None) -> Iterator[Finding]:
    if len(found) < 2:
        return
    shown = "%" if unit == "percent" else "points"
    best, last = found[0], found[-1]
    if most is not None and best.high is not None and best.high < most:
        yield _gap(policy, best, f"Nothing says which grade more than {best.high:f} {shown} is")
    for upper, lower in pairwise(found):
        if lower.high is None and lower.low != upper.low:
            continue
        high = lower.high if lower.high is not None else lower.low
        if upper.low - high > (0 if lower.open else 1):
            yield _gap(policy, lower, f"Nothing says which grade {high:f} to {upper.low:f} {shown} is", upper)
        elif high > upper.low or (high == upper.low and not lower.open):
            yield Finding(
                "sums.band_overlap", "warning", *policy.place(_place(policy, lower.name)),
                f"{upper.low:f} {shown} is {upper.label} and {lower.label}; the better grade counts.",
                "Let one band end where the next begins.", (policy.place(_place(policy, upper.name)),),
            )  # fmt: skip
    if last.low > 0:
        yield _gap(policy, last, f"Nothing says which grade less than {last.low:f} {shown} is")


def _gap(policy: Claim, band: _Band, message: str, other: _Band | None = None) -> Finding:
    related = (policy.place(_place(policy, other.name)),) if other else ()
    place = policy.place(_place(policy, band.name))
    return Finding("sums.band_gap", "warning", *place, f"{message}.", "Let the bands follow each other.", related)


def _place(policy: Claim, name: str) -> str:
    return name if name in policy.fields else next((each for each in policy.fields if each.startswith(name)), name)


def _band_points(policy: Claim, whole: Decimal | None) -> Iterator[Finding]:
    points = {band.name: band for band in _bands(policy, "points")}
    for band in _bands(policy, "percent") if whole else ():
        other = points.get(band.name)
        if other is None or whole is None:
            continue
        share, stated = (band.high, other.high) if band.open else (band.low, other.low)
        if share is not None and stated is not None and abs(share * whole / HUNDRED - stated) >= 1:
            yield Finding(
                "sums.band_points", "warning", *policy.place(band.name),
                f"{share:f} % of {whole:f} points are {share * whole / HUNDRED:f}, and {band.label} has {stated:f}; "
                "the percentage is what counts.",
                "Make both say the same.",
            )  # fmt: skip


@check(
    Rule("policies.unreachable", "error", "Every pass rule can be met"),
    Rule("policies.never_fails", "info", "Every pass rule can be the one that fails"),
)
def pass_rules(statement: Statement) -> Iterator[Finding]:
    """Of native policies the evaluator itself is asked; they keep a rule that follows from others on purpose."""
    for policy in _policies(statement) if statement.kind != "native" else ():
        parts = _components(policy)
        for name, rule in _mappings(policy, "rules").items():
            least, most = number_of(rule.get("at_least")), _most(policy, rule, parts)
            place = policy.place(_place(policy, f"{name}.at_least" if f"{name}.at_least" in policy.fields else name))
            if least is None:
                continue
            if most is not None and least > most:
                yield Finding(
                    "policies.unreachable", "error", *place,
                    f"Nobody can meet the rule {str(rule.get('text') or name)!r}: it asks for {least:f}, and "
                    f"{most:f} is all there is.",
                    "Correct the figure.",
                )  # fmt: skip
            elif others := _implied(policy, name, rule, parts):
                yield Finding(
                    "policies.never_fails", "info", *place,
                    f"The rule {str(rule.get('text') or name)!r} follows from the others and is never the one that "
                    "fails.",
                    "Leave it where it says so on purpose, else raise it or remove it.",
                    tuple(policy.place(each) for each in others),
                )  # fmt: skip


def _part(rule: dict[str, Any], parts: list[_Component]) -> _Component | None:
    """The component that a rule is about, where it is one."""
    found = [part for part in parts if part.activities == _ACTIVITIES.get(str(rule.get("of") or ""), "-")]
    return found[0] if len(found) == 1 else None


def _most(policy: Claim, rule: dict[str, Any], parts: list[_Component]) -> Decimal | None:
    """The most that the measure of a rule can be; None where nobody knows."""
    measure, part = str(rule.get("measure") or ""), _part(rule, parts)
    if measure.endswith("percent"):
        return max(HUNDRED, number_of(policy.get("cap_percent")) or HUNDRED)
    if measure == "number_of_items":
        return part.count if part else None
    if measure.endswith("points"):
        each = _points(policy, measure, part)
        out_of = number_of(rule.get("out_of"))
        return min((figure for figure in (each, out_of) if figure is not None), default=None)
    return None


def _points(policy: Claim, measure: str, part: _Component | None) -> Decimal | None:
    if measure == "overall_points":
        return number_of(policy.get("stated.points"))
    return part.each if part else None


def _implied(policy: Claim, name: str, rule: dict[str, Any], parts: list[_Component]) -> list[str]:
    """The other rules from which an overall percentage follows; empty where it does not."""
    if rule.get("measure") != "overall_percent" or not parts:
        return []
    sure, counted, others = Decimal(), Decimal(), []
    for part in parts:
        size = part.weight if part.weight is not None else part.points
        found = [
            (share, other)
            for other, each in _mappings(policy, "rules").items()
            if other != name and _part(each, parts) is part and (share := _share(each, part)) is not None
        ]
        if size is None or not found:
            return []
        share, other = max(found)
        sure, counted = sure + share * size, counted + size
        others.append(other)
    least = number_of(rule.get("at_least"))
    return others if counted and least is not None and 100 * sure / counted >= least else []


def _share(rule: dict[str, Any], part: _Component) -> Decimal | None:
    """Which share of a component a rule secures at least."""
    measure, least = str(rule.get("measure") or ""), number_of(rule.get("at_least"))
    if least is None:
        return None
    if measure in ("each_item_percent", "component_percent"):
        return least / HUNDRED
    out_of = number_of(rule.get("out_of")) or part.each
    return least / out_of if measure in ("each_item_points", "component_average_points") and out_of else None
