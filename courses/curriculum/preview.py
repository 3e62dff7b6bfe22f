"""A program as somebody who begins it would read it, made of drafts: of a plan, or of a release. Pure; writes nothing.

What only staff see (keys, solutions, authors' lists, hidden checks) is not taken
over. What locks does so for somebody who has done nothing yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from courses.curriculum.bodies.base import number_text
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.sources.asked import group_called

KINDS = ("reading", "task", "lab", "quiz")
"""In the order in which learners see them."""
_SHOWN = ("title", "summary", "body", "required", "difficulty", "points", "time_limit_minutes", "readable_while_locked")
_LISTS = ("deliverables", "criteria", "constraints", "tooling", "resources")
_FOR_LEARNERS = ("readiness", "submission", "self_assessment")


def preview_of(reading: Reading, slug: str) -> dict[str, Any] | None:
    """The program *slug* as plain data; None where the reading does not state it.

    ``title``, ``summary``, ``language``, ``conditions`` of everything, the paths of ``modules``, ``projects`` and
    ``quizzes``, and ``pages`` by path: modules, with the paths of their ``activities``,
    and activities. A page has what it shows, and in ``conditions`` what must be done before.
    """
    drafts = {draft.address: draft for draft in reading.of_program(slug)}
    program = drafts.get(f"program:{slug}")
    return _Preview(drafts, program).as_dict() if program is not None else None


class _Preview:
    def __init__(self, drafts: dict[str, Draft], program: Draft) -> None:
        self.drafts, self.program = drafts, program
        self.under: dict[str, list[Draft]] = defaultdict(list)
        for draft in drafts.values():
            for child in self._children(draft):
                self.under[draft.address].append(child)
        self.gates: dict[str, list[str]] = defaultdict(list)
        for draft in drafts.values():
            # Without an activity a gate locks nothing: staff open it.
            if draft.kind == "gate" and draft.body.get("activity"):
                self.gates[draft.body["blocks"]].append(draft.body["text"])

    def _children(self, draft: Draft) -> Iterator[Draft]:
        for key, kind in registry.children_of(draft.kind).items():
            for path in draft.children.get(key, []):
                if (child := self.drafts.get(f"{kind}:{path}")) is not None:
                    yield child

    def as_dict(self) -> dict[str, Any]:
        body = self.program.body
        optional = set(body.get("optional_modules") or ())
        modules = list(self._named("module", [*(body.get("modules") or ()), *sorted(optional)]))
        projects = list(self._named("project", body.get("projects") or ()))
        quizzes = [draft for draft in self.under[self.program.address] if draft.kind == "quiz"]
        pages: dict[str, Any] = {}
        whole = self._conditions(self.program)
        for module in modules:
            own = [*whole, *self._conditions(module)]
            activities = self._activities(module)
            pages[module.path] = {
                **self._page(module, own), "required": module.path not in optional,
                "activities": [each.path for each in activities],
            }  # fmt: skip
            for each in activities:
                pages[each.path] = {**self._page(each, [*own, *self._conditions(each)]), "within": module.path}
        for each in (*projects, *quizzes):
            pages[each.path] = self._page(each, [*whole, *self._conditions(each)])
        return {
            "title": body["title"],
            "summary": body.get("summary", ""),
            "language": body.get("language") or "en",
            "conditions": whole,
            "modules": [each.path for each in modules],
            "projects": [each.path for each in projects],
            "quizzes": [each.path for each in quizzes],
            "pages": pages,
        }

    def _named(self, kind: str, paths: Iterable[str]) -> Iterator[Draft]:
        # What another program owns is only placed here, and is that one's to preview.
        return (self.drafts[address] for path in paths if (address := f"{kind}:{path}") in self.drafts)

    def _activities(self, module: Draft) -> list[Draft]:
        own = [draft for draft in self.under[module.address] if draft.kind in KINDS]
        return sorted(own, key=lambda draft: KINDS.index(draft.kind))

    def _page(self, draft: Draft, conditions: list[str]) -> dict[str, Any]:
        body, under = draft.body, self.under[draft.address]
        page: dict[str, Any] = {name: body[name] for name in _SHOWN if body.get(name) not in (None, "")}
        page |= {name: list(body[name]) for name in _LISTS if body.get(name)}
        # What a project is about stands in its narrative.
        page["body"] = body.get("body") or body.get("narrative") or ""
        lists = [each.body for each in under if each.kind == "checklist" and each.body["audience"] in _FOR_LEARNERS]
        return page | {
            "path": draft.path,
            "kind": draft.kind,
            "hours": self._hours(draft),
            "conditions": list(dict.fromkeys(conditions)),
            "topics": [each.body for each in under if each.kind == "topic"],
            "objectives": [each.body["text"] for each in under if each.kind == "objective"],
            "risks": [each.body for each in under if each.kind == "risk"],
            "phases": [each.body for each in under if each.kind == "phase"],
            "lists": [{"title": each["title"], "entries": [row["text"] for row in each["items"]]} for each in lists],
            "questions": sum(each.kind == "question" for each in under),
        }

    def _hours(self, draft: Draft) -> list[str | None]:
        """Low and high. Of a module the sum of the kinds, else of the topics, else what it states."""
        hours = draft.body.get("hours")
        if isinstance(hours, dict):
            return [hours.get("low"), hours.get("high")]
        parts = [each for each in (draft.body.get("hours_by_kind") or {}).values() if each]
        parts = parts or [
            each.body["hours"] for each in self.under[draft.address] if each.kind == "topic" and each.body.get("hours")
        ]
        total = number_text(sum(map(Decimal, parts), Decimal())) if parts and draft.kind == "module" else hours
        return [total, total]

    def _conditions(self, draft: Draft) -> list[str]:
        needs = (each.body for each in self.under[draft.address] if each.kind == "requirement")
        found = [text for body in needs if body["strength"] == "needs" and (text := self._condition(body, draft.path))]
        return [*found, *self.gates.get(draft.path, [])]

    def _condition(self, body: dict[str, Any], own: str) -> str:
        """In words; nothing for what locks nothing: an unknown name, and a competency, which nothing records.

        What has the path *own* is no alternative to itself.
        """
        if body.get("to"):
            return self._name(body["to"])
        if body.get("any_of"):
            members = (each for each in body["any_of"] if each != own)
            return group_called((self._name(each) or each for each in members), body["at_least"])
        return str(body.get("skill") or "")

    def _name(self, ref: str) -> str:
        if ":" in ref:
            return ref
        for kind in ("module", "project", *KINDS):
            if (draft := self.drafts.get(f"{kind}:{ref}")) is not None:
                return f"{ref} {draft.body['title']}" if kind in ("module", "project") else str(draft.body["title"])
        return ""
