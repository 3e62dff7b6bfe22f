"""Which questions an attempt asks, in which order: drawn from its seed and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.questions.order import in_seeded_order


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that could be asked. ``key`` is its id, ``pool`` empty when it is always asked."""

    key: int
    pool: str


def questions_draw(
    questions: Sequence[Drawable], draws: Iterable[tuple[str, int]], *, seed: int, shuffle: bool
) -> list[int]:
    """The keys of the questions to ask.

    :param questions: in the author's order, which is kept unless *shuffle*.
    :param draws: pool -> how many of it; a pool with fewer gives all it has. A pool
        that nothing draws from is only a mark, and its questions are always asked.
    """
    drawn = dict(draws)
    pools: dict[str, list[int]] = {}
    for question in questions:
        if question.pool in drawn:
            pools.setdefault(question.pool, []).append(question.key)
    chosen = {
        key
        for pool, keys in pools.items()
        for key in in_seeded_order(keys, seed=seed, purpose=f"draw:{pool}")[: drawn[pool]]
    }
    asked = [question.key for question in questions if question.pool not in drawn or question.key in chosen]
    return in_seeded_order(asked, seed=seed, purpose="questions") if shuffle else asked
