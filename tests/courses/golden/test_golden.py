"""What the export of each seed holds, by files written from the documents by hand.

A file names its documents and, by kind and id, a part of what the native file of an
entity says: every value in it stands there, lists from their beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from courses.curriculum.export.files import native_files
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.planning.plan import Incoming, plan_make
from courses.curriculum.report.run import lint

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
LEAST = 40


def load(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_export_of_a_seed_holds_what_the_document_says(file: Path, waymark_corpus: Path) -> None:
    golden = load(file.read_text(encoding="utf-8"))
    documents = [str(waymark_corpus / name) for name in golden.pop("documents")]
    plan = plan_make(Incoming(reading_of(lint(documents), TreeBase())), TreeBase())
    exported = {f"{each['kind']} {each.get('id', each['kind'])}": each
                for each in map(load, native_files(plan.reading).values())}  # fmt: skip
    faults = [fault for name, wanted in golden.items() for fault in missing(name, wanted, exported.get(name))]
    assert faults == []
    assert sum(1 for wanted in golden.values() for _ in leaves(wanted)) >= LEAST


def missing(place: str, wanted: Any, found: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            yield from missing(f"{place}.{key}", value, found.get(key))
    elif isinstance(wanted, list) and isinstance(found, list):
        for index, value in enumerate(wanted):
            yield from missing(f"{place}.{index}", value, found[index] if index < len(found) else None)
    elif wanted != found:
        yield f"{place} is {found!r}, and not {wanted!r}"


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


def test_every_seed_has_a_file(waymark_corpus: Path) -> None:
    assert {file.stem for file in FILES} == {seed.stem for seed in (waymark_corpus / "seeds").iterdir()}
