"""Points and weights of rubrics: criteria against their groups and the total, and shares against 100."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import number_of
from courses.curriculum.lint.register import Rule, check
from courses.curriculum.sources.claims import Claim, Statement

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s")
HUNDRED = Decimal(100)


@check(Rule("sums.rubric_points", "error", "The criteria of a rubric add up to its stated points"))
def rubric_points(statement: Statement) -> Iterator[Finding]:
    """Bonus criteria stand beside the sum. Without the true total nobody knows what a grade is out of.

    Criteria with weights in percent are held against 100 by ``sums.weights``.
    """
    for rubric in statement.of_kind("rubric"):
        name = next((name for name in ("points", "stated.points", "stated.total") if name in rubric.fields), None)
        stated = number_of(rubric.get(name)) if name else None
        criteria = _criteria(rubric)
        found = _sum(criteria)
        if name and stated is not None and found is not None and found != stated and not _in_percent(criteria):
            yield Finding(
                "sums.rubric_points", "error", *rubric.place(name),
                f"The criteria of {_named(rubric)!r} add up to {found:f} points; {stated:f} are stated.",
                "Correct the points of a criterion, or the total.", tuple(claim.place("points") for claim in criteria),
            )  # fmt: skip
        yield from _groups(rubric, criteria, name, stated)


def _groups(rubric: Claim, criteria: list[Claim], name: str | None, total: Decimal | None) -> Iterator[Finding]:
    """The groups of a rubric (*Functionality (50 points)*) against its total, and their criteria against each."""
    groups = [(field, rubric.get(field)) for field in rubric.fields if field.startswith("stated.groups.")]
    figures = [number_of(value["points"]) for _, value in groups]
    known = [each for each in figures if each is not None]
    # Shares of the groups are out of 100, whatever the total is.
    shares = bool(groups) and all(_is_share(rubric, field) for field, _ in groups)
    whole = HUNDRED if shares else total
    if groups and len(known) == len(groups) and whole is not None and sum(known) != whole:
        unit = "%" if shares else "points"
        yield Finding(
            "sums.rubric_points", "warning" if shares else "error",
            *rubric.place(groups[0][0] if shares or name is None else name),
            f"The groups of {_named(rubric)!r} add up to {sum(known):f} {unit}; "
            f"{'100 is the whole' if shares else f'{whole:f} are stated'}.",
            "Correct the figure of a group, or the total.", tuple(rubric.place(field) for field, _ in groups),
        )  # fmt: skip
    of = HUNDRED if shares else total if total is not None else sum(known, Decimal())
    for (field, value), stated in zip(groups, figures, strict=True):
        inside = [each for each in criteria if _stands_in(rubric, field, each)]
        found = _sum(inside)
        if stated is None or found is None or not of:
            continue
        weighted = _in_percent(inside)
        if (found * of / HUNDRED if weighted else found) != stated:
            yield Finding(
                "sums.rubric_points", "warning" if weighted else "error", *rubric.place(field),
                f"The criteria of {value['title']!r} add up to {found:f} {'%' if weighted else 'points'}"
                f"{f' of {of:f}' if weighted and of != HUNDRED else ''}; {stated:f} are stated.",
                "Correct the figure of a criterion, or of the group.", tuple(each.place("points") for each in inside),
            )  # fmt: skip


def _named(rubric: Claim) -> str:
    """What its document calls it; one without a name of its own is its project's."""
    return rubric.parent.label if rubric.label == "Rubric" and rubric.parent is not None else rubric.label


def _criteria(rubric: Claim) -> list[Claim]:
    return [claim for claim in rubric.under("criterion") if claim.get("bonus") is not True]


def _sum(criteria: list[Claim]) -> Decimal | None:
    """What criteria add up to; None without any, and where one says nothing."""
    points = [number_of(claim.get("points")) for claim in criteria]
    known = [each for each in points if each is not None]
    return sum(known, Decimal()) if known and len(known) == len(points) else None


def _in_percent(criteria: list[Claim]) -> bool:
    """Whether all criteria have weights and no points: the figure of each is a share where it is written."""
    return bool(criteria) and all(_is_share(claim, "points") for claim in criteria)


def _is_share(claim: Claim, field: str) -> bool:
    fact = claim.fields[field]
    figure = fact.value["points"] if isinstance(fact.value, dict) else fact.value
    written = " ".join(claim.statement.source.line(line) for line in fact.lines)
    return bool(re.search(rf"(?<![\d.]){re.escape(str(figure))}(?:\.0+)?\s*%(?=\W*$|\s*[|)*:])", written))


def _stands_in(rubric: Claim, field: str, criterion: Claim) -> bool:
    """Whether a criterion stands below the heading of a group, before the next one of its level."""
    lines, start = rubric.statement.source.lines, rubric.fields[field].lines[0]
    if criterion.line <= start:
        return False
    opened = _HEADING.match(lines[start - 1])
    level = len(opened[1]) if opened else 6
    heads = (_HEADING.match(line) for line in lines[start : criterion.line - 1])
    groups = (rubric.fields[name].lines[0] for name in rubric.fields if name.startswith("stated.groups."))
    return not any(head and len(head[1]) <= level for head in heads) and not any(
        start < line < criterion.line for line in groups
    )


@check(Rule("sums.weights", "warning", "The weights of a policy or rubric, given in percent, add up to 100"))
def weights(statement: Statement) -> Iterator[Finding]:
    for policy in statement.of_kind("policy"):
        given = [(name, value) for name, value in policy.fields.items() if name.startswith("stated.weights.")]
        figures = [number_of(fact.value) for _, fact in given]
        known = [each for each in figures if each is not None]
        if known and len(known) == len(figures) and sum(known) != HUNDRED:
            yield Finding(
                "sums.weights", "warning", *policy.place(given[0][0]),
                f"The weights add up to {sum(known):f} %; they are scaled to 100.", "Correct one of them.",
                tuple(policy.place(name) for name, _ in given[1:]),
            )  # fmt: skip
    for rubric in statement.of_kind("rubric"):
        criteria = _criteria(rubric)
        found = _sum(criteria)
        if found is not None and found != HUNDRED and _in_percent(criteria):
            yield Finding(
                "sums.weights", "warning", *criteria[0].place("points"),
                f"The weights of {_named(rubric)!r} add up to {found:f} %; they are scaled to 100.",
                "Correct one of them.", tuple(each.place("points") for each in criteria[1:]),
            )  # fmt: skip


@check(Rule("sums.criterion_points", "warning", "Every criterion of a rubric says what it gives"))
def without_points(statement: Statement) -> Iterator[Finding]:
    for rubric in statement.of_kind("rubric"):
        silent = [each for each in _criteria(rubric) if number_of(each.get("points")) is None]
        if silent:
            first, *others = silent
            more = f", as {len(others)} more" if others else ""
            yield Finding(
                "sums.criterion_points", "warning", *first.place("title"),
                f"The criterion {first.label!r} of {_named(rubric)!r} states neither points nor a weight, so it gives "
                f"no points{more}.",
                "Add a column Weight or Points, or write the points behind the title: `Tests (40 points)`.",
                tuple(each.place("title") for each in others),
            )  # fmt: skip
