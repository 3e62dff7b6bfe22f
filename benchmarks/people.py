"""Learners with some history, made through the services."""

from __future__ import annotations

from typing import Any


def learners(count: int, *, ticked: int = 6) -> list[Any]:
    """*count* people enrolled in both programs; each has ticked off *ticked* readings of one."""
    from django.utils import timezone

    from courses.models import Activity, Program
    from courses.selectors.openings import openings_of
    from courses.services.attestation import attestation_give
    from courses.services.enrolment import enrolment_start
    from grading.services.completion import completion_set
    from waymark.accounts.models import User
    from waymark.core.actors import Actor

    Program.objects.update(enrolment_mode="open", published_at=timezone.now())
    programs = list(Program.objects.order_by("pk"))
    readings = list(Activity.objects.current().filter(kind="reading", module__key__in=["MOD-001", "MOD-002"])[:ticked])
    people = []
    first = User.objects.count()  # other measurements in the same run made people too
    for number in range(first, first + count):
        user = User.objects.create_user(f"learner-{number}@demo.test")
        actor = Actor.person(user.pk)
        for program in programs:
            enrolment = enrolment_start(actor=actor, learner=user, program=program)
            asked = {c.requirement_id for o in openings_of(enrolment).by_id.values() for c in o.conditions}
            for requirement in asked - {None}:
                attestation_give(actor=actor, enrolment=enrolment, requirement_id=requirement)
            for reading in readings:
                if reading.program_id == program.pk:
                    completion_set(actor=actor, enrolment=enrolment, activity=reading, done=True)
        people.append(user)
    return people
