"""Gates that an admin makes of what a risk only promises, by settling the finding that says so.

A gate stands under what the risk is of, and comes with every import of its source
for as long as the decision holds. Taken back, it is retired by the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.overlay import valid
from courses.curriculum.report.decisions import decision_key
from courses.curriculum.report.model import Said
from courses.curriculum.report.own import Decision

RULE = "gates.promised"


def gates_add(reading: Reading, said: Iterable[Said], decided: Iterable[Decision]) -> None:
    """Add to *reading* the gate of every decision that makes one of a finding in *said*."""
    wanted = {(each.rule, each.entity, each.hash): each for each in decided if each.gate is not None}
    for each in said if wanted else ():
        decision = wanted.get((each.finding.rule, each.entity, each.fingerprint))
        if decision is not None and decision.gate is not None:
            for risk in list(_risks_at(reading, each.finding.file, each.finding.line)):
                _add(reading, risk, decision, decision.gate)


def _risks_at(reading: Reading, file: str, line: int) -> Iterator[Draft]:
    for draft in reading.drafts.values():
        if draft.kind == "risk" and draft.parent and (draft.file, draft.line_of("mitigation")) == (file, line):
            yield draft


def _add(reading: Reading, risk: Draft, decision: Decision, gate: tuple[str, str]) -> None:
    parent = reading.drafts.get(reading.place(risk.program or "", risk.parent or ""))
    if parent is None or "gates" not in registry.children_of(parent.kind):
        return
    name = f"gate-{decision_key(decision.rule, decision.entity, decision.hash)}"
    path = name if parent.kind == "program" else f"{parent.path}/{name}"
    blocks, opener = gate
    body = valid(
        "gate",
        {
            "text": risk.body["mitigation"],
            "blocks": blocks or parent.path,
            "activity": opener or None,
            "reason": decision.reason,
        },
    )
    if body is None or (risk.program, f"gate:{path}") in reading.drafts:
        return
    given = dict.fromkeys((field for field, value in body.items() if value not in (None, "", [])), 0)
    lines = {"text": risk.line_of("mitigation")}
    draft = Draft("gate", path, body, risk.file, risk.line, risk.parent, risk.program, lines=lines, given=given)
    reading.drafts[risk.program, draft.address] = draft
    parent.children.setdefault("gates", []).append(path)
    risk.body, risk.given = {**risk.body, "gate": path}, {**risk.given, "gate": 0}
