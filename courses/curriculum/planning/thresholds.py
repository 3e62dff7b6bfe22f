"""From where a quiz is passed: what its document states, as an item of its program's policy.

A threshold is a rule of the policy and of no revision of the quiz (docs/import.md), so a
document that states another one makes a new version of the policy, for new enrolments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from courses.curriculum.kinds import Draft
from courses.curriculum.planning.overlay import LAST, valid

Place = tuple[str | None, str]
POLICY = "policy"
FIELD = "items"
PASSING = "passing_percent"


def thresholds_add(drafts: dict[Place, Draft]) -> None:
    """Add to *drafts* of one source the passing score of every quiz of a document, where its policy says none for it.

    What a native quiz has among its criteria is left alone: its tree has a policy for it.
    A score that every quiz of the source has anyway is written nowhere.
    """
    for slug in {program for program, _ in drafts if program is not None}:
        stated = list(_stated(drafts, slug))
        place = slug, f"{POLICY}:{POLICY}"
        policy = (drafts.get(place) or _bare(drafts, slug)) if stated else None
        if policy is None:
            continue
        usual = _usual(policy.body)
        own = [
            (quiz, percent)
            for quiz, percent in stated
            if Decimal(percent) != usual and _rules(policy, quiz).get(PASSING) is None
        ]
        if own:
            drafts[place] = _with(policy, own)


def _stated(drafts: dict[Place, Draft], slug: str) -> Iterator[tuple[Draft, str]]:
    """Quizzes with the percent from which a document says that they are passed."""
    for (program, _), draft in drafts.items():
        if program == slug and draft.kind == "quiz" and draft.given.get("criteria", 0) > 0:
            for criterion in draft.body["criteria"]:
                if (criterion["measure"], criterion["op"], criterion["unit"]) == ("score", ">=", "%"):
                    yield draft, criterion["value"]
                    break


def _bare(drafts: dict[Place, Draft], slug: str) -> Draft | None:
    """A policy that says nothing: what another source of the program says goes for it, else what goes without one."""
    program = drafts.get((slug, f"program:{slug}"))
    title = program.body["title"] if program is not None else slug
    # Who knows the program only by its id says nothing of its name.
    given = {"title": LAST} if program is not None else {}
    body = valid(POLICY, {"title": f"Passing {title}"})
    if body is None:
        return None
    quiz = next(draft for (owner, _), draft in drafts.items() if owner == slug and draft.kind == "quiz")
    return Draft(POLICY, POLICY, body, quiz.file, quiz.line, f"program:{slug}", slug, given=given)


def _with(policy: Draft, own: list[tuple[Draft, str]]) -> Draft:
    """*policy* with the thresholds of quizzes, each with the place that states it."""
    items = {**policy.body[FIELD], **{quiz.path: {**_rules(policy, quiz), PASSING: percent} for quiz, percent in own}}
    body = valid(POLICY, {**policy.body, FIELD: items})
    if body is None:
        return policy  # such as 140 %, of which lint speaks
    ranks = [*(quiz.given["criteria"] for quiz, _ in own), *([policy.given[FIELD]] if FIELD in policy.given else [])]
    places = {
        f"{FIELD}.{quiz.path}": quiz.elsewhere.get("criteria", (quiz.file, quiz.line_of("criteria"))) for quiz, _ in own
    }
    return replace(
        policy, body=body, given={**policy.given, FIELD: min(ranks)}, elsewhere={**policy.elsewhere, **places}
    )


def _rules(policy: Draft, quiz: Draft) -> dict[str, Any]:
    return policy.body[FIELD].get(quiz.path) or {}


def _usual(policy: dict[str, Any]) -> Decimal | None:
    """From where a quiz is passed of which the policy says nothing of its own."""
    rules = [each["rules"] for each in policy["components"] if each["activities"] == "quiz"]
    found = next((each[PASSING] for each in (*rules, policy["default"]) if each[PASSING] is not None), None)
    return None if found is None else Decimal(found)
