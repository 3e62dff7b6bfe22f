"""Modules and what stands in them, but for what is graded."""

from __future__ import annotations

from courses.curriculum.drafts.facts import Facts
from courses.curriculum.drafts.names import Names
from courses.curriculum.drafts.shapes import Body, called, notes, same, shape
from courses.curriculum.drafts.values import UNSTATED, amount, figure, level_of, line, lines, resources, text
from courses.curriculum.merge.figures import span, total

_KINDS = ("lecture", "lab", "project", "portfolio", "assessment")


@shape("module")
def module(facts: Facts, names: Names) -> Body:
    """Hours are the sum of the kinds, else of the topics, else the figure that is stated, which then is the fact."""
    kinds, whole = _hours_by_kind(facts)
    given = facts.get("resources") or {}
    groups = given if isinstance(given, dict) else {"primary": given}
    body: Body = {
        "title": called(facts),
        "summary": text(facts.get("summary")),
        "difficulty": level_of(facts.get("difficulty")),
        "resources": [
            entry for group, value in groups.items() for entry in resources(value, primary=group == "primary")
        ],
        "tooling": lines(facts.get("tooling")),
        "builds_on": lines(facts.get("builds_on")),
        "differentiators": lines(facts.get("differentiators")),
        "notes": notes(
            facts, focus="Focus", notes_upstream="Before", notes_downstream="After", depth_for="Goes deeper for",
            shared_assets="Shared", projects="Project", stage="Stage", proficiency_target="Aims at",
            profile="Checked by", status="State", evidence="Evidence", notes="", sections="",
        ),
    }  # fmt: skip
    if kinds:
        body["hours_by_kind"] = kinds
    elif whole:
        body["hours"] = whole
    else:
        # What stands in a table beside the section of a module is the last to say it.
        stated = next((each for name in ("stated.hours", "stated.in_table") if (each := facts.peek(name))), None)
        body["hours"] = facts.take("hours", figure) or (figure(stated) if _alone(facts) else None)
    return body


def _hours_by_kind(facts: Facts) -> tuple[dict[str, str], str | None]:
    """Hours by kind; with one of a kind that modules do not have, their sum, and the kinds stay as they are stated.

    Ranges are no hours of a kind, and their sum is none of one figure.
    """
    said = facts.peek("hours_by_kind") or {}
    figures = {name: found for name, value in said.items() if (found := figure(value)) is not None}
    if len(figures) == len(said) and set(figures) <= set(_KINDS):
        facts.get("hours_by_kind")
        return figures, None
    spans = [each for each in map(span, said.values()) if each is not None]
    whole = total(spans)
    low, high = whole or (None, None)
    return {}, figure({"low": low, "high": high})


def _alone(facts: Facts) -> bool:
    """Whether no topic has hours, so that a stated total is all there is."""
    return not any("hours" in claim.fields for topic in facts.thing.under("topic") for claim in topic.claims)


@shape("topic")
def topic(facts: Facts, names: Names) -> Body:
    return {
        "title": called(facts), "hours": facts.take("hours", figure),
        "points": [text(each) for each in facts.get("points") or []], "text": text(facts.get("text")),
    }  # fmt: skip


@shape("objective")
def objective(facts: Facts, names: Names) -> Body:
    return {"text": text(facts.get("text")), "group": line(facts.get("group")) or None}


@shape("requirement")
def requirement(facts: Facts, names: Names) -> Body:
    body = same(facts, "strength", "to", "any_of", "at_least", "reason", "skill")
    if competency := facts.get("competency"):
        body["competency"] = names.of("competency", competency, facts, "competency")
        body["level"] = level_of(facts.get("level"))
    if "skill" in body:
        body["skill"] = line(body["skill"])
    return body


@shape("competency_target")
def competency_target(facts: Facts, names: Names) -> Body:
    roles = [names.find("role", role) for role in facts.peek("for_roles") or []]
    # A role that nobody has stands beside, in its words.
    facts.take("for_roles", lambda given: given if all(roles) else None)
    return {
        "competency": names.of("competency", facts.get("competency") or called(facts), facts, "competency"),
        "level": level_of(facts.get("level")) or UNSTATED,
        "evidence": lines(facts.get("evidence")),
        "for_roles": [role for role in dict.fromkeys(roles) if role],
    }


@shape("gate")
def gate(facts: Facts, names: Names) -> Body:
    return same(facts, "text", "blocks", "activity", "reason")


@shape("phase")
def phase(facts: Facts, names: Names) -> Body:
    return {
        "title": called(facts), "hours": facts.take("hours", amount),
        "touchpoint": line(facts.get("touchpoint")) or None, "text": text(facts.get("text")),
    }  # fmt: skip
