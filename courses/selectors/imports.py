"""Imports as pages and the API show them: jobs, what was found line by line, what would change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.access import imports_visible_to, programs_imported_by
from courses.curriculum.refused import may_stand
from courses.models import FindingDecision, ImportJob, Program, Release
from waymark.core.actors import Actor

SETTLED = "settled"
SECTIONS = ("error", "warning", "info", SETTLED)
"""In which findings are shown, in this order."""
CHANGES = ("conflicts", "changed", "renamed", "moved", "reordered", "retired", "restored", "added")
"""The lists of a plan, in the order in which somebody should look at them."""
KINDS: dict[str, str | Promise] = {
    "conflicts": _("In conflict"),
    "changed": _("Changed"),
    "renamed": _("Renamed"),
    "moved": _("Moved"),
    "reordered": _("Other order"),
    "retired": _("Retired"),
    "restored": _("Back again"),
    "added": _("Added"),
}
LONG_VALUE, LONGEST_VALUE = 200, 600
"""Characters from which on only what differs is shown of a value, and how many of that."""
UNHEARD_AFTER = timedelta(seconds=20)
"""A job that waits longer than this waits for a worker that is not there, or for a long line."""
_LARGE = ("report", "excerpts", "plan", "previews")

WORDS: dict[str, tuple[str, str | Promise]] = {
    "waiting": ("waiting", _("Waiting")),
    "working": ("running", _("Under way")),
    "ready": ("open", _("Planned")),
    "applied": ("done", _("Applied")),
    "failed": ("failed", _("Failed")),
}
"""State of a job -> mark and word."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding by its number in the report, with its lines and the decision on it that was made on the site."""

    number: int
    finding: dict[str, Any]
    excerpt: dict[str, Any]
    decision: FindingDecision | None = None

    @property
    def is_firm(self) -> bool:
        """Whether it stands in the way whatever somebody says of it."""
        return is_firm(self.finding)

    @property
    def may_be_settled(self) -> bool:
        """Whether somebody can decide on it."""
        return bool(self.excerpt.get("key")) and not self.is_firm


