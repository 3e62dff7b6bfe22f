"""Text of a template that was left, and what only looks like it."""

from __future__ import annotations

import pytest

from courses.curriculum.lint.hygiene import template_text
from tests.courses.sources.support import read_text

HEAD = "# Module Roadmap\n\n## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Ports\n\n## Notes\n\n"


def left(line: str) -> list[str]:
    return [each.message for each in template_text([read_text(f"{HEAD}{line}\n")])]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("- [Objective 1]", "[Objective 1]"), ("- [Objective 2]: explain it", "[Objective 2]"),
        ("- [Learning objective]", "[Learning objective]"), ("- [Skill 1]", "[Skill 1]"),
        ("[Lab title]", "[Lab title]"),
        ("[Your Name]", "[Your Name]"), ("[Brief description]", "[Brief description]"), ("**On**: [Date]", "[Date]"),
        ("Status: TBD", "TBD"), ("Owner: TBA", "TBA"), ("TODO: write this", "TODO"), ("<fill in>", "<fill in>"),
        ("<fill in the hours>", "<fill in the hours>"), ("<your-name>", "<your-name>"), ("Lorem ipsum", "Lorem ipsum"),
        ("{{ module_title }}", "{{ module_title }}"), ("**Updated**: YYYY-MM-DD", "YYYY-MM-DD"),
        ("| x | YYYY-MM-DD |", "YYYY-MM-DD"), ("Takes XX hours", "XX hours"), ("**Duration**: X hours", "X hours"),
        ("Duration: XX-YY hours", "XX-YY hours"), ("Worth XX%", "XX%"),
    ],
)  # fmt: skip
def test_it_is_named(line: str, text: str) -> None:
    assert left(line) == [f"Text of the template is left: {text}."]


@pytest.mark.parametrize(
    "line",
    [
        "- [x] done", "- [ ] open", "see [Objective 1](o.md)", "[topic]: https://example.test", "[topic]: ./notes.md",
        "a [cited][topic] source", "array[topic]", "[module-registry] is a label", "[optional] bonus", "![lab](x.png)",
        "Write a TODO app", "Build a todo list", "Count the FIXME comments", "Render `{{ title }}` with it",
        "Charts use {{ .Values.name }}", "Dates as YYYY-MM-DD (ISO 8601)", "Format: YYYY-MM-DD (ISO 8601)",
        "Format: YYYY-MM-DD format", "HTTP 5XX errors", "XX chromosomes", "It takes x hours", "`TBD`",
    ],
)  # fmt: skip
def test_other_words_are_none(line: str) -> None:
    assert left(line) == []


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("assessment_types: [Project, Quiz]", []),
        ("assessment_types: [Project]", []),
        ("assessed_by: [Lab]", []),
        ("title: [Lab title]", ["[Lab title]"]),
        ("status: [Status]", []),
    ],
)
def test_a_list_of_yaml_in_brackets_is_none_where_a_list_belongs(line: str, texts: list[str]) -> None:
    matrix = f"role: Engineer\ncompetency_domains:\n  - name: Delivery\n    skills:\n      - name: CI\n        {line}\n"
    found = [each.message for each in template_text([read_text(matrix, "skills.yaml")])]
    assert found == [f"Text of the template is left: {text}." for text in texts]
