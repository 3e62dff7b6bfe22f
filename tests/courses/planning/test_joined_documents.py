"""What several documents of one program say together: its order, its quizzes, what is asked for before."""

from __future__ import annotations

from pathlib import Path

from courses.curriculum.drafts.values import text
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from tests.courses.planning.documents import DOCUMENTS, PIPES, PLAN, STREAMS
from tests.courses.planning.test_drafts import SLUG, draft, edges, reading, stated

CURRICULUM = """
# Data Engineer - Detailed Curriculum

## Prerequisites

### Required Knowledge

- Basic shell

### Assessment Quiz

Before starting, take the [Entry Assessment Quiz](assessments/entry-quiz.md).

**Passing score:** 70%

## Module Breakdown

### Module 501: Pipes

**Duration:** 10 hours

### Module 502: Streams

**Duration:** 20 hours

## Project Breakdown

### Project 01: A Pipeline

**Duration:** 8 hours
**Prerequisites:** All previous modules

#### Assessment Weight

**Total:** 100 points
- Code: 60 points
- Report (40 points)

## Grading Scale

| Grade | Points | Percentage |
|-------|--------|------------|
| A (Good) | 60-100 | 60-100% |
| F (Bad) | <60 | <60% |
"""
ENTRY_QUIZ = """
# Entry Quiz

**Passing Score**: 75% (1/1)

### Question 1: Shell

What lists files?

A) ls
B) rm

**Answer**: A
"""
PROJECT = """
# Project Plan

## Project Overview

- **Project ID**: PROJ-01
- **Project Title**: A Pipeline
- **Target Role(s)**: Data Engineer
- **Estimated Duration**: 8 hours
- **Prerequisite Modules / Skills**: All previous modules

## Solution & Repository Plan

- **Solutions Placement**: A repository of its own
- **Access Controls**: Staff only
"""


def test_modules_stand_as_in_the_document_that_names_most_of_them(tmp_path: Path) -> None:
    found = reading(tmp_path, {"plan.yaml": PLAN, "streams.md": STREAMS})
    program = draft(found, f"program:{SLUG}")
    assert program.children["own_modules"] == ["MOD-501", "MOD-502", "MOD-503"], "not the one with a roadmap first"


def test_without_such_a_document_they_stand_as_they_were_read(tmp_path: Path) -> None:
    found = reading(tmp_path, {"a.md": STREAMS, "b.md": PIPES, "plan.yaml": PLAN.split("program_structure")[0]})
    assert draft(found, f"program:{SLUG}").children["own_modules"] == ["MOD-502", "MOD-501"]


def test_a_quiz_that_the_program_links_to_is_its_quiz(tmp_path: Path) -> None:
    found = reading(tmp_path, {"curriculum.md": CURRICULUM, "entry-quiz.md": ENTRY_QUIZ})
    program = draft(found, f"program:{SLUG}")
    assert len(program.children["quizzes"]) == 1
    quiz = draft(found, f"quiz:{program.children['quizzes'][0]}")
    assert len(quiz.children["questions"]) == 1
    assert quiz.body["criteria"][0]["value"] == "75", "the quiz is about its threshold"
    assert "import.unattached" not in [each.rule for each in found.findings]
    [differs] = [each for each in found.findings if each.rule == "conflicts.passing_score"]
    assert (differs.severity, Path(differs.file).name, differs.related) == (
        "warning", "curriculum.md", ((str(tmp_path / "entry-quiz.md"), 3),),
    )  # fmt: skip


def test_a_quiz_of_no_known_title_and_file_stays_unattached(tmp_path: Path) -> None:
    found = reading(tmp_path, {"curriculum.md": CURRICULUM, "other.md": ENTRY_QUIZ})
    assert "import.unattached" in [each.rule for each in found.findings]
    found = reading(tmp_path, {"other.md": ENTRY_QUIZ.replace("Entry Quiz", "Quiz: Entry Assessment")})
    assert "import.unattached" not in [each.rule for each in found.findings], "the words of the title are the same"


