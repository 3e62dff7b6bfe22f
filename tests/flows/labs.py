"""Hand-ins for a lab, with results as a sandbox gives them, and no sandbox."""

from __future__ import annotations

from fractions import Fraction

from django.utils import timezone

from assessments.models import Fetch, Submission
from assessments.selectors.submissions import submission_for_checks
from assessments.services.submitting import submission_create
from assessments.submissions.intake import Work
from courses.models import Activity, Enrolment
from grading.checks.contract import CaseResult, CheckOutcome, Seeds
from grading.checks.lab import checks_from
from grading.checks.runner import Judged, LabResult
from grading.graders.base import Score
from grading.graders.lab import score_lab
from grading.models import GradingRun
from grading.sandbox.contract import Outcome, Usage
from grading.services.runs import run_claim, run_store
from waymark.core.actors import Actor


def submissions_make(enrolment: Enrolment) -> dict[str, Submission]:
    """Three hand-ins for a lab: one that failed in part, one that is right, one that still waits."""
    lab = Activity.objects.get(program=enrolment.program, path="MOD-001/retry")
    made = {}
    for name, text in (("partly", PARTLY), ("passed", PARTLY.replace("[pause]", "[min(pause, cap)]")), ("waiting", "")):
        made[name] = submission_create(
            actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=lab,
            work=Work({"retry.py": text.encode(), "notes/why.md": b"# Why\n\nIt waits.\n"}),
            source=Submission.Source.FILES,
        ).submission  # fmt: skip
        if text and (claim := run_claim(queue=GradingRun.Queue.CHECKS, worker="demo")) is not None:
            run_store(claim=claim, score=checked(made[name], right=name == "passed"), seconds_to_grade=1.2)
    return made


def fetches_make(enrolment: Enrolment) -> dict[str, Fetch]:
    """Two commits for the same lab: one that could not be fetched, one that waits."""
    lab = Activity.objects.get(program=enrolment.program, path="MOD-001/retry")
    stated = {"enrolment": enrolment, "activity": lab, "repository": "https://git.example.org/learner/retry.git"}
    return {
        "failed": Fetch.objects.create(
            **stated, commit="9fceb02d0ae598e95dc970b74767f19372d61af8", asked_at=timezone.now(), state="failed",
            problem="no_revision", problem_text="The repository does not have this commit, or no branch leads to it.",
            problem_hint="Push it, and compare the hash with what `git rev-parse HEAD` prints.",
        ),
        "waiting": Fetch.objects.create(
            **stated, commit="1f7a7a472abf3dd9643fd615f6da379c4acb3e3a", asked_at=timezone.now()
        ),
    }  # fmt: skip


PARTLY = """def plan(answers, attempts, base, cap):
    steps, pause = [], base
    for number, status in enumerate(answers[:attempts], 1):
        steps.append(["call", status])
        if number < attempts:
            steps.append(["wait"] + [pause])
            pause *= 2
    return steps
"""


def checked(submission: Submission, *, right: bool) -> Score:
    """What a sandbox would give, without one."""
    pinned = submission_for_checks(submission.pk)
    results = []
    for each in pinned.checks:
        passed = right or each.path.endswith("/example")
        cases = [CaseResult("case 1", True, passed, "" if passed else 'expected [["call", 404]], got more')]
        outcome = CheckOutcome(
            Outcome.PASSED if passed else Outcome.FAILED, Fraction(int(passed)),
            "All cases passed." if passed else "0 of 1 cases passed.", cases,
        )  # fmt: skip
        [check] = checks_from([(each.path, each.body)])
        results.append(Judged(check, outcome))
    now = timezone.now()
    return score_lab(
        pinned,
        LabResult(
            Outcome.PASSED if right else Outcome.FAILED, results, Usage(wall=0.4, cpu=0.3, memory=9_000_000),
            {"started": now, "finished": now}, Seeds(1, 2), "bubblewrap", "cgroup", "sha256:demo",
        ),
    )  # fmt: skip
