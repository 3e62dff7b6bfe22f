"""Counts that documents state beside what they count."""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import number_of, parts_of
from courses.curriculum.lint.register import Rule, check
from courses.curriculum.sources.claims import Claim, Statement


@check(
    Rule("counts.path_steps", "warning", "A path has as many steps as it states"),
    Rule("counts.exercises", "warning", "There are as many exercises as are stated"),
    Rule("counts.modules", "warning", "There are as many modules as are stated"),
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
                labs, modules = list(statement.of_kind("lab")), list(statement.of_kind("module"))
                yield from _compared(claim, ("stated.exercises",), len(labs), "exercises", "exercises")
                yield from _compared(claim, ("stated.modules",), len(modules), "modules", "modules")


def _compared(claim: Claim, fields: tuple[str, ...], found: int, rule: str, what: str) -> Iterator[Finding]:
    """Nothing is said where there is nothing to count: the document lists them elsewhere."""
    for field in fields:
        stated = number_of(claim.get(field))
        if stated is not None and found and stated != found:
            yield Finding(
                f"counts.{rule}", "warning", *claim.place(field),
                f"{claim.label!r} states {stated:f} {what}; there are {found}.", "Correct the count.",
            )  # fmt: skip
            return
