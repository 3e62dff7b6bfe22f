"""What a learner may see of a released result, by the policy (ACCESS.md, *Results*)."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Activity
from grading.policy.bodies import Feedback

Texts = dict[str, Promise | str]
QUIZ, LAB, PROJECT = Activity.Kind.QUIZ, Activity.Kind.LAB, Activity.Kind.PROJECT
LATER: Final[Texts] = {
    QUIZ: _("Points and explanations of the questions open after your last attempt."),
    LAB: _("What the checks gave opens after your last submission."),
    PROJECT: _("The review opens after your last submission."),
}
TOTAL: Final[Texts] = {
    QUIZ: _("Only the total is shown for this quiz."),
    LAB: _("Only the total is shown for this lab."),
    PROJECT: _("Only the total is shown for this project."),
}
POINTS: Final[Texts] = {
    QUIZ: _("Answers and explanations are not shown for this quiz."),
    LAB: _("What the checks say is not shown for this lab."),
    PROJECT: _("Comments are not shown for this project."),
}


def shown_feedback(feedback: Feedback, attempts_left: int | None, *, kind: str = QUIZ) -> tuple[str, str]:
    """What a learner may see now (``total``, ``points``, ``explanation``), and a sentence about the rest.

    :param attempts_left: None where any number is.
    :param kind: of the activity: a quiz, a lab or a project.
    """
    if feedback.when == "attempts_used_up" and attempts_left != 0:
        return "total", str(LATER[kind])
    if feedback.what == "total":
        return "total", str(TOTAL[kind])
    return ("points", str(POINTS[kind])) if feedback.what == "points" else ("explanation", "")
