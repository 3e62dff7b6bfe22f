"""What documents state, as drafts of the product: which document wins, and where things belong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.report.run import lint
from tests.courses.planning.documents import DOCUMENTS, PIPES
from tests.courses.projecting import write_tree
from tests.courses.small_tree import CATALOG, TREE
from tests.courses.sources import test_curriculum_reader as curricula

SLUG = "data-engineer"


def reading(root: Path, files: dict[str, str] | None = None) -> Reading:
    write_tree(root, DOCUMENTS if files is None else files)
    return reading_of(lint([str(root)]), TreeBase())


def draft(found: Reading, address: str, program: str | None = SLUG) -> Draft:
    return found.drafts[program, address]


def stated(found: Reading, address: str, program: str | None = SLUG) -> dict[str, Any]:
    """The fields of a body that are not empty."""
    return {name: value for name, value in draft(found, address, program).body.items() if value not in (None, "", [])}


def edges(found: Reading, module: str) -> list[tuple[str, str]]:
    bodies = [each.body for (_, address), each in found.drafts.items() if address.startswith(f"requirement:{module}/")]
    return sorted((body["strength"], body["to"] or body["skill"]) for body in bodies)


def test_a_program_is_made_of_all_its_documents(tmp_path: Path) -> None:
    found = reading(tmp_path)
    assert found.programs == [SLUG]
    program = draft(found, f"program:{SLUG}")
    assert (program.body["title"], program.body["role"]) == ("Data Engineer Curriculum", SLUG)
    assert program.children["own_modules"] == ["MOD-501", "MOD-502", "MOD-503"]
    assert {"what": "Total hours", "value": "30", "source": "master_plan", "note": ""} in program.body["stated"]
    assert stated(found, f"role:{SLUG}", None)["level"] == "mid"
    assert [each.rule for each in found.findings if each.rule.startswith("import.")] == []


def test_the_roadmap_wins_over_the_master_plan_and_objectives_unite(tmp_path: Path) -> None:
    found = reading(tmp_path)
    module = draft(found, "module:MOD-501")
    assert {name: value for name, value in module.body["hours_by_kind"].items() if value} == {
        "lecture": "4", "lab": "8"
    }  # fmt: skip
    assert module.given["hours_by_kind"] == 2
    assert Path(module.file).name == "pipes.md"
    texts = [draft(found, f"objective:{path}").body["text"] for path in module.children["objectives"]]
    assert texts == ["Build a pipe.", "Repair a pipe while it runs.", "Draw a pipe."]
    assert draft(found, "module:MOD-503").body["hours_by_kind"]["lab"] == "2", "only the plan knows it"


def test_of_prerequisites_that_differ_those_in_common_lock(tmp_path: Path) -> None:
    assert edges(reading(tmp_path), "MOD-502") == [("leads_to", "MOD-503"), ("needs", "MOD-501")]


def test_what_a_roadmap_holds_stands_where_learners_find_it(tmp_path: Path) -> None:
    found = reading(tmp_path)
    lab = stated(found, "lab:MOD-501/lab-1")
    assert (lab["title"], lab["checked_note"]) == ("A first pipe", "`data-basic` profile")
    assert [(each["text"], each["op"], each["value"], each["unit"]) for each in lab["criteria"]] == [
        ("No row lost", None, None, None), ("runs in <10 minutes", "<", "10", "minutes"),
    ]  # fmt: skip
    assert stated(found, "topic:MOD-501/leaks") == {"title": "Leaks", "points": ["Finding them", "closing them"]}
    assert stated(found, "risk:MOD-501/pipes-burst")["mitigation"].startswith("keep a spare")
    target = stated(found, "competency_target:MOD-501/pipe-care")
    assert (target["competency"], target["level"], target["evidence"]) == (
        "pipe-care",
        "proficient",
        ["A repaired pipe"],
    )
    assert target["for_roles"] == [SLUG]
    assert stated(found, "competency:pipe-care", None)["title"] == "Pipe care"


@pytest.mark.parametrize(
    ("stated", "criterion"), [
        ("2/3", {"text": "At least 2 of 3", "value": "66.66"}),
        ("1 correct", {"text": "At least 1 of 2", "value": "50"}),
        ("80% (2/2)", {"text": "At least 80 %", "value": "80"}), ("3/2", None),
    ],
)  # fmt: skip
def test_a_passing_score_that_is_only_a_count_is_its_share(
    tmp_path: Path, stated: str, criterion: dict[str, str] | None
) -> None:
    text = DOCUMENTS["quiz.md"].replace("80% (2/2 questions)", stated)
    quiz = draft(reading(tmp_path, {**DOCUMENTS, "quiz.md": text}), "quiz:MOD-501/module-501-pipes-quiz")
    scores = [{"text": each["text"], "value": each["value"]} for each in quiz.body["criteria"] if each.get("measure")]
    assert scores == ([criterion] if criterion else [])


def test_a_quiz_joins_the_module_whose_title_fits(tmp_path: Path) -> None:
    found = reading(tmp_path)
    quiz = draft(found, "quiz:MOD-501/module-501-pipes-quiz")
    assert (quiz.body["points"], quiz.body["time_limit_minutes"]) == ("2", 20)
    assert [(each["measure"], each["op"], each["value"]) for each in quiz.body["criteria"]] == [("score", ">=", "80")]
    question = draft(found, f"question:{quiz.children['questions'][1]}")
    assert [(each["text"], each["right"]) for each in question.body["options"]] == [
        ("A lost row", True), ("A slow row", False),
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["# Module 502: Pipes - Quiz", "# Module 501: Valves - Quiz", "# Quiz"])
def test_a_number_or_a_title_alone_joins_nothing(tmp_path: Path, title: str) -> None:
    quiz = DOCUMENTS["quiz.md"].replace("# Module 501: Pipes - Quiz", title)
    found = reading(tmp_path, {**DOCUMENTS, "quiz.md": quiz})
    assert not any(each.kind == "quiz" for each in found.drafts.values())
    [finding] = [each for each in found.findings if each.rule == "import.unattached"]
    assert (finding.severity, Path(finding.file).name) == ("warning", "quiz.md")


def test_a_module_of_a_role_without_a_program_is_asked_of_nobody(tmp_path: Path) -> None:
    found = reading(tmp_path, {"pipes.md": PIPES})
    assert found.programs == []
    assert not any(each.kind == "module" for each in found.drafts.values())
    assert [each.rule for each in found.findings if each.rule.startswith("import.")] == ["import.unattached"]


STRATEGY = """
program_name: Data curriculum
version: 0.2.0
roles:
- {name: Data Engineer, slug: data-engineer}
- {name: Data Architect, slug: data-architect}
repositories:
  mode: per_role
  role_repos:
    data-engineer: {learning: data-learning, solutions: data-solutions}
    data-architect: {learning: architect-learning}
