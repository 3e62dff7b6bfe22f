"""Entering, pausing and leaving a program; and the one lock of a learner's standing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import invitations_to
from courses.models import Cohort, Enrolment, EnrolmentChange, Invitation, LearningPath, Program, ReleaseItem
from courses.standing import entry_refusal
from courses.words import state_word
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Missing, Refused
from waymark.core.feed import feed_append

State = Enrolment.State


def enrolment_lock(enrolment_id: int) -> Enrolment:
    """Lock the enrolment row; everything that changes a learner's standing begins here.

    Call it first in the transaction, before anything is inserted for the
    enrolment: insert first and lock later deadlocks. ``no_key`` lets rows that
    only point at the enrolment be inserted meanwhile.
    """
    return Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment_id)


def enrolments_lock(enrolment_ids: Iterable[int]) -> list[Enrolment]:
    """Lock several enrolments, always in the order of their ids."""
    rows = Enrolment.objects.select_for_update(no_key=True).filter(pk__in=list(enrolment_ids)).order_by("pk")
    return list(rows)


def sequence_take(enrolment: Enrolment) -> int:
    """The next number of this enrolment's ledger; the row must be locked."""
    enrolment.sequence += 1
    enrolment.save(update_fields=["sequence"])
    return enrolment.sequence


def enrolment_start(*, actor: Actor, learner: User, program: Program, cohort: Cohort | None = None) -> Enrolment:
    """Enrol a person, or ask for it where a program enrols by approval.

    An open program makes the enrolment active at once. A second call while one
    is open returns that one. ``enrolment_closed`` (409) when the program is not
    published, archived, or enrols by invitation only; a cohort of another
    program is refused (``cohort_of_other_program``).
    """
    _check_cohort(cohort, program.pk)
    if refusal := entry_refusal(program):
        raise refusal
    if program.enrolment_mode == Program.EnrolmentMode.INVITATION:
        raise Refused(
            _("This program enrols by invitation only."),
            code="enrolment_closed",
            hint=_("Ask its staff to invite you."),
        )
    active = program.enrolment_mode == Program.EnrolmentMode.OPEN
    return _enrolment_create(actor, learner, program, cohort, State.ACTIVE if active else State.REQUESTED)


def enrolment_admit(*, actor: Actor, learner: User, cohort: Cohort) -> Enrolment:
    """Let a learner begin in *cohort*, however its program enrols; the open enrolment where there is one.

    A request begins. The caller has checked that the actor may place people
    there. ``enrolment_closed`` (409) when the program takes nobody.
    """
    if refusal := entry_refusal(cohort.program):
        raise refusal
    return _enrolment_create(actor, learner, cohort.program, cohort, State.ACTIVE)


def _enrolment_create(
    actor: Actor, learner: User, program: Program, cohort: Cohort | None, state: Enrolment.State
) -> Enrolment:
    open_one = Enrolment.objects.filter(learner=learner, program=program, state__in=Enrolment.OPEN_STATES)
    try:
        with transaction.atomic():
            if existing := open_one.first():
                return _begun(actor, existing, cohort, state)
            enrolment = Enrolment(
                learner=learner,
                program=program,
                cohort=cohort,
                state=State.REQUESTED,
                time_zone=cohort.time_zone if cohort else learner.time_zone,
            )
            if state == State.ACTIVE:
                enrolment.started_at = timezone.now()
                enrolment.policy_revision_id = _current_policy(program)
            enrolment.state = state
            enrolment.save()
            _record(enrolment, actor, "state", "", state)
            return enrolment
    except IntegrityError:
        # Two requests at once: the unique constraint let one through.
        if existing := open_one.first():
            return _begun(actor, existing, cohort, state)
        raise


def _begun(actor: Actor, existing: Enrolment, cohort: Cohort | None, state: Enrolment.State) -> Enrolment:
    """The open enrolment; a request that nobody need decide any more begins."""
    if existing.state == State.REQUESTED and state == State.ACTIVE:
        return enrolment_approve(actor=actor, enrolment=existing, cohort=cohort)
    return existing


def _check_cohort(cohort: Cohort | None, program_id: int) -> None:
    if cohort is not None and cohort.program_id != program_id:
        raise Refused(_("That cohort belongs to another program."), code="cohort_of_other_program")


def _current_policy(program: Program) -> int | None:
    """The revision of the policy in the current release: the rules a learner begins under."""
    return (
        ReleaseItem.objects.filter(release__program=program, release__current=True, entity__kind="policy")
        .values_list("revision_id", flat=True)
        .first()
    )


