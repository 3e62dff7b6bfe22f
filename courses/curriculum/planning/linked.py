"""Files that documents link to: stored by content, and named by it in what a release states (``waymark.core.stored``).

A link to a file of the tree becomes a link to its content, so another picture is a
change, and the same picture elsewhere is none. A link to another document, to a
folder and to nothing stays as it is written.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.overlay import valid
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import unsettled
from courses.curriculum.sources.links import with_links
from waymark.core.blobs import digest_of
from waymark.core.stored import link_to, split_link

SECRET = "hygiene.linked_secret"  # noqa: S105 - the name of a rule
ADDRESS = "url"
"""A field that is an address as a whole, and no text with links."""


def linked_resolve(reading: Reading, report: Report) -> None:
    """Have the links of *reading* name the contents that *report* read, and keep those for an apply."""
    held = unsettled(report, (said.finding for said in report.said if said.finding.rule == SECRET))
    kept_out = {finding.file for finding in held}
    links = {
        name: link_to(digest_of(data), posixpath.basename(name))
        for name, data in report.linked.items()
        if name not in kept_out
    }
    if not links:
        return
    contents = {link: name for name, link in links.items()}
    for place, draft in reading.drafts.items():
        made = _Resolving(draft, report, links).draft()
        reading.drafts[place] = made
        for link in stored_links(made):
            if link in contents:
                reading.linked[link] = report.linked[contents[link]]


def stored_links(draft: Draft) -> Iterator[str]:
    """The links to stored contents that a draft has, with doubles."""
    found: list[str] = []

    def seen(target: str) -> str:
        found.append(target)
        return target

    links_changed(draft, seen)
    return (link for link in found if split_link(link))


def links_changed(draft: Draft, change: Callable[[str], str]) -> Draft:
    """*draft* with every link outside its code as *change* has it."""
    exact = registry.get(draft.kind).verbatim
    body = {
        name: value if name in exact else _changed(value, name, lambda _, target: change(target))
        for name, value in draft.body.items()
    }
    return replace(draft, body=body)


class _Resolving:
    """The links of one draft, each from the document that states its field."""

    def __init__(self, draft: Draft, report: Report, links: dict[str, str]) -> None:
        self.source, self.report, self.links = draft, report, links
        stating = [draft.file, *(file for file, _ in draft.elsewhere.values())]
        self.files = list(dict.fromkeys(stating))

    def draft(self) -> Draft:
        draft = self.source
        exact = registry.get(draft.kind).verbatim
        for name, value in self.source.body.items():
            if name in exact:
                continue
            changed = _changed(value, name, self._link)
            if changed != value:
                # A line that would be too long with a digest in it keeps the link as it is written.
                body = valid(draft.kind, {**draft.body, name: changed})
                draft = draft if body is None else replace(draft, body=body)
        return draft

    def _link(self, place: str, target: str) -> str:
        for file in dict.fromkeys((self._file(place), *self.files)):
            name = self.report.places.file(file, target)
            if name in self.links:
                return self.links[name]
        return target

    def _file(self, place: str) -> str:
        """The document that states a place of the body."""
        while place:
            if place in self.source.elsewhere:
                return self.source.elsewhere[place][0]
            if place in self.source.lines:
                break
            place = place.rpartition(".")[0]
        return self.source.file


def _changed(value: Any, place: str, change: Callable[[str, str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _changed(each, f"{place}.{key}", change) for key, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, f"{place}.{number}", change) for number, each in enumerate(value)]
    if not isinstance(value, str):
        return value
    if place.rpartition(".")[2] == ADDRESS:
        return change(place, value)
    return with_links(value, lambda target: change(place, target))
