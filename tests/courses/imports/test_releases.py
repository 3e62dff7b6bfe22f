"""The releases of a program: what each changed, what two differ in, and the way back to one."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import ImportJob, ImportRecord, Module, Release
from courses.services.import_sweep import job_files_forget
from courses.services.imports import import_again, import_apply, import_release
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, given, worked
from tests.courses.imports.test_api import asked, code
from waymark.core.errors import Forbidden, Missing
from waymark.core.models import AuditEntry

NORTH = "/api/v1/programs/north/releases/"
RETITLED = ("title: First steps", "title: First of all")


def applied(cast: Cast, *changes: tuple[str, str], who: str = "program_admin") -> ImportJob:
    """A release of *north* with *changes*."""
    tree = cast_tree(*changes, only="north/") | cast_tree(only="catalog/")
    job = worked(given(cast.actor(who), tree))
    import_apply(actor=cast.actor(who), job=job, plan_id=job.plan_id)
    job = worked(job)
    assert job.state == "applied", job.problem_text
    return job


def gone_back(cast: Cast, number: int, who: str = "program_admin") -> ImportJob:
    """An import that plans going back to release *number* of *north*."""
    return worked(import_release(actor=cast.actor(who), program=cast.north, number=number))


# -- what there is --------------------------------------------------------------------
def test_a_release_says_what_it_changed_in_figures_and_of_which_import_it_is(cast: Cast) -> None:
    job = applied(cast, RETITLED)
    status, page = asked(cast, "program_admin", "GET", NORTH)
    assert status == 200
    second, first = page["items"]
    assert (second["number"], second["current"], second["base"], second["restores"]) == (2, True, 1, None)
    assert (second["source"], second["imports"]) == ("tree.zip", [str(job.uuid)])
    assert second["made_by"] == {"kind": "person", "id": str(cast.program_admin.uuid)}
    assert (second["figures"]["changed"], second["figures"]["added"]) == (1, 0)
    assert (first["number"], first["current"], first["base"]) == (1, False, None)
    assert first["figures"]["added"] > 5
    assert second["figures"]["unchanged"] == first["figures"]["added"] - 1
    shown = cast.browser("program_admin").get(reverse("curriculum_program", args=["north"])).content.decode()
    assert reverse("import_job", args=[job.uuid]) in shown
    assert cast.program_admin.display_name in shown


def test_imports_of_others_are_not_named_with_a_release(cast: Cast) -> None:
    applied(cast, RETITLED, who="site_admin")
    _, page = asked(cast, "program_admin", "GET", NORTH)
    assert page["items"][0]["imports"] == []
    _, page = asked(cast, "site_admin", "GET", NORTH)
    assert len(page["items"][0]["imports"]) == 1


def test_what_a_client_made_is_the_clients(cast: Cast) -> None:
    applied(cast, RETITLED, who="limited_client")
    _, page = asked(cast, "program_admin", "GET", NORTH)
    assert page["items"][0]["made_by"] == {"kind": "client", "id": cast.limited_client.pk}


def test_a_release_is_set_beside_any_other(cast: Cast) -> None:
    applied(cast, RETITLED)
    applied(cast, ("title: First steps", "title: The first"), ("of the north", "of the far north"))
    shown = {
        against: {
            (each["field"], each["from"], each["to"])
            for each in asked(cast, "program_admin", "GET", f"{NORTH}3/changes/{against}")[1]["changes"]["changed"]
        }
        for against in ("", "?against=1")
    }
    assert ("title", "First of all", "The first") in shown[""]
    assert ("title", "First steps", "The first") in shown["?against=1"]
    _, back = asked(cast, "program_admin", "GET", f"{NORTH}1/changes/?against=3")
    assert (back["release"], back["against"]) == (1, 3)
    assert ("title", "The first", "First steps") in {
        (each["field"], each["from"], each["to"]) for each in back["changes"]["changed"]
    }
    assert back["changes"].keys().isdisjoint({"id", "impact"})


def test_what_comes_and_goes_between_releases_is_added_retired_and_back_again(cast: Cast) -> None:
    lab = next(name for name in cast_tree(only="north/") if "module-2" in name)
    tree = cast_tree(only="north/") | cast_tree(only="catalog/")
    less = {**tree, "north/program.yaml": str(tree["north/program.yaml"]).replace("[MOD-1, MOD-2]", "[MOD-1]")}
    del less[lab]
    ImportRecord.objects.all().delete()  # no other source states it still
    numbers = []
    for files, retire in ((tree, False), (less, True), (tree, False)):
        job = worked(given(cast.actor("site_admin"), files))
        if retire:
            job = worked(import_again(actor=cast.actor("site_admin"), job=job, retire=True))
        assert job.errors == 0, job.report["findings"]
        import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
        assert worked(job).state == "applied"
        numbers.append(Release.objects.get(program=cast.north, current=True).number)
    whole, lesser, again = numbers

    def changes(path: str) -> dict[str, set[str]]:
        shown = asked(cast, "site_admin", "GET", f"{NORTH}{path}")[1]["changes"]
        return {
            name: {each["entity"] for each in shown[name]} for name in ("added", "changed", "retired", "restored")
        }  # fmt: skip

    first, gone, back = changes("1/changes/"), changes(f"{lesser}/changes/"), changes(f"{again}/changes/")
    assert "module:MOD-2" in first["added"]
    assert first["retired"] == set()
    assert "module:MOD-2" in gone["retired"]
    assert "module:MOD-2" in back["restored"]
    assert back["added"] == set()
    assert not any(changes(f"{again}/changes/?against={whole}").values())


def test_what_has_another_id_is_renamed_and_not_another_thing(cast: Cast) -> None:
    applied(cast, ("{id: read, title: Read this", "{id: intro, was: read, title: Read this"))
    _, changes = asked(cast, "program_admin", "GET", f"{NORTH}2/changes/")
    assert {(each["was"], each["entity"]) for each in changes["changes"]["renamed"]} >= {
        ("reading:MOD-1/read", "reading:MOD-1/intro")
    }
    assert not any(changes["changes"][name] for name in ("added", "retired", "restored"))
    _, back = asked(cast, "program_admin", "GET", f"{NORTH}1/changes/?against=2")
    assert ("reading:MOD-1/intro", "reading:MOD-1/read") in {
        (each["was"], each["entity"]) for each in back["changes"]["renamed"]
    }


@pytest.mark.parametrize(
    ("path", "answer"),
    [("7/changes/", (404, "not_found")), ("1/changes/?against=1", (404, "not_found")),
     ("1/changes/?against=x", (400, "parameter_invalid")), ("1/changes/?with=1", (400, "parameter_unknown"))],
)  # fmt: skip
def test_a_release_that_is_not_there_is_missing(cast: Cast, path: str, answer: tuple[int, str]) -> None:
    assert code(asked(cast, "program_admin", "GET", f"{NORTH}{path}")) == answer


def test_the_page_of_a_release_shows_before_and_after(cast: Cast) -> None:
    applied(cast, RETITLED)
    browser = cast.browser("program_admin")
    shown = browser.get(reverse("curriculum_release", args=["north", 2])).content.decode()
    assert "What is different from release 1" in shown
    assert "First steps" in shown
    assert "First of all" in shown
    assert "This release is current" in shown
    older = browser.get(reverse("curriculum_release", args=["north", 1]), {"against": "2"}).content.decode()
    assert "Plan going back to it" in older
    assert browser.get(reverse("curriculum_release", args=["north", 1]), {"against": "8"}).status_code == 404


def test_lists_and_differences_take_the_same_number_of_queries_however_much_there_is(cast: Cast) -> None:
    def counts() -> list[int]:
        found = []
        for path in (NORTH, f"{NORTH}2/changes/"):
            asked(cast, "program_admin", "GET", path)
            with CaptureQueriesContext(connection) as queries:
                assert asked(cast, "program_admin", "GET", path)[0] == 200
            found.append(len(queries))
        return found

    applied(cast, RETITLED)
    few = counts()
    for number in range(3):
        applied(cast, ("title: First steps", f"title: Steps {number}"))
    assert counts() == few


# -- back -----------------------------------------------------------------------------
def test_going_back_is_planned_looked_at_and_applied(cast: Cast) -> None:
    applied(cast, RETITLED)
    status, card = asked(cast, "program_admin", "POST", f"{NORTH}1/rollback/")
    assert (status, card["given"], card["state"]) == (202, "release", "waiting")
    job = worked(ImportJob.objects.get(uuid=card["id"]))
    assert (job.state, job.programs, job.wide, job.errors) == ("ready", ["north"], False, 0)
    assert [each["to"] for each in job.plan["changed"]] == ["First steps"]
    assert job.plan["impact"].keys() >= {"learners", "grades_changed"}
    browser = cast.browser("program_admin")
    shown = browser.get(reverse("import_job", args=[job.uuid])).content.decode()
    assert "Back to release 1 of north" in shown
    assert "Learners concerned" in shown
    assert "Findings" not in shown
    browser.post(reverse("import_apply", args=[job.uuid]), {"plan": job.plan_id})
    job = worked(job)
    assert (job.state, job.problem_text) == ("applied", "")
    assert Module.objects.get(program=cast.north, key="MOD-1").title == "First steps"
    third = Release.objects.get(program=cast.north, current=True)
    assert (third.number, third.restores.number, third.made_by) == (3, 1, cast.program_admin)
    entry = AuditEntry.objects.get(action="curriculum.applied", details__release=3, subject=f"program:{cast.north.pk}")
    assert (entry.person, entry.details["restores"]) == (cast.program_admin, 1)
    listed = browser.get(reverse("curriculum_program", args=["north"])).content.decode()
    assert "Back to release 1" in listed


def test_the_same_tree_can_be_applied_again_afterwards(cast: Cast) -> None:
    applied(cast, RETITLED)
    job = gone_back(cast, 1)
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    worked(job)
    applied(cast, RETITLED)
    assert Module.objects.get(program=cast.north, key="MOD-1").title == "First of all"


def test_a_plan_to_go_back_that_is_stale_is_not_applied(cast: Cast) -> None:
    applied(cast, RETITLED)
    job = gone_back(cast, 1)
    applied(cast, ("title: First steps", "title: The first"))
    browser = cast.browser("program_admin")
    browser.post(reverse("import_apply", args=[job.uuid]), {"plan": job.plan_id})
    job = worked(job)
    assert (job.state, job.problem) == ("ready", "import_stale")
    shown = browser.get(reverse("import_job", args=[job.uuid])).content.decode()
    assert "Another release is current by now" in shown
    again = worked(import_again(actor=cast.actor("program_admin"), job=job))
    assert [each["from"] for each in again.plan["changed"]] == ["The first"]


def test_the_current_release_so_also_a_first_one_is_nothing_to_go_back_to(cast: Cast) -> None:
    assert code(asked(cast, "program_admin", "POST", f"{NORTH}1/rollback/")) == (409, "nothing_to_roll_back")
    browser = cast.browser("program_admin")
    first = browser.get(reverse("curriculum_release", args=["north", 1])).content.decode()
    assert "The first release cannot be rolled back" in first
    assert "The first release cannot be rolled back" in browser.get(
        reverse("curriculum_program", args=["north"])
    ).content.decode()  # fmt: skip
    answer = browser.post(reverse("curriculum_rollback", args=["north", 1]), follow=True)
    assert "This release is current." in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_who_may_not_import_goes_back_to_nothing(cast: Cast) -> None:
    applied(cast, RETITLED)
    with pytest.raises(Forbidden):
        import_release(actor=cast.actor("instructor"), program=cast.north, number=1)
    with pytest.raises(Missing):
        import_release(actor=cast.actor("site_admin"), program=cast.north, number=5)
    job = gone_back(cast, 1, who="program_admin")
    other: tuple[int, Any] = asked(cast, "other_program_admin", "GET", f"/api/v1/imports/{job.uuid}/")
    assert code(other) == (404, "not_found")


def test_going_back_over_what_programs_share_is_for_site_admins(cast: Cast) -> None:
    changed = cast_tree(only="north/") | cast_tree(("label: Junior", "label: Beginner"), only="catalog/")
    job = worked(given(cast.actor("site_admin"), changed))
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    assert worked(job).state == "applied"
    mine = gone_back(cast, 1)
    assert (mine.state, mine.problem, mine.plan) == ("failed", "not_yours", None)
    assert gone_back(cast, 1, who="site_admin").wide


def test_a_way_back_stays_open_for_longer_than_files_do(cast: Cast) -> None:
    applied(cast, RETITLED)
    job_files_forget()
    job = gone_back(cast, 1)
    ImportJob.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=30))
    assert job_files_forget() == 0
    job.refresh_from_db()
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    assert worked(job).state == "applied"


# -- taking it out ----------------------------------------------------------------------
def test_what_is_exported_by_the_api_and_the_page_imports_as_no_change(cast: Cast) -> None:
    applied(cast, RETITLED)
    by_page = cast.browser("program_admin").get(reverse("program_export", args=["north"]))
    by_api = cast.browser("program_admin").get("/api/v1/programs/north/export/")
    assert (by_page.status_code, by_api.status_code) == (200, 200)
    assert by_page.content == by_api.content
    assert by_api.headers["Content-Type"] == "application/zip"
    assert 'filename="north.zip"' in by_api.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(by_api.content)) as archive:
        tree: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    assert any(b"First of all" in bytes(content) for content in tree.values())
    job = worked(given(cast.actor("program_admin"), tree))
    assert (job.state, job.problem) == ("ready", "")
    assert job.plan is not None
    assert [job.plan[kind] for kind in ("added", "changed", "retired", "renamed")] == [[], [], [], []]
