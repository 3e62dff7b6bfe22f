"""Quizzes in dialects of more hands: every question has its type, its answer and what explains it."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.readers.quiz.line import answers_in
from tests.courses.sources.support import faults_of_account, read_text, rules

FOLDER = Path(__file__).with_name("quizzes")

# (type, answer) of each question: letters of the right options, truth, a figure, or words.
EXPECTED = {
    "plain-numbers": [
        ("single", "b"), ("true_false", False), ("multiple", "abd"), ("numeric", "3"), ("code_reading", "b"),
        ("short_text", "Running a DAG for past dates"),
    ],
    "boxes": [("single", "b"), ("multiple", "ac"), ("true_false", False)],
    "parentheses": [("single", "a"), ("single", "b"), ("single", "b"), ("short_text", "user namespaces")],
    "bold-choices": [("single", "b"), ("single", "a"), ("single", "a")],
    "folded": [("single", "b"), ("multiple", "ac")],
    "explained-first": [
        ("single", "b"), ("single", "b"), ("true_false", True),
        ("matching", [{"left": "Platform team", "right": "Reduces cognitive load"},
                      {"left": "Stream-aligned team", "right": "Builds a product flow"}]),
    ],
    "key-in-a-line": [
        ("single", "a"), ("single", "b"), ("multiple", "abd"), ("code_reading", "a"), ("short_text", "risk register"),
    ],
    "marked-answers": [
        ("single", "a"), ("single", "b"), ("true_false", False), ("short_text", "change failure rate; lead time"),
        ("single", "a"),
    ],
    "underlined": [
        ("single", "b"), ("multiple", "ab"), ("true_false", False), ("code_reading", "b"), ("short_text", "dvc.yaml"),
    ],
    "quoted-reasons": [("single", "b"), ("multiple", "ac"), ("true_false", True), ("numeric", "53")],
    "told-in-sentences": [
        ("single", "b"), ("multiple", "ac"), ("true_false", False), ("short_text", "confidentiality"),
    ],
    "folded-key": [("single", "b"), ("single", "a"), ("single", "b"), ("true_false", True)],
    "sections-by-type": [
        ("single", "c"), ("single", "a"), ("true_false", False), ("true_false", True),
        ("short_text", "Cosign (Sigstore)"), ("short_text", "where an artifact comes from, who built it, and how."),
    ],
    "keycaps": [("single", "a"), ("single", "a"), ("single", "b"), ("short_text", "sensor")],
    "headed-key": [("single", "a"), ("single", "b"), ("single", "b")],
    "no-headings": [("single", "a"), ("single", "b"), ("true_false", False)],
    "told-in-title": [("single", "b"), ("single", "b"), ("multiple", "ab")],
    "boxed": [("single", "a"), ("true_false", True), ("short_text", "offset")],
    "arrows": [("single", "a"), ("true_false", True), ("multiple", "ac")],
    "answered-before-choices": [
        ("single", "b"), ("single", "c"), ("true_false", False), ("true_false", True), ("true_false", True),
        ("true_false", False), ("single", "a"), ("multiple", "ac"), ("single", "a"),
    ],
    "tabled-key": [
        ("single", "a"), ("multiple", "ac"), ("true_false", True), ("true_false", True), ("short_text", "Dockerfile"),
        ("multiple", "ab"),
    ],
    "short-labels": [("true_false", False), ("single", "a"), ("multiple", "ab"), ("short_text", "a")],
    "questions-in-a-list": [
        ("single", "a"), ("true_false", True), ("true_false", False), ("single", "a"), ("single", "a"),
    ],
    "truths-in-titles": [("true_false", False), ("true_false", True), ("true_false", True), ("single", "a")],
}  # fmt: skip
EXPLAINED = {
    "answered-before-choices": {1: "Routing is layer 3.", 2: None, 5: "It forwards frames."},
    "tabled-key": {1: "docker builds them", 2: "Both hold images.", 4: "Each step is one", 6: "A Pod is in a cluster"},
    "questions-in-a-list": {1: None, 4: "`git stash` keeps it aside."},
    "truths-in-titles": {1: "Logs are text.", 2: None, 3: "it pulls.", 4: None},
    "plain-numbers": {1: "Sensors wait", 4: "one run and two retries"},
    "boxes": {1: "cosign signs; syft lists."},
    "parentheses": {1: "Falco watches syscalls.", 3: "isolation keeps evidence."},
    "folded": {1: "Point-in-time joins only see the past."},
    "explained-first": {1: "Safety brings facts.", 3: "It is work."},
    "key-in-a-line": {1: "ADR means architecture decision record.", 2: "Partitions happen."},
    "marked-answers": {1: "standards scale.", 2: "Quarterly keeps them alive.", 3: "they inform it."},
    "underlined": {1: "the same code path serves both", 3: "input drift needs no labels", 4: None},
    "quoted-reasons": {
        1: "A Service keeps its IP while pods come and go.", 2: "PodIP is no type of Service.",
        3: "The API server only stores them.", 4: "It is UDP and TCP.",
    },
    "folded-key": {1: "it only shows.", 2: None},
    "sections-by-type": {1: "GCM has a tag.", 3: "It proves origin.", 4: None},
    "keycaps": {3: "It runs a DAG for dates that have passed."},
    "headed-key": {2: "Tags allocate cost to teams."},
    "told-in-title": {1: "it trades recall for speed.", 2: "HNSW links neighbours."},
}  # fmt: skip


def answered(question: Claim) -> object:
    match question.get("type"):
        case "single" | "multiple" | "code_reading" | "ordering":
            places = range(sum(name.endswith(".id") for name in question.fields))
            return "".join(question.get(f"options.{at}.id") for at in places if question.get(f"options.{at}.right"))
        case "true_false" | "numeric":
            return question.get("answer")
        case "matching":
            return [question.get(f"pairs.{at}") for at in range(question.count("pairs"))]
    return question.get("accepted.0")


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_question_is_asked_with_its_answer(name: str, newline: str) -> None:
    statement = read_text((FOLDER / f"{name}.md").read_text("utf-8").replace("\n", newline))
    assert statement.kind == "quiz"
    assert [(each.get("type"), answered(each)) for each in statement.of_kind("question")] == EXPECTED[name]
    assert faults_of_account(statement) == []
    assert [finding for finding in statement.findings if finding.severity != "info"] == []


@pytest.mark.parametrize("name", EXPLAINED)
def test_what_explains_an_answer_is_its_explanation(name: str) -> None:
    statement = read_text((FOLDER / f"{name}.md").read_text("utf-8"))
    said = {number: each.get("explanation") for number, each in enumerate(statement.of_kind("question"), 1)}
    assert {number: said[number] for number in EXPLAINED[name]} == EXPLAINED[name]


STEMS = {
    "boxed": {1: "What closes a window?", 3: "Name the place of a message."},
    "arrows": {2: "A partition has an order."},
    "answered-before-choices": {
        2: "Which port has HTTPS?", 3: "UDP keeps order.", 4: "TCP keeps order.", 5: "A switch works on layer 2.",
        6: "A hub works on layer 3.",
        7: "A service answers slowly,\nand its logs are silent.\nThe load is low.\nWhat do you look at first?",
    },
    "tabled-key": {3: "Containers share a kernel.", 6: "(Select all that apply) What may a Pod hold?"},
    "short-labels": {1: "An object store has folders."},
    "questions-in-a-list": {
        2: "A branch is a pointer.", 3: "A tag moves with commits.",
        4: "Which command saves work without a commit, so that the tree is clean?",
    },
    "truths-in-titles": {1: "Logs are metrics.", 2: "Traces have spans."},
}  # fmt: skip


@pytest.mark.parametrize("name", STEMS)
def test_a_stem_is_all_that_is_asked_and_nothing_that_only_says_its_type(name: str) -> None:
    statement = read_text((FOLDER / f"{name}.md").read_text("utf-8"))
    said = {number: each.get("stem") for number, each in enumerate(statement.of_kind("question"), 1)}
    assert {number: said[number] for number in STEMS[name]} == STEMS[name]


HEADS = {
    "headed-key": {"passing.percent": "100", "passing.count": "3", "passing.of": "3"},
    "no-headings": {"title": "Quiz 3 - Data Versioning", "passing.count": "2", "time_limit_minutes": "10"},
    "told-in-title": {"stated.questions": "3", "time_limit_minutes": "20", "passing.percent": "75"},
    "underlined": {
        "title": "MLOps Foundations Quiz", "stated.module_id": "MOD-505", "time_limit_minutes": "20",
        "passing.percent": "70", "passing.count": "7", "passing.of": "10",
    },
    "quoted-reasons": {
        "stated.module_title": "Kubernetes Networking", "stated.module_number": "604", "time_limit_minutes": "15",
        "stated.questions": "4", "passing.percent": "75",
    },
    "told-in-sentences": {
        "time_limit_minutes": "25", "passing.percent": "80", "stated.attempts": "Two", "stated.questions": "4",
    },
    "sections-by-type": {
        "points": "20", "passing.count": "14", "passing.of": "20", "passing.percent": "70", "time_limit_minutes": "60",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_a_quiz_is_read_from_labels_and_sentences(name: str) -> None:
    [quiz] = read_text((FOLDER / f"{name}.md").read_text("utf-8")).of_kind("quiz")
    assert {field: quiz.get(field) for field in HEADS[name]} == HEADS[name]


def test_points_stand_at_a_question_or_hold_for_its_section() -> None:
    statement = read_text((FOLDER / "sections-by-type.md").read_text("utf-8"))
    assert [each.get("points") for each in statement.of_kind("question")] == ["2", "2", "1", "1", "5", "5"]


def test_conditions_are_no_facts_and_dashes_below_a_last_line_no_heading() -> None:
    text = """\
