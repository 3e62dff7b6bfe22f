"""The head of a document about one thing: the labelled facts that say what it is, wherever they stand.

They stand under a heading (*Module Overview*), below the title, or in a table. Where a
document has no headings at all, bold lines are its headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, entries, entry_set, labelled_facts, of_labelled, opener, put, told
from courses.curriculum.sources.outline import Block, Labelled, Paragraph, Section
from courses.curriculum.sources.parts import Handler, folded, free_name, handler_of, keep
from courses.curriculum.sources.reader import SourceDocument
from courses.curriculum.sources.sections import duration_read, edges_read, hour_part_read, preface_read
from courses.curriculum.sources.spoken import Spoken, spoken_of
from courses.curriculum.sources.text import SourceText

_TIMES = r"(?:(?:total|estimated|expected|approximate|learning|contact|study|est) )*"
# Field -> the labels that say it, folded; ``KIND`` is *module* or *project*.
_LABELS = {
    "id": r"(?:KIND )?(?:id|code|identifier|number)",
    "title": r"(?:KIND )?(?:title|name)",
    "roles": r"(?:target |intended |primary )?roles?(?: s)?(?: alignment)?",
    "hours": rf"{_TIMES}(?:duration|hours?|effort|time|time commitment|time required|time estimate|workload|length"
    r"|time budget)",
    "parts": r"(?:hours? |time |duration )?(?:breakdown|split|distribution)",
    "needs": r"(?:(?:recommended|optional|suggested|preferred|helpful|required) )?"
    r"pre ?req(?:uisite)?s?(?: s)?(?:(?: required)? (?:modules?|skills?|knowledge|and|projects?))*"
    r"|requires|(?:required|recommended) modules|recommended background|nice to have"
    r"|depends on|needs|dependencies|before",
    "leads_to": r"next(?: KINDs?| steps?)?(?: s)?|leads to|followed by|comes before|unlocks|successors?"
    r"|follow (?:on|up)s?(?: KINDs?)?|after",
    "difficulty": r"difficulty(?: level)?|level",
}
_PREFIXES = {"module": "MOD", "project": "PROJ"}
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*\d[A-Za-z]?")
_KIND_OF_DOCUMENT = re.compile(
    r"^\W{0,5}(?:module|project) (?:plan|roadmap|outline)\s*[:\u2013\u2014-]\s*(?=\S)", re.IGNORECASE
)
_COLON_LINE = re.compile(r"(?P<title>[^\W\d_][^:*_]{2,80}):")
_FRONT = re.compile(r"(?P<label>[A-Za-z][\w -]{0,40}):\s+[\"'\[]?(?P<value>[^\"'\[\]\s#|>&][^\"'\[\]]*)[\"'\]]?\s*")
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?:\d+[.)]\s*)?(?P<title>[^*_]{2,80}?):?(?:\*\*|__):?")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one kind of document.

    :ivar kind: the kind of the entity (``module``).
    :ivar handlers: what its sections are called.
    :ivar overview: the handler of sections that belong to the head.
    :ivar more: labels of further fields of its own, as ``_LABELS``; a list of words each.
    """

    kind: str
    handlers: Mapping[str, Handler]
    overview: Handler
    more: Mapping[str, str]

    def field(self, entry: Entry) -> str:
        """The field that an entry's label says; empty for one that is not known.

        What the label calls only by its kind is an id, or a title where it is none.
        """
        words = folded(entry.label)
        if words == self.kind:
            return "id" if key_of(entry.value) else "title"
        for name, pattern in (*self.more.items(), *_LABELS.items()):
            if re.fullmatch(pattern.replace("KIND", self.kind), words):
                return name
        return ""

    def sections(self, root: Section) -> list[Section]:
        """Where the head may stand: before all sections, below a title, in the overview and its parts."""
        found = [root]
        for section in root.sections:
            if self.is_overview(section):
                found += section.walk()
            elif section.sections and handler_of(section.title, self.handlers) is None:
                found += self.sections(section)
        return found

    def is_overview(self, section: Section) -> bool:
        named = re.match(rf"{self.kind[:4]}\w*\W*\d", section.title, re.IGNORECASE)
        return handler_of(section.title, self.handlers) is self.overview or bool(named and not section.sections)

    def handler(self, section: Section) -> Handler | None:
        return self.overview if self.is_overview(section) else handler_of(section.title, self.handlers)

    def facts(self, root: Section, source: SourceText) -> dict[str, Entry]:
        """The entries that say something that is known, the first of each field."""
        found: dict[str, Entry] = {}
        for section in self.sections(root):
            for entry in _entries(section, source):
                name = self.field(entry)
                if name and entry.value:
                    found.setdefault(name, entry)
        return found

    def is_named(self, root: Section, source: SourceText) -> bool:
        """Whether a label says which thing the document is about, by its words or by an id of the kind."""
        named = re.compile(f"{self.kind}(?: (?:id|code|identifier|number|title|name))?")
        return any(
            named.fullmatch(folded(entry.label))
            or (self.field(entry) == "id" and key_of(entry.value).startswith(f"{_PREFIXES[self.kind]}-"))
            for section in self.sections(root)
            for entry in _entries(section, source)
        )

    def known(self, root: Section) -> int:
        """How many of its sections a document has."""
        found = {handler_of(section.title, self.handlers) for section in root.walk() if section.level}
        return len(found - {None, self.overview})

    def titled(self, root: Section) -> str:
        """The title that says which thing the document is about; empty without one."""
        titles = [section.title for section in root.walk() if 0 < section.level <= 2][:2]
        pattern = rf"(?:\b{self.kind}|\b{self.kind[:4].removesuffix('u')})[\s#_-]*\d"
        return next((title for title in titles if re.search(pattern, title, re.IGNORECASE)), "")

    def is_spoken(self, root: Section) -> bool:
        """Whether a sentence before its parts names the one thing that the document is about."""
        return spoken_of(self.sections(root), _PREFIXES[self.kind]) is not None

    def begin(self, statement: Statement, root: Section) -> Claim:
        """Begin the claim, by the labels of the head, else by the title of the document."""
        facts = self.facts(root, statement.source)
        by_id, by_title, title = facts.get("id"), facts.get("title"), self.titled(root)
        if by_id is None and by_title is None and not values.named_ids(title):
            spoken = spoken_of(self.sections(root), _PREFIXES[self.kind])
            if spoken is not None and not title:
                return self._begin_spoken(statement, spoken, root, set(facts))
        key = key_of(by_id.value) if by_id else next(iter(values.named_ids(title)), "")
        named = by_title.value if by_title else behind(by_id.value if by_id else title) or key or title
        first = by_id or by_title
        heads = [section for section in root.walk() if section.title == title and title]
        claim = statement.claim(
            self.kind, named or self.kind, first.lines[0] if first else heads[0].line if heads else 1, key=key
        )
        if heads and not by_id and key:
            claim.set("id", key, *heads[0].heading_lines)
        if heads and not by_title and not (by_id and behind(by_id.value)) and behind(title):
            claim.set("title", behind(title), *heads[0].heading_lines)
        if heads and by_id and (other := next(iter(values.named_ids(title)), key)) != key:
            claim.set("stated.heading_id", other, *heads[0].heading_lines)
        if by_id and not by_title and not behind(by_id.value) and not behind(title):
            self._title_of_document(statement, claim, root)
        return claim

    def _begin_spoken(self, statement: Statement, spoken: Spoken, root: Section, said: set[str]) -> Claim:
        """Begin the claim by what a sentence says of it, which stays its text; labels say hours before it."""
        claim = statement.claim(self.kind, spoken.title or spoken.key, spoken.lines[0], key=spoken.key)
        claim.set("id", spoken.key, *spoken.lines)
        if spoken.title:
            claim.set("title", spoken.title, *spoken.lines)
        else:
            self._title_of_document(statement, claim, root)
        if spoken.hours and "hours" not in said:
            claim.set("hours", spoken.hours, *spoken.lines)
        claim.set("summary", spoken.text, *spoken.lines, prose=True)
        return claim

    def _title_of_document(self, statement: Statement, claim: Claim, root: Section) -> None:
        """Take the title of the document for that of the thing, where it says more than what kind of document it is.

        A label with another word for it is not passed over.
        """
        top = self.top(root)
        name = re.sub(
            rf"^\W*(?:capstone )?{self.kind}(?: plan| roadmap)?\s*(?:[:\u2013\u2014-]+\s*|$)", "", top.title, flags=re.I
        )
        template = handler_of(name, self.handlers) or folded(name) in ("", self.kind, f"{self.kind} plan", "roadmap")
        entries_of_head = (entry for section in self.sections(root) for entry in _entries(section, statement.source))
        labelled = any(re.search("title|name", folded(entry.label)) for entry in entries_of_head)
        if top.level and not template and not labelled:
            claim.set("title", name, *top.heading_lines)

    def top(self, root: Section) -> Section:
        """The section that the document's title opens; the document where its sections stand beside each other."""
        alone = len(root.sections) == 1 and not self.is_overview(root.sections[0])
        return root.sections[0] if alone else root

    def preface(self, statement: Statement, claim: Claim, root: Section, top: Section) -> None:
        """What stands before the first section: facts of the head, and the note of the template as prose."""
        for section in (root, top) if top is not root else (root,):
            self.read(statement, claim, section)
        preface_read(statement, claim, root, top)

    def read(self, statement: Statement, claim: Claim, section: Section) -> None:
        """State the facts that stand directly in a section; the others are left."""
        others, taken = [], set[int]()
        for each in told(statement, section):
            entry = each.entry
            if not entry.label and entry.item is not None and each.above:
                entry = replace(entry, label=each.above)
            if entry.label and entry.value and (name := self.field(entry)):
                self._fact(statement, claim, entry, name)
                taken.update(entry.lines)
            elif self.kind == "module" and entry.value and hour_part_read(claim, entry):
                taken.update(entry.lines)
            elif entry.label and entry.value and not entry.cells:
                others.append(entry)
        for entry in others:
            if taken.intersection(entry.lines):
                # Another label of a line that says a fact: nobody would see it any more.
                entry_set(claim, free_name(claim, entry.label), entry)

    def parts_read(self, statement: Statement, claim: Claim, section: Section) -> None:
        """The parts of an overview: those that are sections of their own elsewhere are read as these, others as it."""
        for part in section.sections:
            handler = handler_of(part.title, self.handlers)
            if handler is None or handler is self.overview:
                self.read(statement, claim, part)
                self.parts_read(statement, claim, part)
            else:
                handler(statement, claim, part)

    def _fact(self, statement: Statement, claim: Claim, entry: Entry, name: str) -> None:
        match name:
            case "id" if "id" not in claim.fields or claim.fields["id"].lines == entry.lines or not claim.key:
                put(claim, "id", entry, claim.key or entry.value)
                if title := behind(entry.value):
                    put(claim, "title", entry, title)
            case "hours" | "parts":
                duration_read(claim, entry)
            case "needs" | "leads_to":
                edges_read(statement, claim, entry, name)
            case "roles" | "evidence" | "technologies":
                listed_set(claim, name, entry)
            case _:
                put(claim, name, entry)


