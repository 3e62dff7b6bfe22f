"""Addresses of attempts, below ``/learn/``. They come before the pages of programs, whose paths are greedy."""

from django.urls import path

from assessments.views.attempt import attempt
from assessments.views.start import start

app_name = "assessments"
urlpatterns = [
    path("attempts/<uuid:uuid>/", attempt, name="attempt"),
    path("programs/<slug:program>/activities/<path:activity>/start/", start, name="start"),
]