def enrolment_approve(*, actor: Actor, enrolment: Enrolment, cohort: Cohort | None = None) -> Enrolment:
    """Let a requested enrolment begin, in *cohort* (and its time zone) if one is given.

    ``enrolment_closed`` (409) once the program is archived: it was asked for too late.
    """
    _check_cohort(cohort, enrolment.program_id)
    if enrolment.state == State.REQUESTED and (refusal := entry_refusal(enrolment.program)):
        raise refusal
    placed: dict[str, Any] = {} if cohort is None else {"cohort": cohort, "time_zone": cohort.time_zone}
    return _change(actor, enrolment, {State.REQUESTED}, State.ACTIVE, started_at=timezone.now(), **placed)


def enrolment_decline(*, actor: Actor, enrolment: Enrolment, reason: str) -> Enrolment:
    """Decline a request; the person may ask again."""
    return _change(actor, enrolment, {State.REQUESTED}, State.DECLINED, reason=reason, ended_at=timezone.now())


def enrolment_pause(*, actor: Actor, enrolment: Enrolment) -> Enrolment:
    """Pause: everything can be read, nothing started or handed in."""
    return _change(actor, enrolment, {State.ACTIVE}, State.PAUSED)


def enrolment_resume(*, actor: Actor, enrolment: Enrolment) -> Enrolment:
    """End a pause."""
    return _change(actor, enrolment, {State.PAUSED}, State.ACTIVE)


def enrolment_complete(*, actor: Actor, enrolment: Enrolment, release_id: int) -> bool:
    """Complete a locked enrolment, with the events of its ledger until now and the items of a release.

    For who measures progress (*grading*), in the transaction that met the rule.
    Nothing takes it back: docs/decisions/grading.md.

    :returns: False when it is neither active nor paused; then nothing was written.
    """
    if enrolment.state not in (State.ACTIVE, State.PAUSED):
        return False
    before, enrolment.state = enrolment.state, State.COMPLETED
    enrolment.ended_at, enrolment.completed_release_id = timezone.now(), release_id
    enrolment.save(update_fields=["state", "ended_at", "completed_release"])
    _record(enrolment, actor, "state", before, State.COMPLETED, sequence=enrolment.sequence, release=release_id)
    return True


def enrolment_withdraw(*, actor: Actor, enrolment: Enrolment, reason: str = "") -> Enrolment:
    """Leave the program. Work, grades and history stay; a new start is a new enrolment."""
    return _change(
        actor, enrolment, set(Enrolment.OPEN_STATES), State.WITHDRAWN, reason=reason, ended_at=timezone.now()
    )


@transaction.atomic
def _change(
    actor: Actor, enrolment: Enrolment, expected: set[Enrolment.State], to: Enrolment.State, *, reason: str = "",
    **fields: Any,
) -> Enrolment:  # fmt: skip
    locked = enrolment_lock(enrolment.pk)
    if locked.state == to:
        return locked
    if locked.state not in expected:
        raise Refused(
            _("The enrolment is %(state)s; it cannot become %(to)s.")
            % {"state": state_word(locked.state), "to": state_word(to)},
            code=f"enrolment_{locked.state}",
        )
    before = locked.state
    if to == State.WITHDRAWN and locked.started_at is None:
        # A request that is taken back never started.
        to = State.DECLINED
    locked.state = to
    for name, value in fields.items():
        setattr(locked, name, value)
    if to == State.ACTIVE and locked.policy_revision_id is None:
        locked.policy_revision_id = _current_policy(locked.program)
    locked.save()
    _record(locked, actor, "state", before, to, reason)
    return locked


def _record(
    enrolment: Enrolment, actor: Actor, field: str, before: str, after: str, reason: str = "", **more: int
) -> None:
    EnrolmentChange.objects.create(
        enrolment=enrolment, actor_label=actor.label, field=field, before=before, after=after, reason=reason
    )
    audit_record(
        actor=actor,
        action=f"enrolment.{field}",
        subject=f"enrolment:{enrolment.pk}",
        reason=reason,
        details={"before": before, "after": after, **more},
    )
    feed_append(
        type="enrolment.changed",
        program_id=enrolment.program_id,
        cohort_id=enrolment.cohort_id,
        enrolment_id=enrolment.pk,
        data={"enrolment": str(enrolment.uuid), field: after, **more},
    )


@transaction.atomic
def enrolment_move(*, actor: Actor, enrolment: Enrolment, cohort: Cohort | None) -> Enrolment:
    """Put an enrolment into another cohort of its program; the change is kept."""
    locked = enrolment_lock(enrolment.pk)
    _check_cohort(cohort, locked.program_id)
    if locked.cohort_id == (cohort.pk if cohort else None):
        return locked
    before = str(locked.cohort_id or "")
    locked.cohort = cohort
    if cohort is not None:
        locked.time_zone = cohort.time_zone
    locked.save(update_fields=["cohort", "time_zone"])
    _record(locked, actor, "cohort", before, str(cohort.pk if cohort else ""))
    return locked


