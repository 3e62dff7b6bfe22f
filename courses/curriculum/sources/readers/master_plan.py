"""Master plans (YAML): a program with its outcomes, modules, anchor projects, reviews, targets and risks.

Recognised by at least three of its sections, or by a list of modules beside the
name of a role or program.
"""

from __future__ import annotations

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.entries import Entries, folded_key, known_keys, needs, objectives, scalar
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.planned_grades import graded_read
from courses.curriculum.sources.sections import hour_kind_known
from courses.curriculum.sources.yaml import line_of

_KEYS = (
    "role", "level", "program_name", "program_version", "learning_outcomes", "program_structure",
    "assessment_strategy", "project_portfolio", "validation_plan", "risk_register", "repository_config",
)  # fmt: skip
_SECTIONS = _KEYS[4:10]
# The same sections as other hands call them.
_CALLED = (
    ("outcomes", "learning_outcomes", "program_outcomes"), ("structure", "curriculum_structure", "program_structure"),
    ("assessment", "assessments", "assessment_strategy"), ("projects", "portfolio", "project_portfolio"),
    ("validation", "validation_plan"), ("risks", "risk_register"), ("phases", "modules"),
)  # fmt: skip
_HEAD = ("program", "program_info", "metadata", "meta")
_TARGETS = {
    "completion_rate_target": "completion", "completion_rate": "completion", "satisfaction_target": "satisfaction",
    "satisfaction": "satisfaction", "assessment_pass_rate_target": "pass_rate", "pass_rate_target": "pass_rate",
    "assessment_pass_rate": "pass_rate", "pass_rate": "pass_rate",
}  # fmt: skip


def recognises(document: SourceDocument) -> float:
    data = document.data
    if known_keys(data, _SECTIONS) >= 2 or (known_keys(data, _SECTIONS) and known_keys(data, _KEYS) >= 3):
        return 0.9
    named = known_keys(data, ("role", "program_name", *_HEAD))
    other = known_keys(data, ("kind", "domains", "questions"))
    if named and not other and sum(bool(known_keys(data, names)) for names in _CALLED) >= 3:
        return 0.8
    modules = data.get("modules")
    entries = modules.values() if isinstance(modules, CommentedMap) else modules if isinstance(modules, list) else ()
    listed = any(isinstance(each, CommentedMap) for each in entries)
    return 0.7 if listed and known_keys(data, ("role", "program", "program_name")) else 0


def read(document: SourceDocument, statement: Statement) -> None:
    top = Entries(statement, document.data, 1)
    head = top.inner(*_HEAD)
    label = top.peek("program_name", "program", "title", "role") or head.peek("name", "title", "role") or "Program"
    program = statement.claim("program", label, line_of(document.data, next(iter(document.data), None)))
    for part in (top, head):
        part.value(program, "title", "program_name", "program", "title", "name")
        part.value(program, "role", "role", "target_role")
        part.value(program, "level", "level", "role_level", "seniority")
        part.value(program, "about.version", "program_version", "version")
        part.value(program, "about.updated", "date_updated", "last_updated", "updated")
        part.value(program, "repository_config", "repository_config", "repository_strategy")
        part.value(program, "summary", "summary", "description", "program_description", "overview")
        part.value(program, "audience", "audience", "target_audience")
        needs(part, program, "prerequisites")
        duration = part.inner("duration", "total_duration")
        duration.value(program, "stated.hours", "hours", "total_hours")
        duration.value(program, "stated.weeks", "weeks", "total_weeks")
        duration.rest(program, "duration.")
    _totals(head, program)
    head.rest(program)
    _outcomes(top, program)
    structure = top.inner("program_structure", "structure", "curriculum_structure")
    for part in (structure, top):
        _totals(part, program)
        for entry in part.each(program, "modules", word="id"):
            _module(entry, program, "")
        for number, group in enumerate(part.each(program, "phases", "stages", "tracks", "semesters")):
            _group(group, program, f"phases.{number}.")
    _projects(structure, program, "projects", "anchor_projects")
    _projects(structure, program, "capstone")
    structure.rest(program, "program_structure.")
    strategy = ("assessment_strategy", "assessments", "assessment")
    # What is assessed how is kept as it is written; grades and pass rules in it are those of the program besides.
    inner = [Entries(statement, value, 1) for key, value in document.data.items() if folded_key(key) in strategy]
    graded_read(program, [top, *inner])
    top.value(program, "assessment", *strategy)
    portfolio = top.inner("project_portfolio", "projects")
    for part, names in (
        (portfolio, ("anchor_projects", "projects")), (portfolio, ("capstone",)),
        (top, ("projects", "project_portfolio")),
    ):  # fmt: skip
        _projects(part, program, *names)
    portfolio.rest(program, "project_portfolio.")
    _validation(top.inner("validation_plan", "validation"), program)
    _reviews(top, program, "validation_plan", "stakeholder_reviews", "reviews")
    for entry in top.each(program, "risk_register", "risks", word="risk"):
        _risk(entry, program)
    top.rest(program)