progression_rules:
- {from_role: data-engineer, to_role: data-architect, strategy: scaffold, notes: Offer advanced labs}
"""


def test_what_a_strategy_says_of_a_role_is_kept_with_it_and_the_rest_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, {**DOCUMENTS, "strategy.yaml": STRATEGY})
    kept = {each["value"] for each in found.drafts[None, "role:data-engineer"].body["stated"]}
    assert any("data-solutions" in words for words in kept)
    [step] = [
        each for each in found.drafts.values() if each.kind == "requirement" and each.body["to"] == "data-architect"
    ]
    assert (step.parent, step.body["strength"], step.body["reason"]) == (
        f"program:{SLUG}", "leads_to", "Offer advanced labs",
    )  # fmt: skip
    [told] = [each for each in found.findings if each.rule == "import.no_place"]
    assert (told.severity, Path(told.file).name) == ("info", "strategy.yaml")
    assert told.message.startswith("5 lines are about roles")
    lines = STRATEGY.lstrip().split("\n")
    assert [lines[line - 1].split()[0] for line in (told.line, *(line for _, line in told.related))] == [
        "program_name:", "version:", "-", "mode:", "data-architect:",
    ]  # fmt: skip


METADATA = """
id: MOD-501
type: module
title: Pipes
version: 1.2.0
roles: [data-engineer]
competencies: []
status: draft
metadata_version: 1.0.0
owners: [{name: Somebody}]
"""


PIER = {
    "data/program.yaml": (
        f"kind: program\nid: {SLUG}\ntitle: Data Engineer\nrole: {SLUG}\nsummary: Pipes.\nprojects: [PROJ-51]\n"
    ),
    "data/pier.yaml": "kind: project\nid: PROJ-51\ntitle: Harbour Pier\npoints: 100\n",
}
RUBRICS = """# Rubrics

