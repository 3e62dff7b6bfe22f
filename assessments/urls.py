"""Addresses of attempts and of commits that are handed in, below ``/learn/``.

They come before the pages of programs, whose paths are greedy.
"""

from django.urls import path

from assessments.views.attempt import attempt
from assessments.views.fetch import fetch, fetch_stop
from assessments.views.start import start

app_name = "assessments"
urlpatterns = [
    path("attempts/<uuid:uuid>/", attempt, name="attempt"),
    path("fetches/<uuid:uuid>/", fetch, name="fetch"),
    path("fetches/<uuid:uuid>/cancel/", fetch_stop, name="fetch-cancel"),
    path("programs/<slug:program>/activities/<path:activity>/start/", start, name="start"),
]
