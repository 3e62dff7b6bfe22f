"""Where a mapped field of a document stands in the export."""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.merge.join import Merged, join
from courses.curriculum.sources.claims import Claim, Statement

Target = tuple[str, str]
"""Kind and own id (``lab:MOD-101/lab-1``), and the field; an empty field is the entity itself."""

# Fields that documents state under another name than the body has; all others stand in `stated`.
NOTES = (
    "focus", "notes_upstream", "notes_downstream", "depth_for", "shared_assets", "projects", "stage",
    "proficiency_target", "profile", "status", "evidence", "sections",
)  # fmt: skip
BODY = (
    "text", "career_skills", "sections", "bands", "notes", "evidence", "competencies", "validation", "automation",
    "evaluation", "starter", "references", "shared_assets", "progression", "differentiators", "activities", "legacy",
    "resources",
)  # fmt: skip
ARRIVES: dict[str, dict[str, tuple[str, ...]]] = {
    "module": dict.fromkeys(NOTES, ("notes",)),
    "lab": dict.fromkeys(("text", "career_skills"), ("body",)),
    "project": dict.fromkeys(BODY, ("body",)),
    "quiz": {
        **dict.fromkeys(BODY, ("body",)), "passing_percent": ("criteria",), "passing": ("criteria",),
        "sections": ("body",), "parts": ("sections",),
    },
    "question": {"code": ("stem",)},
    "rubric": {"sections": ("text",), "notes": ("text",)},
    "solution": dict.fromkeys(("strategy", "access", "templates", "reuse", "location"), ("note", "location")),
    "approval": dict.fromkeys(("author", "stated.reviewers", "stated.date", "state"), ("note", "state")),
    "program": {"develops": ("approach",)},
    "outlook": {"target_roles": ("target_roles", "certifications")},
    "path": {"stated.hours": ("hours", "stated")},
    "pace": {"stated.weeks": ("weeks", "text"), "stated.plan": ("text",), "weeks": ("weeks", "text")},
    "policy": {"components": ("components", "stated"), "rules": ("rules", "notes")},
}  # fmt: skip
# What follows from a field, beside the field itself.
FOLLOWS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    # A quiz is out of its questions' points, a project out of its rubric's.
    ("question", "points"): (("quiz", "points"),),
    ("criterion", "points"): (("project", "points"),),
    # Hours by kind of which one is no figure any more are hours in all.
    ("module", "hours_by_kind"): (("module", "hours"),),
    # The role of a program that no document is about has the program's level.
    ("program", "stated"): (("role", "level"),),
    ("program", "role"): (("role", "title"),),
    ("program", "title"): (("role", "title"),),
    # What is only named is made under its name.
    ("lab", "technologies"): (("technology", ""), ("technology", "title")),
    ("project", "technologies"): (("technology", ""), ("technology", "title")),
    ("lab", "primary_skills"): (("skill_area", ""),),
    ("lab", "secondary_skills"): (("skill_area", ""),),
    ("competency_target", "competency"): (("competency", ""),),
    ("requirement", "competency"): (("competency", ""),),
    ("project", "profile"): (("profile", ""),),
    ("lab", "profile"): (("profile", ""),),
    # An edge is what it leads to; one that leads nowhere known is a skill in words.
    ("requirement", "to"): (("requirement", ""), ("requirement", "skill")),
    ("requirement", "skill"): (("requirement", ""), ("requirement", "to")),
    # What is said to need nothing needs something.
    ("module", "stated"): (("requirement", ""),),
    ("lab", "stated"): (("requirement", ""),),
    # From where a quiz is passed its program's policy says.
    ("quiz", "criteria"): (("policy", ""), ("policy", "items")),
    # Headings of a quiz stand in its text as well; an answer that is no option is one in words.
    ("quiz", "stated"): (("quiz", "body"),),
    ("question", "type"): (("question", "accepted"),),
    # Options that a question calls by letter keep their order in the whole quiz.
    ("question", "stem"): (("quiz", "shuffle_options"),),
    ("question", "options"): (("quiz", "shuffle_options"),),
    ("question", "explanation"): (("quiz", "shuffle_options"),),
    # A prerequisite may be written as a title.
    ("module", "title"): (("requirement", "to"), ("requirement", "skill"), ("requirement", "")),
    ("project", "title"): (("requirement", "to"), ("requirement", "skill"), ("requirement", "")),
}