## Passing Score: 70%

## Project 51: Harbour Pier

| Criterion | Weight | Good (2) | Poor (1) |
|---|---|---|---|
| Planks | 100% | Dry | Wet |

- [ ] Nails are counted
"""


def test_rubrics_and_strategies_join_what_native_files_state(tmp_path: Path) -> None:
    found = reading(tmp_path, {**PIER, "rubrics.md": RUBRICS, "strategy.yaml": STRATEGY})
    assert stated(found, "criterion:PROJ-51/rubric/planks")["points"] == "100"
    assert draft(found, "project:PROJ-51").body["title"] == "Harbour Pier", "the native title wins"
    [step] = [each for each in found.drafts.values() if each.kind == "requirement"]
    assert (step.parent, step.body["to"]) == (f"program:{SLUG}", "data-architect")
    # What holds for all projects belongs to none, line by line.
    [lost] = [each for each in found.findings if each.rule == "import.unattached"]
    assert (lost.line, [line for _, line in lost.related]) == (1, [3])


def test_what_cannot_be_imported_names_all_its_lines(tmp_path: Path) -> None:
    index = (
        "# Curriculum Index - Data Engineer\n\n## Learning Paths\n\n### Path 1: Nowhere (0 exercises)\n"
        "**Order**: as you like\n**Best For**: Wanderers\n\n## Complete Exercise Catalog\n\n### mod-501: Pipes\n\n"
        "#### Exercise 01: Leaks\n\n**Time**: 2 hours\n"
    )
    found = reading(tmp_path, {"index.md": index})
    [lost] = [each for each in found.findings if each.rule == "import.incomplete" and "path:Nowhere" in each.message]
    assert (lost.line, [line for _, line in lost.related]) == (5, [6, 7])
    assert lost.message == "path:Nowhere cannot be imported: steps is empty."
    assert lost.fix == "Correct its steps; everything else is imported without it."


def test_a_competency_has_the_id_that_its_matrix_gives(tmp_path: Path) -> None:
    matrix = (
        "role: Data Engineer\nlevel: mid\ncompetency_domains:\n- name: Pipes\n  skills:\n  - name: Care of pipes\n"
        "    id: pipe-care\n    proficiency:\n    - {level: working, description: Repairs one}\n"
    )
    found = reading(tmp_path, {"matrix.yaml": matrix})
    assert stated(found, "competency:pipe-care", None)["title"] == "Care of pipes"


def test_a_profile_of_an_unknown_type_keeps_its_commands(tmp_path: Path) -> None:
    profiles = (
        "profiles:\n  bench:\n    type: Ritual\n    commands: [make bench]\n    tools: [make]\n"
        "  pier: {type: Staff, tools: [boat]}\n"
    )
    found = reading(tmp_path, {"profiles.yaml": profiles})
    bench = stated(found, "profile:bench", None)
    assert (bench["type"], bench["commands"]) == ("automatic", ["make bench"])
    assert [(each["what"], each["value"]) for each in bench["stated"]] == [("Type", "Ritual")]
    assert stated(found, "profile:pier", None)["type"] == "staff"


def test_roles_that_nobody_has_stand_beside_what_names_them(tmp_path: Path) -> None:
    table = "| Competency | Proficiency Target | Evidence / Assessment | Role Alignment |\n|---|---|---|---|\n"
    pipes = PIPES + f"\n## Competency Alignment\n\n{table}| Soldering | Working | A joint | Plumber |\n"
    found = reading(tmp_path, {**DOCUMENTS, "pipes.md": pipes})
    [target] = [each.body for each in found.drafts.values() if each.body.get("competency") == "soldering"]
    assert target["for_roles"] == []
    assert [(each["what"], each["value"]) for each in target["stated"]] == [("For roles", "Plumber")]


POLICY = """# Data Engineer Curriculum

