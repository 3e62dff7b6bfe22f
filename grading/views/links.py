"""Ways back from a page of grading to what it belongs to."""

from __future__ import annotations

from django.urls import reverse

from courses.models import Enrolment


def grades_url(enrolment: Enrolment) -> str:
    """The grades of this enrolment; one that was left is named, since a newer one may have taken its place."""
    address = reverse("grading:grades", args=[enrolment.program.slug])
    return f"{address}?enrolment={enrolment.uuid}" if enrolment.state == Enrolment.State.WITHDRAWN else address
