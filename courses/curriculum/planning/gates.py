"""Gates that an admin makes of what a risk, or other prose, only promises, by settling the finding that says so.

A gate stands under what the promise is of, and comes with every import of its source
for as long as the decision holds. Taken back, it is retired by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.lint.promises import promise_of
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.overlay import valid
from courses.curriculum.report.decisions import decision_key
from courses.curriculum.report.model import Report
from courses.curriculum.report.own import Decision

RULE = "gates.promised"


def gates_add(reading: Reading, report: Report) -> None:
    """Add to *reading* the gate of every decision that makes one of a finding of *report*."""
    wanted = {(each.rule, each.entity, each.hash): each for each in report.decided if each.gate is not None}
    for each in report.said if wanted else ():
        decision = wanted.get((each.finding.rule, each.entity, each.fingerprint))
        if decision is None or decision.gate is None:
            continue
        file, line = each.finding.file, each.finding.line
        risks = list(_risks_at(reading, file, line))
        for risk in risks:
            if path := _add(reading, risk, risk.body["mitigation"], line, decision, decision.gate):
                risk.body, risk.given = {**risk.body, "gate": path}, {**risk.given, "gate": 0}
        if not risks:
            said = report.line(file, line).strip().lstrip("-*+0123456789. ")
            for draft in list(_prose_at(reading, file, line)):
                _add(reading, draft, promise_of(said) or said, line, decision, decision.gate)


def _risks_at(reading: Reading, file: str, line: int) -> Iterator[Draft]:
    for draft in reading.drafts.values():
        if draft.kind == "risk" and draft.parent and (draft.file, draft.line_of("mitigation")) == (file, line):
            yield draft


def _prose_at(reading: Reading, file: str, line: int) -> Iterator[Draft]:
    """What states something in a line, once in each program."""
    found: dict[str | None, Draft] = {}
    for draft in reading.drafts.values():
        if (draft.file == file and line in draft.lines.values()) or (file, line) in draft.elsewhere.values():
            found.setdefault(draft.program, draft)
    yield from found.values()


def _add(reading: Reading, draft: Draft, text: str, line: int, decision: Decision, gate: tuple[str, str]) -> str | None:
    """The path of the gate that was added to what the promise is of; None where nothing there has gates."""
    parent: Draft | None = draft
    while parent is not None and "gates" not in registry.children_of(parent.kind):
        parent = reading.drafts.get(reading.place(draft.program or "", parent.parent or ""))
    if parent is None:
        return None
    name = f"gate-{decision_key(decision.rule, decision.entity, decision.hash)}"
    path = name if parent.kind == "program" else f"{parent.path}/{name}"
    blocks, opener = gate
    body = valid(
        "gate",
        {"text": text, "blocks": blocks or parent.path, "activity": opener or None, "reason": decision.reason},
    )
    if body is None or (draft.program, f"gate:{path}") in reading.drafts:
        return None
    given = dict.fromkeys((field for field, value in body.items() if value not in (None, "", [])), 0)
    made = Draft(
        "gate", path, body, draft.file, draft.line, parent.address, draft.program, lines={"text": line}, given=given
    )
    reading.drafts[draft.program, made.address] = made
    parent.children.setdefault("gates", []).append(path)
    return path
