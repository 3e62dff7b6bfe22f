"""Validation profiles (YAML): named bundles of checks. Recognised by profiles that have commands or tools."""

from __future__ import annotations

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.entries import Entries, folded_key, known_keys
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.yaml import line_of

_PROFILES = ("profiles", "validation_profiles")
_COMMANDS = ("commands", "checks", "steps")
_TOOLS = ("tools_required", "tools", "required_tools")


def recognises(document: SourceDocument) -> float:
    for name in _PROFILES:
        value = document.data.get(name)
        entries = (
            value.values() if isinstance(value, CommentedMap) else value if isinstance(value, CommentedSeq) else ()
        )
        if any(known_keys(entry, (*_COMMANDS, *_TOOLS)) for entry in entries):
            return 0.9
    return 0


def read(document: SourceDocument, statement: Statement) -> None:
    top = Entries(statement, document.data, 1)
    line = line_of(document.data, next(iter(document.data), None))
    catalog = statement.claim("catalog", "Validation profiles", line)
    top.value(catalog, "about.version", "version")
    top.value(catalog, "about.updated", "last_updated", "updated")
    top.value(catalog, "text", "description", "notes")
    for entry in top.each(catalog, *_PROFILES):
        name = entry.name[0] if entry.name else entry.peek("id", "name", "title")
        profile = statement.claim("profile", name or "Profile", entry.line, key=name)
        entry.named(profile, "id", "id", "name")
        entry.value(profile, "title", "title")
        entry.value(profile, "text", "description", "summary")
        entry.value(profile, "type", "type")
        _commands(entry, profile)
        entry.texts(profile, "tools", *_TOOLS)
        entry.rest(profile)
    top.rest(catalog)


def _commands(entry: Entries, profile: Claim) -> None:
    """The commands of a profile: texts, or mappings with what is run."""
    value = next((entry.data[key] for key in entry.data if folded_key(key) in _COMMANDS), None)
    if not isinstance(value, CommentedSeq) or not any(isinstance(each, CommentedMap) for each in value):
        entry.texts(profile, "commands", *_COMMANDS)
        return
    for place, command in enumerate(entry.each(profile, *_COMMANDS, word="run")):
        command.value(profile, f"commands.{place}", "run", "command", "cmd", "script")
        command.rest(profile, f"commands.{place}.")


register.register(DocumentKind("validation_profiles", "yaml", recognises, read))
