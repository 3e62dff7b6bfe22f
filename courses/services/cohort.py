"""Making cohorts, and putting learners into them. Instructors are rights: ``courses.services.staff``."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import may_grant, staffed_cohorts
from courses.models import Cohort, Enrolment, Program
from courses.services.enrolment import enrolment_admit, enrolment_move, enrolments_count_in
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Refused


@transaction.atomic
def cohort_create(
    *, actor: Actor, program: Program, slug: str, title: str, time_zone: str = "UTC",
    starts_at: datetime | None = None, ends_at: datetime | None = None,
) -> Cohort:  # fmt: skip
    """Make a cohort of *program*, by its admins.

    :param time_zone: where its due dates and days count, such as ``Europe/Berlin``.
    :param ends_at: from then on nothing is started or handed in beyond extensions.
    :raises Invalid: a field that cannot be stored so, named in ``where`` (400).
    :raises Refused: ``cohort_exists`` (409), the program has one of that slug.
    :raises Forbidden: *actor* does not administer the program (403).
    """
    if not may_grant(actor, role="admin", program=program, cohort=None):
        raise Forbidden(_("Only admins of this program make cohorts."))
    if Cohort.objects.filter(program=program, slug=slug).exists():
        raise _exists(slug)
    cohort = Cohort(
        program=program, slug=slug, title=title, time_zone=time_zone, starts_at=starts_at, ends_at=ends_at
    )  # fmt: skip
    _check(cohort)
    try:
        with transaction.atomic():
            cohort.save()
    except IntegrityError as error:
        # Two at once: the unique constraint let one through.
        raise _exists(slug) from error
    audit_record(
        actor=actor, action="cohort.created", subject=f"cohort:{cohort.pk}", details={"program": program.pk}
    )  # fmt: skip
    return cohort


@transaction.atomic
def cohort_change(*, actor: Actor, cohort: Cohort, **values: Any) -> Cohort:
    """Change title, time zone, start or end of a cohort, by the admins of its program.

    Those who are in it count their days in its zone, so a new zone is theirs too.

    :param values: any of ``title``, ``time_zone``, ``starts_at``, ``ends_at``.
    :raises Invalid: as :func:`cohort_create`.
    :raises Forbidden: *actor* does not administer the program (403).
    """
    if not may_grant(actor, role="admin", program=cohort.program, cohort=None):
        raise Forbidden(_("Only admins of this program change its cohorts."))
    locked = Cohort.objects.select_for_update(of=("self",)).select_related("program").get(pk=cohort.pk)
    for name, value in values.items():
        setattr(locked, name, value)
    _check(locked)
    locked.save(update_fields=list(values))
    if "time_zone" in values:
        open_ones = Enrolment.objects.filter(cohort=locked, state__in=Enrolment.OPEN_STATES)
        enrolments_count_in(
            actor=actor, enrolment_ids=open_ones.values_list("pk", flat=True), cohort=locked, zone=locked.time_zone
        )
    audit_record(
        actor=actor, action="cohort.changed", subject=f"cohort:{locked.pk}", details={"fields": sorted(values)}
    )  # fmt: skip
    return locked


def _exists(slug: str) -> Refused:
    return Refused(_("This program has a cohort %(slug)s already.") % {"slug": slug}, code="cohort_exists")


def _check(cohort: Cohort) -> None:
    """Refuse what cannot be stored, by the name of its field."""
    if cohort.time_zone not in available_timezones():
        raise Invalid(_("There is no time zone %(zone)s.") % {"zone": cohort.time_zone}, where="time_zone")
    if cohort.starts_at and cohort.ends_at and cohort.ends_at <= cohort.starts_at:
        raise Invalid(_("A cohort ends after it starts."), where="ends_at")
    try:
        cohort.full_clean()
    except ValidationError as error:
        where, (reason, *_others) = next(iter(error.message_dict.items()))
        raise Invalid(reason, where=where) from error


@transaction.atomic
def cohort_take(*, actor: Actor, cohort: Cohort, learner: User) -> Enrolment:
    """Put a learner into a cohort: from another one, out of a request, or anew, however the program enrols.

    Taking somebody twice is once. An enrolment that is paused stays so; one that
    has ended stays as it is, and the learner begins anew.

    :raises Forbidden: *actor* is not staff of the cohort, or of the one the learner leaves (403).
    :raises Refused: ``cohort_ended``, ``person_inactive``, ``enrolment_closed`` (409).
    """
    _require_staff(actor, cohort)
    if cohort.archived_at is not None or (cohort.ends_at is not None and cohort.ends_at <= timezone.now()):
        raise Refused(_("This cohort has ended."), code="cohort_ended")
    if not learner.is_active:
        raise Refused(_("This account is closed."), code="person_inactive")
    enrolment = enrolment_admit(actor=actor, learner=learner, cohort=cohort)
    if enrolment.cohort_id == cohort.pk:
        return enrolment
    if enrolment.cohort is not None:
        _require_staff(actor, enrolment.cohort)
    elif not may_grant(actor, role="admin", program=cohort.program, cohort=None):
        raise Forbidden(_("An enrolment without a cohort is for admins of the program."))
    return enrolment_move(actor=actor, enrolment=enrolment, cohort=cohort)


def _require_staff(actor: Actor, cohort: Cohort) -> None:
    if actor.kind != "system" and not staffed_cohorts(actor).filter(pk=cohort.pk).exists():
        raise Forbidden(_("Only staff of the cohort may do this."))
