"""Addresses of Curricula, People, Joining, Stuck grading, API clients and invitations."""

from django.urls import path

from waymark.dashboard.views import (
    clients,
    content,
    import_decisions,
    imports,
    joining,
    people,
    people_import,
    releases,
    staff,
    stuck,
)

urlpatterns = [
    path("manage/curricula/", imports.curriculum, name="curriculum"),
    path("manage/curricula/programs/<slug:slug>/", releases.curriculum_program, name="curriculum_program"),
    path(
        "manage/curricula/programs/<slug:slug>/releases/<int:number>/",
        releases.curriculum_release,
        name="curriculum_release",
    ),
    path(
        "manage/curricula/programs/<slug:slug>/releases/<int:number>/rollback/",
        releases.curriculum_rollback,
        name="curriculum_rollback",
    ),
    path("manage/curricula/programs/<slug:slug>/content/", content.program_content, name="program_content"),
    path("manage/curricula/programs/<slug:slug>/content/shared/", content.content_shared, name="content_shared"),
    path(
        "manage/curricula/programs/<slug:slug>/content/modules/<str:key>/",
        content.content_module,
        name="content_module",
    ),
    path(
        "manage/curricula/programs/<slug:slug>/content/activities/<path:path>/",
        content.content_activity,
        name="content_activity",
    ),
    path("manage/curricula/imports/new/", imports.import_new, name="import_new"),
    path("manage/curricula/imports/<uuid:uuid>/", imports.import_job, name="import_job"),
    path("manage/curricula/imports/<uuid:uuid>/progress/", imports.import_progress, name="import_progress"),
    path("manage/curricula/imports/<uuid:uuid>/plan/", imports.import_plan, name="import_plan"),
    path("manage/curricula/imports/<uuid:uuid>/apply/", imports.import_apply_ask, name="import_apply"),
    path("manage/curricula/imports/<uuid:uuid>/again/", imports.import_plan_again, name="import_again"),
    path(
        "manage/curricula/imports/<uuid:uuid>/findings/<slug:key>/settle/",
        import_decisions.finding_settle_ask,
        name="finding_settle",
    ),
    path(
        "manage/curricula/imports/<uuid:uuid>/findings/<slug:key>/unsettle/",
        import_decisions.finding_unsettle_ask,
        name="finding_unsettle",
    ),
    path("manage/", staff.manage, name="manage"),
    path("teach/", staff.teach, name="teach"),
    path("manage/people/", people.people_list, name="people"),
    path("manage/people/import/", people_import.people_import, name="people_import"),
    path("manage/people/import/apply/", people_import.people_import_apply, name="people_import_apply"),
    path("manage/people/<uuid:uuid>/", people.person, name="person"),
    path("manage/people/<uuid:uuid>/rights/", people.person_grant, name="person_grant"),
    path(
        "manage/people/<uuid:uuid>/right/<int:right_id>/withdraw/",
        people.person_right_withdraw,
        name="person_right_withdraw",
    ),
    path("manage/people/<uuid:uuid>/act-as/", people.person_act_as, name="person_act_as"),
    path("manage/people/<uuid:uuid>/state/", people.person_state, name="person_state"),
    path("manage/clients/", clients.client_list, name="clients"),
    path("manage/clients/<str:client_id>/revoke/", clients.client_end, name="client_revoke"),
    path("teach/joining/", joining.joining, name="joining"),
    path("teach/joining/invite/", joining.invite, name="invite"),
    path("teach/joining/invitations/<uuid:uuid>/renew/", joining.invitation_again, name="invitation_renew"),
    path("teach/joining/invitations/<uuid:uuid>/withdraw/", joining.invitation_end, name="invitation_withdraw"),
    path("teach/joining/requests/<uuid:uuid>/approve/", joining.request_approve, name="request_approve"),
    path("teach/joining/requests/<uuid:uuid>/decline/", joining.request_decline, name="request_decline"),
    path("teach/stuck/", stuck.stuck, name="stuck"),
    path("invitations/<uuid:uuid>/", joining.invitation, name="invitation"),
]
