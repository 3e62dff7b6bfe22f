"""Risks, checklists, solutions and approvals."""

from __future__ import annotations

from datetime import date
from typing import Any

from courses.curriculum.drafts.facts import Facts
from courses.curriculum.drafts.names import Names
from courses.curriculum.drafts.shapes import Body, called, notes, same, shape
from courses.curriculum.drafts.values import Assumed, line, lines, text, with_ids

_GRADES = ("low", "medium", "high")
_STATES = ("open", "pending", "approved", "rejected")


@shape("risk")
def risk(facts: Facts, names: Names) -> Body:
    return {
        "text": text(facts.get("text")),
        "mitigation": text(facts.get("mitigation")),
        "gate": facts.get("gate"),
        "impact": facts.take("impact", _grade),
        "likelihood": facts.take("likelihood", _grade),
    }


def _grade(value: Any) -> str | None:
    word = text(value).lower()
    return word if word in _GRADES else None


@shape("checklist")
def checklist(facts: Facts, names: Names) -> Body:
    """Ticks are the authors' own: the lists of others start empty."""
    audience = facts.get("audience") or Assumed("authors")
    items = [each if isinstance(each, dict) else {"text": text(each)} for each in facts.get("items") or []]
    return {
        "title": called(facts),
        "audience": audience,
        "items": with_ids(
            [
                {"id": each.get("id"), "text": text(each.get("text")), "done": _tick(each, audience)} for each in items
            ],
            "text",
        ),
    }  # fmt: skip


def _tick(item: Body, audience: str) -> bool | None:
    done = item.get("done")
    return done if audience == "authors" and isinstance(done, bool) else None


@shape("solution")
def solution(facts: Facts, names: Names) -> Body:
    """For staff until a person says otherwise."""
    places = lines(facts.get("location"))
    rest = notes(facts, strategy="Strategy", access="Access", templates="Templates", reuse="Reused", note="")
    return {
        "covers": text(facts.get("covers")) or called(facts),
        "location": places[0] if places else None,
        "visibility": Assumed("staff"),
        "note": "\n\n".join([*(f"Location: {each}" for each in places[1:]), *rest]),
    }


@shape("approval")
def approval(facts: Facts, names: Names) -> Body:
    """A state that is none of ours is told in the note, and open."""
    said = text(facts.get("state"))
    words = said.lower() if said.lower() in _STATES else Assumed("open")
    rest = notes(facts, note="", author="Author", **{"stated.reviewers": "Reviewers", "stated.date": "Date"})
    if said and words != said.lower():
        rest.insert(0, f"State: {said}")
    return {
        "what": called_what(facts),
        "state": words,
        "person": line(facts.get("person")) or None,
        "due": facts.take("due", _day),
        "on": facts.take("on", _day),
        "note": "\n\n".join(rest),
    }


def called_what(facts: Facts) -> str:
    return line(same(facts, "what").get("what") or called(facts))


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(text(value)).isoformat()
    except ValueError:
        return None
