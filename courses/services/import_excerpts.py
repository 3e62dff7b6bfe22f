"""The lines that a page shows with a finding: its own with what it is about marked, one around it, and related ones."""

from __future__ import annotations

from typing import Any

from courses.curriculum.findings import Finding
from courses.curriculum.planning.withheld import RULE, key_lines
from courses.curriculum.report.decisions import decision_key
from courses.curriculum.report.formats import about, clean
from courses.curriculum.report.model import Report, Said

WIDTH = 240
MOST_RELATED = 5


def excerpts_of(report: Report) -> list[dict[str, Any]]:
    """For each finding of *report*, in its order:

    ``entity``, ``hash`` and ``key`` (what a decision on it is found by), ``beside``
    (reason of one beside the sources), ``reason`` (of what settles it), ``rows`` and
    ``related``. A row has ``file``, ``line``, ``hit``, and the text in three parts: ``before``, ``mark``,
    ``after``. Lines with a secret are left out, whichever finding shows them.
    """
    secret = {
        (file, below)
        for said in report.said
        if said.finding.rule == RULE
        for file, line in ((said.finding.file, said.finding.line), *said.finding.related)
        for below in key_lines(report, file, line)
    }
    beside = {(each.rule, each.entity, each.hash): each.reason for each in report.own.decisions}
    return [_excerpt(report, said, secret, beside) for said in report.said]


def _excerpt(
    report: Report, said: Said, secret: set[tuple[str, int]], beside: dict[tuple[str, str, str], str]
) -> dict[str, Any]:
    finding = said.finding
    about_it = (finding.rule, said.entity, said.fingerprint)
    rows = []
    for line in (finding.line - 1, finding.line, finding.line + 1):
        text = report.line(finding.file, line)
        if text.strip() and (finding.file, line) not in secret:
            rows.append(_row(finding, finding.file, line, text))
    if not any(row["hit"] for row in rows):
        rows = []
    related = [
        _row(finding, file, line, text)
        for file, line in finding.related[:MOST_RELATED]
        if (text := report.line(file, line)).strip() and (file, line) not in secret
    ]
    return {
        "entity": said.entity, "hash": said.fingerprint, "key": decision_key(*about_it),
        "beside": beside.get(about_it, ""), "reason": said.reason, "rows": rows, "related": related,
    }  # fmt: skip


def _row(finding: Finding, file: str, line: int, text: str) -> dict[str, Any]:
    hit = (file, line) == (finding.file, finding.line)
    start, end = about(text, finding.message) if hit else (0, 0)
    first = max(0, end - WIDTH)
    before, mark, after = text[first:start], text[max(start, first) : end], text[end : max(first + WIDTH, end)]
    return {
        "file": file, "line": line, "hit": hit,
        "before": clean(before), "mark": clean(mark), "after": clean(after),
    }  # fmt: skip