## Learning Objectives

- Build a pipe

## Modules

### Module 501: Pipes

**Duration**: 4 hours

## Assessment Strategy

| Component | Weight | Details |
|---|---|---|
| Quizzes | 80% | 2 quizzes |
| Interview | 20% | Spoken |

### Passing Criteria

- At least 75% overall
- Bring a wrench
"""


def test_what_no_policy_measures_is_kept_in_words(tmp_path: Path) -> None:
    policy = stated(reading(tmp_path, {"curriculum.md": POLICY}), "policy:policy")
    assert [each["text"] for each in policy["rules"]] == ["At least 75% overall"]
    assert policy["notes"] == ["Bring a wrench"]
    assert [each["id"] for each in policy["components"]] == ["quizzes"]
    assert "Interview | 20% | Spoken" in [each["value"] for each in policy["stated"]]


def test_versions_of_documents_are_recorded_with_what_they_are_about(tmp_path: Path) -> None:
    found = reading(tmp_path, {**DOCUMENTS, "meta.yaml": METADATA})
    module = draft(found, "module:MOD-501")
    assert module.body["versions"] == {"version": "1.2.0", "updated": None, "metadata_version": "1.0.0"}
    file, line = module.elsewhere["versions"]
    assert (Path(file).name, line) == ("meta.yaml", 4)


def test_a_question_without_a_key_is_not_asked_and_named(tmp_path: Path) -> None:
    quiz = DOCUMENTS["quiz.md"].replace(
        "a) A lost row\nb) A slow row\n\n**Answer:** A\n", "a) A lost row\nb) A slow row\n"
    )
    found = reading(tmp_path, {**DOCUMENTS, "quiz.md": quiz})
    assert sum(each.kind == "question" for each in found.drafts.values()) == 1
    assert [each.line for each in found.findings if each.rule == "import.incomplete"] == [13]


def test_every_field_knows_its_line_in_whichever_file(tmp_path: Path) -> None:
    found = reading(
        tmp_path, {**DOCUMENTS, "pipes.md": PIPES.replace("- **Duration**: 12 hours (4 lecture, 8 lab)\n", "")}
    )
    module = draft(found, "module:MOD-501")
    lines = (tmp_path / "pipes.md").read_text().splitlines()
    assert lines[module.lines["title"] - 1] == "- **Module Title**: Pipes"
    file, line = module.elsewhere["hours_by_kind"]
    assert Path(file).name == "plan.yaml"
    assert "lecture: 4" in (tmp_path / "plan.yaml").read_text().splitlines()[line - 1]


def test_native_wins_and_documents_fill_what_it_leaves_out(tmp_path: Path) -> None:
    roadmap = PIPES.replace("MOD-501", "MOD-102").replace(": Pipes", ": Cloud").replace("Data Engineer", "Engineer")
    found = reading(tmp_path, {**TREE, "cloud.md": roadmap})
    module = draft(found, "module:MOD-102", "engineer")
    assert (module.body["hours"], module.body["hours_by_kind"]) == ("40", None), "the document's parts stay out"
    assert module.body["summary"] == "Other people's machines."
    assert module.body["notes"] == []
    assert module.children["labs"] == ["MOD-102/lab-1", "MOD-102/lab-2"]
    assert module.children["topics"][:3] == ["MOD-102/a", "MOD-102/b", "MOD-102/c"]
    assert draft(found, "lab:MOD-102/lab-1", "engineer").parent == "module:MOD-102"


def test_what_is_known_keeps_its_id(tmp_path: Path) -> None:
    roadmap = PIPES.replace("Pipe care", "CONTAINERS").replace("Data Engineer", "Engineer")
    found = reading(tmp_path, {**TREE, "pipes.md": roadmap})
    target = draft(found, "competency_target:MOD-501/containers", "engineer")
    assert target.body["competency"] == "containers"
    assert draft(found, "competency:containers", None).body["domain"] == "Platform"


ABOUT = """
# {role} - Curriculum

## Overview

A year of work.

## Learning Objectives

- Run a cluster

## Prerequisites

- Patience

