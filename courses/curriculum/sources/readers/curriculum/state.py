"""What a curriculum document is read into, and how its entries, labels and numbered headings are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, Told, is_free, labelled_facts, opener, told
from courses.curriculum.sources.outline import Labelled, Paragraph, Section, labelled
from courses.curriculum.sources.parts import folded, leftovers

# "Module 001: Ports", "MOD-001 - Ports", "3. Ports", "MOD-001 Ports"
_UNIT = re.compile(
    r"^\W*(?P<label>(?:[^\W\d_]{1,20}[\s#-]{0,3}){0,3}(?P<number>\d{1,4}))(?!\s*[-\u2013]\s*\d)"
    r"\s*(?:[:.)|\u2013\u2014-]+\s*(?P<title>\S.*)?|(?=\())?$|^\W*(?P<words>mod\w*|proj\w*|unit\w*|course\w*)(?P<sign>-|\s+)"
    r"(?P<plain>\d{1,4})\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
# "Unit 1 - MOD-811: Ports": its place, before the id.
_PLACE = re.compile(
    r"^\W*(?:unit|module|course|project|part|week|chapter)s?\s*\d{1,3}\s*[:.\u2013\u2014|-]+\s*"
    r"(?=(?:MOD|PROJ)[-_ ]?\d)",
    re.IGNORECASE,
)
# What is numbered and groups the modules, and is none.
_GROUPS = re.compile(
    r"\W*(?:phase|part|week|month|quarter|semester|term|stage|section|tier|level|block|year|track|step|day|sprint)",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?P<kind>modules?|projects?)\s+(?P<numbers>\d{1,4}(?:\s*(?:,\s*and|,|&|/|and|or|to|-|\u2010|\u2013|\u2014)\s*\d{1,4})*)",
    re.IGNORECASE,
)
_PREFIX = {"module": "MOD", "project": "PROJ"}
_WIDTH = {"module": 3, "project": 2}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading, bullet or cell calls a unit; ``number`` is empty where it has none."""

    label: str
    number: str
    title: str
    hours: str = ""


@dataclass(slots=True)
class Document:
    """The document while it is read.

    :ivar units: id and lines of every module and project so far, in order.
    :ivar headed: the kinds of which units have headings, so that a table of them is a summary.
    :ivar names: kind with id, and with folded title, of those that have headings.
    :ivar later: what a table says of units that have headings: claim, field, and the cell.
    """

    statement: Statement
    program: Claim
    units: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)
    headed: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    known: dict[tuple[str, str], Claim] = field(default_factory=dict)
    used: set[tuple[str, int]] = field(default_factory=set)
    only: dict[str, Claim] = field(default_factory=dict)
    later: list[tuple[Claim, str, Entry]] = field(default_factory=list)

    def unit(self, kind: str, heading: Heading, line: int, how: str) -> Claim:
        """The module or project of a heading. What is headed or tabled twice is two claims: neither hides the other."""
        key = key_of(kind, heading.number)
        place = (kind, key or folded(heading.title))
        claim = self.known.get(place)
        if claim is None or (how, id(claim)) in self.used:
            label = heading.title or heading.label
            claim = self.statement.claim(kind, label, line, key=key, parent=self.program)
            self.known.setdefault(place, claim)
        self.used.add((how, id(claim)))
        return claim

    def one(self, kind: str, label: str, line: int) -> Claim:
        """The only claim of its kind in the document: the policy, the outlook."""
        if kind not in self.only:
            self.only[kind] = self.statement.claim(kind, label, line, parent=self.program)
        return self.only[kind]

    def is_free(self, lines: tuple[int, ...]) -> bool:
        return is_free(self.statement, lines)

    def told(self, section: Section) -> Iterator[Told]:
        return told(self.statement, section)

    def keep(self, claim: Claim, section: Section) -> None:
        """Keep what nobody read of a section, under its title where that is said nowhere else."""
        leftovers(self.statement, claim, self.titled(section))

    def titled(self, section: Section) -> Section:
        """A section without its title where that is a fact already."""
        said = any(self.statement.account.names(line) for line in section.heading_lines)
        return replace(section, title="") if said else section

    def paragraphs(self, section: Section) -> Iterator[Paragraph]:
        """Free text: paragraphs of which no line has a label or opens a list."""
        for block in section.blocks:
            if isinstance(block, Paragraph) and self.is_free(tuple(range(block.line, block.end + 1))):
                yield from (
                    fact for fact in labelled_facts(block) if isinstance(fact, Paragraph) and not opener(fact)
                )  # fmt: skip


def labels_of(section: Section) -> set[str]:
    """The labels, folded, that stand directly in a section."""
    blocks = section.blocks
    facts = [fact for block in blocks if isinstance(block, Paragraph) for fact in labelled_facts(block)]
    facts += labelled([block for block in blocks if not isinstance(block, Paragraph)])
    return {folded(fact.label) for fact in facts if isinstance(fact, Labelled)}


def heading_of(text: str, *, hours: bool = True) -> Heading:
    """A unit's label, number and title; hours at the end of the title are split off."""
    text = _PLACE.sub("", values.unnumbered(text.strip()))
    rest, timed = values.split_hours(text) if hours else (text, "")
    found = _UNIT.match(rest.replace("**", ""))
    if found is None:
        return Heading("", "", rest.replace("**", "").strip(" :"), timed)
    if found["words"]:
        label = f"{found['words']}{found['sign'].strip() or ' '}{found['plain']}"
        return Heading(label, found["plain"], found["rest"].strip(), timed)
    return Heading(found["label"].strip(), found["number"], (found["title"] or "").strip(), timed)


def is_group(title: str) -> bool:
    return bool(_GROUPS.match(title))


def key_of(kind: str, number: str) -> str:
    return f"{_PREFIX[kind]}-{int(number):0{_WIDTH[kind]}d}" if number else ""


def ids_in(text: str) -> list[str]:
    """The ids that a text names, in words and ranges too: ``Module 6``, ``Modules 1-3 and 5``, ``PROJ-01``."""

    def padded(found: re.Match[str]) -> str:
        width = _WIDTH[found["kind"].rstrip("sS").casefold()]
        return f"{found['kind']} " + re.sub(r"\d+", lambda number: number[0].zfill(width), found["numbers"])

    return values.named_ids(_SINGLE.sub(padded, text))


def timed(claim: Claim, text: str, *lines: int, name: str = "hours") -> None:
    """State hours; what else the words say stays as it is stated."""
    number_only = values.NUMBER_ONLY.fullmatch(text)
    found = values.amount(text) if number_only else values.hours(text)
    if found is not None:
        claim.set(name, found.plain, *lines)
    if found is None or not (number_only or values.only_hours(text)):
        stem = name.rpartition(".")[2]
        claim.set(f"stated.{'duration' if stem == 'hours' else f'{stem}_text'}", text, *lines)


def next_of(claim: Claim, name: str) -> str:
    """The next place of a list."""
    return f"{name}.{claim.count(name)}"


def linked(text: str) -> dict[str, str]:
    """A resource: title and address of the first link, else the text."""
    found = re.search(r"\[(?P<title>[^\]\n]{1,300})\]\(\s{0,3}<?(?P<url>[^)\s>]{1,500}+)>?[^)]{0,300}+\)", text)
    if found is None:
        return {"title": text}
    note = (text[: found.start()] + text[found.end() :]).strip(" :-\u2013\u2014")
    return {"title": found["title"], "url": found["url"], **({"note": note} if note else {})}
