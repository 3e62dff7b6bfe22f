"""Answers as people write them: figures with units, letters among words, choices in the sentence that asks."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.readers.quiz.answers import answer_of
from courses.curriculum.sources.readers.quiz.figures import Figure, figure_of, margin_of
from tests.courses.sources.support import facts, faults_of_account, read_text


def question(text: str) -> Claim:
    statement = read_text(f"# Storage Quiz\n\n### Question 1: Disks\n\n{text}")
    assert faults_of_account(statement) == []
    (claim,) = statement.of_kind("question")
    return claim


def right(claim: Claim) -> str:
    places = range(sum(name.endswith(".id") for name in claim.fields))
    return "".join(claim.get(f"options.{at}.id") for at in places if claim.get(f"options.{at}.right"))


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("$2.50", Figure("2.5", "$")),
        ("2.50 \u20ac", Figure("2.5", "\u20ac")),
        ("14 GB", Figure("14", "GB")),
        ("14GiB", Figure("14", "GiB")),
        ("40%", Figure("40", "%")),
        ("~250 ms", Figure("250", "ms")),
        ("about 3 hours", Figure("3", "hours")),
        ("1,024", Figure("1024")),
        ("2,000,000 tokens", Figure("2000000", "tokens")),
        ("2,5", Figure("2.5")),
        ("0,125", Figure("0.125")),
        ("1e-3", Figure("0.001")),
        ("3.35 TB/s (\u00b15%)", Figure("3.35", "TB/s", share="5")),
        ("80 % (within 2 %)", Figure("80", "%", margin="2")),
        ("43.2 minutes (\u00b1 0.5)", Figure("43.2", "minutes", margin="0.5")),
        ("100 requests per second", Figure("100", "requests per second")),
        ("60 (120 / 2)", Figure("60", why="120 / 2")),
        ("14 GB \u2013 two bytes each", Figure("14", "GB", why="two bytes each")),
        ("644 \u2014 4+2, 4, 4", Figure("644", why="4+2, 4, 4")),
        ("5, as nothing else fits", Figure("5", why="as nothing else fits")),
        ("2 because it is even", Figure("2", why="because it is even")),
        ("201 Created", None),
        ("60-80%", None),
        ("2FA", None),
        ("$2.50 USD", None),
        ("3 of 5", None),
        ("3 \u2013 5", None),
        ("5 (also 6)", None),
        ("10.0.0.1", None),
    ],
)
def test_a_figure_has_its_unit_and_its_margin(text: str, figure: Figure | None) -> None:
    assert figure_of(text) == figure


def test_a_price_is_a_number_and_its_margin_may_have_a_label() -> None:
    priced = facts(question("What does an hour cost?\n\n**Answer:** $2.50 (two shards)\n**Tolerance:** \u00b15%\n"))
    assert {name: priced[name] for name in ("type", "answer", "unit", "tolerance_percent", "explanation")} == {
        "type": "numeric", "answer": "2.5", "unit": "$", "tolerance_percent": "5", "explanation": "two shards",
    }  # fmt: skip
    other = facts(question("How long?\n\n**Answer:** 30\n**Unit:** min\n**Tolerance:** as you like\n"))
    assert (other["unit"], other["stated.tolerance"]) == ("min", "as you like")
    assert margin_of("0.5 GB") == ("0.5", "")


@pytest.mark.parametrize(
    ("text", "letters", "rest"),
    [
        ("A and C only", ("A", "C"), ""),
        ("Both A and C", ("A", "C"), ""),
        ("The correct answer is B", ("B",), ""),
        ("B is the correct option.", ("B",), ""),
        ("B because it scales", ("B",), "because it scales"),
        ('"B"', ("B",), ""),
        ("[A, C]", ("A", "C"), ""),
        ("A\u2013C", ("A", "B", "C"), ""),
        ("A to D", ("A", "B", "C", "D"), ""),
        ("A C D", ("A", "C", "D"), ""),
        ("A is not correct", (), ""),
        ("A Pod", (), ""),
        ("A as-of join", (), ""),
    ],
)
def test_letters_of_an_answer_may_stand_among_words(text: str, letters: tuple[str, ...], rest: str) -> None:
    answer = answer_of(text)
    assert (answer.letters, answer.rest) == (letters, rest)


CHOICES = "Which is written in C?\n\nA) Git\nB) C\nC) `jq` \nD) Helm\n\n**Answer:** "


@pytest.mark.parametrize(
    ("answer", "letters"),
    [("B - C", "b"), ("B \u2013 D", "bcd"), ("`jq` (C)", "c"), ("Git, option A", "a"), ("A, C and nothing else", "")],
)
def test_a_letter_with_the_words_of_its_own_choice_is_that_choice(answer: str, letters: str) -> None:
    assert right(question(CHOICES + answer + "\n")) == letters


@pytest.mark.parametrize(
    ("text", "texts", "letters"),
    [
        ("Which is a graph? (a) IVF (b) HNSW (c) PQ\n\n**Answer:** (b)\n", ["IVF", "HNSW", "PQ"], "b"),
        ("Which is a graph? A) IVF, B) HNSW\n\n**Answer:** HNSW\n", ["IVF", "HNSW"], "b"),
        ("Which is a graph?\n\nA) IVF B) HNSW C) PQ\n\n**Answer:** C\n", ["IVF", "HNSW", "PQ"], "c"),
        ("Which?\n\nA) Both B) and a) are\nB) None\n\n**Answer:** A\n", ["Both B) and a) are", "None"], "a"),
        ("Which?\n\nOption A: IVF\nOption B: HNSW\n\n**Answer:** Option B\n", ["IVF", "HNSW"], "b"),
        ("Which?\n\n**Choice A**: IVF\n**Choice B**: HNSW\n\n**Answer:** B\n", ["IVF", "HNSW"], "b"),
    ],
)
def test_choices_stand_in_the_sentence_that_asks_or_behind_a_word(text: str, texts: list[str], letters: str) -> None:
    claim = question(text)
    assert [claim.get(f"options.{at}.text") for at in range(len(texts))] == texts
    assert (claim.get("type"), right(claim)) == ("single", letters)
    assert "HNSW" not in claim.get("stem")


def test_choices_in_the_title_leave_what_asks() -> None:
    statement = read_text("# Index Quiz\n\n**1.** Which is a graph? (a) IVF (b) HNSW\n\n**Answer:** b) HNSW\n")
    (claim,) = statement.of_kind("question")
    assert (claim.get("title"), claim.get("stem"), right(claim)) == (*["Which is a graph?"] * 2, "b")


@pytest.mark.parametrize("answer", ["latency", "1-B, 2-A"])
def test_letters_in_a_sentence_that_the_answer_does_not_name_are_words(answer: str) -> None:
    claim = question(f"Match, or say what counts: (a) cost and (b) time?\n\n**Answer:** {answer}\n")
    assert "options.0.id" not in claim.fields


def test_what_stands_behind_a_fact_below_the_answer_explains_it() -> None:
    claim = question("Which?\n\nA) One\nB) Two\n\n**Answer:** B\n**Difficulty:** Easy\n\nTwo is even.\n")
    assert (claim.get("stem"), claim.get("explanation")) == ("Which?", "Two is even.")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("A only", ""),
        ("A and C only, since both wait", "since both wait"),
        ("B alone because it waits", "because it waits"),
        ("A \u2013 Only ports are open", "Only ports are open"),
        ("A: Only ports are open", "Only ports are open"),
        ("A. Alone it does nothing", "Alone it does nothing"),
        ("A) Only ports are open", "Only ports are open"),
        ("B is correct: it waits", "it waits"),
    ],
)
def test_only_behind_a_letter_is_of_it_and_behind_a_sign_begins_the_reason(text: str, rest: str) -> None:
    assert answer_of(text).rest == rest
