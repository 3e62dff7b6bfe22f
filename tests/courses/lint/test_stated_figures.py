"""Totals and counts beside their parts, orders of paths, what hides in prose: named where wrong, else silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint import counts, hygiene, promises, references, rubrics, sums
from courses.curriculum.lint.register import Setting
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.text import SourceText


def document(kind: str = "curriculum", *lines: str) -> Statement:
    return Statement(SourceText(f"{kind}.md", lines or ("x",) * 40), kind)


def thing(statement: Statement, kind: str, key: str, parent: Claim | None = None, **fields: Any) -> Claim:
    """A claim, each field on a line of its own."""
    first = 1 + max((line for claim in statement.claims for fact in claim.fields.values() for line in fact.lines),
                    default=0)  # fmt: skip
    claim = statement.claim(kind, fields.get("title", key), first, key=key, parent=parent)
    for line, (name, value) in enumerate(fields.items(), first):
        claim.set(name.replace("__", "."), value, line)
    return claim


def program(stated: Any, *, projects: int = 440, **more: Any) -> Statement:
    statement = document()
    top = thing(statement, "program", "", stated__hours=stated, **more)
    for number in range(10):
        thing(statement, "module", f"MOD-{number:03}", top, hours="16")
    if projects:
        thing(statement, "project", "PROJ-01", top, hours=str(projects))
    return statement


def test_a_total_that_holds_the_projects_only_is_named_with_both_sums() -> None:
    (finding,) = sums.program_hours([program("440")])
    assert (finding.rule, finding.severity, finding.line) == ("sums.program_hours", "warning", 1)
    assert "states 440 hours" in finding.message
    assert "modules 160 and projects 440, in all 600" in finding.message
    assert list(sums.program_hours([program("600")])) == []


@pytest.mark.parametrize(
    ("stated", "right"), [({"low": "200", "high": "280"}, False), ({"low": "160", "high": "160"}, True), ("160", True)]
)
def test_a_range_is_compared_by_both_ends(stated: Any, right: bool) -> None:
    assert (list(sums.program_hours([program(stated, projects=0)])) == []) is right


def test_a_part_without_hours_leaves_the_sum_open() -> None:
    statement = program("440")
    thing(statement, "project", "PROJ-02", statement.claims[0])
    assert list(sums.program_hours([statement])) == []


def test_hours_that_another_document_gives_count() -> None:
    plan = document("master_plan")
    top = thing(plan, "program", "", stated__hours="440")
    thing(plan, "module", "MOD-001", top, title="Ports", hours="160")
    thing(plan, "project", "PROJ-01", top, title="Harbour")
    other = document("project_plan")
    thing(other, "project", "PROJ-01", title="A harbour", hours="60")
    (finding,) = sums.program_hours([plan, other])
    assert "modules 160 and projects 60, in all 220" in finding.message
    assert list(sums.program_hours([plan])) == []


def test_a_share_of_the_hours_is_held_against_them() -> None:
    (finding,) = sums.program_hours([program("600", stated__projects_percent="66")])
    assert (finding.rule, finding.line) == ("sums.share", 2)
    assert "66 %" in finding.message
    assert "73 %" in finding.message
    assert list(sums.program_hours([program("600", stated__projects_percent="73")])) == []


@pytest.mark.parametrize(
    ("stated", "topics", "right"),
    [
        ("15", ["2", "6", "4", "3"], True), ("15", ["2", "6", "4"], False), ("15", ["2", None], True),
        ({"low": "18", "high": "24"}, [{"low": "6", "high": "8"}] * 3, True),
        ({"low": "24", "high": "30"}, [{"low": "6", "high": "7"}] * 3, False),
    ],
)  # fmt: skip
def test_topics_add_up_to_their_module_if_all_have_hours(stated: Any, topics: list[Any], right: bool) -> None:
    statement = document()
    module = thing(statement, "module", "MOD-001", hours=stated)
    for number, hours in enumerate(topics):
        thing(statement, "topic", f"t{number}", module, **({"hours": hours} if hours else {"title": "x"}))
    assert ([finding.rule for finding in sums.parts_of_hours([statement])] == []) is right


@pytest.mark.parametrize(("points", "right"), [(["40", "60"], True), (["40", "50"], False), (["40", None], True)])
def test_criteria_add_up_and_bonus_stands_beside_them(points: list[str | None], right: bool) -> None:
    statement = document("rubrics")
    rubric = thing(statement, "rubric", "r", stated__points="100")
    for number, each in enumerate(points):
        thing(statement, "criterion", f"c{number}", rubric, **({"points": each} if each else {"title": "x"}))
    thing(statement, "criterion", "extra", rubric, points="10", bonus=True)
    found = list(rubrics.rubric_points(statement))
    assert [finding.severity for finding in found] == ([] if right else ["error"])


@pytest.mark.parametrize(("weeks", "right"), [(("10", "14"), False), (("5", "7"), True), (("4", "5"), True)])
def test_weeks_are_held_against_hours(weeks: tuple[str, str], right: bool) -> None:
    statement = document("exercise_index")
    top = thing(statement, "program", "", stated__hours={"low": "200", "high": "280"})
    thing(statement, "pace", "full-time", top, hours_per_week="40", weeks={"low": weeks[0], "high": weeks[1]})
    found = list(sums.weeks(statement))
    assert [(each.rule, each.line, each.related) for each in found] == (
        [] if right else [("sums.weeks", 3, (("exercise_index.md", 1),))]
    )


def test_weeks_of_paths_are_held_against_the_hours_of_the_path_that_is_meant() -> None:
    statement = document("exercise_index")
    thing(statement, "path", "", title="Fast Track MLOps", stated__hours={"low": "110", "high": "150"})
    thing(statement, "path", "", title="LLM Specialist", stated__hours="100")
    thing(
        statement, "pace", "", hours_per_week="40",
        stated__weeks__0={"path": "Fast Track", "weeks": {"low": "6", "high": "8"}},
        stated__weeks__1={"path": "LLM Path", "weeks": {"low": "2", "high": "3"}},
    )  # fmt: skip
    (finding,) = sums.weeks(statement)
    assert finding.line == 6
    assert "6-8 weeks are 240-320 hours, and Fast Track MLOps has 110-150" in finding.message
    assert "LLM" not in finding.message


@pytest.mark.parametrize(("hours", "right"), [(("18", "24"), True), (("18", "25"), False)])
def test_exercises_of_an_index_add_up_to_their_module(hours: tuple[str, str], right: bool) -> None:
    statement = document("exercise_index")
    module = thing(statement, "module", "MOD-101", stated__hours={"low": hours[0], "high": hours[1]})
    for number in range(3):
        thing(statement, "lab", f"101-0{number}", module, hours={"low": "6", "high": "8"})
    assert (list(sums.parts_of_hours([statement])) == []) is right


def test_weights_are_hundred_percent() -> None:
    statement = document()
    thing(statement, "policy", "policy", stated__weights__quizzes="30", stated__weights__projects="60")
    (finding,) = rubrics.weights(statement)
    assert (finding.rule, finding.related) == ("sums.weights", (("curriculum.md", 2),))
    other = document()
    thing(other, "policy", "policy", stated__weights__quizzes="40", stated__weights__projects="60")
    assert list(rubrics.weights(other)) == []


@pytest.mark.parametrize(
    ("kind", "field", "rule"),
    [
        ("path", "stated__exercises", "counts.path_steps"), ("module", "stated__exercises", "counts.exercises"),
        ("program", "stated__exercises", "counts.exercises"), ("program", "stated__modules", "counts.modules"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stated", [2, 3])
def test_counts_are_those_of_what_is_there(kind: str, field: str, rule: str, stated: int) -> None:
    statement = document("exercise_index")
    claim = thing(statement, kind, "x", None, **{field: str(stated)})
    for number in range(2):
        if kind == "path":
            claim.set(f"steps.{number}.to", f"MOD-101/{number}", 9)
            claim.set(f"steps.{number}.stage", "one", 9)
        else:
            module = thing(statement, "module", f"MOD-{number}", claim) if kind == "program" else claim
            thing(statement, "lab", f"lab-{number}", module)
    found = [finding.rule for finding in counts.stated_counts(statement)]
    assert found == ([rule] if stated == 3 else [])


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("stated__total_modules", "3", "counts.modules"), ("stated__structure__module_count", "3", "counts.modules"),
        ("stated__number_of_modules", "3", "counts.modules"), ("notes__0", "Modules: 3", "counts.modules"),
        ("notes__0", "**Total Modules**: 3", "counts.modules"), ("notes__0", "**Exercises:** 3", "counts.exercises"),
        ("notes__0", "- **Total number of exercises:** 3", "counts.exercises"),
        ("stated__total_modules", "2", ""), ("notes__0", "Modules: 2", ""), ("notes__0", "Modules: 3-4", ""),
        ("notes__0", "Modules: 3 of 12 are optional", ""), ("stated__modules_of_others", "3", ""),
        ("stated__total_projects", "3", ""),
    ],
)  # fmt: skip
def test_a_program_may_say_its_counts_in_words(field: str, value: str, rule: str) -> None:
    statement = document("master_plan")
    claim = thing(statement, "program", "x", None, **{field: value})
    for number in range(2):
        thing(statement, "lab", f"lab-{number}", thing(statement, "module", f"MOD-{number}", claim))
    assert [finding.rule for finding in counts.stated_counts(statement)] == ([rule] if rule else [])


def test_what_is_counted_elsewhere_is_not_said_to_be_missing() -> None:
    statement = document("exercise_index")
    thing(statement, "module", "MOD-101", stated__exercises="3")
    assert list(counts.stated_counts(statement)) == []


def path_of(*steps: str) -> list[Finding]:
    statement = document("exercise_index")
    module = thing(statement, "module", "MOD-104", title="Clusters")
    edge = statement.claim("requirement", "needs MOD-103", 1, parent=module)
    edge.set("strength", "needs", 1)
    edge.set("to", "MOD-103", 1)
    thing(statement, "module", "MOD-103", title="Containers")
    path = thing(statement, "path", "platform")
    for number, step in enumerate(steps):
        path.set(f"steps.{number}", {"to": step}, 10 + number)
    return list(references.path_order([statement]))


def test_a_path_that_takes_a_module_before_what_it_needs_is_named() -> None:
    (finding,) = path_of("MOD-104/104-04", "MOD-103/103-04")
    assert (finding.rule, finding.line) == ("references.path_order", 10)
    assert "MOD-104 before MOD-103" in finding.message
    assert path_of("MOD-103/103-04", "MOD-104/104-04") == []
    assert path_of("MOD-104/104-04") == [], "what a path leaves out it may take for granted"


def test_prerequisites_of_different_documents_make_no_cycle_together() -> None:
    roadmap, index = document("module_roadmap"), document("exercise_index")
    one, other = thing(roadmap, "module", "MOD-1", title="Ports"), thing(roadmap, "module", "MOD-2", title="Names")
    again = thing(index, "module", "MOD-1", title="Ports")
    for claim, to in ((one, "MOD-0"), (other, "MOD-1"), (again, "MOD-2")):
        claim.statement.claim("requirement", f"needs {to}", 1, parent=claim).set("to", to, 1)
    assert list(references.cycles([roadmap, index])) == []
    one.statement.claim("requirement", "needs MOD-2", 1, parent=one).set("to", "MOD-2", 1)
    (finding,) = references.cycles([roadmap, index])
    assert "MOD-1 needs MOD-2 needs MOD-1" in finding.message


@pytest.mark.parametrize(
    ("mitigation", "promised"),
    [
        ("make Trivy scan a gated requirement", True),
        ("add readiness checklist before moving forward", True),
        ("require spend simulation deliverable before project approval", True),
        ("learners are blocked until the drill is passed", True),
        ("provide study guides", False),
        ("investigate and mitigate early", False),
        ("add reminders to the forum", False),
    ],
)
def test_gates_that_are_promised_in_words(mitigation: str, promised: bool) -> None:
    statement = document("module_roadmap")
    module = thing(statement, "module", "MOD-001")
    thing(statement, "risk", "", module, text="Haste", mitigation=mitigation)
    assert [finding.rule for finding in promises.promised_gates([statement])] == ["gates.promised"] * promised
    thing(statement, "gate", "gate", module, text="Scan", blocks="MOD-001/lab-2")
    assert list(promises.promised_gates([statement])) == []


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("key: AKIAABCDEFGHIJKLMNOP",), [1]),
        (("x", "-----BEGIN PRIVATE KEY-----", "M" * 64), [2]),
        (("Never commit `-----BEGIN PRIVATE KEY-----`.", "Ever."), []),
        (("key: AKIAIOSFODNN7EXAMPLE",), []),
    ],
)
def test_secrets_are_found_and_never_shown(lines: tuple[str, ...], found: list[int]) -> None:
    findings = list(hygiene.secrets(document("module_roadmap", *lines)))
    assert [finding.line for finding in findings] == found
    assert not any("ABCDEFGH" in finding.message or "MMMM" in finding.message for finding in findings)


def test_the_same_path_in_many_documents_is_one_finding_and_accounts_of_examples_are_none() -> None:
    one = document("module_roadmap", "see /home/jdoe/work/curriculum/a.md", "and /home/ubuntu/app/x.py")
    other = document("asset_metadata", "evidence: /home/jdoe/work/curriculum/b.md")
    (finding,) = hygiene.local_paths([one, other])
    assert (finding.file, finding.line, finding.related) == ("module_roadmap.md", 1, (("asset_metadata.md", 1),))
    assert "/home/jdoe/work" in finding.message


@pytest.mark.parametrize(
    ("line", "old"),
    [
        ("Salary (2024): $90,000", False),
        ("Salary (2023): $90,000", True),
        ("Prices as of March 2024", True),
        ("Prices as of 2024-10-05", False),
        ("Salary: $2,023 a month", False),
        ("In 2019 containers won", False),
        ("Prices of 2019, looked up again in 2025", False),
    ],
)
def test_figures_grow_old_in_eighteen_months_and_a_year_counts_from_its_december(line: str, old: bool) -> None:
    setting = Setting(today=date(2026, 3, 1))
    found = [each.rule for each in hygiene.dated_figures(document("curriculum", line), setting)]
    assert found == ["hygiene.dated_figure"] * old


def test_every_total_that_a_program_states_is_held_against_its_parts() -> None:
    statement = program("600", stated__more_hours__0="440", stated__module_hours="150", stated__project_hours="440")
    found = list(sums.program_hours([statement]))
    assert [(finding.rule, finding.line) for finding in found] == [("sums.program_hours", 2), ("sums.program_hours", 3)]
    assert "states 150 hours of modules; they have 160" in found[1].message


@pytest.mark.parametrize("field", ["stated__in_heading", "stated__in_table"])
@pytest.mark.parametrize(("once_more", "right"), [("15", True), ("16", False)])
def test_hours_that_are_stated_once_more_are_the_same(field: str, once_more: str, right: bool) -> None:
    statement = document()
    thing(statement, "module", "MOD-001", hours="15", **{field: once_more})
    assert ([finding.line for finding in sums.parts_of_hours([statement])] == []) is right


def test_a_table_of_modules_gives_the_hours_that_nothing_else_does() -> None:
    statement = document()
    top = thing(statement, "program", "", stated__hours="20")
    thing(statement, "module", "MOD-001", top, stated__in_table="15")
    (finding,) = sums.program_hours([statement])
    assert "its parts have 15" in finding.message


@pytest.mark.parametrize(("to", "right"), [("3", False), ("4", True)])
def test_weeks_that_are_planned_for_all_modules_are_held_against_their_hours(to: str, right: bool) -> None:
    statement = program("600")
    plan = {"when": f"Weeks 1-{to}", "text": "Modules (10 of them)", "from": "1", "to": to}
    other = {"when": "Week 5", "text": "Rest", "from": "5", "to": "5"}
    thing(statement, "pace", "full", statement.claims[0], hours_per_week="40", stated__plan__0=plan,
          stated__plan__1=other)  # fmt: skip
    found = list(sums.weeks(statement))
    assert [finding.rule for finding in found] == ([] if right else ["sums.weeks"])
    assert right or "3 weeks are 120 hours, and the modules have 160" in found[0].message


@pytest.mark.parametrize(("stated", "right"), [("1", True), ("2", True), ("3", False), ("0", False)])
def test_counts_of_technologies_are_held_against_the_exercises_that_name_them(stated: str, right: bool) -> None:
    statement = document("exercise_index")
    top = thing(statement, "program", "", stated__technologies__0={"title": "Docker", "exercises": stated})
    thing(statement, "lab", "1", top, technologies__0={"purpose": "Tools", "names": ["`docker`", "Dockerfile"]})
    thing(statement, "lab", "2", top, summary="Push to a Docker registry", technologies__0={"names": ["ECR"]})
    thing(statement, "lab", "3", top, summary="Dockerized", technologies__0={"names": ["Git"]})
    found = list(counts.technologies(statement))
    assert [(finding.rule, finding.line) for finding in found] == ([] if right else [("counts.technologies", 1)])


def test_counts_of_technologies_need_exercises_that_name_any() -> None:
    statement = document("exercise_index")
    top = thing(statement, "program", "", stated__technologies__0={"technology": "Docker", "count": "4"})
    thing(statement, "lab", "1", top, title="Ports")
    assert list(counts.technologies(statement)) == []


@pytest.mark.parametrize(
    ("stated", "right"),
    [
        ({"low": "30", "high": "40"}, True), ({"low": "10", "high": "30"}, False), ("32", True), ("33", False),
        ({"low": "33", "high": None}, False), ({"low": "20", "high": None}, True),
    ],
)  # fmt: skip
def test_parts_lie_within_a_stated_range(stated: Any, right: bool) -> None:
    statement = document("module_roadmap")
    thing(statement, "module", "MOD-001", hours_by_kind__lecture="10", hours_by_kind__lab="22", stated__hours=stated)
    assert (list(sums.parts_of_hours([statement])) == []) is right


def test_topics_are_held_against_the_hours_by_kind_and_not_called_stated() -> None:
    statement = document("module_roadmap")
    module = thing(statement, "module", "MOD-001", hours_by_kind__lecture="10", hours_by_kind__lab="22")
    thing(statement, "topic", "T", module, hours="30")
    (finding,) = sums.parts_of_hours([statement])
    assert "The topics of module:MOD-001 add up to 30 hours; 32 are said by kind." in finding.message
