"""Prerequisites in words: all of several ids, any of them, or what only helps.

``MOD-801, MOD-802`` asks for both, ``MOD-801 or MOD-802`` and ``one of MOD-801, MOD-802`` for
any of them, ``MOD-801 (recommended)`` locks nothing. Where words can be read in several ways
their ids are only recommended, and a finding says so: nobody is locked out by a guess.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from courses.curriculum.sources import hedges, values
from courses.curriculum.sources.atoms import OR, Atom, Ids, atoms_of, instead_of, parted
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.hedges import HARD, SOFT

RULE = "references.prerequisite_unclear"
_LABEL = re.compile(r"^\W{0,4}(?P<label>[A-Za-z][A-Za-z -]{2,60}?)\W{0,4}:\W{0,4}(?=\S)")
_LOCAL = re.compile(r"(?:lab|quiz|exercise|task|project|assessment)s? #?\d{1,3}", re.IGNORECASE)
_BEGINS = re.compile(r"(?:and/)?or\b", re.IGNORECASE)
_ENDS = re.compile(r"\bor\W{0,3}$", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[a-z\d)]{3})\. (?=[A-Z])|;|, (?=[A-Za-z][A-Za-z -]{3,40}: )")
_BEFORE_A_GROUP = re.compile(r"(?:[,:]|\b(?:and|plus|as well as|with))[ ,:]*$", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:both|all)\b", re.IGNORECASE)
_OF_OR = "what belongs to 'or'"


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
    text, strong = hedges.plain(text)
    clauses = parted(text, _CLAUSE)
    for clause in _joined([part for part, _ in clauses if part]):
        label = _LABEL.match(clause)
        if label and (SOFT.search(label["label"]) or HARD.search(label["label"])):
            soft = bool(SOFT.search(label["label"]))
            clause = clause[label.end() :]
        found = Reading()
        _clause(found, clause, ids, soft, slashes)
        if label and hedges.WHO.match(label["label"]) and found.ids:
            found.unclear = f"whom {label['label']!r} leaves out"
        if any(any(each.named) and not each.soft for each in found.asked):
            found.unclear = found.unclear or hedges.doubt(clause)
            if values.is_nothing(text[: len(text.split(";")[0])]) and not values.is_nothing(clause):
                found.unclear = "what is needed if nothing is"
        made.unclear = made.unclear or found.unclear
        made.asked += _apart(found.asked) if found.unclear else found.asked
    if any(any(each.named) and not each.soft for each in made.asked) and (said := hedges.doubt_of_all(text)):
        made = Reading([*_apart(made.asked)], made.unclear or said)
    if made.ids and (_BEGINS.match(text) or _ENDS.search(text) or (strong and len(made.ids) > 2)):
        made = Reading([*_apart(made.asked)], made.unclear or _OF_OR)
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
    return bool(hedges.SOME_OF.fullmatch(f"{label.strip(' :')} "))


def together(said: Iterable[tuple[str, str, Collection[int]]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Texts with their lines, from labels, texts and lines; one is what stands under *One of*, and what *or* joins."""
    for label, group in groupby(said, key=lambda each: each[0]):
        texts, lines = zip(*((text, tuple(at)) for _, text, at in group), strict=True)
        if opens_choice(label):
            yield f"{label.strip(' :')} {', '.join(texts)}", tuple(line for at in lines for line in at)
            continue
        joined: list[tuple[str, tuple[int, ...]]] = []
        for text, at in zip(texts, lines, strict=True):
            if joined and (_BEGINS.match(text) or _ENDS.search(joined[-1][0])):
                above, before = joined.pop()
                text, at = f"{above.rstrip(' ,;')} {text}", (*before, *at)
            joined.append((text, at))
        yield from joined


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
    found = asked(hedges.with_notes(claim, text), ids, slashes=slashes)
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


