"""The text of one source: decoded, repaired where its encoding was damaged, in numbered lines.

Lines end at LF, CRLF or CR and are counted from 1, as in the file that was
delivered: repairing never joins or splits them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ftfy
from ftfy import TextFixerConfig

from courses.curriculum.findings import Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 50_000
_LINE_END = re.compile(r"\r\n|\r|\n")
# Only what damage did is undone: typographic quotes, wide characters and odd blanks are the author's.
_FENCE = re.compile(r"\s*(?:`{3}|~{3})")
_REPAIR = TextFixerConfig(
    unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False, fix_character_width=False,
    uncurl_quotes=False, fix_line_breaks=False, fix_surrogates=False, remove_control_chars=False, normalization=None,
    decode_inconsistent_utf8=True, restore_byte_a0=True, replace_lossy_sequences=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceText:
    """One file as text.

    :ivar file: how it is called in findings: the argument joined with the path below it.
    :ivar lines: without line ends; ``lines[0]`` is line 1 of the file.
    :ivar repaired: numbers of the lines whose encoding was damaged and is repaired in ``lines``.
    """

    file: str
    lines: tuple[str, ...]
    repaired: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def line(self, number: int) -> str:
        return self.lines[number - 1]

    def filled(self) -> list[int]:
        """Numbers of the lines that are not blank."""
        return [number for number, line in enumerate(self.lines, 1) if line.strip()]


class UnreadableSource(Exception):
    """A file that cannot be read as text at all; ``finding`` says why and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def too_large(file: str, size: int) -> UnreadableSource:
    message = f"The file has {size} bytes; the limit is {MAX_BYTES}."
    return UnreadableSource(Finding("source.too_large", "error", file, 1, message, "Split it."))


def source_text(file: str, data: bytes) -> SourceText:
    """Decode *data*; damaged encoding is repaired as a whole, before anything is parsed.

    :raises UnreadableSource: too large, too many lines, not text.
    """

    def refuse(rule: str, message: str, fix: str, line: int = 1) -> UnreadableSource:
        return UnreadableSource(Finding(rule, "error", file, line, message, fix))

    if len(data) > MAX_BYTES:
        raise too_large(file, len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_END.split(data[: error.start].decode("utf-8", "replace")))
        raise refuse(
            "source.not_text", f"The file is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.", line
        ) from error
    lines = _LINE_END.split(text)
    if lines[-1] == "":
        lines.pop()
    if len(lines) > MAX_LINES:
        raise refuse("source.too_long", f"The file has {len(lines)} lines; the limit is {MAX_LINES}.", "Split it.")
    holder = next((number for number, each in enumerate(lines, 1) if "\0" in each), None)
    if holder is not None:
        raise refuse(
            "source.not_text", "The file holds a NUL character.", "Remove it, or save the file as UTF-8.", holder
        )
    fixed = ftfy.fix_encoding("\n".join(lines), _REPAIR).split("\n")
    if len(fixed) != len(lines):
        return SourceText(file, tuple(lines))
    repaired = tuple(number for number, (was, now) in enumerate(zip(lines, fixed, strict=True), 1) if was != now)
    return SourceText(file, tuple(fixed), repaired)


def outside_code(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Number and text of the lines of Markdown that are in no fenced block, and no fence."""
    inside = False
    for number, line in enumerate(lines, 1):
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            yield number, line


def repairs(source: SourceText) -> list[Finding]:
    """The one warning of a file whose encoding was repaired, with all its lines."""
    if not source.repaired:
        return []
    first, *others = source.repaired
    named = f"{', '.join(map(str, source.repaired[:20]))}{', ...' if len(source.repaired) > 20 else ''}"
    return [
        Finding(
            "hygiene.mojibake", "warning", source.file, first,
            f"The encoding was damaged on {len(source.repaired)} lines and is repaired in what is read: {named}.",
            "Save the file again as UTF-8.", tuple((source.file, line) for line in others),
        )
    ]  # fmt: skip
