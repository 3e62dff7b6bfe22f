"""Two documents on one thing: the same id that is not one thing, and facts that differ.

Lists of objectives unite and are no conflict; figures that a document states beside
their parts are the business of ``sums``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from courses.curriculum.aliases import fold
from courses.curriculum.findings import Finding, Severity
from courses.curriculum.kinds import registry
from courses.curriculum.lint.entities import edges_of, number_of, states_needs
from courses.curriculum.lint.register import Rule, check_all
from courses.curriculum.lint.titles import Titles
from courses.curriculum.merge.figures import Span, hours_of, shown, span
from courses.curriculum.merge.join import Joined, Merged, own_key, title_of, unnumbered
from courses.curriculum.merge.precedence import rank
from courses.curriculum.merge.quizzes import join_documents, same_title
from courses.curriculum.merge.single import single_unite
from courses.curriculum.sources.asked import group_of
from courses.curriculum.sources.claims import Claim, Statement

ONE_ID = Rule("references.duplicate_id", "error", "One id names one thing")
PREREQUISITES = Rule("conflicts.prerequisites", "warning", "All documents ask for the same prerequisites of a thing")
FIELDS = {
    "title": Rule("conflicts.title", "warning", "All documents give a thing the same title"),
    "hours": Rule("conflicts.hours", "warning", "All documents give a thing the same hours"),
    "difficulty": Rule("conflicts.difficulty", "warning", "All documents give a thing the same difficulty"),
    "level": Rule("conflicts.level", "warning", "All documents ask for the same level of a competency"),
    "points": Rule("conflicts.points", "warning", "All documents give a thing the same points"),
    "passing_percent": Rule("conflicts.passing_score", "warning", "All documents set the same passing score"),
}
_SCORE = ["score", ">=", "%"]
Read = Callable[[Claim], tuple[Any, str] | None]
"""What a claim states: a value to compare, and how to show it; None where it states nothing."""


@check_all(ONE_ID)
def ids(statements: list[Statement]) -> Iterator[Finding]:
    for claim, first in join_documents(statements).doubled:
        if claim.kind == "quiz":
            asked = len(claim.under("question"))
            message = (
                f"The quiz {title_of(claim)!r} is stated in {first.statement.file}, too, with other questions: the "
                f"{asked} of this document are asked of nobody."
            )
            fix = "Join the two documents, or give one of them another title."
        elif claim.statement is first.statement:
            message, fix = f"{claim.kind} {claim.key} is stated twice in this file.", "Join the two, or correct one id."
        else:
            message = (
                f"{claim.kind} {claim.key} is {title_of(claim)!r} here and {title_of(first)!r} in "
                f"{first.statement.file}: one id, two things."
            )
            fix = "Give one of them another id, or the same title where they are one thing."
        yield _finding(ONE_ID.id, "error", claim, "id", message, fix, [first])


@check_all(*FIELDS.values(), PREREQUISITES)
def fields(statements: list[Statement]) -> Iterator[Finding]:
    titles = Titles(statements)
    for thing in _all(join_documents(statements)):
        yield from _of_thing(thing, titles)


def conflicts_between(thing: Merged, other: Merged, titles: Titles) -> Iterator[Finding]:
    """What differs between two things that turn out to be one, and between what stands under both.

    What documents of one of them say against each other is said by ``fields``.
    """
    pair = Merged(thing.kind, sorted([thing.claims[0], other.claims[0]], key=rank))
    # What an id and a title join is called differently on purpose.
    yield from (each for each in _of_thing(pair, titles) if each.rule != FIELDS["title"].id)
    for each in (thing, other):
        single_unite(each)
    known = {_sibling(child): child for child in thing.children if child.kind != "requirement"}
    for child in other.children:
        if (same := known.get(_sibling(child))) is not None:
            yield from conflicts_between(same, child, titles)


def _sibling(child: Merged) -> tuple[str, str]:
    """What finds a thing in its parent; of some kinds there is one."""
    return child.kind, "" if child.kind in registry and registry.get(child.kind).only else own_key(child.claims[0])


def _of_thing(thing: Merged, titles: Titles) -> Iterator[Finding]:
    for name, rule in FIELDS.items():
        yield from _differing(thing, name, rule.id, READERS.get(name, _plain(name)))
    yield from _prerequisites(thing, titles)


def _all(joined: Joined) -> Iterator[Merged]:
    """Every thing and what stands under it. Edges have no facts of their own."""
    waiting = [*joined.things, *joined.loose][::-1]
    while waiting:
        thing = waiting.pop()
        single_unite(thing)
        if len(thing.claims) > 1 and thing.kind != "requirement":
            yield thing
        waiting += reversed(thing.children)


def _plain(name: str) -> Read:
    def read(claim: Claim) -> tuple[Any, str] | None:
        value = claim.get(name)
        return (fold(value), value) if isinstance(value, str) else None

    return read


def _title(claim: Claim) -> tuple[Any, str] | None:
    title = claim.get("title")
    return (fold(unnumbered(title)), title) if isinstance(title, str) else None


def _hours(claim: Claim) -> tuple[Span, str] | None:
    found = hours_of(claim)
    return (found[0], f"{shown(found[0])} h") if found else None


def _figure(name: str) -> Read:
    def read(claim: Claim) -> tuple[Span, str] | None:
        found = span(claim.get(name))
        return (found, shown(found)) if found else None

    return read


def _passing(claim: Claim) -> tuple[Decimal, str] | None:
    """From where a quiz is passed: a percent, a count of what it is out of, or a criterion of a score."""
    name = _passing_field(claim)
    value = claim.get(name) if name else None
    if name == "passing.count":
        asked = [each for each in claim.under("question") if not each.get("bonus")]
        count, of = number_of(value), number_of(claim.get("passing.of") or str(len(asked)))
        share = round(100 * count / of, 2) if count is not None and of else None
        return (share, f"{value} of {of:f}") if share is not None and of else None
    percent = number_of(value["value"] if isinstance(value, dict) else value)
    return (percent, f"{percent:f} %") if percent is not None else None


def _passing_field(claim: Claim) -> str:
    """The field by which a claim states it; empty for none."""
    names = ("passing.percent", "passing_percent", "passing.count")
    criteria = (name for name in claim.fields if name.startswith("criteria.") and is_score(claim.get(name)))
    return next((name for name in (*names, *criteria) if name in claim.fields), "")


def is_score(criterion: Any) -> bool:
    """Whether a criterion is the score from which something is passed, in percent."""
    return isinstance(criterion, dict) and [criterion.get(key) for key in ("measure", "op", "unit")] == _SCORE


READERS: dict[str, Read] = {
    "title": _title, "hours": _hours, "points": _figure("points"), "passing_percent": _passing,
}  # fmt: skip


def _differing(thing: Merged, name: str, rule: str, read: Read) -> Iterator[Finding]:
    stating = [(claim, found) for claim in thing.claims if (found := read(claim)) is not None]
    if len(stating) < 2:
        return
    (winner, wins), *others = stating
    losing = [(claim, found) for claim, found in others if found[0] != wins[0]]
    if thing.kind == "quiz" and name == "title":
        # A row says "Assessment: Ports", its document "Module 801: Ports - Quiz".
        losing = [(claim, found) for claim, found in losing if not same_title(claim, winner)]
    if not losing:
        return
    # Of the same rank nobody wins; a title is shown and nothing hangs on it.
    open_ = name != "title" and any(rank(claim) == rank(winner) for claim, _ in losing)
    first, found = losing[0]
    place = f"{winner.statement.file}:{_line(winner, name)}"
    what = "passing score" if name == "passing_percent" else name
    said = f"{thing.kind} {thing.name}: {what} is {found[1]} here and {wins[1]} in {place}"
    if len(losing) > 1:
        said += f"; {len(losing) - 1} more differ"
    yield _finding(
        rule, "error" if open_ else "warning", first, name,
        f"{said}. {'Neither ranks above the other.' if open_ else 'The latter ranks above and wins.'}",
        f"Write {wins[1]} here, or correct the other." if not open_ else "Decide which is true and correct the other.",
        [winner, *(claim for claim, _ in losing[1:])],
    )  # fmt: skip


def _prerequisites(thing: Merged, titles: Titles) -> Iterator[Finding]:
    stating = [(claim, needs) for claim in thing.claims if (needs := needs_of(claim, titles)) is not None]
    if len(stating) < 2:
        return
    in_words = {id(claim) for claim, _ in stating if _says_words(claim, titles)}

    def agree(one: tuple[Claim, frozenset[str]], other: tuple[Claim, frozenset[str]]) -> bool:
        # What a document says in words may be any of the ids that the other has beside them.
        return (
            one[1] == other[1]
            or (id(one[0]) in in_words and one[1] <= other[1])
            or (id(other[0]) in in_words and other[1] <= one[1])
        )

    first_stating, *others = stating
    winner, wins = first_stating
    losing = [each for each in others if not agree(each, first_stating)]
    if not losing:
        return
    first, needs = losing[0]
    common = frozenset.intersection(*(each for _, each in stating))
    yield _finding(
        PREREQUISITES.id, "warning", first, "stated.prerequisites",
        f"{thing.kind} {thing.name} needs {_listed(needs)} here and {_listed(wins)} in "
        f"{winner.statement.file}:{_line(winner, 'stated.prerequisites')}"
        f"{f'; {len(losing) - 1} more differ' if len(losing) > 1 else ''}. All that state any share {_listed(common)}.",
        "Decide which it needs and write it in both.", [winner, *(claim for claim, _ in losing[1:])],
    )  # fmt: skip


def needs_of(claim: Claim, titles: Titles) -> frozenset[str] | None:
    """The ids that a claim needs, full titles included; None where its document says nothing of prerequisites.

    Alternatives are one, as the phrase that they are called by.
    """
    if not states_needs(claim):
        return None
    return frozenset(target for edge in edges_of(claim) if (target := target_of(edge, claim, titles)))


def target_of(edge: Claim, claim: Claim, titles: Titles) -> str | None:
    """The id that a requirement of *claim* names, or whose full title it is; what its alternatives are called."""
    if isinstance(to := edge.get("to"), str):
        return to
    return titles.exact(str(edge.get("skill") or ""), claim) or group_of(
        titles.alternatives(edge, claim), edge.get("at_least")
    )


def _says_words(claim: Claim, titles: Titles) -> bool:
    return any(edge.get("skill") and not target_of(edge, claim, titles) for edge in edges_of(claim))


def _listed(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids)) or "nothing"


def _line(claim: Claim, name: str) -> int:
    """Where a claim states a field; hours may stand in their parts, prerequisites in their edges."""
    if name == "passing_percent":
        name = _passing_field(claim) or name
    elif name == "hours" and (found := hours_of(claim)) and found[1]:
        name = found[1]
    elif name == "stated.prerequisites" and name not in claim.fields:
        return next((edge.line for edge in claim.under("requirement")), claim.line)
    return claim.place(name)[1]


def _finding(
    rule: str, severity: Severity, claim: Claim, name: str, message: str, fix: str, others: list[Claim]
) -> Finding:
    related = tuple((other.statement.file, _line(other, name)) for other in others)
    return Finding(rule, severity, claim.statement.file, _line(claim, name), message, fix, related)
