"""One handed-in attempt: where its grading is, what came out, what may be shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attempt, Submission
from assessments.questions import Review
from assessments.selectors import SectionShown, attempt_for_grading, sections_opened
from courses.models import Activity, Revision
from grading.attempts import given_up
from grading.models import Grade, GradingRun
from grading.policy.bodies import Feedback
from grading.policy.compile import rules_for
from grading.policy.evaluation.types import ItemRule
from grading.selectors.checks import CheckShown, checks_shown
from grading.selectors.feedback import shown_feedback
from grading.selectors.review_page import ReviewShown, review_shown
from grading.selectors.standing import progress_row
from grading.selectors.waiting import Wait, wait_for_checks, workers_of
from grading.services.progress import extra_attempts, policy_revision_of
from grading.structure import structure_of
from waymark.core.shown import duration, number

SLOW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a run, as the phases component takes it."""

    label: str
    state: str
    time: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class RunView:
    """The state of one grading, at one instant.

    :param ahead: runs that are taken before this one, while it waits.
    :param nobody: it waits and no worker of its queue has shown a sign of life.
    :param gpu: it is for machines with a GPU.
    :param people: staff look at it; no worker does.
    :param seconds: until its result is expected, by what was measured; None where nothing can be said.
    :param poll: seconds until the page should ask again; None when nothing more comes.
    """

    state: str
    phases: tuple[Phase, ...]
    said: str
    ahead: int
    nobody: bool
    poll: int | None
    seconds: float | None = None
    gpu: bool = False
    people: bool = False

    @property
    def expected(self) -> str:
        """The same in words, or nothing."""
        if self.seconds is None:
            return ""
        minutes = ceil(self.seconds / 60)
        if minutes == 1:
            return _("Its result is expected in less than a minute.")
        words = ngettext(
            "Its result is expected in about %(minutes)s minute.",
            "Its result is expected in about %(minutes)s minutes.",
            minutes,
        )
        return words % {"minutes": number(minutes)}

    @property
    def failed(self) -> bool:
        return self.state == GradingRun.State.FAILED

    @property
    def waits(self) -> bool:
        return self.state == GradingRun.State.QUEUED

    @property
    def cancelled(self) -> bool:
        return self.state == GradingRun.State.CANCELLED


def runs_of(work: Attempt | Submission) -> QuerySet[GradingRun]:
    """Every grading of an attempt or a submission."""
    runs = GradingRun.objects.all()
    return runs.filter(attempt=work) if isinstance(work, Attempt) else runs.filter(submission=work)


def run_view(work: Attempt | Submission, *, now: datetime | None = None) -> tuple[RunView, GradingRun | None]:
    """The newest run of what was handed in; an attempt that is closed and not yet queued counts as waiting.

    A regrade shows when it is through: until then the result that stands is the one of the run before.
    """
    now = now or timezone.now()
    run = shown_runs(runs_of(work)).order_by("-pk").first()
    if run is None:
        phases = (
            Phase(_("Handed in"), "running", "", True),
            Phase(_("Graded"), "waiting", ""),
            Phase(_("Stored"), "waiting", ""),
        )
        return RunView("queued", phases, _("Your time is over; what you saved is being handed in."), 0, False, 2), None
    waited = now - run.queued_at
    queued = run.state == GradingRun.State.QUEUED
    if run.queue == GradingRun.Queue.PEOPLE and queued:
        said = _("Staff look at it; nothing checks it by itself.")
        return RunView(run.state, _phases(run), said, 0, False, 30, people=True), run
    workers = workers_of(run.queue) if queued and (isinstance(work, Submission) or waited > SLOW) else 0
    wait = _wait(run, workers) if queued else Wait(0, None)
    nobody = queued and waited > SLOW and not workers
    poll = None if run.is_over else 1 if waited < timedelta(seconds=15) else 3
    said = _said(run, wait.ahead)
    gpu = run.queue == GradingRun.Queue.CHECKS_GPU
    return RunView(run.state, _phases(run), said, wait.ahead, nobody, poll, wait.seconds, gpu), run


def shown_runs(runs: QuerySet[GradingRun]) -> QuerySet[GradingRun]:
    """Those whose newest is shown: a regrade only once it is through."""
    return runs.exclude(Q(kind=GradingRun.Kind.REGRADE) & ~Q(state=GradingRun.State.FINISHED))