ROADMAP_ROW = """
# Module Roadmap

## Module Overview

- **Module ID**: MOD-501
- **Module Title**: Pipes
- **Target Role(s)**: Data Engineer

## Practical Components

| Asset | Description | Completion Criteria |
|---|---|---|
| Assessment | Pipes Quiz | \u2265 65% score, in one sitting |
"""
PIPES_QUIZ = ENTRY_QUIZ.replace("Entry Quiz", "Module 501: Pipes - Quiz")


def quizzes_of_pipes(found: Reading) -> list[Draft]:
    return [each for (_, address), each in found.drafts.items() if address.startswith("quiz:MOD-501/")]


def test_a_row_of_a_roadmap_and_its_quiz_document_are_one_quiz(tmp_path: Path) -> None:
    found = reading(tmp_path, {"plan.yaml": PLAN, "pipes.md": ROADMAP_ROW, "quiz.md": PIPES_QUIZ})
    [quiz] = quizzes_of_pipes(found)
    assert (quiz.body["title"], len(quiz.children["questions"])) == ("Module 501: Pipes - Quiz", 1)
    assert [(each["value"], each["text"]) for each in quiz.body["criteria"]] == [
        ("75", "At least 75 %"), (None, "in one sitting"),
    ], "what the row says of the score has lost"  # fmt: skip
    said = [each for each in found.findings if each.rule.startswith(("conflicts.", "import."))]
    assert [each.rule for each in said] == ["conflicts.passing_score"]


def test_a_quiz_names_its_module_by_id_alone(tmp_path: Path) -> None:
    found = reading(tmp_path, {"plan.yaml": PLAN, "quiz.md": ENTRY_QUIZ.replace("Entry Quiz", "MOD-501 Quiz")})
    assert [each.body["title"] for each in quizzes_of_pipes(found)] == ["MOD-501 Quiz"]


def test_what_is_put_in_order_and_what_is_matched_is_asked_in_its_words(tmp_path: Path) -> None:
    options = "### Question 2\n\nOrder the steps.\n\nA) add\nB) push\n\n**Answer:** B, A\n\n"
    options += "### Question 3\n\nMatch them.\n\n1. SSH\n2. HTTPS\n\nA) 443\nB) 22\n\n**Answer:** 1-B, 2-A\n"
    found = reading(tmp_path, {"plan.yaml": PLAN, "quiz.md": f"{PIPES_QUIZ}\n{options}"})
    [quiz] = quizzes_of_pipes(found)
    _, order, match = [draft(found, f"question:{path}").body for path in quiz.children["questions"]]
    assert [each["text"] for each in order["items"]] == ["push", "add"]
    assert [(each["left"], each["right"]) for each in match["pairs"]] == [("SSH", "22"), ("HTTPS", "443")]
    assert (order["options"], match["options"]) == ([], [])
    assert [each for each in found.findings if each.rule.startswith("import.")] == []


def test_a_copy_of_a_quiz_is_the_same_quiz(tmp_path: Path) -> None:
    found = reading(tmp_path, {"plan.yaml": PLAN, "quiz.md": PIPES_QUIZ, "old/quiz.md": PIPES_QUIZ})
    [quiz] = quizzes_of_pipes(found)
    assert len(quiz.children["questions"]) == 1
    said = ("conflicts.", "import.", "references.duplicate")
    assert [each for each in found.findings if each.rule.startswith(said)] == []


def test_of_two_quizzes_of_one_title_the_first_is_asked_and_an_error_says_so(tmp_path: Path) -> None:
    other = PIPES_QUIZ.replace("rm", "cp")
    found = reading(tmp_path, {"plan.yaml": PLAN, "a.md": PIPES_QUIZ, "b.md": other})
    [quiz] = quizzes_of_pipes(found)
    assert quiz.file.endswith("a.md")
    [said] = [each for each in found.findings if each.rule.startswith(("import.", "references.duplicate"))]
    assert (said.rule, said.severity) == ("references.duplicate_id", "error"), "and nothing says that it has no program"


def test_all_previous_is_no_skill_where_another_document_names_them(tmp_path: Path) -> None:
    found = reading(tmp_path, {"curriculum.md": CURRICULUM, "project.md": PROJECT})
    assert edges(found, "PROJ-01") == [("needs", "MOD-501"), ("needs", "MOD-502")]


