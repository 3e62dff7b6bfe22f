"""The repository strategy (YAML): all roles, their repositories, how one leads to another.

Recognised by a list of roles beside at least one of its other sections.
"""

from __future__ import annotations

from courses.curriculum.aliases import slug_of
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.entries import Entries, known_keys
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.yaml import line_of

_SECTIONS = ("repositories", "solutions", "shared_assets", "progression_rules", "governance")


def recognises(document: SourceDocument) -> float:
    found = known_keys(document.data, _SECTIONS)
    return 0.9 if found >= 3 or (found and known_keys(document.data, ("roles",))) else 0


def read(document: SourceDocument, statement: Statement) -> None:
    top = Entries(statement, document.data, 1)
    label = top.peek("program_name", "title", "name") or "Roles"
    catalog = statement.claim("catalog", label, line_of(document.data, next(iter(document.data), None)))
    top.value(catalog, "title", "program_name", "title", "name")
    top.value(catalog, "about.version", "version", "program_version")
    top.value(catalog, "about.updated", "last_updated", "date_updated", "updated")
    roles: dict[str, Claim] = {}
    for entry in top.each(catalog, "roles", word="name"):
        role = _role(entry)
        roles.setdefault(role.path, role)
    _repositories(top.inner("repositories"), catalog, roles)
    top.value(catalog, "solutions", "solutions")
    top.value(catalog, "shared_assets", "shared_assets")
    for entry in top.each(catalog, "progression_rules", "progression", word="from_role"):
        _step(entry, catalog, roles)
    top.value(catalog, "governance", "governance")
    top.rest(catalog)


def _role(entry: Entries) -> Claim:
    title = entry.peek("name", "title")
    key = entry.name[0] if entry.name else entry.peek("slug", "id") or (slug_of(title) if title else "")
    role = entry.statement.claim("role", title or key or "Role", entry.line, key=key)
    entry.named(role, "id", "slug", "id")
    entry.value(role, "title", "name", "title")
    entry.value(role, "level", "level")
    entry.value(role, "summary", "description", "summary")
    entry.rest(role)
    return role


def _repositories(part: Entries, catalog: Claim, roles: dict[str, Claim]) -> None:
    part.value(catalog, "repositories.mode", "mode")
    part.value(catalog, "repositories.base", "base_repo_name", "base")
    for entry in part.each(catalog, "role_repos", "roles", word="learning"):
        slug = entry.name[0] if entry.name else entry.peek("role", "slug")
        role = roles.get(slug)
        # A name that no role has is kept by itself; what it should have been is for the checks to say.
        if role is None or any(name.startswith("repositories.") for name in role.fields):
            role = entry.statement.claim("role", slug or "Role", entry.line, key=slug)
        entry.named(role, "repositories.role", "role", "slug")
        entry.value(role, "repositories.learning", "learning")
        entry.value(role, "repositories.solutions", "solutions")
        entry.value(role, "repositories.other", "other")
        entry.rest(role)
    part.rest(catalog, "repositories.")


def _step(entry: Entries, catalog: Claim, roles: dict[str, Claim]) -> None:
    start = entry.peek("from_role", "from")
    # A role may lead to several: each has an edge, and what else is said stands at the first.
    targets, _ = entry.words("to_role", "to", "to_roles")
    edges = [
        entry.statement.claim("requirement", f"leads to {to}", lines[0], parent=roles.get(start, catalog))
        for to, lines in targets or [("", range(entry.line, entry.line + 1))]
    ]
    for made, (to, lines) in zip(edges, targets, strict=False):
        made.set("to", to, *lines)
    for made in edges:
        made.set("strength", "leads_to")
    edge = edges[0]
    entry.value(edge, "from", "from_role", "from")
    for made in edges[1:] if "from" in edge.fields else ():
        made.set("from", edge.get("from"), *edge.fields["from"].lines)
    entry.value(edge, "strategy", "strategy")
    entry.value(edge, "reason", "notes", "reason", "description")
    entry.rest(edge)


register.register(DocumentKind("repository_strategy", "yaml", recognises, read))
