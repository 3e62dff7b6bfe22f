"""The parts of a sentence that names prerequisites, between commas, *and* and *or*."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from courses.curriculum.sources import hedges, values
from courses.curriculum.sources.hedges import HARD, SOFT

Ids = Callable[[str], list[str]]
"""The ids that a part of a text names, ranges included."""

_OR_IN_PARENTHESES = re.compile(
    r"\(\s?(?:or(?: alternatively)?|alternatively|alternatives?:?)\s([^()]{1,200})\)", re.IGNORECASE
)
OR = re.compile(r"\b(?:or|either)\b|\|", re.IGNORECASE)
_GROUP = re.compile(r"(?P<before>[^()]*)\((?P<inside>[^()]*)\)(?P<after>[^()]*)")
_PATH = re.compile(r"(?<=\d)/(?:lab|quiz|task|reading|project|exercise|assessment)[\w-]*", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"(?P<or>,? (?:and/or|or) | ?\| ?)|(?P<also>, (?:and|plus) )|(?P<and> (?:and|plus) | ?[&+] ?)|(?P<comma> ?, ?)"
    r"|(?P<slash>(?<=\d) ?/ ?(?=(?:mod|proj)\w{0,6}[-_ ]?\d|\d{2,4}\b))",
    re.IGNORECASE,
)
_WORDS = {"or": "or", "slash": "/"}
_MORE = re.compile(rf"\d{{1,4}}(?: ?{values.DASH} ?\d{{1,4}})?", re.IGNORECASE)


@dataclass(slots=True)
class Atom:
    """A part between separators with the ids that it names.

    :ivar other: what stands behind *or* in parentheses.
    :ivar inside: what stands in parentheses that hold all of its ids; empty without them.
    """

    text: str
    ids: list[str]
    other: tuple[str, bool] | None = None
    inside: str = ""

    @property
    def soft(self) -> bool:
        return bool(SOFT.search(self.text))

    @property
    def bare(self) -> str:
        """Without what is said of how much it is needed."""
        said = re.sub(r"\([^()]*\)", lambda found: "" if says_how(found[0]) else found[0], self.text)
        return re.sub(r"^(?:(?:both|all of|all)\s)", "", said.strip(), flags=re.IGNORECASE).strip(" .")


def says_how(text: str) -> bool:
    """Whether a text says how much something is needed."""
    return bool(
        SOFT.search(text) or HARD.search(text) or hedges.SOME_BEHIND.search(text) or _OR_IN_PARENTHESES.search(text)
    )


def parted(text: str, at: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The parts between separators that stand outside parentheses and code, each with the one before it."""
    hidden = re.sub(r"\([^()]*\)|`[^`]*`|\"[^\"]*\"", lambda found: "\0" * len(found[0]), text)
    start, kind = 0, ""
    for found in at.finditer(hidden):
        yield text[start : found.start()].strip(), kind
        start, kind = found.end(), found.lastgroup or ""
    yield text[start:].strip(), kind


def atoms_of(text: str, ids: Ids, slashes: bool) -> tuple[list[Atom], list[str]]:
    """The parts of a clause and the kind of separator before each. Words without an id stay together."""
    atoms: list[Atom] = []
    kinds: list[str] = []
    last = ""
    for part, kind in parted(text, _SEPARATOR):
        if not part:
            continue
        atom = _atom(part, ids, last)
        last = atom.ids[-1] if atom.ids else last
        if kind == "slash" and not slashes:
            atoms[-1] = _atom(f"{atoms[-1].text}/{part}", ids, "")
        elif atoms and kind not in ("comma", "also") and not atom.ids and not atoms[-1].ids:
            atoms[-1] = Atom(f"{atoms[-1].text} {_WORDS.get(kind, 'and')} {part}", [])
        else:
            atoms.append(atom)
            kinds.append(kind)
    for at in range(len(atoms) - 1, 0, -1) if "or" not in kinds else ():
        one, other = atoms[at - 1 : at + 1]
        if kinds[at] in ("and", "slash") and _is_title(one, other) and not (one.inside or other.inside):
            said = f"{one.text} {_WORDS.get(kinds[at], 'and')} {other.text}"
            atoms[at - 1 : at + 1] = [Atom(said, one.ids + other.ids, one.other or other.other)]
            del kinds[at]
    return atoms, kinds


def _is_title(one: Atom, other: Atom) -> bool:
    """Whether words on one side of *and* may belong to what stands on its other side: *MOD-801 Pipes and Queues*.

    Behind an id alone, and before one, they are a skill of their own.
    """
    behind = re.sub(r"\([^()]*\)|`[^`]*`", "", one.bare)
    return not other.ids and (not one.ids or bool(re.search(r"\d\w?\W+[^\W\d]{2}", behind)))


def _atom(part: str, ids: Ids, last: str) -> Atom:
    atom = Atom(part, [])
    bare = atom.bare
    atom.ids = _named(bare, ids)
    if not atom.ids and last and _MORE.fullmatch(bare):
        kind = last.partition("-")[0]
        word = "Exercise" if "/" in last else "Project" if kind == "PROJ" else "Module"
        atom.ids = (ids(f"{kind}-{bare}") if "/" not in last else []) or ids(f"{word} {bare}")
    whole = _GROUP.fullmatch(part)
    several = whole and (len(atom.ids) > 1 or (ids(whole["inside"]) and OR.search(whole["inside"])))
    if whole and several and not ids(whole["before"]) and not ids(whole["after"]):
        atom.inside = whole["inside"].strip()
    elif found := _OR_IN_PARENTHESES.search(part):
        if len(other := _named(found[1], ids)) > 1:
            atom.ids += other
            return atom
        said = instead_of(found[1].strip(), " or ".join(atom.ids))
        atom.other = (other[0], True) if other else (said, False)
    return atom


def _named(text: str, ids: Ids) -> list[str]:
    """The ids of a part; of one that is a path (*MOD-801/lab-2*) that path."""
    found = ids(text)
    paths = _PATH.findall(text)
    return [f"{found[0]}{paths[0].lower()}"] if len(found) == len(paths) == 1 and "/" not in found[0] else found


def instead_of(words: str, ids: str) -> str:
    """An alternative in words, so that it can be read alone: *something equivalent to MOD-801* for *equivalent*."""
    return f"something {alone['how']} to {ids}" if (alone := hedges.ALONE.fullmatch(words)) else words
