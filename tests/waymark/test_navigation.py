"""The navigation shows what a person may enter and where they are."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from waymark.accounts.models import User
from waymark.dashboard import context
from waymark.dashboard.sections import AREAS, SECTIONS


@pytest.fixture
def areas(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_to(*names: str) -> None:
        monkeypatch.setattr(context, "areas_for", lambda actor: frozenset(names))

    return set_to


def navigation(at: str, *, visitor: bool = False) -> context.Navigation:
    request = RequestFactory().get(at)
    request.user = AnonymousUser() if visitor else User(pk=7, email="learner@demo.test")
    return context.Navigation(request)


def marked(links: list[context.Link]) -> list[tuple[str, str]]:
    return [(str(link.label), link.current) for link in links if link.current]


def test_a_person_with_one_hat_sees_one_area(areas: Any) -> None:
    areas("learn")
    nav = navigation("/learn/")
    assert [str(link.label) for link in nav.areas] == ["Learn"]
    assert [str(link.label) for link in nav.sections] == ["Today", "My program", "Grades", "Catalogue"]
    assert marked(nav.sections) == [("Today", "page")]


def test_areas_are_in_their_order_and_the_one_of_the_page_is_marked(areas: Any) -> None:
    areas("manage", "learn", "teach")
    nav = navigation("/teach/joining/")
    assert [str(link.label) for link in nav.areas] == ["Learn", "Teach", "Manage"]
    assert marked(nav.areas) == [("Teach", "true")]
    assert marked(nav.sections) == [("Joining", "page")]


def test_a_page_below_a_section_marks_it_as_where_one_is(areas: Any) -> None:
    areas("learn")
    assert marked(navigation("/learn/grades/quiz/3/").sections) == [("Grades", "true")]
    assert marked(navigation("/learn/programs/engineer/modules/MOD-101/").sections) == [("My program", "true")]


def test_today_is_not_the_parent_of_everything(areas: Any) -> None:
    areas("learn")
    assert marked(navigation("/learn/").sections) == [("Today", "page")]
    assert marked(navigation("/learn/attempts/4/").sections) == [("My program", "true")]
    assert marked(navigation("/elsewhere/").sections) == []


def test_an_area_one_may_not_enter_is_never_shown(areas: Any) -> None:
    areas("learn")
    nav = navigation("/manage/people/")
    assert [str(link.label) for link in nav.areas] == ["Learn"]
    assert str(nav.area.label if nav.area else "") == "Learn"


def test_the_account_area_marks_no_other_area(areas: Any) -> None:
    areas("learn", "teach")
    nav = navigation("/accounts/email/")
    assert marked(nav.areas) == []
    assert marked(nav.account) == [("Email", "page")]


def test_visitors_have_no_areas_and_nothing_is_asked() -> None:
    nav = navigation("/", visitor=True)
    assert nav.areas == []
    assert nav.sections == []
    assert nav.area is None


def test_keys_are_those_of_the_areas_one_may_enter(areas: Any) -> None:
    areas("learn", "manage")
    assert [link.key for link in navigation("/").keys] == ["t", "p", "g", "c", "e", "u"]


def test_keys_are_told_apart() -> None:
    keys = [section.key for section in SECTIONS if section.key]
    assert len(keys) == len(set(keys))
    assert {section.area for section in SECTIONS} == {*AREAS, "account"}


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", ""), ('"><script>', "")])
def test_only_known_themes_reach_the_page(cookie: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert context.theme_of(request) == theme
