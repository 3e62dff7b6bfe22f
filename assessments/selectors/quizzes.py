"""Quizzes as lists and cards show them; nothing here holds a solution."""

from __future__ import annotations

from assessments.models import Quiz


def quiz_size(quiz: Quiz) -> int:
    """How many questions one attempt asks: those in no drawn pool, and as many as each pool gives. Two queries."""
    pools = list(quiz.questions.current().values_list("pool", flat=True))
    draws = {draw.pool: draw.count for draw in quiz.draws.all()}
    fixed = sum(pool not in draws for pool in pools)
    return fixed + sum(min(count, pools.count(pool)) for pool, count in draws.items())
