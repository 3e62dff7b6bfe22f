"""What is current in the end depends on what the sources of a program state, not on which was imported first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.canonical import revision_body, statement_hash
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import Named, TreeBase, named_in, open_roles
from courses.curriculum.planning.incoming import incoming_of
from courses.curriculum.planning.plan import Plan, plan_make
from courses.curriculum.planning.sources import Statements, in_order
from courses.curriculum.report.run import lint
from tests.courses.planning.documents import PIPES, PLAN, STREAMS
from tests.courses.projecting import write_tree

CURRICULUM = """
# Data Engineer Curriculum

**Version:** 2.0
**Total Duration:** 40 hours

## Overview

Moving data with care.

## Modules

### Module 501: Pipes (14 hours)

**Focus:** Pipes that hold.

**Topics:**
- Joints
- Leaks

### Module 504: Valves (9 hours)

**Topics:**
- Taps

## Projects

### Project 501: A well (12 hours)

**Deliverables:**
- A well

## Assessment

- **Quizzes:** 40%
- **Projects:** 60%

## Career Outcomes

- Plumber
"""
BRIEF = """
role: Data Engineer
level: mid
program_name: Data Engineer Curriculum
program_structure:
  modules:
  - id: MOD-502
    title: Streams
  - id: MOD-501
    title: Pipes
"""
NATIVE = {
    "program.yaml": "kind: program\nid: data-engineer\ntitle: Data Engineer\nrole: data-engineer\nsummary: Data.\n",
    "role.yaml": "kind: role\nid: data-engineer\ntitle: Data Engineer\nlevel: mid\norder: 2\nsummary: ''\n",
    "pipes.yaml": """
kind: module
id: MOD-501
title: Pipes
summary: Native.
hours: 13
notes:
- Kept by the team.
aliases: [Plumbing]
stated:
- {what: Hours, value: "13", source: the team}
""",
}
SOURCES = {
    "plan": {"plan.yaml": PLAN.replace("[MOD-501, MOD-503]", "[MOD-501]")},
    "curriculum": {"curriculum.md": CURRICULUM},
    "roadmaps": {"brief.yaml": BRIEF, "pipes.md": PIPES, "streams.md": STREAMS},
    "native": NATIVE,
}


@dataclass
class Applied(TreeBase):
    """A base in memory, to which plans are applied as the database would."""

    statements: Statements = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        super().__init__(self.reading)

    def last(self, slugs: Any) -> Statements:
        return self.statements

    def named(self, without: str = "") -> list[Named]:
        """As the database's: what programs share, but for what only *without* states."""
        others = {name: stated for name, stated in self.statements.items() if name != without}
        stated = {place for each in others.values() for place in each}
        roles = (
            (draft.path, draft.given) for each in others.values() for draft in each.values() if draft.kind == "role"
        )
        open_ = open_roles(roles)
        return [
            replace(each, open=each.kind == "role" and each.path in open_) for each in named_in(self.reading)
            if each.program is not None or (None, f"{each.kind}:{each.path}") in stated
        ]  # fmt: skip

    def planned(self, root: Path) -> Plan:
        return plan_make(incoming_of(lint([str(root)]), self, [str(root)]), self)

    def applied(self, root: Path) -> Applied:
        plan = self.planned(root)
        assert not plan.conflicts
        return Applied({root.name: plan.together.stated, **plan.together.others}, plan.reading)

    @property
    def state(self) -> dict[str, Any]:
        return {f"{program or ''} {address}": revision_body(draft)
                for (program, address), draft in self.reading.drafts.items()}  # fmt: skip


@pytest.fixture
def roots(tmp_path: Path) -> dict[str, Path]:
    return {name: write_tree(tmp_path / name, files) for name, files in SOURCES.items()}


@pytest.mark.parametrize(
    "names", [("plan", "roadmaps"), ("curriculum", "roadmaps"), ("plan", "native"), ("plan", "curriculum", "roadmaps"),
              ("curriculum", "roadmaps", "native")], ids="+".join,
)  # fmt: skip
def test_every_order_of_importing_ends_in_one_state(roots: dict[str, Path], names: tuple[str, ...]) -> None:
    states = []
    for order in permutations(names):
        base = Applied()
        for name in order:
            base = base.applied(roots[name])
            assert base.statements[name], "it is read"
        for name in order:
            plan = base.planned(roots[name])
            assert [each.summary() for each in plan.comparisons if not each.is_empty] == [], (order, name)
        states.append(base.state)
    for state in states[1:]:
        different = {place for place in {*state, *states[0]} if state.get(place) != states[0].get(place)}
        assert {place: (state.get(place), states[0].get(place)) for place in different} == {}


def native(**module: str) -> dict[str, str]:
    """A native tree whose module MOD-501 has other fields."""
    fields = {"summary": "Native.", **module}
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return {**NATIVE, "pipes.yaml": f"kind: module\nid: MOD-501\ntitle: Pipes\n{text}"}


