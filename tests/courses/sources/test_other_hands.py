"""Roadmaps and project plans of teams that know the templates from hearsay: small documents, a habit each."""

from __future__ import annotations

from textwrap import dedent

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import faults_of_account, read_text, rules

HEAD = "# MOD-911 - Queues\n\n## Module Overview\n\n- **Module ID**: MOD-911\n- **Module Title**: Queues\n\n"


def read(text: str) -> Statement:
    statement = read_text(dedent(text))
    assert faults_of_account(statement) == []
    return statement


def section(title: str, text: str) -> Statement:
    """A roadmap with one more section."""
    return read(f"{HEAD}## {title}\n\n{dedent(text)}")


def of(statement: Statement, kind: str, field: str) -> list[object]:
    return [claim.get(field) for claim in statement.of_kind(kind)]


def prose(statement: Statement) -> list[str]:
    source = statement.source
    return [source.line(line) for line in source.filled() if statement.account.fate(line) == "prose"]


LABS = [
    (  # Columns for what is handed in and what is covered are no titles.
        """
        | # | Lab | Objectives covered | What you hand in | Done when |
        |---|---|---|---|---|
        | 1 | Drain a queue | a, b | a log | it is empty |
        """,
        {"label": ["Drain a queue"], "title": [None], "criteria.0": [{"text": "it is empty"}]},
    ),
    (  # A line for each fact, below the one that says which activity it is.
        """
        Lab A: Drain
          Description: Empty a queue
          Completion criteria: nothing waits

        Lab B: Fill
          Validation: peer review
        """,
        {"label": ["Lab A", "Lab B"], "title": ["Drain", "Fill"], "text": ["Empty a queue", None],
         "criteria.0": [{"text": "nothing waits"}, None], "checked_note": [None, "peer review"]},
    ),
    (  # A title in bold begins a paragraph.
        """
        **L1. Drain** \u2013 4 h \u2013 LO1
        Empty a queue by hand.
        Done: nothing waits

        **L2. Fill** \u2013 2 h
        Done: it is full
        """,
        {"label": ["L1", "L2"], "title": ["Drain", "Fill"], "hours": ["4", "2"],
         "text": ["Empty a queue by hand.", None],
         "criteria.0": [{"text": "nothing waits"}, {"text": "it is full"}]},
    ),
    (  # Hours behind a bold title, and labels in italics.
        "1. **Lab 1 \u2014 Drain** (4h)\n   - *Goal:* empty it\n   - *Validation:* a test\n",
        {"label": ["Lab 1"], "title": ["Drain"], "hours": ["4"], "text": ["empty it"], "checked_note": ["a test"]},
    ),
    (  # A code with a dash, and a label right below a list.
        "### Exercise 911-01: Drain\n**Acceptance criteria:**\n- it is empty\n**Automated check:** a test\n",
        {"label": ["Exercise 911-01"], "title": ["Drain"], "criteria.0": [{"text": "it is empty"}],
         "checked_note": ["a test"]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LABS)
def test_activities_have_what_is_said_of_them(text: str, expected: dict[str, list[object]]) -> None:
    statement = section("Labs", text)
    assert {field: of(statement, "lab", field) for field in expected} == expected


def test_criteria_in_italics_end_a_title_and_lines_by_themselves_are_labs() -> None:
    statement = section("Labs", "- [ ] Lab 1: Drain (4h) \u2014 *Done when:* it is empty\n")
    [lab] = statement.of_kind("lab")
    fields = ("title", "hours", "criteria.0")
    assert [lab.get(field) for field in fields] == ["Drain", "4", {"text": "it is empty"}]
    statement = section("Labs", "Lab 1 \u2013 Drain (5 hours)\nLab 2 \u2013 Fill (4 hours)\n")
    assert [of(statement, "lab", field) for field in ("label", "title", "hours")] == [
        ["Lab 1", "Lab 2"], ["Drain", "Fill"], ["5", "4"],
    ]  # fmt: skip


HOURS = [
    ("Hours", "20 (lecture 6, lab 14)", {"lecture": "6", "lab": "14"}, None),
    ("Total Hours", "20\n  - Lectures: 6\n  - Labs: 14", {"lecture": "6", "lab": "14"}, None),
    ("Duration", "3 weeks \u00d7 8 h = 24 h", {}, "24"),
    ("Duration", "5 days \u00e0 6 hours", {}, "30"),
]


@pytest.mark.parametrize(("label", "value", "parts", "hours"), HOURS)
def test_hours_without_their_unit_and_hours_times_days(
    label: str, value: str, parts: dict[str, str], hours: str | None
) -> None:
    text = f"## Module Overview\n\n- Module ID: MOD-911\n- {label}: {value}\n\n## Labs\n\n- Lab 1: Drain\n"
    [module] = read(text).of_kind("module")
    assert module.get("hours") == hours
    assert {kind: module.get(f"hours_by_kind.{kind}") for kind in parts} == parts


def test_a_document_titled_by_its_id_needs_two_sections_beside_its_head() -> None:
    text = "# MOD-911 | Queues\n\n### At a glance\n\n| Duration | Needs |\n|---|---|\n| 4 h | MOD-910 |\n\n"
    statement = read(f"{text}### Outcomes\n\n- Drain it\n\n### Labs\n\n- Lab 1: Drain\n")
    assert statement.kind == "module_roadmap"


COMPETENCIES = [
    "Competency: Draining\nTarget: Proficient\nEvidence: a log\nRole: SRE\n",
    "+ **Draining**\n  + Proficiency Target: Proficient\n  + Evidence / Assessment: a log\n  + Role Alignment: SRE\n",
    "| Competency | From | To | Assessed by | Role |\n|---|---|---|---|---|\n"
    "| Draining | Awareness | Proficient | a log | SRE |\n",
]


@pytest.mark.parametrize("text", COMPETENCIES)
def test_a_competency_has_its_level_evidence_and_roles(text: str) -> None:
    statement = section("Competency Alignment", text)
    [target] = statement.of_kind("competency_target")
    fields = ("competency", "level", "evidence.0", "for_roles.0")
    assert [target.get(field) for field in fields] == ["Draining", "Proficient", "a log", "SRE"]


def test_evidence_does_not_repeat_its_label() -> None:
    statement = section("Competencies", "* **Draining** \u2192 Proficient (evidence: a log)\n")
    assert of(statement, "competency_target", "evidence.0") == ["a log"]


UNITS = "- Unit 1: Brokers \u2014 4h\n  - one\n- Unit 2: Limits \u2014 2h\n"
LISTS = [
    ("Learning Objectives", "(a) Drain it\n(b) Fill it\n", "objective", "text", ["Drain it", "Fill it"]),
    ("Learning Objectives", "LO1: Drain it\nLO2: Fill it\n", "objective", "text", ["LO1: Drain it", "LO2: Fill it"]),
    ("Content Outline", "I. Brokers\nII. Limits\n", "topic", "title", ["Brokers", "Limits"]),
    ("5. Content", "### 5.1 Brokers (3 h)\n* one\n", "topic", "hours", ["3"]),
    ("Content Outline", "Week 1 - Brokers\nWeek 2 - Limits\n", "topic", "title", ["Week 1", "Week 2"]),
    ("Content Outline", UNITS, "topic", "title",
     ["Unit 1: Brokers", "Unit 2: Limits"]),
    ("Content Outline", UNITS, "topic", "hours", ["4", "2"]),
    ("Quality Checklist", "[x] mapped\n[ ] piloted\n", "checklist", "items.0", [{"text": "mapped", "done": True}]),
    ("Quality Checklist", "\u2718 mapped\n\u2714 tried\n", "checklist", "items.0", [{"text": "mapped", "done": False}]),
    ("Checklist", "(x) mapped\n( ) piloted\n", "checklist", "items.1", [{"text": "piloted", "done": False}]),
    ("Where this module fits", "* Builds on: MOD-910\n", "module", "builds_on.0", ["MOD-910"]),
    ("Dependencies & Notes", "| Risk | Impact | Mitigation |\n|---|---|---|\n| It floods | High | drain it |\n", "risk",
     "mitigation", ["drain it"]),
    ("Risks, dependencies, notes", "* Needs: a broker\n* Risk: It floods. Mitigation: drain it\n", "risk", "text",
     ["It floods"]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "kind", "field", "expected"), LISTS)
def test_lists_that_markdown_does_not_know_are_read(
    title: str, text: str, kind: str, field: str, expected: list[object]
) -> None:
    statement = section(title, text)
    assert (of(statement, kind, field), prose(statement)) == (expected, [])


def test_a_label_above_its_value_says_a_fact() -> None:
    text = "## Module Overview\n\n**Module ID**\nMOD-911\n\n**Duration**\n6 hours\n\n## Labs\n\n- Lab 1: Drain\n"
    [module] = read(text).of_kind("module")
    assert (module.key, module.get("hours")) == ("MOD-911", "6")


def test_rows_below_the_title_are_data_whatever_they_are_called() -> None:
    text = "# MOD-911: Queues\n\n| Field | Value |\n|---|---|\n| Duration | 6 h |\n| Mood | calm |\n\n"
    parts = "## Labs\n\n- Lab 1: x\n\n## Competencies\n\n- Draining (Working)\n\n## Risks\n\n- It floods\n\n"
    statement = read(f"{text}{parts}## Summary\n\nA queue.\n")
    [module] = statement.of_kind("module")
    assert (module.get("hours"), module.get("rows.0"), module.get("summary")) == ("6", ["Mood", "calm"], "A queue.")
    assert prose(statement) == ["## Summary", "A queue."]


FRONT = "---\nid: MOD-911\ntitle: 'Queues'\nhours: 6\nprerequisites: [MOD-910]\n{more}---\n\n# Queues at work\n\n{body}"
BODY = "## Module Overview\n\nA queue.\n\n## Labs\n\n- Lab 1: Drain\n\n## Learning Objectives\n\n- Drain it\n"


def test_front_matter_says_what_a_head_says() -> None:
    statement = read(FRONT.format(more="", body=BODY))
    [module] = statement.of_kind("module")
    assert (statement.kind, module.key, module.get("title"), module.get("hours")) == (
        "module_roadmap", "MOD-911", "Queues", "6",
    )  # fmt: skip
    assert of(statement, "requirement", "to") == ["MOD-910"]
    assert rules(statement) == []


def test_front_matter_that_says_more_or_again_is_reported() -> None:
    more = FRONT.format(more="mood: calm\n", body=BODY.replace("A queue.", "- **Duration**: 7 hours"))
    statement = read(more)
    assert of(statement, "module", "hours") == ["7"]
    assert rules(statement) == [("source.front_matter", 4)]
    assert statement.account.fields(6) == ["source.front_matter"]


@pytest.mark.parametrize(("kind", "name"), [("Module", "module_roadmap"), ("Project", "project_plan")])
def test_a_document_without_an_id_is_known_by_its_sections(kind: str, name: str) -> None:
    text = f"# Queues\n\n## {kind} Overview\n\nA queue.\n\n## Learning Objectives\n\n- Drain it\n\n"
    parts = "## Competency Alignment\n\n- Draining (Working)\n\n## Risks\n\n- It floods\n"
    assert read(text + parts).kind == name


PLAN = """
    Project Plan: Chaos (PROJ-911)

    Project ID: PROJ-911
    Project Title: Chaos

    Learning Objectives:
    - Stop safely

    Project Narrative:
    The platform claims to survive. Prove it.

    Deliverables:
    1. A report

    Milestones:
    M1 (day 1): catalogue
"""


def test_lines_that_end_in_a_colon_are_headings_where_there_are_no_others() -> None:
    statement = read(PLAN)
    [project] = statement.of_kind("project")
    assert (statement.kind, project.key) == ("project_plan", "PROJ-911")
    assert project.get("narrative") == "The platform claims to survive. Prove it."
    assert of(statement, "objective", "text") == ["Stop safely"]
    assert of(statement, "phase", "title") == ["M1 (day 1)"]
    assert project.get("deliverables.0") == {"text": "A report", "optional": False}


def test_a_plan_below_a_smaller_heading_has_its_title_and_sections_in_other_words() -> None:
    text = "## Red Team\n\n**Project ID:** PROJ-912\n\n### Why this project\n\nA bank asks.\n\n"
    parts = "### What you deliver\n\n- A log\n\n### Ground rules\n\n- Sandbox only\n"
    [project] = read(text + parts).of_kind("project")
    fields = ("title", "narrative", "deliverables.0", "constraints.0")
    assert [project.get(field) for field in fields] == [
        "Red Team", "A bank asks.", {"text": "A log", "optional": False}, "Sandbox only",
    ]  # fmt: skip
