"""What leads nowhere: modules that nothing comes after, objectives that nothing is done for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import edges_of, entities, listing, named_by, parts_of
from courses.curriculum.lint.register import Rule, check_all
from courses.curriculum.merge.join import Merged
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.values import is_nothing

ACTIVITIES = ("lab", "quiz", "project", "task", "reading")
_NUMBER = re.compile(r"\D*0*(?P<number>\d{1,6})$")


@check_all(Rule("references.dead_end", "info", "Something comes after every module but the last"))
def dead_ends(statements: list[Statement]) -> Iterator[Finding]:
    """Asked of at least three modules in one hundred of numbers, half of which lead on. The last one may end there."""
    wanted = {target.partition("/")[0] for target in _wanted(statements)}
    series: dict[int, dict[int, Merged]] = defaultdict(dict)
    for module in entities(statements, "module"):
        if found := _NUMBER.fullmatch(module.key):
            number = int(found["number"])
            series[number // 100].setdefault(number, module)
    for modules in series.values():
        ending = [each for number, each in modules.items() if number != max(modules) and not _goes_on(each, wanted)]
        if len(modules) < 3 or 2 * len(ending) > len(modules):
            continue
        for module in ending:
            claim = module.claims[0]
            yield Finding(
                "references.dead_end", "info", claim.statement.file, claim.line,
                f"Nothing needs {module.key}, and it leads to nothing.",
                "Say what comes next, or name it as a prerequisite of what builds on it.",
            )  # fmt: skip


def _wanted(statements: list[Statement]) -> Iterator[str]:
    """What others need, recommend or take as a step of a path."""
    for statement in statements:
        for claim in statement.claims:
            if claim.kind == "requirement" and claim.get("strength") != "leads_to":
                yield from (to for to, _ in named_by(claim))
            elif claim.kind == "path":
                steps = (value.get("to") if isinstance(value, dict) else value for _, value in parts_of(claim, "steps"))
                yield from (str(step) for step in steps)


def _goes_on(module: Merged, wanted: set[str]) -> bool:
    """Whether something needs a module, or it says what is next, in words too."""
    said = (str(claim.get("stated.next") or "") for claim in module.claims)
    edges = any(edges_of(claim, "leads_to") for claim in module.claims)
    linked = any(name.startswith("projects.") for claim in module.claims for name in claim.fields)
    return module.key in wanted or edges or linked or any(not is_nothing(text) for text in said)


@check_all(Rule("competencies.objective_unserved", "info", "Something is done for every objective"))
def unserved_objectives(statements: list[Statement]) -> Iterator[Finding]:
    """A module with objectives and nothing to do for them in any document; in native files, an objective by itself."""
    for statement in statements:
        if statement.kind == "native":
            for parent in statement.claims:
                yield from _by_itself(parent.under("objective"))
    if any(value.get("activities") == "quiz" for value in _components(statements)):
        return
    asked = {to for each in entities(statements, "project") for claim in each.claims
             for edge in edges_of(claim) for to, _ in named_by(edge)}  # fmt: skip
    of_all = [module for module in entities(statements, "module") if module.under("objective")]
    unserved = [module for module in of_all if module.key not in asked and not _served(module)]
    # Where no document says what is done, documents for that are still to come.
    for module in unserved if len(unserved) < len(of_all) else ():
        objectives = [claim for each in module.under("objective") for claim in each.claims]
        first = objectives[0]
        yield Finding(
            "competencies.objective_unserved", "info", *first.place("text"),
            f"{module.key} has {len(module.under('objective'))} objectives, and nothing to do for them.",
            "Add an exercise, a quiz or a project.", tuple(claim.place("text") for claim in objectives[1:]),
        )  # fmt: skip


def _components(statements: list[Statement]) -> Iterator[dict[str, str]]:
    for statement in statements:
        for policy in statement.of_kind("policy") if statement.kind != "native" else ():
            yield from (value for _, value in parts_of(policy, "components") if isinstance(value, dict))


def _served(module: Merged) -> bool:
    named = ("evidence.", "projects.")
    return any(module.under(kind) for kind in ACTIVITIES) or any(
        name.startswith(named) for claim in module.claims for name in claim.fields
    )


def _by_itself(objectives: list[Claim]) -> Iterator[Finding]:
    """Objectives without an activity, where others beside them name theirs."""
    without = [each for each in objectives if not any(name.startswith("activities") for name in each.fields)]
    if without and len(without) < len(objectives):
        yield Finding(
            "competencies.objective_unserved", "info", *without[0].place("text"),
            f"These objectives name no activity: {listing(each.label for each in without)}.",
            "Name what serves them under `activities:`.", tuple(each.place("text") for each in without[1:]),
        )  # fmt: skip
