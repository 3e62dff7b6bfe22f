"""What sources state, as one reading: the drafts of native trees and of documents, with what stands in the way."""

from __future__ import annotations

from typing import Any

from courses.curriculum.findings import Finding
from courses.curriculum.native.reading import Reading
from courses.curriculum.references import RULE as UNKNOWN_REFERENCE
from courses.curriculum.report.model import Report


def incoming_of(report: Report) -> Reading:
    """One reading of everything that was linted.

    Findings that are settled stand in no way. Names that nothing given has are
    left out: a plan looks in its base as well.
    """
    reading = Reading(files=[statement.file for statement in report.statements])
    reading.findings = [
        said.finding for said in report.said if said.settled != "settled" and said.finding.rule != UNKNOWN_REFERENCE
    ]
    for native in report.natives:
        for place, draft in native.drafts.items():
            first = reading.drafts.setdefault(place, draft)
            if first is not draft:
                message = f"{draft.address} is already defined at {first.file}:{first.line}."
                fix, related = "Leave it out of one of the trees.", ((first.file, first.line),)
                found = Finding("native.duplicate_id", "error", draft.file, draft.line, message, fix, related)
                reading.findings.append(found)
    return reading


def settings_of(report: Report) -> Any:
    """Decisions and settings, as plain data for the plan's id."""
    own = report.own
    return {
        "decisions": sorted([each.rule, each.entity, each.hash, each.reason] for each in own.decisions),
        "known": sorted(own.known),
        "renames": own.renames,
    }
