"""Several statements of one entity as one: field by field, the higher ranking document wins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from courses.curriculum.kinds import Draft, registry


def over(first: Draft, other: Draft) -> Draft:
    """*first* with what *other* states of the same entity and ranks higher, or that *first* leaves out.

    Of the same rank *first* wins. A field of *other* that does not go with the
    rest (hours beside hours by kind) stays out. Children unite, those of *first* first.
    """
    body, given, lines = dict(first.body), dict(first.given), dict(first.lines)
    elsewhere = dict(first.elsewhere)
    for name, rank in other.given.items():
        if name in given and given[name] <= rank:
            continue
        whole = valid(first.kind, {**body, name: other.body[name]})
        if whole is None:
            continue
        body, given[name] = whole, rank
        for place in [each for each in (*lines, *elsewhere) if each.partition(".")[0] == name]:
            lines.pop(place, None)
            elsewhere.pop(place, None)
        elsewhere |= {place: where for place, where in other.elsewhere.items() if place.partition(".")[0] == name}
        for place, line in other.lines.items():
            if place.partition(".")[0] == name and other.file == first.file:
                lines[place] = line
            elif place.partition(".")[0] == name:
                elsewhere[place] = (other.file, line)
    children = {key: list(paths) for key, paths in first.children.items()}
    for key, paths in other.children.items():
        listed = children.setdefault(key, [])
        listed += [path for path in paths if path not in listed]
    if other.was and not first.was:
        elsewhere["was"] = other.elsewhere.get("was", (other.file, other.lines.get("was", other.line)))
    was = tuple(dict.fromkeys((*first.was, *other.was)))
    return replace(first, body=body, given=given, lines=lines, elsewhere=elsewhere, children=children, was=was)


def valid(kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """*body* as its kind has it; None where its fields do not go together."""
    try:
        return registry.get(kind).body.model_validate(body).model_dump(mode="json")
    except ValidationError:
        return None
