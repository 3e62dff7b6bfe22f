"""The head of a document that stands in a sentence: *This is the roadmap for MOD-210 (Streams), a 30-hour module.*"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from courses.curriculum.sources import values
from courses.curriculum.sources.outline import Paragraph, Section

# Behind these words stands another module or project.
_OTHERS = re.compile(
    r"\b(?:requires?|required|needs?|after|before|builds?|based|follow\w*|prerequisites?|depends?|next|leads?|unlocks?"
    r"|see|complet\w+|then|unlike|extends?|from|continu\w+|prepar\w+)\b[^.;]{0,80}$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W{0,3}?\s*(?:\((?P<inside>[^()]{3,80})\)|[\"\u201c](?P<quoted>[^\"\u201c\u201d]{3,80})[\"\u201d]"
    r"|\*\*(?P<bold>[^*]{3,80})\*\*|[:\u2013\u2014]\s+(?P<behind>[A-Z][^\s.,;:()]*(?: [^\s.,;:()]+){0,4})(?=[.,;(]|$))"
)
_HOURS = re.compile(r"\b\d+(?:\.\d+)?\s?-?\s?(?:hours?|hrs?|h)\b", re.IGNORECASE)
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a paragraph says of the one thing that it is about; ``title`` and ``hours`` are empty where it does not."""

    key: str
    title: str
    hours: str
    text: str
    lines: tuple[int, ...]


def spoken_of(sections: Iterable[Section], prefix: str) -> Spoken | None:
    """The first paragraph that names just one thing by its id, but for those that it needs or leads to.

    :param prefix: of the ids of its kind (``MOD``).
    """
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Paragraph) and (found := _said(block, prefix)) is not None:
                return found
    return None


def _said(paragraph: Paragraph, prefix: str) -> Spoken | None:
    text = paragraph.text[:_LONGEST]
    ids = [
        each for each in re.finditer(rf"\b{prefix}-\d{{2,4}}[A-Za-z]?\b", text)
        if not _OTHERS.search(text[max(0, each.start() - 100) : each.start()])
    ]  # fmt: skip
    if len({each[0] for each in ids}) != 1:
        return None
    title = _TITLE.match(text[ids[0].end() :])
    named = next((part for part in title.groups() if part), "") if title else ""
    times = _HOURS.findall(text)
    amount = values.hours(times[0].replace("-", " ")) if len(times) == 1 else None
    hours = amount.plain if amount is not None else ""
    return Spoken(ids[0][0], named.strip(" ,"), str(hours), text, tuple(line for line, _ in paragraph.rows))