def module_of(base: Applied) -> dict[str, Any]:
    return base.reading.drafts["data-engineer", "module:MOD-501"].body


def said(base: Applied) -> list[tuple[str, str]]:
    return [(each["what"], each["value"]) for each in module_of(base)["stated"]]


def summaries(plan: Plan) -> list[str]:
    return [each.summary() for each in plan.comparisons if not each.is_empty]


def told(plan: Plan, rule: str) -> list[tuple[object, ...]]:
    """Severity, file, line and other places of the findings of a rule; files by their last two names."""
    found = [each for each in plan.findings if each.rule == rule]
    return [
        (each.severity, _named(each.file), each.line, tuple((_named(file), line) for file, line in each.related))
        for each in found
    ]


def _named(file: str) -> str:
    return "/".join(file.split("/")[-2:])


def elsewhere(**module: str) -> dict[str, str]:
    """The same in a file of another name."""
    files = native(**module)
    return {"valves.yaml": files.pop("pipes.yaml"), **files}


def test_a_fact_that_two_sources_of_one_rank_state_otherwise_has_no_winner(tmp_path: Path) -> None:
    one = write_tree(tmp_path / "one", native(hours="12"))
    other = write_tree(tmp_path / "other", elsewhere(hours="15"))
    base = Applied().applied(one)
    plan = base.planned(other)
    assert [(each.field, each.ours, each.theirs) for each in plan.conflicts] == [("hours", "12", "15")]
    assert told(plan, "import.conflict") == [("error", "other/valves.yaml", 5, (("one/pipes.yaml", 5),))]
    assert summaries(plan) == [], "the current value stays"
    again = Applied({"other": plan.together.stated, **plan.together.others}, plan.reading)
    assert len(again.planned(other).conflicts) == 1, "it is still to be decided"
    assert again.planned(one).conflicts == []
    write_tree(one, native(hours="15"))
    decided = again.applied(one)
    assert (module_of(decided)["hours"], decided.planned(other).conflicts) == ("15", [])
    write_tree(other, elsewhere(hours="12"))
    assert base.planned(other).conflicts == []


def test_titles_of_one_rank_that_differ_are_a_warning_and_the_later_one_is_shown(tmp_path: Path) -> None:
    one = write_tree(tmp_path / "one", native())
    renamed = native()
    other = write_tree(
        tmp_path / "other", {**renamed, "pipes.yaml": renamed["pipes.yaml"].replace("Pipes", "Big pipes")}
    )
    base = Applied().applied(one)
    plan = base.planned(other)
    assert told(plan, "import.differs") == [("warning", "other/pipes.yaml", 3, (("one/pipes.yaml", 3),))]
    assert module_of(base.applied(other))["title"] == "Big pipes"


@pytest.mark.parametrize(("name", "conflicts"), [("pipes.md", False), ("valves.md", True)])
def test_a_file_is_the_next_state_of_the_one_of_its_name(
    roots: dict[str, Path], tmp_path: Path, name: str, conflicts: bool
) -> None:
    base = Applied().applied(roots["roadmaps"])
    file = (
        write_tree(tmp_path, {name: PIPES.replace("12 hours (4 lecture, 8 lab)", "14 hours (6 lecture, 8 lab)")}) / name
    )
    plan = base.planned(file)
    module = plan.reading.drafts["data-engineer", "module:MOD-501"].body
    assert (bool(plan.conflicts), module["hours_by_kind"]["lecture"]) == (conflicts, "4" if conflicts else "6")
    assert [row[0] for row in told(plan, "import.differs")] == ([] if conflicts else ["warning"])


PROJECT = """
# Project Plan

## Overview

- **Project ID**: PROJ-501
- **Title**: A well

## Rubric

| Criterion | Points |
|---|---|
| Depth | 60 |
| Bucket | 40 |
"""
WELLS = """
# Rubrics

## Project 501: A well

| Criterion | Good (2) | Poor (1) | Weight |
|---|---|---|---|
| Depth | Deep | Shallow | 70% |
| Rope | Long | Short | 30% |
"""


@pytest.mark.parametrize("order", [("project", "rubrics"), ("rubrics", "project")], ids="+".join)
def test_criteria_are_those_of_the_source_that_ranks_highest(
    roots: dict[str, Path], tmp_path: Path, order: tuple[str, str]
) -> None:
    files = {"project": {"plan.md": PROJECT}, "rubrics": {"rubrics.md": WELLS}}
    first, last = (write_tree(tmp_path / name, files[name]) for name in order)
    plan = Applied().applied(roots["curriculum"]).applied(first).planned(last)
    assert told(plan, "import.criteria") == [("warning", "project/plan.md", 13, (("rubrics/rubrics.md", 7),))]
    criteria = [draft.body["title"] for draft in plan.reading.drafts.values() if draft.kind == "criterion"]
    assert sorted(criteria) == ["Depth", "Rope"]