def run_to_retry(work: Attempt | Submission) -> GradingRun | None:
    """The newest run that was given up, a regrade too; without one the newest."""
    runs = runs_of(work).order_by("-pk")
    return runs.filter(state=GradingRun.State.FAILED).first() or runs.first()


def _wait(run: GradingRun, workers: int) -> Wait:
    if run.submission_id is not None:
        wait = wait_for_checks(run, workers=workers)
        rests = run.not_before is not None and run.not_before > timezone.now()
        return Wait(wait.ahead, None) if rests else wait
    before = Q(queued_at__lt=run.queued_at) | Q(queued_at=run.queued_at, pk__lt=run.pk)
    ahead = GradingRun.objects.filter(before, queue=run.queue, state=GradingRun.State.QUEUED).count()
    return Wait(ahead, None)


def _said(run: GradingRun, ahead: int) -> str:
    """The one sentence for the live region."""
    if run.state == GradingRun.State.FINISHED:
        return _("Graded.")
    if run.state == GradingRun.State.FAILED:
        return _("It could not be graded.")
    if run.state == GradingRun.State.CANCELLED:
        return _("It was taken back.")
    if run.state == GradingRun.State.CLAIMED:
        return _("It is being graded.")
    if run.not_before is not None and run.not_before > timezone.now():
        at = timezone.localtime(run.not_before).strftime("%H:%M:%S")
        return _("The grading stumbled. It is tried again by itself at %(at)s; nothing is lost.") % {"at": at}
    if ahead == 0:
        return _("It is next in the queue.")
    return ngettext("%(ahead)s is before it in the queue.", "%(ahead)s are before it in the queue.", ahead) % {
        "ahead": number(ahead)
    }


def _after(later: datetime | None, earlier: datetime | None) -> str:
    if later is None or earlier is None:
        return ""
    return duration(max(0.0, (later - earlier).total_seconds()))


def _phases(run: GradingRun) -> tuple[Phase, ...]:
    state = run.state
    taken = state in (GradingRun.State.CLAIMED, GradingRun.State.FINISHED)
    handed_in = Phase(_("Handed in"), "done", timezone.localtime(run.queued_at).strftime("%H:%M:%S"))
    if state == GradingRun.State.FAILED:
        return (handed_in, Phase(_("Grading failed"), "failed", "", True))
    if state == GradingRun.State.CANCELLED:
        return (handed_in, Phase(_("Taken back"), "open", "", True))
    if run.queue == GradingRun.Queue.PEOPLE:
        span = _("after %(span)s") % {"span": _after(run.stored_at, run.queued_at)} if run.stored_at else _("waiting")
        return (handed_in, Phase(_("Looked at by staff"), "done" if taken else "waiting", span, not taken))
    claimed = Phase(
        _("Taken by a worker"),
        "done" if taken else "waiting",
        _("after %(span)s") % {"span": _after(run.claimed_at, run.queued_at)} if taken else _("waiting"),
        not taken,
    )
    graded = Phase(
        _("Graded"),
        "done" if run.graded_at else "running" if taken else "waiting",
        _after(run.graded_at, run.started_at),
        taken and run.graded_at is None,
    )
    stored = Phase(
        _("Stored"),
        "done" if run.stored_at else "waiting",
        _("%(span)s in all") % {"span": _after(run.stored_at, run.queued_at)} if run.stored_at else "",
    )
    return (handed_in, claimed, graded, stored)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question looked back on. ``review`` and ``explanation`` only where they may be shown.

    :ivar opens: the section of the quiz that begins with it.
    """

    number: int
    opens: SectionShown | None
    title: str
    points: Fraction
    out_of: Fraction
    bonus: bool
    answered: bool
    state: str
    word: str
    notes: tuple[str, ...]
    review: Review
    explanation: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of one hand-in, and what it changed.

    :param questions, checks: of an attempt or a submission; empty where the policy shows the total only.
    :param review: of a project.
    :param held: how many checks were held back, because they do not always say the same.
    :param withheld: a sentence that says when more is shown, or nothing.
    """

    points: Fraction
    out_of: Fraction
    share: Fraction
    rule: ItemRule
    passed: bool
    counts: bool
    counted_attempt: int | None
    attempts_made: int
    attempts_left: int | None
    questions: tuple[QuestionResult, ...]
    checks: tuple[CheckShown, ...]
    review: ReviewShown | None
    held: int
    withheld: str
    progress: dict[str, Any] | None
    module: dict[str, Any] | None