def listed_set(claim: Claim, name: str, entry: Entry) -> None:
    """The parts of a value and what is nested in it. One that says that there is none stays as it is stated."""
    parts = [] if values.is_nothing(entry.value) else values.listed(entry.value)
    if name == "roles":
        parts = [role.strip() for part in parts for role in re.split(r"\s/\s", part) if role.strip()]
    if not parts:
        put(claim, f"stated.{name}", entry)
        return
    for place, part in enumerate(parts, claim.count(name)):
        claim.set(f"{name}.{place}", part, *entry.lines)


def key_of(text: str) -> str:
    """The id that a value is: ``MOD 210`` as *MOD-210*, ``SEC-7`` as it is; empty for words."""
    plain = text.strip("*` ")
    return next(iter(values.named_ids(plain)), "") or (plain if len(plain) < 60 and _KEY.fullmatch(plain) else "")


def behind(text: str) -> str:
    """The title behind an id: ``MOD-210: Ports`` and ``Module 210 - Ports`` as *Ports*; empty without one."""
    text = _KIND_OF_DOCUMENT.sub("", text)
    found = re.match(
        r"^\W{0,5}(?:[^\W\d_]{1,20}[\s#_-]{0,3}){0,3}\d{1,4}[A-Za-z]?\b\s*[:.)\u2013\u2014-]+\s*(?P<title>\S.*)$",
        text.strip("*` "),
    )
    if found:
        return found["title"].strip("*` ")
    return ""