def _totals(part: Entries, program: Claim) -> None:
    part.value(program, "stated.hours", "total_duration_hours", "total_hours", "duration_hours")
    part.value(program, "stated.weeks", "total_duration_weeks", "total_weeks", "duration_weeks", "weeks")


def _outcomes(top: Entries, program: Claim) -> None:
    outcomes = top.inner("learning_outcomes", "outcomes")
    for key in outcomes.data:
        objectives(outcomes, program, folded_key(key), group=(str(key), line_of(outcomes.data, key)))
    outcomes.rest(program, "learning_outcomes.")
    objectives(top, program, "learning_outcomes", "outcomes", "learning_objectives")


def _group(group: Entries, program: Claim, place: str) -> None:
    """A phase with its modules: what it is called is the group of each; the rest is kept."""
    name = group.name[0] if group.name else group.peek("name", "title", "phase", "id")
    for entry in group.each(program, "modules", word="id"):
        _module(entry, program, name)
    group.named(program, f"stated.{place}name", "name", "title", "phase", "id")
    group.value(program, f"stated.{place}number", "phase", "number", "order")
    group.value(program, f"stated.{place}weeks", "weeks", "duration_weeks")
    group.rest(program, place)


def _module(entry: Entries, program: Claim, group: str) -> None:
    key = entry.name[0] if entry.name else entry.peek("id", "module_id", "code")
    label = entry.peek("title", "name") or key or "Module"
    module = entry.statement.claim("module", label, entry.line, key=next(iter(values.ids(key)), key), parent=program)
    entry.named(module, "id", "id", "module_id", "code")
    entry.value(module, "title", "title", "name")
    if group:
        module.set("stated.group", group)
    _hours(entry, module)
    entry.texts(module, "roles", "role_focus", "roles", "target_roles")
    needs(entry, module, "prerequisites", "prerequisite_modules", "prereqs", "requires", "dependencies", "depends_on")
    objectives(entry, module, "learning_objectives", "objectives", "outcomes", "learning_outcomes")
    entry.texts(module, "projects", "linked_projects", "projects")
    entry.texts(module, "competencies", "competencies", "assessed_competencies", "skills")
    entry.texts(module, "tooling", "technologies", "tools", "tooling")
    entry.value(module, "difficulty", "difficulty", "level")
    entry.value(module, "summary", "summary", "description")
    texts, _ = entry.words("topics", "key_topics", "content")
    for text, lines in texts:
        topic = entry.statement.claim("topic", text, lines[0], parent=module)
        topic.set("title", text, *lines)
    entry.texts(module, "notes", "notes", "integration_notes")
    entry.rest(module)


def _hours(entry: Entries, module: Claim) -> None:
    """Parts by kind are the fact; a total beside them is a stated figure; a total alone is the fact."""
    parts = entry.inner("duration_hours", "hours", "duration", "hours_by_kind")
    for key in parts.data:
        name = folded_key(key).removesuffix("_hours").replace("_", " ")
        figure = values.NUMBER_ONLY.fullmatch(parts.peek(folded_key(key))) and name.replace(" ", "").isalpha()
        kind = values.HOUR_KINDS.get(name, name if figure else "")
        if kind and kind != "total":
            parts.value(module, f"hours_by_kind.{kind}", folded_key(key))
            hour_kind_known(module, kind, module.place(f"hours_by_kind.{kind}")[1])
    parts.value(module, "stated.hours", "total")
    parts.rest(module, "duration_hours.")
    field = "stated.hours" if parts.data else "hours"
    for text, lines in entry.words("duration_hours", "total_hours", "hours", "duration", "estimated_hours")[0]:
        amount = values.hours(text) or (values.amount(text) if values.NUMBER_ONLY.fullmatch(text) else None)
        if amount is None:
            module.set("stated.duration", text, *lines)
        else:
            module.set(field, amount.plain, *lines)
            if not values.NUMBER_ONLY.fullmatch(text):
                module.set("stated.duration", text, *lines)


