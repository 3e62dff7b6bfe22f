"""The Junior role that ships with the product states what its sources state, and adds up."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.kinds import Draft
from courses.curriculum.native.reader import read_tree
from courses.curriculum.native.reading import Reading

SLUG = "junior-ai-infrastructure-engineer"
MODULES = [f"MOD-{number:03}" for number in range(1, 11)]
PROJECTS = [f"PROJ-{number:02}" for number in range(1, 6)]
ACTIVITIES = {"reading", "task", "quiz", "lab", "project"}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_tree(Path(__file__).resolve().parents[2] / "fixtures", name="fixtures")


@pytest.fixture(scope="module")
def junior(reading: Reading) -> dict[str, Draft]:
    return {address: draft for (owner, address), draft in reading.drafts.items() if owner == SLUG}


def bodies(junior: dict[str, Draft], draft: Draft, key: str, kind: str) -> list[dict[str, Any]]:
    return [junior[f"{kind}:{path}"].body for path in draft.children.get(key, [])]


def test_the_tree_has_no_findings(reading: Reading) -> None:
    assert [str(finding) for finding in reading.findings] == []


def test_modules_and_projects_in_order_with_their_hours(junior: dict[str, Draft]) -> None:
    program = junior[f"program:{SLUG}"].body
    assert (program["modules"], program["projects"]) == (MODULES, PROJECTS)
    hours = []
    for name in MODULES:
        module = junior[f"module:{name}"]
        by_kind = sum(Decimal(value) for value in module.body["hours_by_kind"].values() if value)
        topics = bodies(junior, module, "topics", "topic")
        assert len(topics) == 4
        assert sum(Decimal(topic["hours"]) for topic in topics) == by_kind
        hours.append(by_kind)
    assert hours == [15, 15, 10, 20, 15, 20, 15, 15, 15, 20]
    projects = [junior[f"project:{name}"].body["hours"]["high"] for name in PROJECTS]
    assert projects == ["60", "80", "100", "80", "120"]


def test_phases_of_a_project_add_up_to_its_hours(junior: dict[str, Draft]) -> None:
    for name in PROJECTS:
        project = junior[f"project:{name}"]
        phases = bodies(junior, project, "phases", "phase")
        assert sum(Decimal(phase["hours"]["high"]) for phase in phases) == Decimal(project.body["hours"]["high"])


def test_ten_quizzes_and_five_projects_make_600_points(junior: dict[str, Draft]) -> None:
    quizzes = [Decimal(junior[f"quiz:{name}/quiz"].body["points"]) for name in MODULES]
    projects = [Decimal(junior[f"project:{name}"].body["points"]) for name in PROJECTS]
    assert quizzes == [10] * 10
    assert sum(quizzes) + sum(projects) == 600


def test_point_tables_of_the_projects(junior: dict[str, Draft]) -> None:
    tables = {
        name: [int(row["points"]) for row in bodies(junior, junior[f"rubric:{name}/rubric"], "criteria", "criterion")]
        for name in PROJECTS
    }
    assert tables == {
        "PROJ-01": [25, 30, 20, 15, 10],
        "PROJ-02": [30, 25, 20, 15, 10],
        "PROJ-03": [25, 20, 15, 20, 20],
        "PROJ-04": [25, 25, 20, 20, 10],
        "PROJ-05": [30, 20, 20, 20, 10],
    }


def test_the_policy(junior: dict[str, Draft]) -> None:
    policy = junior["policy:policy"].body
    assert {(rule["measure"], rule["of"], rule["at_least"], rule["binding"]) for rule in policy["rules"]} == {
        ("overall_percent", None, "70", True),
        ("each_item_points", "projects", "70", True),
        ("component_average_points", "quizzes", "7", True),
        ("item_percent", "prerequisites-quiz", "70", False),
    }
    assert [(band["label"], band["from_percent"], band["passing"]) for band in policy["scale"]["bands"]] == [
        ("A", "90", True),
        ("B", "80", True),
        ("C", "70", True),
        ("F", "0", False),
    ]


@pytest.mark.parametrize("name", MODULES[:3])
def test_the_first_modules_have_readings_and_ten_questions(junior: dict[str, Draft], name: str) -> None:
    module = junior[f"module:{name}"]
    topics = {f"{name}/{path.rpartition('/')[2]}" for path in module.children["topics"]}
    readings = bodies(junior, module, "readings", "reading")
    assert {topic for reading in readings for topic in reading["topics"]} == topics
    questions = bodies(junior, junior[f"quiz:{name}/quiz"], "questions", "question")
    assert len(questions) == 10
    assert len({question["type"] for question in questions}) >= 6
    assert {f"{name}/{topic}" for question in questions for topic in question["topics"]} == topics
    assert sum(Decimal(question["points"]) for question in questions) == 10


def test_the_prerequisites_quiz(junior: dict[str, Draft]) -> None:
    quiz = junior["quiz:prerequisites-quiz"]
    assert (quiz.body["advice_only"], quiz.body["time_limit_minutes"], quiz.body["required"]) == (True, 30, False)
    subjects = Counter(path.rpartition("/")[2].partition("-")[0] for path in quiz.children["questions"])
    assert subjects == {"python": 5, "linux": 5, "git": 4, "network": 3, "database": 3}


def test_right_answers_cannot_be_guessed_from_place_or_length(junior: dict[str, Draft]) -> None:
    places: Counter[int] = Counter()
    for draft in junior.values():
        if draft.kind != "question":
            continue
        assert draft.body["explanation"], f"{draft.path} explains nothing"
        if draft.body["type"] not in ("single", "code_reading"):
            continue
        options = draft.body["options"]
        right = next(index for index, option in enumerate(options) if option["right"])
        places[right] += 1
        longest_wrong = max(len(option["text"]) for option in options if not option["right"])
        assert len(options[right]["text"]) <= 1.25 * longest_wrong, f"{draft.path}: the longest option is right"
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= sum(places.values()) * 0.4


def test_every_reference_leads_somewhere(reading: Reading, junior: dict[str, Draft]) -> None:
    shared = {address for owner, address in reading.drafts if owner is None}

    def known(path: str, *kinds: str) -> bool:
        return any(f"{kind}:{path}" in junior or f"{kind}:{path}" in shared for kind in kinds)

    lost = []
    for draft in junior.values():
        body = draft.body
        refs = [(ref, ACTIVITIES) for ref in body.get("activities") or [] if draft.kind == "objective"]
        refs += [(ref, {"topic"}) for ref in body.get("topics") or [] if draft.kind == "reading"]
        refs += [(body["to"], {"module", "project"})] if body.get("to") else []
        refs += [(use["id"], {"technology"}) for use in body.get("technologies") or []]
        names = [*(body.get("competencies") or []), *filter(None, [body.get("competency")])]
        refs += [(name, {"competency"}) for name in names]
        lost += [f"{draft.address} -> {ref}" for ref, kinds in refs if not known(ref, *kinds)]
    assert lost == []
