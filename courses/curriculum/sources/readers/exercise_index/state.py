"""What an exercise index is read into: its program, its modules and exercises by number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import Table
from courses.curriculum.sources.parts import folded

MODULE = re.compile(r"^\W*(?P<label>[^\W\d]+[-\s]*(?P<number>\d{1,4}))(?:\s*[:.\u2013\u2014-]+\s*|\s+|$)(?P<title>.*)$")
LAB = re.compile(
    r"^\W*+(?P<label>(?:(?:[^\W\d]++\s++)?(?:exercise|lab|practical|assignment|\u00fcbung|hands-on|ex)\w*\s*+#?\s*+)?"
    r"(?:(?P<module>\d{2,4})\s*+[-./]\s*+)?(?P<number>\d{1,3}))(?:\s*+[:.)\u2013\u2014-]+\s*|\s+)(?P<title>\D.*)$",
    re.IGNORECASE,
)
CODE = re.compile(
    r"(?<![\w-])(?:mod-)?(?P<module>\d{2,4})\s*[-./]\s*(?:ex(?:ercise)?-?)?(?P<number>\d{1,2})(?![\w-])", re.IGNORECASE
)
BRACES = re.compile(r"(?:mod(?:ule)?[-\s]?)?(?P<module>\d{2,4})\s*\{(?P<numbers>[^{}]*)\}", re.IGNORECASE)
MODULE_ID = re.compile(r"\bmod(?:ule)?\w*[-\s]?(?P<number>\d{1,4})\b", re.IGNORECASE)


def module_key(number: str) -> str:
    return f"MOD-{int(number):03d}"


def code_of(module: str, number: str) -> str:
    return f"{int(module):03d}-{int(number):02d}"


@dataclass(slots=True)
class Lab:
    """An exercise; ``lines`` are those of the headings that its code is made of."""

    claim: Claim
    module: str
    number: str
    lines: tuple[int, ...]

    @property
    def code(self) -> str:
        return code_of(self.module, self.number)


@dataclass(slots=True)
class Index:
    """The document while it is read."""

    statement: Statement
    program: Claim
    modules: dict[str, Claim] = field(default_factory=dict)
    used: set[tuple[str, int]] = field(default_factory=set)
    labs: list[Lab] = field(default_factory=list)
    later: list[tuple[str, int, list[tuple[str, object]]]] = field(default_factory=list)

    def module(self, number: str, line: int, how: str, label: str) -> Claim:
        """The module of a number. What is headed or tabled twice is two claims, for neither may hide the other."""
        key = module_key(number)
        claim = self.modules.get(key)
        if claim is None or (how, id(claim)) in self.used:
            claim = self.statement.claim("module", label, line, key=key, parent=self.program)
            self.modules.setdefault(key, claim)
        self.used.add((how, id(claim)))
        return claim

    def known(self, number: str) -> Claim | None:
        return self.modules.get(module_key(number))

    def next(self, name: str) -> str:
        """The next free place of a list of the program."""
        return next_of(self.program, name)


def next_of(claim: Claim, name: str) -> str:
    return f"{name}.{claim.entries(name)}"


def numbers_of(text: str) -> list[str]:
    """``Exercises 01-02``, ``04, 06``: two digits each; nothing for all."""
    text = re.sub(r"\(\d+\)", "", text)
    found: list[str] = []
    for low, high in re.findall(r"(\d{1,2})(?:\s*[-\u2013]\s*(\d{1,2}))?", text):
        found += [f"{number:02d}" for number in range(int(low), int(high or low) + 1)]
    return found


def row_kept(index: Index, table: Table, cells: tuple[str, ...], line: int) -> None:
    index.program.set(index.next("rows"), dict(zip(map(folded, table.header.cells), cells, strict=False)), line)
