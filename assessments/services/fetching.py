"""Handing in a commit: asked for at once, fetched by a worker, a submission or a clear refusal in the end.

Every write of a worker holds only while the row still carries its claim. A worker
that is killed leaves a lease that runs out; the commit is fetched again,
``MOST_TRIES`` times at most, and counts as handed in when it was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.models import Fetch, Submission
from assessments.policy import attempt_rules
from assessments.services.receiving import starter_names
from assessments.services.submitting import (
    Origin,
    contents_keep,
    hand_in_refusal,
    item_of,
    submission_create,
    unjudged_refusal,
)
from assessments.submissions.intake import Work
from assessments.submissions.repositories import address_read, commit_read, work_fetched
from courses.models import Activity, Enrolment
from courses.services.enrolment import enrolment_lock
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import DomainError, Forbidden, Refused
from waymark.core.lease import LEASE_SECONDS, LeaseKeeper
from waymark.core.ring import ring, ring_after_commit
from waymark.core.text import storable

log = structlog.get_logger(__name__)

QUEUE: Final = "fetches"
MOST_TRIES: Final = 3
MOST_AN_HOUR: Final = 30
"""Of one enrolment: a fetch that fails costs nothing else."""
UNRUNG_AFTER: Final = timedelta(seconds=2)
MOST_AT_ONCE: Final = 100

State = Fetch.State


# -- asking --------------------------------------------------------------------------
@transaction.atomic
def fetch_ask(
    *, actor: Actor, enrolment: Enrolment, activity: Activity, repository: str, commit: str,
    now: datetime | None = None,
) -> Fetch:  # fmt: skip
    """Hand in a commit of a public repository. Asking for the one that is under way changes nothing.

    :raises Invalid: no address, no full hash. :raises Forbidden: *actor* is not the learner.
    :raises Refused: what ``submission_create`` refuses; ``fetch_under_way``; ``too_many_fetches``.
    """
    if not actor.is_person(enrolment.learner_id):
        raise Forbidden(_("Only the learner can hand in."))
    repository, commit, now = address_read(repository), commit_read(commit), now or timezone.now()
    enrolment = enrolment_lock(enrolment.pk)
    activity = item_of(enrolment, activity.pk)
    under_way = Fetch.objects.filter(enrolment=enrolment, activity=activity, state__in=Fetch.UNDER_WAY).first()
    if under_way is not None:
        if (under_way.repository, under_way.commit) == (repository, commit):
            return under_way
        raise Refused(
            _("Another commit is still being fetched for this."), code="fetch_under_way",
            hint=_("Wait until it is handed in."),
        )  # fmt: skip
    same = Fetch.objects.filter(enrolment=enrolment, activity=activity, repository=repository, commit=commit).first()
    if same is not None and same.problem in Fetch.OURS:
        now = same.asked_at
    if (refusal := hand_in_refusal(enrolment, activity, attempt_rules(enrolment, activity), now)) is not None:
        raise refusal
    if (refusal := unjudged_refusal(activity)) is not None:
        raise refusal
    lately = Q(enrolment=enrolment, asked_at__gt=now - timedelta(hours=1))
    if Fetch.objects.filter(lately).aggregate(asked=Count("pk"))["asked"] >= MOST_AN_HOUR:
        raise Refused(
            _("Too many commits were fetched within an hour."), code="too_many_fetches",
            hint=_("Hand in files or an archive, or wait a while."),
        )  # fmt: skip
    fetch = Fetch.objects.create(
        enrolment=enrolment, activity=activity, repository=repository, commit=commit, asked_at=now
    )
    ring_after_commit(QUEUE)
    return fetch


@transaction.atomic
def fetch_cancel(*, actor: Actor, fetch: Fetch) -> Fetch:
    """Take a commit that waits back: nothing is fetched or handed in. Asking again changes nothing.

    The conditional write decides between this and a worker that claims it at the same instant.

    :raises Forbidden: *actor* is not the learner.
    :raises Refused: ``fetch_taken`` once a worker has it, ``fetch_over`` once it was handed in or could not be.
    """
    if not may_cancel(actor, fetch):
        raise Forbidden(_("Only the learner can take work back."))
    waiting = Fetch.objects.filter(pk=fetch.pk, state=State.WAITING)
    cancelled = waiting.update(state=State.CANCELLED, ended_at=Now())
    fetch = Fetch.objects.get(pk=fetch.pk)
    if cancelled:
        audit_record(actor=actor, action="fetch.cancelled", subject=f"fetch:{fetch.uuid}")
    elif fetch.state == State.WORKING:
        raise Refused(
            _("A worker fetches it already."), code="fetch_taken",
            hint=_("Once it was handed in, it can be taken back there while it waits to be checked."),
        )  # fmt: skip
    elif fetch.state != State.CANCELLED:
        raise Refused(_("It was fetched already, or could not be."), code="fetch_over")
    return fetch


def may_cancel(actor: Actor, fetch: Fetch) -> bool:
    """Whether the commit is the actor's own, and not seen through somebody's eyes; its enrolment is selected."""
    return actor.is_person(fetch.enrolment.learner_id)


# -- fetching ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Claim:
    """A fetch in the hands of one worker. ``token`` is what every later write is conditional on."""

    fetch_id: int
    token: int


@transaction.atomic
def fetch_claim(*, worker: str, lease: float = LEASE_SECONDS) -> Claim | None:
    """Take the oldest that waits; None when none does."""
    rows = Fetch.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=State.WAITING)
    fetch = rows.order_by("id").first()
    if fetch is None:
        return None
    Fetch.objects.filter(pk=fetch.pk).update(
        state=State.WORKING, claim=fetch.claim + 1, claimed_by=worker[:200], tries=fetch.tries + 1,
        lease_until=Now() + timedelta(seconds=lease),
    )  # fmt: skip
    return Claim(fetch.pk, fetch.claim + 1)


def fetch_renew(claim: Claim, *, lease: float = LEASE_SECONDS) -> bool:
    """Prolong a lease from now on; False when the fetch is no longer this worker's."""
    return _held(claim, lease_until=Now() + timedelta(seconds=lease))


