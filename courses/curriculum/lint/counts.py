"""Counts that documents state beside what they count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import listing, number_of, parts_of
from courses.curriculum.lint.register import Rule, check
from courses.curriculum.sources.claims import Claim, Statement

_KEY = re.compile(r"(?:total|number_of)_(modules|projects|exercises)|(module|project|exercise)s?_(?:count|total)")
_SAID = re.compile(
    r"\W*(?:total(?:\s+number\s+of)?\s+|number\s+of\s+)?(modules|projects|exercises)(?:\s+(?:count|total))?"
    r"\W*:\W*(?P<count>\d{1,4})\W*",
    re.IGNORECASE,
)


@check(
    Rule("counts.path_steps", "warning", "A path has as many steps as it states"),
    Rule("counts.exercises", "warning", "There are as many exercises as are stated"),
    Rule("counts.modules", "warning", "There are as many modules as are stated"),
    Rule("counts.projects", "warning", "There are as many projects as are stated"),
)
def stated_counts(statement: Statement) -> Iterator[Finding]:
    for claim in statement.claims:
        match claim.kind:
            case "path":
                steps = {name.split(".")[1] for name, _ in parts_of(claim, "steps")}
                yield from _compared(claim, ("stated.exercises", "stated.steps"), len(steps), "path_steps", "steps")
            case "module":
                yield from _compared(claim, ("stated.exercises",), len(claim.under("lab")), "exercises", "exercises")
            case "program" | "catalog":
                totals = list(_totals(claim))
                for what, kind in (("exercises", "lab"), ("modules", "module"), ("projects", "project")):
                    fields = (f"stated.{what}", *(name for name, counted in totals if counted == what))
                    yield from _compared(claim, fields, len(list(statement.of_kind(kind))), what, what)


def _compared(claim: Claim, fields: tuple[str, ...], found: int, rule: str, what: str) -> Iterator[Finding]:
    """Nothing is said where there is nothing to count: the document lists them elsewhere."""
    for field in fields:
        stated = _figure(claim.get(field))
        if stated is not None and found and stated != found:
            yield Finding(
                f"counts.{rule}", "warning", *claim.place(field),
                f"{claim.label!r} states {stated:f} {what}; there are {found}.", "Correct the count.",
            )  # fmt: skip
            return


def _totals(claim: Claim) -> Iterator[tuple[str, str]]:
    """Fields that say how many modules, projects or exercises a program has, by their name or in their words."""
    for name, fact in claim.fields.items():
        key = _KEY.fullmatch(name.rpartition(".")[2]) if name.startswith("stated.") else None
        said = key or (_SAID.fullmatch(fact.value) if isinstance(fact.value, str) and len(fact.value) < 80 else None)
        if said:
            yield name, next(filter(None, said.groups())).casefold().removesuffix("s") + "s"


def _figure(value: Any) -> Decimal | None:
    """A count by itself, or at the end of words that say what it counts."""
    said = _SAID.fullmatch(value) if isinstance(value, str) and len(value) < 80 else None
    return number_of(said["count"] if said else value)


@check(Rule("counts.technologies", "warning", "As many exercises name a technology as are stated for it"))
def technologies(statement: Statement) -> Iterator[Finding]:
    """Named among the technologies of an exercise at least, anywhere in it at most. One finding a document."""
    labs = list(statement.of_kind("lab"))
    listed = [_words(lab, "technologies") for lab in labs]
    if not any(listed):
        return
    whole = [_words(lab, "") for lab in labs]
    wrong: list[tuple[tuple[str, int], str]] = []
    for claim in (each for each in statement.claims if each.kind in ("program", "catalog")):
        for name, value in parts_of(claim, "stated.technologies"):
            title, stated = _counted(value)
            if stated is None or not title:
                continue
            pattern = re.compile(rf"(?<!\w){re.escape(title).removesuffix('s')}(?:s|es)?(?!\w)", re.IGNORECASE)
            least, most = (sum(bool(pattern.search(text)) for text in texts) for texts in (listed, whole))
            if not least <= stated <= most:
                found = str(least) if least == most else f"{least}-{most}"
                wrong.append((claim.place(name), f"{title} {stated:f} (named by {found})"))
    if wrong:
        yield Finding(
            "counts.technologies", "warning", *wrong[0][0],
            f"These counts are not those of the exercises: {listing((said for _, said in wrong), 40)}.",
            "Correct the counts, or name the technology where it is used.", tuple(place for place, _ in wrong[1:]),
        )  # fmt: skip


def _words(lab: Claim, prefix: str) -> str:
    values = [fact.value for name, fact in lab.fields.items() if name.startswith(prefix)]
    return json.dumps(values, ensure_ascii=False) if values else ""


def _counted(value: Any) -> tuple[str, Any]:
    """A technology with the number of its exercises, from a line of a list or a row of a table."""
    if not isinstance(value, dict):
        return "", None
    count = next((text for head, text in value.items() if re.search(r"exercise|count|number", head)), None)
    title = value.get("title") or next((text for head, text in value.items() if text != count), "")
    return str(title).strip("*` "), number_of(count)
