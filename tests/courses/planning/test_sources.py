"""Applying documents, and several sources of one program: what each stated last, and who retires what."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.models import Lab
from courses.models import Entity, ImportRecord, Module, Objective, Release, Requirement
from courses.selectors.authored import entity_authored
from courses.selectors.stated import stated_rows
from tests.courses.planning.documents import DOCUMENTS, PIPES
from tests.courses.planning.support import edit, planned, ran
from tests.courses.planning.test_drafts import METADATA
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db
NOTHING = {"added": 0, "changed": 0, "renamed": 0, "moved": 0, "reordered": 0, "retired": 0, "restored": 0}


def counts(plan: dict[str, object]) -> dict[str, int]:
    return {name: len(plan[name]) for name in NOTHING}  # type: ignore[arg-type]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "documents", DOCUMENTS)
    code, _, err = ran("apply", root)
    assert code == 0, err
    return root


def test_documents_are_applied_and_plan_nothing_again(tree: Path) -> None:
    assert Module.objects.get(key="MOD-501").hours_total == 12
    assert Lab.objects.count() == 2
    assert Objective.objects.filter(owner__path="MOD-501").count() == 3
    plan = planned(tree)
    assert (counts(plan), plan["base"]) == (NOTHING, "data-engineer: release 1")
    assert ran("apply", tree)[0] == 0
    assert Release.objects.count() == 1


def test_every_source_keeps_what_it_stated_with_its_rank_and_place(tree: Path) -> None:
    record = ImportRecord.objects.get(entity__kind="module", entity__path="MOD-501")
    assert (record.source, record.ranks["title"], record.stated["title"]) == ("documents", 2, "Pipes")
    assert (record.file.rpartition("/")[2], record.lines["title"]) == ("pipes.md", 6)
    edit(tree, "pipes.md", ("## Module Overview\n", "## Module Overview\n\n"))
    assert ran("apply", tree)[0] == 0
    record = ImportRecord.objects.get(entity__kind="module", entity__path="MOD-501")
    assert (record.lines["title"], Release.objects.count()) == (7, 1), "where it stands is no part of a revision"


def test_documents_that_are_renamed_or_moved_change_nothing(tree: Path) -> None:
    for number, path in enumerate(sorted(tree.rglob("*.*"))):
        (tree / "moved").mkdir(exist_ok=True)
        path.rename(tree / "moved" / f"{number}{path.suffix}")
    assert counts(planned(tree)) == NOTHING
    assert ran("apply", tree)[0] == 0
    assert Release.objects.count() == 1
    record = ImportRecord.objects.get(entity__kind="module", entity__path="MOD-501")
    assert record.file.rpartition("/")[0].endswith("moved")
    assert record.stated["stated"], "what stands beside the facts is kept with the kind of its document"
    assert {each["source"] for each in record.stated["stated"]} <= {"module_roadmap", "master_plan"}


def test_one_word_changes_one_field(tree: Path) -> None:
    edit(tree, "pipes.md", ("runs in <10 minutes", "runs in <15 minutes"))
    plan = planned(tree)
    assert [(row["entity"], row["field"], row["from"], row["to"]) for row in plan["changed"]] == [
        ("lab:MOD-501/lab-1", "criteria.1.text", "runs in <10 minutes", "runs in <15 minutes"),
        ("lab:MOD-501/lab-1", "criteria.1.value", "10", "15"),
    ]
    assert counts(plan) == {**NOTHING, "changed": 2}


def test_the_version_and_date_of_a_document_make_no_release(tree: Path) -> None:
    edit(tree, "plan.yaml", ("program_version: 1.0.0", "program_version: 1.1.0"), ("2025-10-01", "2026-03-01"))
    assert counts(planned(tree)) == NOTHING
    assert ran("apply", tree)[0] == 0
    assert Release.objects.count() == 1


def test_the_version_of_metadata_makes_no_release(tree: Path) -> None:
    (tree / "meta.yaml").write_text(METADATA.lstrip())
    assert ran("apply", tree)[0] == 0
    assert Release.objects.count() == 2
    edit(tree, "meta.yaml", ("version: 1.2.0", "version: 1.3.0"))
    assert counts(planned(tree)) == NOTHING
    assert ran("apply", tree)[0] == 0
    assert Release.objects.count() == 2


def test_a_tree_retires_what_it_gave_and_no_longer_gives(tree: Path) -> None:
    edit(tree, "pipes.md", ("| Lab 2 | A repaired pipe | Report written | Review |\n", ""))
    assert [row["entity"] for row in planned(tree)["retired"]] == ["lab:MOD-501/lab-2"]


def test_a_single_file_retires_nothing(tree: Path) -> None:
    short = tree.parent / "pipes.md"
    short.write_text(PIPES.lstrip("\n").replace("| Lab 2 | A repaired pipe | Report written | Review |\n", ""))
    assert counts(planned(short)) == NOTHING
    assert ran("apply", short)[0] == 0
    short.write_text(short.read_text().replace("| Lab 1 | A first pipe |", "| Lab 3 | Mushrooms in winter |"))
    plan = planned(short)
    assert counts(plan) == {**NOTHING, "added": 1}
    assert ran("apply", short)[0] == 0
    assert not Entity.objects.filter(retired_at__isnull=False).exists()
    assert counts(planned(tree)) == NOTHING, "what another source gave is not the tree's to retire"


def test_what_another_source_still_states_falls_back_to_it(tree: Path) -> None:
    single = tree.parent / "plan.yaml"
    single.write_text((tree / "plan.yaml").read_text())
    assert ran("apply", single)[0] == 0
    (tree / "pipes.md").write_text(
        (tree / "pipes.md").read_text().replace("- **Duration**: 12 hours (4 lecture, 8 lab)\n", "")
    )
    (tree / "plan.yaml").unlink()
    plan = planned(tree)
    changed = {(row["entity"], row["field"]): (row["from"], row["to"]) for row in plan["changed"]}
    assert changed["module:MOD-501", "hours_by_kind.lab"] == ("8", "6")
    assert plan["retired"] == [], "the plan's modules and objectives stay: its own source states them"


def test_a_higher_ranking_source_wins_whoever_came_last(tree: Path) -> None:
    single = tree.parent / "plan.yaml"
    single.write_text((tree / "plan.yaml").read_text().replace("title: Pipes", "title: Pipes and more"))
    plan = planned(single)
    assert counts(plan) == NOTHING, "the roadmap's title ranks above"
    single.write_text((tree / "plan.yaml").read_text().replace("title: Storage", "title: Storage and more"))
    assert [(row["entity"], row["to"]) for row in planned(single)["changed"]] == [
        ("module:MOD-503", "Storage and more")
    ]


def test_each_thing_that_is_said_beside_the_facts_is_shown_with_its_own_place(tree: Path) -> None:
    more = write_tree(tree.parent / "more", {"pipes.md": PIPES.replace("12 hours (4", "14 hours (4")})
    assert ran("apply", more)[0] == 0
    for source in (tree, more):
        assert counts(planned(source)) == NOTHING
    release = Release.objects.get(program__slug="data-engineer", current=True)
    authored = entity_authored(release, "module", "MOD-501")
    assert authored is not None
    rows = stated_rows(authored.top.body["stated"], {}, authored.top.places)
    found = {(row.what, row.value): row.source.split(", ") for row in rows}
    assert found["Hours", "12"] == ["pipes.md:8"]
    assert found["Hours", "14"] == ["pipes.md:8"]
    assert found["Next modules", "MOD-502"] == ["pipes.md:9"] * 2, "both sources say it"
    assert found["Roles", "data-engineer"] == ["plan.yaml:15"]


def test_a_team_ranks_its_documents_as_it_likes(tree: Path) -> None:
    assert Module.objects.get(key="MOD-501").hours_total == 12, "the roadmap's, not the plan's 10"
    write_tree(tree, {".waymark/import.yaml": "precedence: [master_plan]\n"})
    before = planned(tree)
    changed = {(row["entity"], row["field"]): (row["from"], row["to"]) for row in before["changed"]}
    assert changed["module:MOD-501", "hours_by_kind.lab"] == ("8", "6")
    _, out, _ = ran("lint", tree)
    assert "module MOD-501: hours is 12 h here and 10 h in" in out, "the loser is the roadmap now"
    write_tree(tree, {".waymark/import.yaml": "precedence: [module_roadmap, master_plan]\n"})
    again = planned(tree)
    assert (counts(again), again["id"] == before["id"]) == (NOTHING, False)


def test_sources_that_differ_on_prerequisites_leave_the_current_edges(tree: Path) -> None:
    single = tree.parent / "streams.md"
    single.write_text(
        DOCUMENTS["streams.md"].lstrip("\n").replace("**Prerequisites**: MOD-501", "**Prerequisites**: MOD-503")
    )
    _, out, _ = ran("plan", single)
    assert "import.prerequisites" in out
    assert ran("apply", single)[0] == 0
    assert needed("MOD-502") == {"MOD-501"}


def test_a_source_that_says_none_differs_from_one_that_names_some(tree: Path) -> None:
    single = tree.parent / "streams.md"
    single.write_text(
        DOCUMENTS["streams.md"].lstrip("\n").replace("**Prerequisites**: MOD-501", "**Prerequisites**: None")
    )
    assert ran("apply", single)[0] == 0
    assert needed("MOD-502") == {"MOD-501"}, "the current edges stay"
    assert counts(planned(tree)) == NOTHING


def test_a_source_that_said_none_first_is_asked_too(tmp_path: Path) -> None:
    plan = DOCUMENTS["plan.yaml"].replace("[MOD-501, MOD-503]", "[]")
    first = write_tree(tmp_path / "plan", {"plan.yaml": plan})
    assert ran("apply", first)[0] == 0
    more = write_tree(tmp_path / "more", {"streams.md": DOCUMENTS["streams.md"]})
    _, out, _ = ran("plan", more)
    assert "import.prerequisites" in out
    assert ran("apply", more)[0] == 0
    assert needed("MOD-502") == set(), "nothing is needed by both"


def test_much_is_retired_only_if_somebody_says_so(tree: Path) -> None:
    for name in ("pipes.md", "streams.md", "quiz.md"):
        (tree / name).unlink()
    code, out, _ = ran("plan", tree)
    assert (code, "import.retires_much" in out) == (1, True)
    assert ran("apply", tree)[0] == 1
    assert ran("apply", tree, "--plan", planned(tree, code=1)["id"], "--retire")[0] == 3, "another plan"
    assert ran("apply", tree, "--plan", planned(tree, "--retire")["id"], "--retire")[0] == 0
    assert Entity.objects.filter(retired_at__isnull=False, kind="lab").count() == 2


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        ("mod-501", "'Mushrooms' here and 'Pipes' in documents"),
        ("Module 501", "'Mushrooms' here and 'Pipes' in documents"),
        ("501", "+ module:Mushrooms"),
    ],
)
def test_another_spelling_of_an_id_needs_a_fitting_title(tree: Path, said: str, otherwise: str) -> None:
    more = tree.parent / "more.md"
    more.write_text(PIPES.lstrip("\n").replace("**Module ID**: MOD-501", f"**Module ID**: {said}"))
    plan = planned(more)
    assert (plan["added"], plan["retired"]) == ([], []), "it is the module that is there"
    more.write_text(MUSHROOMS.lstrip("\n").replace("MOD-501", said))
    _, out, _ = ran("plan", more)
    assert otherwise in out, "a spelling of the id is the id, of which there are not two; a number says nothing"


def test_a_whole_title_is_enough_and_a_part_of_it_is_not(tree: Path) -> None:
    more = tree.parent / "more.md"
    more.write_text(PIPES.lstrip("\n").replace("- **Module ID**: MOD-501\n", ""))
    assert planned(more)["added"] == []
    more.write_text(more.read_text().replace("**Module Title**: Pipes", "**Module Title**: Pipes and more"))
    assert "module:pipes-and-more" in {row["entity"] for row in planned(more)["added"]}


MUSHROOMS = """
# Module Roadmap

