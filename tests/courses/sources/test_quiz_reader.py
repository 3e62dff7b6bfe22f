"""Quizzes are read whole in every dialect: where questions begin, what their options are, where answers stand."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import (
    CORPUS,
    facts,
    faults_of_account,
    mutated,
    needs_corpus,
    read_corpus,
    read_text,
    rules,
)

QUIZZES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("quizzes/*.md"))


def questions(statement: Statement) -> list[Claim]:
    return list(statement.of_kind("question"))


def brief(question: Claim) -> tuple[str | None, str, list[str], object]:
    """Type, stem, options, and what is right: letters, else the answer."""
    said = facts(question)
    places = [name.split(".")[1] for name in said if name.startswith("options.") and name.endswith(".id")]
    right = "".join(str(said[f"options.{at}.id"]) for at in places if f"options.{at}.right" in said)
    answer = said.get("answer", said.get("accepted.0"))
    return said.get("type"), str(said["stem"]), [str(said[f"options.{at}.text"]) for at in places], right or answer  # type: ignore[return-value]


def read_quiz(text: str) -> list[Claim]:
    statement = read_text(text)
    assert statement.kind == "quiz"
    assert faults_of_account(statement) == []
    assert list(mutated(statement)) == []
    return questions(statement)


@needs_corpus
@pytest.mark.parametrize("path", QUIZZES)
def test_no_line_of_a_real_quiz_is_dropped(path: str) -> None:
    statement = read_corpus(path)
    assert statement.kind == "quiz"
    assert faults_of_account(statement) == []
    assert rules(statement) == []
    assert all(4 <= len(brief(question)[2]) <= 5 for question in questions(statement))


@needs_corpus
@pytest.mark.parametrize("path", QUIZZES)
def test_every_mapped_line_of_a_real_quiz_is_read(path: str) -> None:
    assert list(mutated(read_corpus(path), per_line=1)) == []


OPTIONS = ["A ship", "A number"]
DIALECTS = {
    "headings with titles": "### Question 1: Ports\nWhat is a port?\n\nA) A ship\nB) A number\n\n**Answer:** B\n",
    "short headings": "### Q1. What is a port?\n\na) A ship\nb) A number\n\n**Correct Answer**: b) A number\n",
    "bare headings": "### 1. What is a port?\n\n- A) A ship\n- B) A number\n\nAnswer: B\n",
    "bold numbers": "**1.** What is a port?\n\nA. A ship\nB. A number\n\n*Answer: B*\n",
    "bold questions": "**Q1: What is a port?**\n\n(a) A ship\n(b) A number\n\n> **Answer:** (b)\n",
    "numbered lines": "1. What is a port?\n   - A. A ship\n   - B. A number\n\n   **Answer: B**\n",
    "numbered with rest of the line": "**Question 1** What is a port?\n* a) A ship\n* b) A number\n\n**Correct "
    "Option:** B\n",
    "ticks": "### Question 1\nWhat is a port?\n\n- [ ] A. A ship\n- [x] B. A number\n",
    "ticks without letters": "### Question 1\nWhat is a port?\n- [ ] A ship\n- [x] A number\n",
    "marks": "### Question 1\nWhat is a port?\n\nA) A ship\nB) A number \u2705\n",
    "words": "### Question 1\nWhat is a port?\n\nA) A ship\nB) A number (correct)\n",
    "bold option": "### Question 1\nWhat is a port?\n\n- A) A ship\n- **B) A number**\n",
    "letters in bold": "### Question 1\nWhat is a port?\n\n**A)** A ship\n**B)** A number\n\n**Answer: B**\n",
    "one line": "### Question 1\nWhat is a port?\n\na) A ship   b) A number\n\n**Answer:** b\n",
    "a fold": "### Question 1\nWhat is a port?\n\nA) A ship\nB) A number\n\n<details>\n<summary>Show "
    "Answer</summary>\n\n"
    "**Answer:** B\n\n</details>\n",
    "a fold that is the label": "### Question 1\nWhat is a port?\n\nA) A ship\nB) A number\n\n"
    "<details><summary>Answer</summary>\n\n**B) A number**\n\n</details>\n",
    "the answer in words": "### Question 1\nWhat is a port?\n\n- A ship\n- A number\n\n**Answer:** A number\n",
    "a heading": "## Question 1\nWhat is a port?\n\nA) A ship\nB) A number\n\n### Answer\nB\n",
    "labels for all": "#### Question 1\n**Question:** What is a port?\n**Options:**\nA) A ship\nB) A "
    "number\n\n**Solution:** B\n",
    "answers with their words in bold": "**Question 1: What is a port?**\nA. A ship\nB. A number\n\n**Answer: "
    "B. A number**\n",
    "a sign before the heading": "### \u2753 Question 1\nWhat is a port?\n- A. A ship\n- B. A number\n\n\u2705 "
    "**Answer:** B\n",
    "a table of options": "### Question 1\nWhat is a port?\n\n| Option | Text |\n|---|---|\n| A | A ship |\n| B "
    "| A number |\n\n"
    "**Answer:** B\n",
}


@pytest.mark.parametrize("name", DIALECTS)
def test_a_question_is_the_same_in_every_dialect(name: str) -> None:
    [question] = read_quiz(f"# Harbour Quiz\n\n{DIALECTS[name]}")
    assert brief(question) == ("single", "What is a port?", OPTIONS, "b")


def test_an_answer_in_the_line_of_its_fold_is_read() -> None:
    """Not mutated: the names of tags are markup, and stand in the line of the answer."""
    fold = "<details><summary>Answer</summary>B - It is a number</details>\n"
    statement = read_text(f"# Quiz\n\n#### 1. What is a port?\n\n- [ ] A) A ship\n- [ ] B) A number\n\n{fold}")
    assert brief(questions(statement)[0]) == ("single", "What is a port?", OPTIONS, "b")
    assert faults_of_account(statement) == []


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(ending: str) -> None:
    statement = read_text(f"# Harbour Quiz\n\n{DIALECTS['a fold']}".replace("\n", ending))
    assert brief(questions(statement)[0]) == ("single", "What is a port?", OPTIONS, "b")
    assert faults_of_account(statement) == []


ASKED = "".join(f"### Question {number}: T\nWhich one is it?\n\nA) This\nB) That\nC) Both\n\n" for number in (1, 2, 3))
KEYS = {
    "a list": "1. B\n2. C\n3. A\n",
    "a list with words": "1. B - because of this\n2. C - because of that\n3. A - neither\n",
    "several in a line": "1. B   2. C   3. A\n",
    "with commas": "1-B, 2-C, 3-A\n",
    "with bars": "1. B | 2. C | 3. A\n",
    "bold bullets": "- **Q1:** B\n- **Q2:** C\n- **Q3:** A\n",
    "bold numbers": "**1. B - That**\n- it is that\n- 2. never that\n\n**2. C - Both**\n- both fit\n\n**3. A - "
    "This**\n- it is this\n",
    "a table": "| Question | Answer | Explanation |\n|---|---|---|\n| 1 | B | That |\n| 2 | C | Both |\n| 3 | A "
    "| This |\n",
    "a table with numbers": "| # | Topic | Correct Answer |\n|---|---|---|\n| Q1 | Ports | B |\n| Q2 | Docks | "
    "C |\n| Q3 | Bays | A |\n",
    "two tables in one": "| Q | Answer | Q | Answer |\n|---|---|---|---|\n| 1 | B | 2 | C |\n| 3 | A | | |\n",
    "headings": "### Question 1: T\n**Answer:** B\nThat is it.\n\n### Question 2: T\n**Answer:** C\n\n### "
    "Question 3: T\n**Answer:** A\n",
    "a fold": "<details>\n<summary>Click to reveal</summary>\n\n1. B\n2. C\n3. A\n\n</details>\n",
    "lines": "Question 1: B\nQuestion 2: C\nQuestion 3: A\n",
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_read_in_every_form(name: str) -> None:
    found = read_quiz(f"# Quiz\n\n{ASKED}## Answer Key\n\n{KEYS[name]}")
    assert [brief(question)[3] for question in found] == ["b", "c", "a"]
    assert all("stated.key.0" in question.fields for question in found)


def test_words_of_a_key_explain_and_numbers_that_begin_again_count_in_their_section() -> None:
    found = read_quiz(f"# Quiz\n\n{ASKED}## Answers and Explanations\n\n{KEYS['bold numbers']}")
    assert facts(found[0])["explanation"] == "- it is that\n- 2. never that"
    part = "1. Which?\nA) This\nB) That\n\n2. What?\nA) One\nB) Two\n\n"
    statement = read_text(
        f"# Quiz\n\n## Section A\n\n{part}## Section B\n\n{part}## Answer Key\n\n### Section A\n1. A\n2. B\n### "
        f"Section B\n1. B\n2. A\n"
    )
    assert [brief(question)[3] for question in questions(statement)] == ["a", "b", "b", "a"]


TYPES = {
    ("multiple", "ac"): "Which? (Select all that apply)\n\n- [ ] A) x\n- [ ] B) y\n- [ ] C) z\n\n**Answers:** A, C\n",
    ("multiple", "bc"): "Which two fit?\n\nA) x\nB) y\nC) z\n\n**Correct Answers:** B and C\n",
    ("multiple", "ab"): "Which fit?\n\n- [x] one\n- [x] two\n- [ ] three\n",
    ("true_false", True): "**True or False:** Ports are numbers.\n\n**Answer:** True\n\n**Explanation:** They are.\n",
    ("true_false", False): "Ports are ships.\n\n- A) True\n- B) False\n\n**Answer:** B\n",
    ("numeric", "443"): "Which port is for HTTPS?\n\n**Answer:** 443\n",
    ("short_text", "a socket"): "What does a program open?\n\n**Expected Answer:** a socket\n",
}


@pytest.mark.parametrize(("wanted", "text"), TYPES.items())
def test_types_are_told_by_what_a_question_asks(wanted: tuple[str, object], text: str) -> None:
    [question] = read_quiz(f"# Quiz\n\n### Question 1\n{text}")
    assert (brief(question)[0], brief(question)[3]) == wanted


def test_matching_pairs_and_orders_are_read() -> None:
    head = "# Quiz\n\n### Question 1\n"
    [match] = read_quiz(
        f"{head}Match each port with its service.\n\n| Port | Service |\n|---|---|\n| 1. 22 | A. HTTPS |\n| 2. "
        f"443 | B. SSH |\n\n"
        "**Answer:** 1-B, 2-A\n"
    )
    assert brief(match)[0] == "matching"
    assert [match.get(f"pairs.{at}") for at in (0, 1)] == [
        {"left": "22", "right": "SSH"}, {"left": "443", "right": "HTTPS"},
    ]  # fmt: skip
    [order] = read_quiz(f"{head}Put the steps in order.\n\nA) push\nB) add\nC) commit\n\n**Correct Order:** B, C, A\n")
    assert (brief(order)[0], order.get("stated.order")) == ("ordering", ["B", "C", "A"])


CODE = """\
# Quiz

