"""How far above full marks a quiz can be answered."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from assessments.models import Draw, Question


class Weighed(NamedTuple):
    """What a question is worth. ``pool`` is empty where it is not drawn."""

    points: Fraction
    bonus: bool
    pool: str = ""


def bonus_shares(quiz_ids: Iterable[int]) -> dict[int, Fraction]:
    """Quiz -> the most that bonus questions add, as a share of full marks; only quizzes that have any."""
    quizzes = list(Question.objects.current().filter(quiz__in=quiz_ids, bonus=True).values_list("quiz_id", flat=True))
    weighed: dict[int, list[Weighed]] = {}
    questions = Question.objects.current().filter(quiz__in=quizzes)
    for quiz_id, points, bonus, pool in questions.order_by("pk").values_list("quiz_id", "points", "bonus", "pool"):
        weighed.setdefault(quiz_id, []).append(Weighed(Fraction(points), bonus, pool))
    draws: dict[int, dict[str, int]] = {}
    drawn = Draw.objects.filter(quiz__in=quizzes).order_by("pk")
    for quiz_id, pool, count in drawn.values_list("quiz_id", "pool", "count"):
        draws.setdefault(quiz_id, {})[pool] = count
    shares = {quiz_id: bonus_share(each, draws.get(quiz_id, {})) for quiz_id, each in weighed.items()}
    return {quiz_id: share for quiz_id, share in shares.items() if share}


def bonus_share(questions: Iterable[Weighed], draws: dict[str, int]) -> Fraction:
    """The most that bonus questions add, as a share of full marks.

    Where questions are drawn, full marks vary with the draw: the share is of the
    smallest, so that nothing attainable lies above it. A pool's bonus questions
    count as if all of them were drawn.

    :param draws: pool -> how many of it are asked.
    """
    bonus = full = Fraction(0)
    pools: dict[str, list[Fraction]] = {}
    for each in questions:
        if each.bonus:
            bonus += each.points
        elif each.pool:
            pools.setdefault(each.pool, []).append(each.points)
        else:
            full += each.points
    full += sum(
        (points for pool, count in draws.items() for points in sorted(pools.get(pool, ()))[:count]), Fraction(0)
    )
    return bonus / full if full else Fraction(0)
