"""Every address and API operation x every kind of person -> status. This is the documentation of access.

Read a line like this: ``GET person``, for nobody signed in 302 (to the sign-in), for a
learner 403 (never theirs to open), for the admin of another program 404 (there is no
such person for them), for a site admin 200. Statuses follow ACCESS *Answers*:
401 and 302 without a credential, 403 what a role or scope never allows, 404 what one
may not see, 409 what the state does not allow. 302 after a POST is success.

Adding an address means adding its line; without it ``test_every_method_of_every_address_has_a_line``
fails. Columns are ``COLUMNS`` of ``tests/security/table.py``: nobody, learner,
classmate, peer reviewer, instructor, other instructor, program admin, other program's
admin, site admin, paused, withdrawn, stranger, limited client (on pages a client is
nobody). ``name@key`` takes its arguments from ``ARGUMENTS[key]``.
"""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from tests.cast import PASSWORD, Cast
from tests.security.table import METHODS, Arguments, Row, Scene, addresses, is_accepted, mismatches, rows_read
from waymark.core.middleware import page_above

ARGUMENTS: dict[str, Arguments] = {
    "account_confirm_email": lambda scene: {"key": "unknown"},
    "account_reset_password_from_key": lambda scene: {"uidb36": "1", "key": "unknown"},
    "account_token_revoke": lambda scene: {"uuid": scene.token.uuid},
    "stored": lambda scene: {"digest": scene.stored, "name": "a.csv"},
    "demo_mail_read": lambda scene: {"name": "unknown"},
    "north": lambda scene: {"slug": "north"},
    "south": lambda scene: {"slug": "south"},
    "grading:grades": lambda scene: {"program": "north"},
    "module": lambda scene: {"slug": "north", "key": "MOD-1"},
    "activity": lambda scene: {"slug": "north", "path": "MOD-1/read"},
    "locked": lambda scene: {"slug": "north", "path": "MOD-2/read"},
    "tick": lambda scene: {"slug": "north", "path": "MOD-1/read"},
    "assessments:start": lambda scene: {"program": "north", "activity": "MOD-1/quiz"},
    "assessments:attempt": lambda scene: {"uuid": scene.attempt.uuid},
    "grading:attempt-result": lambda scene: {"uuid": scene.attempt.uuid},
    "grading:attempt-run": lambda scene: {"uuid": scene.attempt.uuid},
    "grading:attempt-retry": lambda scene: {"uuid": scene.attempt.uuid},
    "hand_in": lambda scene: {"slug": "north", "path": "MOD-1/lab"},
    "starter": lambda scene: {"slug": "north", "path": "MOD-1/lab"},
    "bundle": lambda scene: {"slug": "north", "path": "MOD-1/lab"},
    "solution": lambda scene: {"slug": "north", "path": "MOD-1/lab"},
    "lab": lambda scene: {"slug": "north", "path": "MOD-1/lab"},
    "grading:submission": lambda scene: {"uuid": scene.submission.uuid},
    "grading:submission-run": lambda scene: {"uuid": scene.submission.uuid},
    "grading:submission-retry": lambda scene: {"uuid": scene.submission.uuid},
    "grading:submission-review": lambda scene: {"uuid": scene.submission.uuid},
    "grading:submission-cancel": lambda scene: {"uuid": scene.submission.uuid},
    "grading:submission-changes": lambda scene: {"uuid": scene.submission.uuid},
    "grading:submission-file": lambda scene: {"uuid": scene.submission.uuid, "name": "add.py"},
    "assessments:fetch": lambda scene: {"uuid": scene.fetch.uuid},
    "assessments:fetch-cancel": lambda scene: {"uuid": scene.fetch.uuid},
    "project": lambda scene: {"slug": "north", "path": "PROJ-1"},
    "reviewed": lambda scene: {"uuid": scene.review.submission.uuid},
    "review": lambda scene: {"uuid": scene.review.uuid},
    "review_begin": lambda scene: {"uuid": scene.review.submission.uuid},
    "review_correct": lambda scene: {"uuid": scene.review.submission.uuid},
    "person": lambda scene: {"uuid": scene.cast.learner.uuid},
    "person_grant": lambda scene: {"uuid": scene.cast.learner.uuid},
    "person_right_withdraw": lambda scene: {"uuid": scene.cast.instructor.uuid, "right_id": scene.right.pk},
    "person_act_as": lambda scene: {"uuid": scene.cast.learner.uuid},
    "person_state": lambda scene: {"uuid": scene.cast.learner.uuid},
    "client_revoke": lambda scene: {"client_id": scene.cast.limited_client.pk},
    "invitation_renew": lambda scene: {"uuid": scene.invitation.uuid},
    "invitation_withdraw": lambda scene: {"uuid": scene.invitation.uuid},
    "invitation": lambda scene: {"uuid": scene.invitation.uuid},
    "request_approve": lambda scene: {"uuid": scene.request.uuid},
    "request_decline": lambda scene: {"uuid": scene.request.uuid},
    "curriculum_program": lambda scene: {"slug": "north"},
    "program_export": lambda scene: {"slug": "north"},
    "api:program_export": lambda scene: {"slug": "north"},
    "program_standing": lambda scene: {"slug": "north"},
    "curriculum_release": lambda scene: {"slug": "north", "number": 1},
    "curriculum_rollback": lambda scene: {"slug": "north", "number": scene.other_release.number},
    "program_content": lambda scene: {"slug": "north"},
    "content_shared": lambda scene: {"slug": "north"},
    "content_module": lambda scene: {"slug": "north", "key": "MOD-1"},
    "content_activity": lambda scene: {"slug": "north", "path": "MOD-1/quiz"},
    "regrade_start": lambda scene: {"uuid": scene.regrade.uuid},
    "regrade_dismiss": lambda scene: {"uuid": scene.regrade.uuid},
    "import_job": lambda scene: {"uuid": scene.import_job.uuid},
    "import_progress": lambda scene: {"uuid": scene.import_job.uuid},
    "import_plan": lambda scene: {"uuid": scene.import_job.uuid},
    "import_apply": lambda scene: {"uuid": scene.import_job.uuid},
    "import_again": lambda scene: {"uuid": scene.import_job.uuid},
    "import_preview": lambda scene: {"uuid": scene.import_job.uuid, "slug": "north"},
    "import_preview_page": lambda scene: {"uuid": scene.import_job.uuid, "slug": "north", "path": "MOD-1/read"},
    "release_preview": lambda scene: {"slug": "north", "number": 1},
    "release_preview_page": lambda scene: {"slug": "north", "number": 1, "path": "MOD-1"},
    "finding_settle": lambda scene: {"uuid": scene.import_job.uuid, "key": scene.finding},
    "finding_unsettle": lambda scene: {"uuid": scene.import_job.uuid, "key": scene.finding},
    "api:import_finding": lambda scene: {"uuid": scene.import_job.uuid, "key": scene.finding},
    "api:releases": lambda scene: {"slug": "north"},
    "api:release_changes": lambda scene: {"slug": "north", "number": 1},
    "api:release_rollback": lambda scene: {"slug": "north", "number": scene.other_release.number},
    "api:import": lambda scene: {"uuid": scene.import_job.uuid},
    "api:import_apply": lambda scene: {"uuid": scene.import_job.uuid},
    "api:import_plan": lambda scene: {"uuid": scene.import_job.uuid},
    "api:me-openings": lambda scene: {"slug": "north"},
    "api:attempt-start": lambda scene: {"activity": "MOD-1/quiz"},
    "api:attempt": lambda scene: {"uuid": scene.attempt.uuid},
    "api:attempt-hand-in": lambda scene: {"uuid": scene.attempt.uuid},
    "api:attempt-response": lambda scene: {"uuid": scene.attempt.uuid, "number": 1},
    "api:submission-hand-in": lambda scene: {"activity": "MOD-1/lab"},
    "api:fetch": lambda scene: {"uuid": scene.fetch.uuid},
    "api:fetch-cancel": lambda scene: {"uuid": scene.fetch.uuid},
    "api:submission": lambda scene: {"uuid": scene.submission.uuid},
    "api:submission-cancel": lambda scene: {"uuid": scene.submission.uuid},
    "api:submission-file": lambda scene: {"uuid": scene.submission.uuid, "name": "add.py"},
}
OTHER = "another-long-password"