@dataclass(slots=True)
class FoundIn:
    """The findings of one file, of those that are shown."""

    file: str
    lines: int | None
    found: list[Found] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """The findings of one severity, or those that are settled, by file."""

    name: str
    files: list[FoundIn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of findings. ``counts`` are all: the open ones by severity, and the settled."""

    sections: list[Section]
    counts: dict[str, int]
    start: int
    end: int
    total: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One change. ``row`` is the plan's, ``values`` what is shown of it: before and after."""

    kind: str
    row: dict[str, Any]
    values: list[str]

    @property
    def word(self) -> str | Promise:
        return KINDS[self.kind]


def jobs_of(actor: Actor) -> QuerySet[ImportJob]:
    """The jobs that the actor may see, without what is large in them."""
    releases = Release.objects.select_related("program").order_by("program__slug")
    jobs = imports_visible_to(actor).select_related("person", "client__client").defer(*_LARGE)
    return jobs.prefetch_related(Prefetch("releases", releases))


def programs_released(actor: Actor) -> list[tuple[Program, Release | None, int]]:
    """The programs that the actor may import into, with their current release and how many there are; two queries."""
    programs = list(programs_imported_by(actor).annotate(made=Count("releases")).order_by("title", "pk"))
    current = {
        release.program_id: release
        for release in Release.objects.filter(program__in=programs, current=True).select_related("made_by")
    }
    return [(program, current.get(program.pk), program.made) for program in programs]  # type: ignore[attr-defined]


def state_of(job: ImportJob) -> tuple[str, str | Promise]:
    """Mark and word of a job's state."""
    return WORDS[job.state]


def is_unheard(job: ImportJob) -> bool:
    """Whether it has waited so long that a worker may be missing."""
    return job.state == ImportJob.State.WAITING and timezone.now() - job.queued_at > UNHEARD_AFTER


def decisions_on(job: ImportJob) -> dict[str, FindingDecision]:
    """What was decided on the site on findings of its source, by their keys; one query."""
    made = FindingDecision.objects.filter(source=job.source, program__in=job.programs)
    return {each.key: each for each in made.select_related("person", "client__client").order_by("decided_at", "pk")}


def findings_page(job: ImportJob, *, show: Collection[str], start: int, size: int) -> Findings:
    """The findings of the sections in *show*, *size* of them from *start* on: by section, then by file."""
    report: dict[str, Any] = job.report or {"sources": [], "findings": []}
    excerpts: Sequence[dict[str, Any]] = job.excerpts or []
    decided = decisions_on(job)
    every: dict[str, list[Found]] = {name: [] for name in SECTIONS}
    for number, (finding, excerpt) in enumerate(zip(report["findings"], excerpts, strict=True)):
        name = SETTLED if finding["settled"] == "settled" else finding["severity"]
        every[name].append(Found(number, finding, excerpt, decided.get(excerpt.get("key", ""))))
    chosen = [(name, each) for name in SECTIONS if name in show for each in every[name]]
    lines = {source["file"]: source["lines"] for source in report["sources"]}
    sections: list[Section] = []
    for name, each in chosen[start : start + size]:
        if not sections or sections[-1].name != name:
            sections.append(Section(name))
        files, file = sections[-1].files, each.finding["file"]
        if not files or files[-1].file != file:
            files.append(FoundIn(file, lines.get(file)))
        files[-1].found.append(each)
    end = min(start + size, len(chosen))
    return Findings(sections, {name: len(found) for name, found in every.items()}, start, end, len(chosen))


def is_firm(finding: dict[str, Any]) -> bool:
    """Whether a finding of a report is an error that no reason sets aside."""
    return finding["severity"] == "error" and not may_stand(finding["rule"])


def firm_count(job: ImportJob) -> int:
    """How many errors no reason sets aside."""
    return sum(is_firm(each) for each in (job.report or {}).get("findings", ()))


def line_counts(job: ImportJob) -> tuple[int, int]:
    """How many lines were read, and how many of them are accounted for nowhere."""
    sources = (job.report or {}).get("sources", [])
    return sum(each["lines"] for each in sources), sum(each["unaccounted"] for each in sources)


def name_of(job: ImportJob) -> str:
    """What was given, in words."""
    if job.given == ImportJob.Given.RELEASE:
        program, number = job.arguments
        return gettext("Back to release %(number)s of %(program)s") % {"number": number, "program": program}
    return job.name


def plan_rows(plan: Mapping[str, Any]) -> list[PlanRow]:
    """Everything that a plan would do, one row each."""
    return [PlanRow(name, row, _values(row)) for name in CHANGES for row in plan.get(name, [])]


def plan_counts(plan: Mapping[str, Any]) -> list[tuple[str | Promise, int]]:
    """How many changes of each kind a plan has, and how much stays."""
    counts = [(KINDS[name], len(plan.get(name, []))) for name in reversed(CHANGES) if plan.get(name)]
    return [*counts, (_("Unchanged"), plan.get("unchanged", 0))]


def _values(row: dict[str, Any]) -> list[str]:
    """What something is and would be, or for a conflict: was, is, and would be."""
    names = ("from", "to") if "from" in row else ("base", "ours", "theirs") if "ours" in row else ()
    texts = ["" if row[name] is None else "\n".join(_lines(row[name])) for name in names]
    if any(len(text) > LONG_VALUE for text in texts):
        texts = _apart(texts)
    return [text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …" for text in texts]


def _apart(texts: list[str]) -> list[str]:
    """Long texts from the line before their first difference to the line after their last one."""
    rows = [text.splitlines() for text in texts]
    shortest = min(map(len, rows))
    same = sum(1 for _ in takewhile(lambda each: len({*each}) == 1, zip(*rows, strict=False)))
    ends = zip(*(reversed(each) for each in rows), strict=False)
    end = min(sum(1 for _ in takewhile(lambda each: len({*each}) == 1, ends)), shortest - same)
    first, last = max(same - 1, 0), max(end - 1, 0)
    return [
        "\n".join([*(["…"] if first else []), *each[first : len(each) - last], *(["…"] if last else [])])
        if each else ""
        for each in rows
    ]  # fmt: skip


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    """A value for people, a line each: what is in it by name, without what is empty."""
    if isinstance(value, dict):
        for name, each in value.items():
            if each in (None, "", [], {}):
                continue
            if isinstance(each, dict | list):
                yield f"{indent}{name}:"
                yield from _lines(each, f"{indent}  ")
            else:
                yield f"{indent}{name}: {_word(each)}"
    elif isinstance(value, list):
        for each in value:
            first, *more = [*_lines(each, f"{indent}  "), ""] if isinstance(each, dict | list) else [_word(each)]
            yield f"{indent}- {first.strip()}".rstrip()
            yield from filter(None, more)
    else:
        yield f"{indent}{_word(value)}"


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
