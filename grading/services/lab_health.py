"""Trying the checks of released labs with the work of their authors, and holding back those that are flaky.

A worker of checks does it after a release, a lab at a time, while no learner waits.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from assessments.curriculum.checks import BY_PEOPLE
from assessments.selectors.labs import LabWithChecks, Revisions, labs_for_gate, labs_pinned
from grading.checks.contract import SpecProblem
from grading.checks.gate import lab_gate
from grading.checks.kinds.gpu_script import KIND as GPU
from grading.checks.lab import checks_from
from grading.checks.registry import kit_version
from grading.models import GradingRun, HeldCheck, LabHealth
from grading.sandbox.contract import Backend, SandboxUnavailable

log = structlog.get_logger(__name__)

SECONDS: Final = 600
"""A lab that takes longer is given up, and said to."""
LEASE: Final = timedelta(seconds=SECONDS + 60)
TOO_LONG: Final = f"Trying it took longer than {SECONDS // 60} minutes."

State = GradingRun.State


def labs_try(backend: Backend) -> str | None:
    """Try the next lab whose checks were not tried as they are; its path, None when there is none or learners wait.

    Labs that need a GPU or people are left out: this is done by workers of ``grading.checks``.
    """
    if GradingRun.objects.filter(queue=GradingRun.Queue.CHECKS, state__in=[State.QUEUED, State.CLAIMED]).exists():
        return None
    known = dict(LabHealth.objects.values_list("lab_id", "tried"))
    for lab_id, revisions in labs_pinned(but={GPU.name, *BY_PEOPLE}).items():
        tried = fingerprint(revisions, backend)
        if known.get(lab_id) != tried and _claim(lab_id):
            [lab] = labs_for_gate(lab_id=lab_id)
            _try(backend, lab, tried)
            return lab.path
    return None


def fingerprint(parts: Revisions, backend: Backend) -> str:
    """Changes with whatever a result depends on, but for the machine."""
    return hashlib.sha256(repr((parts, kit_version(), backend.name, backend.image)).encode()).hexdigest()


def _claim(lab_id: int) -> bool:
    LabHealth.objects.bulk_create([LabHealth(lab_id=lab_id)], ignore_conflicts=True)
    free = LabHealth.objects.filter(Q(lease_until=None) | Q(lease_until__lt=Now()), pk=lab_id)
    return free.update(lease_until=Now() + LEASE) == 1


def _try(backend: Backend, lab: LabWithChecks, tried: str) -> None:
    flaky: set[str] = set()
    try:
        found = lab_gate(backend, lab.body, checks_from([(each.path, each.body) for each in lab.checks]))
        problems = [(each.name, each.problem) for each in found if each.problem]
        flaky = {name for each in found for name in each.flaky}
        if any(each.infrastructure for each in found):
            raise SandboxUnavailable("; ".join(problem for _, problem in problems))
    except SpecProblem as problem:
        problems = [("checks", str(problem))]
    except SoftTimeLimitExceeded:
        problems = [("checks", TOO_LONG)]
    # Whatever else happens says nothing of the lab. It is tried again when its lease is over, so others come first.
    _store(lab, tried, problems, flaky)


@transaction.atomic
def _store(lab: LabWithChecks, tried: str, problems: list[tuple[str, str]], flaky: set[str]) -> None:
    LabHealth.objects.filter(pk=lab.lab_id).update(
        tried=tried, tried_at=Now(), problems=[list(each) for each in problems], lease_until=None
    )
    held = [each for each in lab.checks if each.path in flaky]
    # Earlier revisions stay held: what is handed in against them was not tried.
    steady = [each.revision_id for each in lab.checks if each.path not in flaky]
    HeldCheck.objects.filter(lab_check__lab=lab.lab_id, revision__in=steady).delete()
    HeldCheck.objects.bulk_create(
        [HeldCheck(lab_check_id=each.check_id, revision_id=each.revision_id) for each in held], ignore_conflicts=True
    )
    if problems:
        log.warning("lab_is_not_sound", lab=lab.path, problems=problems, held=sorted(flaky))
