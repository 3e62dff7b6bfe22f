"""Native files as statements: what each file says of which entity, with every line accounted for.

The drafts of the native reader are what is imported; these claims let the same
checks look at native files and at documents of other kinds together.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.reader import SourceDocument, account_yaml
from courses.curriculum.sources.yaml import leaves, line_of

_FOREIGN = ("apiVersion", "apiversion")


def is_native(document: SourceDocument) -> bool:
    """Whether a document says its ``kind`` as the native format does, or was meant to.

    A kind that is misspelt is ours to report; the kinds of other tools (manifests
    of a cluster) are not.
    """
    return any(_says_kind(data) for data in document.yaml.documents if isinstance(data, CommentedMap))


def _says_kind(data: CommentedMap) -> bool:
    kind = data.get("kind")
    if not isinstance(kind, str) or any(key in data for key in _FOREIGN):
        return False
    known = ["catalog", *(each.name for each in registry.all())]
    return kind in known or bool(get_close_matches(kind.casefold(), known, n=1, cutoff=0.75))


def statements_of(reading: Reading, files: Iterable[tuple[PurePath, SourceDocument]]) -> list[Statement]:
    """One statement a file, in the order of *files*; findings of the reading go to the file that they are of."""
    made = {document.source.file: Statement(document.source, "native") for _, document in files}
    documents = {document.source.file: document for _, document in files}
    claims: dict[tuple[str | None, str], Claim] = {}
    for place, draft in sorted(reading.drafts.items(), key=lambda item: item[1].path.count("/")):
        parent = claims.get((draft.program, draft.parent)) if draft.parent else None
        claims[place] = _claim(made[draft.file], documents[draft.file], draft, parent)
    for finding in reading.findings:
        made[finding.file].findings.append(finding)
        made[finding.file].account.give("reported", [finding.line], finding.rule)
    for file, statement in made.items():
        statement.in_order()
        _account(statement, documents[file])
    return list(made.values())


def _claim(statement: Statement, document: SourceDocument, draft: Draft, parent: Claim | None) -> Claim:
    prefix = f"{parent.path}/" if parent is not None and parent.kind != "program" else ""
    title = draft.body.get("title") or draft.path
    claim = statement.claim(draft.kind, str(title), draft.line, key=draft.path.removeprefix(prefix), parent=parent)
    if not draft.body:
        return claim
    spans = _spans(document)
    children = registry.children_of(draft.kind)
    inner = {place.rpartition(".")[0] for place in draft.lines}
    below = document.front_lines + 1
    for place, line in draft.lines.items():
        if place in inner or place in children:
            continue
        if place == "body" and document.form == "markdown" and line == below:
            claim.set(place, draft.body["body"], *range(below, len(statement.source.lines) + 1), prose=True)
            continue
        lines = range(line, spans.get(line, line) + 1)
        if (value := _at(draft.body, place)) is not None:
            claim.set(place, value, *lines)
        else:
            # What says where it stands (kind, id, was, under), and what is written out as nothing.
            statement.account.give("mapped", lines, f"{claim.address}.{place}")
    return claim


def _at(body: dict[str, Any], place: str) -> Any:
    value: Any = body
    for part in place.split("."):
        if isinstance(value, list):
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _spans(document: SourceDocument) -> dict[int, int]:
    """First line -> last line of the values of a file."""
    found: dict[int, int] = {}
    for data in document.yaml.documents:
        for _, _, lines in leaves(data):
            if lines:
                found[lines[0]] = max(found.get(lines[0], 0), lines[-1])
    return found


def _account(statement: Statement, document: SourceDocument) -> None:
    """Account for what no field holds: structure, and what could not be read because of a finding."""
    account = statement.account
    for data in document.yaml.documents:
        if isinstance(data, CommentedMap) and data.get("kind") == "catalog":
            line = line_of(data, "kind")
            account.structure(line, next((each for each in statement.source.filled() if each > line), line))
    account_yaml(document, statement)
    left = account.unaccounted()
    if left and statement.findings:
        account.give("reported", left, statement.findings[0].rule)