def test_all_previous_alone_stays_in_words(tmp_path: Path) -> None:
    assert edges(reading(tmp_path, {**DOCUMENTS, "project.md": PROJECT}), "PROJ-01") == [
        ("needs", "All previous modules")
    ]


def test_a_criterion_that_says_only_its_points_has_no_text(tmp_path: Path) -> None:
    found = reading(tmp_path, {"curriculum.md": CURRICULUM})
    rubric = next(each for (_, address), each in found.drafts.items() if address.startswith("rubric:PROJ-01"))
    criteria = [stated(found, f"criterion:{path}") for path in rubric.children["criteria"]]
    assert [(each["title"], each["points"], each.get("text")) for each in criteria] == [
        ("Code", "60", None), ("Report", "40", None),
    ]  # fmt: skip


def test_the_notes_of_a_solution_are_paragraphs(tmp_path: Path) -> None:
    found = reading(tmp_path, {**DOCUMENTS, "project.md": PROJECT})
    solution = next(each for (_, address), each in found.drafts.items() if address.startswith("solution:PROJ-01"))
    assert solution.body["note"] == "Strategy: A repository of its own\n\nAccess: Staff only"


def test_a_quotation_is_kept_without_its_mark(tmp_path: Path) -> None:
    quoted = PIPES.replace("## Module Overview", "> Updated from\n> the `old` pages.\n\n## Module Overview")
    found = reading(tmp_path, {**DOCUMENTS, "pipes.md": quoted})
    assert draft(found, "module:MOD-501").body["notes"][-1] == "Module Roadmap: Updated from\nthe `old` pages."


def test_a_value_in_words_says_nothing_twice() -> None:
    assert text({"title": "Section 1: Ports (Questions 1-5)", "from": "1", "to": "5"}) == (
        "Section 1: Ports (Questions 1-5)"
    )
    assert text({"title": "Git", "text": "Git: 3 exercises"}) == "Git: 3 exercises"
    assert text({"label": "9-10 right", "message": "Good", "percent": {"low": "90", "high": "100"}}) == (
        "9-10 right, Good, 90-100"
    )
    assert text({"one": "same", "other": "same", "mark": "\u25cf"}) == "same, same, \u25cf"


RUBRICS = """# Rubrics

## Project 01: A Pipeline

| Criterion | Weight | Good (2) | Poor (1) |
|---|---|---|---|
| Code | 70% | Runs | Fails |
| Talk | 30% | Clear | Dull |
"""


def test_a_project_has_one_rubric_by_the_document_that_is_about_it(tmp_path: Path) -> None:
    found = reading(tmp_path, {"curriculum.md": CURRICULUM, "rubrics.md": RUBRICS})
    assert draft(found, "project:PROJ-01").children["rubric"] == ["PROJ-01/rubric"]
    criteria = draft(found, "rubric:PROJ-01/rubric").children["criteria"]
    assert [(path, stated(found, f"criterion:{path}")["points"]) for path in criteria] == [
        ("PROJ-01/rubric/code", "70"), ("PROJ-01/rubric/talk", "30"),
    ]  # fmt: skip
    assert draft(found, "project:PROJ-01").body["points"] == "100"
    [told] = [each for each in found.findings if each.rule == "import.criteria"]
    line = CURRICULUM.lstrip("\n").split("\n").index("- Report (40 points)") + 1
    assert (told.severity, Path(told.file).name, told.line) == ("warning", "curriculum.md", line)
    assert [(Path(file).name, at) for file, at in told.related] == [("rubrics.md", 7)]
    assert "'Report' is not among the criteria" in told.message


def test_two_sections_of_one_kind_are_one_whatever_they_are_called(tmp_path: Path) -> None:
    plan = PROJECT + "\n## Assessment & Rubric\n\n- Code: 50 points\n- Report: 50 points\n"
    found = reading(tmp_path, {**DOCUMENTS, "curriculum.md": CURRICULUM, "project.md": plan})
    assert draft(found, "project:PROJ-01").children["rubric"] == ["PROJ-01/rubric"]
    criteria = draft(found, "rubric:PROJ-01/rubric").children["criteria"]
    assert [stated(found, f"criterion:{path}")["points"] for path in criteria] == ["50", "50"], "the plan's"
