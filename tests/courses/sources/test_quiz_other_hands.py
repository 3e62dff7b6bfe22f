"""Quizzes with answers where few people write them: behind the question, by the figure of a choice, below *KEY*."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import faults_of_account, mutated, read_text

INLINE = """\
# MOD-911 Quiz

## Part A

1. What keeps order?
   - [ ] the topic
   - [x] the partition

## Part B - True/False

2. Watermarks can go backwards. **(F)**
3. A group may have more members than partitions. (True)

## Part C

4. What is a tombstone? *Expected:* a record without a value
5. How many replicas are left of 3? **Answer**: 2

## Bonus

6. (1 bonus point) Who began it?
   *Expected:* LinkedIn
"""
FIGURES = """\
# Tables Quiz

### 1. Snapshots

What does a snapshot hold?

1. A list
2. All files

<details><summary>Answer</summary>

**1** \u2014 it points to the files.

</details>

### 2. Compaction

Why compact?

1. More files
2. Fewer files

**Answer:** 2 because they are read faster.
"""
KEY = """\
# Incident Quiz

Q1) Who decides that it is over?
   (a) the commander
   (b) the scribe

Q2) [T/F] A severity can only go up.

KEY
Q1: a - nobody else
Q2: F
"""
MARKED = """\
# Attack Quiz

**Question 1.** FGSM uses
\u25ef the Hessian
\u25ef the sign of the gradient \u2190 correct

**Question 2.** PGD is
\u25ef iterated FGSM \u2190 correct
\u25ef one step
"""
TICKED = """\
# Streams Quiz

## Part A

1. Which two are needed? *(choose two)*

   A. idempotence
   B. no acknowledgement
   C. a transactional id

   \u2714 A, C
   _Why:_ one needs the other.

## Part B - True or False

2. Consumers of a group share partitions. **(T)**
3. A compacted topic keeps every record. **(F)** It keeps the last per key.
"""
RULED = """\
# Slices Quiz

Q1: What is a slice?

- A) a part
- B) a whole

Q2: Which is cheaper?

- A) spot
- B) on demand

Q3: What talks to the ______?

---
ANSWERS
Q1 - A (no more)
Q2 - A
Q3 - device
"""
ASKED = [
    (TICKED, "type", ["multiple", "true_false", "true_false"]),
    (TICKED, "options.0.right", [True, None, None]),
    (TICKED, "options.2.right", [True, None, None]),
    (TICKED, "options.3.text", [None, None, None]),
    (TICKED, "answer", [None, True, False]),
    (TICKED, "explanation", ["one needs the other.", None, "It keeps the last per key."]),
    (RULED, "options.1.text", ["a whole", "on demand", None]),
    (RULED, "options.0.right", [True, True, None]),
    (RULED, "accepted.0", [None, None, "device"]),
    (INLINE, "type", ["single", "true_false", "true_false", "short_text", "numeric", "short_text"]),
    (INLINE, "answer", [None, False, True, None, "2", None]),
    (INLINE, "accepted.0", [None, None, None, "a record without a value", None, "LinkedIn"]),
    (INLINE, "bonus", [None, None, None, None, None, True]),
    (FIGURES, "stem", ["What does a snapshot hold?", "Why compact?"]),
    (FIGURES, "options.0.right", [True, None]),
    (FIGURES, "explanation", ["it points to the files.", "because they are read faster."]),
    (KEY, "stem", ["Who decides that it is over?", "A severity can only go up."]),
    (KEY, "options.0.right", [True, None]),
    (KEY, "answer", [None, False]),
    (MARKED, "options.1.text", ["the sign of the gradient", "one step"]),
    (MARKED, "options.0.right", [None, True]),
]


def read(text: str) -> Statement:
    statement = read_text(text)
    assert (statement.kind, faults_of_account(statement)) == ("quiz", [])
    return statement


@pytest.mark.parametrize(("text", "field", "expected"), ASKED)
def test_questions_have_their_answers(text: str, field: str, expected: list[object]) -> None:
    assert [claim.get(field) for claim in read(text).of_kind("question")] == expected


@pytest.mark.parametrize("text", [INLINE, FIGURES, TICKED])
def test_every_word_of_an_answer_is_read(text: str) -> None:
    assert [each for each in mutated(read(text)) if "Answer" not in each and "changes nothing" in each] == []


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("requests (also: inferences, calls)", ["requests", "inferences", "calls"]),
        ("`__consumer_offsets`", ["__consumer_offsets"]),
        ("the `__consumer_offsets` topic", ["the __consumer_offsets topic"]),
        ("**device** plugin (of the kubelet)", ["device plugin (of the kubelet)"]),
    ],
)
def test_what_is_accepted_is_what_a_learner_would_write(written: str, accepted: list[str]) -> None:
    [claim] = read(f"# Words Quiz\n\n### Question 1\n\nWhich is it?\n\n**Answer**: {written}\n").of_kind("question")
    assert [claim.get(name) for name in claim.fields if name.startswith("accepted.")] == accepted
