"""Exercise indexes as other hands write them: labels without bold text, paths as lists and rows, turned matrices."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.merge.join import join
from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import faults_of_account, read_text

FOLDER = Path(__file__).with_name("indexes")
NAMES = ["bold-paths", "listed-steps", "one-table", "plain-labels", "tabled-facts", "tables-and-lists"]


def read(name: str, newline: str = "\n") -> Statement:
    return read_text((FOLDER / f"{name}.md").read_text("utf-8").replace("\n", newline))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_line_is_read_and_nothing_is_found(name: str, newline: str) -> None:
    statement = read(name, newline)
    assert statement.kind == "exercise_index"
    assert faults_of_account(statement) == []
    assert statement.findings == []
    prose = [statement.source.line(n) for n in statement.source.filled() if statement.account.fate(n) == "prose"]
    assert [text for text in prose if text.startswith(("|", "-", "*", "1"))] == []


LABS = {
    "bold-paths": [("501-01", "Log a run"), ("501-02", "Compare runs"), ("502-01", "Serve a model"),
                   ("502-02", "Canary release")],
    "listed-steps": [("601-01", "Install Backstage"), ("601-02", "Golden path"), ("602-01", "First pipeline")],
    "one-table": [("401-01", "Feature store"), ("401-02", "Online serving"), ("402-01", "Registry"),
                  ("402-02", "Drift")],
    "plain-labels": [("701-01", "Declare"), ("701-02", "Command")],
    "tabled-facts": [("210-01", "Drain a queue"), ("210-02", "Fill a queue"), ("211-01", "Move a broker")],
    "tables-and-lists": [("301-01", "Read a file"), ("301-02", "Read a stream"), ("301-03", "Backfill"),
                         ("302-01", "Tables"), ("302-02", "Compaction"), ("302-03", "Snapshots"), ("303-01", "API"),
                         ("303-02", "Cache"), ("303-03", "Scale")],
}  # fmt: skip
STEPS = {
    "bold-paths": {"All": ["501-01", "501-02", "502-01", "502-02"], "Serving only": ["502-01", "502-02"]},
    "listed-steps": {"Everything": ["601-01", "601-02", "602-01"], "Pipelines": ["602-01"]},
    "one-table": {},
    "plain-labels": {"All": ["701-01", "701-02"]},
    "tabled-facts": {"All": ["210-01", "210-02", "211-01"]},
    "tables-and-lists": {
        "Fast track": ["301-01", "302-01", "303-01"],
        "Full": ["301-01", "301-02", "301-03", "302-01", "302-02", "302-03", "303-01", "303-02", "303-03"],
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_labs_have_their_codes_and_titles_and_paths_their_steps(name: str) -> None:
    statement = read(name)
    assert [(lab.key, lab.get("title")) for lab in statement.of_kind("lab")] == LABS[name]
    steps = {
        path.get("title"): [path.get(f"steps.{at}")["to"].partition("/")[2] for at in range(path.count("steps"))]
        for path in statement.of_kind("path")
    }
    assert steps == STEPS[name]


PARTS = [
    ("bold-paths", "lab", "hours", [
        {"low": "4", "high": "6"}, {"low": "5", "high": "6"}, {"low": "6", "high": "8"}, {"low": "7", "high": "8"},
    ]),
    ("bold-paths", "lab", "primary_skills.0", ["MLflow", "MLflow", "Kubernetes", "Kubernetes"]),
    ("bold-paths", "requirement", "to", ["MOD-501/501-01", "MOD-502/502-01"]),
    ("bold-paths", "requirement", "skill", ["Python", "Docker"]),
    ("bold-paths", "path", "stated.hours", [{"low": "22", "high": "28"}, {"low": "13", "high": "16"}]),
    ("listed-steps", "lab", "difficulty", ["Beginner", "Intermediate", "Intermediate"]),
    ("listed-steps", "lab", "summary", ["a running portal", "A pipeline that builds and tests."]),
    ("listed-steps", "lab", "technologies.1", [{"names": ["PostgreSQL"]}]),
    ("listed-steps", "lab", "deliverables.1", [{"text": "notes", "optional": False}]),
    ("listed-steps", "objective", "text", ["install it", "add a plugin"]),
    ("listed-steps", "requirement", "to", ["MOD-601/601-01", "MOD-601"]),
    ("listed-steps", "pace", "hours_per_week", ["20", "5"]),
    ("listed-steps", "pace", "stated.weeks.1", [{"text": "Pipelines: 3 days"}, {"path": "Pipelines", "weeks": "2"}]),
    ("listed-steps", "outlook", "target_roles.0.title", ["Platform Engineer"]),
    ("listed-steps", "outlook", "target_roles.0.modules.1", ["MOD-602"]),
    ("plain-labels", "lab", "hours", [{"low": "3", "high": "4"}, {"low": "4", "high": "5"}]),
    ("plain-labels", "lab", "stated.stars", ["2", "3"]),
    ("plain-labels", "requirement", "to", ["MOD-701/701-01"]),
    ("plain-labels", "program", "stated.exercises", ["2"]),
    ("plain-labels", "path", "stated.exercises", ["2"]),
    ("one-table", "lab", "hours", ["4", "4", "3", "3"]),
    ("one-table", "lab", "technologies.1", [{"names": ["Redis"]}]),
    ("tables-and-lists", "program", "stated.exercises", ["9"]),
    ("tables-and-lists", "program", "stated.hours", ["30"]),
    ("tables-and-lists", "module", "stated.title", ["Ingestion", "Storage", "Serving"]),
    ("tables-and-lists", "lab", "hours", ["2", "3", "4", "3", "3", "4", "3", "3", "4"]),
    ("tables-and-lists", "lab", "stated.stars", ["2", "3", "1"]),
    ("tables-and-lists", "lab", "summary", ["partition a table", "compact it"]),
    ("tables-and-lists", "lab", "difficulty", ["Easy", "Medium", "Hard", "Beginner", "Intermediate", "Advanced"]),
    ("tables-and-lists", "lab", "primary_skills.0", ["Streaming", "Streaming", "Modelling"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "field", "expected"), PARTS)
def test_the_parts_of_an_index_are_what_they_say(name: str, kind: str, field: str, expected: list[object]) -> None:
    assert [value for claim in read(name).of_kind(kind) if (value := claim.get(field)) is not None] == expected


def test_paths_of_two_programs_are_two_whatever_they_are_called() -> None:
    joined = join([read("bold-paths"), read("plain-labels")])
    assert [len(path.claims) for path in joined.of_kind("path") if path.name == "All"] == [1, 1]
    same = join([read("plain-labels"), read("plain-labels")])
    assert [len(path.claims) for path in same.of_kind("path")] == [2]


def test_tables_and_bold_lines_say_the_facts_of_an_exercise() -> None:
    statement = read("tabled-facts")
    program = next(statement.of_kind("program"))
    figures = [program.get(f"stated.{name}") for name in ("modules", "exercises", "hours")]
    assert (program.get("title"), figures) == ("Queues & Brokers", ["2", "3", {"low": "9", "high": "11"}])
    modules = [(each.get("title"), each.get("stated.exercises"), each.get("stated.hours"))
               for each in statement.of_kind("module")]  # fmt: skip
    assert modules == [("Queues", "2", {"low": "6", "high": "8"}), ("Brokers", "1", "3")]
    labs = list(statement.of_kind("lab"))
    assert [(lab.get("difficulty"), lab.get("hours")) for lab in labs] == [
        ("Intermediate", "3"), ("Advanced", {"low": "3", "high": "5"}), ("Expert", "3"),
    ]  # fmt: skip
    needed = [[each.get("to") or each.get("skill") for each in lab.under("requirement")] for lab in labs]
    assert needed == [["Docker"], ["MOD-210/210-01"], ["MOD-210/210-01", "MOD-210/210-02"]]
    assert [each.get("text") for each in labs[1].under("objective")] == ["Write in batches", "Watch the lag"]
    assert labs[1].get("deliverables.1") == {"text": "A graph (optional)", "optional": True}
    assert labs[1].get("notes.0") == "Owner: Operations"
    criterion = labs[2].get("criteria.0")
    assert (criterion["measure"], criterion["op"], criterion["value"]) == ("99 % of writes answered", "<=", "20")
