"""What the frame of every page needs: areas and sections, where one is, and the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject, cached_property

from courses.access import areas_for
from waymark.core.actors import actor_of
from waymark.dashboard.sections import AREAS, SECTIONS, Section

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the navigation; ``current`` is a value of ``aria-current`` or empty."""

    label: str | Promise
    url: str
    current: str = ""
    key: str = ""


class Navigation:
    """The navigation of one request. Nothing is read before a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._path = request.path

    @cached_property
    def _links(self) -> dict[str, list[tuple[Section, str]]]:
        links: dict[str, list[tuple[Section, str]]] = {}
        for section in SECTIONS:
            links.setdefault(section.area, []).append((section, reverse(section.url_name)))
        return links

    @cached_property
    def _here(self) -> tuple[str, str]:
        """Area and page of the section with the longest path that the request's path begins with."""
        best = ("", "", 0)
        for area, links in self._links.items():
            for section, url in links:
                if section.alone:
                    if self._path == url:
                        return area, section.url_name
                    continue
                for prefix in (url, *section.also):
                    if self._path.startswith(prefix) and len(prefix) > best[2]:
                        best = (area, section.url_name, len(prefix))
        return best[:2]

    @cached_property
    def _allowed(self) -> frozenset[str]:
        """The areas that this person may enter; none for a visitor. One query."""
        # What is refused before anybody was looked up is a visitor's.
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return frozenset()
        return areas_for(actor_of(self._request))

    @cached_property
    def _area(self) -> str:
        """The area one is in: that of the page, or the one that was visited last, or the first one allowed."""
        here = self._here[0] or self._path.strip("/").split("/", 1)[0]
        if here in AREAS and here in self._allowed:
            return here
        return next((name for name in AREAS if name in self._allowed), "")

    @cached_property
    def areas(self) -> list[Link]:
        """What may be entered; shown only when it is more than one."""
        return [
            Link(label, self._links[name][0][1], "true" if name == self._area and self._here[0] != "account" else "")
            for name, label in AREAS.items()
            if name in self._allowed and self._links.get(name)
        ]

    @cached_property
    def area(self) -> Link | None:
        """The area one is in, with its name."""
        return Link(AREAS[self._area], "") if self._area else None

    @cached_property
    def sections(self) -> list[Link]:
        """The sections of the area one is in."""
        return self._section_links(self._area)

    @cached_property
    def account(self) -> list[Link]:
        """The sections of the account area, also shown in the account menu."""
        return self._section_links("account")

    @cached_property
    def keys(self) -> list[Link]:
        """Every section with a key that this person may open, for the help page."""
        return [link for area in AREAS if area in self._allowed for link in self._section_links(area) if link.key]

    def _section_links(self, area: str) -> list[Link]:
        return [
            Link(section.label, url, self._current(section, url), section.key)
            for section, url in self._links.get(area, [])
        ]

    def _current(self, section: Section, url: str) -> str:
        if self._here != (section.area, section.url_name):
            return ""
        return "page" if self._path == url else "true"


def theme_of(request: HttpRequest) -> str:
    """The theme that was chosen: ``light``, ``dark``, or empty to follow the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``nav`` (:class:`Navigation`), ``theme``, and whether htmx asks for a part of a page."""
    return {
        "nav": SimpleLazyObject(lambda: Navigation(request)),
        "theme": theme_of(request),
        "is_fragment": request.headers.get("HX-Request") == "true",
    }
