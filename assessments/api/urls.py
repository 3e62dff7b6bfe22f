"""Addresses of attempts and of commits that are handed in, below ``/api/v1/``."""

from django.urls import path

from assessments.api import fetches, views

urlpatterns = [
    path("activities/<path:activity>/attempts/", views.AttemptStart.as_view(), name="attempt-start"),
    path("fetches/<uuid:uuid>/", fetches.FetchRead.as_view(), name="fetch"),
    path("fetches/<uuid:uuid>/cancel/", fetches.FetchCancel.as_view(), name="fetch-cancel"),
    path("attempts/<uuid:uuid>/", views.AttemptRead.as_view(), name="attempt"),
    path("attempts/<uuid:uuid>/responses/<int:number>/", views.ResponseSave.as_view(), name="attempt-response"),
    path("attempts/<uuid:uuid>/hand-in/", views.AttemptHandIn.as_view(), name="attempt-hand-in"),
]
