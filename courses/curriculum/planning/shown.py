"""A plan as text for people: one line for each change, then the figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from courses.curriculum.report.formats import clean

_WIDTH = 60
_SIDES = {"base": "was", "ours": "is now", "theirs": "comes in as"}
_FIGURES = ("conflicts", "added", "changed", "renamed", "moved", "reordered", "retired", "restored")


def plan_text(plan: dict[str, Any]) -> str:
    """The promised object of a plan, readable."""
    return clean("\n".join(_rows(plan)))


def _rows(plan: dict[str, Any]) -> Iterator[str]:
    yield f"Compared with {plan['base']}:"
    for row in plan["conflicts"]:
        values = "; ".join(f"{word} {_value(row[name])}" for name, word in _SIDES.items())
        yield f"  ! {row['entity']} {row['field']}: {values}"
    for row in plan["added"]:
        yield f"  + {row['entity']}  {row['title']}  ({row['file']}:{row['line']})"
    for row in plan["restored"]:
        yield f"  + {row['entity']}  {row['title']}  (back again)"
    for row in plan["changed"]:
        yield f"  ~ {row['entity']} {row['field']}: {_value(row['from'])} -> {_value(row['to'])}{_reach(row)}"
    for row in plan["reordered"]:
        yield f"  ~ {row['entity']} {row['field']}: {_value(row['to'])} (order){_reach(row)}"
    for word in ("renamed", "moved"):
        for row in plan[word]:
            yield f"  > {row['entity']}, {word}, was {row['was']}"
    for row in plan["retired"]:
        yield f"  - {row['entity']}  {row['title']}{_reach(row)}"
    figures = ", ".join(f"{len(plan[name])} {_word(name, len(plan[name]))}" for name in _FIGURES if plan[name])
    yield f"{figures or 'Nothing to do'}; {plan['unchanged']} unchanged. Plan {plan['id']}"
    if plan["impact"] is not None:
        yield f"Learners concerned: {plan['impact']['learners']}."


def _reach(row: dict[str, Any]) -> str:
    learners = row["impact"]["learners"] if row["impact"] else 0
    return f"  [{learners} learner{'s' if learners != 1 else ''}]" if learners else ""


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def _word(name: str, count: int) -> str:
    return "conflict" if name == "conflicts" and count == 1 else name