def _entries(section: Section, source: SourceText) -> Iterator[Entry]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from (of_labelled(fact) for fact in labelled_facts(block) if isinstance(fact, Labelled))
        else:
            yield from entries(replace(section, blocks=[block]), source)


def summary_read(statement: Statement, claim: Claim, section: Section) -> None:
    """Free paragraphs of the overview: the first is the summary, the others are kept."""
    for block in section.blocks:
        lines = tuple(range(block.line, block.end + 1))
        if not isinstance(block, Paragraph) or opener(block) or any(statement.account.fate(at) for at in lines):
            continue
        if "summary" in claim.fields:
            keep(statement, claim, section.title, lines)
        else:
            claim.set("summary", block.text, *lines, prose=True)


def begun(document: SourceDocument, head: Head) -> Section:
    """The document as its reader takes it: bold lines are headings where it has none; front matter states facts.

    Where no bold line is the title of a section, lines that end in a colon may be. What labels of the text say,
    front matter does not say as well.
    """
    root = document.outline
    if not any(handler_of(section.title, head.handlers) for section in root.walk() if section.level):
        bold = _line_headed(root, head.handlers, _BOLD_LINE)
        root = bold if bold != root else _line_headed(root, head.handlers, _COLON_LINE)
    facts: list[Block] = []
    said = head.facts(root, document.source) if document.front_lines else {}
    for line, text in enumerate(document.source.lines[: document.front_lines], 1):
        if found := _FRONT.fullmatch(text):
            entry = Entry(found["label"], found["value"], text, (line,))
            if (name := head.field(entry)) and name not in said:
                facts.append(Paragraph(line, line, ((line, f"**{entry.label}**: {entry.value.strip()}"),)))
    return replace(root, blocks=[*facts, *root.blocks]) if facts else root


def _line_headed(section: Section, handlers: Mapping[str, Handler], line: re.Pattern[str]) -> Section:
    blocks: list[Block] = []
    parts: list[Section] = []
    for block in section.blocks:
        found = line.fullmatch(block.rows[0][1]) if isinstance(block, Paragraph) else None
        if isinstance(block, Paragraph) and found and handler_of(found["title"], handlers):
            if parts:
                parts[-1].end = block.line - 1
            parts.append(Section(section.level + 1, found["title"], block.line, section.end, (block.line,)))
            if len(block.rows) > 1:
                parts[-1].blocks.append(Paragraph(block.line + 1, block.end, block.rows[1:]))
        else:
            (parts[-1].blocks if parts else blocks).append(block)
    if parts and section.sections:
        parts[-1].end = section.sections[0].line - 1
    inner = [_line_headed(each, handlers, line) for each in section.sections]
    return replace(section, blocks=blocks, sections=[*parts, *inner])