def roster(scene: Scene) -> str:
    """A list that staff of *north* may import."""
    return f"email,program,cohort\n{scene.cast.stranger.email},north,{scene.cast.cohort.slug}\n"


DATA: dict[str, Arguments] = {
    "POST account_login": lambda scene: {"login": scene.cast.learner.email, "password": PASSWORD},
    "POST account_signup": lambda scene: {"email": "new@example.test", "password1": OTHER, "password2": OTHER},
    "POST account_reauthenticate": lambda scene: {"password": PASSWORD},
    "POST account_email": lambda scene: {"action_add": "", "email": "other@example.test"},
    "POST account_change_password": lambda scene: {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER},
    "POST account_set_password": lambda scene: {"password1": OTHER, "password2": OTHER},
    "POST account_reset_password": lambda scene: {"email": scene.cast.learner.email},
    "POST account_profile": lambda scene: {"name": "New name", "time_zone": "Europe/Berlin", "language": "en"},
    "POST account_tokens": lambda scene: {"name": "Script", "scopes": ["me"], "days": "30"},
    "POST clients": lambda scene: {"name": "Reports", "scopes": ["grades:read"], "reach": "all"},
    "POST idp:oidc:authorization": lambda scene: {"client_id": "unknown", "response_type": "code"},
    "POST theme": lambda scene: {"theme": "dark"},
    "POST language": lambda scene: {"language": "en"},
    "POST invite": lambda scene: {"email": "new@example.test", "offer": f"place:cohort:{scene.cast.cohort.pk}"},
    "POST people_import": lambda scene: {"file": SimpleUploadedFile("roster.csv", roster(scene).encode())},
    "POST people_import_apply": lambda scene: {"name": "roster.csv", "text": roster(scene), "preview": "another"},
    "POST person_grant": lambda scene: {"offer": f"instructor:{scene.cast.cohort.pk}"},
    "POST person_act_as": lambda scene: {"reason": "A page looks wrong"},
    "POST person_state": lambda scene: {"state": "closed"},
    "POST program_standing": lambda scene: {"entry": "archived"},
    "POST request_approve": lambda scene: {f"{scene.request.pk}-cohort": scene.cast.south_cohort.pk},
    "POST request_decline": lambda scene: {f"{scene.request.pk}-reason": "Full."},
    "POST enrolment_change": lambda scene: {"change": "pause"},
    "POST review": lambda scene: {"do": "save", "version": "1", "comment": "Read."},
    "POST review_correct": lambda scene: {"for_learner": "Overlooked."},
    "POST hand_in": lambda scene: {"name": ["add.py"], "text": ["def add(a, b): return 3"]},
    "POST tick": lambda scene: {"done": "yes"},
    "POST plan": lambda scene: {"hours_per_week": "8"},
    "POST import_new": lambda scene: {"given": "git", "git-address": "https://git.example.test/a.git"},
    "POST import_apply": lambda scene: {"plan": scene.import_job.plan_id},
    "POST finding_settle": lambda scene: {"reason": "It comes next year."},
    "PUT api:import_finding": lambda scene: {"reason": "It comes next year."},
    "POST api:imports": lambda scene: {"git": "https://git.example.test/a.git"},
    "POST api:import_apply": lambda scene: {"plan": scene.import_job.plan_id},
    "POST api:me_enrolments": lambda scene: {"program": "south"},
    "PUT api:attempt-response": lambda scene: {"value": True, "version": 0},
    "POST api:submission-hand-in": lambda scene: {"files": [{"name": "add.py", "text": "def add(a, b): return 3"}]},
}

