"""YAML mappings read key by key, for the readers of YAML kinds.

A reader asks for the keys that its kind has, by all names that people give them;
:meth:`Entries.rest` then keeps what nobody asked for as ``stated.NAME`` with an
info finding. Every value is stated with its own lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.bodies.base import number_text
from courses.curriculum.sources import asked, values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.yaml import leaves, line_of, lines_of, plain

_ID = re.compile(r"[A-Za-z]{2,}[-_ ]?\d{1,4}[A-Za-z]?")
_ADVISED = re.compile(r"soft|recommended|optional|suggested|preferred|helpful|nice[ _-]to[ _-]have")
_ADVISING = ("recommended", "optional", "suggested", "preferred", "helpful", "soft")
_ANY = ("any_of", "one_of", "either", "any", "alternatives")
_PARTS = frozenset(
    (*_ANY, *_ADVISING, "nice_to_have", "required", "mandatory", "hard", "must_have", "all_of", "modules", "skills")
)
_CALLED = ("id", "code", "title", "name", "module_id", "project_id")
UNKNOWN_KEY = "source.unknown_key"


def scalar(value: Any) -> Any:
    """A value as claims hold it: numbers and dates as text, nothing and truth as they are."""
    if isinstance(value, bool | None) or not isinstance(value, int | float | date):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else number_text(Decimal(str(plain(value))))


def folded_key(key: Any) -> str:
    return str(key).strip().casefold().replace("-", "_").replace(" ", "_")


def known_keys(data: Any, names: Iterable[str]) -> int:
    """How many of *names* a mapping has."""
    return len({folded_key(key) for key in data} & set(names)) if isinstance(data, CommentedMap) else 0


def _is_entry(data: CommentedMap) -> bool:
    """Whether a mapping is one entry, and not entries by their names: it says what it is called."""
    called = [value for key, value in data.items() if folded_key(key) in _CALLED]
    return any(isinstance(value, str | int) for value in called)


def _wrapped(key: str, value: Any, lines: range) -> CommentedMap:
    """A mapping with one key, for a value that stands without one."""
    made = CommentedMap({key: value})
    made.lc.spans = {key: (lines[0], lines[-1])}
    return made


class Entries:
    """One mapping of a document.

    :ivar name: the key that it stands under where that is its name (``MOD-101: {...}``), with its line.
    """

    def __init__(self, statement: Statement, data: Any, line: int, name: tuple[str, int] | None = None) -> None:
        self.statement = statement
        self.data = data if isinstance(data, CommentedMap) else CommentedMap()
        self.line = line
        self.name = name
        self._taken: set[Any] = set()

    def _key(self, names: tuple[str, ...]) -> Any:
        """The first key of one of *names* that nobody took; None if there is none."""
        for name in names:
            for key in self.data:
                if key not in self._taken and folded_key(key) == name:
                    self._taken.add(key)
                    return key
        return None

    def has(self, *names: str) -> bool:
        return any(folded_key(key) in names for key in self.data)

    def skip(self, keys: Iterable[Any]) -> None:
        """Leave keys out that were read otherwise."""
        self._taken.update(keys)

    def peek(self, *names: str) -> str:
        """The text of a key that is read later; empty where there is none, or it is no text."""
        for name in names:
            for key, value in self.data.items():
                if folded_key(key) == name and isinstance(value, str | int | float) and str(value).strip():
                    return str(scalar(value))
        return ""

    def value(self, claim: Claim, field: str, *names: str) -> None:
        """State a key as *field*, and what is nested in it as ``field.place``."""
        key = self._key(names)
        if key is not None:
            self._put(claim, field, key)

    def _put(self, claim: Claim, field: str, key: Any) -> None:
        value = self.data[key]
        if isinstance(value, CommentedMap | CommentedSeq) and value:
            for place, entry, lines in leaves(value):
                claim.set(f"{field}.{place}", scalar(entry), *lines)
        else:
            claim.set(field, scalar(value), *lines_of(self.data, key))

    def words(self, *names: str) -> tuple[list[tuple[str, range]], range | None]:
        """The texts of a list (or of one text alone) with their lines, and the line of a list that is there and empty.

        Entries that are no text are left to :meth:`rest`.
        """
        key = self._key(names)
        if key is None:
            return [], None
        value = self.data[key]
        if value is None or (isinstance(value, CommentedMap | CommentedSeq) and not value):
            return [], lines_of(self.data, key)
        if isinstance(value, CommentedSeq) and not any(isinstance(e, CommentedMap | CommentedSeq) for e in value):
            return [(str(scalar(entry)), lines_of(value, place)) for place, entry in enumerate(value)], None
        if not isinstance(value, CommentedMap | CommentedSeq):
            return [(str(scalar(value)), lines_of(self.data, key))], None
        self._taken.discard(key)
        return [], None

    def texts(self, claim: Claim, field: str, *names: str) -> None:
        """State the texts of a list as ``field.N``; an empty one as an empty list."""
        found, empty = self.words(*names)
        for place, (text, lines) in enumerate(found):
            claim.set(f"{field}.{place}", text, *lines)
        if empty is not None:
            claim.set(field, [], *empty)

    def inner(self, *names: str) -> Entries:
        """A mapping below a key; one without entries if there is none."""
        for name in names:
            for key, value in self.data.items():
                if key not in self._taken and folded_key(key) == name and isinstance(value, CommentedMap) and value:
                    self._taken.add(key)
                    return Entries(self.statement, value, line_of(self.data, key, self.line))
        return Entries(self.statement, None, self.line)

    def inner_of(self, keys: Collection[str], *names: str) -> Entries | None:
        """A mapping below a key that has none but *keys*; None if there is none."""
        for key, value in self.data.items():
            if folded_key(key) in names and key not in self._taken and isinstance(value, CommentedMap) and value:
                return self.inner(folded_key(key)) if {folded_key(each) for each in value} <= set(keys) else None
        return None

    def each(self, claim: Claim, *names: str, word: str = "title", listed: str = "") -> Iterator[Entries]:
        """The entries of a list, or of a mapping by names; an entry that is a text has it under the key *word*.

        Beside a name a text is the title where *word* is an id; a list has its entries under the key *listed*.
        ``- MOD-101: {...}`` is an entry with a name. An empty list is stated as ``stated.NAME`` of *claim*.
        """
        key = self._key(names)
        if key is None:
            return
        value = self.data[key]
        if not isinstance(value, CommentedMap | CommentedSeq) or not value:
            self._put(claim, f"stated.{key}", key)
            return
        if isinstance(value, CommentedMap) and _is_entry(value):
            yield Entries(self.statement, value, line_of(self.data, key, self.line))
            return
        named = isinstance(value, CommentedMap)
        for place, entry in value.items() if isinstance(value, CommentedMap) else enumerate(value):
            lines = lines_of(value, place)
            name = (str(place), lines[0]) if named else None
            if not named and isinstance(entry, CommentedMap) and len(entry) == 1:
                key_inside = next(iter(entry))
                if _ID.fullmatch(str(key_inside)):
                    name, entry, lines = (str(key_inside), lines[0]), entry[key_inside], lines_of(entry, key_inside)
            if isinstance(entry, CommentedMap) and (entry or name):
                yield Entries(self.statement, entry, lines[0], name)
            elif isinstance(entry, CommentedSeq) and entry and name and listed:
                yield Entries(self.statement, _wrapped(listed, entry, lines), lines[0], name)
            elif isinstance(entry, CommentedSeq) and entry:
                for inner, text, inner_lines in leaves(entry):
                    claim.set(f"stated.{key}.{place}.{inner}", scalar(text), *inner_lines)
            else:
                known = "title" if name and word == "id" else word
                yield Entries(self.statement, _wrapped(known, entry, lines), lines[0], name)

    def named(self, claim: Claim, field: str, *names: str) -> None:
        """State what an entry is called: by the key that it stands under, else by one of its own."""
        if self.name is not None:
            claim.set(field, *self.name)
        else:
            self.value(claim, field, *names)

    def rest(self, claim: Claim, place: str = "") -> None:
        """Keep every key that nobody asked for as ``stated.NAME``, each with an info finding."""
        for key in self.data:
            if key in self._taken:
                continue
            self._taken.add(key)
            line = line_of(self.data, key, self.line)
            self.statement.report(
                UNKNOWN_KEY, "info", line,
                f"The key {str(key)!r} is not one that this kind of document has here; {claim.address} keeps it.",
                "Rename it if it is one of them (docs/import.md), else nothing needs doing.",
            )  # fmt: skip
            self._put(claim, f"stated.{place}{key}", key)


def needs(entries: Entries, claim: Claim, *names: str) -> None:
    """Edges to what must come first: an id is an edge, other words are a skill; an empty list says that none is.

    ``recommended_NAME`` holds what only helps; a mapping has lists by how much they are
    needed, or of alternatives (``required:``, ``recommended:``, ``any_of:``).
    """
    _needs(entries, claim, "needs", *names)
    advised = [f"{word}_{name}" for name in names for word in _ADVISING]
    while entries.has(*advised):
        if not _needs(entries, claim, "recommended", *advised):
            return


def _needs(entries: Entries, claim: Claim, strength: str, *names: str) -> bool:
    """State one of *names*; whether there is one that nobody took."""
    if (parts := entries.inner_of(_PARTS, *names)) is not None:
        for key in list(parts.data):
            if folded_key(key) in _ANY:
                _any_of(parts, claim, strength, folded_key(key))
            else:
                _needs(parts, claim, "recommended" if _ADVISED.match(folded_key(key)) else strength, folded_key(key))
        return True
    found, empty = entries.words(*names)
    for text, lines in found:
        _words(claim, text, lines, strength)
    if empty is not None:
        claim.set("stated.prerequisites", [], *empty)
    listed = [] if found or empty is not None else list(entries.each(claim, *names, word="id"))
    for entry in listed:
        _needed(entry, claim, strength)
    return bool(found or empty is not None or listed)


def _words(claim: Claim, text: str, lines: Collection[int], strength: str) -> None:
    if values.is_nothing(text):
        claim.set("stated.prerequisites", text, *lines)
        return
    made = asked.state(claim, text, lines, strength, values.named_ids)
    if made.ids and [text] != made.ids:
        claim.set(f"stated.prerequisites.{sum(n.startswith('stated.prereq') for n in claim.fields)}", text, *lines)


def _any_of(entries: Entries, claim: Claim, strength: str, name: str) -> Claim | None:
    """A list of alternatives, each an id or words."""
    found, _ = entries.words(name)
    if not found:
        return None
    targets = [each for text, _ in found for each in values.named_ids(text) or [text]]
    lines = sorted({line for _, at in found for line in at})
    group = asked.Asked(tuple(targets), tuple(bool(values.named_ids(each)) for each in targets))
    return asked.edge(claim, group, strength, lines)


def _needed(entry: Entries, claim: Claim, strength: str) -> None:
    """One that has keys of its own: what it is, how much it is needed, and what else it says."""
    group = next((made for name in _ANY if entry.has(name) and (made := _any_of(entry, claim, strength, name))), None)
    if group is not None:
        entry.value(group, "reason", "reason", "note", "notes")
        entry.rest(group)
        return
    if not entry.name and {folded_key(key) for key in entry.data} <= _PARTS - set(_ANY):
        for key in list(entry.data):
            how = "recommended" if _ADVISED.match(folded_key(key)) else strength
            _needs(entry, claim, how, folded_key(key))
        return
    names = ("id", "module", "module_id", "skill", "name", "title")
    said = entry.name[0] if entry.name else entry.peek(*names)
    found = asked.asked(said, values.named_ids)
    if not entry.name and (list(entry.data) == ["id"] or found.unclear or [len(e.targets) for e in found.asked] != [1]):
        for text, lines in entry.words(*names)[0]:
            _words(claim, text, lines, strength)
        entry.rest(claim, "prerequisites.")
        return
    to = next(iter(found.ids), "")
    advised = (
        _ADVISED.fullmatch(entry.peek("type", "strength", "kind").casefold())
        or entry.peek("required", "mandatory").casefold() in ("false", "no")
        or entry.peek("optional", "recommended").casefold() in ("true", "yes")
        or any(each.soft for each in found.asked)
    )
    how = "recommended" if advised else strength
    edge = entry.statement.claim("requirement", f"{how} {to or said}", entry.line, parent=claim)
    edge.set("strength", how, entry.line)
    entry.named(edge, "stated.id" if to and to != said else "to" if to else "skill", *names)
    if to and to != said:
        edge.set("to", to, entry.line)
    entry.value(edge, "stated.strength", "type", "strength", "kind")
    entry.value(edge, "stated.required", "required", "mandatory")
    entry.value(edge, "stated.optional", "optional", "recommended")
    entry.value(edge, "reason", "reason", "note", "notes")
    entry.rest(edge)


def objectives(entries: Entries, claim: Claim, *names: str, group: tuple[str, int] | None = None) -> None:
    found, empty = entries.words(*names)
    for text, lines in found:
        objective = entries.statement.claim("objective", text, lines[0], parent=claim)
        objective.set("text", text, *lines)
        if group is not None:
            objective.set("group", *group)
    if empty is not None:
        claim.set("stated.objectives", [], *empty)
    if found or empty is not None:
        return
    said = ("text", "statement", "objective", "outcome", "description", "title")
    for entry in entries.each(claim, *names, word="text"):
        objective = entry.statement.claim("objective", entry.peek(*said) or "Objective", entry.line, parent=claim)
        entry.value(objective, "text", *said)
        for name in ("id", "level", "bloom", "verb"):
            entry.value(objective, f"stated.{name}", name)
        entry.rest(objective)
