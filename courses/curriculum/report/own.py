"""What a team keeps beside its sources in ``.waymark``: settings of the import, and decisions on findings.

Both are YAML. Lines of a good entry are mapped, so that these files are accounted
for like all others; an entry that cannot be used is a warning and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.lint.register import Rule, checks
from courses.curriculum.merge.precedence import RANKED
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.reader import SourceDocument, account_yaml
from courses.curriculum.sources.yaml import leaves, lines_of

BAD_SETTING = Rule("source.bad_setting", "warning", "Every entry of .waymark/ can be used")
checks.declare(BAD_SETTING)
_DECISION = ("rule", "entity", "reason", "hash")


@dataclass(frozen=True, slots=True)
class Decision:
    """A finding that somebody settled: it holds as long as the text of the finding's lines is the same.

    :ivar above: kept above what is linted, so that it may be about the rest.
    :ivar binding: made by an admin on the site, and not written beside the sources.
    :ivar gate: the gate that it makes of a promise: what it blocks, and what opens it (empty: staff).
    """

    rule: str
    entity: str
    reason: str
    hash: str
    file: str = ""
    line: int = 0
    above: bool = False
    binding: bool = False
    gate: tuple[str, str] | None = None

    @property
    def plain(self) -> list[str]:
        """For the id of a plan."""
        return [self.rule, self.entity, self.hash, self.reason, *(self.gate or ())]


@dataclass(frozen=True, slots=True)
class Rename:
    """A thing that had other ids before, as ``was:`` says it.

    :ivar id: a path, after its kind or its program and a colon if it needs one.
    :ivar above: kept above what is linted, so that it may be about the rest.
    """

    id: str
    former: tuple[str, ...]
    file: str
    line: int
    above: bool = False


@dataclass(slots=True)
class Own:
    """:ivar known: ids that exist elsewhere.

    :ivar precedence: kinds of documents that rank above the others, the first above all but native.
    """

    decisions: list[Decision] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    precedence: list[str] = field(default_factory=list)
    renames: list[Rename] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


def own_read(own: Own, document: SourceDocument, *, above: bool = False) -> None:
    """Take over one file of ``.waymark``; what it is, its name says.

    :param above: it lies above what is linted.
    """
    statement = Statement(document.source, "native")
    own.statements.append(statement)
    statement.findings += document.faults
    if not document.faults:
        readers = {"decisions": _decisions, "import": _settings, "renames": _renames}
        reader = readers.get(PurePosixPath(document.source.file).stem)
        if reader is None:
            _bad(statement, statement.source.filled(), "This is no file of .waymark.", f"Known: {', '.join(readers)}.")
        else:
            reader(own, document, statement)
    if above:
        own.decisions = [replace(each, above=True) if each.file == statement.file else each for each in own.decisions]
        own.renames = [replace(each, above=True) if each.file == statement.file else each for each in own.renames]
    account_yaml(document, statement)
    if statement.findings:
        statement.account.give("reported", statement.account.unaccounted(), statement.findings[0].rule)


def _bad(statement: Statement, lines: Any, message: str, fix: str) -> None:
    if place := list(lines):
        statement.report(BAD_SETTING.id, "warning", place[0], message, fix, lines=place)


def _entries(statement: Statement, data: Any, known: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The known keys of a file; others are said to be none."""
    for key, value in data.items():
        if key in known:
            yield key, value
        else:
            _bad(statement, lines_of(data, key), f"{key!r} is no entry of this file.", f"Known: {', '.join(known)}.")


def _decisions(own: Own, document: SourceDocument, statement: Statement) -> None:
    for _, entries in _entries(statement, document.data, ("decisions",)):
        if not isinstance(entries, CommentedSeq):
            _bad(statement, lines_of(document.data, "decisions"), "decisions is a list.", "Start each with a dash.")
            continue
        for place, entry in enumerate(entries):
            lines = lines_of(entries, place)
            given = {key: str(value).strip() for key, value in entry.items()} if isinstance(entry, CommentedMap) else {}
            if set(given) != set(_DECISION) or not all(given.values()):
                message = f"A decision has {', '.join(_DECISION)}, and nothing else."
                _bad(statement, lines, message, "Complete it, or remove it.")
                continue
            rule, entity, reason, hash_ = (given[key] for key in _DECISION)
            own.decisions.append(Decision(rule, entity, reason, hash_, statement.file, lines[0]))
            for key in given:
                statement.account.give("mapped", lines_of(entry, key), f"decision:{given['hash']}.{key}")


def _settings(own: Own, document: SourceDocument, statement: Statement) -> None:
    for key, value in _entries(statement, document.data, ("known", "precedence")):
        if not isinstance(value, CommentedSeq) or not all(isinstance(each, str) for each in value):
            what = "ids" if key == "known" else "kinds of documents"
            _bad(statement, lines_of(document.data, key), f"{key} is a list of {what}.", "Write one a line.")
            continue
        for place, each in enumerate(map(str, value)):
            lines = lines_of(value, place)
            if key == "known":
                own.known.add(each)
            elif each in RANKED and each not in own.precedence:
                own.precedence.append(each)
            else:
                fix = "Native files always win; of what is not named the usual order holds."
                _bad(statement, lines, f"{each!r} is none of {', '.join(RANKED)}, or stands there twice.", fix)
                continue
            statement.account.give("mapped", lines, f"import.{key}.{place}")


def _renames(own: Own, document: SourceDocument, statement: Statement) -> None:
    for key, value in document.data.items():
        former = [value] if isinstance(value, str) else value
        if not isinstance(former, list) or not all(isinstance(each, str) for each in former):
            _bad(statement, lines_of(document.data, key), f"{key} names its former ids.", "Write `new id: [old id]`.")
            continue
        line = lines_of(document.data, key)[0]
        own.renames.append(Rename(str(key), tuple(str(each) for each in former), statement.file, line))
    for place, _, lines in leaves(document.data):
        statement.account.give("mapped", lines, f"renames.{place}")