PUBLIC = """
# Open to everybody, and the way in (it tells nobody who has an account).
#                                        anon lear clas peer inst o_in padm o_pa site paus with stra clie
GET  healthz                              200  200  200  200  200  200  200  200  200  200  200  200  200
GET  readyz                               200  200  200  200  200  200  200  200  200  200  200  200  200
GET  metrics                              200  200  200  200  200  200  200  200  200  200  200  200  200
GET  stored                               302  200  200  200  200  200  200  200  200  200  200  200  302
GET  help                                 200  200  200  200  200  200  200  200  200  200  200  200  200
POST theme                                302  302  302  302  302  302  302  302  302  302  302  302  302
POST language                             302  302  302  302  302  302  302  302  302  302  302  302  302
GET  demo_mail                            200  200  200  200  200  200  200  200  200  200  200  200  200
GET  demo_mail_read                       404  404  404  404  404  404  404  404  404  404  404  404  404
GET  account_login                        200  302  302  302  302  302  302  302  302  302  302  302  200
POST account_login                        302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_signup                       200  302  302  302  302  302  302  302  302  302  302  302  200
POST account_signup                       302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_logout                       302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_logout                       302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_inactive                     200  200  200  200  200  200  200  200  200  200  200  200  200
GET  account_email_verification_sent      200  200  200  200  200  200  200  200  200  200  200  200  200
GET  account_reset_password               200  200  200  200  200  200  200  200  200  200  200  200  200
POST account_reset_password               302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_reset_password_done          200  200  200  200  200  200  200  200  200  200  200  200  200
GET  account_reset_password_from_key      200  200  200  200  200  200  200  200  200  200  200  200  200
POST account_reset_password_from_key      200  200  200  200  200  200  200  200  200  200  200  200  200
GET  account_reset_password_from_key_done 200  200  200  200  200  200  200  200  200  200  200  200  200
GET  account_confirm_email                200  200  200  200  200  200  200  200  200  200  200  200  200
POST account_confirm_email                404  404  404  404  404  404  404  404  404  404  404  404  404
GET  account_confirm_login_code           302  302  302  302  302  302  302  302  302  302  302  302  302
POST account_confirm_login_code           302  302  302  302  302  302  302  302  302  302  302  302  302
GET  mfa_authenticate                     302  302  302  302  302  302  302  302  302  302  302  302  302
POST mfa_authenticate                     302  302  302  302  302  302  302  302  302  302  302  302  302
GET  idp:oidc:authorization               302  200  200  200  200  200  200  200  200  200  200  200  302
POST idp:oidc:authorization               302  302  302  302  302  302  302  302  302  302  302  302  302
GET  idp:oidc:device_authorization        302  200  200  200  200  200  200  200  200  200  200  200  302
POST idp:oidc:device_authorization        302  200  200  200  200  200  200  200  200  200  200  200  302
GET  idp:oidc:logout                      302  200  200  200  200  200  200  200  200  200  200  200  302
POST idp:oidc:logout                      302  200  200  200  200  200  200  200  200  200  200  200  302
POST idp:oidc:token                       400  400  400  400  400  400  400  400  400  400  400  400  400
POST idp:oidc:revoke                      400  400  400  400  400  400  400  400  400  400  400  400  400
POST idp:oidc:device_code                 400  400  400  400  400  400  400  400  400  400  400  400  400
GET  idp:oidc:userinfo                    401  401  401  401  401  401  401  401  401  401  401  401  401
POST idp:oidc:userinfo                    401  401  401  401  401  401  401  401  401  401  401  401  401
"""

