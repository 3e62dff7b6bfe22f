"""The grades of one enrolment, opened down to the attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.selectors import attempts_of
from courses.models import Enrolment
from grading.figures_json import figures_json, fraction
from grading.measure import measure
from grading.models import Grade, Progress
from grading.policy.compile import Rules, rules_for
from grading.policy.evaluation.types import Folded, ItemState
from grading.policy.sentences import sentence_from
from grading.selectors.rules import RuleRow, rules_from
from grading.services.progress import extra_attempts, policy_revision_of
from grading.standings import STANDING_FIELDS, standing_from_row
from grading.structure import ActivityShape, Structure, structure_kept, structure_of
from waymark.core.shown import percent


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One handed-in attempt. ``points`` is None while it is not graded."""

    uuid: UUID
    number: int
    handed_in_at: datetime | None
    points: Fraction | None
    counts: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One graded item. ``state`` is a key of the status component, ``why`` a sentence."""

    shape: ActivityShape
    state: str
    word: str
    points: Fraction | None
    out_of: Fraction
    why: str
    attempts: tuple[AttemptLine, ...]


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """One component; ``share`` as the policy rounds it for showing, ``weight`` as a share of all weights."""

    id: str
    title: str
    weight: Fraction | None
    graded: int
    items_total: int
    points: Fraction
    out_of: Fraction
    total: Fraction
    share: Fraction | None
    why: str
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Grades:
    """Everything the grades page says.

    :param behind: computed before a newer release, set of rules or event.
    :param no_longer_met: it was completed, and its grades of today would not complete it.
    """

    enrolment: Enrolment
    structure: Structure
    components: tuple[ComponentLine, ...]
    others: tuple[ItemLine, ...]
    rules: tuple[RuleRow, ...]
    share: Fraction | None
    points: Fraction
    out_of: Fraction
    total: Fraction
    overall_why: str
    letter: str
    letter_final: bool
    letter_why: str
    passed: str
    behind: bool
    no_longer_met: bool
    computed_at: datetime | None

    @property
    def graded(self) -> int:
        return sum(component.graded for component in self.components)

    @property
    def items_total(self) -> int:
        return sum(component.items_total for component in self.components)


def grades_of(enrolment: Enrolment) -> Grades:
    """The grades of an enrolment, from a number of queries that no learner count changes."""
    structure = structure_of(enrolment.program_id)
    rules = rules_for(structure, policy_revision_of(enrolment, structure))
    kept = structure_kept(structure, enrolment)
    counted = rules if kept is structure else rules_for(kept, rules.revision_id)
    rows = Grade.objects.filter(enrolment=enrolment).values_list(*STANDING_FIELDS)
    standings = dict(standing_from_row(row) for row in rows)
    progress = Progress.objects.filter(enrolment=enrolment).first()
    if progress is not None:
        figures = progress.figures
    else:
        figures = figures_json(measure(kept, counted, standings, extra_attempts(enrolment.pk, rules)).evaluation)
    lines = _item_lines(enrolment, structure, rules, standings)
    in_components = {item for component in counted.compiled.components for item in component.items}
    overall = figures["overall"]
    return Grades(
        enrolment=enrolment,
        structure=structure,
        components=_components(figures, counted, lines),
        others=tuple(
            line
            for key, line in lines.items()
            if key not in in_components and (line.attempts or not line.shape.retired)
        ),
        rules=tuple(rules_from(figures)),
        share=fraction(overall["shown"]),
        points=Fraction(overall["points"]),
        out_of=Fraction(overall["out_of"]),
        total=Fraction(overall["total"]),
        overall_why=sentence_from(overall["why"]),
        letter=figures["letter"]["label"],
        letter_final=figures["letter"]["final"],
        letter_why=sentence_from(figures["letter"]["why"]),
        passed=figures["passed"],
        behind=progress is not None and is_behind(progress, enrolment, structure, rules),
        no_longer_met=(enrolment.state == Enrolment.State.COMPLETED and progress is not None and not progress.complete),
        computed_at=progress.computed_at if progress is not None else None,
    )


def is_behind(progress: Progress, enrolment: Enrolment, structure: Structure, rules: Rules) -> bool:
    """Whether something newer stands than what the row was computed from."""
    return (
        progress.sequence < enrolment.sequence
        or progress.release_id != structure.release_id
        or progress.policy_revision_id != rules.revision_id
    )


def _components(figures: dict[str, Any], rules: Rules, lines: dict[int, ItemLine]) -> tuple[ComponentLine, ...]:
    """The stored figures beside the items; a component that only one side knows is left out until it is refreshed."""
    items = {component.id: component.items for component in rules.compiled.components}
    weights = sum((Fraction(each["weight"]) for each in figures["components"]), Fraction(0))
    by_weight = rules.compiled.overall == "mean_by_weight" and weights
    return tuple(
        ComponentLine(
            id=each["id"],
            title=each["title"],
            weight=Fraction(each["weight"]) / weights if by_weight else None,
            graded=each["graded"],
            items_total=each["items"],
            points=Fraction(each["points"]),
            out_of=Fraction(each["out_of"]),
            total=Fraction(each["total"]),
            share=fraction(each["shown"]),
            why=sentence_from(each["why"]),
            items=tuple(lines[key] for key in items[each["id"]] if key in lines),
        )
        for each in figures["components"]
        if each["id"] in items
    )


def _item_lines(
    enrolment: Enrolment, structure: Structure, rules: Rules, standings: dict[int, Folded]
) -> dict[int, ItemLine]:
    attempts: dict[int, list[Any]] = {}
    handed_in = (
        attempts_of(enrolment).exclude(handed_in_at=None).values_list("quiz_id", "uuid", "number", "handed_in_at")
    )
    for quiz_id, *attempt in handed_in.order_by("number"):
        attempts.setdefault(quiz_id, []).append(attempt)
    lines = {}
    for key in rules.items:
        shape = structure.activities[key]
        standing = standings.get(key)
        if shape.retired and standing is None:
            continue
        out_of = standing.out_of if standing is not None and standing.out_of is not None else shape.out_of
        lines[key] = item_line(shape, standing, out_of or Fraction(0), rules, attempts.get(key, []))
    return lines


def item_line(
    shape: ActivityShape, standing: Folded | None, out_of: Fraction, rules: Rules, attempts: list[Any]
) -> ItemLine:
    """One item in words."""
    rule = rules.of(shape.id)
    state, word = _state(shape, standing)
    passing = _("%(percent)s to pass") % {"percent": percent(rule.passing)} if rule.passing else ""
    limit = _("%(limit)s attempts at most") % {"limit": rule.limit} if rule.limit else ""
    chosen = {
        "best": _("the best attempt counts"),
        "last": _("the last attempt counts"),
        "first": _("the first attempt counts"),
        "average": _("the average of all attempts counts"),
    }[rule.choose]
    parts = [passing, chosen if shape.kind == "quiz" else "", limit]
    if standing is not None and standing.overridden:
        parts.insert(0, _("set by staff"))
    why = ", ".join(part for part in parts if part)
    return ItemLine(
        shape=shape,
        state=state,
        word=word,
        points=standing.points if standing is not None else None,
        out_of=out_of,
        why=f"{why[:1].upper()}{why[1:]}." if why else "",
        attempts=tuple(
            AttemptLine(
                uuid=uuid,
                number=attempt,
                handed_in_at=at,
                points=standing.scores[attempt] * out_of if standing and attempt in standing.scores else None,
                counts=standing is not None and standing.counted_attempt == attempt,
            )
            for uuid, attempt, at in attempts
        ),
    )


def _state(shape: ActivityShape, standing: Folded | None) -> tuple[str, str]:
    if standing is None or standing.state == ItemState.NOT_HANDED_IN:
        return ("open", _("Not handed in")) if shape.ready else ("info", _("In preparation"))
    if standing.state == ItemState.WAIVED:
        return "done", _("Waived")
    if standing.state == ItemState.MISSING:
        return "failed", _("Missing")
    if standing.pending:
        return "waiting", _("Being graded")
    if standing.passed:
        return "done", _("Credited") if standing.state == ItemState.CREDITED else _("Passed")
    return "partial", _("Not passed yet")
