"""Prerequisites in words: all of several ids, any of them, or what only helps.

``MOD-801, MOD-802`` asks for both, ``MOD-801 or MOD-802`` and ``one of MOD-801, MOD-802`` for
any of them, ``MOD-801 (recommended)`` locks nothing. Where words can be read in several ways
their ids are only recommended, and a finding says so: nobody is locked out by a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim

RULE = "references.prerequisite_unclear"
Ids = Callable[[str], list[str]]
"""The ids that a part of a text names, ranges included."""

SOFT = re.compile(
    r"\b(?:recommended|optional(?:ly)?|nice[ _-]to[ _-]have|good to have|helpful|useful|prefer(?:red|abl[ey])|suggested"
    r"|ideal(?:ly)?|beneficial|bonus|desirable|advantageous|an advantage|a plus|advised|encouraged"
    r"|soft (?:requirement|prerequisite|dependency)"
    r"|(?:not|n't) (?:\w{1,12} )?(?:required|necessary|needed|mandatory|compulsory))\b",
    re.IGNORECASE,
)
_HARD = re.compile(r"\b(?:required|mandatory|compulsory)\b", re.IGNORECASE)
UNSURE = re.compile(
    r"\b(?:unless|except(?:ing)?|excluding|instead of|waived?|without|no longer|rather than|concurrent(?:ly)?"
    r"|co-?requisites?|simultaneous(?:ly)?|in parallel|alongside|or (?:higher|later|above|newer|beyond|better))\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:both|all)\b", re.IGNORECASE)
_LABEL = re.compile(r"^\W{0,4}(?P<label>[A-Za-z][A-Za-z -]{2,60}?)\W{0,4}:\W{0,4}(?=\S)")
_COUNTS = {"one": 1, "1": 1, "two": 2, "2": 2, "three": 3, "3": 3}
_SOME_OF = re.compile(
    r"\b(?:either(?: of)?|(?:choose |pick |any |at least )*(?P<count>one|two|three|[1-3])(?: or more)? of|any of)"
    r"(?: the following| these| the)?\s?:?\s(?:$|(?=\W{0,3}(?:[A-Za-z]{3,10}[-_ ]?)?\d))",
    re.IGNORECASE,
)
_THROUGH = re.compile(r"(?<=\d) (?:through|thru|up to) (?=[A-Za-z]{0,8}[-_ ]?\d)", re.IGNORECASE)
_EITHER_BEHIND = re.compile(
    r"\((?:(?:either|any|choose|pick|at least)(?: one)?(?: of (?:them|these|the two))?|one of (?:them|these|the two)"
    r"|one (?:is enough|will do|suffices))\.?\)",
    re.IGNORECASE,
)
_OR_IN_PARENTHESES = re.compile(r"\(\s?or\s([^()]{1,200})\)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[a-z\d)]{3})\. (?=[A-Z])|;|, (?=[A-Za-z][A-Za-z -]{3,40}: )")
_SEPARATOR = re.compile(
    r"(?P<or>,? (?:and/or|or) | ?\| ?)|(?P<also>, (?:and|plus) )|(?P<and> (?:and|plus) | ?[&+] ?)|(?P<comma> ?, ?)"
    r"|(?P<slash>(?<=\d) ?/ ?(?=(?:mod|proj)\w{0,6}[-_ ]?\d|\d{2,4}\b))",
    re.IGNORECASE,
)
_BEFORE_A_GROUP = re.compile(r"(?:[,:]|\b(?:and|plus|as well as|with))[ ,:]*$", re.IGNORECASE)
_EQUIVALENT = re.compile(r"(?:an? |the )?(?P<how>equivalent|similar|comparable|corresponding)s?\b", re.IGNORECASE)
_WORDS = {"or": "or", "slash": "/"}
_MORE = re.compile(rf"\d{{1,4}}(?: ?{values.DASH} ?\d{{1,4}})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: an id, or a skill in words; several are alternatives.

    :ivar named: whether it is an id, by alternative.
    """

    targets: tuple[str, ...]
    named: tuple[bool, ...]
    soft: bool = False
    at_least: int = 1

    @property
    def called(self) -> str:
        return group_called(self.targets, self.at_least) if len(self.targets) > 1 else self.targets[0]


@dataclass(slots=True)
class Reading:
    """What a text asks for, and why that is not certain; empty where it is."""

    asked: list[Asked] = field(default_factory=list)
    unclear: str = ""

    @property
    def ids(self) -> list[str]:
        """All ids that it names."""
        return [to for each in self.asked for to, named in zip(each.targets, each.named, strict=True) if named]


def group_called(targets: Iterable[str], at_least: int = 1) -> str:
    """Alternatives as one phrase, the same in any order: *MOD-801 or MOD-802*, *2 of MOD-801, MOD-802, MOD-803*."""
    names = sorted(dict.fromkeys(targets))
    return " or ".join(names) if at_least == 1 else f"{at_least} of {', '.join(names)}"