ACCOUNT = """
# One's own account.
#                               anon lear clas peer inst o_in padm o_pa site paus with stra clie
GET  account_reauthenticate      302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_reauthenticate      302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_email               302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_email               302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_change_password     302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_change_password     302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_set_password        302  302  302  302  302  302  302  302  302  302  302  302  302
POST account_set_password        302  302  302  302  302  302  302  302  302  302  302  302  302
GET  mfa_index                   302  200  200  200  200  200  200  200  200  200  200  200  302
GET  mfa_reauthenticate          302  302  302  302  302  302  302  302  302  302  302  302  302
POST mfa_reauthenticate          302  302  302  302  302  302  302  302  302  302  302  302  302
GET  mfa_activate_totp           302  302  302  302  302  302  302  302  302  302  302  302  302
POST mfa_activate_totp           302  302  302  302  302  302  302  302  302  302  302  302  302
GET  mfa_deactivate_totp         302  404  404  404  404  404  404  404  404  404  404  404  302
POST mfa_deactivate_totp         302  404  404  404  404  404  404  404  404  404  404  404  302
GET  mfa_view_recovery_codes     302  404  404  404  404  404  404  404  404  404  404  404  302
GET  mfa_generate_recovery_codes 302  302  302  302  302  302  302  302  302  302  302  302  302
POST mfa_generate_recovery_codes 302  302  302  302  302  302  302  302  302  302  302  302  302
GET  mfa_download_recovery_codes 302  404  404  404  404  404  404  404  404  404  404  404  302
POST mfa_download_recovery_codes 302  404  404  404  404  404  404  404  404  404  404  404  302
GET  usersessions_list           302  200  200  200  200  200  200  200  200  200  200  200  302
POST usersessions_list           302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_profile             302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_profile             302  302  302  302  302  302  302  302  302  302  302  302  302
GET  account_tokens              302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_tokens              302  200  200  200  200  200  200  200  200  200  200  200  302
POST account_token_revoke        302  302  404  404  404  404  404  404  404  404  404  404  302
GET  account_access              302  200  200  200  200  200  200  200  200  200  200  200  302
POST act_as_stop                 302  302  302  302  302  302  302  302  302  302  302  302  302
"""

