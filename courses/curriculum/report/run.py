"""A lint run: everything that arguments hold, read by all readers, checked by all checks, and settled.

Nothing stops at the first fault, and a reader that breaks down on one file takes
nothing else along: the file is reported, and the run says that it failed.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import PurePath

from courses.curriculum import lint as families
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import registry
from courses.curriculum.lint.register import Rule, Setting, checks
from courses.curriculum.merge.precedence import rank_statements
from courses.curriculum.native.checks import checked
from courses.curriculum.native.reader import read_files
from courses.curriculum.native.reading import Reading
from courses.curriculum.native.statements import is_native, statements_of
from courses.curriculum.references import Known, unknown_references
from courses.curriculum.report.decisions import IDLE, settle
from courses.curriculum.report.model import Report, Said, fingerprint
from courses.curriculum.report.others import NO_CURRICULUM, fold_others
from courses.curriculum.report.own import Own, own_read
from courses.curriculum.report.recognise import document_of
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.links import Places
from courses.curriculum.sources.reader import SourceDocument, read_document
from courses.curriculum.sources.text import SourceText, UnreadableSource, source_text
from courses.curriculum.sources.trees import TreeFile, Trees, is_document, trees_of

logger = logging.getLogger(__name__)
checks.declare(
    Rule("source.unread", "warning", "Every line of a document of a known kind is read"),
    Rule("source.reader_failed", "error", "Every document can be read to its end"),
)


@dataclass(slots=True)
class _Run:
    trees: Trees
    own: Own = field(default_factory=Own)
    statements: dict[str, Statement] = field(default_factory=dict)
    natives: dict[str, list[tuple[PurePath, SourceDocument]]] = field(default_factory=lambda: defaultdict(list))
    readings: list[Reading] = field(default_factory=list)
    alone: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    failed: bool = False


def lint(arguments: list[str], *, today: date | None = None, elsewhere: Iterable[str] = ()) -> Report:
    """Lint what *arguments* name; each of them exists.

    :param today: the day that dated figures are compared with; the real one by default.
    :param elsewhere: ids that exist elsewhere, beside those that the sources say.
    """
    families.load()
    run = _Run(trees_of(arguments))
    run.findings += run.trees.findings
    for file in run.trees.files:
        _read(run, file)
    _read_natives(run)
    order = {file.file: number for number, file in enumerate(run.trees.files)}
    statements = sorted(run.statements.values(), key=lambda each: order[each.file])
    known = [each for each in statements if each.kind not in NO_CURRICULUM]
    setting = Setting(
        today or datetime.now(tz=UTC).date(),
        frozenset({*run.own.known, *elsewhere}),
        Places(frozenset(run.trees.names), tuple(run.trees.roots)),
        {file: data for file, data in run.trees.linked.items() if not _is_curriculum(run, file)},
    )
    # Own files are accounted for, and no rule looks at them.
    own = {each.file for each in run.own.statements}
    documents = [each for each in known if each.file not in own]
    rank_statements(documents, run.own.precedence)
    run.findings += checks.run(documents, setting, on_failure=lambda name: _failed(run, name))
    for statement in known:
        _report_unread(statement)
    run.findings += fold_others([each for each in statements if each.kind in NO_CURRICULUM], run.alone)
    for statement in statements:
        run.findings += statement.findings
    report = _report(run, statements)
    report.places, report.linked = setting.places, setting.linked
    return report


def _is_curriculum(run: _Run, file: str) -> bool:
    """Whether a file is a document of its own, so that a link to it is no picture or attachment."""
    return file in run.statements and run.statements[file].kind not in NO_CURRICULUM


def _failed(run: _Run, what: str) -> None:
    logger.exception("lint: %s broke down", what)
    run.failed = True


def _read(run: _Run, file: TreeFile) -> None:
    source = _text(run, file)
    if source is None:
        return
    if file.alone:
        run.alone.add(file.file)
    document: SourceDocument | None = None
    try:
        document = document_of(source) if not file.own else SourceDocument(source, "yaml")
        if file.own:
            own_read(run.own, document, above=file.above)
            if file.above:
                run.findings += run.own.statements[-1].findings
            else:
                run.statements[file.file] = run.own.statements[-1]
        elif is_native(document):
            run.natives[file.root].append((file.path, document))
        else:
            run.statements[file.file] = read_document(document)
    except Exception:
        _failed(run, f"the reader of {file.file}")
        run.statements[file.file] = _broken(source)


def _text(run: _Run, file: TreeFile) -> SourceText | None:
    """The file as text; None for one that is none, which is a fault only where text is meant."""
    try:
        return source_text(file.file, file.data)
    except UnreadableSource as refused:
        if file.alone or is_document(file.file):
            run.statements[file.file] = Statement(SourceText(file.file, ()), "other")
            run.findings.append(refused.finding)
        return None


def _broken(source: SourceText) -> Statement:
    statement = Statement(source, "other")
    filled = source.filled()
    statement.report(
        "source.reader_failed", "error", filled[0] if filled else 1,
        "Reading this file broke down; that is a fault of Waymark, not of the file.",
        "Report it with the file, and leave the file out meanwhile.", lines=filled,
    )  # fmt: skip
    return statement


def _read_natives(run: _Run) -> None:
    """Native files make sense only together: the documents of one argument are one tree.

    Beside other documents they are no whole; then the plan, which joins them, is checked.
    """
    whole = not any(statement.claims for statement in run.statements.values())
    for files in run.natives.values():
        try:
            reading = read_files(files)
            reading.findings += unknown_references(reading, _known(run))
            reading.findings += checked(reading) if whole else ()
            made = statements_of(reading, files)
            run.readings.append(reading)
        except Exception:
            _failed(run, "the native reader")
            made = [_broken(document.source) for _, document in files]
        run.statements.update((statement.file, statement) for statement in made)


def _known(run: _Run) -> Known:
    """What native files may name beside their own tree: ids known elsewhere, and what other documents state."""
    elsewhere = {
        (program or None, f"{kind.name}:{path}")
        for program, _, path in (each.rpartition(":") for each in run.own.known)
        for kind in registry.all()
    }
    stated = {(None, claim.address) for statement in run.statements.values() for claim in statement.claims}
    return Known(frozenset(elsewhere | stated))


def _report_unread(statement: Statement) -> None:
    """The promise that no line is dropped holds for a reader's gaps too: they are named."""
    left = statement.account.unaccounted()
    if left:
        shown = f"{', '.join(map(str, left[:20]))}{', ...' if len(left) > 20 else ''}"
        statement.report(
            "source.unread", "warning", left[0],
            f"{len(left)} lines are no part of what a {statement.kind.replace('_', ' ')} holds: {shown}.",
            "Write them as its template does (docs/import.md), or remove them.", lines=left,
        )  # fmt: skip


