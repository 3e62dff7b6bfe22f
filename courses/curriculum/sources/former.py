"""Former ids in documents of any kind: ``- **Was**: MOD-100`` in Markdown, the key ``was`` in YAML.

Readers do not see them. They belong to what they stand in: in Markdown the thing
that begins last above, in YAML the one whose mapping has the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.aliases import ADDRESSED
from courses.curriculum.kinds import registry
from courses.curriculum.sources.claims import Above, Claim, Statement
from courses.curriculum.sources.text import outside_code
from courses.curriculum.sources.yaml import line_of, lines_of, plain

RULE = "source.former_id"
NAMED = (ADDRESSED | {"topic", "objective", "question", "phase", "criterion", "rubric", "risk"}) - {"program"}
_BULLET = re.compile(r"^\s*(?:[-*+]\s+)?\*\*was(?::\*\*|\*\*\s*+:)\s*+(?P<ids>\S(?:.*\S)?)\s*$", re.IGNORECASE)
_ID = re.compile(r"(?:part\s+of\s+)?[A-Za-z0-9][A-Za-z0-9._/-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Former:
    """Former ids with their lines, and those at which what has them may begin; None in Markdown."""

    ids: tuple[str, ...]
    lines: range
    begins: frozenset[int] | None


@dataclass(slots=True)
class FormerIds:
    """What was taken out of a document before it is read."""

    found: list[Former] = field(default_factory=list)

    def take_lines(self, lines: Iterable[str]) -> tuple[str, ...]:
        """The lines of a Markdown document without those of former ids, which are blank instead."""
        made = list(lines)
        for number, line in outside_code(made):
            if (bullet := _BULLET.match(line)) and (ids := _ids(bullet["ids"].split(","))):
                self.found.append(Former(ids, range(number, number + 1), None))
                made[number - 1] = ""
        return tuple(made)

    def take_keys(self, data: Any, line: int = 1) -> None:
        """Take the keys out of a YAML document, or out of a part of it that begins at *line*."""
        if isinstance(data, CommentedMap) and "was" in data:
            given = plain(data["was"])
            if ids := _ids(given if isinstance(given, list) else [given]):
                own = (key for key, entry in data.items() if not isinstance(entry, CommentedMap | CommentedSeq))
                begins = frozenset((line, *(line_of(data, key) for key in own)))
                self.found.append(Former(ids, lines_of(data, "was"), begins))
                del data["was"]
        if isinstance(data, CommentedMap | CommentedSeq):
            for key, entry in data.items() if isinstance(data, CommentedMap) else enumerate(data):
                self.take_keys(entry, line_of(data, key))

    def state(self, statement: Statement) -> None:
        """Say them with the claims of *statement* that they belong to."""
        stated: dict[int, tuple[Claim, list[Former]]] = {}
        named = [claim for claim in statement.claims if claim.kind in NAMED]
        begins: dict[int, list[Claim]] = {}
        for claim in named:
            begins.setdefault(claim.line, []).append(claim)
        above = Above(claim for claim in named if not registry.get(claim.kind).shared)
        for former in self.found:
            owner = above.of(former.lines[0]) if former.begins is None else _inside(begins, former.begins)
            if owner is None:
                message = "This former id belongs to nothing that could have another one now."
                fix = "Write it below the id of what had it."
                statement.report(RULE, "warning", former.lines[0], message, fix, lines=former.lines)
            else:
                stated.setdefault(id(owner), (owner, []))[1].append(former)
        for claim, formers in stated.values():
            ids = [each for former in formers for each in former.ids]
            claim.set("was", ids, *(line for former in formers for line in former.lines))


def _ids(given: Iterable[Any]) -> tuple[str, ...]:
    words = [str(each).replace("`", "").strip() for each in given if isinstance(each, str | int)]
    return tuple(words) if words and all(map(_ID.fullmatch, words)) else ()


def _inside(begins: Mapping[int, list[Claim]], lines: frozenset[int]) -> Claim | None:
    """The outermost claim that begins in one of *lines*."""
    inside = [claim for line in sorted(lines) for claim in begins.get(line, ())]
    return min(inside, key=_depth, default=None)


def _depth(claim: Claim) -> int:
    depth = 0
    while claim.parent is not None:
        depth, claim = depth + 1, claim.parent
    return depth
