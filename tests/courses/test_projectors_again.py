"""A second release: nothing doubles, nothing is lost, and what is gone is gone."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import (
    Activity,
    ChecklistItem,
    EntityAlias,
    Module,
    PathStep,
    Program,
    Release,
    ReleaseItem,
    Requirement,
    ScaleLevel,
)
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import TREE

pytestmark = pytest.mark.django_db

MODULE = "engineer/mod-101.yaml"


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path, TREE)
    release_tree(tmp_path)
    return tmp_path


def contents() -> dict[str, list[dict[str, object]]]:
    """Every definition row, without the keys of rows that have no identity."""
    found = {}
    for model in apps.get_app_config("courses").get_models(include_auto_created=True):
        if model in (Release, ReleaseItem):
            continue
        # An identity is the same row after every release; a child row may be written anew.
        keep_key = not isinstance(model._meta.pk, models.BigAutoField) or model in (ScaleLevel, ChecklistItem)
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if (keep_key or not field.primary_key)
            and not (field.is_relation and field.related_model.__name__ == "TargetRole")
        ]
        found[model.__name__] = sorted(model._base_manager.values(*names), key=repr)
    return found


def test_the_same_tree_again_changes_nothing(tree: Path) -> None:
    before = contents()
    release_tree(tree)
    assert contents() == before


def test_operational_fields_survive(tree: Path) -> None:
    now = timezone.now()
    Program.objects.filter(slug="engineer").update(enrolment_mode="open", published_at=now)
    edit(tree, "engineer/program.yaml", "title: Engineer\n", "title: Platform Engineer\n")
    release_tree(tree)
    program = Program.objects.get(slug="engineer")
    assert (program.title, program.enrolment_mode, program.published_at) == ("Platform Engineer", "open", now)


def test_levels_and_checklist_items_keep_their_rows(tree: Path) -> None:
    hard, item = ScaleLevel.objects.get(key="hard"), ChecklistItem.objects.get(key="b")
    edit(tree, "catalog/all.yaml", '      - {id: easy, label: Easy, symbol: "*"}\n', "")
    edit(tree, "catalog/all.yaml", 'symbol: "**"', 'symbol: "*"')
    edit(tree, "catalog/all.yaml", "aliases: [Advanced]}\n", "aliases: [Advanced]}\n      - {id: top, label: Top}\n")
    edit(tree, MODULE, "[{id: a, text: Git runs.}, {id: b, text: Docker runs.}]", "[{id: b, text: Docker runs well.}]")
    release_tree(tree)
    hard.refresh_from_db()
    item.refresh_from_db()
    assert (hard.rank, item.position, item.text) == (1, 0, "Docker runs well.")
    assert ScaleLevel.objects.get(key="easy").rank is None
    assert ChecklistItem.objects.get(key="a").position is None
    assert Activity.objects.get(path="MOD-101/101-04").difficulty_id is None, "no current level has that id"


def test_swapped_ranks_are_written(tree: Path) -> None:
    easy = '- {id: easy, label: Easy, symbol: "*"}\n      '
    edit(tree, "catalog/all.yaml", easy, "")
    edit(tree, "catalog/all.yaml", "aliases: [Advanced]}\n", f"aliases: [Advanced]}}\n      {easy.rstrip()}\n")
    release_tree(tree)
    levels = ScaleLevel.objects.filter(scale__key="difficulty").order_by("rank")
    assert [(level.key, level.rank) for level in levels] == [("hard", 1), ("easy", 2)]


def test_child_rows_follow_their_parent(tree: Path) -> None:
    edit(tree, "engineer/program.yaml", '      - {to: "later:MOD-7"}\n', "")
    edit(tree, MODULE, "deliverables: [{text: The image}, {text: Notes, optional: true}]", "deliverables: []")
    release_tree(tree)
    assert PathStep.objects.count() == 2
    assert not Activity.objects.get(path="MOD-101/101-04").deliverables.exists()


def test_a_retired_module_leaves_the_program_but_keeps_its_row(tree: Path) -> None:
    (tree / "engineer/mod-102.yaml").unlink()
    edit(tree, "engineer/program.yaml", "modules: [MOD-102, MOD-101]", "modules: [MOD-101]")
    release_tree(tree)
    assert Module.objects.filter(key="MOD-102").exists()
    assert not Module.objects.current().filter(key="MOD-102").exists()
    keys = [row.module.key for row in Program.objects.get(slug="engineer").placements.all()]
    assert keys == ["MOD-101", "MOD-005"]


def test_aliases_go_with_their_author_but_former_ids_stay(tree: Path) -> None:
    module = Module.objects.get(key="MOD-101")
    EntityAlias.objects.create(entity_id=module.pk, alias="mod-001", former=True)
    edit(tree, MODULE, "aliases: [Basics]", "aliases: [Groundwork]")
    release_tree(tree)
    aliases = set(EntityAlias.objects.filter(entity_id=module.pk).values_list("alias", flat=True))
    assert {"groundwork", "mod-001"} <= aliases
    assert "basics" not in aliases


def test_edges_into_a_program_that_comes_later(tmp_path: Path) -> None:
    write_tree(tmp_path, {name: text for name, text in TREE.items() if not name.startswith("junior/")})
    release_tree(tmp_path)
    requirement = Requirement.objects.get(target_ref="junior:MOD-005")
    assert requirement.target_id is None
    junior = tmp_path.parent / "later"
    write_tree(junior, {name: text for name, text in TREE.items() if not name.startswith("engineer/")})
    release_tree(junior)
    requirement.refresh_from_db()
    assert requirement.target_id == Module.objects.get(key="MOD-005").pk


def test_statements_do_not_grow_with_the_tree(tmp_path: Path) -> None:
    def statements(labs: int) -> int:
        entries = "".join(
            f"  - {{id: 101-{n:02}, title: Lab {n}, technologies: [{{id: python}}], deliverables: [{{text: It}}]}}\n"
            for n in range(1, labs + 1)
        )
        files = {
            "catalog/all.yaml": TREE["catalog/all.yaml"],
            "engineer/role.yaml": TREE["engineer/role.yaml"],
            "engineer/program.yaml": "{kind: program, id: engineer, title: E, role: engineer, summary: E.}",
            "engineer/module.yaml": f"kind: module\nid: MOD-101\ntitle: One\nsummary: One.\nlabs:\n{entries}",
        }
        root = write_tree(tmp_path, files)
        with CaptureQueriesContext(connection) as queries:
            assert release_tree(root).releases
        return len(queries)

    statements(1)
    assert statements(3) == statements(23), "two more labs cost what twenty more cost"