def group_of(any_of: Iterable[Any], at_least: Any = None) -> str | None:
    """The phrase of alternatives of which one is written like an id; None for skills in words alone."""
    targets = [str(each) for each in any_of]
    if not any(" " not in each.strip() and re.search(r"\d", each) for each in targets):
        return None
    return group_called(targets, int(at_least or 1))


def asked_for(body: Mapping[str, Any]) -> str | None:
    """The id that the body of a requirement names, or what its alternatives are called; None for other words."""
    return body.get("to") or group_of(body.get("any_of") or (), body.get("at_least"))


def asked(text: str, ids: Ids, *, slashes: bool = True) -> Reading:
    """What a text asks for.

    :param slashes: whether a slash divides ids; it is part of an exercise's code in an index.
    """
    made, soft = Reading(), False
    clauses = _parted(_THROUGH.sub(" to ", " ".join(text.split())), _CLAUSE)
    for clause in _joined([part for part, _ in clauses if part]):
        label = _LABEL.match(clause)
        if label and (SOFT.search(label["label"]) or _HARD.search(label["label"])):
            soft = bool(SOFT.search(label["label"]))
            clause = clause[label.end() :]
        found = Reading()
        _clause(found, clause, ids, soft, slashes)
        if (unsure := UNSURE.search(clause)) and any(any(each.named) for each in found.asked):
            found.unclear = f"what {unsure[0]!r} means"
        made.unclear = made.unclear or found.unclear
        made.asked += _apart(found.asked) if found.unclear else found.asked
    return made


def _joined(clauses: list[str]) -> Iterator[str]:
    """Clauses; one that is only *One of:* begins a list of all that follow."""
    for at, clause in enumerate(clauses):
        if opens_choice(clause):
            yield f"{clause.rstrip(' :')} {', '.join(clauses[at + 1 :])}"
            return
        yield clause


def opens_choice(label: str) -> bool:
    """Whether what stands below a label are alternatives (*One of:*)."""
    return bool(_SOME_OF.fullmatch(f"{label.strip(' :')} "))