# Quiz

If you score below 70 %, you pass only with a second attempt of 15 minutes.

### Question 1 (Bonus) - Who waits?
A) A sensor
B) Nobody

**Answer:** A

It waits for files.
---

### Question 2
A) x
B) y

Answer: B
---
"""
    statement = read_text(text)
    [quiz] = statement.of_kind("quiz")
    assert not {"passing.percent", "time_limit_minutes", "stated.attempts"} & quiz.fields.keys()
    first, second = statement.of_kind("question")
    assert (first.get("title"), first.get("bonus"), first.get("explanation")) == (
        "Who waits?", True, "It waits for files.",
    )  # fmt: skip
    assert answered(second) == "b"
    assert faults_of_account(statement) == []


def test_a_document_that_begins_with_a_question_has_no_title() -> None:
    asked = "**Question {0}**\n\nWhat is port {0}?\n\nA) A ship\nB) A number\n\n**Answer:** B\n\n"
    statement = read_text(asked.format(1) + asked.format(2))
    [quiz] = statement.of_kind("quiz")
    assert "title" not in quiz.fields
    assert len(list(statement.of_kind("question"))) == 2


def test_a_key_that_is_not_understood_is_no_text_for_learners() -> None:
    asked = "### Question {0}\n\nWhat is port {0}?\n\nA) A ship\nB) A number\n\n"
    key = "1-A, 2-True, 3-A,B, 5-apply, 6-B"
    statement = read_text(f"# Quiz\n\n{asked.format(1)}{asked.format(2)}## Answers\n\n{key}\n")
    [quiz] = statement.of_kind("quiz")
    assert faults_of_account(statement) == []
    written = {name: fact.value for name, fact in quiz.fields.items()}
    assert written == {"title": "Quiz", "stated.answer_key.0": key}


IN_ONE_LINE = [
    "1-B, 2-True, 3-A,C",
    "1. B, 2. True, 3. A, C",
    "1) B 2) T 3) A,C",
    "1. B. 2. True. 3. A, C.",
    "1B 2T 3AC",
    "1.B,2.T,3.AC",
    "(1) B (2) True (3) A, C",
    "Q1: B; Q2: True; Q3: A and C",
    "Question 1 - B, Question 2 - True, Question 3 - A, C",
    "1st: B, 2nd: True, 3rd: A, C",
    "1: B | 2: True | 3: A, C",
    "1: B / 2: T / 3: AC",
    "1. B \u2022 2. True \u2022 3. A + C",
    "1 \u2192 B, 2 \u2192 True, 3 \u2192 A & C",
    "1. **B** 2. **True** 3. **A, C**",
    "**1.** B, **2.** True, **3.** A, C",
    "`1-B, 2-True, 3-A,C`",
    "<b>1.</b> B<br><b>2.</b> True<br><b>3.</b> A, C",
    "Answers: 1. B, 2. True, 3. A, C",
    "- 1. B; 2. True; 3. A, C",
    "1-3: B, True, AC",
]
ON_LINES = [
    "- 1: B\n- 2: True\n- 3: A, C",
    "1 B\n2 True\n3 A, C",
    "(1) B\n(2) True\n(3) A, C",
    "#1: B\n#2: True\n#3: A, C",
    "1. (B)\n2. (True)\n3. (A), (C)",
    "1. B (a number)\n2. True (it does)\n3. A, C",
    "1-B, 2-True\n3-AC",
    "```text\n1-B\n2-True, 3-A,C\n```",
    "| 1 | B | 2 | True |\n|---|---|---|---|\n| 3 | A,C | | |",
    "| Q | A | Q | A |\n|---|---|---|---|\n| 1 | B | 2 | True |\n| 3 | A,C | | |",
    "| 1 | 2 | 3 |\n|---|---|---|\n| B | True | **A, C** |",
    "| Q | 1 | 2 | 3 | 4 |\n|---|---|---|---|---|\n| A | B | True | A,C | 6379 |",
    "| Question | 1 | 2 |\n|---|---|---|\n| Answer | B | True |\n| Question | 3 | 4 |\n| Answer | A,C | D |",
]
KEYED = """\
# Quiz

