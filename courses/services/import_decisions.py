"""Settling the findings of an import with a reason, and taking that back.

A decision changes nothing of what is read, only what stands in the way: so the
report is marked and the plan's id is made anew from its parts, and nothing is
planned again. One that makes a gate is the exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from courses import access
from courses.curriculum.planning import gates
from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.plan import plan_id
from courses.curriculum.refused import may_stand
from courses.curriculum.report.decisions import settles
from courses.curriculum.report.own import Decision
from courses.models import FindingDecision, ImportJob
from courses.services.imports import import_again
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Missing, Refused

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class GateWanted:
    """What a promised gate blocks, and what opens it, by their ids.

    :param blocks: empty for the module or project that the risk is of.
    :param activity: empty where staff open it.
    """

    blocks: str = ""
    activity: str = ""


@transaction.atomic
def finding_settle(
    *, actor: Actor, job: ImportJob, key: str, reason: str, gate: GateWanted | None = None
) -> ImportJob:  # fmt: skip
    """Settle the findings of *job* with *key*, now and at the next imports of its source.

    :param gate: of a finding of ``gates.promised``: make the gate. The import is planned anew, as it states more now.
    :raises Forbidden: it is an error, and the actor is no person. :raises Missing: there is no such finding.
    :raises Refused: the import is not planned, or what the error is about cannot be left without effect.
    """
    locked, finding, excerpt = _found(actor, job, key)
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why it is settled."), code="reason_missing", where="reason")
    if finding["severity"] == "error":
        if not may_stand(finding["rule"]):
            raise Refused(
                _("This error cannot be settled: nothing sensible is left without what it names."),
                code="decision_impossible", hint=_("Mend what it names, and import it again."),
            )  # fmt: skip
        if actor.user_id is None:
            raise Forbidden(_("An error is settled by an admin."), code="admin_missing")
    if gate is not None and finding["rule"] != gates.RULE:
        raise Invalid(_("This finding promises no gate."), code="no_gate_promised", where="gate")
    made = None if gate is None else {"blocks": gate.blocks.strip()[:200], "activity": gate.activity.strip()[:200]}
    had = _gates_made(locked, key)
    FindingDecision.objects.bulk_create(
        [
            FindingDecision(
                program=program, gate=made, source=locked.source, key=key, rule=finding["rule"],
                entity=excerpt["entity"], hash=excerpt["hash"], reason=reason[:LONGEST_REASON], decided_at=Now(),
                person_id=actor.user_id, client_id=actor.client_id,
            )
            for program in locked.programs
        ],
        update_conflicts=True,
        unique_fields=["program", "source", "key"],
        update_fields=["reason", "gate", "decided_at", "person", "client"],
    )  # fmt: skip
    _record(actor, locked, "finding.settled", finding, excerpt, reason, gate=made)
    return import_again(actor=actor, job=locked, retire=locked.retire) if made or had else _settle_anew(locked)


@transaction.atomic
def finding_unsettle(*, actor: Actor, job: ImportJob, key: str) -> ImportJob:
    """Take back what was decided on the site on the findings of *job* with *key*; without a decision nothing changes.

    :raises Missing: there is no such finding. :raises Refused: the import is not planned.
    """
    locked, finding, excerpt = _found(actor, job, key)
    had = _gates_made(locked, key)
    gone, _each = FindingDecision.objects.filter(
        program__in=locked.programs, source=locked.source, key=key
    ).delete()  # fmt: skip
    if gone:
        _record(actor, locked, "finding.unsettled", finding, excerpt)
    return import_again(actor=actor, job=locked, retire=locked.retire) if had else _settle_anew(locked)


def _gates_made(job: ImportJob, key: str) -> bool:
    rows = FindingDecision.objects.filter(program__in=job.programs, source=job.source, key=key)
    return rows.filter(gate__isnull=False).exists()


def _found(actor: Actor, job: ImportJob, key: str) -> tuple[ImportJob, dict[str, Any], dict[str, Any]]:
    if not access.may_import(actor):
        raise Forbidden(_("Admins import curricula."), code="role_missing")
    locked = ImportJob.objects.select_for_update(of=("self",)).defer("previews").get(pk=job.pk)
    if locked.state != ImportJob.State.READY or not locked.plan_core:
        raise Refused(_("This import is not planned, or applied already."), code="import_not_ready")
    for finding, excerpt in _pairs(locked):
        if excerpt.get("key") == key:
            if not locked.programs:
                raise Refused(_("It states no program that one could decide for."), code="no_program")
            return locked, finding, excerpt
    raise Missing()


def _pairs(job: ImportJob) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    return zip((job.report or {}).get("findings", []), job.excerpts or [], strict=True)


def _record(
    actor: Actor,
    job: ImportJob,
    action: str,
    finding: dict[str, Any],
    excerpt: dict[str, Any],
    reason: str = "",
    **more: Any,
) -> None:
    details = {"rule": finding["rule"], "severity": finding["severity"], "entity": excerpt["entity"]}
    audit_record(
        actor=actor, action=action, subject=f"import:{job.uuid}", reason=reason,
        details={**details, "hash": excerpt["hash"], "source": job.source, "programs": job.programs, **more},
    )  # fmt: skip


def _settle_anew(job: ImportJob) -> ImportJob:
    """Mark every finding by what is decided now; errors that are settled stand in the way no more."""
    decided = DatabaseBase().decided(job.source, job.programs)
    by_key = {(each.rule, each.entity, each.hash): each for each in decided}
    before = _open_errors(job)
    for finding, excerpt in _pairs(job):
        about = (finding["rule"], excerpt["entity"], excerpt["hash"])
        made = [by_key[about]] if about in by_key else []
        if excerpt["beside"]:
            made.append(Decision(*about[:2], excerpt["beside"], about[2]))
        states = [(settles(each, finding["severity"]), each.reason) for each in made]
        best = next((state for state in states if state[0] == "settled"), states[0] if states else (None, ""))
        finding["settled"], excerpt["reason"] = best
    job.errors += _open_errors(job) - before
    job.plan_id = plan_id(job.plan_core, decided)
    job.plan = {**(job.plan or {}), "id": job.plan_id}
    job.save(update_fields=["report", "excerpts", "errors", "plan_id", "plan"])
    return job


def _open_errors(job: ImportJob) -> int:
    return sum(
        finding["severity"] == "error" and finding["settled"] != "settled" for finding, _excerpt in _pairs(job)
    )  # fmt: skip
