"""The account area, beside allauth's own pages at ``/accounts/``."""

from django.conf import settings
from django.urls import URLPattern, path

from waymark.accounts.views import access, demo_mail, profile, tokens

urlpatterns: list[URLPattern] = [
    path("account/", profile.profile, name="account_profile"),
    path("account/tokens/", tokens.token_list, name="account_tokens"),
    path("account/tokens/<uuid:uuid>/revoke/", tokens.token_end, name="account_token_revoke"),
    path("account/access/", access.access_list, name="account_access"),
    path("account/act-as/stop/", access.act_as_stop, name="act_as_stop"),
    path("language/", profile.language_choose, name="language"),
]

if settings.DEMO_MAIL:
    # Mail of the demo can be read by whoever sits at this machine; production has no such address at all.
    urlpatterns += [
        path("demo/mail/", demo_mail.mail_list, name="demo_mail"),
        path("demo/mail/<str:name>/", demo_mail.mail_read, name="demo_mail_read"),
    ]
