"""The solution of a lab: opened by who passed it and has no submission left, or gives up what is left."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Lab, SolutionShown, Submission
from assessments.policy import attempt_rules
from assessments.services.submitting import lab_of
from courses.models import Activity, Enrolment, Solution
from courses.services.enrolment import enrolment_lock
from grading.models import Grade
from grading.policy.compile import rules_for
from grading.services.progress import policy_revision_of
from grading.structure import structure_of
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import DomainError, Forbidden, Missing, Refused


@dataclass(frozen=True, slots=True)
class SolutionState:
    """Where one enrolment stands with the solution of a lab.

    :param solutions: what the lab has for learners after passing; to be shown only where ``shown`` is set.
    :param shown: what opened it; None while it is closed.
    :param refusal: why it cannot be opened now, or None.
    :param left: submissions that opening it gives up; None: any number could follow.
    """

    solutions: tuple[Solution, ...]
    shown: SolutionShown | None
    refusal: DomainError | None
    left: int | None

    @property
    def gives_up(self) -> bool:
        return self.shown is None and self.left != 0


def submissions_left(enrolment: Enrolment, lab: Lab) -> int | None:
    """How many submissions may follow; None for any number."""
    rules = attempt_rules(enrolment, lab.activity)
    return rules.left(
        Submission.objects.filter(enrolment=enrolment, activity=lab.pk).exclude(pk__in=rules.cancelled).count()
    )


def solution_state(enrolment: Enrolment, lab: Lab, *, left: int | None) -> SolutionState | None:
    """The state of a lab's solution, or None where nothing of it opens after passing.

    Passed means by own work: neither credit nor an override opens it (ACCESS.md, *Results*).

    :param left: as :func:`submissions_left` says.
    """
    after = Solution.Visibility.AFTER_PASSING
    solutions = tuple(Solution.objects.under(lab.pk).filter(visibility=after).order_by("position", "pk"))
    if not solutions:
        return None
    shown = SolutionShown.objects.filter(enrolment=enrolment, lab=lab).first()
    if shown is not None:
        return SolutionState(solutions, shown, None, 0)
    refusal = None
    if not _passed(enrolment, lab.activity):
        refusal = Refused(
            _("You have not passed this lab with your own work yet."), code="not_passed",
            hint=_("The solution opens after that."),
        )  # fmt: skip
    return SolutionState(solutions, None, refusal, left)


def _passed(enrolment: Enrolment, activity: Activity) -> bool:
    grade = Grade.objects.filter(enrolment=enrolment, activity=activity).first()
    if grade is None:
        return False
    structure = structure_of(enrolment.program_id)
    passing = rules_for(structure, policy_revision_of(enrolment, structure)).of(activity.pk).passing
    shares = [Fraction(share) for share in grade.shares.get("attempts", {}).values()]
    return any(passing is None or share >= passing for share in shares)


@transaction.atomic
def solution_open(*, actor: Actor, enrolment: Enrolment, activity: Activity, give_up: bool = False) -> SolutionShown:
    """Open the solution of a lab to its learner, for good. Asking again changes nothing.

    :param give_up: the learner knows that no submission can follow.
    :raises Missing: no such lab, or nothing of it opens after passing.
    :raises Forbidden: *actor* is not the learner.
    :raises Refused: ``not_passed``; ``attempts_left`` without *give_up*.
    """
    if not actor.is_person(enrolment.learner_id):
        raise Forbidden(_("Only the learner can open the solution."))
    enrolment = enrolment_lock(enrolment.pk)
    lab = lab_of(enrolment, activity.pk)
    state = solution_state(enrolment, lab, left=submissions_left(enrolment, lab))
    if state is None:
        raise Missing()
    if state.shown is not None:
        return state.shown
    if state.refusal is not None:
        raise state.refusal
    if state.gives_up and not give_up:
        raise Refused(_("You can still hand in for this lab."), code="attempts_left", hint=_("Give that up first."))
    shown = SolutionShown.objects.create(enrolment=enrolment, lab=lab, gave_up=state.gives_up)
    audit_record(
        actor=actor, action="solution.opened", subject=f"enrolment:{enrolment.uuid}",
        details={"activity": activity.path, "gave_up": shown.gave_up},
    )  # fmt: skip
    return shown
