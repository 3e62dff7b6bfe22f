"""Addresses below ``/api/v1/``."""

from django.urls import path

from grading.api.progress import MyProgress

urlpatterns = [path("me/progress/", MyProgress.as_view(), name="me-progress")]
