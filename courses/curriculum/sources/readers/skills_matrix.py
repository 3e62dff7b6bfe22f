"""Skills matrices (YAML): the competencies of a role by domain, with what each level of proficiency means.

Recognised by domains that hold skills, or skills that say what their levels mean.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.aliases import slug_of
from courses.curriculum.sources.claims import Claim, Fact, Statement
from courses.curriculum.sources.entries import Entries, folded_key, known_keys
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.yaml import line_of

_DOMAINS = ("competency_domains", "domains", "skill_domains", "competency_areas")
_SKILLS = ("skills", "competencies")
# Levels may stand in the skill itself, by their names.
_LEVEL_NAMES = (
    "awareness", "beginner", "novice", "foundational", "working", "intermediate", "proficient", "advanced", "expert",
)  # fmt: skip
_LEVELS = ("proficiency", "levels", "proficiency_levels")


def recognises(document: SourceDocument) -> float:
    data = document.data
    if known_keys(data, _DOMAINS) and any(_holds(data.get(name), _SKILLS) for name in _DOMAINS):
        return 0.95
    return 0.8 if any(_holds(data.get(name), _LEVELS) for name in _SKILLS) else 0


def _holds(value: Any, names: tuple[str, ...]) -> bool:
    entries = value.values() if isinstance(value, CommentedMap) else value if isinstance(value, CommentedSeq) else ()
    return any(known_keys(entry, names) for entry in entries)


def read(document: SourceDocument, statement: Statement) -> None:
    top = Entries(statement, document.data, 1)
    head = top.inner("metadata", "meta")
    names = ("role", "role_name", "title", "name")
    label = top.peek(*names) or head.peek(*names) or "Role"
    role = statement.claim("role", label, line_of(document.data, next(iter(document.data), None)), key=slug_of(label))
    for part in (top, head):
        part.value(role, "title", *names)
        part.value(role, "level", "level", "role_level", "seniority")
        part.value(role, "about.version", "version", "matrix_version")
        part.value(role, "about.updated", "last_updated", "date_updated", "updated")
        part.value(role, "summary", "description", "summary")
    head.rest(role, "metadata.")
    top.value(role, "stated.scale", "levels", "scale", "proficiency_scale")
    top.value(role, "research_sources", "research_sources", "sources")
    for entry in top.each(role, *_DOMAINS, word="name", listed="skills"):
        _domain(entry, role)
    _skills(top, role, None)
    top.value(role, "progression", "progression_map", "progression")
    top.texts(role, "notes", "notes")
    top.rest(role)
    _scaled(statement, role)


def _scaled(statement: Statement, role: Claim) -> None:
    """Call levels that are given as numbers by the names that the document's own scale has for them."""
    scale = {name.rpartition(".")[2]: fact for name, fact in role.fields.items() if name.startswith("stated.scale.")}
    for competency in statement.of_kind("competency"):
        for name, fact in list(competency.fields.items()):
            named = scale.get(str(fact.value)) if name == "target" or name.endswith(".level") else None
            if named is not None:
                competency.fields[name] = Fact(named.value, (*fact.lines, *named.lines))


def _domain(entry: Entries, role: Claim) -> None:
    name = entry.name[0] if entry.name else entry.peek("name", "domain", "title")
    area = entry.statement.claim("skill_area", name or "Domain", entry.line, parent=role)
    entry.named(area, "title", "name", "domain", "title")
    entry.value(area, "stated.id", "id")
    entry.value(area, "text", "description", "summary", "text")
    _skills(entry, role, area)
    entry.rest(area)


def _skills(entries: Entries, role: Claim, area: Claim | None) -> None:
    for entry in entries.each(area or role, *_SKILLS, word="name"):
        name = entry.name[0] if entry.name else entry.peek("name", "skill", "competency", "title", "id")
        key = entry.peek("id")
        competency = entry.statement.claim("competency", name or "Competency", entry.line, key=key, parent=area or role)
        entry.named(competency, "title", "name", "skill", "competency", "title")
        entry.value(competency, "id", "id")
        if area is not None and (domain := area.fields.get("title")):
            competency.set("domain", domain.value, *domain.lines)
        else:
            entry.value(competency, "domain", "category", "domain", "area")
        entry.value(competency, "text", "description", "summary")
        entry.value(competency, "target", "target", "target_level", "proficiency_target", "required_level")
        for number, level in enumerate(entry.each(competency, *_LEVELS, word="description")):
            _level(level, competency, f"levels.{number}")
        number = sum(name.endswith((".level", ".meaning")) for name in competency.fields)
        for key in [key for key in entry.data if folded_key(key) in _LEVEL_NAMES]:
            competency.set(f"levels.{number}.level", str(key), line_of(entry.data, key))
            entry.value(competency, f"levels.{number}.meaning", folded_key(key))
            number += 1
        entry.texts(
            competency, "assessed_by", "assessment_types", "assessed_by", "assessments", "assessment", "evidence"
        )
        entry.texts(competency, "stated.modules", "modules", "related_modules", "taught_in")
        entry.rest(competency)


def _level(entry: Entries, competency: Claim, place: str) -> None:
    entry.named(competency, f"{place}.level", "level", "name", "id")
    entry.value(competency, f"{place}.meaning", "description", "meaning", "text", "criteria")
    entry.value(competency, f"{place}.evidence", "evidence_sources", "evidence", "sources")
    entry.rest(competency, f"{place}.")


register.register(DocumentKind("skills_matrix", "yaml", recognises, read))
