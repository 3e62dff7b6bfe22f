"""In German, whose words are longer, the pages still fit a phone and read well, and say what is in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from courses.models import Activity, Module, Objective, Program, Topic
from grading.policy.compile import rules_forget
from grading.selectors.policy_about import policy_about
from grading.structure import structure_forget
from tests.flows.browser import Walk
from tests.flows.scene import JUNIOR, scene_make
from waymark.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

LEARN = ("/learn/", f"/learn/programs/{JUNIOR}/", f"/learn/programs/{JUNIOR}/modules/MOD-002/",
         f"/learn/programs/{JUNIOR}/activities/MOD-002/quiz/", f"/learn/grades/{JUNIOR}/", "/catalogue/",
         f"/catalogue/{JUNIOR}/", "/account/", "/account/tokens/", "/accounts/2fa/")  # fmt: skip
STAFF = ("/manage/people/", "/teach/joining/", "/manage/clients/", "/help/")


NOT_MARKED = """names => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faults = [], seen = [];
    while (walker.nextNode()) {
        const node = walker.currentNode, text = node.textContent;
        if (node.parentElement.closest('script, style, template, title')) continue;
        const name = names.find(each => text.includes(each));
        if (!name) continue;
        seen.push(name);
        if (node.parentElement.closest('[lang]').getAttribute('lang') !== 'en') faults.push(text.trim());
    }
    return [faults, seen.length];
}"""
"""Texts that hold a name of the curriculum and are not said to be in its language; and how many hold one."""


def named_in_english() -> list[str]:
    """What the curriculum says on pages: names, rules, objectives, summaries, topics and the words of questions."""
    program = Program.objects.get(slug=JUNIOR)
    texts = [program.title, program.summary, program.audience]
    for rows, *columns in (
        (Module.objects.filter(program=program), "title", "summary"),
        (Activity.objects.filter(program=program), "title", "summary"),
        (Objective.objects.filter(owner__program=program), "text"),
        (Topic.objects.filter(module__program=program), "title"),
    ):
        texts += [text for row in rows.values_list(*columns) for text in row]
    policy = policy_about(program)
    assert policy is not None
    texts += [*policy.binding, *policy.advice]
    return sorted({text for text in texts if len(text) > 7}, key=len, reverse=True)


def test_pages_fit_a_phone_in_german(walk: Callable[..., Walk], live_server: Any) -> None:
    structure_forget()
    rules_forget()
    scene = scene_make()
    User.objects.update(language="de")
    faults = []
    names = named_in_english()
    learner = [
        *LEARN,
        scene.attempts["open"].get_absolute_url(),
        f"/learn/attempts/{scene.attempts['passed'].uuid}/result/",
        f"/catalogue/{JUNIOR}/leave/",
        f"/learn/programs/{JUNIOR}/activities/MOD-002/03-administration/",
        f"/learn/programs/{JUNIOR}/activities/MOD-001/retry/",
        scene.submissions["partly"].get_absolute_url(),
        f"{scene.submissions['passed'].get_absolute_url()}changes/",
        f"{scene.submissions['passed'].get_absolute_url()}files/retry.py",
    ]
    marked = 0
    for who, paths in ((None, ("/accounts/login/", "/accounts/signup/")), ("learner", learner), ("site_admin", STAFF)):
        window = walk(width=360, theme="light", base_url=live_server.url, locale="de-DE")
        if who and (cookie := scene.browser(who).cookies.get(settings.SESSION_COOKIE_NAME)):
            window.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        for path in paths:
            answer = window.page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert window.page.locator("html").get_attribute("lang") == "de"
            unmarked, seen = window.page.evaluate(NOT_MARKED, names)
            marked += seen
            if who == "learner":
                faults += [f"{path}: not marked as English: {text}" for text in unmarked]
            try:
                window.assert_finished(f"german{path.replace('/', '-').rstrip('-')}")
            except AssertionError as error:
                window.complaints.clear()
                faults.append(f"{path}: {error}")
    structure_forget()
    rules_forget()
    assert not faults, "\n".join(faults)
    assert marked > 100, "the names were not found on the pages"


def test_dates_are_written_as_in_german(walk: Callable[..., Walk], live_server: Any) -> None:
    structure_forget()
    rules_forget()
    scene = scene_make()
    User.objects.update(language="de")
    window = walk(width=1280, theme="light", base_url=live_server.url, locale="de-DE")
    cookie = scene.browser("learner").cookies[settings.SESSION_COOKIE_NAME]
    window.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    window.page.goto("/learn/")
    shown = window.page.locator("main time").all_inner_texts()
    day, short = r"\d{1,2}\. ", r"(Mon|Diens|Donners|Frei|Sams|Sonn|Mitt)(tag|woch), "
    assert any(re.fullmatch(rf"{short}{day}\w+ \d{{4}}", text) for text in shown), shown
    assert any(re.fullmatch(rf"(Mo|Di|Mi|Do|Fr|Sa|So), {day}\w+\.? \d\d:\d\d", text) for text in shown), shown
    structure_forget()
    rules_forget()
