"""A quiz as pieces of lines: quizzes are written line by line, and rarely as Markdown would nest them.

Options of one paragraph, ticks in front of letters, answers behind ``<details>``
and rules glued to text are all told apart by their lines, so a piece is one line
(of a fence: all its lines), with its marker, tick and indentation taken off.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from courses.curriculum.sources.reader import SourceDocument

Kind = Literal["text", "heading", "fence", "rule", "html", "row", "blank"]
_FENCE = re.compile(r"^\s{0,12}(?:>\s*)?(`{3,}|~{3,})(.*)$")
_HEADING = re.compile(r"^\s{0,3}(?:>\s*+)?(#{1,6})\s+(.*)$")
_CLOSING = re.compile(r"(?<!\s)\s+#+$")
_RULE = re.compile(r"^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,})$")
_SETEXT = re.compile(r"^\s{0,3}(?:={3,}|-{3,})\s*$")
# A line above dashes is a heading only where it reads as one: many glue the break below a question to its last line.
_UNDERLINED = re.compile(r"(?:(?!\*\*|__).{3,80}?[^\W_]\)?)")
_KEYCAPS = re.compile(r"^\s*(?P<digits>(?:\d\ufe0f?\u20e3)+)\s*[.):]?\s*")
_CIRCLED = re.compile(r"^(?P<letter>[\u24b6-\u24bf\u24d0-\u24d9\U0001f170-\U0001f179])\ufe0f?[.):]?\s*")
_TABLE_RULE = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_TAG = re.compile(r"</?(?:details|summary|div|p|br|b|strong|i|em|center|sup|sub|hr|span|a)\b[^>]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.IGNORECASE)
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_MARKER = re.compile(r"^\s*(?P<marker>[-*+\u2022\u25e6\u25aa]|\d{1,4}[.)])(?:\s+|$)(?P<rest>.*)$")
_BOX = re.compile(
    r"^(?:\[(?P<tick>[ xX\u2713\u2714]?)\]|\((?P<round>[ xX]?)\)"
    r"|(?P<open>[\u2610\u25cb\u25ef\u2b1c\u25a2\u25a1\u274c\u2717\u2718]\ufe0f?)"
    r"|(?P<closed>[\u2611\u2612\u2705\u25cf\u2714\u2713\u25c9]\ufe0f?))(?:\s+|$)(?P<rest>.*)$"
)


@dataclass(slots=True)
class Piece:
    """One line, or a fence.

    ``marker`` is its bullet or number, ``tick`` its box, None without one; ``quoted`` says that it stands after ``>``.
    """

    kind: Kind
    lines: tuple[int, ...]
    text: str = ""
    raw: str = ""
    level: int = 0
    marker: str = ""
    tick: bool | None = None
    indent: int = 0
    cells: tuple[str, ...] = ()
    summary: str = ""
    quoted: bool = False

    @property
    def line(self) -> int:
        return self.lines[0]


def pieces_of(document: SourceDocument) -> list[Piece]:
    """Every line of the document below its front matter, blank ones as well."""
    lines = document.source.lines
    found: list[Piece] = []
    place = document.front_lines
    ends = _Ends(lines)
    while place < len(lines):
        end = ends.comment(place) or ends.fence(place)
        if end:
            kind: Kind = "fence" if _FENCE.match(lines[place]) else "html"
            text = "\n".join(lines[place:end])
            numbers = tuple(number for number in range(place + 1, end + 1) if lines[number - 1].strip())
            found.append(Piece(kind, numbers, text if kind == "fence" else "", text, indent=_indent(lines[place])))
            place = end
            continue
        if found and _SETEXT.match(lines[place]) and _is_underlined(found, lines[place].strip()):
            before, level = found.pop(), 1 if "=" in lines[place] else 2
            title = _numbered(before.raw.strip())
            found.append(Piece("heading", (before.line, place + 1), title, before.raw, level))
        else:
            found += _line(lines[place], place + 1)
        place += 1
    return found


def _is_underlined(found: list[Piece], line: str) -> bool:
    """Whether the last line is a heading with *line* below it; of dashes, it stands alone and says no fact."""
    before = found[-1]
    if before.kind != "text" or before.marker or before.tick is not None or before.quoted:
        return False
    if "=" in line:
        return True
    alone = len(found) == 1 or found[-2].kind != "text"
    return alone and bool(_UNDERLINED.fullmatch(before.text)) and (len(line) > 3 or ":" not in before.text)


def _numbered(text: str) -> str:
    """A text whose first number is written with keycaps, with figures for them."""
    return _KEYCAPS.sub(lambda found: re.sub(r"\D", "", found["digits"]) + ". ", text)


def lettered(text: str) -> str:
    """A text that begins with a letter in a circle or square, with the letter for it."""
    return _CIRCLED.sub(lambda found: f"{unicodedata.normalize('NFKC', _plain(found['letter']))}) ", text)


def _plain(letter: str) -> str:
    # The squared ones have no letter that stands for them in Unicode.
    return chr(ord(letter) - 0x1F170 + ord("A")) if letter >= "\U0001f170" else letter


class _Ends:
    """Where fences and comments end. What ends nowhere is not looked for again from the next line that opens it."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        self._open: dict[str, int] = {}
        self._arrow = -1

    def fence(self, start: int) -> int:
        """The place behind the fence that opens at *start*, 0 for none and for one that is never closed."""
        opened = _FENCE.match(self._lines[start])
        if opened is None or (opened[1][0] == "`" and "`" in opened[2]):
            return 0
        sign, length = opened[1][0], len(opened[1])
        if length >= self._open.get(sign, length + 1):
            return 0
        for place in range(start + 1, len(self._lines)):
            closed = _FENCE.match(self._lines[place])
            if closed and closed[1][0] == sign and len(closed[1]) >= length and not closed[2].strip():
                return place + 1
        self._open[sign] = length
        return 0

    def comment(self, start: int) -> int:
        """The place behind the comment that opens at *start*; 0 where none does, or text follows its end."""
        if not self._lines[start].lstrip().startswith("<!--"):
            return 0
        if self._arrow < start:
            found = (place for place in range(start, len(self._lines)) if "-->" in self._lines[place])
            self._arrow = next(found, len(self._lines))
        if self._arrow == len(self._lines):
            return 0
        return self._arrow + 1 if not self._lines[self._arrow].split("-->", 1)[1].strip() else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _line(line: str, number: int) -> list[Piece]:
    if not line.strip():
        return [Piece("blank", (number,))]
    if found := _HEADING.match(line):
        return [
            Piece("heading", (number,), _numbered(_CLOSING.sub("", found[2].rstrip()).strip()), line, len(found[1]))
        ]
    if _RULE.match(line):
        return [Piece("rule", (number,), raw=line)]
    if line.lstrip().startswith("|") or ("|" in line and _TABLE_RULE.match(line.strip())):
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
        kind: Kind = "rule" if _TABLE_RULE.match(line) else "row"
        return [Piece(kind, (number,), line.strip(), line, cells=cells)]
    quoted = line.lstrip().startswith(">")
    body = _QUOTE.sub("", line) if quoted else line
    if re.match(r"^\s*</?(?:details|summary|div|p|br|center|hr)\b", body, re.IGNORECASE):
        summary = _SUMMARY.search(body)
        rest = _TAG.sub("", _SUMMARY.sub("", body)).strip()
        shown = _TAG.sub("", summary[1]).strip() if summary else ""
        if not rest:
            return [Piece("html", (number,), raw=line, summary=shown)]
        # What closes in the same line closes behind the text.
        opened, closed, _ = line.partition("</details")
        made = [Piece("html", (number,), raw=opened, summary=shown), text_piece(rest, number, 0)]
        return [*made, Piece("html", (number,), raw="</details>")] if closed else made
    return [replace(text_piece(body, number, _indent(line)), quoted=quoted)]


def text_piece(body: str, number: int, indent: int) -> Piece:
    body = _numbered(body)
    text, marker, tick = body.strip(), "", None
    if found := _MARKER.match(body):
        marker, text = found["marker"], found["rest"].strip()
    if box := _BOX.match(text):
        ticked = (box["tick"] or box["round"] or "").strip()
        tick = bool(ticked or box["closed"])
        text = box["rest"].strip()
    text = lettered(text)
    return Piece("text", (number,), text, body.rstrip(), marker=marker, tick=tick, indent=indent)
