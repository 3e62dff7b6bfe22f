"""Which revisions hold for a learner."""

from __future__ import annotations

from courses.models import Release, ReleaseItem


def pinned_in(release: Release, shown: dict[int, int]) -> dict[int, int]:
    """Entity -> revision in the learner's own release; a placed module's where that release names none."""
    items = ReleaseItem.objects.filter(release=release, entity_id__in=list(shown))
    return shown | dict(items.values_list("entity_id", "revision_id"))
