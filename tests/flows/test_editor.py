"""The editor of a lab's files in a real browser: typed, handed in, left by keyboard, and absent without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from assessments.models import StarterFile, Submission
from assessments.submissions.blobs import BLOBS
from courses.models import Enrolment
from courses.services.enrolment import enrolment_start
from grading.policy.compile import rules_forget
from grading.structure import structure_forget
from tests.flows.browser import THEMES, WIDTHS, Walk, leave
from tests.flows.scene import JUNIOR, begun_module, curriculum_load, person_make
from waymark.core import ring
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)

LAB = f"/learn/programs/{JUNIOR}/activities/MOD-001/retry/"
SETTINGS = "settings/pauses.yaml"
SHIFTS = """
window.shifts = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shifts += entry.value; })
    .observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def enrolment(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enrolment]:
    """A learner before a lab of two files; no worker grades what is handed in."""
    monkeypatch.setattr(ring, "ring", lambda queue: False)
    structure_forget()
    rules_forget()
    program = curriculum_load()[JUNIOR]
    learner = person_make("Typing Learner")
    enrolment = enrolment_start(actor=Actor.system(), learner=learner, program=program)
    begun_module(enrolment)
    first = StarterFile.objects.get(lab__activity__path="MOD-001/retry", lab__activity__program=program)
    StarterFile.objects.create(lab=first.lab, path=SETTINGS, content="base: 1\ncap: 10\n", position=first.position + 1)
    yield enrolment
    structure_forget()
    rules_forget()


def entered(window: Walk, live_server: Any, enrolment: Enrolment) -> Page:
    """The page of the lab, opened by its learner; the answer is kept for its headers."""
    client = Client()
    client.force_login(enrolment.learner)
    name = settings.SESSION_COOKIE_NAME
    window.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    window.page.add_init_script(SHIFTS)
    window.page.goto(live_server.url + LAB)
    return window.page


def editor(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def handed_in() -> dict[str, str]:
    """Files of the one submission there is, as text."""
    submission = Submission.objects.get()
    return {each.name: BLOBS.read(each.blob_id).decode() for each in submission.files.all()}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_what_is_typed_is_handed_in(
    enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk], width: int, theme: str
) -> None:
    window = walk(width=width, theme=theme)
    page = entered(window, live_server, enrolment)
    code = editor(page, "retry.py")
    expect(code.locator(".tok-keyword", has_text="raise")).to_have_count(1)
    code.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("def plan(answers, attempts, base, cap):\nreturn []")
    expect(code.locator(".cm-line").last).to_have_text("    return []")
    editor(page, SETTINGS).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("most: 5")
    assert page.evaluate("window.shifts") < 0.01
    window.assert_finished("editor")
    leave(page.get_by_role("button", name="Hand in this text"))
    assert handed_in() == {
        "retry.py": "def plan(answers, attempts, base, cap):\n    return []",
        SETTINGS: "base: 1\ncap: 10\nmost: 5",
    }
    window.assert_quiet()


def test_the_keyboard_gets_in_and_out(enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk]) -> None:
    window = walk()
    page = entered(window, live_server, enrolment)
    code, other = editor(page, "retry.py"), editor(page, SETTINGS)
    expect(code).to_have_accessible_description("Tab indents. To leave the editor, press Escape, then Tab.")
    page.locator("label", has_text="retry.py").click()
    expect(code).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    expect(code).to_be_focused()
    expect(code.locator(".cm-line").first).to_have_text(re.compile("^    def plan"))
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(other).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    expect(other.locator(".cm-line").first).to_have_text("  base: 1")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(code).to_be_focused()
    page.keyboard.type("?")  # no shortcut while one types
    assert page.url.endswith(LAB)


def test_without_scripts_it_is_a_plain_field(enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk]) -> None:
    window = walk(java_script_enabled=False)
    page = entered(window, live_server, enrolment)
    field = page.get_by_label("retry.py")
    expect(field).to_be_visible()
    expect(page.get_by_text("To leave the editor")).to_be_hidden()
    field.fill("def plan(): ...")
    leave(page.get_by_role("button", name="Hand in this text"))
    assert handed_in() == {"retry.py": "def plan(): ...", SETTINGS: "base: 1\ncap: 10\n"}


def test_styles_by_script_are_allowed_where_the_editor_is_only(enrolment: Enrolment, client: Client) -> None:
    client.force_login(enrolment.learner)
    page = client.get(LAB)
    [nonce] = re.findall(r"style-src 'self' 'nonce-([^']+)'", page["Content-Security-Policy"])
    assert f'nonce="{nonce}"' in page.content.decode()
    assert nonce not in client.get(LAB)["Content-Security-Policy"]
    other = client.get(f"/learn/programs/{JUNIOR}/")
    assert "style-src 'self';" in other["Content-Security-Policy"] + ";"
    assert "editor.js" not in other.content.decode()


COLOURED = {
    "main.tf": (
        '# one bucket\nresource "store" "a" {\n  name = "x-\\"1\\"" # said\n  size = 3\n  on = true\n'
        "  /* two\n  lines */\n"
        "  note = <<-EOT\n    region = 1\n  EOT\n}\n",
        {
            "comment": ["# one bucket", "# said", "/* two", "  lines */"], "keyword": ["resource"],
            "propertyName": ["name", "size", "on", "note"], "number": ["3"], "atom": ["true"],
            "string": ['"store"', '"a"', '"x-\\"1\\""', "<<-EOT", "    region = 1", "  EOT"],
        },
    ),
    "query.sql": (
        "SELECT \"from\", 2.5 -- where\nfrom jobs /* group\nby */ where team = 'a\nb'\n",
        {
            "keyword": ["SELECT", "from", "where"], "number": ["2.5"], "variableName": ['"from"', "jobs", "team"],
            "comment": ["-- where", "/* group", "by */"], "string": ["'a", "b'"],
        },
    ),
    "Dockerfile.test": ("FROM debian\n# why\n", {"keyword": ["FROM"], "comment": ["# why"]}),
}  # fmt: skip


def test_colours_go_by_the_name_of_a_file(enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk]) -> None:
    first = StarterFile.objects.get(path=SETTINGS)
    for number, (name, (text, _)) in enumerate(COLOURED.items(), first.position + 1):
        StarterFile.objects.create(lab=first.lab, path=name, content=text, position=number)
    page = entered(walk(), live_server, enrolment)
    for name, (_, expected) in COLOURED.items():
        code = editor(page, name)
        expect(code.locator(".tok-comment").first).to_be_visible()
        found = {kind: code.locator(f".tok-{kind}").all_text_contents() for kind in expected}
        assert found == expected, name
