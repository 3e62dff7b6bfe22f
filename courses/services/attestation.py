"""A learner says what they bring along."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Attestation, Enrolment, Requirement
from courses.selectors.openings import openings_of
from courses.services.enrolment import enrolment_lock
from courses.standing import work_refusal
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Missing, Refused
from waymark.core.feed import feed_append


@transaction.atomic
def attestation_give(*, actor: Actor, enrolment: Enrolment, requirement_id: int) -> Attestation:
    """Attest one requirement of the enrolment's program; saying it twice is one statement.

    ``not_attestable`` (409) where only work counts: a module or activity of the
    program itself, a gate, a competency. 409 as well where nothing new can be done
    (:func:`courses.standing.work_refusal`).
    """
    locked = enrolment_lock(enrolment.pk)
    if refusal := work_refusal(locked):
        raise refusal
    existing = Attestation.objects.filter(enrolment=locked, requirement_id=requirement_id).first()
    if existing is not None:
        return existing
    openings = openings_of(locked)
    asked = {condition.requirement_id for opening in openings.by_id.values() for condition in opening.conditions} - {
        None
    }
    if requirement_id not in asked:
        if Requirement.objects.filter(pk=requirement_id, owner__program_id=locked.program_id).exists():
            raise Refused(_("This is met by work, not by saying so."), code="not_attestable")
        raise Missing()
    attestation = Attestation.objects.create(enrolment=locked, requirement_id=requirement_id)
    audit_record(
        actor=actor,
        action="attestation.given",
        subject=f"enrolment:{locked.pk}",
        details={"requirement": requirement_id},
    )
    feed_append(
        type="enrolment.changed",
        program_id=locked.program_id,
        cohort_id=locked.cohort_id,
        enrolment_id=locked.pk,
        data={"enrolment": str(locked.uuid), "attested": requirement_id},
    )
    return attestation
