"""Addresses of *courses* below ``/api/v1/``."""

from django.urls import path

from courses.api import imports, releases, views

urlpatterns = [
    path("programs/", views.ProgramList.as_view(), name="programs"),
    path("programs/<slug:slug>/", views.ProgramDetail.as_view(), name="program"),
    path("programs/<slug:slug>/export/", releases.ProgramExport.as_view(), name="program_export"),
    path("programs/<slug:slug>/releases/", releases.ReleaseList.as_view(), name="releases"),
    path(
        "programs/<slug:slug>/releases/<int:number>/changes/",
        releases.ReleaseChanges.as_view(),
        name="release_changes",
    ),
    path(
        "programs/<slug:slug>/releases/<int:number>/rollback/",
        releases.ReleaseRollback.as_view(),
        name="release_rollback",
    ),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/<uuid:uuid>/", imports.ImportDetail.as_view(), name="import"),
    path("imports/<uuid:uuid>/apply/", imports.ImportApply.as_view(), name="import_apply"),
    path("imports/<uuid:uuid>/plan/", imports.ImportAgain.as_view(), name="import_plan"),
    path(
        "imports/<uuid:uuid>/findings/<slug:key>/decision/",
        imports.FindingDecisionOperation.as_view(),
        name="import_finding",
    ),
    path("me/enrolments/", views.OwnEnrolments.as_view(), name="me_enrolments"),
]
