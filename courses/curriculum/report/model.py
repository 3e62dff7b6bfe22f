"""What a lint run says, and its promised shape as JSON (see docs/import.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.curriculum.findings import Finding
from courses.curriculum.native.reading import Reading
from courses.curriculum.report.own import Decision, Own
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.links import Places

Settled = Literal["proposed", "settled"]


@dataclass(slots=True)
class Said:
    """A finding as a run says it.

    :ivar entity: what it is about (``module:MOD-101``); ``document`` if nothing of its document is.
    :ivar fingerprint: hash of the trimmed text of its lines and all related ones.
    :ivar settled: what a decision makes of it; None as long as it is open.
    """

    finding: Finding
    entity: str
    fingerprint: str
    settled: Settled | None = None
    reason: str = ""


@dataclass(slots=True)
class Report:
    """:ivar failed: a reader or a check broke down; what it would have said is missing.

    :ivar natives: what each tree of native files states.
    :ivar own: what is kept beside the sources.
    :ivar decided: what admins decided on the site on findings of this source.
    :ivar plan: what an import would change, in its promised shape; None where nothing was planned.
    :ivar places: where the links of documents lead to.
    :ivar linked: contents of the files that documents link to and that are no documents themselves.
    :ivar whole: every argument is a tree, so that what is not there is gone.
    """

    statements: list[Statement] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    failed: bool = False
    natives: list[Reading] = field(default_factory=list)
    own: Own = field(default_factory=Own)
    decided: list[Decision] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    linked: Mapping[str, bytes] = field(default_factory=dict)
    whole: bool = True
    plan: dict[str, Any] | None = None

    def counts(self, *, proposed: bool = False) -> dict[str, int]:
        """Open findings by severity; with those that are only *proposed* to be settled, if asked for."""
        found = {"error": 0, "warning": 0, "info": 0}
        for each in self.said:
            if not each.settled or (proposed and each.settled == "proposed"):
                found[each.finding.severity] += 1
        return found

    def exit_code(self, *, strict: bool = False, proposed: bool = False) -> int:
        """4 if something broke down, 1 with open errors (or warnings, if *strict*), else 0."""
        if self.failed:
            return 4
        counts = self.counts(proposed=proposed)
        return 1 if counts["error"] or (strict and counts["warning"]) else 0

    def line(self, file: str, number: int) -> str:
        """A line of a source as it was read; empty where there is none."""
        return _line(self.texts, file, number)

    @property
    def texts(self) -> Mapping[str, Statement]:
        return {statement.file: statement for statement in self.statements}

    def as_json(self, *, lines: bool = False) -> dict[str, Any]:
        """The promised object; *lines* adds to each source what became of every line."""
        return {
            "sources": [_source(statement, lines) for statement in self.statements],
            "findings": [{**each.finding.as_dict(), "settled": each.settled} for each in self.said],
            "plan": self.plan,
        }


def fingerprint(texts: Mapping[str, Statement], finding: Finding) -> str:
    """Changes with the text of a line of the finding, and not with where it stands."""
    # A file that was not read as text has its name only.
    own = _line(texts, finding.file, finding.line).strip() or finding.file
    related = sorted(_line(texts, file, line).strip() or file for file, line in finding.related)
    return hashlib.sha256("\n".join((own, *related)).encode("utf-8", "replace")).hexdigest()[:16]


def _line(texts: Mapping[str, Statement], file: str, number: int) -> str:
    statement = texts.get(file)
    lines = statement.source.lines if statement else ()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def line_fates(statement: Statement) -> list[dict[str, Any]]:
    """What became of every line that is not blank: its fate, its fields, and for structure the line that it opens."""
    account = statement.account
    return [
        {"line": line, "fate": account.fate(line), "fields": account.fields(line), "opens": account.opened(line)}
        for line in statement.source.filled()
    ]


def _source(statement: Statement, lines: bool) -> dict[str, Any]:
    shown = {"file": statement.file, "kind": statement.kind, **statement.account.counts()}
    return {**shown, "map": line_fates(statement)} if lines else shown
