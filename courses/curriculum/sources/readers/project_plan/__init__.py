"""Project plans: one project with what its template has a section for.

Recognised by a project's id or title in the overview. The long template (narrative,
phases, solutions, sign-off) and the short one (key deliverables, milestones) are
read in any mixture, with bullets, labelled lines or tables.
"""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.goals import competencies_read, objectives_read
from courses.curriculum.sources.heads import Head, begun, listed_set, summary_read
from courses.curriculum.sources.listed import Entry, breaks_apart, entries, entry_set, put, rest, told
from courses.curriculum.sources.outline import Rule, Section
from courses.curriculum.sources.parts import (
    Handler,
    folded,
    handler_of,
    heading,
    rules,
    sections_read,
)
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.project_plan.delivered import deliverables_read, points_read
from courses.curriculum.sources.readers.project_plan.signoff import signoff_read
from courses.curriculum.sources.readers.project_plan.work import headed_phase_read, is_phase, phases_read, rubric_read
from courses.curriculum.sources.risks import risks_read
from courses.curriculum.sources.sections import prerequisites_read
from courses.curriculum.sources.thresholds import criteria_of

_PROFILE = re.compile(r"`([a-z0-9][a-z0-9_.-]*)`")


def recognises(document: SourceDocument) -> float:
    """By a label that names the project, or its title, beside sections of the template."""
    root = begun(document, HEAD)
    called = bool(root.find("project plan"))
    if HEAD.is_named(root, document.source):
        phased = any(is_phase(section.title) for section in root.walk())
        return 1.0 if called else 0.8 if HEAD.known(root) + phased >= 2 or root.find("overview") else 0
    titled = called or HEAD.titled(root) or root.find("project overview") or HEAD.is_spoken(root)
    return 0.7 if HEAD.known(root) >= 3 and titled else 0


def read(document: SourceDocument, statement: Statement) -> None:
    root = begun(document, HEAD)
    project = HEAD.begin(statement, root)
    top = HEAD.top(root)
    breaks_apart(statement, root)
    HEAD.preface(statement, project, root, top)
    sections_read(statement, project, top, _handler)
    points_read(statement, project)
    rules(statement, root)


def _handler(section: Section) -> Handler | None:
    """Who reads a section; one without a name of its own is known by the phases in it, or is one itself."""
    known = HEAD.handler(section)
    if known is None and (folded(section.title) in ("plan", "roadmap", "stages") or any(
        is_phase(part.title) for part in section.sections
    )):  # fmt: skip
        return phases_read
    return headed_phase_read if known is None and is_phase(section.title) else known


def overview_read(statement: Statement, project: Claim, section: Section) -> None:
    """The facts of the head; parts of it that have a section of their own elsewhere are read as those."""
    HEAD.read(statement, project, section)
    summary_read(statement, project, section)
    HEAD.parts_read(statement, project, section)
    rest(statement, project, section, "notes")


def narrative_read(statement: Statement, project: Claim, section: Section) -> None:
    """The story as one text, its lists included; parts that have a section of their own elsewhere are read as those."""
    lines = _own_lines(statement, section)
    for part in section.sections:
        handler = handler_of(part.title, HANDLERS)
        if handler is None or handler is narrative_read:
            lines += [*part.heading_lines, *(line for each in part.walk() for line in _own_lines(statement, each))]
            lines += [line for each in part.walk() if each is not part for line in each.heading_lines]
        else:
            handler(statement, project, part)
    lines = sorted(set(lines))
    if lines:
        text = "\n".join(
            ("\n" if place and line - lines[place - 1] > 1 else "") + statement.source.line(line).rstrip()
            for place, line in enumerate(lines)
        )
        name = "narrative" if "narrative" not in project.fields else f"notes.{project.count('notes')}"
        project.set(name, text, *lines)


def _own_lines(statement: Statement, section: Section) -> list[int]:
    blocks = (block for block in section.blocks if not isinstance(block, Rule))
    return [n for block in blocks for n in range(block.line, block.end + 1) if statement.source.line(n).strip()]


def criteria_read(statement: Statement, project: Claim, section: Section) -> None:
    """Each entry is a criterion, with its threshold where it has one."""
    for part in section.walk():
        for each in told(statement, part):
            for value in criteria_of(each.entry.text):
                project.set(f"criteria.{project.count('criteria')}", value, *each.entry.lines)
        rest(statement, project, part, "criteria")
        _headed(statement, section, part)


def _headed(statement: Statement, section: Section, part: Section) -> None:
    if part is not section:
        heading(statement, part)


def listing(name: str) -> Handler:
    """A section whose entries are the values of one list."""

    def handler(statement: Statement, project: Claim, section: Section) -> None:
        for part in section.walk():
            rest(statement, project, part, name)
            _headed(statement, section, part)

    return handler


def apart(handler: Handler) -> Handler:
    """A section of which parts that are called criteria or risks are read as sections of these are."""

    def read(statement: Statement, project: Claim, section: Section) -> None:
        for part in section.sections:
            own = handler_of(part.title, HANDLERS)
            if own in (criteria_read, risks_read) and not is_phase(part.title):
                own(statement, project, part)
                heading(statement, part)
        handler(statement, project, section)

    return read


