"""Entering programs and losing rights, by several at once."""

from __future__ import annotations

import pytest

from courses.models import Enrolment, EnrolmentChange, StaffRight
from courses.services.enrolment import enrolment_start, enrolment_withdraw, invitation_accept, invitation_create
from courses.services.staff import right_grant, right_withdraw
from tests.cast import Cast, cast_make
from tests.concurrency.test_attempts import at_once
from waymark.accounts.services.people import person_close
from waymark.core.actors import Actor
from waymark.core.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_make()


def test_two_clicks_at_once_are_one_enrolment(cast: Cast) -> None:
    def click() -> Enrolment:
        return enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.north)

    results = at_once(click, click, click)
    assert {result.pk for result in results} == {Enrolment.objects.get(learner=cast.stranger).pk}
    assert EnrolmentChange.objects.filter(enrolment__learner=cast.stranger).count() == 1


def test_leaving_twice_at_once_is_leaving_once(cast: Cast) -> None:
    enrolment = cast.enrolments["learner"]
    results = at_once(
        lambda: enrolment_withdraw(actor=cast.actor("learner"), enrolment=enrolment),
        lambda: enrolment_withdraw(actor=cast.actor("learner"), enrolment=enrolment),
    )
    assert [result.state for result in results] == ["withdrawn", "withdrawn"]
    assert EnrolmentChange.objects.filter(enrolment=enrolment, after="withdrawn").count() == 1


def test_an_invitation_taken_up_twice_at_once_is_one_enrolment(cast: Cast) -> None:
    invitation = invitation_create(actor=cast.actor("site_admin"), email=cast.stranger.email, program=cast.south)

    def accept() -> Enrolment | None:
        return invitation_accept(person=cast.stranger, invitation=invitation)

    results = at_once(accept, accept)
    assert results[0] == results[1] == Enrolment.objects.get(learner=cast.stranger)


def test_two_site_admins_who_depose_each_other_leave_one(cast: Cast) -> None:
    other = right_grant(actor=Actor.system(), person=cast.stranger, role="admin")
    first = StaffRight.objects.get(person=cast.site_admin)
    results = at_once(
        lambda: right_withdraw(actor=cast.actor("site_admin"), right=other),
        lambda: right_withdraw(actor=cast.actor("stranger"), right=first),
    )
    assert StaffRight.objects.filter(program=None, cohort=None).count() == 1
    refusals = [result.code for result in results if isinstance(result, DomainError)]
    assert len(refusals) == 1
    assert refusals[0] in ("last_site_admin", "right_not_held")


def test_two_site_admins_who_close_each_other_leave_one(cast: Cast) -> None:
    right_grant(actor=Actor.system(), person=cast.stranger, role="admin")
    results = at_once(
        lambda: person_close(actor=cast.actor("site_admin"), person=cast.stranger),
        lambda: person_close(actor=cast.actor("stranger"), person=cast.site_admin),
    )
    assert StaffRight.objects.filter(program=None, cohort=None, person__is_active=True).count() == 1
    assert sum(isinstance(result, DomainError) for result in results) == 1


def test_deposing_an_admin_who_closes_the_account_at_once_leaves_one(cast: Cast) -> None:
    other = right_grant(actor=Actor.system(), person=cast.stranger, role="admin")
    at_once(
        lambda: right_withdraw(actor=cast.actor("site_admin"), right=other),
        lambda: person_close(actor=cast.actor("stranger"), person=cast.site_admin),
    )
    assert StaffRight.objects.filter(program=None, cohort=None, person__is_active=True).count() == 1
