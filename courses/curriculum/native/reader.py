"""From a native tree to drafts: source -> entities with provenance, plus findings.

Every document names its ``kind`` and ``id``. What stands under another document
in the tree says ``under:`` with that one's path; the program is the one whose
``program.yaml`` lies in the same folder or the nearest one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.aliases import slug_of
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, EntityKind, Origin, registry
from courses.curriculum.native.documents import Document, documents_of, tree_documents
from courses.curriculum.native.places import fields_at, lines_within
from courses.curriculum.native.reading import Reading, attach_to_parents, claim_former, former_id_faults, holders_of
from courses.curriculum.sources.reader import SourceDocument
from courses.curriculum.sources.text import repairs
from courses.curriculum.sources.yaml import line_of, plain
from waymark.core.faults import fault_told

OWN_KEYS = ("kind", "id", "was", "from", "under")
ANYWHERE = ("id", "was", "from")
ORIGIN = {"source", "file", "hash"}
MAX_PATH = 200
CATALOG = {
    "scales": "scale",
    "skill_areas": "skill_area",
    "technologies": "technology",
    "competencies": "competency",
    "profiles": "profile",
}


def read_tree(root: Path, *, name: str | None = None) -> Reading:
    """Read every document below *root*; nothing stops at the first fault.

    :param name: how the root is called in findings; the path as given by default.
    """
    base = name if name is not None else str(root)
    files, faults = tree_documents(root, base)
    return read_files(files, faults)


def read_files(files: Iterable[tuple[PurePath, SourceDocument]], faults: Iterable[Finding] = ()) -> Reading:
    """Read documents by their places in the tree; *faults* are of files that could not be opened."""
    reading = Reading(findings=list(faults), files=[fault.file for fault in faults])
    documents: list[tuple[Document, PurePath]] = []
    for path, source in files:
        found, wrong = documents_of(source)
        reading.files.append(source.source.file)
        reading.findings += [*repairs(source.source), *wrong]
        documents += [(document, path) for document in found]
    folders = _program_folders(documents, reading)
    # A parent is read before what names it by `under:`, wherever its file stands.
    for document, path in sorted(documents, key=lambda item: _levels_under(item[0])):
        _Collector(reading, document, _owner(path, folders)).collect()
    attach_to_parents(reading)
    reading.findings += former_id_faults(reading)
    order = {file: number for number, file in enumerate(sorted(reading.files))}
    reading.findings.sort(key=lambda finding: (order.get(finding.file, 0), finding.line))
    return reading


def _levels_under(document: Document) -> int:
    """How deep a document stands by its ``under:``; 0 without one."""
    under = document.data.get("under")
    return 0 if under is None else str(under).count("/") + 1


def _program_folders(documents: list[tuple[Document, PurePath]], reading: Reading) -> dict[PurePath, str]:
    folders: dict[PurePath, str] = {}
    for document, path in documents:
        if document.data.get("kind") != "program":
            continue
        if path.parent in folders:
            reading.findings.append(
                Finding(
                    "native.two_programs", "error", document.file, line_of(document.data, "kind"),
                    f"The folder already holds the program {folders[path.parent]}.",
                    "Give each program a folder of its own.",
                )
            )  # fmt: skip
            continue
        folders[path.parent] = _program_id(document.data)
    return folders


def _program_id(data: CommentedMap) -> str:
    """The id under which the program's document will be read."""
    given = data.get("id")
    return str(given) if given is not None else slug_of(str(data.get("title") or "program"))


def _owner(path: PurePath, folders: dict[PurePath, str]) -> str | None:
    return next((folders[parent] for parent in path.parents if parent in folders), None)