def _held(claim: Claim, **values: Any) -> bool:
    rows = Fetch.objects.filter(pk=claim.fetch_id, claim=claim.token, state=State.WORKING)
    return rows.update(**values) == 1


def fetch_do(*, worker: str) -> bool:
    """Fetch the next commit that waits; False when none does. Whatever happens, the row says how it ended."""
    claim = fetch_claim(worker=worker)
    if claim is None:
        return False
    with LeaseKeeper.keeping(claim, fetch_renew):
        _do(claim)
    return True


def _do(claim: Claim) -> None:
    fetch = Fetch.objects.select_related("enrolment__learner", "activity").get(pk=claim.fetch_id)
    # What is written down is for its learner.
    with translation.override(fetch.enrolment.learner.language):
        try:
            work = work_fetched(fetch.repository, fetch.commit, starter=starter_names(fetch.activity_id))
            contents_keep(work)
            _hand_in(claim, fetch, work)
        except DomainError as problem:
            _fail(claim, problem)
        except SoftTimeLimitExceeded:
            _fail(claim, Refused(_("Fetching took too long and was given up."), code="too_slow", hint=_again()))
        except (OperationalError, InterfaceError):
            # Nothing can be written now; the lease runs out, and another try begins.
            raise
        except Exception:
            log.exception("fetch_broke_down", fetch=str(fetch.uuid))
            text = _("Fetching broke down; that is a fault of ours, and the log of the site says more.")
            _fail(claim, Refused(text, code="broke_down", hint=_again()))


def _again() -> str:
    return _("Try again, or hand in files or an archive.")


@transaction.atomic
def _hand_in(claim: Claim, fetch: Fetch, work: Work) -> None:
    done = submission_create(
        actor=Actor.person(fetch.enrolment.learner_id), enrolment=fetch.enrolment, activity=fetch.activity,
        work=work, source=Origin(Submission.Source.GIT, fetch.repository, fetch.commit), now=fetch.asked_at,
    )  # fmt: skip
    closed = _held(
        claim, state=State.HANDED_IN, lease_until=None, ended_at=Now(), submission=done.submission,
        created=done.created, left_out=storable(list(work.left_out)),
    )  # fmt: skip
    if not closed:
        # Somebody else fetches it by now: what was written here is taken back.
        transaction.set_rollback(True)


def _fail(claim: Claim, problem: DomainError) -> bool:
    return _held(
        claim, state=State.FAILED, lease_until=None, ended_at=Now(), problem=problem.code,
        problem_text=storable(problem.message[:1000]), problem_where=storable(problem.where[:400]),
        problem_hint=storable(problem.hint[:1000]),
    )  # fmt: skip


# -- finding what was lost -----------------------------------------------------------
def fetches_requeue_expired() -> int:
    """Have commits whose lease ran out fetched again, or given up after ``MOST_TRIES``; answers how many there were."""
    expired = Fetch.objects.filter(state=State.WORKING, lease_until__lt=Now())
    found = list(expired.values_list("pk", "claim", "tries", "enrolment__learner__language")[:MOST_AT_ONCE])
    for key, token, tries, language in found:
        if tries < MOST_TRIES:
            expired.filter(pk=key, claim=token).update(state=State.WAITING, lease_until=None, queued_at=Now())
            continue
        with translation.override(language):
            text = _("The worker ended %(count)s times while it fetched this.") % {"count": MOST_TRIES}
            _fail(Claim(key, token), Refused(text, code="worker_lost", hint=_again()))
    return len(found)


def fetches_ring() -> bool:
    """Ring when something has waited for longer than a ring takes; whether it was heard."""
    waits = Fetch.objects.filter(state=State.WAITING, asked_at__lt=Now() - UNRUNG_AFTER).exists()
    return waits and ring(QUEUE)
