"""Every kind of *assessments* arrives in its typed rows as its document states it."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from assessments.curriculum.bodies import LabBody, QuizBody
from assessments.models import Check, Criterion, Lab, Project, Question, Quiz, Rubric, StarterFile
from courses.models import Activity
from tests.assessments.tree import MODULE, released
from tests.courses.projecting import release_tree, write_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return released(tmp_path)


def quiz(path: str = "MOD-001/quiz") -> Quiz:
    return Quiz.objects.get(activity__path=path)


def question(key: str) -> Question:
    return Question.objects.get(entity__path=f"MOD-001/quiz/{key}")


def test_quiz_extends_its_activity(tree: Path) -> None:
    activity = quiz().activity
    assert (activity.kind, activity.points, activity.self_reported) == ("quiz", Decimal(10), False)
    assert (quiz().time_limit_minutes, quiz().shuffle_options, quiz().shuffle_questions) == (30, True, False)
    assert quiz().pk == activity.entity_id


def test_quiz_without_questions_is_ticked_off(tree: Path) -> None:
    assert quiz("MOD-001/empty").activity.self_reported


def test_draws_keep_their_order(tree: Path) -> None:
    assert list(quiz("MOD-001/drawn").draws.values_list("pool", "count")) == [("easy", 2), ("hard", 9)]


def test_question_is_whole(tree: Path) -> None:
    single = question("q-single")
    assert (single.type, single.points, single.position) == ("single", Decimal(2), 0)
    assert single.hint == "It is not the registry."
    assert single.difficulty is not None
    assert single.difficulty.key == "easy"
    assert [option["id"] for option in single.body["options"]] == ["correct", "wrong-1", "wrong-2"]
    assert set(single.body) == {"options"}
    assert single.revision.body["explanation"] == "The runtime does."


def test_question_names_its_topics_and_competencies(tree: Path) -> None:
    single = question("q-single")
    assert [topic.title for topic in single.topics.all()] == ["Runtimes"]
    assert [competency.key for competency in single.competencies.all()] == ["containers"]


def test_questions_stand_in_the_authors_order(tree: Path) -> None:
    keys = [each.entity.key for each in quiz().questions.select_related("entity")]
    assert keys == ["q-single", "q-multiple", "q-truth", "q-number", "q-text"]


def test_lab_has_files_and_checks(tree: Path) -> None:
    lab = Lab.objects.get()
    assert list(lab.starter_files.values_list("path", "content")) == [
        ("Dockerfile", "FROM scratch"),
        ("src/app.py", ""),
    ]
    assert list(lab.checks.values_list("title", "points", "hidden")) == [
        ("It builds", Decimal(6), False),
        ("It is small", Decimal(4), True),
    ]
    assert Check.objects.get(title="It builds").spec == {"run": "make"}
    assert not lab.activity.self_reported


def test_project_has_a_rubric_with_criteria_and_levels(tree: Path) -> None:
    project = Project.objects.get()
    assert (project.narrative, project.constraints, project.peer_guide) == (
        "You are on call.",
        ["No root", "One node"],
        "Be kind.",
    )
    rubric = Rubric.objects.get(project=project)
    assert [(each["what"], each["value"]) for each in rubric.stated] == [("Points", "100")]
    works = Criterion.objects.get(rubric=rubric, title="It works")
    assert (works.points, works.minimum, works.checklist) == (Decimal(80), Decimal(40), ["It starts", "It stops"])
    assert list(works.levels.values_list("label", "points")) == [("Missing", Decimal(0)), ("Whole", Decimal(80))]
    assert [competency.key for competency in works.competencies.all()] == ["containers"]
    assert Criterion.objects.get(title="More").bonus


def test_applying_again_changes_nothing(tree: Path) -> None:
    before = list(Question.objects.order_by("pk").values())
    assert not release_tree(tree).releases
    assert list(Question.objects.order_by("pk").values()) == before


def test_a_change_reaches_the_rows_and_what_is_gone_is_retired(tree: Path) -> None:
    changed = MODULE.replace("time_limit_minutes: 30", "time_limit_minutes: 45").replace(
        "- {path: src/app.py}", "- {path: src/main.py}"
    )
    changed = changed.replace(
        "          - {id: q-truth, type: true_false, stem: Images are immutable., answer: true}\n", ""
    )
    write_tree(tree, {"junior/mod-001.yaml": changed})
    release_tree(tree)
    assert quiz().time_limit_minutes == 45
    assert list(StarterFile.objects.values_list("path", flat=True)) == ["Dockerfile", "src/main.py"]
    assert question("q-truth").entity.retired_at is not None
    current = Question.objects.current().filter(quiz=quiz())
    assert [each.entity.key for each in current] == ["q-single", "q-multiple", "q-number", "q-text"]


def test_a_quiz_whose_questions_go_is_ticked_off_again(tree: Path) -> None:
    plain = "questions: [{id: only, type: true_false, stem: Is it so?, answer: false}]"
    write_tree(tree, {"junior/mod-001.yaml": MODULE.replace(plain, "questions: []")})
    release_tree(tree)
    assert Activity.objects.get(path="MOD-001/plain").self_reported


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a//b", "a/./b", "a\\b", ""])
def test_starter_files_stay_inside_the_lab(tree: Path, path: str) -> None:
    with pytest.raises(ValidationError):
        LabBody.model_validate({"title": "Lab", "starter": [{"path": path}]})
    with pytest.raises(IntegrityError), transaction.atomic():
        StarterFile.objects.create(lab=Lab.objects.get(), position=9, path=path)


def test_a_pool_is_drawn_from_once() -> None:
    draws = [{"pool": "a", "count": 1}, {"pool": "a", "count": 2}]
    with pytest.raises(ValidationError, match="drawn from twice"):
        QuizBody.model_validate({"title": "Quiz", "points": 1, "draws": draws})


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ("quiz", {"time_limit_minutes": 0}),
        ("quiz", {"time_limit_minutes": 1441}),
        ("question", {"points": 0}),
        ("question", {"stem": ""}),
        ("check", {"points": -1}),
        ("criterion", {"minimum": 81}),
        ("draw", {"count": 0}),
    ],
)
def test_the_database_keeps_what_must_hold(tree: Path, row: str, changes: dict[str, object]) -> None:
    rows = {
        "quiz": quiz(),
        "question": question("q-single"),
        "check": Check.objects.get(title="It builds"),
        "criterion": Criterion.objects.get(title="It works"),
        "draw": quiz("MOD-001/drawn").draws.get(pool="easy"),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        type(rows[row])._base_manager.filter(pk=rows[row].pk).update(**changes)


def test_the_tree_holds_every_question_type(tree: Path) -> None:
    assert len(set(Question.objects.values_list("type", flat=True))) == 9