def _clause(made: Reading, text: str, ids: Ids, soft: bool, slashes: bool) -> None:
    whole = hedges.SOME_BEHIND.search(text)
    some = None if whole else hedges.SOME_OF.search(text)
    if some is None or not any(atom.ids for atom in atoms_of(text[some.end() :], ids, slashes)[0]):
        atoms, kinds = atoms_of(hedges.SOME_BEHIND.sub("", text), ids, slashes)
        if whole and ("also" in kinds or "and" in kinds[1:-1]):
            made.unclear = "which of them are any"
        _several(made, atoms, kinds, ids, soft, hedges.count_of(whole) if whole else 0)
        return
    before = _BEFORE_A_GROUP.sub("", text[: some.start()].strip())
    if before:
        atoms, kinds = atoms_of(before, ids, slashes)
        _several(made, atoms, kinds, ids, soft, 0)
    atoms, kinds = atoms_of(text[some.end() :], ids, slashes)
    end = kinds.index("also") if "or" in kinds and "also" in kinds else len(kinds)
    if len(kinds) > 1 and atoms[0].inside and not {"or", "slash"} & {*kinds}:
        end = 1  # one of (MOD-801, MOD-802) and MOD-803
    mixed = "and" in kinds[:end] and "or" in kinds[:end]
    _several(made, atoms[:end], kinds[:end], ids, soft, 0 if mixed else hedges.count_of(some))
    if end < len(kinds):
        _several(made, atoms[end:], ["", *kinds[end + 1 :]], ids, soft, 0)


def _several(made: Reading, atoms: list[Atom], kinds: list[str], ids: Ids, soft: bool, at_least: int) -> None:
    """State the parts of a clause: of all of them so many where a number is given, else as what divides them says."""
    if not any(atom.ids for atom in atoms):
        made.asked += [_words(atom, soft) for atom in atoms if not values.is_nothing(atom.text)]
        return
    between = set(kinds[1:])
    if any(atom.inside for atom in atoms):
        _nested(made, atoms, between, ids, soft, at_least)
        return
    if any(len(atom.ids) > 1 and OR.search(atom.text) for atom in atoms):
        made.unclear = _OF_OR
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
        _several(made, atoms[:at], kinds[:at], ids, soft, 0)
        _several(made, atoms[at:], ["", *kinds[at + 1 :]], ids, soft, 0)
        return
    if "or" in between:
        made.unclear = _OF_OR
    _each(made, atoms, soft)


def _nested(made: Reading, atoms: list[Atom], between: set[str], ids: Ids, soft: bool, at_least: int) -> None:
    """State parts of which some are groups in parentheses."""
    parts: list[list[Asked]] = []
    for atom in atoms:
        own = Reading()
        if atom.inside:
            mild = SOFT.search(atom.text.replace(atom.inside, ""))
            _clause(own, atom.inside, ids, soft or bool(mild), True)
        else:
            _each(own, [atom], soft)
        made.unclear = made.unclear or own.unclear
        parts.append(own.asked)
    if at_least or "or" in between:
        # One of several that are any of theirs is any of all.
        flat = [part[0] for part in parts if len(part) == 1 and part[0].at_least == 1]
        if at_least and len(parts) == 1 and all(len(each.targets) == 1 for each in parts[0]):
            flat, parts = parts[0], [[each] for each in parts[0]]
        if len(flat) < len(parts) or (at_least > 1 and between) or between - {"or"}:
            made.unclear = made.unclear or _OF_OR
        else:
            targets = {to: named for each in flat for to, named in zip(each.targets, each.named, strict=True)}
            parts = [[Asked((*targets,), (*targets.values(),), any(each.soft for each in flat), at_least or 1)]]
            if at_least > len(targets):
                made.unclear = f"{at_least} of {len(targets)}"
    elif between & {"slash"}:
        made.unclear = made.unclear or "a slash may mean both, or any of them"
    made.asked += [each for part in parts for each in part]


def _besides(made: Reading, atoms: list[Atom], kinds: list[str], soft: bool) -> tuple[list[Atom], list[str]]:
    """What is left without the skills that commas divide from it, which are asked for besides."""
    first, last = 0, len(atoms)
    while last - first > 2 and not atoms[first].ids and kinds[first + 1] == "comma":
        first += 1
    while last - first > 2 and not atoms[last - 1].ids and kinds[last - 1] == "comma":
        last -= 1
    if first and not atoms[first].ids:
        made.unclear = _OF_OR
    made.asked += [_words(atom, soft) for atom in (*atoms[:first], *atoms[last:])]
    return atoms[first:last], ["", *kinds[first + 1 : last]]


