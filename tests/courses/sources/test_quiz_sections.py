"""The sections of a quiz: their titles, what they say, and with which question they begin."""

from __future__ import annotations

from tests.courses.sources.support import facts, faults_of_account, read_text

PARTS = """# Ports Quiz

## Part A: *Basics* (2 questions)

Read this first:

```yaml
kind: Pod
```

### Question 1
What is it?
A) a pod
B) a node

**Answer:** A

### Question 2
Is it so?
A) yes
B) no

**Answer:** A

## Tides (Questions 3-4)

**Points**: 2 each

### Question 3
What is low?
A) ebb
B) flood

**Answer:** A

### Question 4
What is high?
A) ebb
B) flood

**Answer:** B

## Bonus Question 5: More

What is five?
A) five
B) four

**Answer:** A
"""


def test_sections_are_told_with_their_text_and_where_they_begin() -> None:
    statement = read_text(PARTS)
    assert faults_of_account(statement) == []
    [quiz] = statement.of_kind("quiz")
    said = {name: fact.value for name, fact in quiz.fields.items() if name.startswith("parts.")}
    assert said == {
        "parts.0": {"title": "Part A: *Basics*", "first": 1, "text": "Read this first:\n\n```yaml\nkind: Pod\n```"},
        "parts.1": {"title": "Tides", "first": 3},
        "parts.2": {"first": 5},
    }
    assert facts(quiz)["stated.sections.1"] == {"title": "Tides (Questions 3-4)", "first": "3", "last": "4"}


def test_one_section_that_holds_the_whole_quiz_is_none() -> None:
    [quiz] = read_text(PARTS[: PARTS.index("## Tides")]).of_kind("quiz")
    assert not [name for name in quiz.fields if name.startswith("parts.")]
    assert facts(quiz)["sections.0"] == {
        "title": "Part A: *Basics* (2 questions)", "text": "Read this first:\n\n```yaml\nkind: Pod\n```",
    }  # fmt: skip
