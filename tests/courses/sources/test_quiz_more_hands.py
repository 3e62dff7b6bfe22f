"""More forms of questions: folds in one line, ticks before answers, arrows behind labels, titles that ask, German."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.readers.quiz.tags import asks_above
from tests.courses.sources.support import faults_of_account, mutated, read_text


def asked(text: str) -> list[Claim]:
    statement = read_text(text)
    assert (statement.kind, faults_of_account(statement)) == ("quiz", [])
    return list(statement.of_kind("question"))


def key(claim: Claim) -> object:
    places = range(sum(name.startswith("options.") and name.endswith(".id") for name in claim.fields))
    letters = "".join(claim.get(f"options.{at}.id") for at in places if claim.get(f"options.{at}.right"))
    return letters or claim.get("answer")


FOLD = "<details><summary>Answer</summary>"
FOLDED = f"# Command Quiz\n\n### Question 1\nWho leads?\n\nA) One\nB) Two\n\n{FOLD}\n\n{{}}\n\n</details>\n"


@pytest.mark.parametrize(
    ("answer", "letters", "why"),
    [
        ("<b>B</b>: stop it", "b", "stop it"),
        ("\u2705 A, B", "ab", None),
        ("**B** is correct.\n\n**Note:** two is even", "b", "**Note:** two is even"),
        ("The correct answer is **A**. One is odd.", "a", "One is odd."),
    ],
)
def test_answers_behind_a_fold(answer: str, letters: str, why: str | None) -> None:
    (claim,) = asked(FOLDED.format(answer))
    assert (key(claim), claim.get("explanation")) == (letters, why)


def test_a_fold_in_one_line_and_a_cross_before_false() -> None:
    text = f"# Truth Quiz\n\n### Q1\nIt may rain. **True / False**\n\n{FOLD}True \u2013 in autumn.</details>\n"
    text += f"\n### Q2\nIt never rains. **True / False**\n\n{FOLD}\n\n\u274c False\n\n</details>\n"
    first, second = asked(text)
    assert (key(first), key(second)) == (True, False)
    assert "autumn" not in first.get("stem")
    assert first.get("explanation") == "in autumn."


@pytest.mark.parametrize(
    ("line", "letters"),
    [("Correct answer \u2192 B", "b"), ("**Answer** - A", "a"), ("Correct answers => A + B", "ab")],
)
def test_an_arrow_or_a_dash_may_stand_behind_a_label(line: str, letters: str) -> None:
    (claim,) = asked(f"# Serving Quiz\n\n### Q1 - Which?\n(A) One\n(B) Two\n\n{line}\nRationale \u2192 It fits.\n")
    assert (key(claim), claim.get("explanation")) == (letters, "It fits.")


GERMAN = """\
# Quiz Modul 5: Container

### Frage 1: Images
Was ist ein Image?

a) Ein Prozess
b) Eine Vorlage

**Richtige Antwort:** b
**Erkl\u00e4rung:** Ein Container ist eine Instanz davon.

### Frage 2: Volumes
Volumes bleiben. (Wahr/Falsch)

**Antwort:** Falsch

### Frage 3
Warum?

a) Darum
b) Nur so

## L\u00f6sungen

3. a
"""


def test_german_labels_and_truths() -> None:
    first, second, third = asked(GERMAN)
    assert (key(first), first.get("explanation")) == ("b", "Ein Container ist eine Instanz davon.")
    assert (second.get("type"), key(second), key(third)) == ("true_false", False, "a")


@pytest.mark.parametrize(
    ("title", "stem", "above"),
    [
        ("What does it print?", "```python\nprint(1)\n```", True),
        ("Output", "```python\n# why?\nprint(1)\n```", True),
        ("Match tool and use", "| Tool | Use |\n|---|---|\n| a | ? |", True),
        ("What is right here?", "Select all that apply.", True),
        ("Offsets", "Where are offsets stored?", False),
        ("Why offsets?", "Which of these is a reason?", False),
        ("Cardinality", "**It harms** most.", False),
    ],
)
def test_a_title_that_asks_is_a_part_of_what_learners_read(title: str, stem: str, above: bool) -> None:
    assert asks_above(title, stem) is above
    (claim,) = asked(f"# Print Quiz\n\n### 1. {title}\n\n{stem}\n\nA) One\nB) Two\n\n**Answer:** A\n")
    assert claim.get("stem").startswith(f"{title}\n\n") is above


SECTIONS = """\
CHECKS QUIZ

SECTION 1: CHECKS

Question 1. Which finds duplicates?
   A. Uniqueness
   B. Volume

SECTION 2: ORDER

Question 2. Order the steps from first to last: build, test, ship

Question 3. Order the steps: (1) build, (2) test, (3) ship

Question 4. Which is `true`?
   1. true
   2. false

ANSWER KEY

