"""A report as text for people, annotations for a forge, SARIF for its tools. JSON is the report's own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from courses.curriculum.findings import Severity
from courses.curriculum.lint.register import checks
from courses.curriculum.report.model import Report, Said, line_fates
from courses.curriculum.secrets import masked

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_QUOTED = re.compile(r"'([^']{2,80})'|\"([^\"]{2,80})\"")
_WIDTH = 160
_GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def text(report: Report, *, lines: bool = False) -> str:
    """Every open finding with its line and a caret under what it is about, then the figures."""
    out = [row for statement in report.statements for row in _mapped(report, statement.file)] if lines else []
    for said in report.said:
        if not said.settled:
            out += _shown(report, said)
    counts = report.counts()
    settled = sum(bool(said.settled) for said in report.said)
    figures = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in counts.items())
    total = sum(statement.account.counts()["lines"] for statement in report.statements)
    out.append(
        f"{figures}{f', {settled} settled' if settled else ''} "
        f"in {total} lines of {len(report.statements)} file{'s' if len(report.statements) != 1 else ''}."
    )
    return "\n".join(out)


def as_json(report: Report, *, lines: bool = False) -> str:
    """The promised object. ASCII, so that it is the same whatever the terminal's encoding."""
    return json.dumps(report.as_json(lines=lines), indent=2)


def github(report: Report, *, lines: bool = False) -> str:
    """One workflow command for each open finding."""

    def escaped(value: str, *, inside: bool = False) -> str:
        value = clean(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return value.replace(":", "%3A").replace(",", "%2C") if inside else value

    return "\n".join(
        f"::{_GITHUB[finding.severity]} file={escaped(finding.file, inside=True)},line={max(finding.line, 1)},"
        f"title={escaped(finding.rule, inside=True)}::{escaped(f'{finding.message} {finding.fix}'.strip())}"
        for finding in (said.finding for said in report.said if not said.settled)
    )


def sarif(report: Report, *, lines: bool = False) -> str:
    """SARIF 2.1.0: one run with its rules; what is settled is suppressed with its reason."""
    ids = sorted({said.finding.rule for said in report.said})
    driver = {"name": "Waymark curriculum lint", "rules": [_sarif_rule(each) for each in ids]}
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": driver},
                    "columnKind": "unicodeCodePoints",
                    "results": [_sarif_result(said, ids.index(said.finding.rule)) for said in report.said],
                }
            ],
        },
        indent=2,
    )


def decisions(report: Report, *, lines: bool = False) -> str:
    """The open findings as entries of ``.waymark/decisions.yaml``; each lacks its reason, and does nothing without."""
    entries = [
        f"  # {clean(str(said.finding))}\n"
        f"  - rule: {said.finding.rule}\n    entity: {json.dumps(said.entity)}\n    reason:\n"
        f'    hash: "{said.fingerprint}"'
        for said in report.said
        if not said.settled
    ]
    return "\n".join(["decisions:", *entries])


def _masking(made: Callable[..., str]) -> Callable[..., str]:
    """No format shows a secret, in whatever finding, line or address it stands."""
    return lambda report, **options: masked(made(report, **options))


FORMATS: dict[str, Callable[..., str]] = {
    each.__name__.removeprefix("as_"): _masking(each) for each in (text, as_json, github, sarif, decisions)
}


def clean(value: str) -> str:
    """Without anything that a terminal would act on, or that cannot be written in UTF-8."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)


def _shown(report: Report, said: Said) -> Iterator[str]:
    finding = said.finding
    yield clean(str(finding))
    line = "" if finding.rule.startswith("hygiene.secret") else report.line(finding.file, finding.line)
    if line.strip():
        start, end = about(line, finding.message)
        first = max(0, end - _WIDTH) if end > _WIDTH else 0
        gutter = f"{finding.line:>6} | "
        part = line[first : first + _WIDTH].replace("\t", " ")
        yield f"{gutter}{clean(part)}"
        width = max(1, min(end, first + _WIDTH) - max(start, first))
        yield f"{' ' * (len(gutter) - 2)}| {' ' * (max(start, first) - first)}{'^' * width}"
    for file, number in finding.related[:10]:
        yield f"       see {clean(file)}:{number}"
    if len(finding.related) > 10:
        yield f"       and {len(finding.related) - 10} more"


def about(line: str, message: str) -> tuple[int, int]:
    """Where the caret stands, from and to: under what the message quotes from the line, else under all of it."""
    quoted = sorted((found[1] or found[2] for found in _QUOTED.finditer(message)), key=len, reverse=True)
    for words in quoted:
        if (at := line.find(words)) >= 0:
            return at, at + len(words)
    return len(line) - len(line.lstrip()), len(line.rstrip())


def _mapped(report: Report, file: str) -> Iterator[str]:
    for row in line_fates(report.texts[file]):
        fate = f"opens line {row['opens']}" if row["opens"] else row["fate"]
        yield clean(f"{file}:{row['line']}: {fate}: {', '.join(row['fields'])}")


def _sarif_rule(rule_id: str) -> dict[str, object]:
    rule = checks.rules.get(rule_id)
    if rule is None:
        return {"id": rule_id}
    return {
        "id": rule_id,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": _SARIF[rule.severity]},
    }


def _sarif_result(said: Said, index: int) -> dict[str, object]:
    finding = said.finding
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _SARIF[finding.severity],
        "message": {"text": f"{finding.message} {finding.fix}".strip()},
        "locations": [_sarif_place(finding.file, finding.line, said.entity)],
        "partialFingerprints": {"waymark/v1": said.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [_sarif_place(file, line) for file, line in finding.related]
    if said.settled:
        status = "accepted" if said.settled == "settled" else "underReview"
        result["suppressions"] = [{"kind": "external", "status": status, "justification": said.reason}]
    return result


def _sarif_place(file: str, line: int, entity: str = "") -> dict[str, object]:
    path = quote(os.fsencode(file))
    uri = f"file://{path}" if os.path.isabs(file) else path
    place: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": max(line, 1)}}
    }
    if entity:
        place["logicalLocations"] = [{"fullyQualifiedName": entity}]
    return place