def test_what_one_source_says_beside_the_facts_drops_nothing_of_another(roots: dict[str, Path], tmp_path: Path) -> None:
    other = {**SOURCES["roadmaps"], "pipes.md": PIPES.replace("12 hours (4", "14 hours (4")}
    more = write_tree(tmp_path / "more", other)
    base = Applied().applied(roots["roadmaps"])
    alone = said(base)
    base = base.applied(more)
    assert set(alone) < set(said(base)), "what came first is all there still"
    assert ("Hours", "14") in said(base)
    assert [summaries(base.planned(each)) for each in (roots["roadmaps"], more)] == [[], []]


def test_hours_and_their_kinds_are_one_fact(tmp_path: Path) -> None:
    whole = write_tree(tmp_path / "whole", native(hours="12"))
    kinds = write_tree(tmp_path / "kinds", native(hours="12"))
    base = Applied().applied(whole).applied(kinds)
    write_tree(kinds, native(hours_by_kind="{lecture: 4, lab: 9}"))
    assert told(base.planned(kinds), "import.differs") == [
        ("warning", "kinds/pipes.yaml", 5, (("whole/pipes.yaml", 5),)),
    ]  # fmt: skip
    base = base.applied(kinds)
    assert (module_of(base)["hours"], module_of(base)["hours_by_kind"]["lab"]) == (None, "9")
    for source in (whole, kinds):
        assert summaries(base.planned(source)) == [], "nothing goes back and forth between equals"
        base = base.applied(source)
    write_tree(whole, native(hours="15"))
    plan = base.planned(whole)
    assert {each.field: (each.ours, each.theirs) for each in plan.conflicts} == {
        "hours": (None, "15"), "hours_by_kind": (module_of(base)["hours_by_kind"], None),
    }  # fmt: skip
    assert summaries(plan) == []
    again = Applied({"whole": plan.together.stated, **plan.together.others}, plan.reading)
    assert len(again.planned(whole).conflicts) == 2, "it is still to be decided"
    write_tree(whole, native(hours_by_kind="{lecture: 4, lab: 9}"))
    assert (summaries(again.planned(whole)), again.planned(whole).conflicts) == ([], [])


def test_what_an_export_leaves_out_stays_out_until_its_source_says_something_else(
    roots: dict[str, Path], tmp_path: Path
) -> None:
    base = Applied().applied(roots["roadmaps"])
    [(what, value), *rest] = said(base)
    stated = base.statements["roadmaps"]["data-engineer", "module:MOD-501"]
    origin = f"[{{source: roadmaps, file: pipes.md, hash: '{statement_hash(stated.body, stated.given)}'}}]"
    kept = f"[{{what: {what}, value: {value}, source: module_roadmap}}]"
    out = write_tree(tmp_path / "out", native(**{"from": origin}, stated=kept))
    base = base.applied(out)
    assert said(base) == [(what, value)]
    for source in (roots["roadmaps"], out):
        assert summaries(base.planned(source)) == []
    write_tree(roots["roadmaps"], {"pipes.md": PIPES.replace("12 hours", "13 hours")})
    base = base.applied(roots["roadmaps"])
    assert said(base) == [(what, value), *(each if each[0] != "Hours" else ("Hours", "13") for each in rest)]


def test_what_one_source_renames_another_goes_on_stating(roots: dict[str, Path]) -> None:
    base = Applied().applied(roots["curriculum"]).applied(roots["plan"])
    plan = SOURCES["plan"]["plan.yaml"]
    write_tree(roots["plan"], {"plan.yaml": plan.replace("id: MOD-501", "id: MOD-511\n    was: MOD-501")
                               .replace("[MOD-501]", "[MOD-511]")})  # fmt: skip
    base = base.applied(roots["plan"])
    stated = base.statements["curriculum"]
    assert "Joints" in {each.body.get("title") for (_, address), each in stated.items() if "MOD-511/" in address}
    assert stated["data-engineer", "program:data-engineer"].children["own_modules"][0] == "MOD-511"
    assert summaries(base.planned(roots["plan"])) == []


@pytest.mark.parametrize(
    ("lists", "order"),
    [
        (["ab"], "ab"),
        (["ab", "cb"], "acb"),
        (["ab", "bc"], "abc"),
        (["ab", "cd"], "abcd"),
        (["b", "ab", "cba"], "acb"),
        (["ba", "abc"], "bca"),
    ],
)
def test_lists_of_several_sources_become_one(lists: list[str], order: str) -> None:
    every = sorted({each for listed in lists for each in listed})
    assert "".join(in_order(every, [list(each) for each in lists])) == order
