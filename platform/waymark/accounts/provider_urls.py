"""The identity provider's addresses: OAuth for clients and for programs that act for a person.

Without its two documents below ``/.well-known/``: they describe an OpenID provider,
which signs identity tokens with a private key. Waymark has no such key and issues
none, so whoever asks learns that there is none (404).
"""

from allauth.idp.oidc.urls import urlpatterns as provided
from django.urls import include, path

app_name = "idp"
urlpatterns = [
    path("", include(([each for each in provided if str(each.pattern) != ".well-known/"], "oidc"))),
]
