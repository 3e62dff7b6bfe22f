"""Two documents on one thing: the findings say both places, and which one wins."""

from __future__ import annotations

from typing import Any

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint import conflicts
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.text import SourceText
from tests.courses.sources.support import read_text


def stated(kind: str, file: str = "", key: str = "MOD-001", **fields: Any) -> Statement:
    """A document with one module; ``needs`` are its prerequisites."""
    statement = Statement(SourceText(file or f"{kind}.md", ("x",) * 30), kind)
    needs = fields.pop("needs", None)
    claim = statement.claim("module", fields.get("title", key), 1, key=key)
    for line, (name, value) in enumerate(fields.items(), 2):
        claim.set(name.replace("__", "."), value, line)
    if needs is not None:
        claim.set("stated.prerequisites", ", ".join(needs) or "None", 20)
        for to in needs:
            _edge(claim, to)
    return statement


def _edge(claim: Claim, to: str) -> None:
    edge = claim.statement.claim("requirement", f"needs {to}", 20, parent=claim)
    edge.set("strength", "needs", 20)
    edge.set("to", to, 20)


def found(*statements: Statement) -> list[Finding]:
    return [*conflicts.ids(list(statements)), *conflicts.fields(list(statements))]


def test_documents_that_agree_are_silent() -> None:
    assert found(
        stated("module_roadmap", title="Python", hours_by_kind__lecture="10", hours_by_kind__lab="5", needs=[]),
        stated("master_plan", title="python", hours="15", needs=[]),
        stated("asset_metadata", title="Python"),
    ) == []  # fmt: skip


def test_hours_of_a_lower_document_lose_with_a_warning() -> None:
    (finding,) = found(
        stated("master_plan", title="Python", hours="40"),
        stated("module_roadmap", title="Python", hours_by_kind__lecture="30", hours_by_kind__lab="5"),
    )
    assert (finding.rule, finding.severity, finding.file, finding.line) == (
        "conflicts.hours", "warning", "master_plan.md", 3,
    )  # fmt: skip
    assert finding.related == (("module_roadmap.md", 3),)
    assert "40 h here and 35 h in module_roadmap.md:3" in finding.message


def test_two_documents_of_one_rank_have_no_winner() -> None:
    (finding,) = found(
        stated("module_roadmap", "a.md", title="Python", hours="40"),
        stated("module_roadmap", "b.md", title="Python", hours="35"),
    )
    assert (finding.severity, finding.file, finding.related) == ("error", "b.md", (("a.md", 3),))


@pytest.mark.parametrize(
    ("name", "values"),
    [("difficulty", ("beginner", "advanced")), ("points", ("100", "80")), ("passing_percent", ("70 %", "75 %"))],
)
def test_other_facts_that_differ(name: str, values: tuple[str, str]) -> None:
    (finding,) = found(
        stated("module_roadmap", title="Python", **{name: values[0].removesuffix(" %")}),
        stated("asset_metadata", title="Python", **{name: values[1].removesuffix(" %")}),
    )
    assert (finding.rule, finding.severity) == (conflicts.FIELDS[name].id, "warning")
    assert f"{values[1]} here and {values[0]} in module_roadmap.md:3" in finding.message


def test_a_title_that_fits_is_a_warning_even_between_equals() -> None:
    (finding,) = found(
        stated("module_roadmap", "a.md", title="Python Fundamentals"),
        stated("module_roadmap", "b.md", title="Python"),
    )
    assert (finding.rule, finding.severity) == ("conflicts.title", "warning")


def test_prerequisites_that_differ_are_put_to_the_admin_with_what_all_share() -> None:
    (finding,) = found(
        stated("module_roadmap", title="Python", needs=["MOD-002", "MOD-003"]),
        stated("master_plan", title="Python", needs=["MOD-003"]),
        stated("asset_metadata", title="Python", needs=[]),
    )
    assert (finding.rule, finding.severity, finding.file) == ("conflicts.prerequisites", "warning", "master_plan.md")
    assert finding.related == (("module_roadmap.md", 20), ("asset_metadata.md", 20))
    assert "needs MOD-003 here and MOD-002, MOD-003 in module_roadmap.md:20; 1 more differ" in finding.message
    assert finding.message.endswith("All that state any share nothing.")


def test_who_says_nothing_of_prerequisites_does_not_differ() -> None:
    assert found(
        stated("module_roadmap", title="Python", needs=["MOD-002"]), stated("asset_metadata", title="Python")
    ) == []  # fmt: skip


def test_one_id_and_two_things_is_an_error() -> None:
    (finding,) = found(
        stated("module_roadmap", "a.md", title="Python"), stated("module_roadmap", "b.md", title="Linux")
    )
    assert (finding.rule, finding.severity, finding.file, finding.related) == (
        "references.duplicate_id", "error", "b.md", (("a.md", 1),),
    )  # fmt: skip
    assert "'Linux' here and 'Python' in a.md" in finding.message


