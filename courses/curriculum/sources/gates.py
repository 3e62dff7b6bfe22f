"""Gates in roadmaps, project plans and curricula: ``- **Gate**: The scan passes (MOD-103/lab-2) before PROJ-201``.

Readers do not see them. A gate belongs to the module or project that begins last
above it. An id below a module, or of a project, is what opens it (staff, without one);
an id after *before* or *blocks*, or of a module, is what it stands before, else its
owner is. Without any id it is prose, which never locks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.curriculum.findings import Finding
from courses.curriculum.sources.claims import Above, Statement
from courses.curriculum.sources.text import outside_code

RULE = "gates.no_id"
GATED = ("module_roadmap", "project_plan", "curriculum")
_OWNERS = ("module", "project")
_BULLET = re.compile(r"^\s*(?:[-*+]\s+)?\*\*gate(?::\*\*|\*\*\s*+:)\s*+(?P<text>\S(?:.*\S)?)\s*$", re.IGNORECASE)
_CONTINUED = re.compile(r"^\s+(?![-*+]\s|\d{1,9}[.)]\s)\S")
_ID = re.compile(
    r"(?P<before>\b(?:before|blocks)\s{1,3}`?)?"
    r"\b(?P<kind>MOD|PROJ)[-_ ]?(?P<number>\d{2,4}[A-Za-z]?)\b(?P<below>(?:/[A-Za-z0-9][\w-]*)*)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Gates:
    """What was taken out of a document before it is read.

    :ivar found: what each gate says, by its lines.
    :ivar wordless: lines of those without an id; they stay where they are.
    """

    found: dict[tuple[int, ...], str] = field(default_factory=dict)
    wordless: list[int] = field(default_factory=list)

    def take_lines(self, lines: Iterable[str]) -> tuple[str, ...]:
        """The lines without those of gates, which are blank instead."""
        made = list(lines)
        for end, line in outside_code(made):
            if bullet := _BULLET.match(line):
                place = end - 1
                while end < len(made) and _CONTINUED.match(made[end]):
                    end += 1
                text = " ".join([bullet["text"], *(each.strip() for each in made[place + 1 : end])])
                if _ID.search(text):
                    self.found[tuple(range(place + 1, end + 1))] = text
                    made[place:end] = [""] * (end - place)
                else:
                    self.wordless.append(place + 1)
        return tuple(made)

    def state(self, statement: Statement) -> None:
        """Say them with the modules and projects that they belong to."""
        owners = Above(claim for claim in statement.claims if claim.kind in _OWNERS)
        for lines, text in self.found.items():
            owner = owners.of(lines[0])
            if owner is None:
                message = "This gate belongs to no module and no project, so it blocks nothing."
                statement.report(RULE, "warning", lines[0], message, "Write it below what it is of.", lines=lines)
                continue
            blocks, opener = _sides(text)
            gate = statement.claim("gate", text, lines[0], parent=owner)
            gate.set("text", text, *lines)
            gate.set("blocks", blocks or owner.path, *lines)
            if opener:
                gate.set("activity", opener, *lines)
        for line in self.wordless:
            message = "This gate names no id, so it is words, which lock nothing."
            fix = "Name what opens it, such as MOD-103/lab-2, or what it stands before: `before MOD-104`."
            statement.findings.append(Finding(RULE, "warning", statement.file, line, message, fix))


def _sides(text: str) -> tuple[str, str]:
    """What a gate stands before, and what opens it; empty where it does not say."""
    blocks = opener = ""
    for found in _ID.finditer(text):
        path = f"{found['kind'].upper()}-{found['number'].upper()}{found['below']}"
        if found["before"] or not (found["below"] or found["kind"].upper() == "PROJ"):
            blocks = blocks or path
        else:
            opener = opener or path
    return blocks, opener
