"""What joining the documents says, for authors who lint them without anything that is installed.

What a plan says about what comes in, lint says as far as what it is given decides it. A file by
itself belongs to a tree that is not given, and a tree without a program to one of another tree.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from courses.curriculum.drafts.build import INCOMPLETE, NO_PLACE, UNATTACHED
from courses.curriculum.drafts.programs import ELSEWHERE
from courses.curriculum.findings import Finding
from courses.curriculum.native.checks import checked
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.cycles import cycles_in
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.planning.renames import IDLE as IDLE_RENAME
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import lint, say, settle_anew

logger = logging.getLogger(__name__)
# Only what is whole decides these.
_OF_TREES = {NO_PLACE, UNATTACHED, IDLE_RENAME}


def lint_alone(arguments: list[str], *, today: date | None = None) -> Report:
    """Lint what *arguments* name, and say what their documents together lack; see ``report.run.lint``."""
    report = lint(arguments, today=today)
    try:
        joined = list(_joined(report, reading_of(report, TreeBase(), alone=True)))
    except Exception:
        # What was found before is said all the same.
        logger.exception("lint: joining the documents broke down")
        report.failed = True
        return report
    said = {each.finding for each in report.said}
    errors = {place for each in said if each.severity == "error" for place in _places(each)}
    found = [each for each in dict.fromkeys(joined) if each not in said]
    # What an error is about is not there for that reason.
    say(report, (each for each in found if each.rule != INCOMPLETE or errors.isdisjoint(_places(each))))
    settle_anew(report)
    return report


def _places(finding: Finding) -> Iterator[tuple[str, int]]:
    yield finding.file, finding.line
    yield from finding.related


def _joined(report: Report, reading: Reading) -> Iterator[Finding]:
    here = replace(reading, drafts={place: each for place, each in reading.drafts.items() if place[0] != ELSEWHERE})
    whole = report.whole and bool(here.programs)
    yield from (each for each in reading.findings if whole or each.rule not in _OF_TREES)
    yield from cycles_in(here)
    documents = {each.file for each in report.statements if each.kind != "native" and each.claims}
    if documents and whole:
        # Of native files alone lint has said it already.
        yield from (each for each in checked(here) if each.file not in documents)
    if report.whole and not here.programs:
        yield from _no_program(reading)


def _no_program(reading: Reading) -> Iterator[Finding]:
    """One info for a tree: what in it joins nothing cannot be told."""
    found = {draft.file: draft.line for draft in reversed(reading.drafts.values()) if draft.program == ELSEWHERE}
    if found:
        file = next(each for each in reading.files if each in found)
        many = f"the {len(found)} documents here belong" if len(found) > 1 else "the document here belongs"
        yield Finding(
            UNATTACHED, "info", file, found[file],
            f"Nothing here states a program, so {many} to none yet, and lint does not say which of their parts "
            "join nothing.",
            "Lint the whole tree, or add the curriculum document, master plan or native program that they are of.",
        )  # fmt: skip
