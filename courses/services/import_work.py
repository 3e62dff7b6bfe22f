"""What a worker does for an import: claim it, read and plan or apply, and say how it ended.

Every write holds only while the row still carries the claim; a worker that lost
its lease writes nothing, and the step is begun anew by another, ``MOST_TRIES``
times at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from courses import access
from courses.curriculum.apply import Applied, curriculum_apply, curriculum_rollback
from courses.curriculum.foreseen import import_foresee, rollback_foresee
from courses.curriculum.planning.base import DatabaseBase, ids_of
from courses.curriculum.planning.impact import impact_of
from courses.curriculum.planning.incoming import incoming_of, source_of
from courses.curriculum.planning.plan import Plan
from courses.curriculum.planning.rollback import rollback_plan, rollback_target
from courses.curriculum.planning.run import plan_run
from courses.curriculum.preview import preview_of
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import lint
from courses.models import ImportJob
from courses.services.import_excerpts import excerpts_of
from courses.services.import_files import given_to
from courses.services.import_reach import reaches_everywhere
from waymark.accounts.models import ApiClient
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Refused
from waymark.core.lease import LEASE_SECONDS, LeaseKeeper
from waymark.core.text import storable

log = structlog.get_logger(__name__)

MOST_TRIES = 3
SECONDS = 300
"""A step that takes longer is given up."""

State, Step, Phase = ImportJob.State, ImportJob.Step, ImportJob.Phase


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker. ``token`` is what every later write is conditional on."""

    job_id: int
    token: int
    step: str


@transaction.atomic
def job_claim(*, worker: str, lease: float = LEASE_SECONDS) -> Claim | None:
    """Take the oldest job that waits; None when none does."""
    waiting = ImportJob.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=State.WAITING)
    job = waiting.order_by("queued_at", "id").first()
    if job is None:
        return None
    ImportJob.objects.filter(pk=job.pk).update(
        state=State.WORKING,
        phase=Phase.NONE,
        claim=job.claim + 1,
        claimed_by=worker[:200],
        tries=job.tries + 1,
        started_at=Now(),
        lease_until=Now() + timedelta(seconds=lease),
    )
    return Claim(job.pk, job.claim + 1, job.step)


def job_renew(claim: Claim, *, lease: float = LEASE_SECONDS) -> bool:
    """Prolong a lease from now on; False when the job is no longer this worker's."""
    return _held(claim, lease_until=Now() + timedelta(seconds=lease))


def _held(claim: Claim, **values: Any) -> bool:
    return ImportJob.objects.filter(pk=claim.job_id, claim=claim.token, state=State.WORKING).update(**values) == 1


def job_do(*, worker: str) -> bool:
    """Do the step of the next job that waits; False when none does. Whatever happens, the job says how it ended."""
    claim = job_claim(worker=worker)
    if claim is None:
        return False
    with LeaseKeeper.keeping(claim, job_renew):
        _do(claim)
    return True


def _do(claim: Claim) -> None:
    job = ImportJob.objects.select_related("client", "person").get(pk=claim.job_id)
    # What is written down is for who gave it.
    with translation.override(job.person.language if job.person else settings.LANGUAGE_CODE):
        _step(claim, job)


