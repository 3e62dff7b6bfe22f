"""The structure of a Markdown document: sections of blocks, each with its lines in the file.

Made from markdown-it-py's tokens. Inline text stays as it is written (code,
emphasis and links with their marks); soft breaks are kept as lines, because
options of a quiz and labelled lines stand in one paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.tree import SyntaxTreeNode

from courses.curriculum.sources.text import SourceText

MAX_DEPTH = 20
MAX_COLUMNS = 1_000
# The longest lines that people write, a paragraph each, have about a thousand.
MAX_LINE = 20_000
_CHECKBOX = re.compile(
    r"^(?:[\[(](?P<box>(?<=\[)|[ xX])[\])](?:\s+|$)"
    r"|(?P<done>[\u2705\u2714\u2611\u2713\u2612])\ufe0f?\s*|(?P<open>[\u2610\u2b1c\u25a1\u274c\u2717\u2718\U0001f532])\ufe0f?\s*)"
)
_LETTERED = re.compile(r"^(?:[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_ENUMERATED = re.compile(r"(?:\([a-z0-9]{1,3}\)|[IVX]{1,5}[.)])\s+(?=\S)")
_TERM = re.compile(r"\*\*(?P<label>[^*:]{2,60})\*\*")
_SYMBOL = re.compile(r"^(?:[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?\s*)+(?=[\w*])")
# What people put before an entry where Markdown knows no list.
_BULLET = re.compile(
    r"(?:[\u2022\u2023\u25aa\u25b8\u25ba\u25cf\u25e6\u2043\u279c\u27a4\u2705\u2713\u2714\u2717\u2718\u2610\u2611\u2b1c\u25a1\u274c]\ufe0f?"
    r"|[\[(][ xX][\])](?=\s))\s*"
)
_DEFINES = re.compile(r"^:\s+(?=\S)")
_LABEL = re.compile(
    r"^\*\*(?P<label>[^*]+?)(?P<inside>:)?\*\*\s*(?P<qualifier>\([^()]*\))?\s*(?P<outside>:)?\s*(?P<value>.*)$",
    re.DOTALL,
)


@dataclass(slots=True)
class Block:
    """A block; ``line`` and ``end`` are its first and last line, from 1."""

    line: int
    end: int


@dataclass(slots=True)
class Paragraph(Block):
    """``rows`` are its lines with their numbers, trimmed."""

    rows: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.rows)


@dataclass(slots=True)
class Item(Block):
    """An entry of a list. ``text`` is its first paragraph in one line; ``blocks`` what follows in it.

    ``checked`` is the tick of a task list, None without one; ``number`` the number of an ordered list.
    """

    text: str
    rows: tuple[tuple[int, str], ...]
    blocks: list[Block]
    checked: bool | None = None
    number: int | None = None

    @property
    def items(self) -> list[Item]:
        """Entries of the lists inside this one."""
        return [item for block in self.blocks if isinstance(block, Listing) for item in block.items]


@dataclass(slots=True)
class Listing(Block):
    items: list[Item]
    ordered: bool


@dataclass(slots=True)
class Row(Block):
    cells: tuple[str, ...]


@dataclass(slots=True)
class Table(Block):
    """Rows are padded to the header's length; ``rule`` is the line of dashes."""

    header: Row
    rows: list[Row]
    rule: int


@dataclass(slots=True)
class Fence(Block):
    info: str
    code: str


@dataclass(slots=True)
class Quote(Block):
    blocks: list[Block]


@dataclass(slots=True)
class Rule(Block):
    """A thematic break."""


@dataclass(slots=True)
class Html(Block):
    text: str