### Question 1
What is a port?

A) A ship
B) A number

### Question 2
True or False: UDP keeps no order.

### Question 3
Which are numbers? (Select all that apply)

A) one
B) box
C) two

"""


@pytest.mark.parametrize("key", [*IN_ONE_LINE, *ON_LINES])
def test_a_key_is_read_in_whatever_form_it_is_written(key: str) -> None:
    statement = read_text(f"{KEYED}## Answer Key\n\n{key}\n")
    [quiz] = statement.of_kind("quiz")
    one, two, three = quiz.under("question")
    assert (answered(one), two.get("answer"), answered(three)) == ("b", True, "ac")
    assert set(quiz.fields) == {"title"}
    assert faults_of_account(statement) == []
    assert {rule for rule, _ in rules(statement)} <= {"quiz.key_without_question"}


@pytest.mark.parametrize(
    "opened",
    ["Answers:\n{0}", "Correct answers:\n\n{0}", "**Answer Key**\n\n{0}", "**Answers:**\n{0}", "Answer key: {0}",
               "<details>\n<summary>Answer Key</summary>\n\n{0}\n\n</details>"],
)  # fmt: skip
def test_a_key_in_one_line_needs_no_heading(opened: str) -> None:
    statement = read_text(KEYED + "---\n\n" + opened.format("1-B, 2-True, 3-A,C") + "\n")
    [quiz] = statement.of_kind("quiz")
    assert set(quiz.fields) == {"title"}, "the line that opens it is no text of the quiz"
    one, two, three = quiz.under("question")
    assert (answered(one), two.get("answer"), answered(three)) == ("b", True, "ac")
    assert faults_of_account(statement) == []


def test_numbered_answers_below_a_rule_and_a_line_are_a_key() -> None:
    statement = read_text(f"{KEYED}---\n\nAnswers:\n1. B\n2. True\n3. A, C\n")
    one, two, three = statement.of_kind("question")
    assert (answered(one), two.get("answer"), answered(three)) == ("b", True, "ac")
    assert faults_of_account(statement) == []


NO_KEYS = [
    "1. B - listens on 2 ports, 2 ships",
    "1. 1-A, 2-B, 3-C",
    "1. A port is open, 2. A ship",
    "1-A, 2-True, 3-A,B, 5-apply, 6-B",
    "1-4: A, B, C",
    "TCP has 3 states: 1. open, 2. closed",
    "1. bad 2. face",
    "3: 4.5",
]


@pytest.mark.parametrize("line", NO_KEYS)
def test_what_only_looks_like_several_answers_is_none(line: str) -> None:
    assert answers_in(line) == []


def test_words_and_figures_in_a_line_are_answers_where_letters_say_that_it_is_a_key() -> None:
    assert answers_in("1-A; 2-6379; 3-10.0.0.0/8") == [("1", "A"), ("2", "6379"), ("3", "10.0.0.0/8")]
    assert answers_in("1. B - a port; 2. True - it does") == [("1", "B - a port"), ("2", "True - it does")]
    assert answers_in("1-A, 2-True, 5-C") == [("1", "A"), ("2", "True"), ("5", "C")], "others stand elsewhere"


def test_text_below_several_answers_explains_none_of_them() -> None:
    statement = read_text(f"{KEYED}## Answer Key\n\n1-B, 2-True, 3-A,C\n\nOnly B, True and AC are right.\n")
    [quiz] = statement.of_kind("quiz")
    assert all(each.get("explanation") is None for each in quiz.under("question"))
    assert quiz.get("stated.answer_key.0") == "Only B, True and AC are right."
    assert rules(statement) == [("quiz.key_unread", 23)]


@pytest.mark.parametrize("title", ["Key Takeaways", "Key Concepts", "Solutions Architecture"])
def test_a_section_that_is_only_called_like_a_key_is_none(title: str) -> None:
    statement = read_text(f"{KEYED.replace('True or', '**Answer:** True. True or')}## {title}\n\n- Ports\n- Names\n")
    [quiz] = statement.of_kind("quiz")
    assert not any(name.startswith("stated.answer_key") for name in quiz.fields)


ASKED = "# Quiz\n\n### Question 1\n{0}\n\n### Question 2\nWhat is a port?\n\nA) A ship\nB) A number\n\n**Answer:** B\n"
CHOICES = "Which? (Choose two)\n\nA) A ship\nB) A number\nC) A wine\n\n"
CORNERS = [
    ("How many?\n\n**Answer:** 1,024", ("numeric", "1024")),
    ("How many?\n\n1. one\n2. two\n\n**Answer:** 1,024", ("numeric", "1024")),
    ("Which port?\n\n**Answer:** `443`", ("numeric", "443")),
    ("How much?\n\n**Answer:** 12 (\u00b1 0.5)", ("numeric", "12")),
    ("How much?\n\n**Answer:** 12 +/- 1", ("numeric", "12")),
    (f"{CHOICES}**Correct answers: A) A ship, C) A wine**", ("multiple", "ac")),
    (f"{CHOICES}**Answer:** A) A ship and C) A wine", ("multiple", "ac")),
    (f"{CHOICES}**Answers:**\n- A) A ship\n- C) A wine", ("multiple", "ac")),
    (f"{CHOICES}**Answers:**\n- A\n- C\n\nSo it is.", ("multiple", "ac")),
    ("Which?\n\nA) A ship\nB) A number\n\n**Answer:**\n- B) A number\n- A) is wrong", ("single", "b")),
    ("Order the steps.\n\nA) add\nB) push\n\n**Answer:** A, B", ("ordering", ["A", "B"])),
]


@pytest.mark.parametrize(("text", "wanted"), CORNERS)
def test_answers_are_read_in_the_forms_of_pedantic_authors(text: str, wanted: tuple[str, object]) -> None:
    statement = read_text(ASKED.format(text))
    first, second = statement.of_kind("question")
    assert (first.get("type"), first.get("stated.order") or answered(first)) == wanted
    assert answered(second) == "b"
    assert faults_of_account(statement) == []


def test_a_figure_has_the_tolerance_that_its_answer_says() -> None:
    first, _ = read_text(ASKED.format("How much?\n\n**Answer:** 12 (\u00b1 0.5)")).of_kind("question")
    assert (first.get("answer"), first.get("tolerance")) == ("12", "0.5")


def test_points_alone_are_no_title_and_a_table_is_shown_as_one() -> None:
    table = "| Port | Use |\n|---|---|\n| 22 | SSH |"
    text = ASKED.format(f"{table}\n\nWhich is open?\n\nA) 22\nB) 23\n\n**Answer:** A")
    first, _ = read_text(text.replace("Question 1\n", "Question 1 (5 points)\n")).of_kind("question")
    assert (first.get("title"), first.get("points")) == (None, "5")
    assert first.get("stem") == f"{table}\nWhich is open?"
