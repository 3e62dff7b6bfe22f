"""Making releases: what is new, what stays the same, and what never gets lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from courses.curriculum.apply import Applied, curriculum_apply
from courses.curriculum.native.reader import read_tree
from courses.curriculum.planning.plan import Incoming
from courses.curriculum.refused import ImportRefused
from courses.models import (
    Activity,
    Entity,
    EntityAlias,
    Gate,
    ImportRecord,
    Module,
    Program,
    Release,
    ReleaseItem,
    Revision,
    Topic,
)
from tests.cast import person_make
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import TREE
from waymark.core.actors import Actor
from waymark.core.models import AuditEntry, FeedEntry

pytestmark = pytest.mark.django_db

M1, M2, P = "engineer/mod-101.yaml", "engineer/mod-102.yaml", "engineer/program.yaml"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path, TREE)
    release_tree(tmp_path)
    return tmp_path


def edit(root: Path, name: str, *changes: tuple[str, str]) -> None:
    text = (root / name).read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (root / name).write_text(text)


def items(slug: str) -> dict[str, int]:
    """Address -> revision of the current release."""
    rows = ReleaseItem.objects.filter(release__program__slug=slug, release__current=True).select_related("entity")
    return {row.entity.address: row.revision_id for row in rows}


def released(applied: Applied) -> list[tuple[str, int]]:
    return sorted((release.program.slug, release.number) for release in applied.releases)


def of(applied: Applied, slug: str) -> Any:
    return next(comparison for comparison in applied.comparisons if comparison.program == slug)


def test_the_first_apply_makes_release_one_of_each_program(tmp_path: Path) -> None:
    applied = release_tree(write_tree(tmp_path, TREE))
    assert released(applied) == [("engineer", 1), ("junior", 1)]
    assert of(applied, "junior").base is None
    assert {draft.address for draft in of(applied, "junior").added} >= {"program:junior", "module:MOD-005"}
    release = Release.objects.get(program__slug="engineer")
    assert (release.current, release.base, release.source, release.made_by) == (True, None, "test", None)
    assert Program.objects.get(slug="junior").published_at is None, "a program opens when an admin publishes it"


def test_the_same_tree_again_plans_nothing(tree: Path) -> None:
    before = [Release.objects.count(), Revision.objects.count(), AuditEntry.objects.count(), FeedEntry.objects.count()]
    applied = release_tree(tree)
    assert applied.releases == []
    for comparison in applied.comparisons:
        assert comparison.is_empty
        assert [*comparison.added, *comparison.changed, *comparison.renamed, *comparison.retired] == []
        assert comparison.summary().endswith(f"release 1 has all {comparison.unchanged} entities")
    after = [Release.objects.count(), Revision.objects.count(), AuditEntry.objects.count(), FeedEntry.objects.count()]
    assert after == before


def test_layout_and_order_of_keys_plan_nothing(tree: Path) -> None:
    old = "    - {id: one, title: First topic, hours: 3}".strip()
    edit(tree, M1, (old, "- {hours: 3.0, title: 'First topic',\n      id: one}"))
    (tree / M2).rename(tree / "engineer/renamed.yaml")
    assert release_tree(tree).releases == []


def test_one_changed_field_makes_one_revision_and_the_next_release(tree: Path) -> None:
    before, revisions = items("engineer"), Revision.objects.count()
    edit(tree, M1, ("title: An image", "title: A small image"))
    applied = release_tree(tree)
    assert released(applied) == [("engineer", 2)]
    change = of(applied, "engineer").changed
    assert [(each.entity, each.field, each.before, each.after) for each in change] == [
        ("lab:MOD-101/101-04", "title", "An image", "A small image")
    ]
    after = items("engineer")
    assert {address for address in after if after[address] != before.get(address)} == {"lab:MOD-101/101-04"}
    assert Revision.objects.count() == revisions + 1
    assert Activity.objects.get(path="MOD-101/101-04").revision_id == after["lab:MOD-101/101-04"]
    second = Release.objects.get(program__slug="engineer", current=True)
    assert second.base is not None
    assert (second.base.number, second.base.current) == (1, False)
    assert ReleaseItem.objects.filter(release=second.base).count() == len(before), "the old release stays whole"


def test_a_change_taken_back_is_the_old_revision_in_a_new_release(tree: Path) -> None:
    before, revisions = items("engineer"), Revision.objects.count()
    edit(tree, M1, ("title: An image", "title: Another"))
    release_tree(tree)
    edit(tree, M1, ("title: Another", "title: An image"))
    assert released(release_tree(tree)) == [("engineer", 3)]
    assert items("engineer") == before
    assert Revision.objects.count() == revisions + 1


def test_the_order_of_a_list_is_a_field_of_the_parent(tree: Path) -> None:
    edit(
        tree, M2, ("[{title: A, hours: 2}, {title: B, hours: 3}, C]", "[C, {title: A, hours: 2}, {title: B, hours: 3}]")
    )
    applied = release_tree(tree)
    assert of(applied, "engineer").changed_entities == []
    assert [(each.entity, each.field) for each in of(applied, "engineer").reordered] == [("module:MOD-102", "topics")]
    assert [topic.title for topic in Topic.objects.filter(module__key="MOD-102")] == ["C", "A", "B"]


def test_what_programs_share_makes_a_release_of_each(tree: Path) -> None:
    edit(tree, "catalog/all.yaml", ("title: Docker,", "title: Docker Engine,"))
    applied = release_tree(tree)
    assert released(applied) == [("engineer", 2), ("junior", 2)]
    assert of(applied, "junior").changed_entities == ["technology:docker"]


# -- renaming -------------------------------------------------------------------------
def rename_module(tree: Path) -> None:
    edit(tree, M1, ("id: MOD-101\n", "id: MOD-111\nwas: MOD-101\n"), ("MOD-101/", "MOD-111/"))
    edit(tree, P, ("modules: [MOD-102, MOD-101]", "modules: [MOD-102, MOD-111]"), ("MOD-101/101-04", "MOD-111/101-04"))
    edit(tree, P, ('modules: [MOD-101, "junior', 'modules: [MOD-111, "junior'))


def test_a_renamed_thing_is_the_same_thing(tree: Path) -> None:
    lab = Activity.objects.get(path="MOD-101/101-04")
    edit(tree, M1, ("id: 101-04\n", "id: 101-99\n    was: 101-04\n"), ("blocks: 101-04", "blocks: 101-99"))
    edit(tree, M1, ("[101-04]", "[101-99]"), ("MOD-101/101-04", "MOD-101/101-99"))
    edit(tree, P, ("MOD-101/101-04", "MOD-101/101-99"))
    applied = release_tree(tree)
    comparison = of(applied, "engineer")
    assert ("lab:MOD-101/101-04", "lab:MOD-101/101-99") in comparison.renamed
    assert not comparison.retired
    lab.refresh_from_db()
    assert lab.path == "MOD-101/101-99"
    assert EntityAlias.objects.get(entity=lab.pk, alias="mod-101/101-04").former
    assert released(release_tree(tree)) == [], "`was:` plans nothing once it is applied"


def test_what_stands_under_a_renamed_thing_moves_along(tree: Path) -> None:
    module, lab = Module.objects.get(key="MOD-101"), Activity.objects.get(path="MOD-101/101-04")
    entities = Entity.objects.count()
    rename_module(tree)
    comparison = of(release_tree(tree), "engineer")
    assert ("module:MOD-101", "module:MOD-111") in comparison.renamed
    assert ("check:MOD-101/101-04/builds", "check:MOD-111/101-04/builds") in comparison.renamed
    assert not comparison.added
    assert not comparison.retired
    assert Entity.objects.count() == entities
    module.refresh_from_db()
    lab.refresh_from_db()
    assert (module.key, lab.path) == ("MOD-111", "MOD-111/101-04")
    former = EntityAlias.objects.filter(entity__in=[module.pk, lab.pk], former=True).values_list("alias", flat=True)
    assert set(former) == {"mod-101", "mod-101/101-04"}
    assert released(release_tree(tree)) == []


def test_a_former_id_stays_an_alias_after_the_next_release(tree: Path) -> None:
    rename_module(tree)
    release_tree(tree)
    edit(tree, M1, ("was: MOD-101\n", ""), ("title: Foundations", "title: Groundwork"))
    release_tree(tree)
    module = Module.objects.get(key="MOD-111")
    assert module.title == "Groundwork"
    assert EntityAlias.objects.get(entity=module.pk, alias="mod-101").former


def test_a_child_renamed_under_a_renamed_parent_is_the_same_thing(tree: Path) -> None:
    reading = Activity.objects.get(path="MOD-101/read")
    rename_module(tree)
    edit(tree, M1, ("{id: read, title", "{id: first, was: read, title"), ("MOD-111/read", "MOD-111/first"))
    release_tree(tree)
    reading.refresh_from_db()
    assert reading.path == "MOD-111/first"


def test_a_thing_that_moves_to_another_parent_is_the_same_thing(tree: Path) -> None:
    quiz = Activity.objects.get(path="MOD-102/quiz")
    text = (tree / M2).read_text()
    head, _, rest = text.partition("quizzes:\n")
    (tree / M2).write_text(head)
    moved = "quizzes:\n" + rest.replace("- id: quiz\n", "- id: quiz\n    was: MOD-102/quiz\n")
    (tree / M1).write_text((tree / M1).read_text() + moved)
    comparison = of(release_tree(tree), "engineer")
    assert ("quiz:MOD-102/quiz", "quiz:MOD-101/quiz") in comparison.renamed
    assert not comparison.retired
    quiz.refresh_from_db()
    assert quiz.module is not None
    assert (quiz.path, quiz.module.key) == ("MOD-101/quiz", "MOD-101")
    parent = Entity.objects.get(pk=quiz.pk).parent
    assert parent is not None
    assert parent.address == "module:MOD-101"


def test_what_programs_share_is_renamed_once(tree: Path) -> None:
    docker = Entity.objects.get(kind="technology", path="docker")
    edit(tree, "catalog/all.yaml", ("{id: docker, title", "{id: docker-engine, was: docker, title"))
    edit(tree, M1, ("{id: docker, purpose", "{id: docker-engine, purpose"), ("{id: docker}", "{id: docker-engine}"))
    applied = release_tree(tree)
    assert released(applied) == [("engineer", 2), ("junior", 2)]
    docker.refresh_from_db()
    assert docker.path == "docker-engine"


def test_an_id_of_something_retired_is_not_taken_by_a_rename(tree: Path) -> None:
    edit(tree, M1, ("  - Second topic\n", ""))
    release_tree(tree)
    edit(tree, M1, ("{id: one, title: First topic", "{id: second-topic, was: one, title: First topic"))
    edit(tree, M1, ("topics: [one]", "topics: [second-topic]"))
    with pytest.raises(ImportRefused) as refused:
        release_tree(tree)
    assert [finding.rule for finding in refused.value.findings] == ["native.former_id_in_use"]
    assert Topic.objects.get(title="First topic").entity.path == "MOD-101/one"


# -- retiring and restoring --------------------------------------------------------------
def test_what_is_gone_is_retired_and_comes_back_as_itself(tree: Path) -> None:
    topic = Entity.objects.get(kind="topic", path="MOD-101/second-topic")
    edit(tree, M1, ("  - Second topic\n", ""))
    comparison = of(release_tree(tree), "engineer")
    assert comparison.retired == ["topic:MOD-101/second-topic"]
    topic.refresh_from_db()
    assert topic.retired_at is not None
    assert Topic.objects.filter(pk=topic.pk).exists(), "nothing is deleted"
    assert "topic:MOD-101/second-topic" not in items("engineer")

    edit(tree, M1, ("topics:\n", "topics:\n  - Second topic\n"))
    comparison = of(release_tree(tree), "engineer")
    assert (comparison.restored, comparison.added) == (["topic:MOD-101/second-topic"], [])
    again = Entity.objects.get(kind="topic", path="MOD-101/second-topic")
    assert (again.pk, again.retired_at) == (topic.pk, None)


def test_a_tree_of_one_program_retires_nothing_of_another(tree: Path) -> None:
    for path in (tree / "junior").iterdir():
        path.unlink()
    release_tree(tree)
    assert not Entity.objects.exclude(retired_at=None).exists()
    assert Release.objects.get(program__slug="junior").number == 1


def test_a_gate_that_pointed_at_what_is_retired_points_at_nothing(tree: Path) -> None:
    edit(tree, M1, ("activity: setup}", 'activity: "later:setup"}'))
    release_tree(tree)
    assert Gate.objects.get().activity_id is None


# -- refusing ----------------------------------------------------------------------------
def test_errors_refuse_the_whole_tree(tmp_path: Path) -> None:
    broken = {**TREE, M1: TREE[M1].replace("title: Foundations", "extra: 1\n        more: 2")}
    with pytest.raises(ImportRefused, match="3 errors stand in the way; nothing was changed") as refused:
        release_tree(write_tree(tmp_path, broken))
    assert (refused.value.status, refused.value.code) == (409, "import_errors")
    assert [finding.rule for finding in refused.value.findings] == ["native.invalid", *["native.unknown_key"] * 2]
    assert not Entity.objects.exists()


def test_a_tree_without_a_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        release_tree(write_tree(tmp_path, {"catalog/all.yaml": TREE["catalog/all.yaml"]}))
    assert [finding.rule for finding in refused.value.findings] == ["native.empty"]


def test_a_projector_that_fails_leaves_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(projection: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("courses.curriculum.projectors.quality.risk", fail)
    edit(tree, M1, ("title: Foundations", "title: Groundwork"), ("text: No cloud quota", "text: No quota"))
    before = (Revision.objects.count(), AuditEntry.objects.count(), FeedEntry.objects.count())
    with pytest.raises(RuntimeError):
        release_tree(tree)
    assert Release.objects.filter(current=True).count() == 2
    assert Release.objects.count() == 2
    assert Module.objects.get(key="MOD-101").title == "Foundations"
    assert (Revision.objects.count(), AuditEntry.objects.count(), FeedEntry.objects.count()) == before
    monkeypatch.undo()
    assert released(release_tree(tree)) == [("engineer", 2)], "and the next apply does it all"


@pytest.mark.parametrize(
    ("file", "text", "remedy"),
    [
        (M1, "id: MOD-101\nwas: [MOD-102]\n", "native.former_id_in_use"),
        (P, "id: engineer\nwas: [old]\n", "native.former_id_of_program"),
    ],
)
def test_a_rename_that_would_be_a_guess_is_refused(tree: Path, file: str, text: str, remedy: str) -> None:
    edit(tree, file, (text.partition("\n")[0] + "\n", text))
    with pytest.raises(ImportRefused) as refused:
        release_tree(tree)
    assert {finding.rule for finding in refused.value.findings} == {remedy}


# -- records -------------------------------------------------------------------------------
def test_each_release_is_audited_and_told(tmp_path: Path) -> None:
    admin = person_make("admin")
    write_tree(tmp_path, TREE)
    curriculum_apply(actor=Actor.person(admin.pk), incoming=Incoming(read_tree(tmp_path, name="tree"), "folder"))
    program = Program.objects.get(slug="engineer")
    entry = AuditEntry.objects.get(subject=f"program:{program.pk}")
    assert (entry.action, entry.person_id, entry.actor_label) == ("curriculum.applied", admin.pk, f"person:{admin.pk}")
    assert entry.details["release"] == 1
    assert "added" in entry.details["summary"]
    told = FeedEntry.objects.get(program_id=program.pk)
    assert (told.type, told.data) == ("program.released", {"release": 1})
    assert Release.objects.get(program=program).made_by == admin


def test_every_entity_keeps_where_it_was_stated(tree: Path) -> None:
    record = ImportRecord.objects.get(entity__path="MOD-101/101-04", release__current=True, entity__kind="lab")
    assert record.source == "test"
    assert record.file.endswith("engineer/mod-101.yaml")
    line = (tree / M1).read_text().splitlines()[record.lines["difficulty"] - 1]
    assert line.strip() == "difficulty: easy"
    assert record.stated["title"] == "An image"


def test_a_program_has_one_current_release(tree: Path) -> None:
    first = Release.objects.get(program__slug="engineer")
    with pytest.raises(IntegrityError, match="release_one_current"), transaction.atomic():
        Release.objects.create(program=first.program, number=2, current=True, digest="x")
    with pytest.raises(IntegrityError, match="release_number_once"), transaction.atomic():
        Release.objects.create(program=first.program, number=1, digest="x")


def test_the_wait_for_other_imports_does_not_stay_on_the_connection(tree: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        release_tree(tree)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "3s"
