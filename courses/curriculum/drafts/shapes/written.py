"""What a document says around the facts of a thing, as Markdown in the document's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from courses.curriculum.drafts.facts import Facts
from courses.curriculum.drafts.shapes import Body
from courses.curriculum.drafts.values import line, text

_OWN_HEAD = re.compile(r"\A\s*(?:#{1,6}[ \t]+[^\n]*|[^\n]+\n(?:=+|-+)[ \t]*)(?:\n|\Z)")
_BAR = re.compile(r"(?<!\\)\|")
_BAND = {"group", "score", "text", "percent"}


def written(facts: Facts, *names: str) -> str:
    """The fields *names* as sections: a heading for each group of theirs, with its texts, lists and tables below it.

    An entry is a text with a ``title``, or an entry of a list, a band of a score or the ``cells`` of a row
    with the ``group`` that it stands in.
    """
    parts: list[str] = []
    headed: set[str] = set()
    for group, entries in groupby(_entries(facts, names), key=lambda entry: entry[0]):
        runs = [(kind, [value for _, _, value in same]) for kind, same in groupby(entries, key=_kind)]
        below = "\n\n".join(filter(None, (_block(kind, values) for kind, values in runs)))
        # Running text below a list with a head of its own: that head stands above it already.
        closing = group in headed and all(kind[0] == "text" for kind, _ in runs)
        if below:
            parts.append(f"## {group}\n\n{below}" if group and not closing else below)
            headed.add(group)
    return "\n\n".join(parts)


Entry = tuple[str, str, Any]


def _entries(facts: Facts, names: tuple[str, ...]) -> Iterator[Entry]:
    """Group, field and value of every entry, by its line; of a field only what the winning document says."""
    found = []
    for name in names:
        if facts.get(name) is None:
            continue
        file = facts.fields[name].place[0]
        for claim in facts.thing.claims:
            if claim.statement.file == file:
                found += [
                    (fact.lines[:1], name, fact.value)
                    for field, fact in claim.fields.items()
                    if field.partition(".")[0] == name
                ]
    for _, name, value in sorted(found, key=lambda each: each[0]):
        stated = value if isinstance(value, dict) else {"text": text(value)}
        yield line(stated.get("title") if name == "sections" else stated.get("group")).strip("*_: "), name, stated


def _kind(entry: Entry) -> tuple[str, tuple[str, ...]]:
    """How it is shown, so that what belongs together stands in one list or table."""
    _, name, value = entry
    cells = value.get("cells", value if name == "bands" and not set(value) <= _BAND else None)
    if name == "sections":
        return "text", ()
    return ("row", tuple(each for each in cells if each != "group")) if isinstance(cells, dict) else ("entry", ())


def _block(kind: tuple[str, tuple[str, ...]], values: list[Body]) -> str:
    how, columns = kind
    if how == "text":
        return "\n\n".join(_OWN_HEAD.sub("", text(each.get("text"))).strip() for each in values)
    if how == "entry":
        return "\n".join(map(_bullet, values))
    rows = [value.get("cells", value) for value in values]
    heads = [each[:1].upper() + each[1:] for each in columns]
    table = [heads, ["---"] * len(heads), *([_cell(row.get(each)) for each in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def _bullet(value: Body) -> str:
    label, said = value.get("label") or value.get("score"), text(value.get("text") or value.get("cells"))
    tick = "" if value.get("done") is None else "[x] " if value["done"] else "[ ] "
    name = f"**{label}**" if label else ""
    if qualifier := value.get("qualifier"):
        name += f" ({qualifier})"
    return f"- {tick}{': '.join(filter(None, (name, said)))}"


def _cell(value: Any) -> str:
    return _BAR.sub(r"\\|", text(value).replace("\n", " "))
