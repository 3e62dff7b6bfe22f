"""Rules, runs, the ledger of grades and what is folded from it."""

from grading.models.health import HeldCheck, LabHealth
from grading.models.ledger import Grade, GradeEvent
from grading.models.policy import Policy
from grading.models.progress import Progress
from grading.models.regrade import Regrade
from grading.models.run import CheckResult, GradingRun

__all__ = [
    "CheckResult",
    "Grade",
    "GradeEvent",
    "GradingRun",
    "HeldCheck",
    "LabHealth",
    "Policy",
    "Progress",
    "Regrade",
]
