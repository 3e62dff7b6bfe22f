"""Manage > Curricula: what the pages say and refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import ImportJob
from courses.services.imports import import_apply
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, given, packed, worked
from tests.courses.planning.support import M1, WHOLE

FAULTY = cast_tree(("modules: [MOD-1, MOD-2]", "modules: [MOD-1, MOD-9]"), only="north/") | cast_tree(only="catalog/")
CHANGED = cast_tree(("title: First steps", "title: First <b>of</b> all"), only="north/") | cast_tree(only="catalog/")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def text(browser: Client, job: ImportJob, query: str = "", name: str = "import_job") -> str:
    answer = browser.get(reverse(name, kwargs={"uuid": job.uuid}) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_files_are_given_and_the_page_follows_until_they_are_planned(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    answer = browser.post(reverse("import_new"), {"given": "files", "files-upload": [packed(CHANGED)]})
    job = ImportJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("import_job", kwargs={"uuid": job.uuid}))
    progress = reverse("import_progress", kwargs={"uuid": job.uuid})
    assert f'hx-get="{progress}?known=waiting" hx-trigger="every 2s"' in text(browser, job)
    worked(job)
    fragment = text(browser, job, "?known=waiting", "import_progress")
    assert "hx-trigger" not in fragment
    assert 'hx-swap-oob="innerHTML:#live">Planned' in fragment
    assert "First steps" in fragment
    assert "First &lt;b&gt;of&lt;/b&gt; all" in fragment, "what was given is text, never markup"
    assert "import.differs" in fragment, "the source that made the program calls it otherwise"
    assert "Nothing is wrong with it." not in fragment


def test_of_what_changes_nothing_nothing_is_wrong(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    same = packed(cast_tree(only="north/") | cast_tree(only="catalog/"))
    browser.post(reverse("import_new"), {"given": "files", "files-upload": [same]})
    assert "Nothing is wrong with it." in text(browser, worked(ImportJob.objects.get()))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"given": "files"}, "This field is required."),
        ({"given": "git", "git-address": "https://me:hush@git.example.test/a.git"}, "a user, a password or a query"),
        ({"given": "git", "git-address": "ftp://git.example.test/a"}, "no address of a repository"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_form(cast: Cast, sent: dict[str, str], said: str) -> None:
    answer = cast.browser("site_admin").post(reverse("import_new"), sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_page_takes_and_shows_the_name_of_the_source(cast: Cast) -> None:
    browser = cast.browser("site_admin")
    for given_by in (
        {"given": "files", "files-upload": [packed(CHANGED)], "files-source": "The team"},
        {"given": "git", "git-address": "https://git.example.test/a.git", "git-source": "The team"},
    ):
        assert browser.post(reverse("import_new"), given_by).status_code == 302
        job = ImportJob.objects.latest("pk")
        assert "Source The team" in text(browser, job)
    answer = browser.post(reverse("import_new"), {**given_by, "git-source": "a\x07b"})
    assert (answer.status_code, "no name of a source" in answer.content.decode()) == (400, True)


def test_there_is_no_other_way_to_give_a_curriculum(cast: Cast, settings: Any) -> None:
    browser = cast.browser("site_admin")
    assert browser.post(reverse("import_new"), {"given": "ftp"}).status_code == 400
    assert "A folder of the server" not in browser.get(reverse("import_new")).content.decode()
    answer = browser.post(reverse("import_new"), {"given": "root", "root-root": "etc"})
    assert answer.status_code == 400
    settings.IMPORT_ROOTS = [Path("/srv/curricula")]
    assert "A folder of the server" in browser.get(reverse("import_new")).content.decode()


def test_findings_have_their_lines_and_can_be_filtered(cast: Cast) -> None:
    browser, job = cast.browser("program_admin"), worked(given(cast.actor("program_admin"), FAULTY))
    shown = text(browser, job)
    assert '<mark class="wm-mark">modules: [MOD-1, MOD-9]</mark>' in shown
    assert "tree.zip!/north/program.yaml" in shown
    hidden = text(browser, job, "?filtered=1&show=info")
    assert "wm-mark" not in hidden
    assert "Nothing of what was chosen." in hidden
    assert text(browser, job, "?start=99999999999").count("wm-mark") == shown.count("wm-mark"), "no number is the start"


def test_errors_block_the_button_and_a_site_admin_may_set_them_aside(cast: Cast) -> None:
    job = worked(given(cast.actor("program_admin"), FAULTY))
    shown = text(cast.browser("program_admin"), job)
    assert 'aria-disabled="true" aria-describedby="apply-why"' in shown
    assert "Apply all the same" not in shown
    assert "Apply all the same" in text(cast.browser("site_admin"), job)
    answer = cast.browser("program_admin").post(
        reverse("import_apply", kwargs={"uuid": job.uuid}), {"plan": job.plan_id}, follow=True
    )
    assert "Errors stand in the way. Mend what they name, and import it again." in answer.content.decode()


def test_a_stale_plan_is_explained_with_the_next_step(cast: Cast) -> None:
    browser, admin = cast.browser("program_admin"), cast.actor("program_admin")
    first = worked(given(admin, CHANGED))
    other = {**CHANGED, "north/program.yaml": str(CHANGED["north/program.yaml"]).replace("of the north", "up north")}
    second = worked(given(admin, other))
    for job in (first, second):
        answer = browser.post(reverse("import_apply", kwargs={"uuid": job.uuid}), {"plan": job.plan_id})
        assert answer.status_code == 302
        worked(job)
    assert "North program, release 2" in text(browser, first)
    shown = text(browser, second)
    assert "This is no longer what it would change" in shown
    assert "Plan again" in shown
    assert 'name="plan"' not in shown, "what is stale is not offered"
    browser.post(reverse("import_again", kwargs={"uuid": second.uuid}))
    assert "This is no longer what it would change" not in text(browser, worked(second))


def test_a_tick_says_that_much_may_be_retired(cast: Cast) -> None:
    browser, admin = cast.browser("site_admin"), cast.actor("site_admin")
    job = worked(given(admin))
    import_apply(actor=admin, job=job, plan_id=job.plan_id)
    worked(job)
    less = worked(given(admin, {name: value for name, value in WHOLE.items() if name != M1}))
    assert "import.retires_much" in text(browser, less)
    browser.post(reverse("import_again", kwargs={"uuid": less.uuid}), {"retire": "yes"})
    shown = text(browser, worked(less))
    assert "import.retires_much" not in shown
    assert 'name="retire" value="yes" class="checkbox checkbox-xs mt-0.5" checked' in shown


def test_a_long_plan_is_turned_page_by_page(cast: Cast) -> None:
    browser, job = cast.browser("site_admin"), worked(given(cast.actor("site_admin")))
    count = sum(len(rows) for rows in job.plan.values() if isinstance(rows, list))
    assert count > 8
    assert f"All {count} changes" in text(browser, job)
    plan = reverse("import_plan", kwargs={"uuid": job.uuid})
    assert browser.get(plan).content.decode().count('<code class="font-medium">') == min(count, 100)
    assert "Nothing would change" in browser.get(f"{plan}?start=5000").content.decode()


def test_releases_of_a_program_are_listed_with_who_made_them(cast: Cast) -> None:
    browser, admin = cast.browser("program_admin"), cast.actor("program_admin")
    job = worked(given(admin, CHANGED))
    import_apply(actor=admin, job=job, plan_id=job.plan_id)
    worked(job)
    shown = browser.get(reverse("curriculum_program", kwargs={"slug": "north"})).content.decode()
    assert shown.index(">Release 2</a>") < shown.index(">Release 1</a>")
    assert "Program admin" in shown
    assert "tree.zip" in shown
    listed = browser.get(reverse("curriculum")).content.decode()
    assert "North program" in listed
    assert "South program" not in listed
    assert "north, release 2" in listed


def test_a_job_closes_when_the_right_to_its_program_ends(cast: Cast) -> None:
    job = worked(given(cast.actor("program_admin"), CHANGED))
    browser = cast.browser("program_admin")
    text(browser, job)
    cast.program_admin.staff_rights.update(program=cast.south)
    assert browser.get(reverse("import_job", kwargs={"uuid": job.uuid})).status_code == 404
    assert job.name not in browser.get(reverse("curriculum")).content.decode()


def test_the_page_is_in_the_language_of_its_reader_and_says_problems_in_it(cast: Cast) -> None:
    type(cast.program_admin).objects.filter(pk=cast.program_admin.pk).update(language="de")
    job = worked(given(cast.actor("program_admin"), cast_tree(only="south/") | cast_tree(only="catalog/")))
    assert job.problem_text.startswith("Es beschreibt Programme, die Sie nicht verwalten: south.")
