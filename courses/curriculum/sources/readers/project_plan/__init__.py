"""Project plans: one project with what its template has a section for.

Recognised by a project's id or title in the overview. The long template (narrative,
phases, solutions, sign-off) and the short one (key deliverables, milestones) are
read in any mixture, with bullets, labelled lines or tables.
"""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, breaks_apart, entries, put, rest
from courses.curriculum.sources.outline import Rule, Section
from courses.curriculum.sources.parts import (
    Handler,
    competencies_read,
    folded,
    handler_of,
    heading,
    objectives_read,
    rules,
    sections_read,
)
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.project_plan.work import phases_read, risks_read, rubric_read
from courses.curriculum.sources.sections import preface_read

_NAMED = {"project id", "project title", "project name", "project"}
_OPTIONAL = re.compile(r"\boptional\b|\bstretch\b|\bbonus\b", re.IGNORECASE)
_PROFILE = re.compile(r"`([a-z0-9][a-z0-9_.-]*)`")
_STATES = ("pending", "approved", "rejected", "open")


def recognises(document: SourceDocument) -> float:
    """By the project's id or title in its overview; the title of the template makes it surer."""
    overview = document.outline.find("overview")
    if overview is None or not _NAMED & {folded(entry.label) for entry in entries(overview, document.source)}:
        return 0
    return 1.0 if document.outline.find("project plan") else 0.8


def read(document: SourceDocument, statement: Statement) -> None:
    root = document.outline
    overview = root.find("overview")
    assert overview is not None
    named = {folded(entry.label): entry for entry in reversed(list(entries(overview, statement.source))) if entry.label}
    by_id = named.get("project id") or named.get("id") or named.get("project")
    by_title = named.get("project title") or named.get("project name") or named.get("title") or named.get("name")
    key = next(iter(values.ids(by_id.value)), "") if by_id else ""
    label = (by_title.value if by_title else "") or key or overview.title
    first = by_id or by_title
    project = statement.claim("project", label, first.lines[0] if first else overview.line, key=key)
    top = root.sections[0] if len(root.sections) == 1 and root.sections[0] is not overview else root
    breaks_apart(statement, root)
    preface_read(statement, project, root, top)
    sections_read(statement, project, top, HANDLERS)
    rules(statement, root)


def overview_read(statement: Statement, project: Claim, section: Section) -> None:
    for entry in entries(section, statement.source):
        words = folded(entry.label)
        if not words or not entry.value:
            continue
        match words:
            case "project id" | "id":
                put(project, "id", entry)
            case "project":
                put(project, "id" if values.ids(entry.value) == [entry.value] else "title", entry)
            case "project title" | "project name" | "title" | "name":
                put(project, "title", entry)
            case "placement in curriculum" | "placement" | "curriculum placement":
                put(project, "placement", entry)
            case "difficulty" | "level" | "difficulty level":
                put(project, "difficulty", entry)
            case "target role s" | "target role" | "target roles" | "role" | "roles":
                _listed(project, "roles", entry)
            case (
                "estimated duration"
                | "duration"
                | "estimated time"
                | "time"
                | "hours"
                | "total hours"
                | "effort"
                | ("estimated hours" | "estimated effort" | "time commitment" | "total duration")
            ):
                _duration(project, entry)
            case (
                "prerequisite modules skills"
                | "prerequisites"
                | "prerequisite"
                | "prerequisite modules"
                | (
                    "prerequisite s"
                    | "prerequisite skills"
                    | "requires"
                    | "depends on"
                    | "prerequisite modules and skills"
                )
            ):
                _prerequisites(statement, project, entry)
            case "related assessments" | "assessments" | "assessment" | "related assessment":
                _listed(project, "evidence", entry)
            case "technologies" | "tech stack" | "tools" | "technology stack":
                _listed(project, "technologies", entry)
    rest(statement, project, section, "notes")


def _listed(claim: Claim, name: str, entry: Entry) -> None:
    """The parts of a value and what is nested in it. One that says that there is none stays as it is stated."""
    parts = [] if values.is_nothing(entry.value) else values.listed(entry.value)
    if not parts:
        put(claim, f"stated.{name}", entry)
        return
    for place, part in enumerate(parts, claim.count(name)):
        claim.set(f"{name}.{place}", part, *entry.lines)


def _duration(project: Claim, entry: Entry) -> None:
    """The hours; what else the words say (weeks, parts) stays as it is stated."""
    total = values.hours(entry.value)
    if total is not None and "hours" not in project.fields:
        project.set("hours", total.plain, *entry.lines)
    if total is None or not values.only_hours(entry.value):
        put(project, "stated.duration", entry)


