"""What a curriculum document is read into, and how its entries, labels and numbered headings are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, entries, of_labelled
from courses.curriculum.sources.outline import Block, Labelled, Paragraph, Section, labelled, labelled_text
from courses.curriculum.sources.parts import folded, leftovers

# "Module 001: Ports", "MOD-001 - Ports", "3. Ports"
_UNIT = re.compile(
    r"^\W*(?P<label>(?:[^\W\d_]{1,20}[\s#-]{0,3}){0,3}(?P<number>\d{1,4}))(?!\s*[-\u2013]\s*\d)"
    r"\s*(?:[:.)|\u2013\u2014-]+\s*(?P<title>\S.*)?|(?=\())?$|^\W*(?P<words>mod\w*|proj\w*|unit\w*|course\w*)\s+"
    r"(?P<plain>\d{1,4})\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
# What is numbered and groups the modules, and is none.
_GROUPS = re.compile(
    r"\W*(?:phase|part|week|month|quarter|semester|term|stage|section|tier|level|block|year|track|step|day|sprint)",
    re.IGNORECASE,
)
_HOURS_AT_END = re.compile(
    r"(?:[(\[](?P<inside>[^()\[\]]{1,80})[)\]]|[:,|\u2013\u2014-]\s*(?P<after>~?\d[^()\[\]]{0,40}))$"
)
_BOLD = re.compile(r"(?:\*\*|__)(?P<label>[^*_]+?):?(?:\*\*|__):?\s*$")
_OPENS = re.compile(r"(?P<label>[^\W\d_][^.!?:]{0,120}):\s*$")
_PLAIN = re.compile(r"(?P<label>[^\W\d_][^\s:*`|\[]{0,20}(?: [^\s:*`|\[]{1,20}){0,3}):\s+(?P<value>\S.*)$")
# Where the next label of a line begins.
_BESIDE = re.compile(r"\s[|\u2022\u00b7]\s+(?=\*\*[^*]+\*\*)")
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


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the label that stands above it by itself, if any."""

    entry: Entry
    above: str = ""
    above_line: int = 0

    @property
    def words(self) -> str:
        return folded(self.entry.label)


@dataclass(slots=True)
class Document:
    """The document while it is read.

    :ivar units: id and lines of every module and project so far, in order.
    :ivar headed: the kinds of which units have headings, so that a table of them is a summary.
    """

    statement: Statement
    program: Claim
    units: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)
    headed: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], Claim] = field(default_factory=dict)
    used: set[tuple[str, int]] = field(default_factory=set)
    only: dict[str, Claim] = field(default_factory=dict)

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
        return all(self.statement.account.fate(line) is None for line in lines)

    def told(self, section: Section) -> Iterator[Told]:
        """What stands directly in a section and nobody took; a label by itself goes before what it opens."""
        above, line = "", 0
        for block in section.blocks:
            # Asked before any of it is taken: several labels may stand in one line.
            free = {at for at in range(block.line, block.end + 1) if self.is_free((at,))}
            for fact in labelled_facts(block) if isinstance(block, Paragraph) else (block,):
                opened = opener(fact)
                if opened:
                    above, line = opened, fact.line
                    continue
                if isinstance(fact, Labelled):
                    # A line that says something itself ends what a label above it opened.
                    above, line = "", 0
                    found = iter([of_labelled(fact)])
                else:
                    found = entries(replace(section, blocks=[fact]), self.statement.source)
                for entry in found:
                    if free.issuperset(entry.lines):
                        if line:
                            self.statement.account.structure(line, entry.lines[0])
                        yield Told(entry, above, line)

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