def _step(claim: Claim, job: ImportJob) -> None:
    step = _apply if claim.step == Step.APPLY else _plan
    try:
        step(claim, job)
    except DomainError as error:
        job_end(claim, problem=error.code, text=f"{error.message} {error.hint}".strip())
    except SoftTimeLimitExceeded:
        text = _("It took longer than %(minutes)s minutes and was given up.") % {"minutes": SECONDS // 60}
        job_end(claim, problem="too_long", text=text)
    except (OperationalError, InterfaceError):
        # Nothing can be written now; the lease runs out, and another try begins.
        raise
    except Exception:
        log.exception("import_broke_down", job=str(job.uuid), step=claim.step)
        text = _("This broke down; that is a fault of Waymark, and its log says more.")
        job_end(claim, problem="broke_down", text=text)


def job_end(claim: Claim, *, problem: str, text: str) -> bool:
    """End a step without success: nothing was applied, and what was planned before stands."""
    state = State.READY if claim.step == Step.APPLY else State.FAILED
    return _held(
        claim, state=state, phase=Phase.NONE, lease_until=None, ended_at=Now(), problem=problem, problem_text=text[:500]
    )


# -- plan --------------------------------------------------------------------------
def _plan(claim: Claim, job: ImportJob) -> None:
    _held(claim, phase=Phase.READ)
    actor = actor_for(job, applying=False)
    if job.given == ImportJob.Given.RELEASE:
        _plan_release(claim, job, actor)
        return
    with given_to(job) as arguments:
        report, plan = plan_run(arguments, source=job.source, retire=job.retire, on_read=partial(_tell_read, claim))
        wide = reaches_everywhere(plan)
        if not _may(actor, plan, wide):
            # What the base says about others' programs stays there: only what was given is reported.
            report = lint(arguments)
            _store(claim, report, None, source=job.source)
            raise Refused(_reason(actor, plan), code="not_yours", hint=_("Ask an admin of the whole site."))
        source = job.source or source_of(arguments)
    _ready(claim, report, plan, source=source, wide=wide)


def _plan_release(claim: Claim, job: ImportJob, actor: Actor) -> None:
    plan = rollback_plan(rollback_target(*job.arguments))
    plan.impacts = impact_of(plan.comparisons, plan.reading)
    wide = reaches_everywhere(plan)
    report = Report(plan=plan.as_dict())
    if not _may(actor, plan, wide):
        _store(claim, Report(), None)
        raise Refused(_reason(actor, plan), code="not_yours", hint=_("Ask an admin of the whole site."))
    _ready(claim, report, plan, wide=wide)


def _ready(claim: Claim, report: Report, plan: Plan, *, source: str = "", wide: bool) -> None:
    _held(claim, phase=Phase.STORE)
    _store(claim, report, plan, source=source, wide=wide)
    _held(claim, state=State.READY, phase=Phase.NONE, lease_until=None, ended_at=Now())


def _tell_read(claim: Claim, report: Report) -> None:
    lines = sum(statement.account.counts()["lines"] for statement in report.statements)
    _held(claim, phase=Phase.COMPARE, files=len(report.statements), lines=lines)


def _store(claim: Claim, report: Report, plan: Plan | None, *, source: str = "", wide: bool = False) -> None:
    counts = report.counts(proposed=True)
    said = report.as_json()
    shown = said.pop("plan")
    _held(
        claim,
        report=storable(said),
        excerpts=storable(excerpts_of(report)),
        plan=storable(shown) if plan is not None else None,
        previews=storable(_previews(plan)) if plan is not None else None,
        plan_id=plan.id if plan is not None else "",
        plan_core=plan.core if plan is not None else "",
        source=source,
        # A reader that broke down leaves a hole in what was read, which nobody should apply.
        errors=counts["error"] + report.failed,
        programs=sorted(each.program for each in plan.comparisons) if plan is not None else [],
        wide=wide,
    )


def _previews(plan: Plan) -> dict[str, Any]:
    return {each.program: preview_of(plan.reading, each.program) for each in plan.comparisons}


def _may(actor: Actor, plan: Plan, wide: bool) -> bool:
    if access.imports_everywhere(actor):
        return True
    return not wide and not _others(actor, plan)


def _others(actor: Actor, plan: Plan) -> set[str]:
    mine = set(access.programs_imported_by(actor).values_list("slug", flat=True))
    return {comparison.program for comparison in plan.comparisons} - mine


def _reason(actor: Actor, plan: Plan) -> str:
    if others := sorted(_others(actor, plan)):
        return _("It states programs that you do not administer: %(names)s.") % {"names": ", ".join(others)}
    return _("It changes what all programs share: scales, competencies, technologies and the like.")


# -- apply -------------------------------------------------------------------------
def _apply(claim: Claim, job: ImportJob) -> None:
    _held(claim, phase=Phase.APPLY)
    actor = actor_for(job, applying=True)
    if not access.imports_visible_to(actor).filter(pk=job.pk).exists():
        raise Refused(_("The right to import this has ended."), code="not_yours")
    make = _rollback_of(job, actor) if job.given == ImportJob.Given.RELEASE else _apply_of(job, actor)
    with transaction.atomic():
        if not _close(claim, job, make()):
            # Somebody else does this step by now: what was written here is taken back.
            transaction.set_rollback(True)


def _apply_of(job: ImportJob, actor: Actor) -> Callable[[], Applied]:
    """What was given, read before the transaction begins."""
    with given_to(job) as arguments:
        base = DatabaseBase()
        report = lint(arguments, elsewhere=ids_of(base.named()))
        incoming = incoming_of(report, base, arguments, source=job.source, retire=job.retire)
    return partial(
        curriculum_apply, actor=actor, incoming=incoming, plan_id=job.plan_id, override=job.override,
        foreseen=import_foresee(incoming, shown=_passes_lost(job)),
    )  # fmt: skip


def _rollback_of(job: ImportJob, actor: Actor) -> Callable[[], Applied]:
    program, number = job.arguments
    return partial(
        curriculum_rollback, actor=actor, program=program, number=number, plan_id=job.plan_id,
        foreseen=rollback_foresee(program, number, shown=_passes_lost(job)),
    )  # fmt: skip


def _passes_lost(job: ImportJob) -> int | None:
    """How many lose a pass by the plan that was looked at; None where it does not say."""
    plan: dict[str, Any] = job.plan or {}
    return (plan.get("impact") or {}).get("passes_lost")


def _close(claim: Claim, job: ImportJob, applied: Applied) -> bool:
    job.releases.set(applied.releases)
    return _held(claim, state=State.APPLIED, phase=Phase.NONE, lease_until=None, ended_at=Now())


# -- who ---------------------------------------------------------------------------
def actor_for(job: ImportJob, *, applying: bool) -> Actor:
    """Whose rights a step has, read anew: of who asked for it. One who is gone has none."""
    person = job.applying_id if applying else job.person_id
    if person is not None:
        return Actor.person(person)
    client = ApiClient.objects.select_related("client").filter(pk=job.client_id or "", revoked_at=None).first()
    if client is None:
        return Actor("client", client_id=job.client_id, scopes=frozenset(), limited=True)
    return Actor(
        "client",
        client_id=client.pk,
        scopes=frozenset(client.client.get_scopes()),
        limited=client.limited,
        program_ids=frozenset(client.program_ids),
        cohort_ids=frozenset(client.cohort_ids),
    )
