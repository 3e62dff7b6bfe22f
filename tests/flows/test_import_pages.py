"""Manage > Curricula in a real browser, with a real worker: given, read, looked at, applied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from courses.models import ImportJob, Module, Release
from tests.cast import DATA, Cast, cast_make
from tests.courses.imports.support import cast_tree, folder_made
from tests.flows.browser import Walk
from tests.workers import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast_make()


def signed_in(walk: Walk, people: Cast, who: str, address: str) -> None:
    client: Client = people.browser(who)
    name = settings.SESSION_COOKIE_NAME
    walk.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def test_a_folder_is_packed_read_live_and_applied(
    people: Cast,
    live_server: Any,
    walk: Callable[..., Walk],
    celery_workers: Callable[..., Worker],
    tmp_path: Path,
) -> None:
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    folder = folder_made(tmp_path / "curricula", {**tree, ".git/config": "secret", "north/.draft.yaml": "kind: no"})
    celery_workers(queues=["imports"])
    window = walk(width=1280, theme="light", base_url=live_server.url)
    signed_in(window, people, "program_admin", live_server.url)
    page = window.page
    page.goto("/manage/curricula/")
    page.get_by_role("link", name="New import").first.click()
    page.get_by_label("Folder", exact=True).set_input_files(str(folder))
    page.get_by_role("button", name="Read the folder", exact=True).click()
    expect(page.get_by_role("heading", name="Findings")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="curricula", level=1)).to_be_visible()
    expect(page.get_by_text("import.differs")).to_be_visible()
    expect(page.get_by_text("First steps")).to_be_visible()
    job = ImportJob.objects.get()
    assert {each["file"] for each in job.report["sources"]} == {f"curricula!/{name}" for name in tree}
    assert (job.errors, job.files) == (0, len(tree)), "nothing that begins with a dot was sent"
    window.assert_finished("import-read")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_role("link", name="North program, release 2")).to_be_visible(timeout=60_000)
    assert Module.objects.get(program=people.north, key="MOD-1").title == "First of all"
    assert Release.objects.get(program=people.north, current=True).source == "curricula"
    window.assert_quiet()


def test_without_scripts_files_can_be_given_and_the_page_says_what_it_waits_for(
    people: Cast, live_server: Any, walk: Callable[..., Walk]
) -> None:
    window = walk(width=360, theme="dark", base_url=live_server.url, java_script_enabled=False)
    signed_in(window, people, "site_admin", live_server.url)
    page = window.page
    page.goto("/manage/curricula/imports/new/")
    expect(page.get_by_role("heading", name="A folder of this computer")).to_be_hidden()
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_text("This field is required.", exact=True)).to_be_visible()
    page.get_by_label("Files", exact=True).set_input_files([str(DATA / "north" / "program.yaml")])
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_text("It begins when a worker is free.")).to_be_visible()
    assert ImportJob.objects.get().arguments == ["program.yaml"]