def _group(made: Reading, atoms: list[Atom], between: set[str], soft: bool, at_least: int) -> None:
    listed = "comma" in between and not atoms[-1].ids and all(atom.ids for atom in atoms[:-1])
    if listed and hedges.ALONE.match(atoms[-1].bare):
        # Instead of all of them, or of the last: each may be attested, so that neither reading is locked out.
        each_of = [each for atom in atoms[:-1] for each in atom.ids]
        made.asked += [Asked((each, instead_of(atoms[-1].bare, each)), (True, False), soft) for each in each_of]
        return
    members = [each for atom in atoms for each in _members(atom) if each[0]]
    if any(not named and values.is_nothing(to) for to, named in members):
        made.unclear = "what one of nothing is"
    ids = " or ".join(to for to, named in members if named)
    found = {to if named else instead_of(to, ids): named for to, named in members}
    if any(atom.other for atom in atoms) or ("comma" in between and not all(found.values())):
        made.unclear = _OF_OR
    elif between == {"or"} and any(len(atom.ids) > 1 for atom in atoms):
        made.unclear = "whether all of a range are meant"
    elif any(atom.soft for atom in atoms[:-1]) or any(hedges.PREFERENCE.search(atom.text) for atom in atoms):
        made.unclear = "which of them are recommended only"
    elif local := next((to for to, named in members if not named and _LOCAL.fullmatch(to)), ""):
        made.unclear = f"which {local} is meant"
    elif any(_may_be_title(one, other) for one, other in pairwise(atoms)):
        made.unclear = "whether 'or' is a part of a title"
    elif at_least > len(found):
        made.unclear = f"{at_least} of {len(found)}"
    soft = soft or any(atom.soft for atom in atoms)
    made.asked.append(Asked(tuple(found), tuple(found.values()), soft, at_least))


def _may_be_title(one: Atom, other: Atom) -> bool:
    """Whether *Pipes or Queues* is what a module is called: words behind its id, and words behind *or*."""
    behind = re.sub(r"^.*\d\w?\b|\([^()]*\)", "", one.bare).strip(" :*`'\"\u2013\u2014-")
    return bool(one.ids and behind and not other.ids and not hedges.INSTEAD.search(other.text))


def _members(atom: Atom) -> list[tuple[str, bool]]:
    return [(each, True) for each in atom.ids] or [(atom.bare, False)]


def _each(made: Reading, atoms: list[Atom], soft: bool) -> None:
    named = [atom for atom in atoms if atom.ids]
    marked = [atom for atom in named if atom.soft]
    whole = any(_WHOLE.search(atom.text) for atom in marked)
    outside = any(SOFT.search(re.sub(r"\([^()]*\)", "", atom.text)) for atom in marked)
    bare = [atom for atom in named if not atom.soft and not HARD.search(atom.text)]
    if (outside and bare and not whole) or any(len(atom.ids) > 1 and HARD.search(_hard(atom)) for atom in marked):
        made.unclear = "which of them are recommended only"
    for atom in atoms:
        if not atom.ids:
            made.asked.append(_words(atom, soft))
            continue
        mild = (soft and not HARD.search(_hard(atom))) or whole or atom.soft
        if atom.other and len(atom.ids) == 1:
            made.asked.append(Asked((atom.ids[0], atom.other[0]), (True, atom.other[1]), soft=mild))
            continue
        if atom.other:
            made.unclear = _OF_OR
        made.asked += [Asked((each,), (True,), soft=mild) for each in atom.ids]


def _hard(atom: Atom) -> str:
    """What an atom says, without the words that say it is not needed."""
    return SOFT.sub("", atom.text)


def _words(atom: Atom, soft: bool) -> Asked:
    return Asked((atom.text,), (False,), soft=soft or atom.soft)
