"""How far above full marks a quiz can be answered."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from assessments.models import Draw, Question


def bonus_shares(quiz_ids: Iterable[int]) -> dict[int, Fraction]:
    """Quiz -> the most that bonus questions add, as a share of full marks; only quizzes that have any.

    Where questions are drawn, full marks vary with the draw: the share is of the
    smallest, so that nothing attainable lies above it. A pool's bonus questions
    count as if all of them were drawn.
    """
    quizzes = list(Question.objects.current().filter(quiz__in=quiz_ids, bonus=True).values_list("quiz_id", flat=True))
    bonus: dict[int, Fraction] = {}
    full: dict[int, Fraction] = {}
    pools: dict[tuple[int, str], list[Fraction]] = {}
    questions = Question.objects.current().filter(quiz__in=quizzes)
    for quiz_id, points, is_bonus, pool in questions.order_by("pk").values_list("quiz_id", "points", "bonus", "pool"):
        if is_bonus:
            bonus[quiz_id] = bonus.get(quiz_id, Fraction(0)) + Fraction(points)
        elif pool:
            pools.setdefault((quiz_id, pool), []).append(Fraction(points))
        else:
            full[quiz_id] = full.get(quiz_id, Fraction(0)) + Fraction(points)
    for quiz_id, pool, count in (
        Draw.objects.filter(quiz__in=quizzes).order_by("pk").values_list("quiz_id", "pool", "count")
    ):
        full[quiz_id] = full.get(quiz_id, Fraction(0)) + sum(
            sorted(pools.get((quiz_id, pool), ()))[:count], Fraction(0)
        )
    return {quiz_id: points / full[quiz_id] for quiz_id, points in bonus.items() if full.get(quiz_id)}