def together(said: Iterable[tuple[str, str, Collection[int]]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Texts with their lines, from labels, texts and lines; those that stand under one *One of* are one text."""
    for label, group in groupby(said, key=lambda each: each[0]):
        texts, lines = zip(*((text, tuple(at)) for _, text, at in group), strict=True)
        if opens_choice(label):
            yield f"{label.strip(' :')} {', '.join(texts)}", tuple(line for at in lines for line in at)
        else:
            yield from zip(texts, lines, strict=True)


def _apart(found: list[Asked]) -> Iterator[Asked]:
    """What is not certain: each id by itself, and recommended only; words beside an id stay as they are stated."""
    for each in found:
        of_each = zip(each.targets, each.named, strict=True)
        yield from (Asked((to,), (named,), soft=True) for to, named in of_each if named or len(each.targets) == 1)


def state(
    claim: Claim, text: str, lines: Collection[int], strength: str, ids: Ids, *, slashes: bool = True,
    above: Collection[int] = (), ids_first: bool = False, seen: set[str] | None = None,
) -> Reading:  # fmt: skip
    """State the edges of a text as requirements of *claim*, each once; a finding where it is not certain.

    :param above: lines that say besides how much all of it is needed.
    :param seen: what it asks for already; what is added is added to it.
    """
    found = asked(text, ids, slashes=slashes)
    seen = set() if seen is None else seen
    wanted = sorted(found.asked, key=lambda each: not any(each.named)) if ids_first else found.asked
    for each in wanted:
        if each.called not in seen:
            seen.add(each.called)
            edge(claim, each, strength, lines, above)
    if found.unclear and strength == "needs":
        unclear(claim, text, found.unclear, lines)
    return found


def unclear(claim: Claim, text: str, why: str, lines: Collection[int]) -> None:
    """Report that a text is not certain."""
    claim.statement.report(
        RULE, "warning", min(lines),
        f"What {claim.address} needs before can be read in several ways ({why}): {text!r}. The ids in it are "
        "recommended only, and lock nothing.",
        "Write `MOD-801, MOD-802` for both, `one of MOD-801, MOD-802` for any, `MOD-801; MOD-802 or MOD-803` for the "
        "first and any of the others, `MOD-801 (recommended)` for what only helps.",
    )  # fmt: skip


def edge(claim: Claim, wanted: Asked, strength: str, lines: Collection[int], above: Collection[int] = ()) -> Claim:
    """State one edge of *claim*: to an id, to a skill in words, or to any of several."""
    how = "recommended" if wanted.soft else strength
    made = claim.statement.claim("requirement", f"{how} {wanted.called}", min(lines), parent=claim)
    made.set("strength", how, *lines, *above)
    if len(wanted.targets) == 1:
        made.set("to" if wanted.named[0] else "skill", wanted.targets[0], *lines)
        return made
    for place, target in enumerate(wanted.targets):
        made.set(f"any_of.{place}", target, *lines)
    if wanted.at_least > 1:
        made.set("at_least", str(wanted.at_least), *lines)
    return made


@dataclass(slots=True)
class _Atom:
    """A part between separators with the ids that it names, and the word *or* in parentheses behind it."""

    text: str
    ids: list[str]
    other: tuple[str, bool] | None = None

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
        SOFT.search(text) or _HARD.search(text) or _EITHER_BEHIND.search(text) or _OR_IN_PARENTHESES.search(text)
    )


def _parted(text: str, at: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The parts between separators that stand outside parentheses and code, each with the one before it."""
    hidden = re.sub(r"\([^()]*\)|`[^`]*`", lambda found: "\0" * len(found[0]), text)
    start, kind = 0, ""
    for found in at.finditer(hidden):
        yield text[start : found.start()].strip(), kind
        start, kind = found.end(), found.lastgroup or ""
    yield text[start:].strip(), kind


def _clause(made: Reading, text: str, ids: Ids, soft: bool, slashes: bool) -> None:
    whole = _EITHER_BEHIND.search(text)
    some = None if whole else _SOME_OF.search(text)
    if some is None or not any(atom.ids for atom in _atoms(text[some.end() :], ids, slashes)[0]):
        atoms, kinds = _atoms(text, ids, slashes)
        _several(made, atoms, kinds, soft, 1 if whole else 0)
        return
    before = _BEFORE_A_GROUP.sub("", text[: some.start()].strip())
    if before:
        atoms, kinds = _atoms(before, ids, slashes)
        _several(made, atoms, kinds, soft, 0)
    atoms, kinds = _atoms(text[some.end() :], ids, slashes)
    end = kinds.index("also") if "or" in kinds and "also" in kinds else len(kinds)
    mixed = "and" in kinds[:end] and "or" in kinds[:end]
    _several(made, atoms[:end], kinds[:end], soft, 0 if mixed else _COUNTS.get((some["count"] or "one").casefold(), 1))
    if end < len(kinds):
        _several(made, atoms[end:], ["", *kinds[end + 1 :]], soft, 0)


def _atoms(text: str, ids: Ids, slashes: bool) -> tuple[list[_Atom], list[str]]:
    """The parts of a clause and the kind of separator before each. Words without an id stay together."""
    atoms: list[_Atom] = []
    kinds: list[str] = []
    last = ""
    for part, kind in _parted(text, _SEPARATOR):
        if not part:
            continue
        atom = _atom(part, ids, last)
        last = atom.ids[-1] if atom.ids else last
        if kind == "slash" and not slashes:
            atoms[-1] = _atom(f"{atoms[-1].text}/{part}", ids, "")
        elif atoms and kind not in ("comma", "also") and not atom.ids and not atoms[-1].ids:
            atoms[-1] = _Atom(f"{atoms[-1].text} {_WORDS.get(kind, 'and')} {part}", [])
        else:
            atoms.append(atom)
            kinds.append(kind)
    for at in range(len(atoms) - 1, 0, -1) if "or" not in kinds else ():
        one, other = atoms[at - 1 : at + 1]
        if kinds[at] in ("and", "slash") and not (one.ids and other.ids):
            said = f"{one.text} {_WORDS.get(kinds[at], 'and')} {other.text}"
            atoms[at - 1 : at + 1] = [_Atom(said, one.ids + other.ids, one.other or other.other)]
            del kinds[at]
    return atoms, kinds


def _atom(part: str, ids: Ids, last: str) -> _Atom:
    atom = _Atom(part, [])
    bare = atom.bare
    atom.ids = ids(bare)
    if not atom.ids and last and _MORE.fullmatch(bare):
        kind = last.partition("-")[0]
        word = "Exercise" if "/" in last else "Project" if kind == "PROJ" else "Module"
        atom.ids = (ids(f"{kind}-{bare}") if "/" not in last else []) or ids(f"{word} {bare}")
    if found := _OR_IN_PARENTHESES.search(part):
        other = ids(found[1])
        said = _instead(found[1].strip(), " or ".join(atom.ids))
        atom.other = (other[0], True) if len(other) == 1 else (said, False)
    return atom


def _several(made: Reading, atoms: list[_Atom], kinds: list[str], soft: bool, at_least: int) -> None:
    """State the parts of a clause: of all of them so many where a number is given, else as what divides them says."""
    if not any(atom.ids for atom in atoms):
        made.asked += [_words(atom, soft) for atom in atoms if not values.is_nothing(atom.text)]
        return
    between = set(kinds[1:])
    if "slash" in between and not at_least:
        made.unclear = "a slash may mean both, or any of them"
    if "or" in between and not at_least:
        atoms, kinds = _besides(made, atoms, kinds, soft)
        between = set(kinds[1:])
    if at_least or between == {"or"} or (between == {"or", "comma"} and kinds[-1] == "or" and kinds.count("or") == 1):
        _group(made, atoms, between - {"comma"} if at_least else between, soft, at_least or 1)
        return
    if "or" in between and "also" in between and "and" not in between:
        at = kinds.index("also", 1)
        _several(made, atoms[:at], kinds[:at], soft, 0)
        _several(made, atoms[at:], ["", *kinds[at + 1 :]], soft, 0)
        return
    if "or" in between:
        made.unclear = "what belongs to 'or'"
    _each(made, atoms, soft)


def _besides(made: Reading, atoms: list[_Atom], kinds: list[str], soft: bool) -> tuple[list[_Atom], list[str]]:
    """What is left without the skills that commas divide from it, which are asked for besides."""
    first, last = 0, len(atoms)
    while last - first > 2 and not atoms[first].ids and kinds[first + 1] == "comma":
        first += 1
    while last - first > 2 and not atoms[last - 1].ids and kinds[last - 1] == "comma":
        last -= 1
    made.asked += [_words(atom, soft) for atom in (*atoms[:first], *atoms[last:])]
    return atoms[first:last], ["", *kinds[first + 1 : last]]


def _group(made: Reading, atoms: list[_Atom], between: set[str], soft: bool, at_least: int) -> None:
    listed = "comma" in between and not atoms[-1].ids and all(atom.ids for atom in atoms[:-1])
    if listed and _EQUIVALENT.match(atoms[-1].bare):
        # Instead of all of them, or of the last: each may be attested, so that neither reading is locked out.
        each_of = [each for atom in atoms[:-1] for each in atom.ids]
        made.asked += [Asked((each, _instead(atoms[-1].bare, each)), (True, False), soft) for each in each_of]
        return
    members = [each for atom in atoms for each in _members(atom) if each[0]]
    ids = " or ".join(to for to, named in members if named)
    found = {to if named else _instead(to, ids): named for to, named in members}
    if any(atom.other for atom in atoms) or ("comma" in between and not all(found.values())):
        made.unclear = "what belongs to 'or'"
    elif between == {"or"} and any(len(atom.ids) > 1 for atom in atoms):
        made.unclear = "whether all of a range are meant"
    elif any(atom.soft for atom in atoms[:-1]):
        made.unclear = "which of them are recommended only"
    elif at_least > len(found):
        made.unclear = f"{at_least} of {len(found)}"
    soft = soft or any(atom.soft for atom in atoms)
    made.asked.append(Asked(tuple(found), tuple(found.values()), soft, at_least))


def _members(atom: _Atom) -> list[tuple[str, bool]]:
    return [(each, True) for each in atom.ids] or [(atom.bare, False)]


def _instead(words: str, ids: str) -> str:
    """An alternative in words, so that it can be read alone: *something equivalent to MOD-801* for *equivalent*."""
    return f"something {alone['how']} to {ids}" if (alone := _EQUIVALENT.fullmatch(words)) else words


def _each(made: Reading, atoms: list[_Atom], soft: bool) -> None:
    named = [atom for atom in atoms if atom.ids]
    marked = [atom for atom in named if atom.soft]
    whole = any(_WHOLE.search(atom.text) for atom in marked)
    outside = any(SOFT.search(re.sub(r"\([^()]*\)", "", atom.text)) for atom in marked)
    bare = [atom for atom in named if not atom.soft and not _HARD.search(atom.text)]
    if (outside and bare and not whole) or any(len(atom.ids) > 1 and _HARD.search(_hard(atom)) for atom in marked):
        made.unclear = "which of them are recommended only"
    for atom in atoms:
        if not atom.ids:
            made.asked.append(_words(atom, soft))
            continue
        mild = (soft and not _HARD.search(_hard(atom))) or whole or atom.soft
        if atom.other and len(atom.ids) == 1:
            made.asked.append(Asked((atom.ids[0], atom.other[0]), (True, atom.other[1]), soft=mild))
            continue
        if atom.other:
            made.unclear = "what belongs to 'or'"
        made.asked += [Asked((each,), (True,), soft=mild) for each in atom.ids]


def _hard(atom: _Atom) -> str:
    """What an atom says, without the words that say it is not needed."""
    return SOFT.sub("", atom.text)


def _words(atom: _Atom, soft: bool) -> Asked:
    return Asked((atom.text,), (False,), soft=soft or atom.soft)