def labelled_facts(paragraph: Paragraph) -> Iterator[Labelled | Block]:
    """The labelled lines of a paragraph; several in one (``**A**: x | **B**: y``), and labels that are not bold."""
    for fact in labelled([paragraph]):
        if isinstance(fact, Labelled):
            first, *others = _BESIDE.split(fact.value)
            yield replace(fact, value=first)
            for other in others:
                label, qualifier, value = labelled_text(other) or ("", "", other)
                yield Labelled(label, qualifier, value, fact.line, fact.end)
        elif isinstance(fact, Paragraph) and all(found := [_PLAIN.match(text) for _, text in fact.rows]):
            for (line, _), match in zip(fact.rows, found, strict=True):
                if match is not None:
                    yield Labelled(match["label"].strip(), "", match["value"].strip(), line, line)
        else:
            yield fact


def labels_of(section: Section) -> set[str]:
    """The labels, folded, that stand directly in a section."""
    blocks = section.blocks
    facts = [fact for block in blocks if isinstance(block, Paragraph) for fact in labelled_facts(block)]
    facts += labelled([block for block in blocks if not isinstance(block, Paragraph)])
    return {folded(fact.label) for fact in facts if isinstance(fact, Labelled)}


def opener(fact: object) -> str:
    """The label that a line by itself gives to what follows; empty where it is none."""
    if isinstance(fact, Labelled):
        return fact.label if fact.block is None and not fact.value else ""
    if isinstance(fact, Paragraph) and len(fact.rows) == 1:
        found = _BOLD.match(fact.text) or _OPENS.match(fact.text)
        return found["label"].strip() if found else ""
    return ""


def heading_of(text: str, *, hours: bool = True) -> Heading:
    """A unit's label, number and title; hours at the end of the title are split off."""
    text = text.strip()
    rest, timed = split_hours(text) if hours else (text, "")
    found = _UNIT.match(rest.replace("**", ""))
    if found is None:
        return Heading("", "", rest.replace("**", "").strip(" :"), timed)
    if found["words"]:
        return Heading(f"{found['words']} {found['plain']}", found["plain"], found["rest"].strip(), timed)
    return Heading(found["label"].strip(), found["number"], (found["title"] or "").strip(), timed)


def is_group(title: str) -> bool:
    return bool(_GROUPS.match(title))


def split_hours(text: str) -> tuple[str, str]:
    """``Ports (2 hours)`` as *Ports* and *2 hours*; the text whole where no hours end it."""
    text = text.strip()
    found = _HOURS_AT_END.search(text, max(0, len(text) - 90))
    inside = (found["inside"] or found["after"]) if found else None
    if found is None or inside is None or values.hours(inside) is None:
        return text, ""
    return text[: found.start()].strip(), inside.strip()


def key_of(kind: str, number: str) -> str:
    return f"{_PREFIX[kind]}-{int(number):0{_WIDTH[kind]}d}" if number else ""


def ids_in(text: str) -> list[str]:
    """The ids that a text names, in words and ranges too: ``Module 6``, ``Modules 1-3 and 5``, ``PROJ-01``."""

    def padded(found: re.Match[str]) -> str:
        width = _WIDTH[found["kind"].rstrip("sS").casefold()]
        return f"{found['kind']} " + re.sub(r"\d+", lambda number: number[0].zfill(width), found["numbers"])

    return values.named_ids(_SINGLE.sub(padded, text))


def own_text(entry: Entry) -> str:
    """What an entry says in its own line, behind its label if it has one; nested bullets left out."""
    if entry.item is None or not entry.item.blocks:
        return entry.value
    parts = labelled_text(entry.item.text)
    text = parts[2] if parts else entry.item.text.removeprefix(f"{entry.label}:").strip()
    return "" if text.endswith(":") or _BOLD.fullmatch(text) else text


def named(entry: Entry) -> str:
    """What an entry with nested bullets is called: its label, else its own line."""
    text = entry.label or (entry.item.text if entry.item else entry.value)
    return text.replace("**", "").strip(" :")


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
    found = re.search(r"\[(?P<title>[^\]\n]{1,300})\]\(\s*<?(?P<url>[^)\s>]{1,500})>?[^)]*\)", text)
    if found is None:
        return {"title": text}
    note = (text[: found.start()] + text[found.end() :]).strip(" :-\u2013\u2014")
    return {"title": found["title"], "url": found["url"], **({"note": note} if note else {})}
