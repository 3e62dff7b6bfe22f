"""Requirements that go on as themselves when what they ask for is renamed: what learners stated of them stays stated.

The id of a requirement is made of what it asks for, so a rename makes another one of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.sources import Place, now_at, renamed_in
from courses.curriculum.registration import GOALS

_ASKED = ("to", "competency", "level", "skill", "at_least")


def edges_follow(reading: Reading, before: dict[Place, Draft]) -> Reading:
    """*reading* with the former ids of requirements that differ from one *before* in nothing but renamed ids."""
    renamed = dict(renamed_in(reading))
    if not renamed:
        return reading
    drafts = dict(reading.drafts)
    gone: dict[tuple[str | None, str | None, Any], list[Draft]] = defaultdict(list)
    for place, old in before.items():
        if _locks(old) and old.parent and place not in drafts:
            parent = now_at((old.program, old.parent), renamed)[1]
            gone[old.program, parent, _asked(old, renamed)].append(old)
    for place, draft in reading.drafts.items():
        if _locks(draft) and not draft.was and place not in before:
            same = gone.get((draft.program, draft.parent, _asked(draft, {})), ())
            if len(same) == 1:
                drafts[place] = replace(draft, was=(same[0].path,))
    return replace(reading, drafts=drafts)


def _locks(draft: Draft) -> bool:
    """Whether learners may have stated something of it; what only helps or comes next nobody states."""
    return draft.kind == "requirement" and draft.body.get("strength") == "needs"


def _asked(draft: Draft, renamed: dict[Place, Place]) -> Any:
    """What a requirement asks for, alternatives in any order, with the ids that things have now."""
    body = {**draft.body, "to": _now(draft, draft.body.get("to"), renamed)}
    members = frozenset(_now(draft, each, renamed) for each in body.get("any_of") or ())
    return (*(body.get(name) for name in _ASKED), members)


def _now(draft: Draft, ref: Any, renamed: dict[Place, Place]) -> Any:
    program, _, path = str(ref).rpartition(":")
    for kind in GOALS if ref else ():
        place = program or draft.program, f"{kind}:{path}"
        if (now := now_at(place, renamed)) != place:
            return f"{program}:{now[1].partition(':')[2]}".removeprefix(":")
    return ref
