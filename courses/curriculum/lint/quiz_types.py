"""The types of questions that a quiz states, against the questions that it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.lint.quiz import quizzes
from courses.curriculum.lint.register import Rule, check
from courses.curriculum.sources.claims import Claim, Statement

TYPES = Rule(
    "quiz.question_types", "warning", "There are questions of every type that is stated, and as many as are stated"
)
_TITLES = {
    "single": "multiple choice", "multiple": "multiple select", "true_false": "true/false",
    "short_text": "short answer", "matching": "matching", "fill_in": "fill in", "ordering": "ordering",
    "code_reading": "code",
}  # fmt: skip
# What counts as what, where a quiz does not state the other one apart.
_ALSO = {
    "single": ("code_reading", "multiple"),
    "short_text": ("numeric", "fill_in"),
    "fill_in": ("numeric", "short_text"),
}


@check(TYPES)
def types(statement: Statement) -> Iterator[Finding]:
    for quiz, questions in quizzes(statement):
        found = {question.get("type") for question in questions}
        if any("`" in f"{question.get('title')} {question.get('stem')}" for question in questions):
            found.add("code_reading")
        for name, others in _ALSO.items():
            found |= {name} if found.intersection(others) else set()
        for name in [name for name in quiz.fields if name.startswith("stated.types.")]:
            if (kind := quiz.get(name)) not in found:
                yield _finding(quiz, name, f"Questions of the type {_TITLES[kind]!r} are stated, but there are none.")
        yield from _counts(quiz, questions, found)


def _counts(quiz: Claim, questions: list[Claim], found: set[str | None]) -> Iterator[Finding]:
    """How many of each type there are; one without an answer has a type only where its options say it."""
    stated = {
        value["type"]: name
        for name in quiz.fields if name.startswith("stated.type_counts.") and (value := quiz.get(name))
    }  # fmt: skip
    there: list[Counter[str]] = []
    for asked in (questions, [each for each in questions if not each.get("bonus")]):
        kinds = (each.get("type") or ("single" if "options.0.id" in each.fields else "short_text") for each in asked)
        there.append(Counter(kinds))
    for kind, name in stated.items():
        # What a quiz calls code may be asked in any way.
        if kind == "code_reading" or kind not in found:
            continue
        others = [other for other in _ALSO.get(kind, ()) if other not in stated]
        counts = [each[kind] + sum(each[other] for other in others) for each in there]
        said = int(quiz.get(name)["count"])
        if said not in counts:
            yield _finding(
                quiz, name,
                f"{said} questions of the type {_TITLES[kind]!r} are stated, but there are {counts[-1]}.",
            )  # fmt: skip


def _finding(quiz: Claim, field: str, message: str) -> Finding:
    file, line = quiz.place(field)
    fix = "Correct the statement, or the questions."
    return Finding(TYPES.id, TYPES.severity, file, line, message, fix)
