"""One's own progress as the API says it: plain values, in one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from grading.access import STARTED
from grading.figures_json import fraction
from waymark.core import sql
from waymark.core.actors import Actor
from waymark.core.exact import plain
from waymark.core.keyset import Page, cursor_unreadable, keyset_window

# The enrolments are those of grading.access.learning_enrolments.
STATEMENT = """/* grading.selectors.me.my_progress */
SELECT e.created_at, e.id, e.uuid::text, e.state, p.slug, p.title,
       coalesce(g.activities_done, 0), coalesce(g.activities_total, 0),
       coalesce(g.modules_done, 0), coalesce(g.modules_total, 0),
       coalesce(trim_scale(g.hours_done)::text, '0'), coalesce(trim_scale(g.hours_total)::text, '0'),
       trim_scale(g.percent)::text, trim_scale(g.points)::text, trim_scale(g.out_of)::text,
       nullif(g.letter, ''), coalesce(g.passed, 'open'), coalesce(g.complete, false),
       coalesce(g.sequence, 0), shown.number, g.computed_at,
       g.sequence IS NULL
       OR g.sequence < e.sequence
       OR g.release_id IS DISTINCT FROM now.id
       OR e.policy_revision_id IS NOT NULL AND e.policy_revision_id IS DISTINCT FROM g.policy_revision_id,
       g.figures -> 'rules',
       (SELECT json_agg(json_build_object('id', m.key, 'done', s.is -> 'done', 'total', s.is -> 'total',
                                          'complete', s.is -> 'complete', 'started', s.is -> 'started')
                        ORDER BY w.position, w.id)
          FROM courses_programmodule w
          JOIN courses_module m ON m.entity_id = w.module_id
         CROSS JOIN LATERAL (SELECT g.modules -> w.module_id::text AS is) s
         WHERE w.program_id = e.program_id AND s.is IS NOT NULL)::text
  FROM courses_enrolment e
  JOIN courses_program p ON p.entity_id = e.program_id
  LEFT JOIN grading_progress g ON g.enrolment_id = e.id
  LEFT JOIN courses_release shown ON shown.id = g.release_id
  LEFT JOIN courses_release now ON now.program_id = e.program_id AND now.current
 WHERE e.learner_id = %s AND e.state = ANY(%s) AND (e.created_at, e.id) < (%s::timestamptz, %s::bigint)
 ORDER BY e.created_at DESC, e.id DESC
 LIMIT %s"""
BACKWARDS = STATEMENT.replace("(e.created_at, e.id) <", "(e.created_at, e.id) >").replace(" DESC", "")
NEWEST = ("infinity", 0)


@dataclass(frozen=True, slots=True)
class MyProgress:
    """One enrolment's progress as the API says it, with its place in the list."""

    created_at: dt.datetime
    id: int
    answer: dict[str, Any]


def my_progress(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[MyProgress]:
    """A page of the own enrolments that have begun, newest first, with their progress; decimals as text.

    An enrolment whose progress row is still to be written says zero of zero and is stale.
    """
    window = keyset_window(order=["-created_at", "-id"], cursor=cursor, size=size)
    if actor.kind != "person":
        return window.page([])
    beyond = _place(*window.values) if window.values else NEWEST
    rows = sql.rows(
        BACKWARDS if window.backwards else STATEMENT, [actor.user_id, list(STARTED), *beyond, window.size + 1]
    )
    return window.page([MyProgress(row[0], row[1], _enrolment(row[2:])) for row in rows])


def _place(created_at: Any, key: Any) -> tuple[dt.datetime, int]:
    try:
        at = dt.datetime.fromisoformat(created_at)
    except (TypeError, ValueError) as error:
        raise cursor_unreadable() from error
    if at.tzinfo is None or not isinstance(key, int):
        raise cursor_unreadable()
    return at, key


def _enrolment(row: tuple[Any, ...]) -> dict[str, Any]:
    (
        uuid, state, slug, title, activities_done, activities_total, modules_done, modules_total, hours_done,
        hours_total, percent, points, out_of, letter, passed, complete, sequence, release, computed_at, stale, rules,
        modules,
    ) = row  # fmt: skip
    return {
        "enrolment": uuid,
        "state": state,
        "program": {"slug": slug, "title": title},
        "activities": {"done": activities_done, "total": activities_total},
        "modules": {"done": modules_done, "total": modules_total},
        "hours": {"done": hours_done, "total": hours_total},
        "overall": {"percent": percent, "points": points, "out_of": out_of, "letter": letter, "passed": passed},
        "rules": [_rule(rule) for rule in orjson.loads(rules)] if rules else [],
        "module_states": orjson.loads(modules) if modules else [],
        "complete": complete,
        "sequence": sequence,
        "release": release,
        "stale": stale,
        "computed_at": computed_at,
    }


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: rule[name] for name in ("id", "text", "binding", "state", "so_far", "unit")}
    return {**wanted, "value": _shown(rule["value"]), "needed": _shown(rule["needed"])}


@lru_cache(4096)
def _shown(value: str | None) -> str | None:
    """A stored fraction as a decimal with at most four places. Few values are those of many learners."""
    exact = fraction(value)
    return None if exact is None else plain(exact)
