"""Projects that wait for people: one begun by the instructor, one by an admin, one released, one that nobody has."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from unittest.mock import patch

from assessments.models import Review, Submission
from assessments.services.submitting import submission_create
from assessments.submissions.intake import Work
from courses.models import Activity, Cohort, Enrolment
from courses.services.enrolment import enrolment_admit
from grading.services.review_drafts import MarkSent, ReviewSent, review_begin, review_save
from grading.services.review_release import review_release
from waymark.accounts.models import User
from waymark.core.actors import Actor

MAIN = '''"""Predictions over HTTP."""

from fastapi import FastAPI, HTTPException

app = FastAPI()
model = None


@app.get("/health")
def health() -> dict[str, bool]:
    return {"ready": model is not None}


@app.post("/predict")
def predict(features: list[float]) -> dict[str, float]:
    if model is None:
        raise HTTPException(503, "the model is still loading")
    return {"score": float(model.predict([features])[0])}
'''
README = (
    "# Model API\n\nOne command starts all of it:\n\n```sh\nmake up\n```\n\n- `GET /health` says whether it is ready\n"
)
WORK = {
    "app/main.py": MAIN.encode(),
    "README.md": README.encode(),
    "Dockerfile": b'FROM python:3.11-slim\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "docs/sketch.png": b"\x89PNG\r\n\x1a\n\x00",
}


def project_hand_in(enrolment: Enrolment, path: str = "PROJ-01", **changed: bytes) -> Submission:
    """Work for a project; a name in *changed* stands for the file whose stem it is."""
    files = {name: changed.get(name.rpartition("/")[2].partition(".")[0].lower(), data) for name, data in WORK.items()}
    # Modules of the shipped curriculum that have nothing in them yet keep its projects locked.
    with patch("assessments.services.submitting.refused_by_gate", return_value=None):
        return submission_create(
            actor=Actor.person(enrolment.learner_id), enrolment=enrolment,
            activity=Activity.objects.get(program=enrolment.program, path=path), work=Work(files),
            source=Submission.Source.FILES,
        ).submission  # fmt: skip


def marks_sent(review: Review, share: Fraction, *, most: int = 99, comment: str = "") -> ReviewSent:
    """*share* of the points of the first *most* criteria, each with a comment."""
    marks = {}
    for mark in review.marks.select_related("revision").order_by("position")[:most]:
        points = Fraction(mark.revision.body["points"]) * share
        marks[mark.criterion_id] = MarkSent(Decimal(int(points)), comment)
    return ReviewSent(review.version, marks, "Clear, and it starts by one command." if comment else "")


def reviews_make(cohort: Cohort, people: dict[str, User], learners: list[User]) -> dict[str, Review]:
    """Four hand-ins of *learners*; the fourth has no review yet.

    :returns: ``begun`` by the instructor, a ``colleague``'s, and a ``released`` one.
    """
    instructor, admin = Actor.person(people["instructor"].pk), Actor.person(people["program_admin"].pk)
    handed_in = [
        project_hand_in(enrolment_admit(actor=Actor.system(), learner=learner, cohort=cohort)) for learner in learners
    ]
    released = review_begin(actor=instructor, submission=handed_in[0])
    released = review_release(
        actor=instructor, review=released,
        sent=marks_sent(released, Fraction(4, 5), comment="Say in the README what happens without a model."),
    )  # fmt: skip
    again = project_hand_in(handed_in[0].enrolment, main=MAIN.replace("503", "425").encode() + b"# read again\n")
    begun = review_begin(actor=instructor, submission=again)
    review_save(actor=instructor, review=begun, sent=marks_sent(begun, Fraction(4, 5), most=2, comment="Better."))
    colleague = review_begin(actor=admin, submission=handed_in[1])
    return {"begun": begun, "colleague": colleague, "released": released}