def _projects(part: Entries, program: Claim, *names: str) -> None:
    entries = list(part.each(program, *names, word="id"))
    # Where no project of a list has a title, the summary is one.
    titled = any(entry.has("title", "name") for entry in entries)
    for entry in entries:
        key = entry.name[0] if entry.name else entry.peek("id", "project_id", "project", "code")
        label = entry.peek("title", "name") or entry.peek("summary") or key or "Project"
        project = part.statement.claim(
            "project", label, entry.line, key=next(iter(values.ids(key)), key), parent=program
        )
        entry.named(project, "id", "id", "project_id", "project", "code")
        entry.value(project, "points", "points", "total_points", "max_points")
        entry.texts(project, "deliverables", "deliverables", "outputs", "artifacts")
        entry.value(project, "title", "title", "name")
        entry.value(project, "summary" if titled else "title", "summary", "description")
        entry.value(project, "difficulty", "difficulty", "level")
        _hours(entry, project)
        entry.texts(project, "competencies", "assessed_competencies", "competencies")
        entry.value(project, "placement", "integration_notes", "notes")
        entry.texts(project, "modules", "linked_modules", "modules")
        needs(entry, project, "prerequisites", "prereqs", "requires", "dependencies", "depends_on", "after")
        entry.rest(project)


def _validation(plan: Entries, program: Claim) -> None:
    _reviews(plan, program, "stakeholder_reviews", "reviews", "reviewers")
    metrics = plan.inner("pilot_metrics", "metrics", "targets")
    for key in list(metrics.data):
        measure = _TARGETS.get(folded_key(key))
        value = scalar(metrics.data[key])
        found = metrics.words(folded_key(key))[0] if measure and isinstance(value, str) else []
        for text, lines in found:
            program.set(f"targets.{measure}", text, *lines)
    metrics.rest(program, "pilot_metrics.")
    plan.rest(program, "validation_plan.")


def _reviews(part: Entries, program: Claim, *names: str) -> None:
    for entry in part.each(program, *names, word="reviewer"):
        label = entry.peek("focus", "area", "reviewer", "name") or "Review"
        approval = part.statement.claim("approval", label, entry.line, parent=program)
        entry.value(approval, "what", "focus", "area", "what", "topic")
        entry.value(approval, "person", "reviewer", "role", "person", "name")
        entry.value(approval, "due", "due_date", "due", "by", "date")
        entry.value(approval, "state", "status", "state")
        entry.rest(approval)


def _risk(entry: Entries, program: Claim) -> None:
    label = entry.peek("risk", "text", "description")
    key = next(iter(entry.data), None)
    if not label and len(entry.data) == 1 and isinstance(entry.data[key], str) and not entry.has("title", "mitigation"):
        # "Licence change: use Valkey" is a risk with its answer.
        risk = entry.statement.claim("risk", str(key), entry.line, parent=program)
        risk.set("text", str(key), entry.line)
        entry.value(risk, "mitigation", folded_key(key))
        return
    risk = entry.statement.claim("risk", label or "Risk", entry.line, parent=program)
    entry.value(risk, "text", "risk", "text", "description", "title")
    entry.value(risk, "impact", "impact", "severity")
    entry.value(risk, "likelihood", "likelihood", "probability")
    entry.value(risk, "mitigation", "mitigation", "response")
    for name in ("id", "owner", "contingency"):
        entry.value(risk, f"stated.{name}", name)
    entry.rest(risk)


register.register(DocumentKind("master_plan", "yaml", recognises, read))
