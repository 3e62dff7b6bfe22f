"""The authoring guide is true: its examples parse, and its tables name every kind and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from assessments.questions.registry import question_types
from courses.curriculum.bodies.base import Body, Range
from courses.curriculum.bodies.module import ActivityBody
from courses.curriculum.kinds import EntityKind, registry
from courses.curriculum.native.reader import CATALOG, OWN_KEYS, read_tree
from courses.curriculum.registration import COMMON, GATES, LEARNING

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", GUIDE, re.DOTALL | re.MULTILINE))
KINDS = list(registry.all())


def first_column(section: str) -> dict[str, bool]:
    """Field -> whether it is marked as needed, from the table of a section."""
    found: dict[str, bool] = {}
    for cell in re.findall(r"^\| (`[^|]*?) \|", section.partition("| type | needs |")[0], re.MULTILINE):
        found |= {name: bool(star) for name, star in re.findall(r"`(\w+)`(\*?)", cell)}
    return found


def bodies_within(annotation: Any) -> Iterator[type[Body]]:
    """The models that a field is made of, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, Body):
        if annotation is not Range:
            yield annotation
            for field in annotation.model_fields.values():
                yield from bodies_within(field.annotation)
        return
    for part in get_args(annotation):
        yield from bodies_within(part)


def own_lists(kind: EntityKind) -> set[str]:
    """Children of a kind, without the lists that the guide describes once for all."""
    return set(registry.children_of(kind.name)) - set(COMMON) - set(LEARNING) - set(GATES)


def test_the_examples_parse(tmp_path: Path) -> None:
    examples = EXAMPLE.findall(GUIDE)
    assert len(examples) == 4
    for name, text in examples:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reading = read_tree(tmp_path)
    assert [str(finding) for finding in reading.findings] == []
    addresses = {address for _, address in reading.drafts}
    assert {
        "role:demo-engineer", "program:demo-engineer", "module:MOD-901", "quiz:MOD-901/quiz", "policy:policy",
        "question:MOD-901/quiz/port-number", "reading:MOD-901/01-ports", "criterion:PROJ-91/rubric/works",
        "objective:MOD-901/explain-what-a-port-is",
    } <= addresses  # fmt: skip
    module = reading.drafts["demo-engineer", "module:MOD-901"]
    assert module.was == ("MOD-900",)
    assert module.children["readings"] == ["MOD-901/01-ports"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_described_with_its_fields(kind: EntityKind) -> None:
    fields = {name: field.is_required() for name, field in kind.body.model_fields.items()}
    for common in ("stated", "versions"):
        assert fields.pop(common) is False, "the guide describes it once for all"
    described = first_column(SECTIONS[kind.name])
    if issubclass(kind.body, ActivityBody):
        described = first_column(SECTIONS["activity"]) | described
    assert described == fields | dict.fromkeys(own_lists(kind), False)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_parts_of_fields_are_named(kind: EntityKind) -> None:
    text = SECTIONS[kind.name] + SECTIONS["module"]  # completion and stated are described there
    if issubclass(kind.body, ActivityBody):
        text += SECTIONS["activity"]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]*`", text))))
    for name, field in kind.body.model_fields.items():
        for body in bodies_within(field.annotation):
            missing = set(body.model_fields) - words
            assert not missing, f"{kind.name}.{name} does not say {missing}"


def test_the_lists_in_common_are_named() -> None:
    for name in {**COMMON, **LEARNING, **GATES, **CATALOG}:
        assert f"`{name}`" in GUIDE
    for name in OWN_KEYS:
        assert f"`{name}:`" in GUIDE


def test_every_question_type_is_described_with_its_schemes() -> None:
    rows = {
        name: tuple(re.findall(r"`(\w+)`", schemes))
        for name, schemes in re.findall(r"^\| `(\w+)` \| [^|]* \|([^|]*)\|$", SECTIONS["question"], re.MULTILINE)
        if name in question_types()
    }
    assert rows == {name: tuple(kind.schemes) for name, kind in question_types().items()}
