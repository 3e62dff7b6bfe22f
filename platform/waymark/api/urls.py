"""Addresses of the API, version 1; each app brings its own."""

from __future__ import annotations

from django.urls import include, path

from waymark.api import views

app_name = "api"
urlpatterns = [
    path("schema/", views.Schema.as_view(), name="schema"),
    path("docs/", views.docs, name="docs"),
    path("me/", views.Me.as_view(), name="me"),
    path("", include("courses.api.urls")),
    path("", include("assessments.api.urls")),
    path("", include("grading.api.urls")),
]
