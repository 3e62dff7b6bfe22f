"""What one document states: claims about entities, where each value stands, and what became of every line.

A claim is an entity as far as one document knows it: it may lack what only
another document says. Its fields are those of the kind's body in the native
format (dotted where they are nested, numbered where they are lists), so that a
merged claim can become a draft. Every non-blank line ends as *mapped* to a field,
as *prose* of an entity, or *reported* in a finding; mapped goes before prose,
prose before reported.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.curriculum.aliases import slug_of
from courses.curriculum.findings import Finding, Severity
from courses.curriculum.sources.text import SourceText

Fate = Literal["mapped", "prose", "reported"]
_FATES: tuple[Fate, ...] = ("mapped", "prose", "reported")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of one field: plain data (text, numbers as strings, lists), with the lines it was read from.

    No lines: the kind of section says it (the audience of a quality checklist).
    """

    value: Any
    lines: tuple[int, ...]


@dataclass(eq=False, slots=True)
class Claim:
    """An entity as one document states it.

    :ivar kind: an entity kind of the registry (``module``, ``lab``, ``question``).
    :ivar key: the id that the author gave it; empty where it is only named.
    :ivar label: what it is called; what stands for the id where there is none.
    :ivar parent: what it stands under; None for what stands for itself.
    :ivar number: tells it from others of the same kind, parent and label; 1 for the first.
    """

    statement: Statement
    kind: str
    label: str
    line: int
    key: str = ""
    parent: Claim | None = None
    number: int = 1
    fields: dict[str, Fact] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _entries: dict[str, set[str]] = field(default_factory=dict)
    _below: list[Claim] = field(default_factory=list)

    @property
    def path(self) -> str:
        own = self.key or slug_of(self.label)
        if self.number > 1:
            own = f"{own}-{self.number}"
        return own if self.parent is None or self.parent.kind == "program" else f"{self.parent.path}/{own}"

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.path}"

    def set(self, name: str, value: Any, *lines: int, prose: bool = False) -> None:
        """State a field. Its lines are mapped, or prose where the value is a text that is only shown.

        What a document says first counts; a second time is a finding, and its lines are reported.
        """
        if name in self.fields:
            self._again(name, value, lines)
            return
        self.fields[name] = Fact(value, lines)
        stem, _, place = name.rpartition(".")
        if place.isdecimal():
            self._places[stem] = self._places.get(stem, 0) + 1
        parts = name.split(".")
        for at, part in enumerate(parts):
            if part.isdecimal():
                self._entries.setdefault(".".join(parts[:at]), set()).add(part)
        self.statement.account.give("prose" if prose else "mapped", lines, f"{self.address}.{name}")

    def _again(self, name: str, value: Any, lines: tuple[int, ...]) -> None:
        first = self.fields[name]
        same = "once more" if first.value == value else "once more, and differently"
        if lines:
            self.statement.report(
                "source.stated_twice", "info" if first.value == value else "warning", lines[0],
                f"{self.address} states {name!r} {same}; what it says first counts.",
                "Remove one of them.", related=[self.place(name)], lines=lines,
            )  # fmt: skip

    def rename(self, name: str, other: str) -> None:
        """Call a field otherwise, in the account of its lines too: what follows says that it was another one."""
        fact = self.fields.pop(name)
        for line in fact.lines:
            del self.statement.account.fates[line]["mapped"][f"{self.address}.{name}"]
        self.set(other, fact.value, *fact.lines)

    def count(self, name: str) -> int:
        """How many values the list *name* has; the place of its next one."""
        return self._places.get(name, 0)

    def entries(self, name: str) -> int:
        """How many entries the list *name* has, each a value or several fields."""
        return len(self._entries.get(name, ()))

    def get(self, name: str) -> Any:
        """The value of a field, None where the document says nothing of it."""
        fact = self.fields.get(name)
        return None if fact is None else fact.value

    def place(self, name: str) -> tuple[str, int]:
        """File and line of a field, or of the claim where it has none."""
        fact = self.fields.get(name)
        return self.statement.file, fact.lines[0] if fact and fact.lines else self.line

    def under(self, kind: str) -> list[Claim]:
        """The claims of *kind* that stand directly under this one, in order."""
        return [claim for claim in self._below if claim.kind == kind]