## Module Overview

- **Module ID**: MOD-501
- **Module Title**: Mushrooms
- **Target Role(s)**: Data Engineer
- **Duration**: 3 hours

## Learning Objectives

1. Find them in winter.
"""


def test_another_thing_under_an_id_of_another_source_is_an_error(tree: Path) -> None:
    more = tree.parent / "more.md"
    more.write_text(MUSHROOMS.lstrip("\n"))
    code, out, _ = ran("plan", more)
    assert (code, "'Mushrooms' here and 'Pipes' in documents" in out) == (1, True)
    assert ran("apply", more)[0] == 1
    more.write_text(MUSHROOMS.lstrip("\n").replace("MOD-501", "MOD-505"))
    assert ran("apply", more)[0] == 0
    assert counts(planned(tree)) == NOTHING


def test_a_roadmap_alone_joins_the_program_that_is_there(tree: Path) -> None:
    more = tree.parent / "more.md"
    more.write_text(PIPES.lstrip("\n").replace("MOD-501", "MOD-504").replace(": Pipes", ": Valves"))
    plan = planned(more)
    assert {row["entity"] for row in plan["added"]} >= {"module:MOD-504", "lab:MOD-504/lab-1"}
    assert plan["retired"] == []
    assert ran("apply", more)[0] == 0
    assert Module.objects.get(key="MOD-504").entity.program.slug == "data-engineer"  # type: ignore[union-attr]
    assert counts(planned(more)) == NOTHING


def test_what_documents_of_one_source_dispute_another_does_not_decide(tmp_path: Path) -> None:
    documents = {**DOCUMENTS, "plan.yaml": DOCUMENTS["plan.yaml"].replace("[MOD-501, MOD-503]", "[MOD-503]")}
    tree = write_tree(tmp_path / "documents", documents)
    assert ran("apply", tree)[0] == 0
    assert needed("MOD-502") == set(), "its documents have no prerequisite in common"
    more = write_tree(tmp_path / "more", {"streams.md": DOCUMENTS["streams.md"]})
    code, out, err = ran("plan", more)
    assert code == 0, err
    assert "module:MOD-502 needs MOD-501 by" in out
    assert "import.prerequisites" in out
    assert ran("apply", more)[0] == 0
    assert needed("MOD-502") == set()
    assert ran("apply", tree)[0] == 0
    assert needed("MOD-502") == set()


def needed(key: str) -> set[str]:
    """What locks a module."""
    edges = Requirement.objects.filter(owner__path=key, strength="needs", entity__retired_at=None)
    return {each.target_ref for each in edges}
