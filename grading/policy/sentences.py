"""Reasons in words: every evaluated figure comes with a sentence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grading.policy.evaluation.types import Why
from waymark.core.shown import in_percent, number, percent

SENTENCES: dict[str, str] = {
    "component_empty": gettext_noop("Nothing counts here yet."),
    "component_nothing_graded": gettext_noop("None of %(items)s graded yet."),
    "component_sum_of_points": gettext_noop(
        "%(points)s of %(out_of)s points over %(graded)s of %(items)s items: %(share)s."
    ),
    "component_mean_of_percents": gettext_noop("Mean of the percents of %(graded)s of %(items)s items: %(share)s."),
    "component_mean_by_weight": gettext_noop("Mean by weight of %(graded)s of %(items)s items: %(share)s."),
    "overall_empty": gettext_noop("Nothing is graded in this program."),
    "overall_nothing_graded": gettext_noop("None of %(items)s items is graded yet."),
    "overall_sum_of_points": gettext_noop("Points over full marks of %(graded)s of %(items)s items: %(share)s."),
    "overall_mean_by_weight": gettext_noop(
        "Mean of the components by weight, over %(graded)s of %(items)s items: %(share)s."
    ),
    "rule_no_items": gettext_noop("Nothing that it could be measured on is part of the program."),
    "rule_nothing_left": gettext_noop("Everything that it is measured on was waived."),
    "rule_nothing_graded": gettext_noop("Nothing is graded yet."),
    "rule_overall_percent": gettext_noop("%(value)s so far; between %(least)s and %(best)s is still possible."),
    "rule_overall_points": gettext_noop(
        "%(value)s of %(total)s points so far; between %(least)s and %(best)s are still possible."
    ),
    "rule_component_percent": gettext_noop("%(value)s so far; between %(least)s and %(best)s is still possible."),
    "rule_average_points": gettext_noop(
        "%(value)s points on average over %(graded)s of %(items)s; between %(least)s and %(best)s is still possible."
    ),
    "rule_number": gettext_noop("%(passed)s passed; %(graded)s of %(items)s graded."),
    "rule_one_percent": gettext_noop("%(lowest)s now."),
    "rule_one_points": gettext_noop("%(lowest)s points now."),
    "rule_each_percent": gettext_noop("The lowest of %(graded)s graded has %(lowest)s; %(below)s of %(items)s below."),
    "rule_each_points": gettext_noop(
        "The lowest of %(graded)s graded has %(lowest)s points; %(below)s of %(items)s below."
    ),
    "letter_none": gettext_noop("The policy gives no letters."),
    "letter_rule_failed": gettext_noop("The lowest letter, because a rule is not met."),
    "letter_nothing_graded": gettext_noop("No letter before something is graded."),
    "letter_withheld": gettext_noop("Withheld while a rule is open."),
    "letter_band": gettext_noop("From %(from)s on; the figure is %(share)s."),
}

SHARES = frozenset({"share"})
"""Values that are shares of 1 and are said in percent."""

IN_PERCENT = {
    "rule_overall_percent": frozenset({"value", "least", "best"}),
    "rule_component_percent": frozenset({"value", "least", "best"}),
    "rule_one_percent": frozenset({"lowest"}),
    "rule_each_percent": frozenset({"lowest"}),
    "letter_band": frozenset({"from"}),
}
"""Values that are in percent already."""


def sentence(why: Why) -> str:
    """One sentence in the active language, with figures of two places at most, percents never more than they are."""
    return _(SENTENCES[why.code]) % {name: _figure(why.code, name, value) for name, value in why.values.items()}


def _figure(code: str, name: str, value: str) -> str:
    figure = Fraction(value)
    if name in SHARES:
        return percent(figure)
    return in_percent(figure) if name in IN_PERCENT.get(code, ()) else number(figure)


def sentence_from(data: dict[str, Any]) -> str:
    """As :func:`sentence`, from what ``Progress.figures`` stores."""
    return sentence(Why(data["code"], data.get("values", {})))
