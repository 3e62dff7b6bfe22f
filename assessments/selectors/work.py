"""Who has begun what, for the impact of an import."""

from collections.abc import Collection, Iterator

from assessments.models import Attempt, AttemptQuestion


def attempts_on(keys: Collection[int]) -> Iterator[tuple[int, int]]:
    """(identity row, enrolment) for every quiz and question among *keys* that somebody has an attempt at."""
    yield from Attempt.objects.filter(quiz_id__in=keys).values_list("quiz_id", "enrolment_id").distinct()
    asked = AttemptQuestion.objects.filter(question_id__in=keys)
    yield from asked.values_list("question_id", "attempt__enrolment_id").distinct()