def _prerequisites(statement: Statement, project: Claim, entry: Entry) -> None:
    """Each id that is named, ranges (``Modules 001-005``) included, is needed; a part without one is a skill."""
    put(project, "stated.prerequisites", entry)
    if values.is_nothing(entry.value):
        return
    seen: set[str] = set()
    for part in values.listed(entry.value):
        found = values.named_ids(part)
        for field, target in [("to", each) for each in found] or [("skill", part)]:
            if target in seen:
                continue
            seen.add(target)
            edge = statement.claim("requirement", f"needs {target}", entry.lines[0], parent=project)
            edge.set("strength", "needs", *entry.lines)
            edge.set(field, target, *entry.lines)


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


def deliverables_read(statement: Statement, project: Claim, section: Section) -> None:
    for part in section.walk():
        optional = part is not section and bool(_OPTIONAL.search(part.title))
        for entry in entries(part, statement.source):
            if entry.cells:
                continue
            value = {"text": entry.text, "optional": optional or bool(_OPTIONAL.search(entry.text))}
            project.set(f"deliverables.{project.count('deliverables')}", value, *entry.lines)
        rest(statement, project, part, "deliverables")
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


def labels(fields: dict[str, str], otherwise: str) -> Handler:
    """A section of labelled values: each goes to the field whose words its label begins with."""

    def handler(statement: Statement, project: Claim, section: Section) -> None:
        for part in section.walk():
            for entry in entries(part, statement.source):
                words = folded(entry.label)
                name = next((field for key, field in fields.items() if words.startswith(key)), None)
                if name and entry.value:
                    put(project, f"{name}.{project.count(name)}", entry)
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
    _listed(project, "validation", entry)


def assessment_read(statement: Statement, project: Claim, section: Section) -> None:
    for part in section.walk():
        rubric_read(statement, project, part)
        rest(statement, project, part, "evaluation")
        _headed(statement, section, part)


def signoff_read(statement: Statement, project: Claim, section: Section) -> None:
    approval = statement.claim("approval", "Sign-off", section.line, parent=project)
    approval.set("what", "Sign-off")
    for entry in entries(section, statement.source):
        words = folded(entry.label)
        if not entry.value or not words:
            continue
        if words.startswith(("author", "owner", "prepared by")):
            put(approval, "author", entry)
        elif words.startswith(("reviewer", "approver", "approved by", "reviewed by")):
            put(approval, "stated.reviewers", entry)
            state = next((each for each in _STATES if re.search(rf"\b{each}\b", entry.value, re.IGNORECASE)), None)
            person = re.sub(r"\s*\([^()]*\)\s*$", "", entry.value)
            if person and not values.is_nothing(person):
                put(approval, "person", entry, person)
            if state and "state" not in approval.fields:
                approval.set("state", state, *entry.lines)
        elif words.startswith(("date", "approved", "approval date", "status", "last updated")):
            put(approval, f"stated.{words.split()[0]}", entry)
    rest(statement, approval, section, "notes")


HANDLERS: dict[str, Handler] = {
    "project overview|overview": overview_read,
    "learning objectives|objectives|learning outcomes|learning goals": objectives_read,
    "competency alignment|competencies|competency mapping|skills alignment": competencies_read,
    "project narrative|narrative|problem statement|scenario|business context|background": narrative_read,
    "deliverables|key deliverables|project deliverables|expected deliverables|required deliverables": deliverables_read,
    "constraints|project constraints|constraints assumptions|assumptions": listing("constraints"),
    "learner experience|learning experience|learning activities|phases|project phases|milestones|timeline|schedule"
    "|milestone schedule|project timeline|implementation plan|work plan": phases_read,
    "assets reuse strategy|assets reuse|assets and reuse|assets|reuse strategy|cross role": labels(
        {"starter": "starter", "shared": "shared_assets", "role progression": "progression",
         "builds on": "builds_on", "differentiator": "differentiators"}, "notes",
    ),
    "solutions validation|solutions|solution|solutions and validation|validation|validation plan": solutions_read,
    "assessment rubric|assessment validation|assessment|assessments|evaluation|grading|rubric": assessment_read,
    "risks mitigations|risks and mitigations|risks|risk|potential risks": risks_read,
    "references inspiration|references|resources|inspiration|further reading": listing("references"),
    "legacy alignment|legacy|next steps": listing("legacy"),
    "sign off|signoff|approval|approvals|review sign off": signoff_read,
}  # fmt: skip

register.register(DocumentKind("project_plan", "markdown", recognises, read))
