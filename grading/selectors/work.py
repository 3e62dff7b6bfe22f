"""Who has a grade or a hand-in on what, for the impact of an import."""

from collections.abc import Collection, Iterable

from grading.models import Grade


def grades_on(keys: Collection[int]) -> Iterable[tuple[int, int]]:
    """(identity row, enrolment) for every activity among *keys* that somebody has an event on."""
    found = Grade.objects.filter(activity_id__in=keys, event__isnull=False)
    return found.values_list("activity_id", "enrolment_id")
