"""Whether a person may still enter a program, and work in it: one decision for pages, API, services and tasks.

Rights are another question (``courses.access``), and so is what is locked
(``courses.gating``). An archived program takes nobody any more and can only be
read: nothing is started, ticked off or attested in it. What was under way when it
was archived runs out, is graded and counts; pausing, resuming and leaving stay
possible, and so does declining a request. Publishing it again takes all that back.
Source: ACCESS.md, *Answers* and *People*.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from courses.models import Enrolment, Program
from courses.words import state_word
from waymark.core.errors import Refused

WORKING = (Enrolment.State.ACTIVE, Enrolment.State.COMPLETED)


def entry_refusal(program: Program) -> Refused | None:
    """Why nobody begins in *program*, in whatever way: ``enrolment_closed``, or None."""
    if program.published_at is None or program.archived_at is not None:
        return Refused(_("This program does not take learners at the moment."), code="enrolment_closed")
    return None


def work_refusal(enrolment: Enrolment) -> Refused | None:
    """Why nothing new can be done in *enrolment*, or None: ``enrolment_paused`` (or so), ``program_archived``."""
    if enrolment.state not in WORKING:
        hint = _("Resume it to go on.") if enrolment.state == Enrolment.State.PAUSED else ""
        return Refused(
            _("Your enrolment is %(state)s; nothing new can be done in it.") % {"state": state_word(enrolment.state)},
            code=f"enrolment_{enrolment.state}",
            hint=hint,
        )
    if enrolment.program.archived_at is not None:
        return Refused(_("This program is archived; it can only be read."), code="program_archived")
    return None
