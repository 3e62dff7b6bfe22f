"""Totals that documents state beside their parts. They are never facts; a wrong one is named."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import number_of, once, parts_of, words_of
from courses.curriculum.lint.register import Rule, check, check_all
from courses.curriculum.merge.figures import Span, hours_of, shown, span, total
from courses.curriculum.merge.quizzes import join_documents
from courses.curriculum.sources.claims import Claim, Statement


@check_all(Rule("sums.module_hours", "warning", "The parts of a module's or project's hours add up to its total"))
def parts_of_hours(statements: list[Statement]) -> Iterator[Finding]:
    yield from once(finding for statement in statements for finding in _hours(statement))


def _hours(statement: Statement) -> Iterator[Finding]:
    for claim in statement.claims:
        if claim.kind not in ("module", "project"):
            continue
        kinds = total([found for _, value in parts_of(claim, "hours_by_kind") if (found := span(value))])
        field = "stated.hours" if "stated.hours" in claim.fields else "hours"
        stated = span(claim.get(field))
        if kinds and stated and _differ(kinds, stated):
            yield _finding(claim, field, "The parts of the hours", kinds, stated)
        own = kinds or stated
        yield from _once_more(claim, own)
        place = field if stated else next((name for name, _ in parts_of(claim, "hours_by_kind")), field)
        # Elsewhere labs are a part of the hours only; an index counts nothing else.
        for kind in ("topic", "phase", *(("lab",) if statement.kind == "exercise_index" else ())):
            parts = [span(part.get("hours")) for part in claim.under(kind)]
            # Topics of which one has no hours say nothing of the total.
            found = total([each for each in parts if each]) if parts and all(parts) else None
            if own and found and _differ(found, own):
                counts = "the stated hours are" if kind == "phase" else "the parts are"
                source = "stated" if own == stated else "said by kind"
                yield _finding(claim, place, f"The {kind}s", found, own, counts, source)


def _once_more(claim: Claim, own: Span | None) -> Iterator[Finding]:
    """A heading or a table of all modules may state the hours once more."""
    for field in ("stated.in_heading", "stated.in_table"):
        stated = span(claim.get(field))
        if own and stated and stated != own:
            yield _finding(claim, field, "The hours", own, stated)


def _differ(found: Span, stated: Span) -> bool:
    """Two ranges by both ends; a figure and a range only where it is outside."""
    ranges = found[0] != found[1] and stated[0] != stated[1]
    return found != stated if ranges else _apart(found, stated)


def _apart(found: Span, stated: Span) -> bool:
    """Whether a sum cannot be the stated total: they have no figure in common. An open end meets everything."""
    (low, high), (least, most) = found, stated
    return (high is not None and least is not None and high < least) or (
        low is not None and most is not None and most < low
    )


def _finding(
    claim: Claim, field: str, what: str, found: Span, stated: Span, counts: str = "the parts are",
    source: str = "stated",
) -> Finding:  # fmt: skip
    return Finding(
        "sums.module_hours", "warning", *claim.place(field),
        f"{what} of {claim.address} add up to {shown(found)} hours; {shown(stated)} are {source}.",
        f"Correct the parts or the total; {counts} what counts.",
    )  # fmt: skip


@check_all(
    Rule("sums.program_hours", "warning", "Modules and projects add up to the stated hours of their program"),
    Rule("sums.share", "warning", "A stated share of the hours is the share of the stated parts"),
)
def program_hours(statements: list[Statement]) -> Iterator[Finding]:
    """A program's parts against its total, ranges by both ends.

    A part without hours has those that another document gives it; without any
    the sum is open and nothing is said.
    """
    joined = {id(claim): thing.claims for thing in join_documents(statements).things for claim in thing.claims}
    for program in (claim for each in statements if each.kind != "native" for claim in each.claims):
        if program.kind not in ("program", "catalog"):
            continue
        modules = [_hours_anywhere(claim, joined) for claim in program.under("module")]
        projects = [_hours_anywhere(claim, joined) for claim in program.under("project")]
        of_modules, of_projects = _whole(modules), _whole(projects)
        if of_modules is None or (projects and of_projects is None):
            continue
        whole = total([of_modules, *([of_projects] if of_projects else [])])
        both = f"modules {shown(of_modules)} and projects {shown(of_projects)}, in all " if of_projects else ""
        for name in ("stated.hours", *(name for name, _ in parts_of(program, "stated.more_hours"))):
            if whole:
                yield from _total(program, name, "", whole, f"its parts have {both}{shown(whole)}")
        for kind, found in (("module", of_modules), ("project", of_projects)):
            if found:
                yield from _total(program, f"stated.{kind}_hours", f" of {kind}s", found, f"they have {shown(found)}")
        if of_projects and whole:
            yield from _share(program, of_projects, whole)


def _total(program: Claim, name: str, of: str, found: Span, said: str) -> Iterator[Finding]:
    stated = span(program.get(name))
    if stated and stated != found:
        yield Finding(
            "sums.program_hours", "warning", *program.place(name),
            f"{program.label} states {shown(stated)} hours{of}; {said}.",
            "Correct the total; the parts are what counts.",
        )  # fmt: skip


def _hours_anywhere(claim: Claim, joined: dict[int, list[Claim]]) -> Span | None:
    return next((found[0] for each in (claim, *joined.get(id(claim), ())) if (found := hours_of(each))), None)


def _whole(parts: list[Span | None]) -> Span | None:
    """The sum if every part has its hours."""
    known = [each for each in parts if each]
    return total(known) if len(known) == len(parts) else None


def _share(program: Claim, part: Span, whole: Span) -> Iterator[Finding]:
    if part[0] is None or part[1] is None or not whole[0] or not whole[1]:
        return
    low, high = sorted((100 * part[0] / whole[0], 100 * part[1] / whole[1]))
    for name, fact in program.fields.items():
        words = name.casefold()
        if not words.startswith("stated.") or "project" not in words or not ("share" in words or "percent" in words):
            continue
        stated = number_of(fact.value)
        if stated is not None and not (low - Decimal("0.5") <= stated <= high + Decimal("0.5")):
            yield Finding(
                "sums.share", "warning", *program.place(name),
                f"{program.label} states that {stated:f} % of the time is spent on projects; by the hours it is "
                f"{low:.0f} %.",
                "Correct the share.",
            )  # fmt: skip


@check(Rule("sums.weeks", "warning", "Weeks at their hours a week are the hours of what they are for"))
def weeks(statement: Statement) -> Iterator[Finding]:
    """The paces of a program or path against its hours, ranges by whether they have a figure in common."""
    if statement.kind == "native":
        return
    for pace in statement.of_kind("pace"):
        each = span(pace.get("hours_per_week"))
        wrong = []
        for field, many, what, stated, place in _paced(statement, pace) if each else ():
            needed = _times(each, many) if each else None
            if needed and _apart(needed, stated):
                said = f"{shown(many)} weeks are {shown(needed)} hours, and {what} {shown(stated)}"
                wrong.append((pace.place(field), said, place))
        if wrong and each:
            yield Finding(
                "sums.weeks", "warning", *wrong[0][0],
                f"At {shown(each)} hours a week {'; '.join(said for _, said, _ in wrong)}.",
                "Correct the weeks, or the hours.",
                tuple(dict.fromkeys((*(line for line, _, _ in wrong[1:]), *(place for _, _, place in wrong)))),
            )  # fmt: skip


def _paced(statement: Statement, pace: Claim) -> Iterator[tuple[str, Span, str, Span, tuple[str, int]]]:
    """The weeks that a pace states, of its program, of the paths that it names, of all modules or projects.

    Each with what they are for, its hours and where these stand.
    """
    owners: list[tuple[str, Span, Claim]] = []
    if pace.parent is not None and (many := span(pace.get("weeks"))):
        owners.append(("weeks", many, pace.parent))
    for name, value in parts_of(pace, "stated.weeks"):
        if isinstance(value, dict) and (many := span(value.get("weeks"))):
            wanted = words_of(str(value.get("path") or "")) - {"path"}
            meant = [path for path in statement.of_kind("path") if wanted and wanted <= words_of(path.label)]
            if len(meant) == 1:
                owners.append((name, many, meant[0]))
    for name, many, owner in owners:
        field = "stated.hours" if owner.get("stated.hours") else "hours"
        if (stated := span(owner.get(field))) is not None:
            yield name, many, f"{owner.label} has", stated, owner.place(field)
    for name, value in parts_of(pace, "stated.plan"):
        kind = str(value.get("text")).casefold().split(" ")[0].strip(":,").removesuffix("s")
        last = value.get("to") or value.get("from")
        units = pace.parent.under(kind) if pace.parent is not None and kind in ("module", "project") and last else []
        found = _whole([hours[0] if (hours := hours_of(unit)) else None for unit in units])
        count = Decimal(last) - Decimal(value["from"]) + 1 if found else Decimal()
        if found and count > 0:
            yield name, (count, count), f"the {kind}s have", found, units[0].place("hours")


def _times(one: Span, other: Span) -> Span:
    (low, high), (least, most) = one, other
    return (
        None if low is None or least is None else low * least,
        None if high is None or most is None else high * most,
    )
