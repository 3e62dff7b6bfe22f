"""Addresses below ``/api/v1/``."""

from django.urls import path

from grading.api import submissions
from grading.api.openings import MyOpenings
from grading.api.progress import MyProgress

urlpatterns = [
    path("me/progress/", MyProgress.as_view(), name="me-progress"),
    path("me/programs/<slug:slug>/openings/", MyOpenings.as_view(), name="me-openings"),
    path("activities/<path:activity>/submissions/", submissions.SubmissionHandIn.as_view(), name="submission-hand-in"),
    path("submissions/", submissions.SubmissionList.as_view(), name="submissions"),
    path("submissions/<uuid:uuid>/", submissions.SubmissionRead.as_view(), name="submission"),
    path("submissions/<uuid:uuid>/cancel/", submissions.SubmissionCancel.as_view(), name="submission-cancel"),
    path("submissions/<uuid:uuid>/files/<path:name>", submissions.SubmissionFileRead.as_view(), name="submission-file"),
]
