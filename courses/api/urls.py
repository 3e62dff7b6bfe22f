"""Addresses of *courses* below ``/api/v1/``."""

from django.urls import path

from courses.api import views

urlpatterns = [
    path("programs/", views.ProgramList.as_view(), name="programs"),
    path("programs/<slug:slug>/", views.ProgramDetail.as_view(), name="program"),
    path("me/enrolments/", views.OwnEnrolments.as_view(), name="me_enrolments"),
]
