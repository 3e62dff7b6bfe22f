"""Whether a plan reaches beyond the programs that it is for: that is for who imports everywhere."""

from __future__ import annotations

from courses.curriculum.canonical import revision_hash
from courses.curriculum.planning.plan import Plan
from courses.models import Program, ReleaseItem


def reaches_everywhere(plan: Plan) -> bool:
    """Whether *plan* makes a program, or changes something that programs share. New shared things change nothing."""
    slugs = {comparison.program for comparison in plan.comparisons}
    if Program.objects.filter(slug__in=slugs).count() < len(slugs):
        return True
    touched = {
        (comparison.program, address)
        for comparison in plan.comparisons
        for address in (
            *comparison.changed_entities,
            *(change.entity for change in comparison.reordered),
            *comparison.restored,
            *(address for _, address in comparison.renamed),
        )
    }
    if any(plan.draft(program, address).program is None for program, address in touched):
        return True
    shared = {
        draft.address: revision_hash(draft)
        for comparison in plan.comparisons
        for draft in comparison.added
        if draft.program is None
    }
    if not shared:
        return False
    # Not in this program's release yet, but perhaps in another's, and as something else.
    known = ReleaseItem.objects.filter(
        release__current=True, entity__program=None, entity__path__in={each.partition(":")[2] for each in shared}
    ).values_list("entity__kind", "entity__path", "revision__hash")
    return any(shared.get(f"{kind}:{path}", digest) != digest for kind, path, digest in known)
