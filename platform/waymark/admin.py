"""The Django admin: for site admins, behind the site's own sign-in, reading only.

The app registry loads this module before there are models, so whatever needs
them is imported inside the functions.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator


class WaymarkAdminSite(AdminSite):
    """Open to people who hold a site admin's right, read at each request."""

    site_header = "Waymark records"
    site_title = "Waymark records"
    index_title = "What is stored"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: type[Any] | None = None, **options: Any) -> None:
        """Take what is read-only; what libraries bring (tokens, authenticators, groups) stays out."""
        from waymark.core.admin import ReadOnlyAdmin

        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not (user.is_authenticated and user.is_active):
            return False
        rights = apps.get_model("courses", "StaffRight").objects
        return rights.filter(person_id=user.pk, role="admin", program=None, cohort=None).exists()

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send strangers to the site's sign-in; to everybody else the admin is not there."""
        from django.contrib.auth.views import redirect_to_login

        index = resolve_url("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or index)
        if not self.has_permission(request):
            raise Http404
        return HttpResponseRedirect(index)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return HttpResponseRedirect(resolve_url("account_logout"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(resolve_url("account_change_password"))


class WaymarkAdminConfig(AdminConfig):
    default_site = "waymark.admin.WaymarkAdminSite"
