"""Who looks after an enrolment."""

from __future__ import annotations

from django.db.models import Q

from courses.models import Enrolment, StaffRight
from waymark.accounts.models import User


def staff_of(enrolment: Enrolment) -> list[User]:
    """The instructors of its cohort; without any the program's admins, without those the site's.

    Closed accounts and the learner are left out.
    """
    rights = StaffRight.objects.filter(person__is_active=True).exclude(person_id=enrolment.learner_id)
    for scope in (
        Q(role="instructor", cohort_id=enrolment.cohort_id, cohort__isnull=False),
        Q(role="admin", program_id=enrolment.program_id),
        Q(role="admin", program=None, cohort=None),
    ):
        found = list(User.objects.filter(pk__in=rights.filter(scope).values("person_id")).order_by("pk"))
        if found:
            return found
    return []
