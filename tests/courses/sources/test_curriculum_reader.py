"""Curriculum documents, as several hands write them: a whole program with modules, projects, grades, paces, careers."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.readers.curriculum import grades
from courses.curriculum.sources.readers.curriculum.state import heading_of, ids_in
from courses.curriculum.sources.values import split_hours
from tests.courses.sources.support import facts, faults_of_account, mutated, needs_corpus, read_corpus, read_text, rules

FOLDER = Path(__file__).parent / "curricula"
HEADED, TABLED, LISTED, PHASED, MIXED = (
    (FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in ("headed", "tabled", "listed", "phased", "mixed")
)
JUNIOR = "seeds/junior-curriculum.md"


def the(statement: Statement, kind: str, key: str = "") -> Claim:
    [claim] = [each for each in statement.of_kind(kind) if not key or key in (each.key, each.label)]
    return claim


def targets(claim: Claim) -> list[str]:
    return [str(edge.get("to") or edge.get("skill")) for edge in claim.under("requirement")]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def test_the_program_has_what_stands_before_its_parts_and_at_its_end() -> None:
    program = the(read_text(HEADED), "program")
    stated = facts(program)
    assert stated["title"] == "Harbour Pilot"
    assert (stated["about.version"], stated["about.updated"]) == ("2.1", "May 2026")
    assert (stated["about.maintainer"], stated["about.contact"]) == ("Harbour team", "pilot@example.org")
    assert (stated["stated.hours"], stated["stated.duration"]) == ("60", "60 hours (3 weeks full-time)")
    assert stated["summary"] == "Turns walkers into pilots."
    assert stated["philosophy.1"] == "Nothing is dry"
    assert stated["approach.1"] == "**Row**"
    assert stated["stated.audience.0"] == "People near water"
    assert stated["stated.projects_percent"] == "60"
    assert program.place("stated.projects_percent")[1] == line_of(HEADED, "60% of time")
    assert targets(program) == ["MOD-001", "Swimming", "Swim 50 metres", "A boat"]
    assert [edge.get("strength") for edge in program.under("requirement")][2:] == ["needs", "recommended"]


def test_objectives_keep_area_and_group() -> None:
    first, _, shouting = the(read_text(HEADED), "program").under("objective")
    assert facts(first) == {"text": "Tie a bowline", "stated.area": "Technical Skills", "group": "Knots"}
    assert facts(shouting) == {"text": "**Shouting:** Be heard in wind", "group": "People Skills"}
    assert first.fields["group"].lines == (line_of(HEADED, "**Knots:**"),)


def test_modules_have_hours_topics_objectives_and_resources() -> None:
    statement = read_text(HEADED)
    knots, charts = statement.of_kind("module")
    assert (knots.key, knots.get("title"), knots.get("difficulty")) == ("MOD-001", "Knots (Basics)", "Beginner")
    assert knots.get("hours") == {"low": "10", "high": "12"}
    assert knots.get("summary") == "How ropes hold."
    assert targets(knots) == []
    bowline, hitch = knots.under("topic")
    assert facts(bowline) == {
        "title": "Bowline", "hours": {"low": "4", "high": "6"}, "points.0": "Rabbit hole", "points.1": "Tree",
    }  # fmt: skip
    assert facts(hitch) == {"title": "Clove hitch", "hours": "6"}
    assert [each.get("text") for each in knots.under("objective")] == ["Tie both"]
    assert knots.get("resources.0") == {"title": "Rope notes", "url": "ropes.md", "note": "to read"}
    assert (charts.get("hours"), charts.get("stated.duration")) == ("8", "8 hours, at sea")
    assert targets(charts) == ["MOD-001", "good eyes"]
    assert [topic.get("title") for topic in charts.under("topic")] == ["Symbols", "Depths"]
    assert ("source.unknown_section", line_of(HEADED, "#### Weather")) in rules(statement)


def test_projects_have_points_deliverables_and_what_they_need() -> None:
    row, sail = read_text(HEADED).of_kind("project")
    assert (row.key, row.get("title"), row.get("hours"), row.get("points")) == ("PROJ-01", "Row across", "20", "100")
    assert row.get("deliverables.1") == {"text": "A song (optional)", "optional": True}
    assert [row.get("technologies.0"), row.get("technologies.1")] == ["Oars", "boat"]
    assert row.get("resources.0") == {"title": "Full details", "url": "row.md"}
    [rubric] = row.under("rubric")
    assert rubric.get("stated.points") == "100"
    assert [(each.get("title"), each.get("points")) for each in rubric.under("criterion")] == [
        ("Speed", "60"), ("Style", "40"),
    ]  # fmt: skip
    assert (sail.key, sail.get("title")) == ("", "Capstone Project: Sail home")
    assert targets(sail) == ["MOD-001", "MOD-002", "PROJ-01"], "all that come before"
    assert [each.get("points") for each in sail.under("rubric")[0].under("criterion")] == ["70", "30"]


def test_the_policy_has_components_rules_and_bands() -> None:
    policy = the(read_text(HEADED), "policy")
    assert policy.get("components.0") == {
        "title": "Module Quizzes", "text": "**Module Quizzes:** 2 quizzes (10 points each)", "activities": "quiz",
        "points_each": "10", "count": "2",
    }  # fmt: skip
    assert policy.get("stated.points") == "220"
    assert policy.get("rules.0") == {
        "text": "Overall: 70% (154/220 points)", "measure": "overall_percent", "at_least": "70", "points": "154",
        "out_of": "220",
    }  # fmt: skip
    measures = [(policy.get(f"rules.{place}") or {}).get("measure") for place in range(4)]
    assert measures == ["overall_percent", "each_item_points", "component_average_points", None]
    assert policy.get("scale.bands.1") == {"label": "B", "title": "Good", "from_percent": "70", "passing": True}
    assert policy.get("scale.bands.2")["passing"] is False
    assert policy.get("stated.bands.1")["points"] == {"low": "154", "high": "197"}
    assert policy.get("notes.0") == "**A list** to tick"


def test_paces_have_weeks_and_hours_and_months_are_weeks() -> None:
    full, fast, slow = read_text(HEADED).of_kind("pace")
    assert (full.get("hours_per_week"), full.get("weeks")) == ("20", "3")
    assert full.get("stated.plan.0") == {"when": "Weeks 1-2", "text": "Modules (20 hours)", "from": "1", "to": "2"}
    assert (fast.get("title"), fast.get("hours_per_week")) == ("Fast", {"low": "30", "high": None})
    assert slow.get("weeks") == {"low": "13", "high": "26"}


def test_careers_have_salaries_of_a_region_and_year() -> None:
    outlook = facts(the(read_text(HEADED), "outlook"))
    assert outlook["titles.0"] == "Deck hand"
    assert outlook["salaries.0"] == {
        "label": "Start", "text": "**Start:** €30,000 - €40,000", "currency": "EUR", "low": "30000", "high": "40000",
        "as_of": "2026", "region": "Malta",
    }  # fmt: skip
    assert outlook["stated.salary_notes.0"] == "**Later:** 45k and more"
    assert outlook["next_steps.0"] == "**Sail:** Go far"


def test_a_quiz_of_the_prerequisites_has_its_passing_score() -> None:
    assert facts(the(read_text(HEADED), "quiz")) == {
        "title": "Readiness Quiz", "stated.link": "quiz.md", "summary": "Take the [Readiness Quiz](quiz.md) first.",
        "passing_percent": "70", "notes.0": "**If you fall short of 70%**: Swim more",
    }  # fmt: skip


def test_rows_are_modules_and_projects_where_none_have_headings() -> None:
    statement = read_text(TABLED)
    lamps, lenses, fog = statement.of_kind("module")
    assert (lamps.key, lamps.get("title"), lamps.get("hours")) == ("MOD-001", "Lamps", {"low": "10", "high": "12"})
    assert [topic.get("title") for topic in lamps.under("topic")] == ["Oil", "wicks"]
    assert lenses.get("title") == "Lenses (Fresnel)"
    assert targets(fog) == ["MOD-001", "MOD-002", "a good ear"]
    light, rock = statement.of_kind("project")
    assert (light.key, light.get("points"), light.get("notes.0")) == ("PROJ-01", "100", "owner: Keeper")
    assert rock.get("hours") == {"low": "20", "high": "28"}
    program = facts(the(statement, "program"))
    assert program["stated.hours"] == {"low": "70", "high": "80"}
    assert program["stated.module_hours"] == {"low": "30", "high": "32"}
    assert [pace.get("weeks") for pace in statement.of_kind("pace")] == ["2", {"low": "6", "high": "8"}]
    assert facts(the(statement, "outlook"))["salaries.1"]["high"] is None  # type: ignore[index]


def test_weights_rules_and_bands_are_read_from_tables_and_lists() -> None:
    policy = facts(the(read_text(TABLED), "policy"))
    assert [policy[f"stated.weights.{name}"] for name in ("quizzes", "projects", "final-exam")] == ["30", "50", "20"]
    assert [policy[f"rules.{place}"]["measure"] for place in range(3)] == [  # type: ignore[index]
        "overall_percent", "number_of_items", "each_item_points",
    ]  # fmt: skip
    assert [policy[f"scale.bands.{place}"]["from_percent"] for place in range(4)] == [  # type: ignore[index]
        "90", "80", "70", "0",
    ]  # fmt: skip
    assert policy["scale.bands.3"] == {"label": "Fail", "from_percent": "0", "passing": False}
    other = facts(the(read_text(LISTED), "policy"))
    assert (other["stated.weights.quizzes"], other["stated.weights.projects"]) == ("40", "60")
    assert [other[f"scale.bands.{place}"]["label"] for place in range(3)] == ["A", "B", "F"]  # type: ignore[index]


def test_entries_of_lists_are_modules_in_their_phase() -> None:
    statement = read_text(LISTED)
    masks, fins, tanks = statement.of_kind("module")
    assert (masks.key, masks.get("title"), masks.get("hours")) == ("MOD-001", "Masks", {"low": "10", "high": "15"})
    assert masks.get("stated.group") == "Phase 1: Shallow (Weeks 1-4)"
    assert [topic.get("title") for topic in masks.under("topic")] == ["Glass", "straps", "Fitting"]
    assert [each.get("text") for each in masks.under("objective")] == ["Clear a mask"]
    assert [topic.get("title") for topic in fins.under("topic")] == ["Kicks"]
    assert (tanks.get("hours"), targets(tanks)) == ("20", ["MOD-001", "MOD-002"])
    wreck, _ = statement.of_kind("project")
    assert (wreck.key, wreck.get("hours")) == ("PROJ-01", "25")
    assert wreck.get("deliverables.0") == {"text": "A photo", "optional": False}
    program = the(statement, "program")
    assert program.get("stated.projects_percent") == "50"
    assert program.get("audience") == "Swimmers"
    assert rules(statement) == [("source.unknown_section", line_of(LISTED, "## Odd Section"))]


def test_headings_in_phases_and_hours_by_kind() -> None:
    statement = read_text(PHASED)
    keel, ribs = statement.of_kind("module")
    assert (keel.get("hours"), keel.get("stated.group")) == ("20", "Phase 1: Hull")
    assert [(each.get("title"), each.get("hours")) for each in keel.under("topic")] == [("Oak", "8"), ("Lead", "12")]
    assert [lab.get("title") for lab in keel.under("lab")] == ["Lab 1: Saw", "Lab 2: Plane"]
    assert (ribs.get("hours_by_kind.lab"), ribs.get("stated.hours")) == ("30", {"low": "30", "high": "40"})
    assert [each.get("hours") for each in ribs.under("topic")] == ["20", {"low": "10", "high": "20"}]
    mast = the(statement, "project")
    assert targets(mast) == ["MOD-101", "MOD-102"]
    assert [phase.get("title") for phase in mast.under("phase")] == ["Week 1", "Week 2"]
    assert [each.get("points") for each in mast.under("rubric")[0].under("criterion")] == ["60", "40"]
    assert mast.get("criteria.1")["op"] == ">="
    assert the(statement, "program").get("audience") == "Carpenters."


def test_labels_without_bold_several_in_a_line_and_units_beside_their_container() -> None:
    statement = read_text(MIXED)
    pipelines, registries, serving = statement.of_kind("module")
    assert (pipelines.get("hours"), pipelines.get("difficulty")) == ("40", "Intermediate")
    assert (pipelines.get("stated.in_table"), registries.get("stated.in_table")) == ("40", {"low": "35", "high": "45"})
    assert targets(pipelines) == ["MOD-104", "Completion of the Junior curriculum"]
    assert [(each.get("title"), each.get("hours")) for each in pipelines.under("topic")] == [
        ("Week 1: Basics", "10"), ("Week 2-4: More", "30"),
    ]  # fmt: skip
    assert [facts(lab) for lab in pipelines.under("lab")] == [
        {"title": "Lab 1: DAG", "hours": "4", "notes.0": "deliverable: repo"}
    ]
    assert [facts(each) for each in pipelines.under("objective")] == [{"text": "Build a DAG"}, {"text": "Test a DAG"}]
    assert (registries.get("hours"), registries.get("difficulty")) == ({"low": "35", "high": "45"}, "Advanced")
    assert serving.get("evidence.0") == "Quiz (20%)"
    assert [project.get("hours") for project in statement.of_kind("project")] == [{"low": "60", "high": "80"}, "90"]
    policy = facts(the(statement, "policy"))
    assert (policy["stated.weights.quizzes"], policy["stated.weights.projects"]) == ("30", "70")
    assert [policy[f"scale.bands.{place}"] for place in (0, 3)] == [
        {"label": "A", "from_percent": "90", "passing": True}, {"label": "F", "from_percent": "0", "passing": False},
    ]  # fmt: skip
    assert [pace.get("title") for pace in statement.of_kind("pace")] == ["Full-time", "Part-time"]
    assert the(statement, "program").get("stated.schedule.2") == "Week 9-12: PROJ-501"
    outlook = facts(the(statement, "outlook"))
    assert [outlook[f"salaries.{place}"]["high"] for place in range(2)] == ["160000", "90000"]  # type: ignore[index]


def test_a_table_of_headed_modules_states_their_figures_once_more() -> None:
    table = "| Module | Hours |\n|---|---|\n| Module 001 | 9 |\n| Module 002 | 8 |\n| Total | 17 |\n"
    statement = read_text(HEADED.replace("## Module Breakdown\n", f"## Module Breakdown\n\n{table}"))
    knots, charts = statement.of_kind("module")
    assert (knots.get("stated.in_table"), charts.get("stated.row")) == ("9", "Module 002 | 8")
    assert the(statement, "program").get("stated.module_hours") == "17"


def test_two_headings_of_one_number_are_two_modules() -> None:
    statement = read_text(HEADED.replace("Module 002: Charts", "Module 001: Charts"))
    assert [module.get("title") for module in statement.of_kind("module")] == ["Knots (Basics)", "Charts"]


@pytest.mark.parametrize("text", [HEADED, TABLED, LISTED, PHASED, MIXED])
def test_no_line_is_dropped_and_each_word_is_a_fact_of_its_line(text: str) -> None:
    statement = read_text(text)
    assert statement.kind == "curriculum"
    assert faults_of_account(statement) == []
    assert list(mutated(statement)) == []


def test_line_ends_and_markers_mean_nothing() -> None:
    plain = [facts(claim) for claim in read_text(HEADED).claims]
    assert [facts(claim) for claim in read_text(HEADED.replace("\n", "\r\n")).claims] == plain
    starred = HEADED.replace("\n- ", "\n* ").replace("* Fog", "- Fog")  # kept as it is written
    assert [facts(claim) for claim in read_text(starred).claims] == plain


@pytest.mark.parametrize(
    "text",
    [
        "# Curriculum\n\n## Modules\n\nTo be written.\n",
        "# Notes\n\n## Module 1: A\n\ntext\n\n## Module 2: B\n\ntext\n",
        "## Overview\n- **Module ID**: MOD-901\n- **Module Title**: Ports\n\n## Learning Objectives\n- a\n\n"
        "## Prerequisites\n- b\n",
    ],
)
def test_other_documents_are_no_curricula(text: str) -> None:
    assert read_text(text).kind != "curriculum"


@pytest.mark.parametrize(("text", "label", "number", "title", "hours"), [
    ("Module 001: Ports", "Module 001", "001", "Ports", ""),
    ("MOD-101 – Ports (6-8 hours)", "MOD-101", "101", "Ports", "6-8 hours"),
    ("3. Ports", "3", "3", "Ports", ""),
    ("Module 4 Ports", "Module 4", "4", "Ports", ""),
    ("Project 5", "Project 5", "5", "", ""),
    ("Ports and 2 ships", "", "", "Ports and 2 ships", ""),
    ("Weeks 1-3: Ports", "", "", "Weeks 1-3: Ports", ""),
])  # fmt: skip
def test_headings_of_units(text: str, label: str, number: str, title: str, hours: str) -> None:
    found = heading_of(text)
    assert (found.label, found.number, found.title, found.hours) == (label, number, title, hours)


@pytest.mark.parametrize(("text", "found"), [
    ("Module 6", ["MOD-006"]), ("Modules 1-3 and 5", ["MOD-001", "MOD-002", "MOD-003", "MOD-005"]),
    ("Project 1, Module 006", ["PROJ-01", "MOD-006"]), ("MOD-101", ["MOD-101"]), ("5 projects", []),
    ("Modules 9-1", []),
])  # fmt: skip
def test_ids_of_one_digit_too(text: str, found: list[str]) -> None:
    assert ids_in(text) == found


@pytest.mark.parametrize(("text", "rest", "hours"), [
    ("Ports (2 hours)", "Ports", "2 hours"), ("Ports - 4h", "Ports", "4h"), ("Ports (old)", "Ports (old)", ""),
    ("Ports [6-8 hours]", "Ports", "6-8 hours"), ("9 to 5", "9 to 5", ""),
])  # fmt: skip
def test_hours_at_the_end_of_a_title(text: str, rest: str, hours: str) -> None:
    assert split_hours(text) == (rest, hours)


@pytest.mark.parametrize(("text", "low", "high"), [
    ("540-600", "540", "600"), ("80–89%", "80", "89"), ("<70%", None, "70"), ("90+", "90", None),
    ("70% and above", "70", None), ("≥ 90", "90", None), ("below 60", None, "60"), ("60% or less", None, "60"),
])  # fmt: skip
def test_spans_of_bands(text: str, low: str | None, high: str | None) -> None:
    found = grades.span_of(text)
    assert found is not None
    assert (found["low"], found["high"]) == (low, high)


@needs_corpus
def test_the_real_curriculum_is_read_whole() -> None:
    statement = read_corpus(JUNIOR)
    assert statement.kind == "curriculum"
    assert faults_of_account(statement) == []
    counts = statement.account.counts()
    assert counts["prose"] <= 5
    assert counts["reported"] == 0
    modules, projects = list(statement.of_kind("module")), list(statement.of_kind("project"))
    assert [module.get("hours") for module in modules] == ["15", "15", "10", "20", "15", "20", "15", "15", "15", "20"]
    assert [project.get("hours") for project in projects] == ["60", "80", "100", "80", "120"]
    assert [len(module.under("topic")) for module in modules] == [4] * 10
    assert [sum(int(str(topic.get("hours"))) for topic in module.under("topic")) for module in modules] == [
        15, 15, 10, 20, 15, 20, 15, 15, 15, 20,
    ]  # fmt: skip
    assert len(targets(projects[4])) == 14, "all modules and the four projects before it"
    program, policy = the(statement, "program"), the(statement, "policy")
    assert (program.get("stated.hours"), program.get("stated.projects_percent")) == ("440", "66")
    assert policy.get("stated.points") == "600"
    assert [policy.get(f"scale.bands.{place}")["from_percent"] for place in range(4)] == ["90", "80", "70", "0"]
    assert [len(project.under("rubric")[0].under("criterion")) for project in projects] == [5] * 5
    assert [pace.get("weeks") for pace in statement.of_kind("pace")][:2] == ["11", "22"]


@needs_corpus
def test_words_of_the_real_curriculum_are_facts_of_their_lines() -> None:
    statement = read_corpus(JUNIOR)
    headings = {claim.line for kind in ("module", "project") for claim in statement.of_kind(kind)}
    assert list(mutated(statement, only=headings)) == []
    others = set(statement.source.filled()[::4]) - headings
    assert list(mutated(statement, per_line=1, only=others)) == []


def test_a_column_of_ids_beside_one_of_titles_is_no_title() -> None:
    text = (
        "# Reliability Curriculum\n\n## Prerequisites\n\n- A shell\n\n## Modules\n\n"
        "| Module | Title | Hours |\n|---|---|---|\n| MOD-801 | Service Levels | 20 |\n| MOD-802 | Incidents | 30 |\n\n"
        "## Projects\n\n| Project | Name | Points |\n|---|---|---|\n| PROJ-801 | Game day | 100 |\n\n"
        "## Assessment\n\n- Quizzes: 40 %\n- Projects: 60 %\n"
    )
    statement = read_text(text)
    assert statement.kind == "curriculum"
    found = [(each.key, each.get("title"), each.count("notes")) for each in statement.of_kind("module")]
    assert found == [("MOD-801", "Service Levels", 0), ("MOD-802", "Incidents", 0)]
    assert [(each.key, each.get("title")) for each in statement.of_kind("project")] == [("PROJ-801", "Game day")]
