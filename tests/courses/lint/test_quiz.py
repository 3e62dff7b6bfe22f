"""What is checked in one quiz: each rule finds its fault, and a sound quiz has none."""

from __future__ import annotations

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint import load
from courses.curriculum.lint.register import Setting, checks
from tests.courses.sources.support import needs_corpus, read_corpus, read_text

load()
SOUND = """\
# Module 901: Ports - Quiz

**Total Questions**: 2
**Passing Score**: 50% (1/2)
**Question Types**: Multiple choice, multiple select

## Section 1: Basics (2 questions)

### Question 1: Ports
What is a port? See [the page](page.md) and `a[i]`.

A) A ship
B) A number

**Answer:** B

### Question 2: Which?
Which are numbers? (Select all that apply)

A) one
B) two
C) a [ ] box

**Answers:** A, B

## Answer Key

1. B - a number
2. A and B
"""


def found(text: str) -> list[Finding]:
    statement = read_text(text)
    assert statement.kind == "quiz"
    run = [*statement.findings, *checks.run([statement], Setting())]
    return [finding for finding in run if finding.rule.startswith("quiz.")]


def test_a_sound_quiz_has_no_findings() -> None:
    assert found(SOUND) == []


FAULTS = [
    ("quiz.no_answer", "error", "**Answer:** B\n", "", "1. B - a number\n", ""),
    ("quiz.answer_not_an_option", "error", "**Answer:** B\n", "**Answer:** D\n", "1. B - a number\n", ""),
    ("quiz.answer_not_an_option", "error", "**Answer:** B\n", "**Answer:** a whale\n", "1. B - a number\n", ""),
    ("quiz.key_conflict", "error", "1. B - a number", "1. A - a ship"),
    ("quiz.key_conflict", "error", "2. A and B", "2. A, C"),
    ("quiz.key_conflict", "error", "**Answer:** B\n", "**Answer:** B) a ship\n"),
    ("quiz.placeholder", "error", "A) A ship", "A) [Option A]"),
    ("quiz.placeholder", "error", "**Answer:** B\n", "**Answer:** [Letter]\n", "1. B - a number\n", ""),
    ("quiz.passing_score", "warning", "50% (1/2)", "80% (1/2)"),
    ("quiz.passing_score", "warning", "50% (1/2)", "50% (2/4)"),
    ("quiz.question_count", "warning", "Questions**: 2", "Questions**: 3"),
    ("quiz.question_count", "warning", "(2 questions)", "(Questions 1-3)"),
    ("quiz.question_types", "warning", "Multiple choice,", "Multiple choice, true/false,"),
    ("quiz.duplicate_options", "warning", "C) a [ ] box", "C) One", "**Answers:** A, B", "**Answers:** A, B, C",
     "2. A and B", "2. A, B and C"),
    ("quiz.duplicate_options", "error", "A) A ship", "A) a number"),
    ("quiz.select_all_one", "warning", "**Answers:** A, B", "**Answers:** A", "2. A and B", "2. A"),
    ("quiz.number_twice", "warning", "### Question 2", "### Question 1", "2. A and B\n", "", "1. B - a number\n", ""),
    ("quiz.key_twice", "warning", "2. A and B\n", "2. A and B\n2. C\n"),
    ("quiz.key_unread", "warning", "2. A and B\n", "2. A and B\n\n*1. means the first, 2. the second.*\n"),
    ("quiz.key_unread", "warning", "1. B - a number\n2. A and B\n", "- B\n- A and B\n- C\n"),
    ("quiz.key_without_question", "warning", "2. A and B\n", "2. A and B\n3. C\n"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}:{fault[3][:20]}")
def test_a_fault_is_found_once_where_it_stands(fault: tuple[str, ...]) -> None:
    rule, severity, *changes = fault
    text = SOUND
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    assert [(finding.rule, finding.severity) for finding in found(text)] == [(rule, severity)]
    [finding] = found(text)
    assert finding.fix
    assert text.splitlines()[finding.line - 1].strip()


def test_a_sentence_of_a_key_without_an_answer_is_no_finding() -> None:
    for note in ("*Answers are in another repository.*", "**Do not look here first!**", "A key follows:"):
        assert found(SOUND.replace("1. B - a number", f"{note}\n\n1. B - a number")) == []


def test_every_line_of_a_key_that_is_not_understood_is_named_once() -> None:
    text = SOUND.replace("1. B - a number\n2. A and B\n", "- B\n- A and B\n- C\n")
    [finding] = found(text)
    assert [line for _, line in finding.related] == [finding.line + 1, finding.line + 2]
    assert "'- B'" in finding.message


SAYS = """\
# Quiz

### Question 1
True or False: Redis is online.

**Answer:** {0}

### Question 2
On which port does Redis listen?

**Answer:** {1}

## Answer Key

{2}
"""
AGAINST = [
    ("True", "6379", "1-True, 2-6379", []),
    ("True", "6379", "1: T / 2: 6379", []),
    ("T", "6379", "1-F, 2-6379", ["Question 1"]),
    ("True", "6379", "1. False\n2. 6379.0", ["Question 1"]),
    ("False", "6379", "| 1 | T | 2 | 6380 |\n|---|---|---|---|", ["Question 1", "Question 2"]),
    ("False", "6379", "| 1 | 2 |\n|---|---|\n| T | F |", ["Question 1"]),
]


@pytest.mark.parametrize(("first", "second", "key", "named"), AGAINST)
def test_truths_and_figures_are_held_against_the_key(first: str, second: str, key: str, named: list[str]) -> None:
    conflicts = [each for each in found(SAYS.format(first, second, key)) if each.rule == "quiz.key_conflict"]
    assert [each.message[:10] for each in conflicts] == named


def test_a_statement_is_answered_with_a_truth() -> None:
    said = SAYS.format("maybe", "6379", "2. 6379").replace("online.\n", "online.\n\nA) True\nB) False\n")
    [finding] = found(said)
    assert (finding.rule, finding.message) == (
        "quiz.answer_not_an_option", "Question 1 is answered 'maybe', which is neither true nor false.",
    )  # fmt: skip


def test_the_finding_of_a_template_names_each_of_its_lines() -> None:
    text = (
        SOUND.replace("A) A ship", "A) [Option A]").replace("B) A number", "B) [Option B]").replace("A) one", "A) TODO")
    )
    [finding] = found(text)
    lines = [finding.line, *(line for _, line in finding.related)]
    assert [text.splitlines()[line - 1] for line in lines] == ["A) [Option A]", "B) [Option B]", "A) TODO"]


def test_a_bonus_question_is_none_of_the_stated_ones() -> None:
    bonus = "### Bonus Question 3: More\nWhich?\n\nA) this\nB) that\n\n**Answer:** A\n\n## Answer Key"
    assert found(SOUND.replace("## Answer Key", bonus)) == []


@pytest.mark.parametrize(("stated", "named"), [(1, 0), (0, 0), (2, 1)])
def test_a_section_of_bonus_questions_may_count_them(stated: int, named: int) -> None:
    bonus = f"## Bonus Section ({stated} questions)\n\n### Question 3\nWhich?\n\nA) this\nB) that\n\n**Answer:** A\n\n"
    assert len(found(SOUND.replace("## Answer Key", f"{bonus}## Answer Key"))) == named


POINTED = (
    SOUND.replace("**Total Questions**", "**Total Points**: {0}\n**Total Questions**")
    .replace("Question 1: Ports", "Question 1: Ports (5 points)")
    .replace("Question 2: Which?", "Question 2: Which? (10 points)")
)


@pytest.mark.parametrize(("total", "named"), [(15, 0), (17, 0), (20, 1)])
def test_points_of_questions_are_held_against_the_total(total: int, named: int) -> None:
    bonus = "### Bonus Question 3: More (2 points)\nWhich?\n\nA) this\nB) that\n\n**Answer:** A\n\n## Answer Key"
    given = found(POINTED.format(total).replace("## Answer Key", bonus))
    assert [(each.rule, each.severity, each.line) for each in given] == [("quiz.points", "warning", 3)] * named
    assert found(POINTED.format(total).replace(" (5 points)", "")) == [], "the other question may give any"


def test_letters_with_their_words_are_the_letters() -> None:
    for answer in ("A) one, B) two", "A) one and B) two", "\n- A) one\n- B) two"):
        assert found(SOUND.replace("**Answers:** A, B", f"**Answers:** {answer}")) == []
    [finding] = found(SOUND.replace("**Answers:** A, B", "**Answers:** A) one, C) a [ ] box"))
    assert finding.rule == "quiz.key_conflict"


def test_an_order_names_all_of_what_is_put_in_order() -> None:
    order = "# Quiz\n\n### Question 1\nOrder the steps.\n\nA) add\nB) commit\nC) push\n\n**Answer:** {0}\n"
    assert found(order.format("A, B, C")) == []
    [finding] = found(order.format("A, C"))
    assert (finding.rule, finding.severity, finding.line) == ("quiz.answer_not_an_option", "error", 10)
    assert "does not name each of A, B, C once" in finding.message


def _asked(right: str, *, longest: bool) -> str:
    """A question for each letter of *right*; the right option is by far the longest, or as long as the others."""
    parts = ["# Quiz\n"]
    for number, letter in enumerate(right, 1):
        texts = {each: f"short {each}" for each in "ABC"}
        if longest:
            texts[letter] = "the longest of them all"
        options = "".join(f"{each}) {text}\n" for each, text in texts.items())
        parts.append(f"### Question {number}\nWhich?\n\n{options}\n**Answer:** {letter}\n")
    return "\n".join(parts)


def test_a_key_that_can_be_guessed_is_named() -> None:
    assert found(_asked("ABCABCAB", longest=False)) == []
    assert [(finding.rule, finding.severity) for finding in found(_asked("BBBBBBAC", longest=False))] == [
        ("quiz.guessable_key", "info")
    ]
    [finding] = found(_asked("ABCABCAB", longest=True))
    assert "longest option" in finding.message
    assert found(_asked("BBBB", longest=True)) == [], "four questions are too few to tell"


@needs_corpus
def test_the_real_template_is_reported_as_one_with_every_line() -> None:
    statement = read_corpus("quizzes/mod-301-placeholder-quiz.md")
    [finding] = [each for each in checks.run([statement], Setting()) if each.rule == "quiz.placeholder"]
    lines = {finding.line, *(line for _, line in finding.related)}
    template = {number for number, line in enumerate(statement.source.lines[:241], 1) if "[" in line}
    assert lines == template
