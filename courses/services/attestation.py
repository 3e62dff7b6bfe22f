"""A learner says what they bring along."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Attestation, Enrolment, Requirement
from courses.selectors.openings import openings_of
from courses.services.enrolment import enrolment_lock
from courses.standing import work_refusal
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import DomainError, Missing, Refused
from waymark.core.feed import feed_append


@transaction.atomic
def attestations_give(*, actor: Actor, enrolment: Enrolment, requirement_ids: Iterable[int]) -> list[Attestation]:
    """Attest requirements of the enrolment's program, all or none; saying one twice is one statement.

    ``not_attestable`` (409) where only work counts: a module or activity of the
    program itself, a gate, a competency. 409 as well where nothing new can be done
    (:func:`courses.standing.work_refusal`).
    """
    locked = enrolment_lock(enrolment.pk)
    if refusal := work_refusal(locked):
        raise refusal
    wanted = list(dict.fromkeys(requirement_ids))
    said = {each.requirement_id: each for each in Attestation.objects.filter(enrolment=locked, requirement__in=wanted)}
    fresh = [each for each in wanted if each not in said]
    if fresh:
        openings = openings_of(locked)
        asked = {condition.requirement_id for opening in openings.by_id.values() for condition in opening.conditions}
        for requirement_id in fresh:
            if requirement_id not in asked:
                raise _not_attestable(locked, requirement_id)
            said[requirement_id] = _give(actor, locked, requirement_id)
    return [said[each] for each in wanted]


def attestation_give(*, actor: Actor, enrolment: Enrolment, requirement_id: int) -> Attestation:
    """Attest one requirement; see :func:`attestations_give`."""
    return attestations_give(actor=actor, enrolment=enrolment, requirement_ids=[requirement_id])[0]


def _not_attestable(enrolment: Enrolment, requirement_id: int) -> DomainError:
    if Requirement.objects.filter(pk=requirement_id, owner__program_id=enrolment.program_id).exists():
        return Refused(_("This is met by work, not by saying so."), code="not_attestable")
    return Missing()


def _give(actor: Actor, enrolment: Enrolment, requirement_id: int) -> Attestation:
    attestation = Attestation.objects.create(enrolment=enrolment, requirement_id=requirement_id)
    audit_record(
        actor=actor,
        action="attestation.given",
        subject=f"enrolment:{enrolment.pk}",
        details={"requirement": requirement_id},
    )
    feed_append(
        type="enrolment.changed",
        program_id=enrolment.program_id,
        cohort_id=enrolment.cohort_id,
        enrolment_id=enrolment.pk,
        data={"enrolment": str(enrolment.uuid), "attested": requirement_id},
    )
    return attestation