### Question 1: Output (2 points)
**Difficulty**: Easy

What is printed?

```python
# 1. What is this?
A) = 1
```

A)
```text
one
```
B)
```text
two
```

**Answer**: A

**Explanation**: It is one:
- **Type**: text
- one more

```python
print(1)
```

## Bonus Question 2: Depth
**What is deepest, and
what is not?**

A) The sea,
   of course
B) The bay
**Hint:** Not the bay.
**Your Answer:** ____

<details>
<summary>Answer</summary>

**A** - the sea.

It is deep.
</details>
"""


def test_code_stands_in_stems_options_and_explanations() -> None:
    first, second = read_quiz(CODE)
    assert brief(first)[0] == "code_reading"
    assert brief(first)[2] == ["```text\none\n```", "```text\ntwo\n```"]
    assert facts(first)["points"] == "2"
    assert facts(first)["difficulty"] == "Easy"
    assert str(facts(first)["stem"]).endswith("A) = 1\n```")
    assert str(facts(first)["explanation"]).endswith("- one more\n```python\nprint(1)\n```")
    assert facts(second)["bonus"] is True
    assert brief(second)[2:] == (["The sea,\nof course", "The bay"], "a")
    assert facts(second)["hint"] == "Not the bay."
    assert facts(second)["explanation"] == "It is deep."


HEAD = """\
# MOD-901: Ports and Piers - Final Quiz

