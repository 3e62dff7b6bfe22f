"""Why nothing may be started or handed in now: one decision for a page's button and the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.policy import AttemptRules
from courses.models import Activity, Enrolment
from courses.selectors.openings import openings_of
from waymark.core.errors import DomainError, Refused

QUIZ, LAB, PROJECT = Activity.Kind.QUIZ, Activity.Kind.LAB, Activity.Kind.PROJECT
RETIRED = {
    QUIZ: gettext_lazy("This quiz is no longer part of the program."),
    LAB: gettext_lazy("This lab is no longer part of the program."),
    PROJECT: gettext_lazy("This project is no longer part of the program."),
}
LOCKED = {
    QUIZ: gettext_lazy("This quiz is not open to you yet."),
    LAB: gettext_lazy("This lab is not open to you yet."),
    PROJECT: gettext_lazy("This project is not open to you yet."),
}
PAST_DUE = {
    QUIZ: gettext_lazy("This quiz was due and takes no more attempts."),
    LAB: gettext_lazy("This lab was due and takes no more work."),
    PROJECT: gettext_lazy("This project was due and takes no more work."),
}


def _by_kind(activity: Activity, messages: Mapping[Activity.Kind, Promise | str]) -> str:
    return str(messages[Activity.Kind(activity.kind)])


def refused_by_gate(enrolment: Enrolment, activity: Activity) -> DomainError | None:
    """``retired`` or ``locked``, with what is still needed."""
    if activity.entity.retired_at is not None:
        return Refused(_by_kind(activity, RETIRED), code="retired")
    opening = openings_of(enrolment).of_activity(activity)
    if opening.is_open:
        return None
    return Refused(
        _by_kind(activity, LOCKED), code="locked",
        hint=_("Still needed: %(conditions)s.")
        % {"conditions": "; ".join(condition.text for condition in opening.unmet)},
    )  # fmt: skip


def refused_by_time(enrolment: Enrolment, activity: Activity, rules: AttemptRules, now: datetime) -> DomainError | None:
    """``cohort_ended`` or ``past_due``."""
    if rules.accepts_until is None or now <= rules.accepts_until:
        return None
    cohort = enrolment.cohort
    if cohort is not None and cohort.ends_at is not None and now > cohort.ends_at:
        return Refused(_("Your cohort has ended; nothing new can be started."), code="cohort_ended")
    return Refused(_by_kind(activity, PAST_DUE), code="past_due", hint=_("Ask for an extension."))


def refused_by_count(rules: AttemptRules, made: int, last: datetime | None, now: datetime) -> DomainError | None:
    """``attempts_given_up``, ``attempts_used_up`` or ``attempt_too_soon``.

    :param made: attempts of this enrolment, those whose grading was given up included.
    :param last: when the last of them was handed in.
    """
    if rules.given_up:
        return Refused(_("You gave up your other submissions to see the solution."), code="attempts_given_up")
    if rules.limit is not None and made + rules.earlier - rules.uncounted >= rules.limit:
        used = ngettext("The one attempt is used.", "All %(limit)d attempts are used.", rules.limit)
        return Refused(used % {"limit": rules.limit}, code="attempts_used_up")
    if last is not None and rules.wait_minutes:
        again = last + timedelta(minutes=rules.wait_minutes)
        if now < again:
            return AttemptTooSoon(again)
    return None


class AttemptTooSoon(Refused):
    """The policy asks for a pause between attempts; ``again_at`` is when it is over."""

    code = "attempt_too_soon"

    def __init__(self, again_at: datetime) -> None:
        super().__init__(
            _("The next attempt is not open yet."),
            hint=_("It opens at %(time)s.") % {"time": f"{timezone.localtime(again_at):%Y-%m-%d %H:%M %Z}"},
        )
        self.again_at = again_at
