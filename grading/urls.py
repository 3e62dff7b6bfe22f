"""Addresses of grading's pages, below ``/learn/``."""

from django.urls import path

from grading.views.grades import grades
from grading.views.results import attempt_result, attempt_retry, attempt_run

app_name = "grading"
urlpatterns = [
    path("attempts/<uuid:uuid>/result/", attempt_result, name="attempt-result"),
    path("attempts/<uuid:uuid>/result/run/", attempt_run, name="attempt-run"),
    path("attempts/<uuid:uuid>/result/retry/", attempt_retry, name="attempt-retry"),
    path("grades/<slug:program>/", grades, name="grades"),
]
