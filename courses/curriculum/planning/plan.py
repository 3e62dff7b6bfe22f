"""What an import would change, and for whom: the plan that is shown is the one that is applied."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from courses.curriculum.canonical import canonical
from courses.curriculum.compare import Change, Comparison, compare, former_addresses
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.checks import checked
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.alike import alike_findings, duplicate_ids
from courses.curriculum.planning.base import Base, needed_by
from courses.curriculum.planning.conflicts import Conflict, keep_current, settle
from courses.curriculum.planning.cycles import cycles_in
from courses.curriculum.planning.edges import edges_follow
from courses.curriculum.planning.identity import keep_ids
from courses.curriculum.planning.impact import Impacts
from courses.curriculum.planning.sources import Place, Together, together
from courses.curriculum.references import unknown_references
from courses.curriculum.registration import ACTIVITIES
from courses.curriculum.report.own import Decision
from courses.curriculum.sources.asked import group_called

RETIRES_MUCH, OTHER_TREE = "import.retires_much", "import.other_tree"
UNKNOWN_ID = "references.unknown_id"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is to be imported.

    :ivar source: its name; what it gave at its last import and gives no longer is retired.
    :ivar whole: it is a tree; a single file retires nothing.
    :ivar documents: the files that are not native.
    :ivar settings: decisions and settings beside the sources, as plain data; a part of the plan's id.
    :ivar retire: somebody means that much of a program goes.
    :ivar decided: what admins decided on findings of this source; a part of the plan's id.
    :ivar unsettled: of findings those that no decision settles.
    """

    reading: Reading
    source: str = ""
    whole: bool = True
    documents: frozenset[str] = frozenset()
    settings: Any = None
    retire: bool = False
    decided: tuple[Decision, ...] = ()
    unsettled: Callable[[list[Finding]], list[Finding]] = list


