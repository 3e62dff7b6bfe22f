"""When an attempt is over: one function of row and clock, for every reader.

The row may lag behind: whoever comes next writes the hand-in (the sweeper, a
grading worker, the learner's next request), but from the instant itself on
everybody treats the attempt as closed, so beat being down changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from assessments.models import Attempt
from courses.models import Enrolment


def attempt_is_closed(attempt: Attempt, now: datetime) -> bool:
    """Whether nothing more can be saved or handed in.

    ``attempt.enrolment`` is read: leaving a program ends what is under way.
    Grace is inclusive to the second (GRADING.md, *Time*).
    """
    if attempt.state != Attempt.State.OPEN:
        return True
    if attempt.enrolment.state == Enrolment.State.WITHDRAWN:
        return True
    return attempt.closes_at is not None and whole_second(now) > attempt.closes_at


def effective_end(attempt: Attempt, now: datetime) -> datetime:
    """The instant as of which the system hands in a closed attempt: its limit, or when the learner left."""
    ends = [now]
    if attempt.deadline_at is not None:
        ends.append(attempt.deadline_at)
    left = attempt.enrolment.ended_at
    if attempt.enrolment.state == Enrolment.State.WITHDRAWN and left is not None:
        ends.append(left)
    return max(min(ends), attempt.started_at)


def overdue(now: datetime) -> Q:
    """Attempts whose row is open though :func:`attempt_is_closed` is true."""
    over = Q(closes_at__lt=whole_second(now)) | Q(enrolment__state=Enrolment.State.WITHDRAWN)
    return Q(state=Attempt.State.OPEN) & over


def whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
