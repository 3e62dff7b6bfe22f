"""One's own progress as the API says it: plain values, in two queries."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db.models import F, OuterRef, Subquery

from courses.models import ProgramModule, Release
from grading.access import learning_enrolments
from waymark.core.actors import Actor
from waymark.core.exact import plain, shown

COLUMNS = (
    "uuid", "state", "program_id", "sequence", "policy_revision_id", "program__slug", "program__title",
    "progress__sequence", "progress__release_id", "progress__release__number", "progress__policy_revision_id",
    "progress__computed_at", "progress__activities_done", "progress__activities_total", "progress__modules_done",
    "progress__modules_total", "progress__hours_done", "progress__hours_total", "progress__points",
    "progress__out_of", "progress__percent", "progress__letter", "progress__passed", "progress__complete",
    "progress__modules", "progress__figures",
)  # fmt: skip


def my_progress(actor: Actor) -> list[dict[str, Any]]:
    """Every own enrolment that has begun, newest first, with its progress; decimals as text.

    An enrolment whose progress row is still to be written says zero of zero and is stale.
    """
    current = Release.objects.filter(program=OuterRef("program"), current=True).values("pk")[:1]
    rows = list(
        learning_enrolments(actor)
        .order_by("-created_at", "-pk")
        .annotate(current_release=Subquery(current))
        .values(*COLUMNS, "current_release")
    )
    keys: dict[int, list[tuple[int, str]]] = {}
    placed = ProgramModule.objects.filter(program__in={row["program_id"] for row in rows})
    for program_id, module_id, key in placed.order_by("position", "pk").values_list(
        "program_id", F("module_id"), "module__key"
    ):
        keys.setdefault(program_id, []).append((module_id, key))
    return [_enrolment(row, keys.get(row["program_id"], [])) for row in rows]


def _enrolment(row: dict[str, Any], modules: list[tuple[int, str]]) -> dict[str, Any]:
    known = row["progress__sequence"] is not None
    of_modules = row["progress__modules"] or {}
    figures = row["progress__figures"] or {}
    return {
        "enrolment": str(row["uuid"]),
        "state": row["state"],
        "program": {"slug": row["program__slug"], "title": row["program__title"]},
        "activities": {"done": row["progress__activities_done"] or 0, "total": row["progress__activities_total"] or 0},
        "modules": {"done": row["progress__modules_done"] or 0, "total": row["progress__modules_total"] or 0},
        "hours": {"done": plain(row["progress__hours_done"] or 0), "total": plain(row["progress__hours_total"] or 0)},
        "overall": {
            "percent": _text(row["progress__percent"]),
            "points": _text(row["progress__points"]),
            "out_of": _text(row["progress__out_of"]),
            "letter": row["progress__letter"] or None,
            "passed": row["progress__passed"] or "open",
        },
        "rules": [_rule(rule) for rule in figures.get("rules", ())],
        "module_states": [
            {"id": key, **{name: of_modules[str(pk)][name] for name in ("done", "total", "complete", "started")}}
            for pk, key in modules
            if str(pk) in of_modules
        ],
        "complete": bool(row["progress__complete"]),
        "sequence": row["progress__sequence"] or 0,
        "release": row["progress__release__number"],
        "stale": not known or _stale(row),
        "computed_at": row["progress__computed_at"],
    }


def _stale(row: dict[str, Any]) -> bool:
    return (
        row["progress__sequence"] < row["sequence"]
        or row["progress__release_id"] != row["current_release"]
        or row["policy_revision_id"] not in (None, row["progress__policy_revision_id"])
    )


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: rule[name] for name in ("id", "text", "binding", "state", "so_far", "unit")}
    return {**wanted, "value": _exact(rule["value"]), "needed": _exact(rule["needed"])}


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)


def _exact(value: str | None) -> str | None:
    """A stored fraction as a decimal with at most four places."""
    return None if value is None else plain(shown(Fraction(value)))
