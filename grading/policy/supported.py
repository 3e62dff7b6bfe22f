"""What a policy may use today: everything else is refused by name, never ignored."""

from __future__ import annotations

from grading.policy.bodies import ItemRules, PolicyBody


def unsupported(body: PolicyBody) -> list[str]:
    """One sentence for each choice of *body* that nothing evaluates yet; empty when all is.

    A choice that is written down and not applied would be a wrong grade, so a
    release with such a policy does not come to be.
    """
    found: list[str] = []

    def refuse(holds: bool, sentence: str) -> None:
        if holds:
            found.append(sentence)

    refuse(
        body.overall == "weights_of_100", "overall: weights_of_100; use mean_by_weight, whose weights may add up to 100"
    )
    refuse(body.late_day_budget is not None, "late_day_budget")
    refuse(body.credit_stale_months is not None, "credit_stale_months")
    refuse(any(weight for name, weight in body.reviews.items() if name != "staff"), "reviews: weights of peer and self")
    refuse(not body.ungraded.minimum_with_bonus, "ungraded: minimum_with_bonus: false")
    for rounding in body.rounding:
        refuse(rounding.place == "question", "rounding at the place question")
    for component in body.components:
        refuse(component.drop.count > 0, f"component {component.id}: drop")
        found += [f"component {component.id}: {reason}" for reason in _items(component.rules)]
    for rule in body.rules:
        refuse(rule.measure == "criterion_points", f"rule {rule.id}: criterion_points")
    found += [f"default: {reason}" for reason in _items(body.default)]
    for ref, rules in body.items.items():
        found += [f"item {ref}: {reason}" for reason in _items(rules)]
    return found


def _items(rules: ItemRules) -> list[str]:
    found = []
    if rules.late is not None and rules.late.rate_percent:
        found.append("late")
    if rules.release is not None and rules.release.when != "at_once":
        found.append(f"release: {rules.release.when}")
    if rules.feedback is not None and rules.feedback.when == "latest_due":
        found.append("feedback: latest_due")
    return found
