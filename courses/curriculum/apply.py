"""Making a release out of a tree, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction

from courses.access import is_site_admin
from courses.curriculum.applied import Made, tell_applied
from courses.curriculum.compare import Comparison
from courses.curriculum.findings import Finding
from courses.curriculum.foreseen import Foreseen
from courses.curriculum.identities import Identities, Place
from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.keep import statements_keep
from courses.curriculum.planning.plan import Incoming, Plan, plan_make
from courses.curriculum.planning.rollback import rollback_plan, rollback_target
from courses.curriculum.projectors import finish, writing
from courses.curriculum.projectors.finish import repeat_addresses
from courses.curriculum.refused import ImportRefused, may_stand
from courses.curriculum.releasing import ReleaseWriter
from courses.models import Entity, Release
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Refused
from waymark.core.feed import feed_append
from waymark.core.stored import files_keep

APPLY_LOCK = 0x57_61_79_41  # "WayA": one apply at a time on a database
APPLY_WAIT = "10s"


@dataclass(frozen=True, slots=True)
class _Act:
    """Who makes releases, of what, and why.

    :ivar override: why errors are set aside, which *overridden* names; those that an admin settled before are others.
    :ivar restores: the release that is gone back to.
    """

    actor: Actor
    source: str = ""
    override: str = ""
    overridden: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    restores: Release | None = None
    foreseen: Foreseen | None = None
    regrade: bool = False

    @property
    def details(self) -> dict[str, Any]:
        """For the audit."""
        found: dict[str, Any] = {}
        if self.overridden:
            found["overridden"] = list(self.overridden)
        if self.settled:
            found["settled"] = list(self.settled)
        if self.restores is not None:
            found["restores"] = self.restores.number
        return found


@dataclass(slots=True)
class Applied:
    """What an apply did: the difference of each program, the releases made, and what is worth a warning."""

    plan: Plan
    releases: list[Release] = field(default_factory=list)

    @property
    def comparisons(self) -> list[Comparison]:
        return self.plan.comparisons

    @property
    def findings(self) -> list[Finding]:
        return self.plan.findings


@transaction.atomic
def curriculum_apply(
    *, actor: Actor, incoming: Incoming, plan_id: str | None = None, override: str = "",
    foreseen: Foreseen | None = None, regrade: bool = False,
) -> Applied:  # fmt: skip
    """Make one new release of every program that *incoming* states differently.

    Applying the same tree twice makes no release. Errors in the reading refuse
    the whole (``ImportRefused``); a second apply at the same time waits ten
    seconds, then is refused with ``import_busy``; one that is not the plan
    *plan_id* any more with ``import_stale``. Nothing a learner did changes.

    :param override: why a site admin sets errors aside, for this apply only. Not those
        for which something could not be read at all, or would be retired unseen.
    :param foreseen: as ``import_foresee`` gave it right before.
    :param regrade: what it corrects is graded again at once, not when somebody starts it.
    """
    if override and not (actor.user_id and is_site_admin(actor)):
        raise Refused("Only a site admin sets errors aside.", code="override_refused", hint="Name one with --as.")
    _refuse_errors(incoming.unsettled(incoming.reading.findings), override)
    files_keep(incoming.reading.linked.values())
    _lock()
    plan = plan_make(incoming, DatabaseBase())
    found, plan.findings = plan.findings, incoming.unsettled(plan.findings)
    overridden = _refuse_errors(plan.findings, override)
    settled = _named(finding for finding in found if finding.severity == "error" and finding not in plan.findings)
    _refuse_stale(plan, plan_id)
    act = _Act(actor, incoming.source, override, tuple(overridden), tuple(settled), foreseen=foreseen, regrade=regrade)
    return _apply(plan, act)


@transaction.atomic
def curriculum_rollback(
    *, actor: Actor, program: str, number: int | None = None, plan_id: str | None = None,
    foreseen: Foreseen | None = None, regrade: bool = False,
) -> Applied:  # fmt: skip
    """Make a new release of *program* equal to release *number*, the one before by default.

    Refused as ``rollback_target`` and ``curriculum_apply`` say. Nothing a learner did changes.
    """
    _lock()
    target = rollback_target(program, number)
    plan = rollback_plan(target)
    _refuse_stale(plan, plan_id)
    return _apply(plan, _Act(actor, restores=target, foreseen=foreseen, regrade=regrade))


def _refuse_stale(plan: Plan, plan_id: str | None) -> None:
    if plan_id is not None and plan_id != plan.id:
        raise Refused(
            "This is not the plan that was shown: the sources, a decision or the current release changed since.",
            code="import_stale", hint="Plan again and look at what is different.",
        )  # fmt: skip


def _apply(plan: Plan, act: _Act) -> Applied:
    applied, reading = Applied(plan), plan.reading
    todo = [comparison for comparison in plan.comparisons if not comparison.is_empty]
    if not todo:
        statements_keep(plan, act.source)
        return applied
    entities = Identities(reading, todo).write()
    repeat_addresses()
    releases = {comparison.program: _release_create(comparison, entities, act) for comparison in todo}
    applied.releases = list(releases.values())
    with writing():
        for slug, release in releases.items():
            ReleaseWriter(reading, slug, release, entities).run()
    statements_keep(plan, act.source)
    for release in applied.releases:
        finish(release)
    _tell(plan, act, releases)
    return applied


def _tell(plan: Plan, act: _Act, releases: dict[str, Release]) -> None:
    """Those who follow a release; figures only where they are of this plan."""
    foreseen = act.foreseen
    impacts = foreseen.impacts.programs if foreseen is not None and foreseen.plan_id == plan.id else {}
    for comparison in plan.comparisons:
        slug = comparison.program
        if slug in releases:
            drafts = plan.reading.of_program(slug)
            tell_applied(Made(act.actor, releases[slug], comparison, drafts, impacts.get(slug), act.regrade))


def _refuse_errors(findings: list[Finding], override: str) -> list[str]:
    """Refuse errors; those that *override* sets aside are answered."""
    errors = [finding for finding in findings if finding.severity == "error"]
    standing = [finding for finding in errors if not (override and may_stand(finding.rule))]
    if standing:
        raise ImportRefused(standing)
    return _named(errors)


def _named(findings: Iterable[Finding]) -> list[str]:
    return [f"{finding.rule} {finding.file}:{finding.line}" for finding in findings]


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [APPLY_WAIT])
        try:
            with transaction.atomic():
                cursor.execute("/* courses.curriculum.apply */ SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
        except OperationalError as error:
            raise Refused(
                "Another import is being applied.", code="import_busy", hint="Try again when it is done."
            ) from error
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])


def _release_create(comparison: Comparison, entities: dict[Place, Entity], act: _Act) -> Release:
    program = entities[comparison.program, f"program:{comparison.program}"]
    base = Release.objects.filter(program_id=program.pk, current=True).first()
    Release.objects.filter(program_id=program.pk, current=True).update(current=False)
    release = Release.objects.create(
        program_id=program.pk,
        number=base.number + 1 if base else 1,
        base=base,
        current=True,
        digest=comparison.digest,
        source=act.source,
        restores=act.restores,
        figures=comparison.figures,
        made_by_id=act.actor.user_id,
        client_id=act.actor.client_id,
    )
    audit_record(
        actor=act.actor,
        action="curriculum.applied",
        subject=f"program:{program.pk}",
        reason=act.override,
        details={"release": release.number, "summary": comparison.summary(), **act.details},
    )
    feed_append(type="program.released", program_id=program.pk, data={"release": release.number})
    return release
