"""Drafts as native files.

Shared things stand in ``catalog/``, a program in a folder of its own: with its role,
its policy and what stands directly under it, and a file for each module and
project. Files are numbered in the program's order, which is theirs in the tree.
Every entity says its id; fields that have their default are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reader import CATALOG
from courses.curriculum.native.reading import Reading

# Children that have files of their own, and the folder or file that they stand in.
OWN_FILES = {"module": "modules", "project": "projects", "policy": ""}
EMPTY: tuple[Any, ...] = (None, "", [], {})


def native_files(reading: Reading) -> dict[str, str]:
    """Place below the tree -> text, for everything that *reading* states."""
    shared = [draft for (program, _), draft in reading.drafts.items() if program is None]
    files = dict(_catalog(shared))
    roles = {draft.path: draft for draft in shared if draft.kind == "role"}
    for slug in sorted(reading.programs):
        program = reading.drafts[slug, f"program:{slug}"]
        if (role := roles.pop(program.body["role"], None)) is not None:
            files[f"{slug}/role.yaml"] = _yaml(_document(reading, role))
        files[f"{slug}/program.yaml"] = _yaml(_document(reading, program))
        for place, draft in _apart(reading, program):
            files[f"{slug}/{place}.yaml"] = _yaml(_document(reading, draft))
    for path, role in roles.items():
        files[f"roles/{path}.yaml"] = _yaml(_document(reading, role))
    return files


def _catalog(shared: Iterable[Draft]) -> Iterator[tuple[str, str]]:
    for key, kind in CATALOG.items():
        entries = [entry(draft) for draft in sorted(shared, key=lambda each: each.path) if draft.kind == kind]
        if entries:
            yield f"catalog/{key.replace('_', '-')}.yaml", _yaml({"kind": "catalog", key: entries})


def _apart(reading: Reading, program: Draft) -> Iterator[tuple[str, Draft]]:
    """What stands under a program in a file of its own, in the program's order."""
    for key, kind in registry.children_of("program").items():
        if kind in OWN_FILES:
            for number, path in enumerate(program.children.get(key, []), start=1):
                folder = OWN_FILES[kind]
                name = f"{folder}/{number:03}-{path.lower()}" if folder else kind
                yield name, reading.drafts[program.path, f"{kind}:{path}"]


def _document(reading: Reading, draft: Draft) -> dict[str, Any]:
    return {"kind": draft.kind, **_whole(reading, draft)}


def _whole(reading: Reading, draft: Draft) -> dict[str, Any]:
    """An entity with what stands under it, but for what has a file of its own."""
    made = entry(draft)
    for key, kind in registry.children_of(draft.kind).items():
        if kind in OWN_FILES and draft.kind == "program":
            continue
        below = [
            _whole(reading, reading.drafts[draft.program, f"{kind}:{path}"]) for path in draft.children.get(key, [])
        ]
        if below:
            made[key] = below[0] if registry.get(kind).only else below
    return made


def entry(draft: Draft) -> dict[str, Any]:
    own = draft.path.rpartition("/")[2]
    named = {} if registry.get(draft.kind).only and own == draft.kind else {"id": own}
    origins = [{"source": each.source, "file": each.file, "hash": each.hash} for each in draft.origins]
    return {**named, **({"from": origins} if origins else {}), **_stated(draft)}


def _stated(draft: Draft) -> dict[str, Any]:
    """The body without its defaults and what is empty, as far as reading it gives the same body."""
    made = dict(draft.body)
    for name, value in draft.body.items():
        for tried in ({key: each for key, each in made.items() if key != name}, {**made, name: _pruned(value)}):
            if _reads_as(draft, tried):
                made = tried
                break
    return made


def _reads_as(draft: Draft, body: dict[str, Any]) -> bool:
    try:
        return registry.get(draft.kind).body.model_validate(body).model_dump(mode="json") == draft.body
    except ValidationError:
        return False


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _pruned(each) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each not in EMPTY}
    return [_pruned(each) for each in value] if isinstance(value, list) else value


def _yaml(data: dict[str, Any]) -> str:
    writer = YAML()
    writer.width = 1_000_000
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    writer.dump(_readable(data), out)
    return out.getvalue()


def _readable(value: Any) -> Any:
    """Long texts stand as blocks, where a block says exactly the same."""
    if isinstance(value, dict):
        return {key: _readable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_readable(each) for each in value]
    if not isinstance(value, str):
        return value
    if "\n" in value and _as_block(value):
        return LiteralScalarString(value)
    # Other line breaks, and what cannot be seen, are written as escapes.
    return value if value.isprintable() else DoubleQuotedScalarString(value)


def _as_block(text: str) -> bool:
    lines = text.split("\n")
    exact = all(line.isprintable() and line == line.rstrip() for line in lines)
    return exact and bool(lines[0]) and not lines[0].startswith(" ")
