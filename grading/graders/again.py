"""Grading a quiz again: what a release corrected is graded anew, the rest of the score stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from assessments.questions.base import DecimalMark
from grading.graders.base import Score
from grading.graders.quiz import graded, score_of


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question as a release has it: the hash of its revision, and the body."""

    revision: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What scores are made of and a release has otherwise.

    :param questions: question -> what it is now.
    :param points: quiz -> what it counts for now.
    """

    questions: Mapping[int, Corrected] = field(default_factory=dict)
    points: Mapping[int, Fraction] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.questions or self.points)

    def only(self, ids: Collection[int]) -> Corrections:
        """Those of the questions and quizzes among *ids*."""
        return Corrections(
            {key: each for key, each in self.questions.items() if key in ids},
            {key: each for key, each in self.points.items() if key in ids},
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """The score that stands for an attempt.

    :param event: of the ledger.
    :param rows: what each question gave, as :func:`grading.graders.quiz.graded` says it.
    :param responses: question -> normalised answer, of those that may be corrected.
    """

    event: int
    quiz: int
    points: Fraction
    out_of: Fraction
    rows: tuple[Mapping[str, Any], ...]
    responses: Mapping[int, Any]
    decimal_mark: DecimalMark


def score_again(scored: Scored, corrections: Corrections) -> Score:
    """The score with *corrections*; ``same`` where its figures stay. Pure."""
    rows = [_row(row, scored, corrections) for row in scored.rows]
    score = score_of(rows, corrections.points.get(scored.quiz, scored.out_of))
    same = (score.share * score.out_of, score.out_of) == (scored.points, scored.out_of)
    return replace(score, replaces=scored.event, same=same)


def _row(row: Mapping[str, Any], scored: Scored, corrections: Corrections) -> Mapping[str, Any]:
    corrected = corrections.questions.get(row["question"])
    if corrected is None or corrected.revision == row["revision"]:
        return row
    response = scored.responses.get(row["question"])
    mark = scored.decimal_mark
    return {**row, **graded(corrected.body, response, decimal_mark=mark, revision=corrected.revision)}