LEARN = """
# One's own enrolment, and the catalogue. Learner, classmate and peer reviewer are enrolled in *north*.
#                           anon lear clas peer inst o_in padm o_pa site paus with stra clie
GET  home                    302  302  302  302  302  302  302  302  302  302  302  302  302
GET  today                   302  200  200  200  200  200  200  200  200  200  200  200  302
GET  my_program              302  302  302  302  302  302  302  302  302  302  302  302  302
GET  grades                  302  302  302  302  302  302  302  302  302  302  302  302  302
GET  program@north           302  200  200  200  404  404  404  404  404  200  404  404  302
GET  program@south           302  404  404  404  404  404  404  404  404  404  404  404  302
GET  module                  302  200  200  200  404  404  404  404  404  200  404  404  302
GET  activity                302  200  200  200  404  404  404  404  404  200  404  404  302
GET  activity@locked         302  200  200  200  404  404  404  404  404  200  404  404  302
POST tick                    302  302  302  302  404  404  404  404  404  409  404  404  302
POST attest@north            302  302  302  302  404  404  404  404  404  302  404  404  302
POST plan@north              302  302  302  302  404  404  404  404  404  302  404  404  302
GET  catalogue               302  200  200  200  200  200  200  200  200  200  200  200  302
GET  catalogue_program@north 302  200  200  200  200  200  200  200  200  200  200  200  302
GET  catalogue_program@south 302  200  200  200  200  200  200  200  200  200  200  200  302
POST enrol@north             302  302  302  302  302  302  302  302  302  302  302  302  302
POST enrol@south             302  302  302  302  302  302  302  302  302  302  302  302  302
POST enrolment_change@north  302  302  302  302  404  404  404  404  404  302  404  404  302
GET  enrolment_leave@north   302  200  200  200  404  404  404  404  404  200  302  404  302
POST enrolment_leave@north   302  302  302  302  404  404  404  404  404  302  302  404  302
POST assessments:start       302  302  302  302  404  404  404  404  404  409  409  404  302
GET  assessments:attempt     302  200  404  404  200  404  200  404  200  404  404  404  302
POST assessments:attempt     302  302  404  404  403  404  403  404  403  404  404  404  302
GET  grading:attempt-result  302  302  404  404  302  404  302  404  302  404  404  404  302
GET  grading:attempt-run     302  200  404  404  200  404  200  404  200  404  404  404  302
POST grading:attempt-retry   302  403  404  404  409  404  409  404  409  404  404  404  302
GET  assessments:fetch       302  200  404  404  404  404  404  404  404  404  404  404  302
POST assessments:fetch-cancel 302 302  404  404  404  404  404  404  404  404  404  404  302
GET  activity@lab            302  200  200  200  404  404  404  404  404  200  404  404  302
GET  activity@project        302  200  200  200  404  404  404  404  404  200  404  404  302
POST hand_in                 302  302  302  302  404  404  404  404  404  409  404  404  302
GET  starter                 302  200  200  200  404  404  404  404  404  200  404  404  302
GET  bundle                  302  200  200  200  404  404  404  404  404  200  404  404  302
GET  solution                302  200  200  200  404  404  404  404  404  200  404  404  302
POST solution                302  409  409  409  404  404  404  404  404  409  404  404  302
GET  grading:submission      302  200  404  404  200  404  200  404  200  404  404  404  302
GET  grading:submission@reviewed 302 200 404 404 200  404  200  404  200  404  404  404  302
GET  grading:submission-run  302  200  404  404  200  404  200  404  200  404  404  404  302
POST grading:submission-retry 302 403  404  404  409  404  409  404  409  404  404  404  302
POST grading:submission-review 302 403 404  404  409  404  409  404  409  404  404  404  302
POST grading:submission-cancel 302 302 404  404  403  404  403  404  403  404  404  404  302
GET  grading:submission-changes 302 200 404 404  200  404  200  404  200  404  404  404  302
GET  grading:submission-file 302  200  404  404  200  404  200  404  200  404  404  404  302
GET  grading:grades          302  200  200  200  404  404  404  404  404  200  200  404  302
"""

