"""Canonical JSON and hashes: what makes two revisions, and two releases, the same."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from courses.curriculum.kinds import Draft, registry


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks; equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def revision_body(draft: Draft) -> dict[str, Any]:
    """What a revision keeps of a draft: its body, and its children's ids in the author's order."""
    children = {key: [path.rpartition("/")[2] for path in paths] for key, paths in draft.children.items() if paths}
    return {**draft.body, "children": children} if children else dict(draft.body)


def revision_hash(draft: Draft) -> str:
    """SHA-256 over kind, schema and body, in hexadecimal."""
    kind = registry.get(draft.kind)
    text = canonical([draft.kind, kind.schema, revision_body(draft)])
    return hashlib.sha256(text.encode()).hexdigest()


def release_digest(items: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over all (address, revision hash) of a release, whatever their order."""
    return hashlib.sha256(canonical(sorted(items)).encode()).hexdigest()


def statement_hash(body: Mapping[str, Any], given: Iterable[str]) -> str:
    """Sixteen hexadecimal digits over the fields that a source states of an entity."""
    text = canonical({name: body.get(name) for name in given})
    return hashlib.sha256(text.encode()).hexdigest()[:16]
