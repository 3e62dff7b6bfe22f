"""Totals that documents state, beside what their parts come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Figure = tuple[Decimal | None, Decimal | None]
"""Low and high; an open end is None."""
Places = Callable[[str], Iterable[tuple[str, int]]]

_FIGURE = re.compile(r"(?P<low>\d+(?:\.\d+)?)(?:\s*(?:-|\u2013|to)\s*(?P<high>\d+(?:\.\d+)?))?(?P<open>\s*\+)?")
_CALLED = {
    "hours": "hours", "total hours": "hours", "total hours of the role": "hours",
    "hours of the exercises": "lab_hours", "total hours of the exercises": "lab_hours",
    "modules": "modules", "number of modules": "modules", "projects": "projects",
    "exercises": "exercises", "number of exercises": "exercises", "steps": "exercises",
    "questions": "questions", "points": "points", "total points": "points", "share of projects": "projects_percent",
}  # fmt: skip
"""What documents call a total -> the figure that is computed."""


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One stated total. ``agrees`` is None where nothing is computed for it; ``source`` is file and line, if known."""

    what: str
    value: str
    source: str
    note: str
    computed: Figure | None
    unit: str
    agrees: bool | None


def stated_rows(
    stated: Iterable[Mapping[str, Any]], computed: Mapping[str, Figure | None], places: Places = lambda name: ()
) -> list[StatedRow]:
    """The totals of a body beside *computed*, whose keys are those of ``_CALLED``.

    :param places: where a field such as ``stated.0`` was read.
    """
    rows = []
    for number, each in enumerate(stated):
        read = [f"{file}:{line}" for file, line in places(f"stated.{number}")]
        name = _CALLED.get(each["what"].lower(), "")
        found = computed.get(name)
        said = _figure(each["value"]) if found else None
        unit = "hours" if name.endswith("hours") else "percent" if name.endswith("percent") else ""
        rows.append(
            StatedRow(
                each["what"],
                each["value"],
                ", ".join(read) or each["source"],
                each["note"],
                found,
                unit,
                _meets(said, found) if said and found else None,
            )
        )
    return rows


def version_rows(versions: Mapping[str, str | None] | None, places: Places) -> list[StatedRow]:
    """What documents say of themselves, a row each."""
    source = ", ".join(f"{file}:{line}" for file, line in places("versions"))
    said = {"Version": "version", "Last updated": "updated", "Version of the metadata": "metadata_version"}
    return [
        StatedRow(what, value, source, "", None, "", None)
        for what, name in said.items()
        if (value := (versions or {}).get(name))
    ]


def figure(value: Any) -> Figure:
    """An exact figure as a range of one."""
    return Decimal(value), Decimal(value)


def total(ranges: Iterable[Mapping[str, Any] | None]) -> Figure | None:
    """The sum of hours of bodies; None where one of them has none."""
    parts = list(ranges)
    if not parts or not all(parts):
        return None
    low = [each["low"] for each in parts if each]
    high = [each["high"] for each in parts if each]
    return (
        None if None in low else sum((Decimal(each) for each in low), Decimal(0)),
        None if None in high else sum((Decimal(each) for each in high), Decimal(0)),
    )


def _figure(words: str) -> Figure | None:
    found = _FIGURE.search(words.replace(",", ""))
    if found is None:
        return None
    low = Decimal(found["low"])
    return low, None if found["open"] else Decimal(found["high"] or low)


def _meets(said: Figure, found: Figure) -> bool:
    """Two ranges must be equal; a range and one figure must have it in common. An open end meets everything."""
    if said[0] != said[1] and found[0] != found[1]:
        return said == found
    (low, high), (least, most) = said, found
    apart = (high is not None and least is not None and high < least) or (
        low is not None and most is not None and most < low
    )
    return not apart
