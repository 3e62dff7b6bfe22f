"""What a gate's sentence says: what it stands before, and what opens it.

``PROJ-801 opens after Lab 2``, ``Lab 2 before PROJ-801``, ``PROJ-801 requires MOD-801/lab-2`` and
``After Lab 2: PROJ-801`` say the same. A sentence that is not certain is answered with the reason, and locks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Local = Callable[[str], str | None]
"""The path of a lab or quiz that is called by its number (*Lab 2*), where the gate's owner has it."""

ID = re.compile(
    r"\b(?P<kind>MOD|PROJ)[-_ ]?(?P<number>\d{2,4}[A-Za-z]?)\b(?P<below>(?:/[A-Za-z0-9][\w-]*)*)", re.IGNORECASE
)
_LOCAL = re.compile(r"(?<![\w/-])(?:lab|exercise|quiz|assessment|task|practical)s?[ #-]{0,3}\d{1,3}\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\b(?:requires?|needs?|depends? on|(?:blocked|gated|guarded|locked|closed|unlocked|opened) (?:by|until|behind|on)"
    r"|waits? (?:for|on)|until|unless|without|follows|(?:only )?(?:after|once|upon|when|if|as soon as))\b"
    r"|<-|<=|\u2190|\u21d0",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:(?:required|needed|necessary|mandatory) (?:for|before)|before|blocks?|gates?|guards?"
    r"|(?<!.)to (?:start|begin)|(?:to )?(?:unlocks?|opens?)(?: access to)?(?=\W{0,3}(?:MOD|PROJ))|enables?|allows?"
    r"|precedes?|leads to|prerequisite (?:for|of|to))\b|->|=>|\u2192|\u21d2",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:not|cannot|can't|never|no|locked|closed|nobody)\b", re.IGNORECASE)
# What a sentence calls the module or project that it belongs to, and what one does with it.
_OWNER = re.compile(
    r"this|the|module|project|it|access|learners?|nobody|you|can|may|must|will|only|is|are|be|stays?|to|and|opens?|opened"
    r"|unlocks?|unlocked|available|starts?|starting|begins?|beginning|locked|closed|not|enter(?:ing)?|go(?:ing)?|on",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:pass(?:e[sd])?|complete[sd]?|completed|done|approved?|signed|accepted|submitted|graded|finished|reviewed|read"
    r"|ready|green|met)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"\s*(?:[:,;]\s|->|=>|\u2192|\bthen\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """:ivar blocks: what it stands before; empty for what the gate belongs to.
    :ivar openers: what opens it, all of them; empty for staff.
    :ivar unclear: why it is not certain; empty where it is.
    """

    blocks: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    unclear: str = ""


def read(text: str, local: Local) -> Said:
    """What the sentence of a gate says."""
    text = " ".join(text.replace("`", "").split()).strip(" .")
    relations = [(found, kind) for kind in (_AFTER, _BEFORE) for found in kind.finditer(text)]
    relations.sort(key=lambda each: each[0].start())
    # *PROJ-801 requires Lab 2 before the start*: what has no id at its side says nothing of order.
    while len(relations) > 1 and not _named(text[relations[-1][0].end() :]):
        relations.pop()
    if len(relations) == 2 and not text[relations[0][0].end() : relations[1][0].start()].strip():
        # *Locked until after Lab 2* says one order.
        relations.pop()
    if len(relations) == 2 and relations[0][0].start() == 0 and [kind for _, kind in relations] == [_AFTER, _BEFORE]:
        # *Once Lab 2 is passed, learners may start PROJ-801*.
        return _sides(text[relations[1][0].end() :], text[relations[0][0].end() : relations[1][0].start()], local)
    if len(relations) > 1:
        return Said(unclear="it says an order twice")
    if not relations:
        return _alone(text, local)
    found, kind = relations[0]
    left, right = text[: found.start()].strip(" ,:;"), text[found.end() :].strip(" ,:;")
    if not left and (parts := _PART.split(right, maxsplit=1))[1:]:
        # *After Lab 2: PROJ-801* says first what is said last otherwise.
        left, right = parts[1], parts[0]
    elif kind is _BEFORE and found[0].casefold() == "before" and _NOT_YET.search(left) and _named(left):
        kind = _AFTER
    target, condition = (left, right) if kind is _AFTER else (right, left)
    return _sides(target, condition, local)


def _named(text: str) -> bool:
    return bool(ID.search(text) or _LOCAL.search(text))


def _alone(text: str, local: Local) -> Said:
    """A sentence without an order: what is passed opens, a module is what it stands before."""
    refs, unclear = _refs(text, local)
    if unclear or len(refs) != 1:
        return Said(unclear=unclear or "no word says which of them opens the other")
    (only,) = refs
    if "/" in only or (only.startswith("PROJ") and _DONE.search(text)):
        return Said(openers=(only,))
    if only.startswith("PROJ"):
        return Said(unclear=f"no word says whether {only} opens it or stands behind it")
    return Said(blocks=(only,))


def _sides(target: str, condition: str, local: Local) -> Said:
    blocks, wrong = _refs(target, local)
    openers, unknown = _refs(condition, local)
    if wrong or unknown:
        return Said(unclear=wrong or unknown)
    if not blocks and not all(_OWNER.fullmatch(word) for word in re.findall(r"\w+", target)):
        return Said(unclear=f"{target.strip()!r} is no id")
    if modules := [each for each in openers if each.startswith("MOD") and "/" not in each]:
        return Said(unclear=f"{modules[0]} is a module, and only what is done in one opens a gate")
    return Said(tuple(blocks), tuple(openers))


def _refs(text: str, local: Local) -> tuple[list[str], str]:
    """The ids that a side names, and why that is not certain."""
    refs = [f"{found['kind'].upper()}-{found['number'].upper()}{found['below']}" for found in ID.finditer(text)]
    for found in _LOCAL.finditer(ID.sub("", text)):
        path = local(found[0])
        if path is None:
            return refs, f"there is no {found[0]} here"
        refs.append(path)
    refs = list(dict.fromkeys(refs))
    if len(refs) > 1 and re.search(r"\b(?:or|either)\b|/\s|\s/", text, re.IGNORECASE):
        return refs, "a gate has no alternatives"
    return refs, ""