@dataclass(slots=True)
class Section:
    """A heading with what stands under it; ``end`` is the last line that belongs to it or its parts.

    The outermost section has level 0, no title and line 0.
    """

    level: int
    title: str
    line: int
    end: int
    heading_lines: tuple[int, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def walk(self) -> Iterator[Section]:
        """This section and all below it, in the order of the document."""
        yield self
        for section in self.sections:
            yield from section.walk()

    def find(self, *words: str) -> Section | None:
        """The first section below whose title holds all *words*, whatever their case."""
        wanted = [word.casefold() for word in words]
        return next(
            (
                each
                for each in self.walk()
                if each is not self and all(word in each.title.casefold() for word in wanted)
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Labelled:
    """``**Label** (qualifier): value`` as people write facts, in a bullet or a line of a paragraph.

    ``block`` is the bullet, with what is nested in it; None for a line of a paragraph.
    """

    label: str
    qualifier: str
    value: str
    line: int
    end: int
    block: Item | None = None


def outline(source: SourceText) -> Section:
    """The document as nested sections."""
    tree = SyntaxTreeNode(_parser().parse(source.text))
    open_sections = [root := Section(0, "", 0, len(source.lines))]
    for node in tree.children:
        if node.type == "heading":
            first, last = _span(node)
            level = int(node.tag[1])
            while open_sections[-1].level >= level:
                open_sections.pop().end = first - 1
            section = Section(level, _inline(node), first, len(source.lines), tuple(range(first, last + 1)))
            open_sections[-1].sections.append(section)
            open_sections.append(section)
        else:
            open_sections[-1].blocks.extend(_blocks(source, node))
    return root


def too_wide(source: SourceText) -> tuple[int, int] | None:
    """The first line that a table of more than ``MAX_COLUMNS`` could have, with its columns; asked before parsing."""
    counts = ((number, line.count("|") - 1) for number, line in enumerate(source.lines, 1))
    return next((found for found in counts if found[1] > MAX_COLUMNS), None)


def too_long(source: SourceText) -> tuple[int, int] | None:
    """The first line of more than ``MAX_LINE`` characters, with how many it has; asked before it is looked into."""
    lengths = ((number, len(line)) for number, line in enumerate(source.lines, 1))
    return next((found for found in lengths if found[1] > MAX_LINE), None)


def too_deep(root: Section) -> tuple[int, int] | None:
    """The first line that stands in more than ``MAX_DEPTH`` lists and quotations, with how many are there at least."""
    for section in root.walk():
        waiting = [(block, 1) for block in reversed(section.blocks) if isinstance(block, Listing | Quote)]
        while waiting:
            block, depth = waiting.pop()
            if depth > MAX_DEPTH:
                return block.line, depth
            holders = block.items if isinstance(block, Listing) else [block]
            inner = [each for holder in holders for each in holder.blocks if isinstance(each, Listing | Quote)]
            waiting += [(each, depth + 1) for each in reversed(inner)]
    return None


def unmarked(text: str) -> str:
    """A text without a symbol before its first word."""
    return _SYMBOL.sub("", text, count=1)


def labelled_text(text: str) -> tuple[str, str, str] | None:
    """Label, qualifier (without its parentheses) and value of a labelled text; None for any other.

    A colon is needed, inside the bold text or after it.
    """
    found = _LABEL.match(unmarked(text))
    if found is None or not (found["inside"] or found["outside"]):
        return None
    return found["label"].strip(), (found["qualifier"] or "").strip("()"), found["value"].strip()


def labelled(blocks: list[Block]) -> Iterator[Labelled | Block]:
    """The blocks, with every labelled bullet and every labelled line of a paragraph as :class:`Labelled`.

    What is not labelled comes as it is: bullets one by one as :class:`Item`, and
    of a paragraph the lines that follow a labelled one belong to its value.
    """
    for block in blocks:
        if isinstance(block, Listing):
            for item in block.items:
                parts = labelled_text(item.text)
                yield item if parts is None else Labelled(*parts, item.line, item.end, item)
        elif isinstance(block, Paragraph):
            yield from _labelled_lines(block)
        else:
            yield block


def _labelled_lines(paragraph: Paragraph) -> Iterator[Labelled | Block]:
    (line, term), *others = paragraph.rows
    if others and len(term) <= 80 and all(_DEFINES.match(text) for _, text in others):
        # A list of definitions, which Markdown does not know: a term, and below it what a colon begins.
        value = "; ".join(_DEFINES.sub("", text) for _, text in others)
        yield Labelled(term.strip("*_ "), "", value, line, paragraph.end)
        return
    if len(others) == 1 and (bold := _TERM.fullmatch(term)) and not others[0][1].startswith("**"):
        yield Labelled(bold["label"].strip(), "", others[0][1], line, paragraph.end)
        return
    groups: list[list[tuple[int, str]]] = []
    for row in paragraph.rows:
        if labelled_text(row[1]) is not None or not groups:
            groups.append([row])
        else:
            groups[-1].append(row)
    for rows in groups:
        text = " ".join(text for _, text in rows)
        parts = labelled_text(text)
        if parts is None:
            yield Paragraph(rows[0][0], rows[-1][0], tuple(rows))
        else:
            yield Labelled(*parts, rows[0][0], rows[-1][0])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Inline text is kept as it is written, so it is not parsed. Definitions of links stay
    # lines, or they would be dropped. Deeper than this nothing is parsed; `too_deep` says so before that.
    parser = (
        MarkdownIt("commonmark", {"maxNesting": 2 * MAX_DEPTH + 10}).enable("table").disable(["inline", "reference"])
    )
    parser.block.ruler.before("paragraph", "label", _ends_list, {"alt": ["paragraph"]})
    return parser


def _ends_list(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """A label in bold below a list ends it; Markdown alone would let its last entry go on with that line."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    return silent and state.sCount[line] < state.blkIndent and labelled_text(text) is not None


def _span(node: SyntaxTreeNode) -> tuple[int, int]:
    first, after = node.map or (0, 0)
    return first + 1, after


def _inline(node: SyntaxTreeNode) -> str:
    return " ".join(child.content for child in node.children if child.type == "inline").replace("\n", " ").strip()


def _blocks(source: SourceText, node: SyntaxTreeNode) -> list[Block]:
    first, last = _span(node)
    # A block's map may run over the blank lines that end it.
    while last > first and not source.line(last).strip():
        last -= 1
    match node.type:
        case "paragraph":
            rows = _rows(node, first)
            if all(_BULLET.match(text) for _, text in rows):
                return [_marked(rows)]
            if len(rows) > 1 and all(_ENUMERATED.match(text) for _, text in rows):
                return [_lettered(rows, _ENUMERATED)]
            return [Paragraph(first, last, rows)]
        case "bullet_list" | "ordered_list":
            ordered = node.type == "ordered_list"
            start = int(node.attrs.get("start", 1)) if ordered else 0
            items = [
                _item(source, child, start + place if ordered else None) for place, child in enumerate(node.children)
            ]
            return [Listing(first, last, items, ordered)]
        case "table":
            return [_table(node, first, last)]
        case "fence" | "code_block":
            return [Fence(first, last, node.info.strip() if node.type == "fence" else "", node.content)]
        case "blockquote":
            inner = [block for child in node.children for block in _blocks(source, child)]
            # A list that is quoted as a whole is a list; below another one it counts as deeper than that.
            whole = node.parent is not None and node.parent.type == "root" and bool(inner)
            return inner if whole and all(isinstance(each, Listing) for each in inner) else [Quote(first, last, inner)]
        case "hr":
            return [Rule(first, last)]
        case "html_block":
            return [Html(first, last, node.content)]
        case "heading":
            # Inside a list or a quotation: a line of text, for the document's sections are not cut by it.
            return [Paragraph(first, last, ((first, _inline(node)),))]
    return []


def _rows(node: SyntaxTreeNode, first: int) -> tuple[tuple[int, str], ...]:
    text = "\n".join(child.content for child in node.children if child.type == "inline")
    return tuple((first + place, line.strip()) for place, line in enumerate(text.split("\n")))


def _marked(rows: tuple[tuple[int, str], ...]) -> Listing:
    """A paragraph as the list that it is: every line begins with a bullet or a tick that Markdown does not know."""
    items = []
    for line, text in rows:
        box = _CHECKBOX.match(text)
        body = text[_BULLET.match(text).end() :]  # type: ignore[union-attr]
        items.append(Item(line, line, body, ((line, body),), [], _tick(box) if box else None))
    return Listing(rows[0][0], rows[-1][0], items, ordered=False)


def _lettered(rows: tuple[tuple[int, str], ...], mark: re.Pattern[str] = _LETTERED) -> Listing:
    items = [Item(line, line, text := mark.sub("", row, count=1), ((line, text),), []) for line, row in rows]
    return Listing(rows[0][0], rows[-1][0], items, ordered=True)


def ticked(text: str) -> bool | None:
    """Whether a cell that is nothing but a tick or a box is ticked; None for any other text."""
    words = text.strip().casefold()
    if words in ("yes", "done", "x", "complete", "completed", "open", "no", "todo", "to do", "pending", "not started"):
        return words in ("yes", "done", "x", "complete", "completed")
    return _tick(found) if (found := _CHECKBOX.match(words)) and found.end() == len(words) else None


def _tick(found: re.Match[str]) -> bool:
    return bool(found["done"]) or (found["box"] or "").strip() != ""


def _item(source: SourceText, node: SyntaxTreeNode, number: int | None) -> Item:
    first, last = _span(node)
    while last > first and not source.line(last).strip():
        last -= 1
    children = list(node.children)
    rows: tuple[tuple[int, str], ...] = ()
    if children and children[0].type == "paragraph":
        rows = _rows(children[0], _span(children[0])[0])
        children = children[1:]
    text = " ".join(line for _, line in rows)
    checked = None
    if box := _CHECKBOX.match(text):
        checked, text = _tick(box), text[box.end() :]
    blocks = [block for child in children for block in _blocks(source, child)]
    if len(rows) > 1 and all(_LETTERED.match(line) for _, line in rows[1:]):
        # "a. x" below an entry: Markdown knows no list with letters.
        text = text[: len(text) - sum(len(line) + 1 for _, line in rows[1:])]
        blocks.insert(0, _lettered(rows[1:]))
        rows = rows[:1]
    return Item(first, last, text, rows, blocks, checked, number)


def _table(node: SyntaxTreeNode, first: int, last: int) -> Table:
    rows = [
        Row(*_span(row), tuple(_inline(cell) for cell in row.children))
        for part in node.children
        for row in part.children
    ]
    return Table(first, last, rows[0], rows[1:], first + 1)
