"""Values of documents as the bodies of kinds want them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from courses.curriculum.aliases import slug_of
from courses.curriculum.merge.figures import shown, span

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"\[(?P<text>[^\]]{1,300})\]\((?P<url>(?:https?://|(?![a-z]+:))[^)\s]+)\)|(?P<bare>https?://\S+)")


class Assumed(str):
    """What a body needs and no document states: another source that states it wins, whatever its rank."""


UNSTATED = Assumed("unstated")
"""A level that no document says."""


def is_stated(value: Any) -> bool:
    """Whether a value of a body says anything, and is not assumed."""
    if isinstance(value, dict):
        return any(is_stated(each) for each in value.values())
    return value not in (None, "", [], ()) and not isinstance(value, Assumed)


def line(value: Any) -> str:
    """One line of at most 500 characters."""
    return " ".join(text(value).split())[:500]


def text(value: Any) -> str:
    """A value in words; of a list its entries, of figures by names both.

    Of another mapping its values, but those that another one says already.
    """
    if isinstance(value, dict):
        figure = span(value) if set(value) <= {"low", "high"} else None
        if figure is not None:
            return shown(figure)
        if value and all(not isinstance(each, list) and span(each) for each in value.values()):
            return ", ".join(f"{str(name).replace('_', ' ')}: {text(each)}" for name, each in value.items())
        head, body = value.get("title") or value.get("label"), value.get("text")
        if head and body is not None:
            head, body = text(head), text(body)
            return body if body.startswith(head) else f"{head}: {body}".strip()
        return ", ".join(_told_once([words for each in value.values() if (words := text(each))]))
    if isinstance(value, list):
        return "; ".join(filter(None, map(text, value)))
    return "" if value is None else str(value).strip()


def _told_once(parts: list[str]) -> list[str]:
    """The parts without those whose every word stands in a longer one: figures that were read from it."""
    words = {each: set(_WORD.findall(each.casefold())) for each in parts}
    return [
        each for each in parts
        if not words[each] or not any(words[each] <= words[other] and len(each) < len(other) for other in parts)
    ]  # fmt: skip


def lines(value: Any) -> list[str]:
    """Each entry in one line; a value that is no list is one entry."""
    entries = value if isinstance(value, list) else [] if value is None else [value]
    return [each for each in map(line, entries) if each]


def id_of(words: Any) -> str:
    """An id as it is written, else one made from the words."""
    bare = text(words).strip("`* ")
    return bare if _ID.fullmatch(bare) else slug_of(bare)


def level_of(words: Any) -> str | None:
    """The id of a level of a scale; None without words that an id can be made of."""
    return slug_of(text(words), "") or None


def amount(value: Any) -> Any:
    """Hours or weeks: a figure, a range, or None for what is neither."""
    found = span(value)
    if found is None:
        return None
    low, high = (None if each is None else f"{each:f}" for each in found)
    return {"low": low, "high": high}


def figure(value: Any) -> str | None:
    """A single figure; None for a range."""
    found = span(value)
    return None if found is None or found[0] is None or found[0] != found[1] else f"{found[0]:f}"


def whole(value: Any) -> int | None:
    found = figure(value)
    return int(found) if found is not None and found.isdecimal() else None


def with_ids(entries: list[dict[str, Any]], label: str) -> list[dict[str, Any]]:
    """Entries of a list, each with an id of its own, made from its words where it has none."""
    seen: set[str] = set()
    made = []
    for entry in entries:
        stem = id_of(entry["id"]) if entry.get("id") else slug_of(text(entry.get(label)))
        own, number = stem, 2
        while own in seen:
            own, number = f"{stem[:56]}-{number}", number + 1
        seen.add(own)
        made.append({**entry, "id": own})
    return made


def resources(value: Any, *, primary: bool) -> Iterator[dict[str, Any]]:
    """Resources with their addresses, where a document links them."""
    for each in value if isinstance(value, list) else []:
        words = text(each)
        found = _LINK.search(words)
        url = (found["url"] or found["bare"]) if found else None
        title = _LINK.sub(lambda match: match["text"] or match["bare"], words)
        yield {"title": line(title), "url": url if url and len(url) <= 500 else None, "primary": primary}


def section(title: str, value: Any) -> str:
    """A part of a Markdown body: a heading and what stands below it; empty for nothing."""
    if isinstance(value, list):
        below = "\n".join(f"- {text(each)}" for each in value if text(each))
    else:
        below = text(value)
    return f"## {title}\n\n{below}" if below else ""