class _Collector:
    """Turns one document into drafts: itself, and whatever is listed under it."""

    def __init__(self, reading: Reading, document: Document, program: str | None) -> None:
        self.reading, self.document, self.program = reading, document, program

    def fault(self, rule: str, line: int, message: str, fix: str = "") -> None:
        self.reading.findings.append(Finding(rule, "error", self.document.file, line, message, fix))

    def collect(self) -> None:
        data = self.document.data
        name = data.get("kind")
        if name == "catalog":
            self._catalog(data)
            return
        line = line_of(data, "kind")
        if not isinstance(name, str) or name not in registry:
            known = ", ".join(kind.name for kind in registry.all())
            self.fault("native.unknown_kind", line, f"kind is {name!r}.", f"Use one of: catalog, {known}.")
            return
        kind = registry.get(name)
        if not kind.shared and name != "role" and not self.program:
            self.fault("native.no_program", line, f"The {name} belongs to no program.", "Put it below a program.yaml.")
            return
        parent = str(data["under"]) if "under" in data else None
        if parent is not None and (kind.shared or name == "program"):
            self.fault(
                "native.wrong_parent", line_of(data, "under"), f"A {name} stands under nothing.",
                "Remove `under:`.",
            )  # fmt: skip
            return
        self._draft(kind, data, parent, line)

    def _catalog(self, data: CommentedMap) -> None:
        for key, entries in data.items():
            if key == "kind":
                continue
            if key not in CATALOG:
                line = line_of(data, key)
                self.fault(
                    "native.unknown_key", line, f"{key!r} is no list of a catalog.", f"Use {', '.join(CATALOG)}."
                )
                continue
            if not isinstance(entries, CommentedSeq | None):
                self.fault(
                    "native.not_a_list", line_of(data, key), f"{key} of a catalog is a list.",
                    "Start each entry with a dash.",
                )  # fmt: skip
                continue
            for index, entry in enumerate(entries or []):
                line = line_of(entries, index)
                self._draft(registry.get(CATALOG[key]), entry, None, line)

    def _draft(self, kind: EntityKind, data: Any, parent: Draft | str | None, line: int) -> Draft | None:
        if not isinstance(data, CommentedMap):
            self.fault(
                "native.not_a_mapping", line, f"A {kind.name} is written as keys and values.",
                "Write its fields as `key: value`.",
            )  # fmt: skip
            return None
        key = self._key(kind, data, line)
        if key is None:
            return None
        parent_path, parent_address = self._parent_of(kind, parent, line)
        path = f"{parent_path}/{key}" if parent_path else key
        if len(path) > MAX_PATH:
            self.fault("native.bad_id", line, f"The path {path} is longer than {MAX_PATH}.", "Shorten its ids.")
            return None
        owner = None if kind.shared else self.program
        given = data.get("was", [])
        was = [str(each) for each in (given if isinstance(given, list) else [given])]
        if was and kind.name == "program":
            self.fault(
                "native.former_id_of_program", line_of(data, "was", line),
                "A program keeps its id: addresses, rights and enrolments hang on it.", "Change its title instead.",
            )  # fmt: skip
        draft = Draft(
            kind=kind.name, path=path, body={}, file=self.document.file, line=line, parent=parent_address,
            program=owner, origins=self._origins(data, line), authored=_is_authored(kind, data),
        )  # fmt: skip
        draft = claim_former(draft, was)
        place = (owner, draft.address)
        if place in self.reading.drafts:
            other = self.reading.drafts[place]
            self.fault(
                "native.duplicate_id", line, f"{draft.address} is already defined at {other.file}:{other.line}.",
                "Give one of them another id.",
            )  # fmt: skip
            return None
        self.reading.drafts[place] = draft
        self._fill(kind, draft, data)
        self._imply(kind, draft)
        return draft

    def _imply(self, kind: EntityKind, draft: Draft) -> None:
        """Add the children that are not written down but follow from what is."""
        if kind.implied is None:
            return
        names = registry.children_of(kind.name)
        written = {
            key: [self.reading.drafts[(draft.program, f"{names[key]}:{path}")].body for path in paths]
            for key, paths in draft.children.items()
        }
        for each in kind.implied(draft.body, written):
            made = self._draft(
                registry.get(names[each.key]), CommentedMap(each.entry), draft, draft.line_of(each.field)
            )
            if made is not None:
                draft.children[each.key].append(made.path)

    def _origins(self, data: CommentedMap, line: int) -> tuple[Origin, ...]:
        """What an export says of its sources."""
        given = plain(data.get("from", []))
        if isinstance(given, list) and all(isinstance(each, dict) and set(each) == ORIGIN for each in given):
            return tuple(Origin(**{name: str(value) for name, value in each.items()}) for each in given)
        self.fault(
            "native.invalid", line_of(data, "from", line), f"from: is a list of {', '.join(sorted(ORIGIN))}.",
            "Leave it as the export wrote it, or remove it.",
        )  # fmt: skip
        return ()

    def _parent_of(self, kind: EntityKind, parent: Draft | str | None, line: int) -> tuple[str, str | None]:
        if isinstance(parent, Draft):
            # A program's own id is no part of its children's paths: MOD-101 is MOD-101.
            prefix = "" if parent.kind == "program" else parent.path
            return prefix, parent.address
        if parent is None:
            top = kind.shared or kind.name in ("role", "program")
            return "", None if top else f"program:{self.program}"
        holders = holders_of(kind.name)
        others = [each.name for each in registry.all() if each.name not in holders]
        found = [name for name in (*holders, *others) if (self.program, f"{name}:{parent}") in self.reading.drafts]
        # What is not there is said by attach_to_parents, when every document is read.
        return parent, f"{found[0] if found else 'module'}:{parent}"

    def _key(self, kind: EntityKind, data: CommentedMap, line: int) -> str | None:
        given = data.get("id")
        if given is not None:
            # A number that was not written as it reads (007, 1_0, 1.10) would be another id.
            text = given if isinstance(given, str) else str(given) if type(given) is int else ""
            if kind.name == "program" and not re.fullmatch(r"[a-z0-9-]*", text):
                remedy = "The id of a program stands in addresses: use lower case letters, digits and dashes."
            elif re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", text):
                return str(text)
            else:
                remedy = "Use letters, digits, dots, dashes and underscores" + ("." if text else ", in quotes.")
            self.fault("native.bad_id", line_of(data, "id", line), f"{given!r} is no id.", remedy)
            return None
        label = next((data[name] for name in kind.label_fields if data.get(name)), None)
        if isinstance(label, list):
            label = " ".join(str(part) for part in label)
        if not isinstance(label, str) or not label.strip():
            if kind.only:
                return kind.name
            names = " or ".join(kind.label_fields)
            self.fault("native.no_id", line, f"The {kind.name} has no id and no {names}.", "Give it an id.")
            return None
        return kind.name if kind.only else slug_of(label)

    def _fill(self, kind: EntityKind, draft: Draft, data: CommentedMap) -> None:
        children = registry.children_of(kind.name)
        body: dict[str, Any] = {}
        for key, value in data.items():
            draft.lines[str(key)] = line_of(data, key, draft.line)
            if key in ANYWHERE or (key in OWN_KEYS and data is self.document.data):
                continue
            if key in children:
                self._children(kind, draft, str(key), value, registry.get(children[key]))
            else:
                body[str(key)] = plain(value, floats=str(key) in kind.verbatim)
                draft.lines.update(lines_within(value, str(key), draft.lines[str(key)]))
        if self.document.markdown is not None and data is self.document.data:
            if "body" in body and self.document.markdown.strip():
                self.fault(
                    "native.two_bodies", draft.lines["body"],
                    f"{draft.address} has a body in the front matter and one below it.", "Keep the one below.",
                )  # fmt: skip
            if "body" not in body:
                body["body"] = self.document.markdown
                draft.lines["body"] = self.document.markdown_line
        try:
            draft.body = kind.body.model_validate(body).model_dump(mode="json")
            draft.given = dict.fromkeys(body, 0)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._body_fault(kind, draft, data, fault)

    def _children(self, kind: EntityKind, draft: Draft, key: str, value: Any, child: EntityKind) -> None:
        entries = [value] if child.only else value
        line = draft.lines[key]
        if not isinstance(entries, list | CommentedSeq):
            self.fault(
                "native.not_a_list", line, f"{key} of {draft.address} is a list.", "Start each entry with a dash."
            )
            return
        made = []
        for index, entry in enumerate(entries):
            if isinstance(entry, str):
                # A bare line is the label alone: objectives, topics, risks as people write them.
                text, entry = entry, CommentedMap()
                entry[child.label_fields[0]] = text
            found = self._draft(child, entry, draft, line_of(value, index, line))
            made += [found.path] if found else []
        draft.children[key] = made

    def _body_fault(self, kind: EntityKind, draft: Draft, data: CommentedMap, fault: Any) -> None:
        place: list[str] = []
        line, node = draft.line, cast(Any, data)
        for part in fault["loc"]:
            if isinstance(node, CommentedMap | CommentedSeq):
                line = line_of(node, part, line)
                node = node[part] if isinstance(part, int) or part in node else None
            place.append(str(part))
        where = ".".join(place)
        if fault["type"] == "extra_forbidden":
            known = sorted(fields_at(kind.body, fault["loc"][:-1]))
            if len(fault["loc"]) == 1:
                known = sorted([*known, *registry.children_of(kind.name), *ANYWHERE])
            self.fault(
                "native.unknown_key", line, f"{draft.address} has no field {where}.", f"Known: {', '.join(known)}."
            )
        else:
            self.fault("native.invalid", line, f"{draft.address}: {fault_told(fault)}.", _remedy(fault["type"], where))


def _remedy(fault: str, where: str) -> str:
    return f"Add {where.rpartition('.')[2]}." if fault == "missing" else "Correct the value."


def _is_authored(kind: EntityKind, data: CommentedMap) -> bool:
    """Whether an entry says by itself which one it is: by its id, by being the only one, or by what it names."""
    named = {reference.field.partition(".")[0] for reference in kind.refs}
    label = next((name for name in kind.label_fields if data.get(name)), "")
    return data.get("id") is not None or kind.only or label in named
