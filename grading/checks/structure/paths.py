"""Paths into what a file holds: ``services.*.ports[0].published``, ``[kind=Deployment].metadata."a.b/c"``.

A path is names and numbers, with dots between them. ``*`` and ``[*]`` take every entry of a list or mapping,
``[name=value]``, ``[name!=value]`` and ``[name]`` those in which it is so; a condition right behind another narrows
what that one took. A name or number that is not there gives a place that is absent; ``*`` and conditions give no place
when there is nothing to choose from. Null is absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

ABSENT: Final = object()
_PART = re.compile(
    r"""(?P<dot>\.)?(?:
        (?P<every>\*) | (?P<name>[A-Za-z0-9_$-]+) | "(?P<quoted>[^"]+)"
        | \[(?:
            (?P<number>-?[0-9]+) | (?P<each>\*)
            | (?P<where>(?:[A-Za-z0-9_$-]+|"[^"]+")(?:\.(?:[A-Za-z0-9_$-]+|"[^"]+"))*)
              (?:(?P<how>!?=)(?:"(?P<exact>[^"]*)"|(?P<bare>[^\]"]*)))?
        )\]
    )""",
    re.VERBOSE,
)
_NAME = re.compile(r'[A-Za-z0-9_$-]+|"[^"]+"')


@dataclass(frozen=True, slots=True)
class Place:
    """A value with the keys that lead to it; ``value`` is :data:`ABSENT` when there is none."""

    keys: tuple[str | int, ...]
    value: Any

    def __str__(self) -> str:
        text = "".join(
            f"[{key}]" if isinstance(key, int) else f".{key}" if _NAME.fullmatch(key) else f".{json.dumps(key)}"
            for key in self.keys
        )
        return text.removeprefix(".")[:200] or "The whole file"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: by ``key``, or to every entry in which ``where`` is ``equal`` or is not.

    :param narrows: it chooses from the places themselves, not from the entries in them.
    """

    key: str | int | None = None
    where: tuple[str, ...] = ()
    equal: str | None = None
    negated: bool = False
    narrows: bool = False

    def taken(self, place: Place) -> Iterator[Place]:
        value = place.value
        if self.narrows:
            if self._fits(value):
                yield place
            return
        if self.key is None:
            pairs: Any = ()
            if isinstance(value, dict):
                pairs = value.items()
            elif isinstance(value, list):
                pairs = enumerate(value)
            for key, entry in pairs:
                if self._fits(entry):
                    yield Place((*place.keys, key), ABSENT if entry is None else entry)
            return
        found: Any = None
        if isinstance(self.key, str) and isinstance(value, dict):
            found = value.get(self.key)
        elif isinstance(self.key, int) and isinstance(value, list) and -len(value) <= self.key < len(value):
            found = value[self.key]
        yield Place((*place.keys, self.key), ABSENT if found is None else found)

    def _fits(self, entry: Any) -> bool:
        if not self.where:
            return True
        for name in self.where:
            entry = entry.get(name) if isinstance(entry, dict) else None
        if self.equal is None:
            return entry is not None
        return (entry is not None and plain_text(entry) == self.equal) is not self.negated


def path_read(text: str) -> tuple[Step, ...]:
    """*text* as steps; :class:`ValueError` says where it is none."""
    steps: list[Step] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        bracket = found is not None and found[0].lstrip(".").startswith("[")
        dotted = found is not None and found["dot"] is not None
        if found is None or (dotted if bracket or not steps else not dotted):
            raise ValueError(f"{text!r} is no path from its character {position + 1} on")
        position = found.end()
        step = _step(found)
        steps.append(replace(step, narrows=True) if step.where and steps and steps[-1].where else step)
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["every"] or found["each"]:
        return Step()
    if found["number"]:
        return Step(key=int(found["number"]))
    if found["where"]:
        names = tuple(name.strip('"') for name in _NAME.findall(found["where"]))
        equal = found["exact"] if found["exact"] is not None else found["bare"]
        return Step(where=names, equal=equal, negated=found["how"] == "!=")
    return Step(key=found["name"] or found["quoted"])


def places(value: Any, steps: tuple[Step, ...]) -> list[Place]:
    """Where the path leads in *value*."""
    found = [Place((), ABSENT if value is None else value)]
    for step in steps:
        found = [taken for place in found for taken in step.taken(place)]
    return found


def plain_text(value: Any) -> str:
    """A value as it is compared with text: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