# What gives a thing its id, beside an id: always, and where the document gives none.
NAMED_BY = {"program": ("title", "role"), "role": ("title",), "requirement": ("to", "from")}
CALLED = ("competency", "skill_area", "module", "project", "quiz")


class Arrivals:
    """Where the lines of a document arrive.

    :ivar fields: line -> addresses and fields that a change of it must, or may, change.
    :ivar follows: line -> kinds and fields that may change with it.
    :ivar ids: line -> what it calls things by.
    :ivar again: lines that give an id by which others of the document call the same thing.
    :ivar naming: lines that give ids; what has another id is another thing, with all under it.
    """

    def __init__(self, statement: Statement, drafts: dict[tuple[str | None, str], Draft]) -> None:
        self.fields: dict[int, set[Target]] = {}
        self.follows: dict[int, set[Target]] = {}
        self.ids: dict[int, set[str]] = {}
        self.naming: set[int] = set()
        self.again: set[int] = set()
        first = _first_claims(statement)
        at: dict[tuple[str, int], set[str]] = {}
        beside: dict[tuple[str, int], set[str]] = {}
        for draft in drafts.values():
            if draft.file == statement.file:
                at.setdefault((draft.kind, draft.line), set()).add(draft.address)
            for file, line in draft.elsewhere.values():
                if file == statement.file:
                    beside.setdefault((draft.kind, line), set()).add(draft.address)
        for claim in statement.claims:
            leading = first.get(id(claim), claim)
            addresses = at.get((leading.kind, leading.line), set())
            if not addresses:
                # It says something of what stands in another file.
                lines = {line for fact in claim.fields.values() for line in fact.lines}
                addresses = set().union(*(beside.get((claim.kind, line), ()) for line in lines))
            for name, fact in claim.fields.items():
                for line in fact.lines:
                    self._add(line, claim, name, addresses)
        if statement.kind == "native":
            # What no field holds says what something is, and whose.
            named = (line for line in statement.source.filled() if statement.account.names(line))
            self.naming |= {line for line in named if line not in self.fields}

    def _add(self, line: int, claim: Claim, name: str, addresses: set[str]) -> None:
        fields = self.fields.setdefault(line, set())
        follows = self.follows.setdefault(line, set())
        for field in fields_of(claim.kind, name):
            fields |= {(address, field) for address in addresses}
            follows |= set(FOLLOWS.get((claim.kind, field), ()))
        if claim.kind == "role" and name == "id":
            # Other lines of a strategy name the role, too: it stays what these say, without its title and its steps.
            self.again.add(line)
            follows |= {("role", "title"), ("role", "level"), ("requirement", "")}
        if claim.key:
            self.ids.setdefault(line, set()).add(claim.key)
        named = name in NAMED_BY.get(claim.kind, ()) or (name == "title" and claim.kind in CALLED and not claim.key)
        if named or name in ("id", "stated.label") or name.startswith("roles.") or (claim.key and line == claim.line):
            self.naming.add(line)


def fields_of(kind: str, name: str) -> Iterator[str]:
    """The fields of the export in which a field of a claim stands."""
    top, _, rest = name.partition(".")
    own = f"{top}.{rest.partition('.')[0]}" if top == "stated" else top
    yield from ARRIVES.get(kind, {}).get(own, ())
    if top in registry.get(kind).body.model_fields if kind in registry else False:
        yield top
    if top == "about":
        yield "versions"
    if own not in ARRIVES.get(kind, {}):
        yield "stated"


def _first_claims(statement: Statement) -> dict[int, Claim]:
    """Each claim -> the one that speaks for its thing."""
    joined = join([statement])
    found: dict[int, Claim] = {}
    waiting: list[Merged] = [*joined.things, *joined.loose]
    while waiting:
        thing = waiting.pop()
        found |= {id(claim): thing.claims[0] for claim in thing.claims}
        waiting += thing.children
    return found