## Quiz Information

| Field | Value |
|---|---|
| Module | Ports and Piers |
| Time Limit | 45 minutes |
| Questions | 2 questions |

- **Passing Score**: 70% (7/10 points)
- **Total Points**: 10
- **Question Types**: Multiple choice, true/false
- **Attempts**: 3
- **Reviewer**: Platform lead

**Topics Covered:**
- Ports (1 question)

## Part 1: Basics (2 questions)

1. What is a port?
   a. A ship
   b. A number

   **Answer:** b

2. Which one?
   a. This
   b. That

   **Answer:** a

## Scoring Guide

**9-10 correct (90-100%):** Good

| Score | Meaning |
|---|---|
| below 5 | Read again |

## Tides

They come and go.

## Next Steps
"""


def test_what_stands_around_the_questions_is_stated() -> None:
    statement = read_text(HEAD)
    assert faults_of_account(statement) == []
    assert list(mutated(statement)) == []
    [quiz] = statement.of_kind("quiz")
    said = facts(quiz)
    wanted = {
        "stated.module_id": "MOD-901", "stated.module_title": "Ports and Piers", "time_limit_minutes": "45",
        "stated.questions": "2", "passing.percent": "70", "passing.count": "7", "passing.of": "10", "points": "10",
        "stated.types.0": "single", "stated.types.1": "true_false", "stated.attempts": "3",
        "stated.sections.0": {"title": "Part 1: Basics (2 questions)", "questions": "2"},
        "stated.topics.0": {"title": "Ports (1 question)", "questions": "1"},
        "bands.0": {
            "group": "Scoring Guide", "score": "9-10 correct (90-100%)", "text": "Good",
            "percent": {"low": "90", "high": "100"},
        },
        "bands.1": {"group": "Scoring Guide", "score": "below 5", "meaning": "Read again"},
        "sections.0": {"title": "Tides", "text": "They come and go."},
    }  # fmt: skip
    assert {name: said.get(name) for name in wanted} == wanted
    assert [brief(question)[3] for question in questions(statement)] == ["b", "a"]
    assert [rule for rule, _ in rules(statement)] == ["source.unknown_section", "hygiene.empty_section"]


def test_a_key_that_answers_what_is_not_asked_is_reported() -> None:
    statement = read_text(f"# Quiz\n\n{ASKED}## Answer Key\n\n1. B\n2. C\n3. A\n3. B\n9. A\n")
    assert faults_of_account(statement) == []
    assert [rule for rule, _ in rules(statement)] == ["quiz.key_twice", "quiz.key_without_question"]


@pytest.mark.parametrize(
    "text",
    [
        "# Exercises\n\n1. Build a page\n2. Build another\n\n**Answer:** none\n",
        "# Notes\n\nA) one\nB) two\n",
        "# Guide\n\n## Step 1: Install\n\n- [ ] do it\n- [ ] do more\n",
        "# Quiz\n\nNothing is asked yet.\n",
    ],
)
def test_what_asks_nothing_is_no_quiz(text: str) -> None:
    assert read_text(text).kind != "quiz"


def test_words_behind_a_letter_are_kept_beside_an_explanation() -> None:
    quiz = (
        "# Quiz\n\n### Question 1: Sea\nWhat is wet?\n\nA) The sea\nB) The sand\n\n**Answer:** A (see chapter four)\n"
    )
    [alone] = read_quiz(quiz)
    assert facts(alone)["explanation"] == "(see chapter four)"
    [both] = read_quiz(f"{quiz}**Explanation:** It is water.\n")
    assert (facts(both)["explanation"], facts(both)["stated.answer_note"]) == ("It is water.", "(see chapter four)")
