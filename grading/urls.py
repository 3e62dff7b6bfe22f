"""Addresses of grading's pages, below ``/learn/``."""

from django.urls import path

from grading.views.grades import grades
from grading.views.results import attempt_result, attempt_retry, attempt_run
from grading.views.submissions import (
    submission,
    submission_changes,
    submission_file,
    submission_retry,
    submission_review,
    submission_run,
    submission_stop,
)

app_name = "grading"
urlpatterns = [
    path("attempts/<uuid:uuid>/result/", attempt_result, name="attempt-result"),
    path("attempts/<uuid:uuid>/result/run/", attempt_run, name="attempt-run"),
    path("attempts/<uuid:uuid>/result/retry/", attempt_retry, name="attempt-retry"),
    path("submissions/<uuid:uuid>/", submission, name="submission"),
    path("submissions/<uuid:uuid>/run/", submission_run, name="submission-run"),
    path("submissions/<uuid:uuid>/retry/", submission_retry, name="submission-retry"),
    path("submissions/<uuid:uuid>/review/", submission_review, name="submission-review"),
    path("submissions/<uuid:uuid>/cancel/", submission_stop, name="submission-cancel"),
    path("submissions/<uuid:uuid>/changes/", submission_changes, name="submission-changes"),
    path("submissions/<uuid:uuid>/files/<path:name>", submission_file, name="submission-file"),
    path("grades/<slug:program>/", grades, name="grades"),
]
