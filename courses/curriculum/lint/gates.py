"""Rules that hide in prose: gates that lock themselves, thresholds that nothing checks, boxes still open."""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import once, parts_of
from courses.curriculum.lint.register import Rule, check_all
from courses.curriculum.sources.claims import Statement


@check_all(Rule("gates.locks_itself", "error", "No gate stands before what opens it"))
def locked_in(statements: list[Statement]) -> Iterator[Finding]:
    """What opens it could never be begun."""
    found = []
    for statement in statements:
        for gate in statement.of_kind("gate"):
            blocks, opener = (str(gate.get(name) or "") for name in ("blocks", "activity"))
            if blocks and (opener == blocks or opener.startswith(f"{blocks}/")):
                found.append(
                    Finding(
                        "gates.locks_itself", "error", *gate.place("activity"),
                        f"{gate.address} stands before {blocks} and is opened by {opener}, which nobody reaches then.",
                        "Say what comes after it: `before` that id.",
                    )
                )  # fmt: skip
    yield from once(found)


@check_all(Rule("gates.open_checklist", "info", "The authors' checklists are ticked"))
def open_checklists(statements: list[Statement]) -> Iterator[Finding]:
    found = []
    for statement in statements:
        for checklist in statement.of_kind("checklist"):
            items = [(name, value) for name, value in parts_of(checklist, "items") if isinstance(value, dict)]
            left = [name for name, value in items if value.get("done") is False]
            if checklist.get("audience") == "authors" and left and statement.kind != "native":
                owner = checklist.parent.address if checklist.parent else checklist.address
                found.append(
                    Finding(
                        "gates.open_checklist", "info", *checklist.place(left[0]),
                        f"{len(left)} of {len(items)} boxes of {checklist.label!r} of {owner} are open.",
                        "Do what they ask and tick them.", tuple(checklist.place(name) for name in left[1:]),
                    )
                )  # fmt: skip
    yield from once(found)


@check_all(Rule("gates.unchecked_threshold", "warning", "A threshold of completion is checked by something"))
def thresholds_without_a_check(statements: list[Statement]) -> Iterator[Finding]:
    found = []
    for statement in statements:
        for activity in statement.claims:
            if activity.kind not in ("lab", "project", "task") or statement.kind == "native":
                continue
            bounds = [
                name for name, value in parts_of(activity, "criteria") if isinstance(value, dict) and "op" in value
            ]
            checked = any(activity.get(name) for name in ("checked_note", "profile", "checked_by"))
            if bounds and not checked and not activity.under("check") and not activity.under("rubric"):
                text = activity.get(bounds[0])["text"]
                found.append(
                    Finding(
                        "gates.unchecked_threshold", "warning", *activity.place(bounds[0]),
                        f"{activity.address} is complete at {text!r}, and nothing says what checks it.",
                        "Name the validation that measures it.",
                        tuple(activity.place(name) for name in bounds[1:]),
                    )
                )  # fmt: skip
    yield from once(found)
