"""What belongs together: by id and title, never by number alone."""

from __future__ import annotations

import pytest

from courses.curriculum.merge.join import join
from courses.curriculum.merge.titles import fit
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.text import SourceText


def document(kind: str, file: str = "") -> Statement:
    return Statement(SourceText(file or f"{kind}.md", ("x",) * 9), kind)


def module(statement: Statement, key: str = "", title: str = "", line: int = 1, parent: Claim | None = None) -> Claim:
    claim = statement.claim("module", title or key, line, key=key, parent=parent)
    if title:
        claim.set("title", title, line)
    return claim


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        ("Docker", "Docker for ML", True),
        ("Foundations of ML Infrastructure", "ML Infrastructure Foundations", True),
        ("Kubernetes Introduction", "Introduction to Kubernetes", True),
        ("Data Pipeline Engineering", "Data Pipelines & Orchestration", True),
        ("Process Basics", "Proces Basics Two", False),
        ("Python Fundamentals", "Linux Essentials", False),
        ("ML Model Serving", "ML Pipeline Monitoring", False),
        ("", "Anything", True),
    ],
)
def test_titles_fit_by_their_words(one: str, other: str, fits: bool) -> None:
    assert fit(one, other) is fits
    assert fit(other, one) is fits


def test_an_id_is_one_thing_with_the_winning_document_first() -> None:
    plan, roadmap = document("master_plan"), document("module_roadmap")
    stated = [module(plan, "MOD-001", "Python"), module(roadmap, "MOD-001", "Python Fundamentals")]
    joined = join([plan, roadmap])
    assert [thing.claims for thing in joined.things] == [stated[::-1]]
    assert joined.doubled == []


def test_one_id_with_titles_that_do_not_fit_is_two_things() -> None:
    one, other = document("module_roadmap", "a.md"), document("module_roadmap", "b.md")
    first, second = module(one, "MOD-001", "Python Fundamentals"), module(other, "MOD-001", "Linux Essentials")
    joined = join([one, other])
    assert [thing.claims for thing in joined.things] == [[first], [second]]
    assert joined.doubled == [(second, first)]


def test_who_agrees_with_the_second_thing_is_no_third() -> None:
    documents = [document("module_roadmap"), document("master_plan"), document("asset_metadata")]
    claims = [module(each, "MOD-1", title) for each, title in zip(documents, ("Python", "Linux", "Linux"), strict=True)]
    joined = join(documents)
    assert [thing.claims for thing in joined.things] == [claims[:1], claims[1:]]
    assert joined.doubled == [(claims[1], claims[0])]


def test_an_id_twice_in_one_file_is_doubled() -> None:
    plan = document("master_plan")
    first, second = module(plan, "MOD-001", "Python"), module(plan, "MOD-001", "Python", 2)
    assert join([plan]).doubled == [(second, first)]


def test_a_number_joins_only_where_titles_fit() -> None:
    roadmap, index = document("module_roadmap"), document("exercise_index")
    module(roadmap, "MOD-001", "Python Fundamentals")
    module(index, "module-1", "Python")
    module(index, "Module 01", "", 3)
    joined = join([roadmap, index])
    assert [[claim.key for claim in thing.claims] for thing in joined.things] == [
        ["MOD-001", "module-1"], ["Module 01"],
    ]  # fmt: skip
    assert joined.doubled == []


def test_what_has_no_id_joins_by_the_same_title() -> None:
    index, roadmap = document("exercise_index"), document("module_roadmap")
    named, known = module(index, "", "python  fundamentals"), module(roadmap, "MOD-001", "Python Fundamentals")
    module(index, "", "Python", 2)
    assert next(thing.claims for thing in join([index, roadmap]).things) == [known, named]


def test_what_a_program_lists_is_joined_with_its_own_document() -> None:
    plan, roadmap = document("master_plan"), document("module_roadmap")
    program = plan.claim("program", "Junior", 1)
    listed, own = module(plan, "MOD-001", "Python", 2, program), module(roadmap, "MOD-001", "Python")
    joined = join([plan, roadmap])
    assert [thing.claims for thing in joined.of_kind("module")] == [[own, listed]]


def test_children_are_joined_by_id_or_by_their_words() -> None:
    plan, roadmap = document("master_plan"), document("module_roadmap")
    for statement in (plan, roadmap):
        parent = module(statement, "MOD-001", "Python")
        statement.claim("objective", "Write modules.", 2, parent=parent).set("text", "Write modules.", 2)
        statement.claim("lab", statement.kind, 3, key="LAB-1", parent=parent)
    extra = plan.claim("objective", "Test them.", 4, parent=plan.claims[0])
    (thing,) = join([plan, roadmap]).things
    assert [[claim.statement.kind for claim in child.claims] for child in thing.under("objective")] == [
        ["module_roadmap", "master_plan"], ["master_plan"],
    ]  # fmt: skip
    assert thing.under("objective")[1].claims == [extra]
    assert len(thing.under("lab")) == 1


def test_two_children_of_one_document_stay_two() -> None:
    roadmap = document("module_roadmap")
    parent = module(roadmap, "MOD-001", "Python")
    for line in (2, 3):
        roadmap.claim("risk", "Time.", line, parent=parent).set("text", "Time.", line)
    (thing,) = join([roadmap]).things
    assert len(thing.under("risk")) == 2


def test_what_a_document_is_about_ranks_above_all_but_native() -> None:
    kinds = ("master_plan", "quiz", "module_roadmap", "native")
    documents = []
    for name in kinds:
        statement = document(name)
        parent = module(statement, "MOD-001", "Python")
        statement.claim("quiz", "Quiz", 2, key="quiz", parent=parent)
        documents.append(statement)
    (thing,) = join(documents).things
    assert [claim.statement.kind for claim in thing.under("quiz")[0].claims] == [
        "native", "quiz", "module_roadmap", "master_plan",
    ]  # fmt: skip
