"""Every rule of the native reader: what is wrong, where exactly, and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import registry
from courses.curriculum.native.reader import read_tree
from courses.curriculum.native.reading import Reading
from courses.curriculum.sources.text import MAX_BYTES, MAX_LINES
from courses.curriculum.sources.yaml import MAX_DEPTH

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "kind: program\nid: p\ntitle: P\nrole: r\nsummary: S.\n"
MODULE = "kind: module\nid: M-1\ntitle: One\nsummary: S.\n"


def reading_of(root: Path, files: dict[str, str | bytes]) -> Reading:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_tree(root, name="tree")


def only(reading: Reading) -> Finding:
    assert len(reading.findings) == 1, [str(finding) for finding in reading.findings]
    return reading.findings[0]


# rule, content of tree/p/x.yaml (beside a faultless program), line, part of the message, part of the remedy
FAULTS: dict[str, tuple[str, str | bytes, int, str, str]] = {
    "no YAML": ("native.unreadable", "kind: module\nid: [a\n", 2, "YAML: ", "Correct the line"),
    "a key twice": ("native.unreadable", MODULE + "title: Two\n", 5, 'duplicate key "title"', "Correct the line"),
    "an alias": ("native.unreadable", MODULE + "notes: &n [a]\ntooling: *n\n", 5, "aliases", "Write the value out"),
    "a tag": ("native.unreadable", MODULE + "notes: [!!binary aGk=]\n", 5, "tags", "Remove the tag"),
    "too deep": ("native.unreadable", MODULE + f"notes: {'[' * MAX_DEPTH}\n", 5, "deeper than 20", "Flatten"),
    "far too deep": ("native.unreadable", MODULE + f"notes: {'[' * 50_000}\n", 5, "deeper than 20", "Flatten"),
    "too large": ("native.unreadable", "#" * (MAX_BYTES + 1), 1, f"the limit is {MAX_BYTES}", "Split it"),
    "too long": ("native.unreadable", "\n" * (MAX_LINES + 1), 1, f"the limit is {MAX_LINES}", "Split it"),
    "not UTF-8": ("native.unreadable", MODULE.encode() + b"notes: [\xff]\n", 5, "(byte ", "Save it as UTF-8"),
    "a NUL": ("native.unreadable", MODULE + "notes: [a\0b]\n", 5, "NUL", "Remove it"),
    "a control character": ("native.unreadable", MODULE + "notes: [a\1b]\n", 5, "#0001", "Remove it"),
    "a day that is none": ("native.unreadable", MODULE + "notes: 2025-13-45\n", 1, "month", "in quotes"),
    "a number without end": ("native.unreadable", MODULE + f"hours: {'9' * 5000}\n", 1, "digits", "in quotes"),
    "no mapping": ("native.unreadable", "\n- a\n", 2, "a mapping", "kind:"),
    "an escaped NUL": ("native.bad_value", MODULE + 'notes: ["a", "b\\0c"]\n', 5, "NUL", "Correct"),
    "an escaped NUL in a key": ("native.bad_value", MODULE + '"b\\0c": x\n', 5, "NUL", "Correct"),
    "half a character": ("native.bad_value", MODULE + 'notes:\n  - a\n  - "\\ud83d"\n', 7, "half", "Correct"),
    "not a number": ("native.bad_value", MODULE + "hours: .nan\n", 5, "nan is not a number", "Correct"),
    "infinite": ("native.bad_value", MODULE + "hours: .inf\n", 5, "inf is not a number", "Correct"),
    "an unknown kind": ("native.unknown_kind", "id: x\nkind: modul\n", 2, "'modul'", "module, topic"),
    "no kind": ("native.unknown_kind", "id: x\n", 1, "None", "Use one of: catalog"),
    "an unknown key": ("native.unknown_key", MODULE + "tittle: x\n", 5, "no field tittle", "title, tooling"),
    "an unknown inner key": (
        "native.unknown_key", MODULE + "resources:\n  - title: A\n    link: b\n", 7, "resources.0.link",
        "Known: note, primary, title, url.",
    ),
    "under in a list": (
        "native.unknown_key", MODULE + "topics:\n  - {title: T, under: M-2}\n", 6, "no field under", "id, points",
    ),
    "a bad value": ("native.invalid", MODULE + "hours: many\n", 5, "hours: 'many' is not a number", "Correct"),
    "a bad inner value": (
        "native.invalid", MODULE + "resources:\n  - title: A\n  - title: |\n      a\n      b\n", 7, "resources.1.title",
        "Correct",
    ),
    "nothing where a field is needed": ("native.invalid", "kind: module\nid: M-1\ntitle: One\n", 1, "summary", ""),
    "a bad id": ("native.bad_id", "kind: module\ntitle: One\nid: a b\n", 3, "'a b' is no id", "dots, dashes"),
    "an id that reads otherwise": ("native.bad_id", "kind: module\nid: 007\n", 2, "no id", "in quotes"),
    "a path that is too long": (
        "native.bad_id", f"kind: lab\nunder: {'m' * 80}/{'n' * 80}\nid: {'l' * 79}\n", 1, "longer than 200", "Shorten",
    ),
    "no id and no label": ("native.no_id", "kind: module\nsummary: S.\n", 1, "no id and no title", "Give it an id"),
    "no list": ("native.not_a_list", MODULE + "topics: Words\n", 5, "topics of module:M-1", "dash"),
    "no mapping in a list": ("native.not_a_mapping", MODULE + "topics:\n  - [a]\n", 6, "A topic", "key: value"),
    "the same id twice": (
        "native.duplicate_id", MODULE + "topics:\n  - {id: t, title: A}\n  - {id: t, title: B}\n", 7,
        "topic:M-1/t is already defined at tree/p/x.yaml:6", "another id",
    ),
    "under what is not there": ("native.no_parent", "kind: lab\nid: l\nunder: M-9\ntitle: L\n", 1, "M-9", "`under:`"),
    "under what cannot hold it": (
        "native.wrong_parent", MODULE + "---\nkind: phase\nid: f\nunder: M-1\ntitle: F\n", 6, "the module M-1",
        "Put it under a project",
    ),
    "shared and under something": (
        "native.wrong_parent", "kind: technology\nid: t\nunder: M-1\ntitle: T\ncategory: C\n", 3, "nothing", "Remove",
    ),
    "two former owners": (
        "native.former_id_twice", f"{MODULE}was: M-0\n---\n{MODULE.replace('M-1', 'M-2')}was: M-0\n", 11,
        "module:M-1 at tree/p/x.yaml:1 claims the former id M-0", "Leave `was:`",
    ),
    "a former id that is in use": (
        "native.former_id_in_use", f"{MODULE}was: M-2\n---\n{MODULE.replace('M-1', 'M-2')}", 5,
        "is the id of tree/p/x.yaml:7", "another id",
    ),
    "a list of a catalogue that is none": (
        "native.unknown_key", "kind: catalog\ntools: []\n", 2, "'tools' is no list", "technologies",
    ),
    "a catalogue's list that is a word": (
        "native.not_a_list", "kind: catalog\nscales: proficiency\n", 2, "scales of a catalog", "dash",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line_and_its_remedy(tmp_path: Path, name: str) -> None:
    rule, content, line, message, fix = FAULTS[name]
    found = only(reading_of(tmp_path, {"p/program.yaml": PROGRAM, "p/x.yaml": content}))
    assert (found.rule, found.severity) == (rule, "error")
    assert (found.file, found.line) == ("tree/p/x.yaml", line), found
    assert message in found.message
    assert fix in found.fix


def test_every_rule_has_a_fault_here_and_a_line_in_the_guide() -> None:
    code = "".join(path.read_text() for path in (ROOT / "courses" / "curriculum").rglob("*.py"))
    rules = set(re.findall(r'"(native\.\w+)"', code)) - {"native.unknown_reference"}
    tried = {rule for rule, *_ in FAULTS.values()}
    elsewhere = {
        "native.no_program", "native.two_programs", "native.two_bodies", "native.former_id_of_program",
        "native.empty",
    }  # fmt: skip
    assert rules == tried | elsewhere
    guide = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
    rows = " ".join(re.findall(r"^\| (`native[^|]*) \|", guide, re.MULTILINE))
    assert {rule for rule in rules if f"`{rule}`" not in rows} == set()


def test_markdown_needs_front_matter(tmp_path: Path) -> None:
    found = only(reading_of(tmp_path, {"p/program.yaml": PROGRAM, "p/x.md": "# Title\n"}))
    assert (found.rule, found.line, found.fix) == ("native.unreadable", 1, "Add kind: and title:.")


@pytest.mark.parametrize("front", ["", "# a comment\n"])
def test_markdown_with_nothing_in_front_is_not_dropped(tmp_path: Path, front: str) -> None:
    found = only(reading_of(tmp_path, {"p/program.yaml": PROGRAM, "p/x.md": f"---\n{front}---\nWords.\n"}))
    assert (found.rule, found.file) == ("native.unreadable", "tree/p/x.md")


def test_lines_of_front_matter_count_from_the_top_of_the_file(tmp_path: Path) -> None:
    text = "---\nkind: reading\nid: r\nunder: M-1\ntitle: R\nhours: many\n---\nWords.\n"
    found = only(reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": MODULE, "p/x.md": text}))
    assert (found.rule, found.line) == ("native.invalid", 6)
    assert "write 8, 6-8 or 50+" in found.message


def test_the_body_of_a_markdown_file_is_a_field_with_its_line(tmp_path: Path) -> None:
    text = "---\nkind: reading\nid: r\nunder: M-1\ntitle: R\n---\n\n## Words\n\nMore.\n\n---\n\nEnd.\n"
    reading = reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": MODULE, "p/x.md": text})
    assert reading.findings == []
    draft = reading.drafts["p", "reading:M-1/r"]
    assert draft.body["body"] == "## Words\n\nMore.\n\n---\n\nEnd."
    assert (draft.lines["title"], draft.lines["body"]) == (5, 7)
    assert reading.drafts["p", "module:M-1"].children["readings"] == ["M-1/r"]


def test_a_body_in_two_places_is_an_error(tmp_path: Path) -> None:
    text = "---\nkind: reading\nid: r\nunder: M-1\ntitle: R\nbody: One.\n---\nTwo.\n"
    found = only(reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": MODULE, "p/x.md": text}))
    assert (found.rule, found.line) == ("native.two_bodies", 6)


def test_a_body_in_the_front_matter_alone_is_kept(tmp_path: Path) -> None:
    text = "---\nkind: reading\nid: r\nunder: M-1\ntitle: R\nbody: One.\n---\n"
    reading = reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": MODULE, "p/x.md": text})
    assert reading.findings == []
    assert reading.drafts["p", "reading:M-1/r"].body["body"] == "One."


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.encode("utf-8-sig"),
    ],
    ids=["CRLF", "CR", "byte order mark"],
)
@pytest.mark.parametrize("name", ["p/x.yaml", "p/x.md"])
def test_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path, name: str, encode: object) -> None:
    fields = "kind: reading\nid: r\nunder: M-1\ntitle: R\nsummary: |\n  One\n  two\n"
    text = f"---\n{fields}---\nA\nB\n" if name.endswith("md") else fields + "body: |\n  A\n  B\n"
    reading = reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": MODULE, name: encode(text)})  # type: ignore[operator]
    assert reading.findings == []
    draft = reading.drafts["p", "reading:M-1/r"]
    assert (draft.body["summary"], draft.body["body"]) == ("One\ntwo", "A\nB")
    assert draft.lines["body"] == (10 if name.endswith("md") else 8)


def test_nothing_stops_at_the_first_fault(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path,
        {
            "p/a.yaml": PROGRAM,
            "p/b.yaml": MODULE + "hours: many\nextra: 1\ntopics:\n  - {title: T, hours: x}\n  - [a]\n  - Good\n",
            "p/c.yaml": b"\xff",
            "p/d.yaml": "kind: nothing\n---\nkind: lab\nid: l\ntitle: L\nunder: M-1\nhours: 9-3\n",
        },
    )
    assert [(finding.file[-6:], finding.line, finding.rule) for finding in reading.findings] == [
        ("b.yaml", 5, "native.invalid"),
        ("b.yaml", 6, "native.unknown_key"),
        ("b.yaml", 8, "native.invalid"),
        ("b.yaml", 9, "native.not_a_mapping"),
        ("c.yaml", 1, "native.unreadable"),
        ("d.yaml", 1, "native.unknown_kind"),
        ("d.yaml", 7, "native.invalid"),
    ]
    assert ("p", "topic:M-1/good") in reading.drafts, "what is right is read all the same"
    assert str(reading.findings[0]).startswith("tree/p/b.yaml:5: error: module:M-1: hours: ")


def test_a_document_without_a_program_above_it_belongs_nowhere(tmp_path: Path) -> None:
    found = only(reading_of(tmp_path, {"p/program.yaml": PROGRAM, "q/x.yaml": "id: M-1\nkind: module\n"}))
    assert (found.rule, found.file, found.line) == ("native.no_program", "tree/q/x.yaml", 2)
    assert found.fix == "Put it below a program.yaml."


def test_two_programs_in_a_folder(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": "\n" + PROGRAM.replace("id: p", "id: q")})
    found = reading.findings[0]
    assert (found.rule, found.file, found.line) == ("native.two_programs", "tree/p/b.yaml", 2)
    assert "program p" in found.message


def test_a_program_inside_another_ones_folder_has_its_own_documents(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path,
        {"a.yaml": PROGRAM, "m.yaml": MODULE, "in/b.yaml": PROGRAM.replace("id: p", "id: q"), "in/m.yaml": MODULE},
    )
    assert reading.findings == []
    assert {owner for owner, address in reading.drafts if address == "module:M-1"} == {"p", "q"}


def test_the_same_program_in_two_folders(tmp_path: Path) -> None:
    found = only(reading_of(tmp_path, {"a/program.yaml": PROGRAM, "b/program.yaml": PROGRAM}))
    assert (found.rule, found.file, found.line) == ("native.duplicate_id", "tree/b/program.yaml", 1)


def test_a_program_without_an_id_is_named_by_its_title_everywhere(tmp_path: Path) -> None:
    program = "kind: program\ntitle: First Year\nrole: r\nsummary: S.\n"
    reading = reading_of(tmp_path, {"p/a.yaml": program, "p/b.yaml": MODULE})
    assert reading.findings == []
    assert reading.programs == ["first-year"]
    assert ("first-year", "module:M-1") in reading.drafts


@pytest.mark.parametrize("given", ["First.Year", "Junior", "first_year"])
def test_the_id_of_a_program_can_stand_in_an_address(tmp_path: Path, given: str) -> None:
    found = reading_of(tmp_path, {"p/a.yaml": PROGRAM.replace("id: p", f"id: {given}")}).findings[0]
    assert (found.rule, found.line) == ("native.bad_id", 2)
    assert "lower case" in found.fix


def test_a_program_keeps_its_id(tmp_path: Path) -> None:
    found = only(reading_of(tmp_path, {"p/a.yaml": PROGRAM + "was: old\n"}))
    assert (found.rule, found.line) == ("native.former_id_of_program", 6)


def test_a_bare_line_is_the_label_of_its_entry(tmp_path: Path) -> None:
    module = MODULE + "topics:\n  - One thing\nobjectives: [Explain it]\nrisks:\n  - No time\nrequirements: [M-0]\n"
    reading = reading_of(tmp_path, {"p/a.yaml": PROGRAM, "p/b.yaml": module})
    assert reading.findings == []
    topic = reading.drafts["p", "topic:M-1/one-thing"]
    assert (topic.body["title"], topic.line, topic.parent) == ("One thing", 6, "module:M-1")
    assert reading.drafts["p", "objective:M-1/explain-it"].body["text"] == "Explain it"
    assert reading.drafts["p", "risk:M-1/no-time"].body["text"] == "No time"
    assert reading.drafts["p", "requirement:M-1/m-0"].body["to"] == "M-0"


@pytest.mark.parametrize(("parent", "child"), [("b.yaml", "a.yaml"), ("a.yaml", "b.yaml")])
def test_a_parent_is_found_wherever_its_file_stands(tmp_path: Path, parent: str, child: str) -> None:
    project = "kind: project\nid: PR-1\ntitle: A\npoints: 100\n"
    phase = "kind: phase\nid: plan\nunder: PR-1\ntitle: Plan\n"
    reading = reading_of(tmp_path, {"program.yaml": PROGRAM, parent: project, child: phase})
    assert reading.findings == []
    assert reading.drafts["p", "phase:PR-1/plan"].parent == "project:PR-1"
    assert reading.drafts["p", "project:PR-1"].children == {"phases": ["PR-1/plan"]}


def test_a_document_may_stand_under_one_that_stands_under_another(tmp_path: Path) -> None:
    check = "kind: check\nid: c\nunder: M-1/l\ntitle: C\ntype: command\n"
    lab = "kind: lab\nid: l\nunder: M-1\ntitle: L\n"
    reading = reading_of(tmp_path, {"a.yaml": check, "b.yaml": lab, "c.yaml": MODULE, "d.yaml": PROGRAM})
    assert reading.findings == []
    assert reading.drafts["p", "check:M-1/l/c"].parent == "lab:M-1/l"


def test_documents_under_a_parent_follow_in_the_order_of_their_files(tmp_path: Path) -> None:
    lab = "kind: lab\nunder: M-1\ntitle: L\n"
    files = {f"{name}.yaml": f"{lab}id: {name}\n" for name in ("b", "c", "a")}
    module = MODULE + "labs: [{id: listed, title: L}]\n"
    reading = reading_of(tmp_path, {"p.yaml": PROGRAM, "m.yaml": module, **files})
    assert reading.drafts["p", "module:M-1"].children["labs"] == ["M-1/listed", "M-1/a", "M-1/b", "M-1/c"]


def test_what_is_no_document_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "bad.yaml").write_text("[")
    tree = tmp_path / "tree"
    files = {"a.yaml": PROGRAM, "README.md": "[", ".hidden/x.yaml": "[", "notes.txt": "[", "empty.yaml": "# nothing\n"}
    reading_of(tree, files)  # type: ignore[arg-type]
    (tree / "link.yaml").symlink_to(tmp_path / "elsewhere" / "bad.yaml")
    (tree / "linked").symlink_to(tmp_path / "elsewhere")
    reading = read_tree(tree, name="tree")
    assert reading.findings == []
    assert reading.files == ["tree/a.yaml", "tree/empty.yaml"]


def test_a_file_by_itself_is_named_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("kind: nothing\n")
    assert only(read_tree(path, name="here/x.yaml")).file == "here/x.yaml"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, *args: object, **kwargs: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "x.yaml").write_text(PROGRAM)
    monkeypatch.setattr(Path, "read_bytes", refused)
    found = only(read_tree(tmp_path, name="tree"))
    assert (found.rule, found.file, found.message) == (
        "native.unreadable", "tree/x.yaml", "The file cannot be read: Permission denied.",
    )  # fmt: skip


def test_lines_are_known_down_to_the_entries_of_a_field(tmp_path: Path) -> None:
    program = PROGRAM + "paths:\n  - id: q\n    title: Q\n    steps:\n      - to: M-1\n      - {stage: s, to: M-2}\n"
    draft = reading_of(tmp_path, {"p.yaml": program}).drafts["p", "path:q"]
    assert (draft.line, draft.lines["steps"], draft.lines["steps.0.to"], draft.lines["steps.1.to"]) == (7, 9, 10, 11)


def test_the_shipped_curriculum_has_no_finding() -> None:
    reading = read_tree(ROOT / "fixtures", name="fixtures")
    assert [str(finding) for finding in reading.findings] == []
    assert len(reading.programs) == 2
    assert {draft.kind for draft in reading.drafts.values()} <= {kind.name for kind in registry.all()}
