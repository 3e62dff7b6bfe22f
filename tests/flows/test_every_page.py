"""Every page of the site, for everybody it serves, in every window: finished.

``make test`` walks each page once, the windows taking turns; ``make test-long``
walks all of them in every window. The pictures are in ``var/screens/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, cast

import pytest
from django.conf import settings

from grading.policy.compile import rules_forget
from grading.structure import structure_forget
from tests.flows.browser import THEMES, WIDTHS, Theme, Walk
from tests.flows.places import Place, places
from tests.flows.scene import NOBODY, Scene, scene_make
from tests.security.table import COLUMNS
from tests.security.test_permission_table import AREAS, rows_of

pytestmark = pytest.mark.django_db(transaction=True)

WINDOWS: list[tuple[int, Theme]] = [(width, cast("Theme", theme)) for theme, width in product(THEMES, WIDTHS)]
WHO = {"anonymous": NOBODY, **{name: name for name in ("learner", "instructor", "program_admin", "site_admin")}}
"""One person of each area, by their column in the permission table."""


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    structure_forget()
    rules_forget()
    yield scene_make()
    structure_forget()
    rules_forget()


class Crowd:
    """Everybody's windows, opened when they are first needed."""

    def __init__(self, scene: Scene, walk: Callable[..., Walk], address: str) -> None:
        self.scene, self.walk, self.address = scene, walk, address
        self.windows: dict[tuple[str, int, str], Walk] = {}

    def window(self, who: str, width: int, theme: Theme) -> Walk:
        key = (who, width, theme)
        if key not in self.windows:
            window = self.windows[key] = self.walk(width=width, theme=theme, base_url=self.address)
            name = settings.SESSION_COOKIE_NAME
            if cookie := self.scene.browser(who).cookies.get(name):
                window.context.add_cookies([{"name": name, "value": cookie.value, "url": self.address}])
        return self.windows[key]

    def fault(self, place: Place, width: int, theme: Theme) -> str:
        """What is wrong with a page; nothing if it is finished."""
        window = self.window(place.who, width, theme)
        try:
            answer = window.page.goto(place.path)
            assert answer is not None
            assert answer.status == 200, f"answers {answer.status}"
            window.assert_finished(f"{place.label}-{place.who}")
        except AssertionError as error:
            window.complaints.clear()
            return f"{place.label} for {place.who}, {width} {theme}: {error}"
        return ""


def assert_none_is_left_out(found: Iterable[Place]) -> None:
    """What the permission table promises to one of each area, they found here too."""
    met = {(place.name, place.who) for place in found}
    pages = {name for name, _ in met}
    promised = {
        (row.name, WHO[column])
        for area in AREAS
        for row in rows_of(area)
        if row.method == "GET" and row.name in pages
        for column, status in zip(COLUMNS, row.expected, strict=True)
        if status == 200 and column in WHO
    }
    missing = sorted(f"{name} for {who}" for name, who in promised - met)
    assert not missing, f"the permission table promises pages that are not walked: {', '.join(missing)}"


def walked(crowd: Crowd, visits: Iterable[tuple[Place, int, Theme]]) -> None:
    faults = [fault for visit in visits if (fault := crowd.fault(*visit))]
    assert not faults, f"{len(faults)} pages are not finished:\n\n" + "\n\n".join(faults)


@pytest.mark.timeout(900)
def test_every_page_is_finished(scene: Scene, live_server: Any, walk: Callable[..., Walk]) -> None:
    """A sample: each page once, with everybody and every window taking turns."""
    found = list(places(scene))
    assert_none_is_left_out(found)
    by_page: dict[str, list[Place]] = {}
    for place in found:
        by_page.setdefault(place.label, []).append(place)
    turns = [
        (whose[number % len(whose)], *WINDOWS[number % len(WINDOWS)]) for number, whose in enumerate(by_page.values())
    ]
    walked(Crowd(scene, walk, live_server.url), turns)


@pytest.mark.long
@pytest.mark.timeout(5400)
def test_every_page_is_finished_in_every_window(scene: Scene, live_server: Any, walk: Callable[..., Walk]) -> None:
    crowd = Crowd(scene, walk, live_server.url)
    found = list(places(scene))
    walked(crowd, ((place, width, theme) for width, theme in WINDOWS for place in found))
