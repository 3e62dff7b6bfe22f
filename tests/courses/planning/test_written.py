"""What stands around the questions of a quiz, and in sections of its own, as learners read it; the order of options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.test_drafts import draft, reading
from tests.courses.planning.test_joined_documents import PROJECT

QUIZ = "quiz:MOD-501/module-501-pipes-quiz"
AROUND = """

## Scoring Guide

### Calculate Your Score

Count the number of correct answers:
- Question 1: 1 point
- **Total Correct**: ___ / 2

### Score Interpretation

| Score | Percentage | Meaning |
|-------|------------|---------|
| 2 | 100% | Go on |
| 0-1 | 0-50% | Read a \\| b again |

**Weak Areas**:
- [ ] Pipes
- [x] Taps

## Next Steps

### If You Passed
1. Build a pipe
- [Book](https://example.test/pipes)

See you.
"""


def test_what_stands_around_the_questions_keeps_its_headings_order_lists_and_tables(tmp_path: Path) -> None:
    found = reading(tmp_path, {**DOCUMENTS, "quiz.md": DOCUMENTS["quiz.md"] + AROUND})
    body = draft(found, QUIZ).body["body"]
    assert body[body.index("## Calculate") :] == (
        "## Calculate Your Score\n\nCount the number of correct answers:\n\n"
        "- Question 1: 1 point\n- **Total Correct**: ___ / 2\n\n"
        "## Score Interpretation\n\n| Score | Percentage | Meaning |\n| --- | --- | --- |\n"
        "| 2 | 100% | Go on |\n| 0-1 | 0-50% | Read a \\| b again |\n\n"
        "## Weak Areas\n\n- [ ] Pipes\n- [x] Taps\n\n"
        "## If You Passed\n\n- Build a pipe\n- [Book](https://example.test/pipes)\n\nSee you."
    )


def test_a_section_that_no_template_has_keeps_its_code_and_its_table(tmp_path: Path) -> None:
    more = "\n## Cabling\n\nLike this:\n\n```sh\nplug in\n```\n\n| Plug | Socket |\n|---|---|\n| A | 1 |\n"
    body = draft(reading(tmp_path, {**DOCUMENTS, "project.md": PROJECT + more}), "project:PROJ-01").body["body"]
    assert "## Cabling\n\nLike this:\n\n```sh\nplug in\n```\n\n| Plug | Socket |\n|---|---|\n| A | 1 |" in body


@pytest.mark.parametrize(
    ("option", "explanation", "shuffled"),
    [
        ("Storing data", "", True),
        ("All of the above", "", False),
        ("None of the above.", "", False),
        ("Both A and C", "", False),
        ("a, b and c", "", False),
        ("All of the pipes above ground", "", True),
        ("Storing data", "Option B leaks.", False),
        ("Storing data", "That does not store it (B).", False),
        ("Storing data", "It moves.\n- B is wrong, for it stays.", False),
        ("Storing data", "- A: it moves\n- B: it stays", False),
        ("Storing data", "B and C stay.", False),
        ("Storing data", "A pipe is round. Use the option `-A` of `tap -C`, and no Plan B.", True),
    ],
)
def test_options_that_are_called_by_letter_stay_in_the_author_s_order(
    tmp_path: Path, option: str, explanation: str, shuffled: bool
) -> None:
    text = DOCUMENTS["quiz.md"].replace("b) Storing data", f"b) {option}")
    text = text.replace("**Answer:** A\n", f"**Answer:** A\n\n**Explanation:** {explanation}\n", 1)
    assert draft(reading(tmp_path, {**DOCUMENTS, "quiz.md": text}), QUIZ).body["shuffle_options"] is shuffled
