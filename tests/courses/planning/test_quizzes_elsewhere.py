"""A quiz whose document comes from another source than the roadmap, or program, that announces it: one quiz."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.models import Question, Quiz
from courses.models import Entity, ImportRecord
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import edit, planned, ran
from tests.courses.planning.test_joined_documents import CURRICULUM, ENTRY_QUIZ
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db
ROW = "| Assessment | Pipes quiz | 75 % |  |\n"
PIPES = DOCUMENTS["pipes.md"].replace("| Lab 2 |", f"{ROW}| Lab 2 |")
PLAN = {"plan.yaml": DOCUMENTS["plan.yaml"], "pipes.md": PIPES, "streams.md": DOCUMENTS["streams.md"]}
QUIZ = {"quiz.md": DOCUMENTS["quiz.md"]}


def applied(root: Path, *arguments: str) -> str:
    """What ``curriculum apply`` printed."""
    code, out, err = ran("apply", root, *arguments)
    assert code == 0, err or out
    return out


def quizzes() -> dict[str, int]:
    """Path of each quiz that is there -> its questions."""
    there = Entity.objects.filter(kind="quiz", retired_at=None).values_list("path", flat=True)
    return {path: Question.objects.current().filter(entity__path__startswith=f"{path}/").count() for path in there}


def test_a_document_joins_the_row_that_another_source_has(tmp_path: Path) -> None:
    roadmaps, more = write_tree(tmp_path / "roadmaps", PLAN), write_tree(tmp_path / "quizzes", QUIZ)
    applied(roadmaps)
    [row] = quizzes()
    applied(more)
    assert quizzes() == {row: 2}
    assert Quiz.objects.get(activity__path=row).time_limit_minutes == 20
    assert set(ImportRecord.objects.filter(entity__path=row).values_list("source", flat=True)) == {
        "roadmaps", "quizzes",
    }  # fmt: skip
    for source in (roadmaps, more):
        assert counts(planned(source)) == NOTHING
        applied(source)
    assert quizzes() == {row: 2}


def test_a_row_joins_the_document_that_another_source_has(tmp_path: Path) -> None:
    roadmaps, more = write_tree(tmp_path / "roadmaps", PLAN), write_tree(tmp_path / "quizzes", QUIZ)
    edit(roadmaps, "pipes.md", (ROW, ""))
    applied(roadmaps)
    applied(more)
    [(path, questions)] = quizzes().items()
    assert questions == 2
    (roadmaps / "pipes.md").write_text(PIPES.lstrip("\n"))
    plan = planned(roadmaps)
    assert [entry["entity"] for entry in plan["added"] if entry["entity"].startswith("quiz:")] == []
    applied(roadmaps)
    for source in (roadmaps, more):
        assert counts(planned(source)) == NOTHING
    assert quizzes() == {path: 2}


def test_the_quiz_stays_while_one_of_its_sources_states_it(tmp_path: Path) -> None:
    roadmaps, more = write_tree(tmp_path / "roadmaps", PLAN), write_tree(tmp_path / "quizzes", QUIZ)
    applied(roadmaps)
    applied(more)
    [path] = quizzes()
    edit(roadmaps, "pipes.md", (ROW, ""))
    applied(roadmaps)
    assert quizzes() == {path: 2}
    assert counts(planned(more)) == NOTHING


@pytest.mark.parametrize(
    ("row", "document"),
    [
        ("Pipes final quiz", "Module 501: Pipes - Quiz"),
        ("Pipes quiz 2", "Module 501: Pipes - Quiz 1"),
        ("Valves quiz", "Module 501: Pipes - Leaks Quiz"),
    ],
)
def test_quizzes_that_are_called_otherwise_are_two(tmp_path: Path, row: str, document: str) -> None:
    roadmaps, more = write_tree(tmp_path / "roadmaps", PLAN), write_tree(tmp_path / "quizzes", QUIZ)
    edit(roadmaps, "pipes.md", ("Pipes quiz", row))
    edit(more, "quiz.md", ("Module 501: Pipes - Quiz", document))
    applied(roadmaps)
    applied(more)
    assert sorted(quizzes().values()) == [0, 2]


def test_two_documents_of_two_sources_are_two_quizzes(tmp_path: Path) -> None:
    one = write_tree(tmp_path / "one", {**PLAN, **QUIZ})
    two = write_tree(tmp_path / "two", QUIZ)
    edit(two, "quiz.md", ("Module 501: Pipes - Quiz", "Module 501: Pipes - Second Quiz"), ("a pipe for", "a tube for"))
    applied(one)
    applied(two)
    assert sorted(quizzes().values()) == [2, 2]


def test_what_was_imported_as_two_stays_two_and_is_named(tmp_path: Path) -> None:
    roadmaps, more = write_tree(tmp_path / "roadmaps", PLAN), write_tree(tmp_path / "quizzes", QUIZ)
    edit(roadmaps, "pipes.md", ("Pipes quiz", "Tides quiz"))
    applied(roadmaps)
    applied(more)
    assert len(quizzes()) == 2
    edit(roadmaps, "pipes.md", ("Tides quiz", "Pipes quiz"))
    out = ran("plan", roadmaps)[1]
    assert "import.two_quizzes" in out
    assert "If they are one quiz, leave it out of one of the two sources." in out
    applied(roadmaps)
    assert len(quizzes()) == 2
    assert counts(planned(more)) == NOTHING


def test_a_quiz_of_the_whole_program_joins_the_one_that_another_source_announces(tmp_path: Path) -> None:
    program = write_tree(tmp_path / "program", {"curriculum.md": CURRICULUM})
    more = write_tree(tmp_path / "quizzes", {"entry.md": ENTRY_QUIZ.replace("# Entry Quiz", "# Entry Assessment Quiz")})
    applied(program)
    [path] = quizzes()
    applied(more)
    [(joined, questions)] = quizzes().items()
    assert (joined, questions > 0) == (path, True)
    for source in (program, more):
        assert counts(planned(source)) == NOTHING