def scope_read(statement: Statement, project: Claim, section: Section) -> None:
    """What belongs to the project and what does not: constraints, behind the title that says which."""
    for part in section.walk():
        for each in told(statement, part):
            above = each.above or part.title
            project.set(f"constraints.{project.count('constraints')}", f"{above}: {each.entry.text}", *each.entry.lines)
        rest(statement, project, part, "constraints")
        _headed(statement, section, part)


def labels(fields: dict[str, str], otherwise: str) -> Handler:
    """A section of labelled values: each goes to the field whose words its label begins with."""

    def handler(statement: Statement, project: Claim, section: Section) -> None:
        for part in section.walk():
            for entry in entries(part, statement.source):
                words = folded(entry.label)
                name = next((field for key, field in fields.items() if words.startswith(key)), None)
                if name and entry.value:
                    entry_set(project, name, entry)
            rest(statement, project, part, otherwise)
            _headed(statement, section, part)

    return handler


def solutions_read(statement: Statement, project: Claim, section: Section) -> None:
    """Where the solution is and who may see it; what validates the project is the project's."""
    solution = statement.claim("solution", "Solutions", section.line, parent=project)
    of_solution = {
        "solutions path": "location", "solution path": "location", "solutions location": "location",
        "solutions placement": "strategy", "solution placement": "strategy", "access": "access",
        "repository": "strategy", "solution coverage": "covers", "solutions coverage": "covers",
    }  # fmt: skip
    for part in section.walk():
        for entry in entries(part, statement.source):
            words = folded(entry.label)
            if not words or not entry.value:
                continue
            name = next((field for key, field in of_solution.items() if words.startswith(key)), None)
            if name:
                put(solution, name, entry)
            elif words.startswith("validation profile"):
                _profiles(project, entry)
            elif words.startswith("validation"):
                put(project, "checked_note", entry)
            elif words.startswith("automat"):
                put(project, f"automation.{project.count('automation')}", entry)
        rest(statement, project, part, "validation")
        _headed(statement, section, part)


def _profiles(project: Claim, entry: Entry) -> None:
    """The named bundle of checks; all that validates is listed, in words too."""
    named = _PROFILE.findall(entry.value)
    if named and "profile" not in project.fields:
        project.set("profile", named[0], *entry.lines)
    listed_set(project, "validation", entry)


def assessment_read(statement: Statement, project: Claim, section: Section) -> None:
    for part in section.walk():
        rubric_read(statement, project, part)
        rest(statement, project, part, "evaluation")
        _headed(statement, section, part)


HANDLERS: dict[str, Handler] = {
    "project overview|overview|project information|project details|project summary|at a glance"
    "|project metadata": overview_read,
    "learning objectives|objectives|learning outcomes|learning goals|goals|project goals"
    "|what you will learn": objectives_read,
    "competency alignment|competencies|competency mapping|skills alignment|skills mapping|skills": competencies_read,
    "project narrative|narrative|problem statement|scenario|business context|background|motivation"
    "|why this project|your mission": narrative_read,
    "deliverables|key deliverables|project deliverables|expected deliverables|required deliverables"
    "|what you will deliver|what you deliver|what you will build|outputs|artifacts|artefacts"
    "|stretch goals|optional extensions|extensions|bonus": apart(deliverables_read),
    "acceptance criteria|success criteria|completion criteria|definition of done|success metrics|acceptance thresholds"
    "|thresholds|exit criteria|acceptance": criteria_read,
    "technology stack|technologies|tech stack|tools|tooling": listing("technologies"),
    "submission|submission guidelines|hand in|handing in|how to submit|reflection questions|reflection|instructor notes"
    "|collaboration": listing("notes"),
    "scope|in scope|out of scope": scope_read,
    "constraints|project constraints|ground rules|constraints assumptions|assumptions": listing("constraints"),
    "learner experience|learning experience|learning activities|phases|project phases|milestones|timeline|schedule"
    "|milestone schedule|project timeline|implementation plan|work plan|work breakdown|guided activities|approach"
    "|work packages|weekly plan|sprints"
    "|implementation|project plan phases|tasks|requirements": apart(phases_read),
    "assets reuse strategy|assets reuse|assets and reuse|assets|reuse strategy|cross role": labels(
        {"starter": "starter", "shared": "shared_assets", "role progression": "progression",
         "builds on": "builds_on", "differentiator": "differentiators"}, "notes",
    ),
    "solutions validation|solutions|solution|solutions and validation|validation|validation plan": solutions_read,
    "assessment rubric|assessment validation|assessment|assessments|evaluation|grading|rubric|scoring": apart(
        assessment_read
    ),
    "risks mitigations|risks and mitigations|risks|risk|potential risks": risks_read,
    "prerequisites|prerequisite knowledge|prerequisite modules|before you begin|before you start": prerequisites_read,
    "references inspiration|references|resources|inspiration|further reading": listing("references"),
    "legacy alignment|legacy|next steps": listing("legacy"),
    "sign off|signoff|approval|approvals|review sign off": signoff_read,
}  # fmt: skip

HEAD = Head("project", HANDLERS, overview_read, {
    "placement": r"(?:curriculum )?placement(?: in curriculum)?",
    "evidence": r"(?:related )?assessments?",
    "technologies": r"(?:key )?(?:technolog(?:y|ies)(?: stack)?|tech(?:nology)? stack|tools|tooling)",
})  # fmt: skip

register.register(DocumentKind("project_plan", "markdown", recognises, read))