@transaction.atomic
def enrolments_follow_zone(*, actor: Actor, learner: User) -> None:
    """Let a learner's open enrolments count days in the zone the learner has now.

    Those in a cohort count in the cohort's, and what has ended keeps the zone it
    ended in (DESIGN.md, *Keys and numbers*).
    """
    mine = Enrolment.objects.filter(learner=learner, cohort=None, state__in=Enrolment.OPEN_STATES)
    enrolments_count_in(
        actor=actor, enrolment_ids=mine.values_list("pk", flat=True), cohort=None, zone=learner.time_zone
    )


@transaction.atomic
def enrolments_count_in(*, actor: Actor, enrolment_ids: Iterable[int], cohort: Cohort | None, zone: str) -> None:
    """Let those of the enrolments that are open, and still in *cohort*, count days in *zone*."""
    for enrolment in enrolments_lock(enrolment_ids):
        before = enrolment.time_zone
        # Asked again: somebody may have placed or ended it before the lock was had.
        inside = enrolment.cohort_id == (cohort.pk if cohort else None)
        if inside and enrolment.state in Enrolment.OPEN_STATES and before != zone:
            enrolment.time_zone = zone
            enrolment.save(update_fields=["time_zone"])
            _record(enrolment, actor, "time_zone", before, zone)


@transaction.atomic
def enrolment_plan(*, enrolment: Enrolment, hours_per_week: Any = None, path_id: int | None = None) -> Enrolment:
    """Change a learner's own plan: hours per week, chosen learning path of the program (0 takes none)."""
    locked = enrolment_lock(enrolment.pk)
    if path_id and not LearningPath.objects.current().filter(pk=path_id, program=locked.program_id).exists():
        raise Missing()
    if hours_per_week is not None:
        locked.hours_per_week = hours_per_week
    if path_id is not None:
        locked.path_id = path_id or None
    locked.save(update_fields=["hours_per_week", "path"])
    return locked


INVITATION_DAYS = 14


@transaction.atomic
def invitation_create(
    *, actor: Actor, email: str, program: Program | None = None, cohort: Cohort | None = None, right: str = "",
    days: int = INVITATION_DAYS, now: datetime | None = None,
) -> Invitation:  # fmt: skip
    """Offer a place (or a right) to an address; an open offer of the same is renewed.

    The caller has checked that the actor holds what is offered
    (``courses.access``).
    """
    if actor.user_id is None:
        raise Forbidden(_("Only a person invites somebody."))
    now = now or timezone.now()
    email = email.strip().lower()
    invitation, made = Invitation.objects.get_or_create(
        email=email, program=program, cohort=cohort, right=right, accepted_at=None, withdrawn_at=None,
        defaults={"invited_by_id": actor.user_id, "expires_at": now + timedelta(days=days)},
    )  # fmt: skip
    if not made:
        invitation.expires_at = now + timedelta(days=days)
        invitation.save(update_fields=["expires_at"])
    audit_record(actor=actor, action="invitation.sent", subject=f"invitation:{invitation.pk}")
    return invitation


@transaction.atomic
def invitation_accept(*, person: User, invitation: Invitation) -> Enrolment | None:
    """Take up an offer; only who has confirmed its address can (:class:`Missing` for others).

    A place begins at once, also where the person had asked for one. Taking it up
    twice is once. ``invitation_closed``, ``invitation_expired`` or, for a place in
    a program that takes nobody, ``enrolment_closed`` (409).
    """
    actor = Actor.person(person.pk)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitations_to(actor).filter(pk=locked.pk).exists():
        raise Missing()
    if locked.accepted_by_id == person.pk and locked.program_id and not locked.right:
        return Enrolment.objects.filter(learner=person, program_id=locked.program_id).first()
    if locked.accepted_at or locked.withdrawn_at:
        raise Refused(_("This invitation was used or taken back."), code="invitation_closed")
    if locked.expires_at <= timezone.now():
        raise Refused(
            _("This invitation has run out."), code="invitation_expired", hint=_("Ask the sender for a new one.")
        )
    if locked.program is not None and not locked.right and (refusal := entry_refusal(locked.program)):
        raise refusal
    Invitation.objects.filter(pk=locked.pk).update(accepted_at=timezone.now(), accepted_by=person)
    audit_record(actor=actor, action="invitation.accepted", subject=f"invitation:{locked.pk}")
    if locked.right:
        from courses.services.staff import right_from_invitation

        right_from_invitation(person=person, invitation=locked)
        return None
    assert locked.program is not None, "constraint invitation_for_something"
    return _enrolment_create(actor, person, locked.program, locked.cohort, State.ACTIVE)