def _report(run: _Run, statements: list[Statement]) -> Report:
    report = Report(statements, failed=run.failed, natives=run.readings, own=run.own)
    report.whole = not any(file.alone for file in run.trees.files)
    say(report, dict.fromkeys(run.findings))
    say(report, settle(report.said, run.own.decisions))
    return report


def say(report: Report, findings: Iterable[Finding]) -> None:
    """Add findings to what a report says, which is in the order of its files and lines."""
    report.said += _said(report, findings)
    order = {statement.file: number for number, statement in enumerate(report.statements)}
    report.said.sort(key=lambda each: (order.get(each.finding.file, -1), each.finding.file, each.finding.line))


def settle_anew(report: Report) -> None:
    """Settle all that a report says by now, and name the decisions that settle nothing of it."""
    report.said = [each for each in report.said if each.finding.rule != IDLE.id]
    say(report, settle(report.said, [*report.own.decisions, *report.decided]))


def unsettled(report: Report, findings: Iterable[Finding]) -> list[Finding]:
    """Those of *findings* that no decision settles."""
    said = _said(report, findings)
    settle(said, [*report.own.decisions, *report.decided])
    return [each.finding for each in said if each.settled != "settled"]


def _said(report: Report, findings: Iterable[Finding]) -> list[Said]:
    entities = _Entities(report.texts)
    return [Said(each, entities.of(each), fingerprint(report.texts, each)) for each in findings]


class _Entities:
    """What a line is about: the entity with a field on it, else the one that began last above it."""

    def __init__(self, texts: Mapping[str, Statement]) -> None:
        self._texts = texts
        self._lines: dict[str, dict[int, str]] = {}
        self._begins: dict[str, list[tuple[int, str]]] = {}

    def of(self, finding: Finding) -> str:
        statement = self._texts.get(finding.file)
        if statement is None or not statement.claims:
            return "document"
        if finding.file not in self._lines:
            self._index(statement)
        begins = self._begins[finding.file]
        place = bisect_right(begins, finding.line, key=lambda each: each[0])
        above = begins[place - 1][1] if place else begins[0][1]
        return self._lines[finding.file].get(finding.line, above)

    def _index(self, statement: Statement) -> None:
        lines: dict[int, str] = {}
        for claim in statement.claims:
            for fact in claim.fields.values():
                for line in fact.lines:
                    lines.setdefault(line, claim.address)
        self._lines[statement.file] = lines
        self._begins[statement.file] = sorted((claim.line, claim.address) for claim in statement.claims)
