"""Imports on the site: given, planned again, asked to be applied. Workers do the rest (``import_work``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from courses import access
from courses.curriculum.sources.git import without_credentials
from courses.models import ImportJob, Program
from courses.services.import_files import address_check, files_forget, files_keep, root_check, source_check
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Missing, Refused
from waymark.core.ids import uuid7
from waymark.core.ring import ring_after_commit

QUEUE = "imports"
MOST_UNDER_WAY = 5
"""Jobs of one maker that may wait or be under way."""

State, Step = ImportJob.State, ImportJob.Step


def import_files(*, actor: Actor, files: Sequence[UploadedFile], source: str = "") -> ImportJob:
    """Have uploaded files read and planned: documents, or one or more zip archives.

    :param source: the name of the source that it is the next import of; by default what the files are called.
    :raises Forbidden: the actor imports nothing. :raises Invalid: see ``files_keep``.
    :raises Refused: too many of the actor's imports are under way, or the disk is full.
    """
    _check(actor)
    uuid, source = uuid7(), source_check(source)
    names = files_keep(uuid=uuid, files=files)
    try:
        name = " + ".join(names)
        return _create(actor, uuid=uuid, given=ImportJob.Given.FILES, name=name, arguments=names, source=source)
    except BaseException:
        files_forget(uuid)
        raise


def import_repository(*, actor: Actor, address: str, source: str = "") -> ImportJob:
    """Have one revision of a public repository read and planned: ``https://host/path.git#revision``.

    :param source: as for ``import_files``; by default the address without its revision.
    """
    _check(actor)
    address = address_check(address)
    name, source = without_credentials(address), source_check(source)
    return _create(actor, uuid=uuid7(), given=ImportJob.Given.GIT, name=name, arguments=[address], source=source)


def import_folder(*, actor: Actor, root: str, path: str, source: str = "") -> ImportJob:
    """Have a folder of the server read and planned, below one of the operator's roots.

    :param source: as for ``import_files``; by default what the folder is called.
    """
    _check(actor)
    place, argument = root_check(root, path)
    return _create(
        actor, uuid=uuid7(), given=ImportJob.Given.ROOT, name=argument, root=place, arguments=[argument],
        source=source_check(source),
    )  # fmt: skip


def import_release(*, actor: Actor, program: Program, number: int) -> ImportJob:
    """Have a plan made that goes back to release *number* of *program*, to be applied like any other.

    :raises Missing: there is no such release. :raises Refused: it is the current one.
    """
    _check(actor)
    release = program.releases.filter(number=number).first()
    if release is None:
        raise Missing()
    if release.current:
        raise Refused(
            _("This release is current."), code="nothing_to_roll_back", hint=_("Choose an earlier one to go back to.")
        )
    return _create(
        actor, uuid=uuid7(), given=ImportJob.Given.RELEASE, name=f"{program.slug} {number}",
        arguments=[program.slug, number],
    )  # fmt: skip


def _check(actor: Actor) -> None:
    if not access.may_import(actor):
        raise Forbidden(_("Admins import curricula."), code="role_missing")


@transaction.atomic
def _create(actor: Actor, *, uuid: UUID, given: ImportJob.Given, name: str, **fields: Any) -> ImportJob:
    mine = ImportJob.objects.filter(person_id=actor.user_id, client=actor.client_id)
    if mine.filter(state__in=ImportJob.UNDER_WAY).count() >= MOST_UNDER_WAY:
        raise Refused(
            _("%(count)s of your imports are under way.") % {"count": MOST_UNDER_WAY},
            code="imports_under_way", hint=_("Wait until one of them is planned."),
        )  # fmt: skip
    job = ImportJob.objects.create(
        uuid=uuid, person_id=actor.user_id, client_id=actor.client_id, given=given, name=name[:200], **fields
    )
    audit_record(actor=actor, action="import.given", subject=f"import:{job.uuid}", details={"given": str(given)})
    ring_after_commit(QUEUE)
    return job


@transaction.atomic
def import_again(*, actor: Actor, job: ImportJob, retire: bool = False) -> ImportJob:
    """Read and plan the same once more, for what may be different by now.

    :param retire: somebody means that much of a program goes.

    :raises Refused: it is under way, applied, or its files are gone.
    """
    _check(actor)
    locked = _locked(job)
    if locked.state not in (State.READY, State.FAILED):
        raise Refused(_("This import is under way or applied."), code="import_not_ready")
    _check_files(locked)
    _queue(locked, Step.PLAN)
    ImportJob.objects.filter(pk=locked.pk).update(
        retire=retire, plan_id="", plan_core="", plan=None, previews=None, report=None, excerpts=None, errors=0
    )
    return locked


@transaction.atomic
def import_apply(*, actor: Actor, job: ImportJob, plan_id: str, override: str = "") -> ImportJob:
    """Ask for the plan *plan_id* to be applied; a worker does it, or says why not.

    Asking for the same again changes nothing, also once it is applied.

    :param override: why a site admin sets errors aside, for this apply only.
    :raises Forbidden: errors are to be set aside by somebody who is no site admin.
    :raises Refused: it is not planned, it is another plan, errors stand in the way, or its files are gone.
    """
    _check(actor)
    locked = _locked(job)
    if locked.step == Step.APPLY and locked.state != State.READY and plan_id == locked.plan_id:
        return locked
    if locked.state != State.READY or not locked.plan_id:
        raise Refused(_("This import is not planned, or applied already."), code="import_not_ready")
    if plan_id != locked.plan_id:
        raise Refused(
            _("This is not the plan of this import."), code="import_stale",
            hint=_("Look at the plan as it is now, and apply that."),
        )  # fmt: skip
    if override and not access.is_site_admin(actor):
        raise Forbidden(_("Only a site admin sets errors aside."), code="override_refused")
    if locked.errors and not override:
        raise Refused(
            _("Errors stand in the way."), code="import_errors", hint=_("Mend what they name, and import it again.")
        )
    _check_files(locked)
    _queue(locked, Step.APPLY)
    ImportJob.objects.filter(pk=locked.pk).update(
        applying_id=actor.user_id, override=override[:500] if locked.errors else ""
    )
    return locked


def _locked(job: ImportJob) -> ImportJob:
    return ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)


def _check_files(job: ImportJob) -> None:
    if job.files_gone_at is not None:
        raise Refused(_("The files of this import are gone."), code="files_gone", hint=_("Give them again."))


def _queue(job: ImportJob, step: ImportJob.Step) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        step=step, state=State.WAITING, phase="", tries=0, queued_at=Now(), problem="", problem_text=""
    )
    job.refresh_from_db()
    ring_after_commit(QUEUE)
