"""Applying a previewed list: all of its rows in one transaction, or none."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from courses.roster.preview import Preview, Step, preview
from courses.roster.reading import Sheet
from courses.services.cohort import cohort_change, cohort_create, cohort_take
from courses.services.invitation import Link, invitation_send
from courses.services.staff import right_grant
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import DomainError, Forbidden, Invalid, Refused


@transaction.atomic
def people_apply(*, actor: Actor, sheet: Sheet, preview_id: str, link: Link) -> Preview:
    """Do what the preview *preview_id* of *sheet* showed; invitations are mailed after commit.

    Every step is the service that a page would call, with its own check of rights.
    A row that is missing changes nothing, and applying twice does nothing the second time.

    :raises Forbidden: *actor* is no person: rights and invitations have somebody who gives them (403).
    :raises Invalid: ``list_has_errors`` (400).
    :raises Refused: ``preview_stale`` (409), the site or the file has changed since; or what a step was refused for.
    """
    if actor.user_id is None or actor.acting_as is not None:
        raise Forbidden(_("Only a person applies a list of people, in their own name."))
    found = preview(actor, sheet)
    if found.errors:
        raise Invalid(
            _("The list has errors; nothing was applied."), code="list_has_errors",
            where=f"{sheet.file}:{found.errors[0].line}", hint=_("Correct them and preview it again."),
        )  # fmt: skip
    if found.id != preview_id:
        raise Refused(
            _("This is no longer what the preview showed; nothing was applied."), code="preview_stale",
            hint=_("Look at the preview again."),
        )  # fmt: skip
    for step in found.steps:
        try:
            _do(actor, step, link)
        except DomainError as error:
            error.where = f"{sheet.file}:{step.line}"
            raise
    done = {action: found.count(action) for action in {step.action for step in found.steps} - {"none"}}
    if done:
        audit_record(actor=actor, action="people.imported", subject=f"list:{found.id}", details={found.kind: done})
    return found


def _do(actor: Actor, step: Step, link: Link) -> None:
    if step.action == "create":
        assert step.program is not None
        cohort_create(actor=actor, program=step.program, slug=step.who, **step.values)
    elif step.action == "change":
        assert step.cohort is not None
        cohort_change(actor=actor, cohort=step.cohort, **step.values)
    elif step.action in ("enrol", "move"):
        assert step.cohort is not None
        assert step.person is not None
        cohort_take(actor=actor, cohort=step.cohort, learner=step.person)
    elif step.action == "invite":
        invitation_send(
            actor=actor, email=step.who, link=link, program=step.program, cohort=step.cohort, right=step.right
        )
    elif step.action == "grant":
        assert step.person is not None
        right_grant(
            actor=actor, person=step.person, role=step.right, program=None if step.cohort else step.program,
            cohort=step.cohort,
        )  # fmt: skip
