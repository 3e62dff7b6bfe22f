"""Rules of joining documents, sources and what is current; the planning of an import finds them."""

from __future__ import annotations

from courses.curriculum.lint.register import Rule, checks

checks.declare(
    Rule("import.conflict", "error", "A field is changed in one place between two imports"),
    Rule("import.criteria", "warning", "All documents name the same criteria of a rubric"),
    Rule("import.differs", "warning", "Sources of one rank state the same"),
    Rule("import.duplicate_id", "error", "One id is one thing in all sources"),
    Rule("import.idle_rename", "warning", "Every entry of renames.yaml is for one thing of the import"),
    Rule("import.incomplete", "warning", "Everything has what its kind needs"),
    Rule("import.merged", "warning", "Only what people complete takes the place of several"),
    Rule("import.no_place", "info", "What documents state has a place in a program"),
    Rule("import.other_thing", "error", "An id with work on it stays the same thing"),
    Rule("import.other_tree", "error", "A source keeps the things that it gave"),
    Rule("import.prerequisites", "warning", "All sources ask for the same prerequisites of a thing"),
    Rule("import.replaced", "error", "What has work on it goes on under its new id"),
    Rule("import.retires_much", "error", "An import retires at most a tenth of a program"),
    Rule("import.reworded", "info", "What goes on under a new id says so"),
    Rule("import.succeeds", "info", "An activity goes on as one activity"),
    Rule("import.two_quizzes", "warning", "One quiz is imported as one"),
    Rule("import.unattached", "warning", "Every document belongs to something"),
)
