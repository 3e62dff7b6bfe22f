"""Components, overall, rules, letters: exact, and honest about what may still come."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.policy.bodies import Rounding
from grading.policy.evaluation.evaluate import Band, Compiled, Scale, evaluate
from grading.policy.evaluation.figures import Component, Ungraded
from grading.policy.evaluation.rounding import Rounder, rounded
from grading.policy.evaluation.rules import Rule
from grading.policy.evaluation.types import Evaluation, Folded, Item, ItemRule, ItemState

TEN = Fraction(10)
LETTERS = Scale(tuple(Band(label, Fraction(at)) for label, at in (("A", 90), ("B", 80), ("C", 70), ("F", 0))))


def item(
    number: int, share: str | None = None, *, state: ItemState | None = None, out_of: int = 10,
    left: int | None = None, rule: ItemRule | None = None, **standing: Any,
) -> Item:  # fmt: skip
    full = Fraction(out_of)
    rule = rule or ItemRule(passing=Fraction(7, 10))
    state = state or (ItemState.SCORED if share is not None else ItemState.NOT_HANDED_IN)
    points = None if share is None else Fraction(share) * full
    passed = None if points is None else points >= (rule.passing or 0) * full
    folded = Folded(
        state, points=points, out_of=None if points is None else full, passed=passed, done=bool(passed),
        scores={} if share is None else {1: Fraction(share)}, attempts_made=int(share is not None), **standing,
    )  # fmt: skip
    return Item(number, full, full, rule, folded, attempts_left=left)


def policy(*components: Component, rules: tuple[Rule, ...] = (), **fields: Any) -> Compiled:
    defaults: dict[str, Any] = {
        "overall": "mean_by_weight", "scale": None, "ungraded": Ungraded(), "rounder": Rounder(()),
    }  # fmt: skip
    return Compiled(components=components, rules=rules, **{**defaults, **fields})


def component(name: str, *items: int, weight: int = 1, figure: str = "sum_of_points") -> Component:
    return Component(name, name.title(), Fraction(weight), figure, items)  # type: ignore[arg-type]


def run(compiled: Compiled, *items: Item) -> Evaluation:
    return evaluate(compiled, {each.id: each for each in items})


def rule(measure: str, at_least: str, *items: int, of: str | None = None, binding: bool = True) -> Rule:
    return Rule("r", "A rule", measure, Fraction(at_least), binding, of, items)  # type: ignore[arg-type]


# -- figures -------------------------------------------------------------------
def test_three_thirds_are_one() -> None:
    compiled = policy(
        component("quizzes", 1, 2, 3, figure="mean_of_percents"), rules=(rule("overall_percent", "33.3"),)
    )
    result = run(compiled, *(item(n, "1/3", left=0) for n in (1, 2, 3)))
    assert result.components[0].span
    assert result.components[0].span.so_far == Fraction(1, 3)
    assert result.rules[0].state == "met"


def test_what_is_not_handed_in_or_waits_is_left_out_and_no_figure_is_zero_when_unknown() -> None:
    compiled = policy(component("quizzes", 1, 2, 3), component("projects", 4))
    result = run(compiled, item(1, "8/10"), item(2), item(3, state=ItemState.WAITING), item(4))
    quizzes, projects = result.components
    assert quizzes.span
    assert quizzes.span.so_far == Fraction(8, 10)
    assert (quizzes.graded, quizzes.items, quizzes.points, quizzes.out_of, quizzes.total) == (1, 3, 8, 10, 30)
    assert projects.span
    assert projects.span.so_far is None
    assert result.overall
    assert result.overall.so_far == Fraction(8, 10), "normalised over what has a figure"


def test_waiting_as_zero_and_missing_left_out_are_choices_of_the_policy() -> None:
    items = (item(1, "8/10"), item(2, state=ItemState.WAITING), item(3, state=ItemState.MISSING))
    default = run(policy(component("quizzes", 1, 2, 3)), *items)
    other = run(
        policy(component("quizzes", 1, 2, 3), ungraded=Ungraded(waiting_is_zero=True, missing_is_zero=False)), *items
    )
    assert default.overall
    assert default.overall.so_far == Fraction(8, 20)
    assert other.overall
    assert other.overall.so_far == Fraction(8, 20)
    assert (default.components[0].graded, other.components[0].graded) == (2, 2)
    assert (default.components[0].items, other.components[0].items) == (3, 2)


def test_a_waived_item_leaves_the_percent_and_changes_the_points() -> None:
    compiled = policy(component("all", 1, 2), rules=(rule("overall_points", "14"),))
    result = run(compiled, item(1, "7/10", left=0), item(2, state=ItemState.WAIVED))
    assert result.overall
    assert result.overall.so_far == Fraction(7, 10)
    assert result.rules[0].state == "met", "14 of 20 is 70 %, also when only 10 points are left to earn"


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("sum_of_points", Fraction(5 + 90, 110)),
        ("mean_of_percents", Fraction(7, 10)),
        ("mean_by_weight", Fraction(3, 5)),
    ],
)
def test_figures_of_a_component(figure: str, expected: Fraction) -> None:
    heavy = ItemRule(weight=Fraction(3))
    compiled = policy(component("labs", 1, 2, figure=figure))
    result = run(compiled, item(1, "5/10", rule=heavy), item(2, "9/10", out_of=100))
    assert result.components[0].span
    assert result.components[0].span.so_far == expected


def test_overall_by_weight_needs_no_hundred_and_sum_of_points_ignores_weights() -> None:
    parts = (component("quizzes", 1, weight=2), component("projects", 2, weight=3))
    items = (item(1, "1"), item(2, "1/2", out_of=100))
    weighted = run(policy(*parts), *items)
    summed = run(policy(*parts, overall="sum_of_points"), *items)
    assert weighted.overall
    assert weighted.overall.so_far == Fraction(2 + Fraction(3, 2), 5)
    assert summed.overall
    assert summed.overall.so_far == Fraction(60, 110)


def test_a_cap_limits_the_whole_only() -> None:
    bonus = item(1, "12/10", left=0)
    result = run(policy(component("quizzes", 1), cap=Fraction(1)), bonus)
    assert result.components[0].span
    assert result.components[0].span.so_far == Fraction(12, 10)
    assert result.overall
    assert result.overall.so_far == 1


def test_a_retired_item_counts_only_for_those_who_have_a_score() -> None:
    from dataclasses import replace

    compiled = policy(component("quizzes", 1, 2))
    without = run(compiled, item(1, "8/10"), replace(item(2), retired=True))
    having = run(compiled, item(1, "8/10"), replace(item(2, "1/2"), retired=True))
    assert (without.components[0].items, without.total) == (1, 10)
    assert having.overall
    assert having.overall.so_far == Fraction(13, 20)


# -- rules ---------------------------------------------------------------------
def test_a_rule_is_open_until_nothing_can_change_it() -> None:
    compiled = policy(component("quizzes", 1, 2), rules=(rule("overall_percent", "70"),))
    assert run(compiled, item(1, "9/10"), item(2)).rules[0].state == "open"
    assert run(compiled, item(1, "9/10"), item(2)).rules[0].so_far is True
    assert run(compiled, item(1, "9/10"), item(2, "1/2")).rules[0].state == "met", "best attempts never fall"
    assert run(compiled, item(1, "3/10"), item(2, "1/2")).rules[0].state == "open", "attempts are left"
    assert run(compiled, item(1, "3/10", left=0), item(2, "1/2", left=0)).rules[0].state == "not_met"
    assert run(compiled, item(1, "3/10", left=0), item(2)).rules[0].state == "not_met", "full marks give 65 %"


def test_scored_items_may_be_said_not_to_change() -> None:
    compiled = policy(
        component("quizzes", 1), rules=(rule("overall_percent", "70"),), ungraded=Ungraded(scored_may_change=False)
    )
    assert run(compiled, item(1, "3/10")).rules[0].state == "not_met"


@pytest.mark.parametrize(
    ("choose", "left", "state"),
    [("best", None, "met"), ("last", None, "open"), ("last", 0, "met"), ("first", None, "met"),
     ("average", None, "open"), ("average", 1, "open"), ("average", 0, "met")],
)  # fmt: skip
def test_what_more_attempts_may_still_do(choose: str, left: int | None, state: str) -> None:
    scored = item(1, "9/10", left=left, rule=ItemRule(choose=choose))  # type: ignore[arg-type]
    compiled = policy(component("quizzes", 1), rules=(rule("item_percent", "70", 1),))
    assert run(compiled, scored).rules[0].state == state


def test_an_attempt_that_waits_may_still_raise_a_final_score() -> None:
    compiled = policy(component("quizzes", 1), rules=(rule("item_percent", "70", 1),))
    assert run(compiled, item(1, "3/10", left=0, pending=1)).rules[0].state == "open"


def test_the_junior_rules() -> None:
    quizzes = component("quizzes", *range(1, 11), weight=100)
    projects = component("projects", *range(11, 16), weight=500)
    compiled = policy(
        quizzes, projects, scale=LETTERS,
        rules=(
            rule("overall_percent", "70"),
            rule("each_item_points", "70", *range(11, 16), of="projects"),
            rule("component_average_points", "7", *range(1, 11), of="quizzes"),
        ),
    )  # fmt: skip
    good = [item(n, "8/10", left=0) for n in range(1, 11)] + [item(n, "3/4", out_of=100, left=0) for n in range(11, 16)]
    result = run(compiled, *good)
    assert [each.state for each in result.rules] == ["met", "met", "met"]
    assert (result.passed, result.letter, result.letter_final) == ("met", "C", True)
    assert (result.points, result.total) == (Fraction(455), Fraction(600))

    weak_project = [*good[:-1], item(15, "69/100", out_of=100, left=0)]
    result = run(compiled, *weak_project)
    assert [each.state for each in result.rules] == ["met", "not_met", "met"]
    assert (result.passed, result.letter) == ("not_met", "F")
    assert result.rules[1].value == 69

    under_way = [*good[:-1], item(15, out_of=100)]
    result = run(compiled, *under_way)
    assert [each.state for each in result.rules] == ["open", "open", "met"]
    assert (result.passed, result.letter) == ("open", ""), "withheld while a rule is open"


def test_number_of_items_counts_what_is_passed_and_a_waiver_never_makes_it_unreachable() -> None:
    compiled = policy(component("quizzes", 1, 2, 3), rules=(rule("number_of_items", "3", 1, 2, 3, of="quizzes"),))
    result = run(compiled, item(1, "9/10"), item(2, "1/2"), item(3))
    assert (result.rules[0].state, result.rules[0].value, result.rules[0].needed) == ("open", 1, 3)
    result = run(compiled, item(1, "9/10"), item(2, "8/10"), item(3, state=ItemState.WAIVED))
    assert (result.rules[0].state, result.rules[0].needed) == ("met", 2)
    assert run(compiled, item(1, "9/10"), item(2, "1/2", left=0), item(3)).rules[0].state == "not_met"


def test_an_advice_rule_has_a_state_and_no_say() -> None:
    compiled = policy(
        component("quizzes", 1),
        rules=(rule("overall_percent", "70"), rule("item_percent", "70", 2, binding=False)),
    )
    result = run(compiled, item(1, "9/10", left=0), item(2, "1/10", left=0))
    assert [each.state for each in result.rules] == ["met", "not_met"]
    assert result.passed == "met"


def test_rules_over_nothing_stay_open_and_over_waived_items_hold() -> None:
    compiled = policy(component("projects"), rules=(rule("each_item_points", "70", of="projects"),))
    assert run(compiled).rules[0].state == "open"
    compiled = policy(component("projects", 1), rules=(rule("each_item_points", "70", 1, of="projects"),))
    assert run(compiled, item(1, state=ItemState.WAIVED)).rules[0].state == "met"


# -- letters and rounding --------------------------------------------------------
@pytest.mark.parametrize(
    ("share", "letter"), [("9/10", "A"), ("899/1000", "B"), ("8999/10000", "B"), ("7/10", "C"), ("0", "F")]
)
def test_bands_are_from_thresholds_without_gaps(share: str, letter: str) -> None:
    compiled = policy(component("quizzes", 1), rules=(rule("overall_percent", "0"),), scale=LETTERS)
    assert run(compiled, item(1, share, left=0)).letter == letter


def test_a_letter_may_be_shown_so_far() -> None:
    scale = Scale(LETTERS.bands, so_far=True)
    compiled = policy(component("quizzes", 1, 2), rules=(rule("overall_percent", "70"),), scale=scale)
    result = run(compiled, item(1, "9/10"), item(2))
    assert (result.letter, result.letter_final) == ("A", False)


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [("half_up", "5/2", 3), ("half_even", "5/2", 2), ("half_even", "7/2", 4), ("down", "29/10", 2), ("up", "21/10", 3),
     ("half_up", "249/100", 2), ("up", "2", 2)],
)  # fmt: skip
def test_rounding_modes(mode: str, value: str, expected: int) -> None:
    assert rounded(Fraction(value), mode, 0) == expected  # type: ignore[arg-type]


def test_a_rounding_is_carried_on_or_only_shown() -> None:
    share = item(1, "6975/10000", left=0)
    compiled = policy(component("quizzes", 1), rules=(rule("overall_percent", "70"),))
    assert run(compiled, share).rules[0].state == "not_met"
    for carried, state, now in ((True, "met", Fraction(7, 10)), (False, "not_met", Fraction(6975, 10000))):
        rounder = Rounder((Rounding(place="overall", digits=0, carried=carried),))
        result = run(policy(component("quizzes", 1), rules=(rule("overall_percent", "70"),), rounder=rounder), share)
        assert (result.rules[0].state, result.overall and result.overall.so_far) == (state, now)
        assert result.overall_shown == Fraction(7, 10)


# -- properties ------------------------------------------------------------------
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=20)
FIGURES = st.sampled_from(["sum_of_points", "mean_of_percents", "mean_by_weight"])
OVERALL = st.sampled_from(["mean_by_weight", "sum_of_points"])


@st.composite
def standings(draw: st.DrawFn) -> tuple[Compiled, list[Item], list[Item]]:
    """A policy, items at some moment, and the same items at the end of everything."""
    now, later = [], []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        out_of = draw(st.sampled_from([10, 20, 100]))
        left = draw(st.sampled_from([0, 1, 2]))
        if draw(st.booleans()):
            share = draw(SHARES)
            now.append(item(number, str(share), out_of=out_of, left=left))
            best = max(share, draw(SHARES)) if left else share
            later.append(item(number, str(best), out_of=out_of, left=0))
        else:
            state = draw(st.sampled_from([ItemState.NOT_HANDED_IN, ItemState.WAITING]))
            now.append(item(number, state=state, out_of=out_of, left=left))
            later.append(item(number, str(draw(SHARES)), out_of=out_of, left=0))
    numbers = [each.id for each in now]
    cut = draw(st.integers(1, len(numbers) - 1))
    at_least = str(draw(st.integers(0, 100)))
    compiled = policy(
        component("quizzes", *numbers[:cut], weight=draw(st.integers(1, 5)), figure=draw(FIGURES)),
        component("labs", *numbers[cut:], weight=draw(st.integers(1, 5)), figure=draw(FIGURES)),
        overall=draw(OVERALL), scale=LETTERS,
        rules=(
            rule("overall_percent", at_least),
            rule("overall_points", at_least),
            rule("component_percent", at_least, *numbers[:cut], of="quizzes"),
            rule("component_average_points", str(draw(st.integers(0, 20))), *numbers[:cut], of="quizzes"),
            rule("each_item_percent", at_least, *numbers, of=None),
            rule("number_of_items", str(draw(st.integers(0, 6))), *numbers[cut:], of="labs"),
        ),
    )  # fmt: skip
    return compiled, now, later


@given(standings())
def test_met_and_not_met_hold_whatever_still_comes(drawn: tuple[Compiled, list[Item], list[Item]]) -> None:
    compiled, now, later = drawn
    before, after = run(compiled, *now), run(compiled, *later)
    for early, final in zip(before.rules, after.rules, strict=True):
        assert final.state != "open", "nothing is left to come"
        if early.state != "open":
            assert final.state == early.state
    assert after.overall is not None
    assert before.overall is not None
    assert after.overall.so_far is not None
    assert before.overall.low <= after.overall.so_far <= before.overall.high


@given(standings())
def test_every_figure_lies_in_its_range_and_has_a_reason(drawn: tuple[Compiled, list[Item], list[Item]]) -> None:
    compiled, now, _ = drawn
    result = run(compiled, *now)
    for span in (result.overall, *(each.span for each in result.components)):
        assert span is not None
        assert span.low <= span.high
        assert span.so_far is None or 0 <= span.so_far <= 1
    assert all(each.why.code for each in (*result.components, *result.rules))