@dataclass(slots=True)
class Plan:
    """:ivar together: what comes in, beside what the other sources stated last.

    :ivar base: what it is compared with, in words.
    :ivar settings: decisions and settings beside the sources; a part of the plan's id.
    :ivar decided: what admins decided on its findings; a part of the plan's id.
    :ivar impacts: None where nobody can be counted.
    :ivar conflicts: fields that changed on both sides; they stay as they are.
    """

    together: Together
    base: str
    comparisons: list[Comparison]
    findings: list[Finding] = field(default_factory=list)
    settings: Any = None
    decided: tuple[Decision, ...] = ()
    impacts: Impacts | None = None
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Hash of what is incoming, of the base with its releases, and of decisions and settings."""
        return plan_id(self.core, self.decided)

    @property
    def core(self) -> str:
        """The same without what admins decided."""
        parts = [
            [
                each.program,
                each.digest,
                each.current.number,
                each.current.digest,
                sorted(each.renamed),
                sorted(each.succeeded),
                each.fresh,
            ]
            for each in self.comparisons
        ]
        conflicts = list(self._conflicts())
        return hashlib.sha256(canonical([parts, self.base, self.settings, conflicts]).encode()).hexdigest()[:32]

    @property
    def reading(self) -> Reading:
        """What will be current, of all sources together."""
        return self.together.reading

    @property
    def is_empty(self) -> bool:
        return all(comparison.is_empty for comparison in self.comparisons)

    def as_dict(self) -> dict[str, Any]:
        """The promised object (docs/import.md)."""
        return {
            "id": self.id,
            "base": self.base,
            "added": list(_once(self._added())),
            "changed": list(_once(self._changes("changed"))),
            "renamed": list(_once(self._former(renamed=True))),
            "moved": list(_once(self._former(renamed=False))),
            "reordered": list(_once(self._changes("reordered"))),
            "retired": list(_once(self._retired())),
            "restored": list(_once(self._restored())),
            "conflicts": list(self._conflicts()),
            "unchanged": self._unchanged(),
            "impact": self.impacts.total.as_dict() if self.impacts else None,
        }

    def draft(self, program: str, address: str) -> Draft:
        return self.reading.drafts[self.reading.place(program, address)]

    def _added(self) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for draft in comparison.added:
                yield _place(draft)

    def _restored(self) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for address in comparison.restored:
                yield _place(self.draft(comparison.program, address))

    def _changes(self, what: str) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            changes: list[Change] = getattr(comparison, what)
            for change in changes:
                yield {
                    "entity": change.entity,
                    "field": change.field,
                    "from": shown(change.before),
                    "to": shown(change.after),
                    "impact": self._impact(comparison.program, change.entity),
                }

    def _former(self, *, renamed: bool) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for pair in comparison.renamed:
                if (pair in comparison.moved) is not renamed:
                    yield {"entity": pair[1], "was": pair[0]}
            for old, new in comparison.succeeded if renamed else ():
                yield {"entity": new, "was": old}

    def _retired(self) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for address in comparison.retired:
                title = title_of(comparison.current.items[address].body)
                yield {"entity": address, "title": title, "impact": self._impact(comparison.program, address)}

    def _conflicts(self) -> Iterator[dict[str, Any]]:
        for conflict in self.conflicts:
            for place, base, ours, theirs in conflict.rows():
                values = {"base": shown(base), "ours": shown(ours), "theirs": shown(theirs)}
                yield {"entity": conflict.draft.address, "field": place, **values}

    def _unchanged(self) -> int:
        """Entities; what several programs share counts once."""
        return len(
            {
                (None if comparison.current.items[address].shared else comparison.program, address)
                for comparison in self.comparisons
                for address in comparison.unchanged_entities
            }
        )

    def _impact(self, program: str, address: str) -> dict[str, Any] | None:
        return self.impacts.of(program, address).as_dict() if self.impacts else None


def plan_make(incoming: Incoming, base: Base) -> Plan:
    """Plan what would change in *base* if *incoming* were applied."""
    slugs = sorted({program for program, _ in incoming.reading.drafts if program is not None})
    last = base.last(slugs)
    before = last.get(incoming.source, {})
    all_sources = together(
        edges_follow(keep_ids(incoming.reading, before), before), incoming.source, last, whole=incoming.whole,
        edges=lambda slug, address: needed_by(base.current(slug), address) if slug else None,
    )  # fmt: skip
    reading = all_sources.reading
    findings = [*reading.findings]
    # Of documents the rules of documents speak.
    documents = incoming.documents
    findings += [each for each in unknown_references(reading, base.known(reading)) if each.file not in documents]
    # Of native files alone lint has said it already.
    findings += [each for each in checked(reading) if documents and each.file not in documents]
    unread = not reading.files and any(each.severity == "error" for each in reading.findings)
    if not reading.programs and not unread:  # why nothing was read is said already
        file = reading.files[0] if reading.files else ""
        message, fix = "No program is stated here.", "Name a folder with a program."
        findings.append(Finding("native.empty", "error", file, 1, message, fix))
    current = {slug: base.current(slug) for slug in reading.programs}
    fresh = _fresh(all_sources)
    comparisons = [compare(slug, reading.of_program(slug), current[slug], fresh) for slug in reading.programs]
    settled = settle(all_sources, comparisons, base)
    findings += settled.differing
    if settled.kept:
        all_sources = keep_current(all_sources, settled)
        reading = all_sources.reading
        comparisons = [compare(slug, reading.of_program(slug), current[slug], fresh) for slug in reading.programs]
        findings += [each.finding() for each in settled.conflicts]
    if documents:
        findings += _named_in_vain(reading, comparisons, base, documents)
    findings += (each for comparison in comparisons for each in alike_findings(comparison, base))
    findings += duplicate_ids(all_sources)
    findings += cycles_in(reading)
    if not incoming.retire:
        other = _other_tree(incoming, all_sources)
        much = (_retires_much(comparison, reading) for comparison in comparisons)
        findings += [other] if other is not None else [found for found in much if found is not None]
    return Plan(
        all_sources, base.shown(current), comparisons, findings, incoming.settings, incoming.decided,
        conflicts=settled.conflicts,
    )  # fmt: skip


def plan_id(core: str, decided: Iterable[Decision]) -> str:
    """The id of the plan with *core* under what admins decided by now."""
    rows = sorted(decision.plain for decision in decided)
    return hashlib.sha256(canonical([core, rows]).encode()).hexdigest()[:32]


def _fresh(together: Together) -> set[Place]:
    """What says `was: none` and did not say so at the last import of its source."""
    said = {place for place, draft in together.before.items() if draft.fresh}
    return {place for place, draft in together.stated.items() if draft.fresh and place not in said}


def _other_tree(incoming: Incoming, together: Together) -> Finding | None:
    """Another tree under the name of a source would retire all that this one gave, however little that is."""
    kinds = ("module", *ACTIVITIES)
    gave = [draft for draft in together.before.values() if draft.kind in kinds]
    here = {name for draft in together.stated.values() for name in (draft.address, *former_addresses(draft))}
    if not incoming.whole or not gave or any(draft.address in here for draft in gave):
        return None
    first = next(iter(together.stated.values()), None)
    file, line = (first.file, first.line) if first is not None else ("", 1)
    names = ", ".join(draft.path for draft in gave[:3])
    return Finding(
        OTHER_TREE, "error", file, line,
        f"Nothing here has an id of what the source {incoming.source!r} gave at its last import ({names}"
        f"{' and more' if len(gave) > 3 else ''}), so all of that would be retired.",
        "If this is another source, give it a name of its own (--source); if it takes that one's place, say --retire.",
    )  # fmt: skip


def _named_in_vain(
    reading: Reading, comparisons: list[Comparison], base: Base, documents: frozenset[str]
) -> Iterator[Finding]:
    """What documents name that goes with this very plan; what was not there before is the business of lint."""
    gone = {(each.program, address) for each in comparisons for address in each.retired}
    if not gone:
        return
    known = base.known(reading)
    before = unknown_references(reading, replace(known, addresses=known.addresses | gone))
    told = {(each.file, each.line, each.message) for each in before}
    for each in unknown_references(reading, known):
        if each.file in documents and (each.file, each.line, each.message) not in told:
            yield replace(each, rule=UNKNOWN_ID, fix="Correct it, or keep what it names: this import retires that.")


def _retires_much(comparison: Comparison, reading: Reading) -> Finding | None:
    """A tenth of a program, or all of a kind, does not go by an oversight."""
    had = Counter(address.partition(":")[0] for address, item in comparison.current.items.items() if not item.shared)
    replaced = {old.partition(":")[2] for old, _ in comparison.succeeded}
    paths = [(address.partition(":")[0], address.partition(":")[2]) for address in comparison.retired]
    goes = Counter(kind for kind, path in paths if path not in replaced and path.rpartition("/")[0] not in replaced)
    has = {draft.kind for draft in reading.of_program(comparison.program)}
    gone = sorted(kind for kind in goes if kind not in has)
    if not gone and goes.total() * 10 <= had.total():
        return None
    what = f"every {' and '.join(gone)}" if gone else f"{goes.total()} of {had.total()} entities"
    program = reading.drafts[comparison.program, f"program:{comparison.program}"]
    return Finding(
        RETIRES_MUCH, "error", program.file, program.line,
        f"This import retires {what} of {comparison.program}, which its source gave before and does not give any more.",
        "Complete the source, or say --retire if that is meant.",
    )  # fmt: skip


def title_of(body: dict[str, Any]) -> str:
    """What to call an entity by its body."""
    for name in ("title", "text", "stem", "competency", "what", "covers", "to", "skill"):
        if isinstance(value := body.get(name), str) and value:
            return value.partition("\n")[0][:200]
    return group_called(map(str, body.get("any_of") or ()), body.get("at_least") or 1)[:200]


def shown(value: Any) -> Any:
    """As the export has it: numbers as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return [shown(each) for each in value]
    return {key: shown(each) for key, each in value.items()} if isinstance(value, dict) else value


def _place(draft: Draft) -> dict[str, Any]:
    return {"entity": draft.address, "title": title_of(draft.body), "file": draft.file, "line": draft.line}


def _once(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What several programs share is said once."""
    seen: set[str] = set()
    for row in rows:
        if (key := canonical(row)) not in seen:
            seen.add(key)
            yield row
