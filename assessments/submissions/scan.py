"""Keys, tokens and state files in what is handed in: found before anything is stored or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from courses.curriculum.secrets import secrets_in

_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KUBE: Final = re.compile(rb"^[ \t]*client-key-data:[ \t]*[A-Za-z0-9+/=]{20,}", re.MULTILINE)
_STATE_NAMES: Final = re.compile(r"(?:^|/)(?:[^/]*\.tfstate(?:\.\d+)?(?:\.backup)?|id_(?:rsa|ed25519|ecdsa|dsa))$")
_STATE: Final = re.compile(rb'"terraform_version"\s*:.*"lineage"\s*:', re.DOTALL)
_PIECE, _OVERLAP = 20_000, 500
"""Characters of a line that are looked at together, and that two such pieces share."""
MOST: Final = 50
SHORTEST: Final = 12
"""No line with a secret is shorter; most lines of a file of blanks are."""


@dataclass(frozen=True, slots=True)
class Found:
    """:param what: kind of secret in words, never the secret itself."""

    name: str
    line: int
    what: str


def scan(files: Mapping[str, bytes]) -> list[Found]:
    """What looks like a secret, at most :data:`MOST`, in order of names and lines."""
    found: list[Found] = []
    for name in sorted(files):
        found += _in_file(name, files[name])
        if len(found) >= MOST:
            return found[:MOST]
    return found


def _in_file(name: str, data: bytes) -> list[Found]:
    if _STATE_NAMES.search(name) or (name.endswith(".json") and _STATE.search(data[:4096])):
        return [Found(name, 1, _("a state file or a private key"))]
    found = [Found(name, _line(data, match.start()), _("a private key")) for match in _PRIVATE_KEY.finditer(data)]
    found += [Found(name, _line(data, match.start()), _("a key of a cluster")) for match in _KUBE.finditer(data)]
    if b"\0" in data[:8192]:
        return found
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if len(line) >= SHORTEST and any(next(secrets_in(piece), None) is not None for piece in _pieces(line)):
            found.append(Found(name, number, _("a key, token or password")))
    return sorted(found, key=lambda each: each.line)


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, max(1, len(line)), _PIECE - _OVERLAP):
        yield line[start : start + _PIECE]


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
