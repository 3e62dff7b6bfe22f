"""The evaluator's results as plain JSON, exact figures as ``"n/d"``, and back to fractions."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from grading.policy.evaluation.completion import ModuleResult
from grading.policy.evaluation.types import ComponentResult, Evaluation, RuleResult, Span, Why


def text(value: Fraction | None) -> str | None:
    """``"7/10"``; whole numbers as ``"7"``."""
    return None if value is None else str(value)


def fraction(value: str | None) -> Fraction | None:
    """The inverse of :func:`text`."""
    return None if value is None else Fraction(value)


def why_json(why: Why) -> dict[str, Any]:
    return {"code": why.code, **({"values": dict(why.values)} if why.values else {})}


def why_from(data: dict[str, Any]) -> Why:
    return Why(data["code"], data.get("values", {}))


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"so_far": text(span.so_far), "low": text(span.low), "high": text(span.high)}


def figures_json(evaluation: Evaluation) -> dict[str, Any]:
    """What ``Progress.figures`` holds."""
    return {
        "overall": {
            "span": _span(evaluation.overall),
            "shown": text(evaluation.overall_shown),
            "points": text(evaluation.points),
            "out_of": text(evaluation.out_of),
            "total": text(evaluation.total),
            "why": why_json(evaluation.overall_why),
        },
        "components": [_component(component) for component in evaluation.components],
        "rules": [_rule(rule) for rule in evaluation.rules],
        "letter": {
            "label": evaluation.letter,
            "final": evaluation.letter_final,
            "why": why_json(evaluation.letter_why),
        },
        "passed": evaluation.passed,
    }


def _component(component: ComponentResult) -> dict[str, Any]:
    return {
        "id": component.id,
        "title": component.title,
        "weight": text(component.weight),
        "span": _span(component.span),
        "shown": text(component.shown),
        "graded": component.graded,
        "items": component.items,
        "points": text(component.points),
        "out_of": text(component.out_of),
        "total": text(component.total),
        "why": why_json(component.why),
    }


def _rule(rule: RuleResult) -> dict[str, Any]:
    return {
        "id": rule.id,
        "text": rule.text,
        "binding": rule.binding,
        "state": rule.state,
        "so_far": rule.so_far,
        "value": text(rule.value),
        "needed": text(rule.needed),
        "unit": rule.unit,
        "why": why_json(rule.why),
    }


def modules_json(modules: Iterable[ModuleResult]) -> dict[str, Any]:
    """What ``Progress.modules`` holds: module id (as JSON keys are, a text) -> what is done of it."""
    return {
        str(module.id): {
            "done": module.done,
            "total": module.total,
            "complete": module.complete,
            "started": module.started,
            "hours_done": text(module.hours_done),
            "hours_total": text(module.hours_total),
        }
        for module in modules
    }
