"""Gates in roadmaps, project plans and curricula: ``- **Gate**: The scan passes (MOD-103/lab-2) before PROJ-201``.

Readers do not see them. A gate belongs to the module or project that begins last
above it, and stands before that unless its sentence says before what
(``sources.gating``). Without any id it is prose, which never locks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from courses.curriculum.aliases import slug_of
from courses.curriculum.findings import Finding
from courses.curriculum.sources import gating
from courses.curriculum.sources.claims import Above, Claim, Statement
from courses.curriculum.sources.text import outside_code

RULE, UNCLEAR = "gates.no_id", "gates.unclear"
GATED = ("module_roadmap", "project_plan", "curriculum")
_OWNERS = ("module", "project")
_BESIDE = ("lab", "quiz", "task", "reading")
_BULLET = re.compile(r"^\s*(?:[-*+]\s+)?\*\*gate(?::\*\*|\*\*\s*+:)\s*+(?P<text>\S(?:.*\S)?)\s*$", re.IGNORECASE)
_CONTINUED = re.compile(r"^\s+(?![-*+]\s|\d{1,9}[.)]\s)\S")


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
                if gating.ID.search(text):
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
            said = gating.read(text, partial(_beside, owner))
            if said.unclear:
                statement.report(
                    UNCLEAR, "warning", lines[0],
                    f"What this gate stands before is not certain ({said.unclear}), so it locks nothing.",
                    "Write `MOD-103/lab-2 before PROJ-201`, or `PROJ-201 opens after MOD-103/lab-2`; "
                    "what needs a whole module names it as a prerequisite.", lines=lines,
                )  # fmt: skip
            for blocks, opener in () if said.unclear else product(said.blocks or [owner.path], said.openers or [""]):
                gate = statement.claim("gate", text, lines[0], parent=owner)
                gate.set("text", text, *lines)
                gate.set("blocks", blocks, *lines)
                if opener:
                    gate.set("activity", opener, *lines)
        for line in self.wordless:
            message = "This gate names no id, so it is words, which lock nothing."
            fix = "Name what opens it, such as MOD-103/lab-2, or what it stands before: `before MOD-104`."
            statement.findings.append(Finding(RULE, "warning", statement.file, line, message, fix))


def _beside(owner: Claim, label: str) -> str | None:
    """The path of what is called *label* under the owner of a gate."""
    wanted = slug_of(label)
    under = (claim for kind in _BESIDE for claim in owner.under(kind))
    return next(
        (claim.path for claim in under if wanted in (slug_of(claim.label), claim.path.rpartition("/")[2])), None
    )