class Above:
    """Which of some claims begins last at or above a line; the first of them above all."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        given = list(claims)
        # Of those in one line it is the first.
        first = {claim.line: claim for claim in reversed(given)}
        self._first = next(iter(given), None)
        self._claims = [first[line] for line in sorted(first)]

    def of(self, line: int) -> Claim | None:
        place = bisect_right(self._claims, line, key=lambda claim: claim.line)
        return self._claims[place - 1] if place else self._first


@dataclass(slots=True)
class Account:
    """What became of each line of a document."""

    source: SourceText
    fates: dict[int, dict[Fate, dict[str, None]]] = field(default_factory=dict)
    opens: dict[int, int] = field(default_factory=dict)

    def give(self, fate: Fate, lines: Iterable[int], what: str) -> None:
        """Say that *lines* became *what*: ``entity.field``, or the rule of a finding."""
        for line in lines:
            self.fates.setdefault(line, {}).setdefault(fate, {})[what] = None

    def structure(self, line: int, opens: int) -> None:
        """A heading, rule, fence or table rule shares the fate of the line that it opens (or closes)."""
        if line != opens:
            self.opens[line] = opens

    def opened(self, line: int) -> int | None:
        """The line whose fate a line of structure shares; None for a line with a fate of its own."""
        seen, at = {line}, line
        while at not in self.fates:
            at = self.opens.get(at, 0)
            if not at or at in seen:
                return None
            seen.add(at)
        return at if at != line else None

    def fate(self, line: int) -> Fate | None:
        """What *line* became; None if nothing was said of it."""
        fates = self.fates.get(self.opened(line) or line, {})
        return next((fate for fate in _FATES if fate in fates), None)

    def names(self, line: int) -> list[str]:
        """The fields that *line* was mapped to; empty for any other line."""
        return list(self.fates.get(line, {}).get("mapped", ()))

    def fields(self, line: int) -> list[str]:
        """What *line*, or the line that it opens, became: fields, or the rules that reported it."""
        fate = self.fate(line)
        return list(self.fates[self.opened(line) or line][fate]) if fate else []

    def unaccounted(self) -> list[int]:
        return [line for line in self.source.filled() if self.fate(line) is None]

    def counts(self) -> dict[str, int]:
        """Non-blank lines in all and by what became of them."""
        filled = self.source.filled()
        fates = [self.fate(line) for line in filled]
        return {
            "lines": len(filled),
            "mapped": fates.count("mapped"),
            "prose": fates.count("prose"),
            "reported": fates.count("reported"),
            "unaccounted": fates.count(None),
        }


@dataclass(slots=True)
class Statement:
    """What one document states: its claims in order, its findings, and the account of its lines.

    :ivar rank: place of its kind in an order of the team's own; None for the usual one (``merge.precedence``).
    """

    source: SourceText
    kind: str
    claims: list[Claim] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rank: int | None = None
    account: Account = field(init=False)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = Account(self.source)

    @property
    def file(self) -> str:
        return self.source.file

    def claim(self, kind: str, label: str, line: int, *, key: str = "", parent: Claim | None = None) -> Claim:
        """Begin a claim. Two without a key that have one address in one document are told apart by a number."""
        made = Claim(self, kind, label, line, key, parent)
        address = kind, made.path
        while not key and (kind, made.path) in self._numbers:
            self._numbers[address] += 1
            made.number = self._numbers[address]
        self._numbers.setdefault((kind, made.path), 1)
        self.claims.append(made)
        if parent is not None and parent.statement is self:
            parent._below.append(made)
        return made

    def report(
        self,
        rule: str,
        severity: Severity,
        line: int,
        message: str,
        fix: str = "",
        *,
        related: Iterable[tuple[str, int]] = (),
        lines: Iterable[int] = (),
    ) -> None:
        """Add a finding at *line*; it and further *lines* are reported."""
        self.findings.append(Finding(rule, severity, self.file, line, message, fix, tuple(related)))
        self.account.give("reported", (line, *lines), rule)

    def in_order(self) -> None:
        """Put the claims into the order of their lines."""
        self.claims.sort(key=lambda claim: claim.line)
        for claim in self.claims:
            claim._below.sort(key=lambda each: each.line)

    def of_kind(self, kind: str) -> Iterator[Claim]:
        return (claim for claim in self.claims if claim.kind == kind)
