"""What all readers have in common: the two ways in which a file is not read, and the limits."""

from __future__ import annotations

from typing import Any, Final

LARGEST: Final = 128 * 1024
"""Bytes of all files of one check together."""
DEPTH: Final = 32
"""Lists and mappings in one another."""
VALUES: Final = 10_000
"""Values that a file stands for, with its aliases written out."""
CHARACTERS: Final = 1_000_000
"""Of all texts in it, with its aliases written out."""
EXPANDED: Final = 1024
"""Characters of a text after its variables are filled in."""


class Refused(Exception):
    """The file asks for what no check does, or is larger than any honest one: ``rejected``."""


class Misread(Exception):
    """The file is not what it should be: ``failed``. The text says where and what."""


def text_of(data: bytes) -> str:
    """*data* as text, without a mark at its beginning and with ``\\n`` at the ends of lines."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misread(f"Byte {error.start + 1} is no UTF-8.") from None
    if "\0" in text:
        raise Misread("There is a NUL character in it.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def at(line: int, what: str) -> Misread:
    return Misread(f"Line {line}: {what}")


def mapping(value: object, where: str) -> dict[str, Any]:
    """*value* when it is a mapping, or :class:`Misread`."""
    if not isinstance(value, dict):
        raise Misread(f"{where} is no mapping.")
    return value


def entries(value: object, where: str) -> list[Any]:
    """*value* when it is a list with something in it, or :class:`Misread`."""
    if not isinstance(value, list) or not value:
        raise Misread(f"{where} is no list with entries.")
    return value


def word(value: object, where: str) -> str:
    """*value* when it is text that is not empty, or :class:`Misread`."""
    if not isinstance(value, str) or not value.strip():
        raise Misread(f"{where} is missing or no text.")
    return value
