"""Every code of the evaluator has a sentence, and every sentence can be filled in."""

from __future__ import annotations

import re
from pathlib import Path

import grading.policy.evaluation as evaluation
from grading.policy.evaluation.figures import FIGURES
from grading.policy.evaluation.types import Why
from grading.policy.sentences import SENTENCES, sentence

SOURCES = "\n".join(path.read_text() for path in Path(evaluation.__file__).parent.glob("*.py"))


def codes() -> set[str]:
    fixed = set(re.findall(r"""Why\(\s*"([a-z_]+)\"""", SOURCES)) | set(re.findall(r'code = "([a-z_]+)" if', SOURCES))
    fixed |= set(re.findall(r'else "(rule_[a-z_]+)"', SOURCES))
    fixed -= {"rule_one", "rule_each"}
    fixed |= {f"component_{figure}" for figure in FIGURES}
    fixed |= {f"overall_{figure}" for figure in ("mean_by_weight", "sum_of_points")}
    return fixed | {f"rule_{which}_{unit}" for which in ("one", "each") for unit in ("points", "percent")}


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert codes() == set(SENTENCES)


def test_figures_are_rounded_for_showing_and_shares_are_percents() -> None:
    why = Why("component_mean_of_percents", {"graded": "2", "items": "10", "share": "2/3"})
    assert sentence(why) == "Mean of the percents of 2 of 10 items: 66.6\N{NO-BREAK SPACE}%."


def test_every_sentence_can_be_filled_in() -> None:
    for code, text in SENTENCES.items():
        values = dict.fromkeys(re.findall(r"%\((\w+)\)s", text), "7/3")
        assert "%(" not in sentence(Why(code, values))
