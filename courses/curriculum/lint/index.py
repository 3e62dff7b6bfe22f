"""Rules that the reader of exercise indexes finds itself."""

from courses.curriculum.lint.register import Rule, checks

checks.declare(
    Rule("references.exercise_row_twice", "warning", "A table of an index has one row for an exercise"),
    Rule("references.unknown_exercise", "warning", "Every row of an index is about an exercise of its catalogue"),
)
