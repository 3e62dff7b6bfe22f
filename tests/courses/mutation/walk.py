"""Walking a document: one word or figure of every mapped line is changed, and the export must say so, there only.

Lines that arrive in different fields are changed together; where anything is wrong, one by one.

What is called by its title, label or id may have another address after a change of it. It is
then compared under its old one (``renaming``), and all else must be as it was. Forgiven is only
what is said: a line that is an error now, and a document that joins nothing any more, for its
id, role or number is another's: then everything is as without it, and a finding says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.planning.plan import Plan
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.text import source_text
from tests.courses.mutation.arrival import Arrivals
from tests.courses.mutation.pipeline import Exported, Pipeline, differences, exported
from tests.courses.mutation.renaming import as_before
from tests.courses.mutation.words import changed, figures
from tests.courses.sources.support import CORPUS

TOGETHER = 40
# Rules that say of lines that nothing keeps them.
NOT_KEPT = ("import.no_place", "import.unattached", "import.incomplete")


class Walk:
    """:ivar tried: how many lines were changed; ``plain`` counts those without a word that is data."""

    def __init__(self, pipeline: Pipeline, statement: Statement) -> None:
        self.pipeline, self.statement = pipeline, statement
        self.tried = self.plain = 0
        pipeline.first = pipeline.plan(statement).reading.drafts
        plan = pipeline.plan(statement)
        self.before = exported(plan)
        self.alone = exported(pipeline.plan(pipeline.read(())))
        self.arrivals = Arrivals(statement, pipeline.first)
        self.beside = {draft.address for native in pipeline.natives for draft in native.drafts.values()}
        self.told = _told(plan.findings, statement.file)

    def faults(self, seed: int = 1) -> Iterator[str]:
        """What is wrong, a sentence a line."""
        for lines in self._together(self._changes(seed)):
            found = list(self._faults(lines))
            if found and len(lines) > 1:
                found = [fault for line, text in lines.items() for fault in self._faults({line: text})]
            yield from found

    def _changes(self, seed: int) -> Iterator[tuple[int, str]]:
        source, account = self.statement.source, self.statement.account
        for line in source.filled():
            if not account.names(line):
                continue
            ids = self.arrivals.ids.get(line, ())
            text = changed(source.line(line), random.Random(seed * 100_000 + line), ids, source.text)
            if text is None:
                self.plain += 1
            else:
                self.tried += 1
                yield line, text

    def _together(self, changes: Iterable[tuple[int, str]]) -> Iterator[dict[int, str]]:
        """Groups of lines that arrive in different fields; a line that names ids is alone."""
        groups: list[tuple[dict[int, str], set[tuple[str, str]]]] = []
        for line, text in changes:
            fields = self.arrivals.fields.get(line, set())
            if self._names(line, text):
                yield {line: text}
                continue
            group = next((each for each in groups if len(each[0]) < TOGETHER and not each[1] & fields), None)
            if group is None:
                groups.append(({line: text}, set(fields)))
            else:
                group[0][line] = text
                group[1].update(fields)
        yield from (lines for lines, _ in groups)

    def _faults(self, lines: dict[int, str]) -> Iterator[str]:
        source = self.statement.source
        lines_now = tuple(lines.get(number, old) for number, old in enumerate(source.lines, 1))
        statement = self.pipeline.read(lines_now)
        if len(lines) == 1 and _refused(statement) - _refused(self.statement) & set(lines):
            return  # what is written there now is an error, and said to be one
        plan = self.pipeline.plan(statement)
        after = exported(plan)
        naming = any(self._names(line, text) for line, text in lines.items())
        renamed: set[str] = set()
        if naming:
            after, renamed = as_before(self.before, after, self.beside)
        found = differences(self.before, after)
        may = {field for line in lines for field in self.arrivals.follows.get(line, ())}
        if naming:
            # An edge of a tree of prerequisites stands under what its lines name.
            may |= {("requirement", "under"), ("requirement", "id")}
        must = {line: self.arrivals.fields.get(line, set()) for line in lines if line not in self.told}
        rest = {
            (address, field) for address, field in found - set().union(*must.values())
            if (address.partition(":")[0], field) not in may
            and not (address in renamed and field in ("title", "stated"))
        }  # fmt: skip
        if naming and rest and self._counts_for_nothing(plan, after, rest):
            return
        for line, fields in must.items():
            again = bool(found) and line in self.arrivals.again
            other = bool(renamed) and (not fields or bool(renamed & {address for address, _ in fields}))
            if not (found & fields or again or other):
                yield f"{source.file}:{line} {lines[line].strip()!r} changes nothing of {sorted(fields)}"
        where = ", ".join(f"{source.file}:{line} {lines[line].strip()!r}" for line in lines)
        for address, field in sorted(rest):
            yield f"{where} changes {field or 'the whole'} of {address}"

    def _counts_for_nothing(self, plan: Plan, after: Exported, found: set[tuple[str, str]]) -> bool:
        """Whether what changed is as if the document were not there, because it joins nothing and is said to."""
        said = [each for each in plan.findings if each.rule in NOT_KEPT and each.file == self.statement.file]
        changed = {address for address, _ in found}
        return bool(said) and all(
            self.alone.get(place) == after.get(place)
            for place in {*self.alone, *after, *self.before} if place[1] in changed
        )  # fmt: skip

    def _names(self, line: int, text: str) -> bool:
        """Whether the change is of what the line calls something by."""
        if line in self.arrivals.naming:
            return True
        old = self.statement.source.line(line)
        ids = self.arrivals.ids.get(line, ())
        return bool(ids) and figures(old, ids) != figures(text, ids)


def _told(findings: Iterable[Finding], file: str) -> set[int]:
    """The lines of a document of which a plan says that nothing keeps them."""
    said = [each for each in findings if each.rule in NOT_KEPT]
    places = {place for each in said for place in ((each.file, each.line), *each.related)}
    return {line for name, line in places if name == file}


def _refused(statement: Statement) -> set[int]:
    """The lines that are errors."""
    return {each.line for each in statement.findings if each.severity == "error"}


def walk(path: str, pipeline: Pipeline | None = None) -> Walk:
    """A walk over a document of the corpus."""
    pipeline = pipeline or Pipeline(path)
    source = source_text(path, (CORPUS / path).read_bytes())
    return Walk(pipeline, pipeline.read(source.lines))
