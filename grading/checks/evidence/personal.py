"""What makes evidence this learner's and of these days: the marker, and a time in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator

from assessments.markers import MARKER
from grading.checks.contract import HandIn
from grading.checks.spec import Strict
from grading.checks.structure.paths import ABSENT, Place, path_read, places
from grading.checks.structure.reading import Refused

AHEAD: Final = timedelta(minutes=5)
"""How far a clock elsewhere may be ahead of ours."""
MILLISECONDS: Final = 10**11
"""A number from here on counts milliseconds: in seconds that is the year 5138."""
_TIME: Final = re.compile(
    r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,][0-9]{1,12})?"
    r"[ ]?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)


class AtPlaces(Strict):
    """:param of: it holds of every place that the path leads to, at least one, or of any."""

    path: str
    of: Literal["every", "any"] = "every"

    @field_validator("path")
    @classmethod
    def path_can_be_read(cls, path: str) -> str:
        path_read(path)
        return path

    def found(self, whole: Any) -> list[Place]:
        return places(whole, path_read(self.path))


class Marker(AtPlaces):
    """:param how: tells the learner where to put it; ``{{marker}}`` stands for it there."""

    how: Annotated[str, Field(min_length=1)]

    def problem(self, whole: Any, hand_in: HandIn) -> str:
        """What is wrong, in a sentence; empty when the marker is there. :class:`Refused` for that of another."""
        found = self.found(whole)
        there = [MARKER.findall(each.value) if isinstance(each.value, str) else [] for each in found]
        own = [hand_in.marker in markers for markers in there]
        if self.of == "any" and any(own):
            return ""
        for place, markers in zip(found, there, strict=True):
            strange = next((each for each in markers if each != hand_in.marker), None)
            if strange is not None:
                raise Refused(
                    f"This is not your evidence: {place} has the marker {strange}, and yours for this lab is"
                    f" {hand_in.marker}."
                )
        if self.of == "every" and own and all(own):
            return ""
        where = f" ({found[own.index(False)]})" if any(own) else ""
        return f"Your marker {hand_in.marker} is not at {self.path}{where}."


class Fresh(AtPlaces):
    """:param days: how old the time there may be at the hand-in."""

    days: Annotated[float, Field(gt=0, le=3650, strict=False)]

    def problem(self, whole: Any, hand_in: HandIn) -> str:
        """What is wrong, in a sentence; empty when it is fresh."""
        found = self.found(whole)
        if not found:
            return f"There is no time at {self.path}."
        said = [self._said(place, hand_in.at) for place in found]
        if self.of == "any" and "" in said:
            return ""
        return next((each for each in said if each), "")

    def _said(self, place: Place, now: datetime) -> str:
        moment = moment_of(place.value)
        if moment is None:
            return f"There is no time at {place}."
        if moment > now + AHEAD:
            return f"The time at {place} ({_shown(moment)}) is after your hand-in ({_shown(now)})."
        if moment < now - timedelta(days=self.days):
            return (
                f"The time at {place} ({_shown(moment)}) is more than {self.days:g} days before your hand-in"
                f" ({_shown(now)})."
            )
        return ""


def moment_of(value: Any) -> datetime | None:
    """The first time in a text, in UTC where no zone is said, or seconds or milliseconds since 1970; None without."""
    if value is ABSENT or isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS else value, UTC)
        if isinstance(value, str) and (found := _TIME.search(value[:10_000])) is not None:
            zone = "+00:00" if found[3] in (None, "Z", "UTC") else found[3]
            return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
