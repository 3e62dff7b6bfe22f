"""What makes two revisions the same: content, never the order of keys. Trees of any shape are released once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.curriculum.canonical import canonical, release_digest, revision_hash
from courses.curriculum.kinds import Draft
from tests.courses.projecting import release_tree, write_tree

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)
BODIES = st.dictionaries(st.text(min_size=1, max_size=6), VALUES, max_size=5)


def turned(value: Any) -> Any:
    """The same value with the keys of every mapping the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(entry) for entry in value] if isinstance(value, list) else value


def draft(body: dict[str, Any], **more: Any) -> Draft:
    return Draft(kind="topic", path="M/t", body=body, file="f", line=1, **more)


@given(BODIES)
def test_the_hash_does_not_depend_on_the_order_of_keys(body: dict[str, Any]) -> None:
    assert canonical(body) == canonical(turned(body))
    assert revision_hash(draft(body)) == revision_hash(draft(turned(body)))


@given(BODIES, BODIES)
def test_different_bodies_have_different_hashes(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert (revision_hash(draft(one)) == revision_hash(draft(two))) == (canonical(one) == canonical(two))


def test_where_it_was_stated_is_no_part_of_it() -> None:
    here = draft({"title": "T"}, children={})
    there = Draft(kind="topic", path="N/t", body={"title": "T"}, file="g", line=9, was=("old",), lines={"title": 3})
    assert revision_hash(here) == revision_hash(there)


def test_the_order_of_children_is_part_of_it() -> None:
    one = draft({}, children={"checks": ["M/t/a", "M/t/b"]})
    two = draft({}, children={"checks": ["M/t/b", "M/t/a"]})
    assert revision_hash(one) != revision_hash(two)
    assert revision_hash(draft({}, children={"checks": []})) == revision_hash(draft({}))


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=6), st.randoms())
def test_a_release_does_not_depend_on_the_order_of_its_items(items: list[tuple[str, str]], random: Any) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert release_digest(items) == release_digest(shuffled)


WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20).filter(str.strip)
TOPICS = st.lists(st.tuples(WORDS, st.none() | st.integers(0, 99)), max_size=3)
MODULES = st.lists(st.tuples(WORDS, WORDS, TOPICS, st.lists(WORDS, max_size=2)), min_size=1, max_size=3)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MODULES)
def test_an_unchanged_tree_plans_nothing(db: None, modules: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_tree(Path(folder), {"p/program.yaml": "{kind: program, id: p, title: P, role: r, summary: S.}"})
        for number, (title, summary, topics, objectives) in enumerate(modules):
            document = {
                "kind": "module", "id": f"M-{number}", "title": title.strip(), "summary": summary,
                "topics": [{"id": f"t{n}", "title": text, "hours": hours} for n, (text, hours) in enumerate(topics)],
                "objectives": [{"id": f"o{n}", "text": text} for n, text in enumerate(objectives)],
            }  # fmt: skip
            (root / f"p/m{number}.yaml").write_text(canonical(document), encoding="utf-8")
        release_tree(root)
        again = release_tree(root)
        assert again.releases == []
        assert all(comparison.is_empty and not comparison.changed for comparison in again.comparisons)
