"""Definitions of quizzes, labs and projects, attempts, what is handed in, and reviews of it."""

from assessments.models.attempt import Attempt, AttemptQuestion, Response
from assessments.models.fetch import Fetch
from assessments.models.quiz import Draw, Question, Quiz
from assessments.models.review import Mark, Review
from assessments.models.submission import Blob, SolutionShown, Submission, SubmissionCheck, SubmissionFile
from assessments.models.work import Check, Criterion, Lab, Level, Project, Rubric, StarterFile

__all__ = [
    "Attempt",
    "AttemptQuestion",
    "Blob",
    "Check",
    "Criterion",
    "Draw",
    "Fetch",
    "Lab",
    "Level",
    "Mark",
    "Project",
    "Question",
    "Quiz",
    "Response",
    "Review",
    "Rubric",
    "SolutionShown",
    "StarterFile",
    "Submission",
    "SubmissionCheck",
    "SubmissionFile",
]
