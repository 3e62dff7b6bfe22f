"""Keys and passwords in what authors write: where they stand, and the same text without them.

What only shows how one would look (a name in angle brackets, a variable, EXAMPLE)
is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# In an address made of words (``objective:use-akia...``) all is lower case, with dashes.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<shown>AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])"
    r"|(?:gh[pousr][_-]|github[_-]pat[_-]|glpat-|xox[baprs]-|AIza|hf[_-]|npm[_-]|pypi-)[\w-]{20,200}"
    r"|sk-(?:[a-z0-9]{2,6}-){0,2}[A-Za-z0-9]{20,200})",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"(?<![\w-])(?P<shown>eyJ)[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}")
_IN_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+]{1,20}://[^\s/:@\"']{1,64}:(?P<value>[^\s/:@\"'<>${}]{4,100})@", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)[\"'`]?\s{0,3}[:=]\s{0,3}[\"'`]?"
    r"(?P<value>[\w+/=.!@#%^&*-]{8,200})",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(
    r"example|your|change|placeholder|dummy|sample|redacted|secret|passw|token|x{4}|\*{3}|\.{3}|1234|abcd|test|todo|none",
    re.IGNORECASE,
)


def secrets_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Beginning and end of each key or password, with what may be shown of it."""
    for pattern in (_TOKEN, _SIGNED):
        for found in pattern.finditer(text):
            # A word such as sk-learn-and-so-on has no digit.
            if "EXAMPLE" not in found[0].upper() and (found["shown"] or re.search(r"\d", found[0])):
                yield *found.span(), found[0][:4]
    for pattern in (_IN_ADDRESS, _ASSIGNED):
        for found in pattern.finditer(text):
            value = found["value"]
            mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
            if mixed and not _STANDS_FOR.search(value):
                yield *found.span("value"), value[:2]


def masked(text: str) -> str:
    """The text with every key and password cut to its first letters."""
    found = sorted(secrets_in(text))
    out, last = [], 0
    for start, end, shown in found:
        if start >= last:
            out += [text[last:start], f"{shown}***"]
            last = end
    return "".join([*out, text[last:]])
