"""Keys and passwords stay outside until somebody has settled the finding that names them.

Readers move words about, so a secret is taken as it stands in its lines, and cut
to its first letters in everything that its file states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from courses.curriculum.report.model import Report
from courses.curriculum.secrets import secrets_in

RULE = "hygiene.secret"


def withhold(reading: Reading, report: Report, open_: Iterable[Finding]) -> None:
    """Cut the secrets that the *open_* findings name in the drafts of *reading*."""
    for finding in open_:
        if finding.rule == RULE:
            cuts = dict(_cuts(report, finding))
            for place, draft in list(reading.drafts.items()):
                if finding.file in _files(draft):
                    reading.drafts[place] = replace(draft, body=_cut(draft.body, cuts))


def key_lines(report: Report, file: str, line: int) -> range:
    """The lines of a secret: one, or all of a key in its frame."""
    end = line
    if "-----BEGIN" in report.line(file, line):
        while (text := report.line(file, end + 1)).strip() and "-----BEGIN" not in text:
            end += 1
    return range(line, end + 1)


def _files(draft: Draft) -> set[str]:
    return {draft.file, *(file for file, _ in draft.elsewhere.values())}


def _cuts(report: Report, finding: Finding) -> Iterator[tuple[str, str]]:
    for file, line in ((finding.file, finding.line), *finding.related):
        text = report.line(file, line)
        yield from ((text[start:end], f"{shown}***") for start, end, shown in secrets_in(text))
        yield from ((report.line(file, below).strip(" \t>-"), "***") for below in key_lines(report, file, line)[1:])


def _cut(value: Any, cuts: dict[str, str]) -> Any:
    if isinstance(value, str):
        for secret, shown in cuts.items():
            value = value.replace(secret, shown) if secret else value
        return value
    if isinstance(value, dict):
        return {name: _cut(each, cuts) for name, each in value.items()}
    return [_cut(each, cuts) for each in value] if isinstance(value, list) else value
