"""The Django admin shows everything of *courses* to site admins and changes nothing."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory

from courses.models import Cohort, Program, StaffRight
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import TREE
from waymark.accounts.models import User
from waymark.admin import WaymarkAdminSite
from waymark.core.admin import ReadOnlyAdmin

pytestmark = pytest.mark.django_db


def person(email: str) -> User:
    return User.objects.create_user(email)


def request_of(user: User | AnonymousUser, path: str = "/admin/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


@pytest.fixture
def program(tmp_path: Path) -> Program:
    release_tree(write_tree(tmp_path, TREE))
    return Program.objects.get(slug="junior")


def test_the_default_site_is_ours() -> None:
    assert isinstance(admin.site, WaymarkAdminSite)


def test_only_a_site_admins_row_opens_it(program: Program) -> None:
    people = {name: person(f"{name}@demo.test") for name in ("site", "program", "instructor", "learner", "gone")}
    cohort = Cohort.objects.create(program=program, slug="spring", title="Spring")
    StaffRight.objects.create(person=people["site"], role="admin")
    StaffRight.objects.create(person=people["program"], role="admin", program=program)
    StaffRight.objects.create(person=people["instructor"], role="instructor", cohort=cohort)
    StaffRight.objects.create(person=people["gone"], role="admin")
    people["gone"].is_active = False
    opened = {name for name, user in people.items() if admin.site.has_permission(request_of(user))}
    assert opened == {"site"}
    assert not admin.site.has_permission(request_of(AnonymousUser()))


def test_a_withdrawn_right_closes_it_at_the_next_request(program: Program) -> None:
    user = person("site@demo.test")
    right = StaffRight.objects.create(person=user, role="admin")
    assert admin.site.has_permission(request_of(user))
    right.delete()
    assert not admin.site.has_permission(request_of(user))


def test_only_read_only_pages_are_registered() -> None:
    """Libraries register theirs too: tokens, second factors, groups."""
    assert all(isinstance(shown, ReadOnlyAdmin) for shown in admin.site._registry.values())
    labels = {model._meta.app_label for model in admin.site._registry}
    assert not labels & {"knox", "mfa", "auth", "account", "usersessions"}


def test_strangers_are_sent_to_the_sites_own_sign_in(client: Client) -> None:
    for path in ("/admin/", "/admin/login/", "/admin/courses/program/"):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")


def test_for_signed_in_others_it_is_not_there(client: Client) -> None:
    client.force_login(person("learner@demo.test"))
    assert client.get("/admin/", follow=True).status_code == 404


def test_site_admins_read_lists_and_rows(client: Client, program: Program) -> None:
    user = person("site@demo.test")
    StaffRight.objects.create(person=user, role="admin")
    client.force_login(user)
    for path in ("", "courses/module/", f"courses/program/{program.pk}/change/"):
        answer = client.get(f"/admin/{path}")
        assert answer.status_code == 200, path
    assert b'name="_save"' not in answer.content
    assert client.post(f"/admin/courses/program/{program.pk}/change/", {"title": "Mine"}).status_code == 403
    assert client.post(f"/admin/courses/program/{program.pk}/delete/", {"post": "yes"}).status_code == 403


def test_every_model_is_there_and_read_only(program: Program) -> None:
    site_admin = person("site@demo.test")
    StaffRight.objects.create(person=site_admin, role="admin")
    request = request_of(site_admin)
    for model in apps.get_app_config("courses").get_models():
        shown = admin.site._registry[model]
        assert isinstance(shown, ReadOnlyAdmin), model
        assert shown.has_view_permission(request), model
        assert not shown.has_add_permission(request), model
        assert not shown.has_change_permission(request), model
        assert not shown.has_delete_permission(request), model
        assert not shown.get_actions(request), model
        rows = shown.get_changelist_instance(request).result_list
        for row in list(rows)[:3]:
            assert str(row)