def result_of(work: Attempt | Submission, run: GradingRun, *, staff: bool) -> Result | None:
    """The result of a finished run; None before that.

    :param staff: staff of the enrolment see everything, whatever the policy holds back.
    """
    if run.state != GradingRun.State.FINISHED or run.points_numerator is None or not run.out_of:
        return None
    enrolment, activity = work.enrolment, run.activity_id
    structure = structure_of(enrolment.program_id)
    rules = rules_for(structure, policy_revision_of(enrolment, structure))
    rule = rules.of(activity)
    grade = Grade.objects.filter(enrolment=enrolment, activity=activity).first()
    points = Fraction(run.points_numerator, run.points_denominator or 1)
    share = points / Fraction(run.out_of)
    left = None
    if rule.limit is not None:
        extra = extra_attempts(enrolment.pk, rules).get(activity, 0)
        left = max(0, rule.limit + extra - (grade.attempts_made if grade else 0))
    if isinstance(work, Submission) and given_up(enrolment.pk, activity):
        left = 0
    feedback = rules.feedback.get(activity) or Feedback()
    kind = work.activity.kind if isinstance(work, Submission) else Activity.Kind.QUIZ
    what, withheld = ("explanation", "") if staff else shown_feedback(feedback, left, kind=kind)
    progress = progress_row(enrolment)
    shape = structure.activities.get(activity)
    return Result(
        points=points,
        out_of=Fraction(run.out_of),
        share=share,
        rule=rule,
        passed=rule.passing is None or share >= rule.passing,
        counts=grade is not None and grade.counted_attempt == work.number,
        counted_attempt=grade.counted_attempt if grade else None,
        attempts_made=grade.attempts_made if grade else 0,
        attempts_left=left,
        questions=_questions(work, run, what) if isinstance(work, Attempt) and what != "total" else (),
        checks=checks_shown(run, what, staff=staff) if isinstance(work, Submission) and what != "total" else (),
        review=_review(work, what),
        held=len(run.detail.get("held", ())),
        withheld=withheld,
        progress=progress,
        module=(progress or {}).get("modules", {}).get(str(shape.module_id if shape else None)),
    )


def _review(work: Attempt | Submission, what: str) -> ReviewShown | None:
    if isinstance(work, Submission) and work.activity.kind == Activity.Kind.PROJECT:
        return review_shown(work, what)
    return None


def _questions(attempt: Attempt, run: GradingRun, what: str) -> tuple[QuestionResult, ...]:
    work = attempt_for_grading(attempt.pk)
    graded = {each["position"]: each for each in run.detail.get("questions", ())}
    found = []
    opened = sections_opened(attempt, ((question.position, question.section) for question in work.questions))
    asked = {question.position: question.revision for question in work.questions}
    corrected = {each["revision"] for place, each in graded.items() if asked.get(place) != each["revision"]}
    bodies: dict[str, dict[str, Any]] = (
        dict(Revision.objects.filter(hash__in=corrected).values_list("hash", "body")) if corrected else {}
    )
    for question in work.questions:
        each = graded.get(question.position)
        if each is None:
            continue
        body = bodies.get(each["revision"], question.body)
        share = Fraction(each["share"])
        state, word = _question_state(share, each["answered"])
        found.append(
            QuestionResult(
                number=question.position,
                opens=opened.get(question.position),
                title=body.get("title") or "",
                points=Fraction(each["points"]),
                out_of=Fraction(each["out_of"]),
                bonus=each["bonus"],
                answered=each["answered"],
                state=state,
                word=word,
                notes=tuple(each["notes"]),
                review=work.review(question.position, key=what == "explanation", body=body),
                explanation=body.get("explanation", "") if what == "explanation" else "",
            )
        )
    return tuple(found)


def _question_state(share: Fraction, answered: bool) -> tuple[str, str]:
    if not answered:
        return "open", _("Not answered")
    if share == 1:
        return "done", _("Right")
    return ("partial", _("Partly right")) if share else ("failed", _("Not right"))