STAFF = """
# People, joining, clients, and the records.
#                         anon lear clas peer inst o_in padm o_pa site paus with stra clie
GET  manage                302  403  403  403  403  403  302  302  302  403  403  403  302
GET  teach                 302  403  403  403  302  302  302  302  302  403  403  403  302
GET  people                302  403  403  403  403  403  200  200  200  403  403  403  302
GET  people_import         302  403  403  403  403  403  200  200  200  403  403  403  302
POST people_import         302  403  403  403  403  403  200  400  200  403  403  403  302
POST people_import_apply   302  403  403  403  403  403  409  400  409  403  403  403  302
GET  person                302  403  403  403  403  403  200  404  200  403  403  403  302
POST person_grant          302  403  403  403  403  403  302  404  302  403  403  403  302
POST person_right_withdraw 302  403  403  403  403  403  302  404  302  403  403  403  302
POST person_act_as         302  403  403  403  403  403  403  403  302  403  403  403  302
POST person_state          302  403  403  403  403  403  403  403  302  403  403  403  302
GET  curriculum            302  403  403  403  403  403  200  200  200  403  403  403  302
GET  curriculum_program    302  403  403  403  403  403  200  404  200  403  403  403  302
GET  curriculum_release    302  403  403  403  403  403  200  404  200  403  403  403  302
GET  program_export        302  403  403  403  403  403  200  404  200  403  403  403  302
POST program_standing      302  403  403  403  403  403  302  404  302  403  403  403  302
POST curriculum_rollback   302  403  403  403  403  403  302  404  302  403  403  403  302
GET  program_content       302  403  403  403  200  200  200  404  200  403  403  403  302
GET  content_shared        302  403  403  403  200  200  200  404  200  403  403  403  302
GET  content_module        302  403  403  403  200  200  200  404  200  403  403  403  302
GET  content_activity      302  403  403  403  200  200  200  404  200  403  403  403  302
POST regrade_start         302  403  403  403  403  403  302  404  302  403  403  403  302
POST regrade_dismiss       302  403  403  403  403  403  302  404  302  403  403  403  302
GET  import_new            302  403  403  403  403  403  200  200  200  403  403  403  302
POST import_new            302  403  403  403  403  403  302  302  302  403  403  403  302
GET  import_job            302  403  403  403  403  403  200  404  200  403  403  403  302
GET  import_progress       302  403  403  403  403  403  200  404  200  403  403  403  302
GET  import_plan           302  403  403  403  403  403  200  404  200  403  403  403  302
POST import_apply          302  403  403  403  403  403  302  404  302  403  403  403  302
POST import_again          302  403  403  403  403  403  302  404  302  403  403  403  302
GET  import_preview        302  403  403  403  403  403  200  404  200  403  403  403  302
GET  import_preview_page   302  403  403  403  403  403  200  404  200  403  403  403  302
GET  release_preview       302  403  403  403  403  403  200  404  200  403  403  403  302
GET  release_preview_page  302  403  403  403  403  403  200  404  200  403  403  403  302
POST finding_settle        302  403  403  403  403  403  302  404  302  403  403  403  302
POST finding_unsettle      302  403  403  403  403  403  302  404  302  403  403  403  302
GET  clients               302  403  403  403  403  403  403  403  200  403  403  403  302
POST clients               302  403  403  403  403  403  403  403  200  403  403  403  302
POST client_revoke         302  403  403  403  403  403  403  403  302  403  403  403  302
GET  joining               302  403  403  403  200  200  200  200  200  403  403  403  302
GET  review_queue          302  403  403  403  200  200  200  200  200  403  403  403  302
POST review_next           302  403  403  403  302  302  302  302  302  403  403  403  302
POST review_begin          302  403  403  403  302  404  302  404  302  403  403  403  302
GET  review                302  403  403  403  200  404  200  404  200  403  403  403  302
POST review                302  403  403  403  302  404  409  404  409  403  403  403  302
POST review_correct        302  403  403  403  409  404  409  404  409  403  403  403  302
GET  stuck                 302  403  403  403  200  200  200  200  200  403  403  403  302
POST invite                302  403  403  403  302  400  302  400  302  403  403  403  302
POST invitation_renew      302  403  403  403  302  404  302  404  302  403  403  403  302
POST invitation_withdraw   302  403  403  403  302  404  302  404  302  403  403  403  302
POST request_approve       302  403  403  403  404  404  404  302  302  403  403  403  302
POST request_decline       302  403  403  403  404  404  404  302  302  403  403  403  302
GET  invitation            302  404  404  404  404  404  404  404  404  404  404  200  302
POST invitation            302  404  404  404  404  404  404  404  404  404  404  302  302
GET  admin:index           302  302  302  302  302  302  302  302  200  302  302  302  302
POST admin:index           302  302  302  302  302  302  302  302  200  302  302  302  302
GET  admin:login           302  404  404  404  404  404  404  404  302  404  404  404  302
POST admin:login           302  404  404  404  404  404  404  404  302  404  404  404  302
GET  admin:logout          302  302  302  302  302  302  302  302  302  302  302  302  302
POST admin:logout          302  302  302  302  302  302  302  302  302  302  302  302  302
GET  admin:jsi18n          302  302  302  302  302  302  302  302  200  302  302  302  302
GET  admin:autocomplete    302  302  302  302  302  302  302  302  403  302  302  302  302
"""

