"""Acting as somebody: who may, what is closed, and that the person can read it."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.models import StaffRight
from tests.cast import Cast
from waymark.accounts.models import Acting, PersonalToken
from waymark.accounts.services.acting import acting_start
from waymark.core.errors import Forbidden, Refused
from waymark.core.models import AuditEntry


@pytest.fixture
def acting(cast: Cast) -> Client:
    """The site admin's browser, looking through the learner's eyes."""
    browser = cast.browser("site_admin")
    answer = browser.post(reverse("person_act_as", args=[cast.learner.uuid]), {"reason": "A page looks wrong"})
    assert answer.status_code == 302
    return browser


def test_the_admin_sees_the_pages_of_the_person_and_every_page_says_so(cast: Cast, acting: Client) -> None:
    page = acting.get(reverse("catalogue"))
    assert page.status_code == 200
    assert page.context["user"].pk == cast.learner.pk
    assert "wm-acting" in page.content.decode()


@pytest.mark.parametrize("name", ["account_profile", "account_tokens", "account_email", "account_access", "api:me"])
def test_account_tokens_and_api_are_closed_while_acting(acting: Client, name: str) -> None:
    assert acting.get(reverse(name)).status_code == 403


def test_nothing_is_written_while_acting(cast: Cast, acting: Client) -> None:
    before = cast.enrolments["learner"].state
    answer = acting.post(reverse("enrolment_change", args=["north"]), {"change": "leave"})
    assert answer.status_code == 403
    cast.enrolments["learner"].refresh_from_db()
    assert cast.enrolments["learner"].state == before


def test_acting_gives_no_way_to_staff_pages(acting: Client) -> None:
    assert acting.get(reverse("people")).status_code == 403
    assert acting.get("/admin/").status_code == 403


def test_stopping_gives_the_admin_back_and_is_recorded_with_both_ids(cast: Cast, acting: Client) -> None:
    acting.post(reverse("act_as_stop"))
    assert acting.get(reverse("people")).status_code == 200
    labels = set(AuditEntry.objects.filter(action__startswith="acting.").values_list("action", "actor_label"))
    both = f"person:{cast.learner.pk}+as:{cast.site_admin.pk}"
    assert labels == {("acting.started", both), ("acting.stopped", both)}


def test_the_person_reads_who_looked_and_why(cast: Cast, acting: Client) -> None:
    page = cast.browser("learner").get(reverse("account_access")).content.decode()
    assert cast.site_admin.display_name in page
    assert "A page looks wrong" in page


def test_it_ends_after_thirty_minutes(cast: Cast) -> None:
    start = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        browser = cast.browser("site_admin")
        browser.post(reverse("person_act_as", args=[cast.learner.uuid]), {"reason": "Help"})
        clock.move_to(start + dt.timedelta(minutes=29))
        assert browser.get(reverse("catalogue")).context["user"].pk == cast.learner.pk
        clock.move_to(start + dt.timedelta(minutes=30, seconds=1))
        assert browser.get(reverse("catalogue")).context["user"].pk == cast.site_admin.pk


def test_it_ends_when_the_admin_loses_the_right(cast: Cast, acting: Client) -> None:
    StaffRight.objects.filter(person=cast.site_admin).delete()
    assert acting.get(reverse("catalogue")).context["user"].pk == cast.site_admin.pk


def test_it_ends_when_the_person_becomes_staff(cast: Cast, acting: Client) -> None:
    StaffRight.objects.create(person=cast.learner, role="instructor", cohort=cast.cohort)
    assert acting.get(reverse("catalogue")).context["user"].pk == cast.site_admin.pk


def test_signing_out_ends_it_for_both(cast: Cast, acting: Client) -> None:
    acting.post(reverse("account_logout"))
    assert Acting.objects.get().stopped_at is not None
    assert acting.get(reverse("catalogue")).status_code == 302


@pytest.mark.parametrize("name", ["instructor", "program_admin", "site_admin"])
def test_nobody_acts_as_staff_or_as_themselves(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        acting_start(actor=cast.actor("site_admin"), person=cast.people[name], reason="Help")


@pytest.mark.parametrize("name", ["learner", "instructor", "program_admin"])
def test_only_a_site_admin_acts_as_somebody(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        acting_start(actor=cast.actor(name), person=cast.classmate, reason="Help")


def test_a_token_never_acts_as_somebody(cast: Cast) -> None:
    from waymark.core.actors import Actor

    token = Actor.person(cast.site_admin.pk, scopes=frozenset({"me"}))
    with pytest.raises(Forbidden):
        acting_start(actor=token, person=cast.learner, reason="Help")
    assert not PersonalToken.objects.exists()


def test_the_session_row_stays_the_admins(cast: Cast, acting: Client) -> None:
    from allauth.usersessions.models import UserSession

    acting.get(reverse("catalogue"))
    assert set(UserSession.objects.values_list("user_id", flat=True)) <= {cast.site_admin.pk}
