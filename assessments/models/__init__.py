"""Definitions of quizzes, labs and projects, and the attempts at quizzes."""

from assessments.models.attempt import Attempt, AttemptQuestion, Response
from assessments.models.quiz import Draw, Question, Quiz
from assessments.models.work import Check, Criterion, Lab, Level, Project, Rubric, StarterFile

__all__ = [
    "Attempt",
    "AttemptQuestion",
    "Check",
    "Criterion",
    "Draw",
    "Lab",
    "Level",
    "Project",
    "Question",
    "Quiz",
    "Response",
    "Rubric",
    "StarterFile",
]