def test_an_id_twice_in_one_file_is_an_error() -> None:
    statement = stated("master_plan", title="Python")
    statement.claim("module", "Python", 9, key="MOD-001")
    (finding,) = found(statement)
    assert (finding.rule, finding.line, finding.related) == (
        "references.duplicate_id", 9, (("master_plan.md", 1),),
    )  # fmt: skip


def test_facts_under_a_thing_are_compared_too() -> None:
    documents = [stated("module_roadmap", title="Python"), stated("master_plan", title="Python")]
    for statement, level in zip(documents, ("working", "proficient"), strict=True):
        target = statement.claim("competency_target", "Coding", 9, parent=statement.claims[0])
        target.set("competency", "Coding", 9)
        target.set("level", level, 9)
    (finding,) = found(*documents)
    assert (finding.rule, finding.file, finding.line) == ("conflicts.level", "master_plan.md", 9)


ROADMAP = """\
# Module Roadmap

## Module Overview

- **Module ID**: MOD-901
- **Module Title**: Ports in Practice
- **Target Role(s)**: Operator

## Practical Components

| Asset | Description | Completion Criteria |
|---|---|---|
| Lab 1 | Open a port | it answers |
| Assessment | Ports in Practice Quiz | \u2265 65% score |
"""
QUIZ = """\
# Module 901: Ports in Practice - Quiz

**Passing Score:** {0}

### Question 1

What is a port?

A) A ship
B) A number

**Answer:** B
"""


def of_quizzes(*texts: str) -> list[Finding]:
    documents = [read_text(text, f"{number}.md") for number, text in enumerate((ROADMAP, *texts))]
    return found(*documents)


def test_the_passing_score_of_a_quiz_document_wins_over_its_row_in_the_roadmap() -> None:
    (finding,) = of_quizzes(QUIZ.format("70%"))
    assert (finding.rule, finding.severity, finding.file, finding.line, finding.related) == (
        "conflicts.passing_score", "warning", "0.md", 14, (("1.md", 3),),
    )  # fmt: skip
    assert "passing score is 65 % here and 70 % in 1.md:3. The latter ranks above and wins." in finding.message
    assert finding.fix == "Write 70 % here, or correct the other."


@pytest.mark.parametrize(("said", "named"), [("65%", []), ("13 out of 20", []), ("14/20", ["14 of 20"]), ("", [])])
def test_a_count_is_held_against_the_percent_of_another_document(said: str, named: list[str]) -> None:
    conflicting = of_quizzes(QUIZ.format(said))
    assert [word for finding in conflicting for word in named if word in finding.message] == named
    assert len(conflicting) == len(named)


def test_two_documents_of_one_quiz_have_no_winner() -> None:
    (finding,) = of_quizzes(QUIZ.format("70%"), QUIZ.format("80%"))
    assert (finding.rule, finding.severity, finding.file, finding.line) == (
        "conflicts.passing_score", "error", "2.md", 3,
    )  # fmt: skip
    assert finding.related == (("1.md", 3), ("0.md", 14))


def test_two_documents_of_one_title_with_other_questions_are_two_things() -> None:
    other = QUIZ.format("80%").replace("A ship", "A wine")
    (duplicate,) = [each for each in of_quizzes(QUIZ.format("65%"), other) if each.severity == "error"]
    assert (duplicate.rule, duplicate.file, duplicate.related) == (
        "references.duplicate_id", "2.md", (("1.md", 1),),
    )  # fmt: skip
    assert "'Module 901: Ports in Practice - Quiz' is stated in 1.md, too, with other questions" in duplicate.message


def test_titles_of_a_quiz_conflict_where_neither_only_says_less() -> None:
    said = QUIZ.format("65%")
    assert of_quizzes(said.replace("Ports in Practice - Quiz", "Ports in Daily Practice - Quiz")) == []
    row = ROADMAP.replace("Ports in Practice Quiz", "Ports in Practice Use Quiz")
    documents = [row, said.replace("Ports in Practice - Quiz", "Ports in Daily Practice - Quiz")]
    (finding,) = found(*(read_text(text, f"{number}.md") for number, text in enumerate(documents)))
    assert (finding.rule, finding.severity, finding.file) == ("conflicts.title", "warning", "0.md")


def test_points_of_two_documents_of_one_rank_have_no_winner() -> None:
    text = "# Networks - Curriculum\n\n**Total Duration:** 8 hours\n\n## Prerequisites\n\n- A shell\n\n"
    text += "## Modules\n\n### Module 901: Ports\n\n**Duration:** 20 hours\n\n## Projects\n\n"
    text += "### Project 901: Harbour\n\n**Duration:** 8 hours\n**Points:** {0}\n"
    (finding,) = found(read_text(text.format(100), "a.md"), read_text(text.format(80), "b.md"))
    assert (finding.rule, finding.severity, finding.file, finding.line, finding.related) == (
        "conflicts.points", "error", "b.md", 20, (("a.md", 20),),
    )  # fmt: skip