API = """
# The API: people in a session, the limited client with its token.
#                        anon lear clas peer inst o_in padm o_pa site paus with stra clie
GET  api:schema           200  200  200  200  200  200  200  200  200  200  200  200  200
GET  api:docs             200  200  200  200  200  200  200  200  200  200  200  200  200
GET  api:me               401  200  200  200  200  200  200  200  200  200  200  200  403
GET  api:programs         401  200  200  200  200  200  200  200  200  200  200  200  200
GET  api:program@north    401  200  200  200  200  200  200  200  200  200  200  200  200
GET  api:program@south    401  200  200  200  200  200  200  200  200  200  200  200  404
GET  api:me_enrolments    401  200  200  200  200  200  200  200  200  200  200  200  403
POST api:me_enrolments    401  201  201  201  201  201  201  201  201  201  201  200  403
GET  api:program_export   401  403  403  403  403  403  200  404  200  403  403  403  200
GET  api:releases         401  403  403  403  403  403  200  404  200  403  403  403  200
GET  api:release_changes  401  403  403  403  403  403  200  404  200  403  403  403  200
POST api:release_rollback 401  403  403  403  403  403  202  404  202  403  403  403  202
GET  api:imports          401  403  403  403  403  403  200  200  200  403  403  403  200
POST api:imports          401  403  403  403  403  403  202  202  202  403  403  403  202
GET  api:import           401  403  403  403  403  403  200  404  200  403  403  403  404
POST api:import_apply     401  403  403  403  403  403  202  404  202  403  403  403  404
POST api:import_plan      401  403  403  403  403  403  202  404  202  403  403  403  404
PUT  api:import_finding   401  403  403  403  403  403  200  404  200  403  403  403  404
DELETE api:import_finding 401  403  403  403  403  403  200  404  200  403  403  403  404
GET  api:me-progress      401  200  200  200  200  200  200  200  200  200  200  200  403
GET  api:me-openings      401  200  200  200  404  404  404  404  404  200  404  404  403
POST api:attempt-start    401  200  201  201  404  404  404  404  404  409  409  409  403
GET  api:attempt          401  200  404  404  200  404  200  404  200  404  404  404  200
PUT  api:attempt-response 401  200  404  404  403  404  403  404  403  404  404  404  403
POST api:attempt-hand-in  401  200  404  404  403  404  403  404  403  404  404  404  403
POST api:submission-hand-in 401 201 201  201  404  404  404  404  404  409  409  404  403
GET  api:fetch            401  200  404  404  404  404  404  404  404  404  404  404  403
POST api:fetch-cancel     401  200  404  404  404  404  404  404  404  404  404  404  403
GET  api:submissions      401  200  200  200  200  200  200  200  200  200  200  200  200
GET  api:submission       401  200  404  404  200  404  200  404  200  404  404  404  200
POST api:submission-cancel 401 200 404  404  403  404  403  404  403  404  404  404  403
GET  api:submission-file  401  200  404  404  200  404  200  404  200  404  404  404  200
"""


