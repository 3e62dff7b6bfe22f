"""Labs, quizzes with their questions, projects with their rubrics."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from courses.curriculum.drafts.facts import Facts
from courses.curriculum.drafts.letters import names_letters
from courses.curriculum.drafts.names import Names
from courses.curriculum.drafts.shapes import Body, called, notes, same, shape
from courses.curriculum.drafts.shapes.written import written
from courses.curriculum.drafts.values import (
    Assumed,
    amount,
    figure,
    id_of,
    level_of,
    line,
    section,
    text,
    whole,
    with_ids,
)
from courses.curriculum.merge.join import Merged

# What a quiz or project is out of where no document says points: its score is a percentage then.
OUT_OF = Assumed("100")
SCORE = ("measure", "op", "unit")
# What stands around the questions of a quiz is shown in the order of its document.
ALONGSIDE = {"quiz": ("sections", "bands", "notes")}


def activity(facts: Facts, names: Names, **sections: str) -> Body:
    """What all activities have; *sections* are fields that become parts of the Markdown body.

    Below them stand the sections that a document has besides, as it has them.
    """
    parts = [text(facts.get("text")), text(facts.get("body"))]
    parts += [section(title, facts.get(name)) for name, title in sections.items()]
    parts.append(written(facts, *ALONGSIDE.get(facts.thing.kind, ("sections",))))
    profile = facts.get("profile")
    return {
        "title": called(facts),
        "summary": text(facts.get("summary")),
        "body": "\n\n".join(filter(None, parts)),
        "hours": facts.take("hours", amount),
        "difficulty": level_of(facts.get("difficulty")),
        "technologies": _technologies(facts, names),
        "primary_skills": _skills(facts, names, "primary_skills"),
        "secondary_skills": _skills(facts, names, "secondary_skills"),
        "deliverables": [_entry(each) for each in facts.get("deliverables") or []],
        "criteria": [_entry(each) for each in facts.get("criteria") or []],
        "checked_note": text(facts.get("checked_note")),
        "profile": names.of("profile", profile, facts, "profile") if text(profile) else None,
    }


def _entry(value: Any) -> Body:
    return {**value, "text": text(value.get("text"))} if isinstance(value, dict) else {"text": text(value)}


def _technologies(facts: Facts, names: Names) -> list[Body]:
    """Entries name one technology, or several for one purpose; each counts once."""
    found: dict[str, Body] = {}
    for each in facts.get("technologies") or []:
        purpose = text(each.get("purpose")) if isinstance(each, dict) else ""
        for word in each.get("names") or [each.get("name")] if isinstance(each, dict) else [each]:
            if text(word):
                key = names.of("technology", word, facts, "technologies")
                found.setdefault(key, {"id": key, "purpose": purpose})
    return list(found.values())


def _skills(facts: Facts, names: Names, field: str) -> list[str]:
    return list(dict.fromkeys(names.of("skill_area", each, facts, field) for each in facts.get(field) or []))


@shape("lab")
def lab(facts: Facts, names: Names) -> Body:
    return {**activity(facts, names, career_skills="Skills for work"), "points": facts.take("points", figure)}


@shape("quiz")
def quiz(facts: Facts, names: Names) -> Body:
    """A threshold becomes a criterion; percent decides over a count, which is a share of what it is out of."""
    body = activity(facts, names)
    passing = facts.get("passing")
    percent = figure(passing.get("percent") if isinstance(passing, dict) else facts.get("passing_percent"))
    wording = f"At least {percent} %"
    if percent is None and isinstance(passing, dict) and (count := figure(passing.get("count"))):
        asked = [part for part in facts.thing.under("question") if not any(each.get("bonus") for each in part.claims)]
        of = figure(passing.get("of")) or str(len(asked))
        if 0 < Decimal(count) <= Decimal(of):
            # Rounded down, so that the count itself always passes.
            share = (100 * Decimal(count) / Decimal(of)).quantize(Decimal("0.01"), ROUND_FLOOR)
            percent, wording = figure(f"{share:f}"), f"At least {count} of {of}"
    if percent is not None:
        threshold = {"text": wording, "measure": "score", "op": ">=", "value": percent, "unit": "%"}
        # One score passes it: what another document says of it has lost, as conflicts.passing_score names.
        others = [each for each in body["criteria"] if any(each.get(key) != threshold[key] for key in SCORE)]
        body["criteria"] = [threshold, *others]
    questions = facts.thing.under("question")
    return {
        **body,
        "points": _sum(questions) or OUT_OF,
        "time_limit_minutes": facts.take("time_limit_minutes", whole),
        "sections": [
            {"title": line(each.get("title")) or None, "text": text(each.get("text")), "first": each["first"]}
            for each in facts.get("parts") or []
        ],
        **({"shuffle_options": False} if any(map(names_letters, questions)) else {}),
    }


def _sum(parts: list[Merged], *, without_bonus: bool = True) -> str | None:
    """Points of questions or criteria together, one for each that says none; None without any."""
    counted = [part for part in parts if not (without_bonus and any(claim.get("bonus") for claim in part.claims))]
    points = [next((figure(claim.get("points")) for claim in part.claims if "points" in claim.fields), "1")
              for part in counted]  # fmt: skip
    return f"{sum(Decimal(each or 0) for each in points):f}" if points else None


@shape("question")
def question(facts: Facts, names: Names) -> Body:
    answer = ("answer", "accepted", "unit", "tolerance", "tolerance_percent")
    body = same(facts, "type", *answer, "explanation", "hint", "bonus", "scheme")
    stem, title = text(facts.get("stem")), line(facts.get("title"))
    code = text(facts.get("code"))
    body |= {
        "title": title if title and title != line(stem) else None,
        "stem": f"{stem}\n\n{code}" if code else stem,
        "points": facts.take("points", figure) or Assumed("1"),
        "difficulty": level_of(facts.get("difficulty")),
    }
    for name in ("options", "items", "pairs", "blanks"):
        if name == "options" and _is_said_by(facts):
            continue
        if entries := [each for each in facts.get(name) or [] if isinstance(each, dict)]:
            body[name] = with_ids([_option(each) for each in entries], "text")
    return body


def _is_said_by(facts: Facts) -> bool:
    """Whether the choices of a question are what it puts in order, or matches, in their own words, or its truth."""
    if facts.get("type") == "true_false" and facts.get("answer") is not None:
        return True
    texts = {text(each.get("text")) for each in facts.get("options") or [] if isinstance(each, dict)}
    pairs = [each for each in facts.get("pairs") or [] if isinstance(each, dict)]
    matched = {text(each.get(side)) for each in pairs for side in ("left", "right")}
    return facts.get("type") in ("ordering", "matching") and bool(facts.get("items") or (pairs and texts <= matched))


def _option(entry: Body) -> Body:
    return {
        key: value for key, value in entry.items() if key in ("id", "text", "right", "feedback", "left", "accepted")
    }


@shape("project")
def project(facts: Facts, names: Names) -> Body:
    body = activity(
        facts, names, evidence="Evidence", competencies="Competencies", validation="Validation",
        automation="Automated checks", evaluation="Evaluation", starter="Starting point", references="References",
        shared_assets="Shared", progression="Progression", differentiators="What is different here",
        activities="Activities", legacy="Where it comes from", resources="Resources", notes="Notes",
    )  # fmt: skip
    rubric = next(iter(facts.thing.under("rubric")), None)
    return {
        **body,
        "points": facts.take("points", figure) or (_sum(rubric.under("criterion")) if rubric else None) or OUT_OF,
        "narrative": text(facts.get("narrative")),
        "constraints": [text(each) for each in facts.get("constraints") or []],
        "placement": text(facts.get("placement")),
    }


@shape("rubric")
def rubric(facts: Facts, names: Names) -> Body:
    return {
        "title": called(facts),
        "text": "\n\n".join(notes(facts, text="", sections="", notes="")),
    }


@shape("criterion")
def criterion(facts: Facts, names: Names) -> Body:
    """A level that is a score on a scale gives its share of the criterion's points."""
    points = facts.take("points", figure) or Assumed("0")
    levels = [each for each in facts.get("levels") or [] if isinstance(each, dict)]
    scores = [figure(each.get("score")) for each in levels]
    highest = max((Decimal(each) for each in scores if each), default=Decimal(0))
    return {
        "title": called(facts),
        "text": text(facts.get("text")),
        "points": points,
        "bonus": bool(facts.get("bonus")),
        "minimum": facts.take("minimum", figure),
        "levels": [
            {
                "points": figure(level.get("points")) or _share(points, score, highest),
                "label": line(level.get("label")) or None,
                "text": text(level.get("text")),
            }
            for level, score in zip(levels, scores, strict=True)
        ],
        "checklist": [text(each) for each in facts.get("checklist") or []],
        "competencies": [id_of(each) for each in facts.get("competencies") or []],
    }


def _share(points: str, score: str | None, highest: Decimal) -> str:
    if score is None or not highest:
        return "0"
    return f"{round(Decimal(points) * Decimal(score) / highest, 4):f}"
