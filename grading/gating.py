"""What a learner has completed, for the gates of *courses*: read from progress rows alone."""

from __future__ import annotations

from courses.gating import Done
from courses.models import Enrolment
from grading.models import Progress
from waymark.core.compiled import Compiled

_completed = Compiled(
    "grading.done_reader",
    lambda learner: (
        Progress.objects.filter(enrolment__learner=learner)
        .exclude(enrolment__state=Enrolment.State.DECLINED)
        .values_list(
            "enrolment_id", "modules", "activities", "complete", "enrolment__state", "enrolment__program_id",
            "enrolment__program__role_id",
        )
    ),
)  # fmt: skip


def done_reader(enrolment: Enrolment) -> Done:
    """What the person completed in all their programs, and what this enrolment has begun.

    One query. A program that is complete stands for its role as well, and one that was
    completed goes on doing so.
    """
    modules: set[int] = set()
    activities: set[int] = set()
    programs: set[int] = set()
    started: set[int] = set()
    for enrolment_id, of_modules, of_activities, complete, state, program_id, role_id in _completed(
        enrolment.learner_id
    ):
        modules.update(int(key) for key, module in of_modules.items() if module["complete"])
        activities.update(of_activities.get("done", ()))
        if complete or state == Enrolment.State.COMPLETED:
            programs.update(key for key in (program_id, role_id) if key is not None)
        if enrolment_id == enrolment.pk:
            started.update(int(key) for key, module in of_modules.items() if module["started"])
            started.update(of_activities.get("begun", ()))
    return Done(frozenset(modules), frozenset(activities), frozenset(programs), None, frozenset(started))
