"""Entering, pausing and leaving a program, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.access import programs_in_catalogue
from courses.models import (
    Cohort,
    Enrolment,
    EnrolmentChange,
    Invitation,
    LearningPath,
    Program,
    ReleaseItem,
    StaffRight,
)
from courses.services.attestation import attestation_give
from courses.services.enrolment import (
    enrolment_approve,
    enrolment_decline,
    enrolment_move,
    enrolment_pause,
    enrolment_plan,
    enrolment_resume,
    enrolment_start,
    enrolment_withdraw,
    invitation_accept,
    invitation_create,
)
from tests.cast import Cast, person_make
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Missing, Refused
from waymark.core.models import AuditEntry, FeedEntry

Start = Callable[..., Enrolment]
SYSTEM = Actor.system()


@pytest.fixture
def start(cast: Cast) -> Start:
    def begin(name: str = "stranger", program: Program | None = None, **more: Any) -> Enrolment:
        return enrolment_start(actor=cast.actor(name), learner=cast.people[name], program=program or cast.north, **more)

    return begin


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        call()
    return f"{error.value.status} {error.value.code}"


def traces(enrolment: Enrolment) -> list[tuple[str, str, str]]:
    """Field, before and after of every change; audit and feed must tell the same."""
    rows = list(EnrolmentChange.objects.filter(enrolment=enrolment).values_list("field", "before", "after"))
    audits = AuditEntry.objects.filter(subject=f"enrolment:{enrolment.pk}").order_by("id")
    assert [(entry.action, entry.details) for entry in audits] == [
        (f"enrolment.{field}", {"before": before, "after": after}) for field, before, after in rows
    ]
    told = FeedEntry.objects.filter(enrolment_id=enrolment.pk, type="enrolment.changed").order_by("id")
    assert [entry.data for entry in told] == [
        {"enrolment": str(enrolment.uuid), field: after} for field, _, after in rows
    ]
    return rows


def policy_of(program: Program) -> int:
    return ReleaseItem.objects.get(release__program=program, release__current=True, entity__kind="policy").revision_id


def test_an_open_program_begins_at_once_under_its_present_policy(cast: Cast, start: Start) -> None:
    enrolment = start()
    assert (enrolment.state, enrolment.policy_revision_id) == ("active", policy_of(cast.north))
    assert enrolment.started_at is not None
    assert traces(enrolment) == [("state", "", "active")]
    assert EnrolmentChange.objects.get(enrolment=enrolment).actor_label == f"person:{cast.stranger.pk}"


def test_a_second_click_is_the_same_enrolment(start: Start) -> None:
    first = start()
    assert start() == first
    assert traces(first) == [("state", "", "active")]


def test_approval_asks_first(cast: Cast, start: Start) -> None:
    cohort = cast.south_cohort
    Cohort.objects.filter(pk=cohort.pk).update(time_zone="Asia/Tokyo")
    cohort.refresh_from_db()
    asked = start(program=cast.south)
    assert (asked.state, asked.started_at, asked.policy_revision_id) == ("requested", None, None)
    begun = enrolment_approve(actor=cast.actor("other_program_admin"), enrolment=asked, cohort=cohort)
    assert (begun.state, begun.cohort, begun.time_zone) == ("active", cohort, "Asia/Tokyo")
    assert begun.started_at is not None
    assert begun.policy_revision_id == policy_of(cast.south)
    assert traces(begun) == [("state", "", "requested"), ("state", "requested", "active")]
    again = enrolment_approve(actor=cast.actor("other_program_admin"), enrolment=asked)
    assert (again.state, again.cohort) == ("active", cohort), "approving twice is approving once"
    assert len(traces(begun)) == 2


def test_a_request_may_be_declined_and_asked_anew(cast: Cast, start: Start) -> None:
    asked = start(program=cast.south)
    declined = enrolment_decline(actor=SYSTEM, enrolment=asked, reason="The cohort is full.")
    assert declined.state == "declined"
    assert declined.ended_at is not None
    assert EnrolmentChange.objects.filter(enrolment=asked).last().reason == "The cohort is full."  # type: ignore[union-attr]
    again = start(program=cast.south)
    assert again != asked
    assert again.state == "requested"


def test_a_program_that_opens_takes_a_waiting_request_along(cast: Cast, start: Start) -> None:
    asked = start(program=cast.south)
    Program.objects.filter(pk=cast.south.pk).update(enrolment_mode="open")
    cast.south.refresh_from_db()
    begun = start(program=cast.south)
    assert (begun.pk, begun.state) == (asked.pk, "active")


@pytest.mark.parametrize(
    "closed",
    [{"published_at": None}, {"archived_at": None}, {"enrolment_mode": "invitation"}],
    ids=["not published", "archived", "by invitation"],
)
def test_a_closed_program_takes_nobody(cast: Cast, start: Start, closed: dict[str, Any]) -> None:
    if "archived_at" in closed:
        closed = {"archived_at": timezone.now()}
    Program.objects.filter(pk=cast.north.pk).update(**closed)
    cast.north.refresh_from_db()
    assert refused(start) == "409 enrolment_closed"
    assert not Enrolment.objects.filter(learner=cast.stranger).exists()


def test_a_cohort_of_another_program_is_refused_everywhere(cast: Cast, start: Start) -> None:
    code = "409 cohort_of_other_program"
    assert refused(lambda: start(cohort=cast.south_cohort)) == code
    asked = start(program=cast.south)
    assert refused(lambda: enrolment_approve(actor=SYSTEM, enrolment=asked, cohort=cast.cohort)) == code
    learner = cast.enrolments["learner"]
    assert refused(lambda: enrolment_move(actor=SYSTEM, enrolment=learner, cohort=cast.south_cohort)) == code


def test_pause_and_resume(cast: Cast) -> None:
    enrolment = cast.enrolments["learner"]
    policy = enrolment.policy_revision_id
    assert enrolment_pause(actor=SYSTEM, enrolment=enrolment).state == "paused"
    assert enrolment_pause(actor=SYSTEM, enrolment=enrolment).state == "paused"
    resumed = enrolment_resume(actor=SYSTEM, enrolment=enrolment)
    assert (resumed.state, resumed.policy_revision_id) == ("active", policy)
    assert traces(enrolment) == [("state", "", "active"), ("state", "active", "paused"), ("state", "paused", "active")]


def test_leaving_keeps_the_history_and_coming_back_is_a_new_beginning(cast: Cast, start: Start) -> None:
    first = start()
    Enrolment.objects.filter(pk=first.pk).update(sequence=7)
    left = enrolment_withdraw(actor=cast.actor("stranger"), enrolment=first, reason="No time.")
    assert left.state == "withdrawn"
    assert left.ended_at is not None
    assert left.sequence == 7
    assert traces(first)[-1] == ("state", "active", "withdrawn")

    newer = ReleaseItem.objects.get(release__program=cast.north, release__current=True, entity__kind="policy")
    other = ReleaseItem.objects.get(release__program=cast.south, release__current=True, entity__kind="policy")
    ReleaseItem.objects.filter(pk=newer.pk).update(revision=other.revision_id)
    second = start()
    assert second.pk != first.pk
    assert (second.sequence, second.policy_revision_id) == (0, other.revision_id), "under the policy of that day"
    first.refresh_from_db()
    assert (first.state, first.policy_revision_id) == ("withdrawn", newer.revision_id)


def test_a_request_that_is_taken_back_never_began(cast: Cast, start: Start) -> None:
    asked = start(program=cast.south)
    assert enrolment_withdraw(actor=SYSTEM, enrolment=asked).state == "declined"
    assert traces(asked)[-1] == ("state", "requested", "declined")


CHANGES: dict[str, Callable[[Enrolment], Enrolment]] = {
    "approve": lambda enrolment: enrolment_approve(actor=SYSTEM, enrolment=enrolment),
    "decline": lambda enrolment: enrolment_decline(actor=SYSTEM, enrolment=enrolment, reason=""),
    "pause": lambda enrolment: enrolment_pause(actor=SYSTEM, enrolment=enrolment),
    "resume": lambda enrolment: enrolment_resume(actor=SYSTEM, enrolment=enrolment),
    "withdraw": lambda enrolment: enrolment_withdraw(actor=SYSTEM, enrolment=enrolment),
}
# What each change does from each state: the new state, or a refusal.
EXPECTED = {
    "requested": {"approve": "active", "decline": "declined", "pause": "-", "resume": "-", "withdraw": "declined"},
    "active": {"approve": "active", "decline": "-", "pause": "paused", "resume": "active", "withdraw": "withdrawn"},
    "paused": {"approve": "-", "decline": "-", "pause": "paused", "resume": "active", "withdraw": "withdrawn"},
    "completed": {"approve": "-", "decline": "-", "pause": "-", "resume": "-", "withdraw": "-"},
    "withdrawn": {"approve": "-", "decline": "-", "pause": "-", "resume": "-", "withdraw": "withdrawn"},
    "declined": {"approve": "-", "decline": "declined", "pause": "-", "resume": "-", "withdraw": "-"},
}


@pytest.mark.parametrize("state", EXPECTED)
def test_every_change_from_every_state(cast: Cast, state: str) -> None:
    wrong = {}
    for change, expected in EXPECTED[state].items():
        enrolment = Enrolment.objects.create(
            learner=person_make(f"{change}-{state}"), program=cast.north, state=state,
            started_at=None if state in ("requested", "declined") else timezone.now(),
            ended_at=timezone.now() if state == "completed" else None,
            completed_release=cast.north.releases.get(current=True) if state == "completed" else None,
        )  # fmt: skip
        try:
            found = CHANGES[change](enrolment).state
        except Refused as error:
            found = "-" if error.code == f"enrolment_{state}" else error.code
            enrolment.refresh_from_db()
            assert (enrolment.state, traces(enrolment)) == (state, [])
        if found != expected:
            wrong[change] = found
    assert wrong == {}


def test_the_database_knows_the_states(cast: Cast) -> None:
    enrolment = cast.enrolments["learner"]
    for state in Enrolment.State.values:
        if state != "completed":  # which needs what it was completed with
            Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    with pytest.raises(IntegrityError, match="enrolment_state_known"):
        Enrolment.objects.filter(pk=enrolment.pk).update(state="asleep")


def test_moving_to_another_cohort_takes_its_time_zone_and_is_kept(cast: Cast) -> None:
    Cohort.objects.filter(pk=cast.other_cohort.pk).update(time_zone="Asia/Tokyo")
    cast.other_cohort.refresh_from_db()
    moved = enrolment_move(actor=SYSTEM, enrolment=cast.enrolments["learner"], cohort=cast.other_cohort)
    assert (moved.cohort, moved.time_zone, moved.state) == (cast.other_cohort, "Asia/Tokyo", "active")
    enrolment_move(actor=SYSTEM, enrolment=moved, cohort=cast.other_cohort)
    out = enrolment_move(actor=SYSTEM, enrolment=moved, cohort=None)
    assert (out.cohort, out.time_zone) == (None, "Asia/Tokyo")
    one, two = str(cast.cohort.pk), str(cast.other_cohort.pk)
    assert traces(moved)[1:] == [("cohort", one, two), ("cohort", two, "")]
    assert FeedEntry.objects.filter(enrolment_id=moved.pk).last().cohort_id is None  # type: ignore[union-attr]


def test_a_plan_takes_paths_of_its_own_program_only(cast: Cast) -> None:
    enrolment = cast.enrolments["learner"]
    assert enrolment_plan(enrolment=enrolment, hours_per_week=7).hours_per_week == 7
    with pytest.raises(Missing):
        enrolment_plan(enrolment=enrolment, path_id=10**9)
    assert not LearningPath.objects.exists()
    assert enrolment_plan(enrolment=enrolment, path_id=0).path_id is None


# -- invitations ---------------------------------------------------------------------------
@pytest.fixture
def invited(cast: Cast) -> Callable[..., Invitation]:
    def invite(**offer: Any) -> Invitation:
        offer = offer or {"program": cast.south}
        actor = cast.actor(offer.pop("by", "site_admin"))
        return invitation_create(actor=actor, email="Stranger@example.test ", **offer)

    return invite


def accept(cast: Cast, invitation: Invitation, name: str = "stranger") -> Any:
    return invitation_accept(person=cast.people[name], invitation=invitation)


def test_an_invitation_begins_where_the_catalogue_does_not(cast: Cast, invited: Callable[..., Invitation]) -> None:
    Program.objects.filter(pk=cast.south.pk).update(enrolment_mode="invitation")
    invitation = invited(program=cast.south, cohort=cast.south_cohort)
    enrolment = accept(cast, invitation)
    assert (enrolment.state, enrolment.cohort) == ("active", cast.south_cohort)
    assert enrolment.policy_revision_id == policy_of(cast.south)
    invitation.refresh_from_db()
    assert invitation.accepted_by == cast.stranger
    assert accept(cast, invitation) == enrolment, "a second click is the same enrolment"
    assert Enrolment.objects.filter(learner=cast.stranger).count() == 1


def test_an_invitation_lets_a_waiting_request_begin(
    cast: Cast, start: Start, invited: Callable[..., Invitation]
) -> None:
    asked = start(program=cast.south)
    begun = accept(cast, invited(program=cast.south, cohort=cast.south_cohort))
    assert (begun.pk, begun.state, begun.cohort) == (asked.pk, "active", cast.south_cohort)


def test_an_invitation_is_its_addresses_alone(cast: Cast, invited: Callable[..., Invitation]) -> None:
    invitation = invited()
    with pytest.raises(Missing):
        accept(cast, invitation, "learner")
    address = EmailAddress.objects.get(user=cast.stranger)
    EmailAddress.objects.filter(pk=address.pk).update(verified=False, email="Stranger@Example.Test")
    with pytest.raises(Missing):
        accept(cast, invitation)
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert accept(cast, invitation).state == "active"


def test_the_catalogue_shows_what_an_invitation_can_still_be_accepted_to(
    cast: Cast, invited: Callable[..., Invitation]
) -> None:
    Program.objects.filter(pk=cast.south.pk).update(enrolment_mode="invitation")
    actor, invitation = cast.actor("stranger"), invited()
    seen: Callable[[], bool] = lambda: cast.south in programs_in_catalogue(actor)  # noqa: E731
    assert seen()
    with CaptureQueriesContext(connection) as queries:
        list(programs_in_catalogue(actor))
    assert len(queries) == 1
    for closed in ({"expires_at": timezone.now()}, {"withdrawn_at": timezone.now()}):
        Invitation.objects.filter(pk=invitation.pk).update(**closed)
        assert not seen()
        Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1), withdrawn_at=None)
    first = EmailAddress.objects.filter(user=cast.stranger)
    first.update(verified=False)
    assert not seen(), "nobody has confirmed that address"
    first.update(email="other@example.test", verified=True)
    assert not seen()
    EmailAddress.objects.create(user=cast.stranger, email="stranger@example.test", verified=True)
    assert seen(), "a second address counts like the first"
    assert cast.south not in programs_in_catalogue(cast.actor("classmate"))
    assert accept(cast, invitation).state == "active"


def test_an_invitation_that_ran_out_was_used_or_taken_back_is_closed(
    cast: Cast, invited: Callable[..., Invitation]
) -> None:
    late = invited()
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(lambda: accept(cast, late)) == "409 invitation_expired"
    Invitation.objects.filter(pk=late.pk).update(withdrawn_at=timezone.now())
    assert refused(lambda: accept(cast, late)) == "409 invitation_closed"
    right = invited(cohort=cast.cohort, program=cast.north, right="instructor")
    assert accept(cast, right) is None
    assert refused(lambda: accept(cast, right)) == "409 invitation_closed"
    assert not Enrolment.objects.filter(learner=cast.stranger).exists()


def test_an_archived_program_takes_nobody_by_invitation(cast: Cast, invited: Callable[..., Invitation]) -> None:
    invitation = invited()
    Program.objects.filter(pk=cast.south.pk).update(archived_at=timezone.now())
    assert refused(lambda: accept(cast, invitation)) == "409 enrolment_closed"
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_an_unpublished_program_takes_staff_by_invitation_but_no_learners(
    cast: Cast, invited: Callable[..., Invitation]
) -> None:
    Program.objects.filter(pk=cast.north.pk).update(published_at=None)
    assert refused(lambda: accept(cast, invited(program=cast.north))) == "409 enrolment_closed"
    assert accept(cast, invited(cohort=cast.cohort, program=cast.north, right="instructor")) is None
    assert StaffRight.objects.get(person=cast.stranger).cohort == cast.cohort


def test_an_archived_program_lets_people_go_but_nobody_in(cast: Cast, start: Start) -> None:
    asked, learner = start(program=cast.south), cast.enrolments["learner"]
    paused = cast.enrolments["paused"]
    Program.objects.update(archived_at=timezone.now())
    for enrolment in (asked, learner, paused):
        enrolment.program.refresh_from_db()
    assert refused(lambda: enrolment_approve(actor=SYSTEM, enrolment=asked)) == "409 enrolment_closed"
    asked.refresh_from_db()
    assert (asked.state, traces(asked)) == ("requested", [("state", "", "requested")])
    assert enrolment_decline(actor=SYSTEM, enrolment=asked, reason="Too late.").state == "declined"
    assert enrolment_resume(actor=SYSTEM, enrolment=paused).state == "active"
    assert enrolment_pause(actor=SYSTEM, enrolment=learner).state == "paused"
    assert enrolment_withdraw(actor=SYSTEM, enrolment=learner).state == "withdrawn"


def test_an_open_offer_is_renewed_and_not_doubled(cast: Cast, invited: Callable[..., Invitation]) -> None:
    first = invited(program=cast.south, days=1)
    again = invited(program=cast.south, days=9)
    assert again.pk == first.pk
    assert again.email == "stranger@example.test"
    assert again.expires_at > first.expires_at


def test_an_offered_right_holds_only_while_its_sender_holds_it(cast: Cast, invited: Callable[..., Invitation]) -> None:
    offer = {"program": cast.north, "cohort": cast.cohort, "right": "instructor", "by": "program_admin"}
    invitation = invited(**offer)
    StaffRight.objects.filter(person=cast.program_admin).delete()
    assert refused(lambda: accept(cast, invitation)) == "403 right_not_held"
    invitation.refresh_from_db()
    assert invitation.accepted_at is None, "it is not used up"
    assert not StaffRight.objects.filter(person=cast.stranger).exists()
    StaffRight.objects.create(person=cast.program_admin, role="admin", program=cast.north)
    accept(cast, invitation)
    right = StaffRight.objects.get(person=cast.stranger)
    assert (right.role, right.cohort, right.program) == ("instructor", cast.cohort, None)


# -- saying what one brings -----------------------------------------------------------------
def test_who_may_not_work_does_not_attest(cast: Cast) -> None:
    for name in ("paused", "withdrawn"):
        code = refused(
            lambda name=name: attestation_give(  # type: ignore[misc]
                actor=cast.actor(name), enrolment=cast.enrolments[name], requirement_id=1
            )
        )
        assert code == f"409 enrolment_{name}"
