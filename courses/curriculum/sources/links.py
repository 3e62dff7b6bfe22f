"""Links in Markdown: what a text links to, where that stands in its tree, and the same text with other targets."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from courses.curriculum.sources.text import outside_code

OUTSIDE = ("http://", "https://", "mailto:", "#")
_TARGET = r"(?:<(?P<{0}framed>[^<>\n]{{1,500}}+)>|(?P<{0}bare>[^)\s<>]{{1,500}}+))"
_LINK = re.compile(
    # The end of a link or picture, and its target; or a definition that links name.
    r"\]\(\s{0,3}" + _TARGET.format("") + r"(?:\s{1,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\s{0,3}\)"
    r"|^\s{0,3}\[[^\]\n]{1,200}\]:\s{1,3}" + _TARGET.format("defined_")
)
# An address as a whole, in native files.
_ADDRESS = re.compile(r"\burl:\s{0,3}[\"']?([^\s\"',}]{1,500})")
_TICKS = re.compile(r"`+")
_GROUPS = ("framed", "bare", "defined_framed", "defined_bare")


def links_in_line(line: str) -> list[str]:
    """The targets of a line of Markdown that is no code, in order."""
    return [target for _, _, target in _found(line)]


def links_in(text: str) -> Iterator[str]:
    """The targets of a Markdown text, outside its code."""
    for _, line in outside_code(text.split("\n")):
        yield from links_in_line(line)


def with_links(text: str, change: Callable[[str], str]) -> str:
    """*text* with every target as *change* has it; code stays."""
    if "](" not in text and "]:" not in text:
        return text
    lines = text.split("\n")
    for number, line in outside_code(lines):
        lines[number - 1] = _changed(line, change)
    return "\n".join(lines)


def _changed(line: str, change: Callable[[str], str]) -> str:
    out, last = [], 0
    for start, end, target in _found(line):
        out += [line[last:start], change(target)]
        last = end
    return "".join([*out, line[last:]])


def _found(line: str) -> Iterator[tuple[int, int, str]]:
    """Where each target stands; text between backticks is none."""
    if "](" not in line and "]:" not in line:
        return
    for match in _LINK.finditer(_without_code(line)):
        group = next(each for each in _GROUPS if match[each] is not None)
        yield *match.span(group), match[group]


def _without_code(line: str) -> str:
    """*line* with blanks for its code: from some backticks to the next that are as many."""
    ticks = list(_TICKS.finditer(line))
    closing: dict[int, int] = {}
    last: dict[int, int] = {}
    for number, found in reversed(list(enumerate(ticks))):
        length = len(found[0])
        closing[number] = last.get(length, -1)
        last[length] = number
    out, at, number = [], 0, 0
    while number < len(ticks):
        end = closing[number]
        if end >= 0:
            out += [line[at : ticks[number].start()], " " * (ticks[end].end() - ticks[number].start())]
            at, number = ticks[end].end(), end
        number += 1
    return "".join([*out, line[at:]])


@dataclass(frozen=True)
class Places:
    """Where links of documents lead to.

    :ivar files: every file of the trees by the name that findings use, documents or not.
    :ivar roots: the arguments that are trees (folders, archives with their ``!``; empty for a repository).
    """

    files: frozenset[str] = frozenset()
    roots: tuple[str, ...] = ()

    def file(self, file: str, target: str) -> str | None:
        """The file of the tree that a document links to; None for a folder, and for what is not there."""
        return next((self._names[place] for place in self._tried(file, target) if place in self._names), None)

    def leads(self, file: str, target: str) -> bool | None:
        """Whether what a document links to is there; None if that cannot be known.

        Looked for relative to the file, else to the root of its tree. A link of
        the network, and one that leaves the tree, is never followed.
        """
        tried = list(self._tried(file, target))
        return any(place in self._all for place in tried) if tried else None

    def _tried(self, file: str, target: str) -> Iterator[str]:
        target = target.partition("#")[0].partition("?")[0]
        root = max((each for each in self.roots if not each or file.startswith(f"{each}/")), key=len, default=None)
        if not target or target.startswith(OUTSIDE) or ":" in target.partition("/")[0] or root is None:
            return
        for spelt in dict.fromkeys((target, unquote(target))):
            for base in (posixpath.dirname(file), root):
                place = posixpath.normpath(posixpath.join(base, spelt.lstrip("/") if base == root else spelt))
                if _inside(place, posixpath.normpath(root)):
                    yield place

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {posixpath.normpath(file): file for file in self.files}

    @cached_property
    def _all(self) -> frozenset[str]:
        """Files and the folders that they stand in, written the shortest way."""
        found: set[str] = set()
        for place in self._names:
            while place and place not in found:
                found.add(place)
                place = posixpath.dirname(place)
        return frozenset(found)


def _inside(place: str, root: str) -> bool:
    """Whether a path without detours is *root* or below it; ``.`` is the root of a repository."""
    if root == ".":
        return place != ".." and not place.startswith(("../", "/"))
    return place == root or place.startswith(f"{root}/")


def linked_by(places: Places, documents: Iterable[tuple[str, bytes]]) -> set[str]:
    """The files of the trees that documents link to."""
    found = set()
    for file, data in documents:
        text = data.decode("utf-8", "replace").replace("\r", "\n")
        for target in dict.fromkeys((*links_in(text), *_ADDRESS.findall(text))):
            if (name := places.file(file, target)) is not None:
                found.add(name)
    return found
