"""Which questions an attempt asks, in which order: drawn from its seed and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assessments.questions.order import in_seeded_order


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that could be asked.

    :ivar key: its id.
    :ivar pool: empty when it is always asked.
    :ivar section: place of its section in the quiz; None for one that stands in none.
    """

    key: int
    pool: str
    section: int | None = None


def questions_draw(
    questions: Sequence[Drawable], draws: Iterable[tuple[str, int]], *, seed: int, shuffle: bool
) -> list[int]:
    """The keys of the questions to ask.

    :param questions: in the author's order, which is kept unless *shuffle*; shuffled
        questions stay in their section, and sections in their order.
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
    asked = [question for question in questions if question.pool not in drawn or question.key in chosen]
    if not shuffle:
        return [question.key for question in asked]
    return [
        key
        for section, inside in groupby(asked, key=lambda question: question.section)
        for key in in_seeded_order(
            [question.key for question in inside], seed=seed,
            purpose="questions" if section is None else f"questions:{section}",
        )
    ]  # fmt: skip


def section_at(sections: Sequence[Mapping[str, Any]], place: int) -> int | None:
    """The section that holds the question at *place* (from 1, in the author's order), by its place among *sections*.

    :param sections: as the body of a quiz has them, in order.
    """
    begun = [at for at, section in enumerate(sections) if section["first"] <= place]
    return begun[-1] if begun else None