## Modules

### Module {number}: {title}

**Duration:** 5 hours
**Prerequisites:** {needs}

#### Topics

- Clusters
"""


def test_a_module_of_another_program_is_not_meant_by_its_title(tmp_path: Path) -> None:
    """Words are an edge only as the full title of a module of the same program, which may say no role."""
    files = {
        "junior.md": ABOUT.format(role="Junior Operator", number=9, title="Monitoring", needs="Kubernetes"),
        "senior.md": ABOUT.format(role="Senior Operator", number=104, title="Kubernetes", needs="None"),
    }
    assert edges(reading(tmp_path, files), "MOD-009") == [("needs", "Kubernetes")]


@pytest.mark.parametrize(
    ("change", "weights"),
    [
        (("", ""), [("quizzes", "30"), ("projects", "50")]),
        (
            ("| Projects | 50% | 2 of them |", "| Projects | open | 100 points each |"),
            [("quizzes", "1"), ("projects", "1")],
        ),
        (("| Final exam | 20% | Written |", "| Total | | 230 points |"), [("quizzes", "1"), ("projects", "1")]),
    ],
)
def test_shares_of_a_grade_weigh_where_every_part_has_one(
    change: tuple[str, str], weights: list[tuple[str, str]], tmp_path: Path
) -> None:
    """Of a grade that is made of points they are what the points come to."""
    text = curricula.TABLED.replace(*change) if change[0] else curricula.TABLED
    found = reading(tmp_path, {"tabled.md": text})
    [policy] = [each for each in found.drafts.values() if each.kind == "policy"]
    assert [(each["id"], each["weight"]) for each in policy.body["components"]] == weights


def test_a_question_whose_choices_are_true_and_false_is_drafted_without_them(tmp_path: Path) -> None:
    quiz = (
        "# MOD-501 Quiz\n\n**1. True or false: it is.**\n\n- True\n- False \u2714\n\n**2. Up?**\n\n- Yes \u2714\n- No\n"
    )
    found = reading(tmp_path, {**DOCUMENTS, "choices.md": quiz})
    assert [each for each in found.findings if each.rule == "import.incomplete"] == []
    [body] = [each.body for each in found.drafts.values() if each.body.get("type") == "true_false"]
    assert (body["stem"], body["answer"], body["options"]) == ("it is.", False, [])


def test_hours_that_only_a_table_says_are_those_of_the_module(tmp_path: Path) -> None:
    numbered = (Path(curricula.__file__).parent / "curricula" / "numbered.md").read_text("utf-8")
    found = reading(tmp_path, {"curriculum.md": numbered})
    hours = [draft(found, f"module:MOD-81{number}", "queue-operator").body["hours"] for number in (1, 2, 3)]
    assert [str(each) for each in hours] == ["20", "None", "10"]


NATIVE = """
    kind: module
    id: MOD-501
    title: Pipes
    summary: Pipes.
    hours: 10
    ---
    kind: quiz
    id: leaks
    under: MOD-501
    title: TITLE
    points: 10
    """


@pytest.mark.parametrize(("title", "found"), [("Leaks and floods", 1), ("Final of leaks", 0)])
def test_a_quiz_beside_one_of_a_native_file_is_named(tmp_path: Path, title: str, found: int) -> None:
    native = {f"data-engineer/{name}.yaml": text for name, text in {
        "role": "{kind: role, id: data-engineer, title: Data Engineer, level: mid, order: 1, summary: Moves data.}",
        "program": "{kind: program, id: data-engineer, title: Data Engineer, role: data-engineer, summary: Moves.}",
        "mod-501": NATIVE.replace("TITLE", title),
    }.items()}  # fmt: skip
    given = reading(tmp_path, {"catalog.yaml": CATALOG, **native, "quiz.md": DOCUMENTS["quiz.md"]})
    named = [each for each in given.findings if each.rule == "import.two_quizzes"]
    assert len(named) == found
    assert all(each.file.endswith("quiz.md") and each.related[0][0].endswith("mod-501.yaml") for each in named)
    assert sorted(draft.kind for draft in given.drafts.values() if draft.kind == "quiz") == ["quiz", "quiz"]
