"""Programs, roles, paths, paces and the outlook, and what programs share."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, get_args

from courses.curriculum.aliases import slug_of
from courses.curriculum.bodies.catalog import ProfileBody
from courses.curriculum.drafts.facts import Facts
from courses.curriculum.drafts.names import Names
from courses.curriculum.drafts.shapes import Body, called, shape
from courses.curriculum.drafts.values import (
    UNSTATED,
    Assumed,
    amount,
    figure,
    id_of,
    level_of,
    line,
    lines,
    text,
    with_ids,
)

_MEASURES = ("completion", "satisfaction", "pass_rate")
_ABOUT = ("version", "maintainer", "contact", "updated")
_SALARY = ("label", "region", "currency", "low", "high", "note", "as_of")


@shape("program")
def program(facts: Facts, names: Names) -> Body:
    about = facts.get("about") if isinstance(facts.get("about"), dict) else {}
    facts.get("role")  # which the draft is given with its id
    return {
        "title": called(facts),
        "summary": text(facts.get("summary")),
        "audience": text(facts.get("audience")),
        "philosophy": [text(each) for each in facts.get("philosophy") or []],
        "approach": [text(each) for name in ("approach", "develops") for each in facts.get(name) or []],
        "about": {name: line(about.get(name)) or None for name in _ABOUT},
        "targets": _targets(facts.get("targets")),
        "stated": _again(facts, about),
    }


def _again(facts: Facts, about: Body) -> list[Body]:
    """What a document states of itself once more, where it is not the same."""
    source = facts.fields["stated.again"].document if "stated.again" in facts else ""
    said = [text(each) for each in facts.get("stated.again") or []]
    return [{"what": "Stated again", "value": each, "source": source} for each in said if each not in about.values()]


def _targets(value: Any) -> list[Body]:
    """Shares are percent; a figure above 1 and up to 5 is read as one of five, which the note says."""
    made = []
    for measure in _MEASURES if isinstance(value, dict) else ():
        found = figure(value.get(measure))
        if found is None:
            continue
        share, note = Decimal(found), ""
        if share <= 1:
            share *= 100
        elif share <= 5:
            share, note = share * 20, f"Stated as {found}; read as {found} of 5."
        made.append({"measure": measure, "at_least": f"{share:f}", "note": note})
    return made


@shape("role")
def role(facts: Facts, names: Names) -> Body:
    return {
        "title": called(facts),
        "level": level_of(facts.get("level")) or UNSTATED,
        "order": Assumed("0"),
        "summary": text(facts.get("summary")),
        "audience": text(facts.get("audience")),
    }


@shape("path")
def path(facts: Facts, names: Names) -> Body:
    steps = [each if isinstance(each, dict) else {"to": each} for each in facts.get("steps") or []]
    return {
        "title": called(facts),
        "text": text(facts.get("text")),
        "best_for": text(facts.get("best_for")),
        "steps": [{"to": each.get("to"), "stage": line(each.get("stage")) or None} for each in steps],
        "hours": facts.take("hours", amount) or amount(facts.peek("stated.hours")),
    }


@shape("pace")
def pace(facts: Facts, names: Names) -> Body:
    """Weeks by path are words: a pace has one figure for the whole program."""
    weeks = facts.get("weeks") or facts.get("stated.weeks")
    by_path = [each for each in weeks if isinstance(each, dict)] if isinstance(weeks, list) else []
    said = [f"{line(each.get('path'))}: {line(each.get('weeks'))} weeks" for each in by_path]
    return {
        "title": called(facts),
        "hours_per_week": amount(facts.get("hours_per_week")),
        "weeks": None if isinstance(weeks, list) else amount(weeks),
        "text": "\n".join(filter(None, [text(facts.get("text")), *said])),
    }


@shape("outlook")
def outlook(facts: Facts, names: Names) -> Body:
    roles = [each for each in facts.get("target_roles") or [] if isinstance(each, dict)]
    salaries = [each for each in facts.get("salaries") or [] if isinstance(each, dict)]
    certified = [
        *lines(facts.get("certifications")),
        *(name for each in roles for name in lines(each.get("certifications"))),
    ]
    return {
        "titles": lines(facts.get("titles")),
        "certifications": list(dict.fromkeys(certified)),
        "target_roles": [
            {"title": line(each.get("title")), "modules": each.get("modules") or [], "note": text(each.get("note"))}
            for each in roles
        ],
        "salaries": [{name: each[name] for name in _SALARY if name in each} for each in salaries],
        "next_steps": [text(each) for each in facts.get("next_steps") or []],
    }  # fmt: skip


@shape("competency")
def competency(facts: Facts, names: Names) -> Body:
    levels = [each for each in facts.get("levels") or [] if isinstance(each, dict)]
    return {
        "title": called(facts),
        "domain": line(facts.get("domain")) or Assumed("Other"),
        "text": text(facts.get("text")),
        "assessed_by": lines(facts.get("assessed_by")),
        "levels": [
            {
                "level": level_of(each.get("level")) or "unstated",
                "meaning": text(each.get("meaning")),
                "evidence": lines(each.get("evidence")),
            }
            for each in levels
        ],
    }


@shape("skill_area")
def skill_area(facts: Facts, names: Names) -> Body:
    return {"title": called(facts), "text": text(facts.get("text"))}


@shape("profile")
def profile(facts: Facts, names: Names) -> Body:
    return {
        "title": called(facts), "text": text(facts.get("text")),
        "commands": lines(facts.get("commands")), "tools": lines(facts.get("tools")),
        "type": facts.take("type", _profile_type),
    }  # fmt: skip


def _profile_type(value: Any) -> str | None:
    """One of the types that profiles have; other words stand beside."""
    word = text(value).lower()
    return word if word in get_args(ProfileBody.model_fields["type"].annotation) else None


_COMPONENTS = {"quiz": "quizzes", "lab": "labs", "project": "projects"}
_RULE = ("measure", "of", "criterion", "binding")
_BAND = ("label", "title", "from_percent", "passing")


@shape("policy")
def policy(facts: Facts, names: Names) -> Body:
    """Components by what they hold. Points that a document adds up over all of them are the overall figure."""
    parts = [each for each in facts.get("components") or [] if isinstance(each, dict)]
    components = [each for each in parts if each.get("activities")]
    said = [each if isinstance(each, dict) else {"text": each} for each in facts.get("rules") or []]
    rules = [each for each in said if each.get("measure")]
    scale = facts.get("scale") if isinstance(facts.get("scale"), dict) else {}
    bands = [each for each in scale.get("bands") or [] if isinstance(each, dict)]
    weights = _weights(facts, components)
    return {
        "title": called(facts),
        "overall": "sum_of_points" if "stated.points" in facts else None,
        "components": [
            {
                "id": _COMPONENTS.get(text(each["activities"]), id_of(each.get("title"))),
                "title": line(each.get("title")),
                "activities": each["activities"],
                **({"weight": weights[place]} if weights else {}),
            }
            for place, each in enumerate(components)
        ],
        "rules": with_ids(
            [
                {name: each[name] for name in _RULE if name in each}
                | {"text": line(each.get("text")), "at_least": figure(each.get("at_least")) or "0"}
                for each in rules
            ],
            "text",
        ),
        "stated": _counted(facts, parts),
        "scale": {"bands": [{name: each[name] for name in _BAND if name in each} for each in bands]} if bands else None,
        # What nothing measures is for people.
        "notes": [text(each) for each in [*(facts.get("notes") or []), *(each for each in said if each not in rules)]],
    }


def _weights(facts: Facts, components: list[Body]) -> list[str]:
    """The shares of the components, where a document says that of each; of what is graded by points they are none."""
    said = facts.peek("stated.weights")
    if "stated.points" in facts or not isinstance(said, dict):
        return []
    found = [figure(said.get(slug_of(text(each.get("title"))))) for each in components]
    return [each for each in found if each] if all(found) else []


def _counted(facts: Facts, components: list[Body]) -> list[Body]:
    """How many of what count, as the document says it; also of what is no activity here."""
    source = facts.fields["components"].document if components else ""
    return [{"what": line(each.get("title")), "value": text(each.get("text")), "source": source}
            for each in components if each.get("text")]  # fmt: skip


def program_key(words: str) -> str:
    """The id of a program by what it, or its role, is called."""
    bare = re.sub(r"\b(curriculum|program(?:me)?|track|master plan|solutions|learning path)\b", "", words, flags=re.I)
    return id_of(bare.strip(" -\N{EN DASH}\N{EM DASH}:")).lower()