1. A
2. build -> test -> ship
3. 2, 1, 3
4. 1
"""


def test_lines_in_capitals_are_sections_and_words_are_put_in_order() -> None:
    first, second, third, fourth = asked(SECTIONS)
    assert "SECTION" not in first.get("stem") + "".join(str(fact.value) for fact in first.fields.values())
    assert [second.get(f"items.{at}")["text"] for at in range(3)] == ["build", "test", "ship"]
    assert (second.get("type"), third.get("type"), third.get("accepted.0")) == ("ordering", "short_text", "2, 1, 3")
    assert (fourth.get("type"), key(fourth)) == ("true_false", True)


TABLE = """\
# Zones Quiz

### Question 1
Given these nodes:

| Node | Zone |
|------|------|
| a | 1 |
| b | 2 |

Which traffic is billed?

A. inside
B. between

**Answer**: B

### Question 2
Match pattern and use.

- Outbox
- Saga

Options: (a) long transactions, (b) reliable events

**Answer:** Outbox \u2192 b, Saga \u2192 a

### Question 3
Which one?
Choices: left or right

**Answer:** left
"""


def test_rows_of_a_table_with_a_head_are_no_choices_and_options_stand_behind_their_label() -> None:
    first, second, third = asked(TABLE)
    assert (key(first), first.get("options.1.text")) == ("b", "between")
    assert "| a | 1 |" in first.get("stem")
    assert second.get("pairs.0") == {"left": "Outbox", "right": "reliable events"}
    assert "left or right" in third.get("stem")


@pytest.mark.parametrize("text", [GERMAN, SECTIONS, TABLE])
def test_every_figure_is_read(text: str) -> None:
    faults = list(mutated(read_text(text)))
    assert [each for each in faults if "changes nothing" in each and each.split("'")[1].isdigit()] == []


AT_THE_END = """\
# API Quiz

## Part I: Multiple choice

1. Which verb is idempotent?
   A. POST
   B. PUT
   Answer: B

## Part II: True/False

2. GET may have a body. \u2014 True
3. HEAD returns one. - **F**

## Part III: Blanks

4. OpenAPI is written in JSON or ______. (YAML)
"""
BY_SECTION = """\
# Edge Quiz

## Section A

### Q1
What is short?

A) Power
B) Licences

### Q2
Loss is certain. True or False?

**Section A answers:** Q1: A, Q2: False

## Section B

### Q3
Name the file.

### Q4
How many bits?

**Section B answers:** Q3: model.tflite, Q4: 8
"""


def test_answers_at_the_end_of_the_line_that_asks() -> None:
    found = asked(AT_THE_END)
    assert [each.get("answer") or each.get("accepted.0") for each in found[1:]] == [True, None, "YAML"]
    assert [key(each) for each in found] == ["b", True, False, None]
    assert found[3].get("stem") == "OpenAPI is written in JSON or ______."


def test_a_key_below_each_section() -> None:
    found = [(each.get("type"), key(each), each.get("accepted.0")) for each in asked(BY_SECTION)]
    assert found == [
        ("single", "a", None), ("true_false", False, None),
        ("short_text", None, "model.tflite"), ("numeric", "8", None),
    ]  # fmt: skip


YAML_QUIZ = """\
title: GitOps Quiz
questions:
  - id: q1
    question: Which are tools?
    options: [Flux, Argo, Excel]
    correct_answers: [0, 1]
  - id: q2
    question: How many?
    answer: 3
    unit: replicas
    tolerance: 5%
  - id: q3
    question: Name the hook.
    accepted: [PreSync, pre-sync]
  - id: q4
    type: ordering
    question: Order the steps.
    items: [commit, sync]
  - id: q5
    type: matching
    question: Match.
    pairs:
      - {left: Flux, right: source}
      - {left: Argo, right: repo}
  - id: q6
    question: Which one?
    options: [One, Two]
    answer: 2
  - id: q7
    question: What else?
    pairs: {a: b}
"""


def test_a_quiz_in_yaml_may_have_places_words_orders_and_pairs() -> None:
    statement = read_text(YAML_QUIZ, "quiz.yaml")
    assert faults_of_account(statement) == []
    found = list(statement.of_kind("question"))
    assert (key(found[0]), key(found[1]), found[1].get("unit"), found[1].get("tolerance_percent")) == (
        "ab", "3", "replicas", "5",
    )  # fmt: skip
    assert [found[2].get(f"accepted.{at}") for at in range(2)] == ["PreSync", "pre-sync"]
    assert [found[3].get(f"items.{at}")["text"] for at in range(2)] == ["commit", "sync"]
    assert found[4].get("pairs.1") == {"left": "Argo", "right": "repo"}
    # Whether 2 is the second or the third, nobody knows.
    assert (key(found[5]), found[6].get("type")) == (None, None)
    assert [each.get("stated.number") for each in found] == list("1234567")
