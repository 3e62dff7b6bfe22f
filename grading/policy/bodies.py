"""The policy of a program as data.

Every choice of GRADING.md, *The choices a policy offers*, has one field here;
its default is the first choice named there. Thresholds, attempts, lateness,
release and feedback of single items live in ``items`` and nowhere else.
"""

from typing import Literal

from pydantic import Field, model_validator

from courses.curriculum.bodies.base import Body, EntityBody, Id, Line, Number, Percent, Points, Positive, Ref, Text


class Drop(Body):
    count: int = Field(0, ge=0)
    by: Literal["best_result", "percent", "points"] = "best_result"
    may_drop_ungraded: bool = False
    keep_at_least: int = Field(1, ge=0)
    dropped_counts_for_minimum: bool = True


class Attempts(Body):
    choose: Literal["best", "last", "first", "average"] = "best"
    limit: int | None = Field(None, ge=1)
    wait_minutes: int = Field(0, ge=0)


class Late(Body):
    per: Literal["hour", "day_24h", "day_wall_clock", "day_calendar"] = "day_wall_clock"
    rate_percent: Percent
    of: Literal["maximum", "earned", "compounding"] = "maximum"
    grace_minutes: int = Field(0, ge=0)
    floor_percent: Percent = Field(default=0, validate_default=True)
    count: Literal["begun", "complete"] = "begun"
    nothing_after: int | None = Field(None, ge=1)
    acts_on: Literal["each_attempt", "chosen_attempt"] = "each_attempt"


class Release(Body):
    when: Literal["at_once", "by_hand", "at"] = "at_once"
    at: Line | None = Field(None, description="an instant with offset, for when: at")


class Feedback(Body):
    what: Literal["total", "points", "explanation"] = "explanation"
    when: Literal["hand_in", "attempts_used_up", "latest_due"] = "hand_in"


class ItemRules(Body):
    """The rules of one item; what is null is inherited from component, then program."""

    passing_percent: Percent | None = None
    attempts: Attempts | None = None
    late: Late | None = None
    release: Release | None = None
    feedback: Feedback | None = None
    weight: Positive | None = None


class Component(Body):
    id: Id
    title: Line
    activities: Literal["quiz", "lab", "project"] | tuple[Ref, ...]
    except_for: tuple[Ref, ...] = ()
    weight: Positive = Field(default=1, validate_default=True)
    figure: Literal["sum_of_points", "mean_of_percents", "mean_by_weight"] = "sum_of_points"
    drop: Drop = Drop()
    rules: ItemRules = ItemRules()


class Rule(Body):
    """At least ``at_least`` of ``measure``, taken over ``of`` (component or item ids)."""

    id: Id
    text: Line
    measure: Literal[
        "overall_percent", "overall_points", "component_percent", "component_average_points",
        "each_item_percent", "each_item_points", "item_percent", "number_of_items", "criterion_points",
    ]  # fmt: skip
    of: Ref | None = None
    criterion: Ref | None = None
    at_least: Number
    binding: bool = True

    @model_validator(mode="after")
    def scope_given(self) -> "Rule":
        if not self.measure.startswith("overall") and self.of is None:
            raise ValueError(f"{self.measure} needs `of`: a component or an item")
        return self


class Band(Body):
    label: Line
    title: Line | None = None
    from_percent: Percent
    passing: bool = True


class Scale(Body):
    bands: tuple[Band, ...] = Field(min_length=1)
    while_open: Literal["withheld", "so_far"] = "withheld"
    when_rule_fails: Literal["lowest", "band"] = "lowest"


class Rounding(Body):
    place: Literal["question", "item", "component", "average", "overall"]
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"
    digits: int = Field(0, ge=0, le=4)
    carried: bool = False


class Ungraded(Body):
    waiting: Literal["left_out", "zero"] = "left_out"
    missing: Literal["zero", "left_out"] = "zero"
    scored_may_change: bool = True
    minimum_with_bonus: bool = True


class PolicyBody(EntityBody):
    """A program's grading policy."""

    title: Line
    overall: Literal["mean_by_weight", "weights_of_100", "sum_of_points"] = "mean_by_weight"
    components: tuple[Component, ...] = ()
    rules: tuple[Rule, ...] = ()
    scale: Scale | None = None
    rounding: tuple[Rounding, ...] = ()
    ungraded: Ungraded = Ungraded()
    cap_percent: Number | None = Field(None, gt=0)
    reviews: dict[Literal["staff", "peer", "self"], Positive] = {}
    override: Literal["stands", "newest_wins"] = "stands"
    credit: Literal["by_percent", "full_points"] = "by_percent"
    credit_stale_months: int | None = Field(None, ge=1)
    late_day_budget: Points | None = None
    default: ItemRules = Field(ItemRules(passing_percent=70), validate_default=True)
    items: dict[Ref, ItemRules] = {}
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def names_fit(self) -> "PolicyBody":
        ids = [component.id for component in self.components]
        rule_ids = [rule.id for rule in self.rules]
        for what, names in (("component", ids), ("rule", rule_ids)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what} {twice[0]} is defined twice")
        return self
