"""What a question puts in order: ``2, 1, 3``, ``B > A > C``, ``Build, Test, Ship``, a line each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from courses.curriculum.sources.readers.quiz.answers import compared, plain

ASKED = re.compile(
    r"\b(?:put|arrange|place|order|sort|sequence)\w*\b.{0,300}\border\w*|\bordering|\bsequence"
    r"|(?:^|[.?!:\n])\W*(?:re-?order|order|arrange|sort|rank)\s+(?:the|these|them|all|by|from|each)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:->|=>|[,;>\n\u2192\u2794\u279c\u21d2|]|\bthen\b)\s*")
_DASHES = re.compile(r"\s*[-\u2013\u2014]\s*")
_NAME = re.compile(r"\(?(?:(?P<figure>\d{1,2})|(?P<letter>[A-Za-z]))[.)]?")
_FIRST = re.compile(r"^\(?(?P<name>\d{1,2}|[A-Za-z])[.):]\s+(?P<words>\S.*)$", re.DOTALL)
_GLUED = re.compile(r"\d{3,9}|[A-J]{3,9}")
# Marks that no list has which only names several things.
ARROWS = re.compile(r"->|=>|[>\u2192\u2794\u279c\u21d2]")


def order_of(text: str, names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The names of what an answer lists, in its order; empty where it lists fewer than two, or anything else.

    :param names: letters or figures of what there is to list.
    :param texts: the same in words, by which an answer may list it, with or without the name before them.
    """
    words = re.sub(r"(?m)^\s*(?:[-*+]\s+)", "", plain(text)[:2000]).strip(" .")
    known = {compared(each): name for name, each in zip(names, texts, strict=True)}
    glued = list(words) if _GLUED.fullmatch(words) else []
    for parts in (_BETWEEN.split(words), _DASHES.split(words), words.split(), glued):
        found = [_name(part, names, known) for part in parts if part.strip()]
        if len(found) > 1 and all(found):
            return found
    return []


def _name(part: str, names: Sequence[str], known: dict[str, str]) -> str:
    """The name that a part of a list is or has before its words; empty where the two differ, or neither is known."""
    part = part.strip().rstrip(".")
    if same := known.get(compared(part)):
        return same
    if (alone := _NAME.fullmatch(part)) and (name := (alone["figure"] or alone["letter"]).upper()) in names:
        return name
    first = _FIRST.match(part)
    if first is None:
        return ""
    same, name = known.get(compared(first["words"]), ""), first["name"].upper()
    # "1. Build" in an answer may count its places: the words say what stands there.
    return same if name.isdigit() or name == same else ""


def is_order(asked: str, text: str, names: Sequence[str], order: Sequence[str]) -> bool:
    """Whether an answer is an order: it is asked for, or has arrows between, or lists all of three or more unsorted."""
    if len(order) < 2:
        return False
    whole = len(order) == len(names) == len(set(order))
    unsorted = list(order) != sorted(order, key=list(names).index)
    return bool(ASKED.search(asked)) or (whole and (bool(ARROWS.search(text)) or (len(order) > 2 and unsorted)))
