"""Every address of the site; each app brings its own list."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from waymark.core.health import healthz, metrics, readyz
from waymark.core.stored import stored
from waymark.dashboard.views.help import help_page
from waymark.dashboard.views.theme import theme_choose

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the lists without a prefix of their own, each pattern of which is tried in turn.
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("waymark.api.urls")),
    path("files/<str:digest>/<str:name>", stored, name="stored"),
    path("help/", help_page, name="help"),
    path("theme/", theme_choose, name="theme"),
    path("accounts/", include("allauth.urls")),
    path("", include("waymark.accounts.provider_urls")),
    path("", include("waymark.accounts.urls")),
    path("learn/", include("assessments.urls")),
    path("learn/", include("grading.urls")),
    path("", include("waymark.dashboard.urls")),
    path("", include("waymark.dashboard.people_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "waymark.dashboard.views.errors.bad_request"
handler403 = "waymark.dashboard.views.errors.not_allowed"
handler404 = "waymark.dashboard.views.errors.not_found"
handler429 = "waymark.dashboard.views.errors.too_many_requests"
handler500 = "waymark.dashboard.views.errors.server_error"
