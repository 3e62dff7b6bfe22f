"""What sources state, as one reading: drafts of native trees and of documents, with what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from courses.curriculum.drafts.build import Drafting
from courses.curriculum.drafts.names import Names
from courses.curriculum.drafts.programs import Programs
from courses.curriculum.drafts.quizzes import QuizzesElsewhere, beside_native
from courses.curriculum.findings import Finding
from courses.curriculum.lint.titles import Titles
from courses.curriculum.merge.join import Joined
from courses.curriculum.merge.quizzes import join_documents
from courses.curriculum.native.reading import Reading, former_id_faults
from courses.curriculum.planning.base import Base, Named, named_in, needed_by, quizzes_in
from courses.curriculum.planning.gates import gates_add
from courses.curriculum.planning.linked import linked_resolve
from courses.curriculum.planning.overlay import combined
from courses.curriculum.planning.plan import Incoming
from courses.curriculum.planning.renames import renames_apply
from courses.curriculum.planning.thresholds import thresholds_add
from courses.curriculum.planning.withheld import withhold
from courses.curriculum.references import RULE as UNKNOWN_REFERENCE
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import unsettled
from courses.curriculum.sources.git import is_address, without_credentials

LONGEST_SOURCE = 200
"""Signs of the name of a source."""


def incoming_of(
    report: Report, base: Base, paths: Iterable[str], *, source: str = "", retire: bool = False
) -> Incoming:
    """What was linted, as an import of *paths*; *base* has what documents may belong to and name.

    From then on the report knows what was decided on the site, too.

    :param source: the name of their source; by default the one that they have (``source_of``).
    """
    source = source or source_of(paths)
    reading = reading_of(report, base, source)
    report.decided = base.decided(source, reading.programs)
    linked_resolve(reading, report)
    gates_add(reading, report)
    withhold(reading, report, unsettled(report, (each.finding for each in report.said)))
    return Incoming(
        reading,
        source=source,
        whole=report.whole,
        documents=frozenset(each.file for each in report.statements if each.kind != "native"),
        settings=[settings_of(report), retire],
        retire=retire,
        decided=tuple(report.decided),
        unsettled=partial(unsettled, report),
    )


def source_of(paths: Iterable[str]) -> str:
    """The name of an import of *paths*."""
    return " + ".join(map(_source, paths))[:LONGEST_SOURCE]


def _source(argument: str) -> str:
    """The name of an argument as a source: whichever revision of a repository, or way to a folder, is named."""
    if not is_address(argument):
        return Path(argument).resolve().name
    address = without_credentials(argument.partition("#")[0]).partition("://")[2]
    return address.rstrip("/").removesuffix(".git")


def reading_of(report: Report, base: Base, source: str = "", *, alone: bool = False) -> Reading:
    """One reading of everything that was linted.

    Findings that are settled stand in no way. Names that nothing given has are
    left out: a plan looks in its base as well.

    :param alone: programs that are neither given nor in the base may be elsewhere: those of ids that
        are known, and all of them unless whole trees with any program are given.
    """
    reading = Reading(files=[statement.file for statement in report.statements])
    reading.findings = [
        said.finding for said in report.said if said.settled != "settled" and said.finding.rule != UNKNOWN_REFERENCE
    ]
    for native in report.natives:
        for place, draft in native.drafts.items():
            if not draft.body:
                continue  # what cannot be read is said already
            first = reading.drafts.setdefault(place, draft)
            if first is not draft:
                message = f"{draft.address} is already defined at {first.file}:{first.line}."
                fix, related = "Leave it out of one of the trees.", ((first.file, first.line),)
                found = Finding("native.duplicate_id", "error", draft.file, draft.line, message, fix, related)
                reading.findings.append(found)
    documents = [each for each in report.statements if each.kind != "native"]
    if documents:
        joined = join_documents(documents)
        named = [*named_in(reading), *base.named(without=source)]
        programs, names = _programs(named), _names(named)
        programs.read(joined)
        if alone:
            programs.known = {each.rpartition(":")[2] for each in report.own.known}
            programs.all_elsewhere = not report.whole or not programs.of_name
        faulty = {(said.finding.file, said.finding.line) for said in report.said if said.finding.severity == "error"}
        drafting = Drafting(
            joined, Titles(report.statements), programs, names,
            lambda slug, address: needed_by(base.current(slug), address) if slug else None, faulty,
            _quizzes(joined, reading, base, source),
        )  # fmt: skip
        drafting.run()
        reading.findings += [*drafting.findings, *drafting.elsewhere.findings]
        reading.findings += beside_native(reading.drafts, drafting.drafts)
        for place, draft in drafting.drafts.items():
            known = reading.drafts.get(place)
            reading.drafts[place] = combined([("", known), ("", draft)], known) if known is not None else draft
        thresholds_add(reading.drafts)
    reading.findings += renames_apply(reading, report.own.renames)
    said = {each.finding for each in report.said}
    reading.findings += (each for each in former_id_faults(reading) if each not in said)
    return reading


def _quizzes(joined: Joined, reading: Reading, base: Base, source: str) -> QuizzesElsewhere:
    """What else states quizzes, where documents speak of any."""
    kinds = {each.kind for each in joined.loose} | {part.kind for each in joined.things for part in each.children}
    known = [*quizzes_in(reading), *base.quizzes()] if "quiz" in kinds else []
    return QuizzesElsewhere(known, source)


def _programs(named: Iterable[Named]) -> Programs:
    programs = Programs()
    for each in named:
        if each.kind == "program":
            programs.learn(each.path, each.title, each.role)
        elif (home := each.home) is not None and home not in programs.homes:
            programs.homes.append(home)
    return programs


def _names(named: Iterable[Named]) -> Names:
    names = Names()
    for each in named:
        if each.program is None:
            names.learn(each.kind, each.path, each.title, *each.aliases)
            if each.open:
                names.unstated.add(each.path)
    return names


def settings_of(report: Report) -> Any:
    """Decisions and settings, as plain data for the plan's id."""
    own = report.own
    return {
        "decisions": sorted(each.plain for each in own.decisions),
        "known": sorted(own.known),
        "precedence": own.precedence,
        "renames": sorted([each.id, *each.former] for each in own.renames),
    }
