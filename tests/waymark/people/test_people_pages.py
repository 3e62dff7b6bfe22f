"""Manage > People, Joining, invitations and API clients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Enrolment, Invitation, StaffRight
from courses.services.enrolment import enrolment_start
from tests.cast import Cast, person_make
from waymark.accounts.models import ApiClient, User
from waymark.core.models import AuditEntry

Capture = Callable[..., Any]


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def many(cast: Cast, count: int, start: int = 0) -> list[User]:
    people = [person_make(f"extra-{start + n:03}") for n in range(count)]
    for person in people:
        enrolment_start(actor=cast.actor("site_admin"), learner=person, program=cast.north, cohort=cast.cohort)
    return people


@pytest.mark.parametrize("name", ["people", "joining", "clients"])
def test_queries_do_not_grow_with_people(cast: Cast, name: str) -> None:
    browser = cast.browser("site_admin")
    address = reverse(name)
    for person in many(cast, 2):
        enrolment_start(actor=cast.actor("site_admin"), learner=person, program=cast.south)
    few = queries(browser, address)
    for person in many(cast, 12, start=2):
        enrolment_start(actor=cast.actor("site_admin"), learner=person, program=cast.south)
        Invitation.objects.create(
            email=person.email, program=cast.south, invited_by=cast.site_admin, expires_at=timezone.now()
        )
    assert queries(browser, address) == few <= 20


def test_the_list_holds_whom_the_actor_administers(cast: Cast) -> None:
    def shown(name: str, **filters: str) -> set[str]:
        page = cast.browser(name).get(reverse("people"), filters)
        return {person.email.partition("@")[0].replace("-", "_") for person in page.context["people"]}

    assert shown("site_admin") == set(cast.people)
    north = {"learner", "classmate", "peer_reviewer", "paused", "withdrawn"}
    assert shown("program_admin") == north | {"instructor", "other_instructor", "program_admin"}
    assert shown("other_program_admin") == {"other_program_admin"}
    assert shown("site_admin", role="instructor") == {"instructor", "other_instructor"}
    assert shown("site_admin", q="CLASS") == {"classmate"}
    assert shown("site_admin", cohort=str(cast.other_cohort.pk)) == {"peer_reviewer", "other_instructor"}
    assert shown("site_admin", role="none") == {"stranger"}


def test_long_lists_are_read_page_by_page_both_ways(cast: Cast) -> None:
    many(cast, 60)
    browser, seen, address = cast.browser("site_admin"), [], reverse("people")
    while address:
        page = browser.get(address)
        seen += [person.email for person in page.context["people"]]
        address = page.context["next_url"] and reverse("people") + page.context["next_url"]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 60 + len(cast.people)
    back = browser.get(reverse("people") + page.context["previous_url"])
    assert [person.email for person in back.context["people"]] == seen[:50]


def test_a_cursor_of_other_filters_is_refused(cast: Cast) -> None:
    many(cast, 60)
    browser = cast.browser("site_admin")
    cursor = browser.get(reverse("people")).context["next_url"]
    assert browser.get(reverse("people") + cursor + "&role=admin").status_code == 400


def test_a_right_is_granted_withdrawn_and_audited(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    browser.post(reverse("person_grant", args=[cast.learner.uuid]), {"offer": f"instructor:{cast.other_cohort.pk}"})
    right = StaffRight.objects.get(person=cast.learner)
    assert right.cohort == cast.other_cohort
    browser.post(reverse("person_right_withdraw", args=[cast.learner.uuid, right.pk]))
    assert not StaffRight.objects.filter(person=cast.learner).exists()
    acts = AuditEntry.objects.filter(subject=f"person:{cast.learner.pk}").values_list("action", flat=True)
    assert set(acts) == {"right.granted", "right.withdrawn"}


@pytest.mark.parametrize("offer", ["admin:", "admin:{south}", "instructor:{south_cohort}", "instructor:0", "nonsense"])
def test_nobody_grants_what_they_do_not_hold(cast: Cast, offer: str) -> None:
    filled = offer.format(south=cast.south.pk, south_cohort=cast.south_cohort.pk)
    address = reverse("person_grant", args=[cast.learner.uuid])
    assert cast.browser("program_admin").post(address, {"offer": filled}).status_code == 400
    assert not StaffRight.objects.filter(person=cast.learner).exists()


def test_a_program_admin_cannot_take_a_site_admins_right(cast: Cast) -> None:
    StaffRight.objects.create(person=cast.site_admin, role="instructor", cohort=cast.cohort)
    right = StaffRight.objects.get(person=cast.site_admin, cohort=None)
    address = reverse("person_right_withdraw", args=[cast.site_admin.uuid, right.pk])
    assert cast.browser("program_admin").post(address).status_code == 403
    assert StaffRight.objects.filter(pk=right.pk).exists()


def test_the_last_site_admin_keeps_the_right(cast: Cast) -> None:
    right = StaffRight.objects.get(person=cast.site_admin)
    address = reverse("person_right_withdraw", args=[cast.site_admin.uuid, right.pk])
    assert cast.browser("site_admin").post(address).status_code == 409


def test_an_account_is_closed_and_opened_but_never_ones_own(cast: Cast) -> None:
    browser = cast.browser("site_admin")
    address = reverse("person_state", args=[cast.learner.uuid])
    browser.post(address, {"state": "closed"})
    assert not User.objects.get(pk=cast.learner.pk).is_active
    browser.post(address, {"state": "open"})
    assert User.objects.get(pk=cast.learner.pk).is_active
    own = reverse("person_state", args=[cast.site_admin.uuid])
    assert browser.post(own, {"state": "closed"}).status_code == 409


def test_an_invitation_travels_by_mail_and_is_accepted_by_post(
    cast: Cast, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        cast.browser("instructor").post(
            reverse("invite"), {"email": cast.stranger.email.upper(), "offer": f"place:cohort:{cast.cohort.pk}"}
        )
    invitation = Invitation.objects.get()
    address = reverse("invitation", args=[invitation.uuid])
    assert mail.outbox[0].to == [cast.stranger.email]
    assert f"http://testserver{address}" in mail.outbox[0].body
    browser = cast.browser("stranger")
    assert browser.get(address).status_code == 200
    assert not Enrolment.objects.filter(learner=cast.stranger).exists(), "reading accepts nothing"
    browser.post(address)
    assert Enrolment.objects.get(learner=cast.stranger).cohort == cast.cohort


def test_no_mail_leaves_when_the_invitation_is_not_stored(cast: Cast) -> None:
    cast.browser("instructor").post(reverse("invite"), {"email": "x@example.test", "offer": "admin:"})
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_only_the_confirmed_address_accepts(cast: Cast) -> None:
    invitation = Invitation.objects.create(
        email="stranger@example.test", program=cast.north, invited_by=cast.instructor,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    address = reverse("invitation", args=[invitation.uuid])
    assert cast.browser("learner").post(address).status_code == 404
    cast.stranger.emailaddress_set.update(verified=False)
    assert cast.browser("stranger").post(address).status_code == 404
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_an_invitation_that_ran_out_says_so(cast: Cast) -> None:
    invitation = Invitation.objects.create(
        email="stranger@example.test", program=cast.north, invited_by=cast.instructor, expires_at=timezone.now()
    )
    browser = cast.browser("stranger")
    address = reverse("invitation", args=[invitation.uuid])
    assert "has run out" in browser.get(address).content.decode()
    assert browser.post(address).status_code == 409


def test_an_instructor_does_not_renew_an_offer_they_do_not_hold(cast: Cast) -> None:
    invitation = Invitation.objects.create(
        email="x@example.test", program=cast.north, cohort=cast.cohort, right="instructor",
        invited_by=cast.program_admin, expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    address = reverse("invitation_renew", args=[invitation.uuid])
    assert cast.browser("instructor").post(address).status_code == 403


def test_a_right_that_the_sender_lost_is_not_given(cast: Cast) -> None:
    invitation = Invitation.objects.create(
        email="stranger@example.test", program=cast.north, right="admin", invited_by=cast.program_admin,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    cast.program_admin.staff_rights.all().delete()
    answer = cast.browser("stranger").post(reverse("invitation", args=[invitation.uuid]))
    assert answer.status_code == 403
    assert not StaffRight.objects.filter(person=cast.stranger).exists()


def test_a_request_is_let_into_a_cohort(cast: Cast, south_request: Enrolment) -> None:
    browser = cast.browser("other_program_admin")
    page = browser.get(reverse("joining"))
    assert [row[0].pk for row in page.context["requests"]] == [south_request.pk]
    browser.post(
        reverse("request_approve", args=[south_request.uuid]), {f"{south_request.pk}-cohort": cast.south_cohort.pk}
    )
    south_request.refresh_from_db()
    assert (south_request.state, south_request.cohort) == ("active", cast.south_cohort)


def test_a_request_is_declined_with_a_reason_only(cast: Cast, south_request: Enrolment) -> None:
    browser = cast.browser("other_program_admin")
    address = reverse("request_decline", args=[south_request.uuid])
    browser.post(address, {})
    south_request.refresh_from_db()
    assert south_request.state == "requested"
    browser.post(address, {f"{south_request.pk}-reason": "Full until spring."})
    south_request.refresh_from_db()
    assert south_request.state == "declined"
    assert south_request.changes.latest("pk").reason == "Full until spring."


def test_nobody_lets_themselves_in(cast: Cast) -> None:
    own = enrolment_start(actor=cast.actor("other_program_admin"), learner=cast.other_program_admin, program=cast.south)
    answer = cast.browser("other_program_admin").post(
        reverse("request_approve", args=[own.uuid]), {f"{own.pk}-cohort": cast.south_cohort.pk}
    )
    assert answer.status_code == 404
    own.refresh_from_db()
    assert own.state == "requested"


def test_a_client_is_made_with_its_limit_and_its_secret_is_shown_once(cast: Cast) -> None:
    browser = cast.browser("site_admin")
    made = browser.post(
        reverse("clients"),
        {"name": "Reports", "scopes": ["grades:read"], "reach": "limited", "programs": [cast.north.pk]},
    )
    client = ApiClient.objects.exclude(pk=cast.limited_client.pk).get()
    assert (client.limited, client.program_ids) == (True, [cast.north.pk])
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in browser.get(reverse("clients")).content.decode()
    assert secret not in str(ApiClient.objects.values()) + str(AuditEntry.objects.values())


def test_a_limited_client_needs_a_limit(cast: Cast) -> None:
    answer = cast.browser("site_admin").post(
        reverse("clients"), {"name": "Reports", "scopes": ["grades:read"], "reach": "limited"}
    )
    assert answer.status_code == 400
    assert ApiClient.objects.count() == 1
