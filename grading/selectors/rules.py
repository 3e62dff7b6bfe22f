"""The program's rules as a learner reads them: state, figure and reason of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from grading.figures_json import fraction, why_from
from grading.policy.sentences import sentence


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule. ``state`` is a key of the status component; ``why`` is a sentence."""

    text: str
    binding: bool
    state: str
    word: str
    value: Fraction | None
    unit: str
    why: str


def rules_of(progress: Mapping[str, Any] | None) -> list[RuleRow]:
    """The rules stored in a progress row; none before the first event of the ledger."""
    return rules_from((progress or {}).get("figures", {}))


def rules_from(figures: Mapping[str, Any]) -> list[RuleRow]:
    """The rules of figures as ``grading.figures_json`` writes them."""
    return [_row(rule) for rule in figures.get("rules", ())]


def _row(rule: Mapping[str, Any]) -> RuleRow:
    state, word = _state(rule["state"], rule["so_far"])
    return RuleRow(
        rule["text"], rule["binding"], state, word, fraction(rule["value"]), rule["unit"] or "",
        sentence(why_from(rule["why"])),
    )  # fmt: skip


def _state(state: str, so_far: bool | None) -> tuple[str, str]:
    """Final states first; an open rule says whether it would hold if nothing else came."""
    if state == "met":
        return "done", _("Met")
    if state == "not_met":
        return "failed", _("Not met")
    if so_far is None:
        return "waiting", _("Not graded yet")
    return ("ok", _("On track")) if so_far else ("warn", _("Below so far"))
