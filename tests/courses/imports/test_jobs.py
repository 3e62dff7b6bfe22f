"""Imports as jobs: read, planned, applied, and every way in which one of these ends."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from courses.models import Entity, ImportJob, Module, Release, StaffRight
from courses.services import import_work
from courses.services.import_files import job_folder
from courses.services.import_sweep import job_files_forget, jobs_requeue_expired
from courses.services.import_work import MOST_TRIES, job_claim, job_do, job_end, job_renew
from courses.services.imports import import_again, import_apply, import_repository
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, given, worked
from tests.courses.planning.support import M1, WHOLE, P
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Refused
from waymark.core.models import AuditEntry


def planned(cast: Cast, who: str = "site_admin", **options: Any) -> ImportJob:
    job = worked(given(cast.actor(who), **options))
    assert (job.state, job.problem_text) == ("ready", "")
    return job


def expire() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE courses_importjob SET lease_until = clock_timestamp() - interval '1 s'")


def test_what_is_given_is_read_and_planned_and_then_applied(cast: Cast, silent: list[str]) -> None:
    job = given(cast.actor("site_admin"))
    assert (job.state, job.step, job.name) == ("waiting", "plan", "tree.zip")
    job = worked(job)
    assert (job.state, job.errors, job.programs, job.wide) == ("ready", 0, ["engineer", "junior"], True)
    assert job.plan["id"] == job.plan_id
    assert job.report.keys() == {"sources", "findings"}
    assert (job.files, job.lines) == (len(job.report["sources"]), sum(each["lines"] for each in job.report["sources"]))
    assert {"entity": "module:MOD-101", "title": "Foundations", "file": "tree.zip!/engineer/mod-101.yaml"}.items() <= (
        next(row for row in job.plan["added"] if row["entity"] == "module:MOD-101").items()
    )
    assert not Entity.objects.filter(path="MOD-101").exists(), "a plan changes nothing"
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    job = worked(job)
    assert (job.state, job.problem) == ("applied", "")
    assert sorted(f"{each.program.slug} {each.number}" for each in job.releases.all()) == ["engineer 1", "junior 1"]
    assert {each.made_by for each in job.releases.all()} == {cast.site_admin}
    assert Module.objects.filter(program__slug="engineer", key="MOD-101").exists()
    assert silent == ["imports", "imports"]
    said = AuditEntry.objects.filter(subject=f"import:{job.uuid}").values_list("action", flat=True)
    assert list(said) == ["import.given"]


def test_names_are_those_of_the_giver_and_never_places_of_the_server(cast: Cast, data: Path) -> None:
    job = planned(cast)
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    job = worked(job)
    assert str(data) not in f"{job.report}{job.plan}{job.excerpts}"
    files = {record.file for release in job.releases.all() for record in release.imports.all()}
    assert files
    assert all(each.startswith("tree.zip!/") for each in files)


def test_what_was_given_lies_where_nobody_else_reads(cast: Cast, data: Path) -> None:
    job = given(cast.actor("site_admin"))
    folder = job_folder(job.uuid)
    assert folder.is_relative_to(data)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, folder / "tree.zip")] == [0o700, 0o600]


def test_applying_is_asked_for_once(cast: Cast, silent: list[str]) -> None:
    job, admin = planned(cast), cast.actor("site_admin")
    import_apply(actor=admin, job=job, plan_id=job.plan_id)
    import_apply(actor=admin, job=job, plan_id=job.plan_id)
    assert silent == ["imports", "imports"]
    assert worked(job).state == "applied"
    assert import_apply(actor=admin, job=job, plan_id=job.plan_id).state == "applied"
    assert not job_do(worker="test"), "nothing waits"
    assert Release.objects.filter(program__slug="engineer").count() == 1


def test_a_plan_that_is_not_this_ones_is_refused(cast: Cast) -> None:
    job = planned(cast)
    with pytest.raises(Refused) as refused:
        import_apply(actor=cast.actor("site_admin"), job=job, plan_id="another")
    assert refused.value.code == "import_stale"


def test_a_plan_that_is_stale_by_now_is_not_applied_and_can_be_made_again(cast: Cast) -> None:
    admin = cast.actor("program_admin")
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    first = planned(cast, "program_admin", files=tree)
    second = planned(cast, "program_admin", files={**tree, "north/program.yaml": "".join(
        str(tree["north/program.yaml"]).replace("of the north", "of the far north")
    )})  # fmt: skip
    for job in (first, second):
        import_apply(actor=admin, job=job, plan_id=job.plan_id)
        worked(job)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.problem) == ("applied", "ready", "import_stale")
    assert "Plan again" in second.problem_text
    again = worked(import_again(actor=admin, job=second))
    assert (again.state, again.problem) == ("ready", "")
    assert {row["entity"] for row in again.plan["changed"]} == {"program:north"}
    import_apply(actor=admin, job=again, plan_id=again.plan_id)
    assert worked(again).state == "applied"


def test_errors_are_reported_with_their_lines_and_nothing_can_be_applied(cast: Cast) -> None:
    tree = cast_tree(only="catalog/") | cast_tree(("modules: [MOD-1, MOD-2]", "modules: [MOD-1, MOD-9]"), only="north/")
    job = worked(given(cast.actor("site_admin"), tree))
    assert job.state == "ready"
    assert job.errors > 0
    place = next(n for n, each in enumerate(job.report["findings"]) if "MOD-9" in each["message"])
    rows = job.excerpts[place]["rows"]
    (hit,) = [row for row in rows if row["hit"]]
    assert (hit["before"], hit["mark"], hit["after"]) == ("", "modules: [MOD-1, MOD-9]", "")
    with pytest.raises(Refused) as refused:
        import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    assert refused.value.code == "import_errors"


def test_a_secret_is_in_nothing_that_is_kept_for_the_page(cast: Cast) -> None:
    secret, body = "AKIAIOSFODNN7ABCDEFG", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA"
    readme = f"See [it](gone.md).\n-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
    roadmap = (
        "# MOD-1\n\n## 1. Overview\n\n- **Module ID**: MOD-1\n- **Title**: First module\n"
        f"- **Duration**: {secret}\n- **Prerequisites**: MOD-99\n"
    )
    roadmap += f"\n## Notes\n\n{readme}"
    job = worked(given(cast.actor("site_admin"), {"a/roadmap.md": roadmap}))
    (found,) = [each for each in job.report["findings"] if each["rule"] == "hygiene.secret"]
    assert len(found["related"]) == 1, "both"
    assert secret not in f"{job.report}{job.excerpts}"
    assert body not in f"{job.report}{job.excerpts}"


# -- who -----------------------------------------------------------------------------
def test_admins_import_into_their_programs_and_nothing_else(cast: Cast) -> None:
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    mine = planned(cast, "program_admin", files=tree)
    assert (mine.programs, mine.wide) == (["north"], False)
    theirs = worked(given(cast.actor("other_program_admin"), tree))
    assert (theirs.state, theirs.problem) == ("failed", "not_yours")
    assert "north" in theirs.problem_text
    assert theirs.plan is None
    assert "First of all" not in str(theirs.report), "what the others have is not said"


@pytest.mark.parametrize(
    ("old", "new"), [("title: North program", "id: new\ntitle: New"), ("label: Junior", "label: Beginner")]
)
def test_new_programs_and_what_programs_share_are_for_site_admins(cast: Cast, old: str, new: str) -> None:
    tree = cast_tree((old, new), ("\nid: north\nid: new", "\nid: new"), only="north/")
    tree |= cast_tree((old, new), only="catalog/")
    assert tree != cast_tree(only="north/") | cast_tree(only="catalog/")
    job = worked(given(cast.actor("program_admin"), tree))
    assert (job.state, job.problem, job.plan) == ("failed", "not_yours", None)
    wide = worked(given(cast.actor("site_admin"), tree))
    assert (wide.state, wide.wide) == ("ready", True)


@pytest.mark.parametrize("who", ["learner", "instructor", "stranger"])
def test_others_import_nothing(cast: Cast, who: str, data: Path) -> None:
    with pytest.raises(Forbidden):
        given(cast.actor(who))
    assert not data.exists()


def test_a_right_that_ended_meanwhile_applies_nothing(cast: Cast) -> None:
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    job = planned(cast, "program_admin", files=tree)
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    StaffRight.objects.filter(person=cast.program_admin).update(program=cast.south)
    job = worked(job)
    assert (job.state, job.problem) == ("ready", "not_yours")
    assert not Module.objects.filter(title="First of all").exists()


def test_a_client_imports_inside_its_limit(cast: Cast) -> None:
    client = cast.actor("limited_client")
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    job = worked(given(client, tree))
    assert (job.state, job.client_id, job.person_id) == ("ready", cast.limited_client.pk, None)
    import_apply(actor=client, job=job, plan_id=job.plan_id)
    job = worked(job)
    assert (job.state, job.problem_text) == ("applied", "")
    outside = worked(given(client, cast_tree(only="south/") | cast_tree(only="catalog/")))
    assert (outside.state, outside.problem) == ("failed", "not_yours")
    again = planned_by_client(client, tree)
    type(cast.limited_client).objects.update(revoked_at=timezone.now() + timedelta(seconds=1))
    import_apply(actor=client, job=again, plan_id=again.plan_id)
    assert worked(again).problem == "not_yours", "a client that was revoked meanwhile"


def planned_by_client(client: Actor, tree: dict[str, str | bytes]) -> ImportJob:
    job = worked(given(client, tree))
    assert job.state == "ready"
    return job


# -- how it ends ----------------------------------------------------------------------
def test_a_step_whose_worker_is_gone_is_taken_up_again_at_most_three_times(cast: Cast) -> None:
    job = given(cast.actor("site_admin"))
    for tries in range(1, MOST_TRIES + 1):
        claim = job_claim(worker="gone")
        assert claim is not None
        assert jobs_requeue_expired() == 0, "its lease holds"
        expire()
        assert jobs_requeue_expired() == 1
        assert not job_renew(claim), "it is no longer the first one's"
        job.refresh_from_db()
        assert job.state == ("waiting" if tries < MOST_TRIES else "failed")
    assert (job.problem, job.problem_text) == ("worker_lost", "The worker ended 3 times in the middle of it.")
    again = worked(import_again(actor=cast.actor("site_admin"), job=job))
    assert (again.state, again.tries) == ("ready", 1)


def test_a_worker_that_lost_its_lease_while_applying_changes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = planned(cast)
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    whole = import_work.curriculum_apply

    def slow(**options: Any) -> Any:
        applied = whole(**options)
        ImportJob.objects.update(claim=99)
        return applied

    with monkeypatch.context() as patch:
        patch.setattr(import_work, "curriculum_apply", slow)
        job_do(worker="slow")
    assert not Release.objects.filter(program__slug="engineer").exists()
    ImportJob.objects.update(state="waiting", lease_until=None)
    assert worked(job).state == "applied"


@pytest.mark.parametrize(("fault", "problem"), [(KeyError("x"), "broke_down"), (SoftTimeLimitExceeded(), "too_long")])
def test_whatever_happens_the_job_says_how_it_ended(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, problem: str
) -> None:
    def broken(*arguments: Any, **options: Any) -> Any:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(import_work, "plan_run", broken)
        failed = worked(given(cast.actor("site_admin")))
    assert (failed.state, failed.problem) == ("failed", problem)
    assert failed.problem_text.endswith(".")
    job = planned(cast)
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    with monkeypatch.context() as patch:
        patch.setattr(import_work, "curriculum_apply", broken)
        job = worked(job)
    assert (job.state, job.problem) == ("ready", problem), "what was planned stands, and can be tried again"


def test_a_second_worker_takes_another_job_and_none_twice(cast: Cast) -> None:
    first, second = given(cast.actor("site_admin")), given(cast.actor("program_admin"), name="b.zip")
    claims = [job_claim(worker=name) for name in "ab"]
    assert [claim.job_id for claim in claims if claim] == [first.pk, second.pk]
    assert job_claim(worker="c") is None
    assert claims[0] is not None
    assert job_end(claims[0], problem="x", text="y")
    assert not job_end(claims[0], problem="x", text="y"), "once"


def test_files_go_after_a_week_or_with_the_release_and_the_report_stays(cast: Cast) -> None:
    old, applied, fresh = planned(cast), planned(cast), planned(cast)
    import_apply(actor=cast.actor("site_admin"), job=applied, plan_id=applied.plan_id)
    worked(applied)
    ImportJob.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert job_files_forget() == 2
    assert job_files_forget() == 0
    assert [job_folder(each.uuid).exists() for each in (old, applied, fresh)] == [False, False, True]
    old.refresh_from_db()
    assert old.report
    for ask in (
        lambda: import_again(actor=cast.actor("site_admin"), job=old),
        lambda: import_apply(actor=cast.actor("site_admin"), job=old, plan_id=old.plan_id),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == "files_gone"


def test_files_that_vanish_are_said_to_be_gone(cast: Cast) -> None:
    job = given(cast.actor("site_admin"))
    (job_folder(job.uuid) / "tree.zip").unlink()
    job_folder(job.uuid).rmdir()
    job = worked(job)
    assert (job.state, job.problem, job.problem_text) == (
        "failed", "files_gone", "The files of this import are gone. Give them again.",
    )  # fmt: skip


def test_five_imports_of_one_maker_may_be_under_way(cast: Cast) -> None:
    for number in range(5):
        given(cast.actor("site_admin"), name=f"{number}.zip")
    with pytest.raises(Refused) as refused:
        import_repository(actor=cast.actor("site_admin"), address="https://git.example.test/a.git")
    assert refused.value.code == "imports_under_way"
    given(cast.actor("program_admin"))
    assert ImportJob.objects.count() == 6


def test_retiring_much_is_an_error_until_somebody_says_that_it_is_meant(cast: Cast) -> None:
    admin = cast.actor("site_admin")
    job = planned(cast)
    import_apply(actor=admin, job=job, plan_id=job.plan_id)
    assert worked(job).state == "applied"
    less = {name: text for name, text in WHOLE.items() if name != M1}
    less[P] = less[P].replace("MOD-101", "MOD-102")
    job = worked(given(admin, {**less}))
    assert "import.retires_much" in {each["rule"] for each in job.report["findings"]}
    page = cast.browser("site_admin").get(reverse("import_job", args=[job.uuid])).content.decode()
    assert "1 of them cannot be set aside; it says what to do instead." in page
    assert page.count("It cannot be set aside.") == 1
    assert "Apply all the same" not in page, "it would be refused"
    before = job.errors
    job = worked(import_again(actor=admin, job=job, retire=True))
    assert (job.errors, job.retire) == (before - 1, True)
    assert "import.retires_much" not in {each["rule"] for each in job.report["findings"]}
    assert "module:MOD-101" in {each["entity"] for each in job.plan["retired"]}


def test_a_site_admin_sets_errors_aside_with_a_reason_for_one_apply(cast: Cast) -> None:
    tree = cast_tree(only="catalog/") | cast_tree(only="north/")
    needs = "requirements:\n  - {to: MOD-77, strength: needs}\n"
    tree["north/module-1.yaml"] = f"{tree['north/module-1.yaml']}{needs}"
    job = worked(given(cast.actor("program_admin"), tree))
    assert (job.state, job.errors) == ("ready", 1), job.report["findings"]
    with pytest.raises(Forbidden):
        import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id, override="Because.")
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id, override="MOD-77 comes next week.")
    job = worked(job)
    assert (job.state, job.problem_text) == ("applied", "")
    (entry,) = AuditEntry.objects.filter(action="curriculum.applied", reason="MOD-77 comes next week.")
    assert entry.person == cast.site_admin
    page = cast.browser("site_admin").get(reverse("import_job", args=[job.uuid])).content.decode()
    assert "Errors were set aside for it: MOD-77 comes next week." in page
    assert "Set aside when it was applied" in page
    assert "To be corrected or settled first" not in page