AREAS = {"public": PUBLIC, "account": ACCOUNT, "learn": LEARN, "staff": STAFF, "api": API}


def rows_of(area: str) -> list[Row]:
    return rows_read(AREAS[area], ARGUMENTS, DATA)


def scene_of(cast: Cast) -> Scene:
    """The scene with everything made before the first request, so that no request's rollback takes it away."""
    scene = Scene(cast)
    for thing in ("attempt", "request", "invitation", "token", "right", "import_job", "other_release", "regrade"):
        getattr(scene, thing)
    return scene


@pytest.mark.parametrize("area", AREAS)
def test_everybody_gets_what_the_table_says(cast: Cast, area: str) -> None:
    scene = scene_of(cast)
    wrong = mismatches(scene, rows_of(area))
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_method_of_every_address_has_a_line(cast: Cast) -> None:
    scene = scene_of(cast)
    rows = [row for area in AREAS for row in rows_of(area)]
    known = {(row.method, row.name) for row in rows}
    arguments = {row.name: row.arguments for row in rows}
    # Records are listed by model; test_admin_is_for_site_admins_only walks all of them.
    names = {name for name, _ in addresses() if name in arguments or not name.startswith("admin:")} - {"None"}
    unknown = names - arguments.keys()
    assert not unknown, f"no line in the permission table for {', '.join(sorted(unknown))}"
    missing = [
        f"{method} {name}"
        for name in sorted(names)
        for method in METHODS
        if (method, name) not in known and is_accepted(scene, method, name, arguments[name])
    ]
    assert not missing, f"no line in the permission table for {', '.join(missing)}"


def test_every_api_operation_has_a_line() -> None:
    known = {(row.method, row.name) for area in AREAS for row in rows_of(area)}
    missing = [
        f"{method} {name}"
        for name, pattern in addresses()
        for method in METHODS
        if name.startswith("api:") and hasattr(getattr(pattern.callback, "cls", None), method.lower())
        if (method, name) not in known
    ]
    assert not missing, f"no line in the permission table for {', '.join(missing)}"


def test_every_line_has_an_address() -> None:
    known = {name for name, _ in addresses()}
    stale = {row.name for area in AREAS for row in rows_of(area)} - known
    assert not stale, f"lines of the permission table without an address: {', '.join(sorted(stale))}"


def test_admin_is_for_site_admins_only_and_changes_nothing(cast: Cast) -> None:
    site, strangers = cast.browser("site_admin"), [cast.browser(name) for name in ("learner", "program_admin")]
    lists = sorted(name for name, _ in addresses() if name.startswith("admin:") and name.endswith("_changelist"))
    assert lists
    for name in lists:
        assert site.get(reverse(name)).status_code == 200, name
        for stranger in strangers:
            assert stranger.get(reverse(name)).status_code in (302, 403, 404), name
        add = name.replace("_changelist", "_add")
        assert site.get(reverse(add)).status_code == 403, add
        assert site.post(reverse(name), {"action": "delete_selected"}).status_code in (200, 302, 403), name


def test_every_refusal_leads_to_an_address_that_is_a_page(cast: Cast) -> None:
    scene = scene_of(cast)
    browsers = [cast.browser(name) for name in ("learner", "site_admin", "stranger")]
    wrong = []
    for row in (row for area in AREAS for row in rows_of(area)):
        if row.method != "POST" or row.name.startswith(("api:", "admin:", "idp:")):
            continue
        above = page_above(
            RequestFactory().post(reverse(row.name, kwargs=row.arguments(scene) if row.arguments else {}))
        )
        if above and any(browser.get(above).status_code == 405 for browser in browsers):
            wrong.append(f"{row.label}: {above}")
    assert not wrong, "\n".join(wrong)
