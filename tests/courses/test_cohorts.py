"""Cohorts: made by admins, filled by their staff, at the command line too."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.utils import timezone

from courses.models import Cohort, Enrolment, EnrolmentChange, Program, StaffRight
from courses.services.cohort import cohort_create, cohort_take
from courses.services.enrolment import enrolment_start
from tests.cast import Cast, person_make
from waymark.core.actors import Actor
from waymark.core.errors import DomainError
from waymark.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def said(*command: str) -> str:
    told = io.StringIO()
    call_command("cohort", *command, stdout=told)
    return told.getvalue()


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        call()
    return f"{error.value.status} {error.value.where or error.value.code}"


# -- making one ---------------------------------------------------------------------------
def test_a_cohort_is_made_in_its_zone_and_audited(cast: Cast) -> None:
    options = ("--title", "Autumn", "--time-zone", "Asia/Tokyo", "--starts", "2026-09-01", "--ends", "2026-12-18")
    assert said("create", "north", "autumn", *options) == "north autumn is made.\n"
    cohort = Cohort.objects.get(slug="autumn")
    assert (cohort.title, cohort.time_zone, cohort.program) == ("Autumn", "Asia/Tokyo", cast.north)
    assert cohort.starts_at == datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert cohort.ends_at == datetime(2026, 12, 18, 15, tzinfo=UTC), "its last day is a whole one"
    entry = AuditEntry.objects.get(subject=f"cohort:{cohort.pk}")
    assert (entry.action, entry.actor_label) == ("cohort.created", "system")
    assert "north autumn: Autumn, Asia/Tokyo, 0 instructors, 0 learners" in said("list", "north")
    assert "south" not in said("list", "north")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"slug": "one"}, "409 cohort_exists"),
        ({"slug": "not a slug"}, "400 slug"),
        ({"slug": "x" * 81}, "400 slug"),
        ({"title": ""}, "400 title"),
        ({"title": "x" * 151}, "400 title"),
        ({"time_zone": "Mars/Olympus"}, "400 time_zone"),
        ({"starts_at": timezone.now(), "ends_at": timezone.now() - timedelta(days=1)}, "400 ends_at"),
    ],
)
def test_a_cohort_that_cannot_be_is_refused(cast: Cast, fields: dict[str, object], code: str) -> None:
    asked = {"slug": "new", "title": "New", **fields}
    before = Cohort.objects.count()
    assert refused(lambda: cohort_create(actor=SYSTEM, program=cast.north, **asked)) == code  # type: ignore[arg-type]
    assert Cohort.objects.count() == before


@pytest.mark.parametrize(
    ("who", "allowed"), [("site_admin", True), ("program_admin", True), ("other_program_admin", False),
                         ("instructor", False), ("learner", False)],
)  # fmt: skip
def test_admins_of_the_program_make_cohorts(cast: Cast, who: str, allowed: bool) -> None:
    def make() -> Cohort:
        return cohort_create(actor=cast.actor(who), program=cast.north, slug="new", title="New")

    if allowed:
        assert make().program == cast.north
    else:
        assert refused(make) == "403 not_allowed"


# -- learners ---------------------------------------------------------------------------------
def test_learners_come_anew_out_of_a_request_and_from_another_cohort(cast: Cast) -> None:
    Program.objects.filter(pk=cast.south.pk).update(enrolment_mode="invitation")
    Cohort.objects.filter(pk=cast.south_cohort.pk).update(time_zone="Asia/Tokyo")
    cohort = Cohort.objects.get(pk=cast.south_cohort.pk)
    for _ in range(2):
        taken = cohort_take(actor=SYSTEM, cohort=cohort, learner=cast.stranger)
        assert (taken.state, taken.cohort, taken.time_zone) == ("active", cohort, "Asia/Tokyo")
    assert EnrolmentChange.objects.filter(enrolment=taken).count() == 1

    Program.objects.filter(pk=cast.south.pk).update(enrolment_mode="approval")
    cast.south.refresh_from_db()
    asked = enrolment_start(actor=cast.actor("learner"), learner=cast.learner, program=cast.south)
    begun = cohort_take(actor=SYSTEM, cohort=cohort, learner=cast.learner)
    assert (begun.pk, begun.state, begun.cohort) == (asked.pk, "active", cohort)

    moved = cohort_take(actor=SYSTEM, cohort=cast.other_cohort, learner=cast.paused)
    assert (moved.pk, moved.state, moved.cohort) == (cast.enrolments["paused"].pk, "paused", cast.other_cohort)
    anew = cohort_take(actor=SYSTEM, cohort=cast.cohort, learner=cast.withdrawn)
    assert anew.pk != cast.enrolments["withdrawn"].pk
    assert anew.state == "active"


def test_taking_somebody_needs_rights_on_both_sides(cast: Cast) -> None:
    learner, both = cast.learner, cast.actor("program_admin")

    def take(who: str) -> Enrolment:
        return cohort_take(actor=cast.actor(who), cohort=cast.other_cohort, learner=learner)

    assert refused(lambda: take("instructor")) == "403 not_allowed"
    assert refused(lambda: take("other_instructor")) == "403 not_allowed"
    enrolment = Enrolment.objects.get(pk=cast.enrolments["learner"].pk)
    assert enrolment.cohort == cast.cohort
    assert cohort_take(actor=both, cohort=cast.other_cohort, learner=learner).cohort == cast.other_cohort
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=None)
    assert refused(lambda: take("other_instructor")) == "403 not_allowed", "without a cohort it is for admins"
    assert take("program_admin").cohort == cast.other_cohort


def test_an_ended_cohort_a_closed_account_and_an_archived_program_take_nobody(cast: Cast) -> None:
    def take() -> Enrolment:
        return cohort_take(
            actor=SYSTEM, cohort=Cohort.objects.get(pk=cast.cohort.pk), learner=type(cast.stranger).objects.get(
                pk=cast.stranger.pk
            ),
        )  # fmt: skip

    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_at=timezone.now())
    assert refused(take) == "409 cohort_ended"
    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_at=None)
    Program.objects.filter(pk=cast.north.pk).update(archived_at=timezone.now())
    assert refused(take) == "409 enrolment_closed"
    Program.objects.filter(pk=cast.north.pk).update(archived_at=None)
    cast.stranger.is_active = False
    cast.stranger.save()
    assert refused(take) == "409 person_inactive"
    assert not Enrolment.objects.filter(learner=cast.stranger).exists()


# -- the command ----------------------------------------------------------------------------------
def test_people_are_named_by_any_confirmed_address(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.stranger, email="second@example.test", verified=True)
    assert said("add-learners", "north", "one", "Second@Example.test") == "north one: 1 done.\n"
    assert Enrolment.objects.get(learner=cast.stranger).cohort == cast.cohort
    said("add-instructors", "north", "two", cast.stranger.email, cast.instructor.email)
    assert set(StaffRight.objects.filter(cohort=cast.other_cohort).values_list("person", flat=True)) == {
        cast.stranger.pk, cast.instructor.pk, cast.other_instructor.pk
    }  # fmt: skip
    for _ in range(2):
        said("remove-instructors", "north", "two", cast.stranger.email)
    assert not StaffRight.objects.filter(cohort=cast.other_cohort, person=cast.stranger).exists()
    acts = AuditEntry.objects.filter(subject=f"person:{cast.stranger.pk}").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["right.granted", "right.withdrawn"]


def test_the_command_does_all_or_nothing_and_says_why(cast: Cast) -> None:
    doubtful = person_make("doubtful")
    doubtful.emailaddress_set.update(verified=False)
    with pytest.raises(CommandError) as error:
        said("add-learners", "north", "one", cast.stranger.email, "nobody@example.test", doubtful.email)
    told = str(error.value)
    assert "Nothing was changed." in told
    assert "nobody@example.test: Nobody has signed up" in told
    assert f"{doubtful.email} is not confirmed" in told
    assert not Enrolment.objects.filter(learner=cast.stranger).exists()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("list", "west"), "No program is called west"),
        (("create", "west", "one", "--title", "One"), "No program is called west"),
        (("add-learners", "north", "nine", "x@example.test"), "north has no cohort nine"),
        (("create", "north", "one", "--title", "One"), "already"),
        (("create", "north", "Ä b", "--title", "One"), "slug: "),
        (("create", "north", "x", "--title", "X", "--time-zone", "../etc"), "no time zone"),
        (("create", "north", "x", "--title", "X", "--starts", "soon"), "neither a day nor a minute"),
    ],
)
def test_the_command_says_what_is_wrong(cast: Cast, command: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        said(*command)
