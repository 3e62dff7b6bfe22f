"""The Django admin shows everything of *courses* to site admins and changes nothing."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.test import RequestFactory

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


def test_for_others_it_is_not_there() -> None:
    with pytest.raises(Http404):
        admin.site.login(request_of(person("learner@demo.test")))


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
