"""Lists of people are previewed and applied: what each row does, for whom, and what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Cohort, Enrolment, Invitation, StaffRight
from courses.roster.apply import people_apply
from courses.roster.preview import Preview, preview
from courses.roster.reading import Sheet, read
from courses.services.enrolment import enrolment_start
from tests.cast import Cast, person_make
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Refused
from waymark.core.models import AuditEntry

pytestmark = pytest.mark.django_db
ROSTER, COHORTS, STAFF = (
    "email,program,cohort\n",
    "program,cohort,title,time_zone,starts,ends\n",
    "email,role,program,cohort\n",
)


def sheet_of(*lines: str, head: str = ROSTER) -> Sheet:
    return read("list.csv", (head + "\n".join(lines) + "\n").encode())


def apply(actor: Actor, sheet: Sheet, preview_id: str | None = None) -> Preview:
    name = preview(actor, sheet).id if preview_id is None else preview_id
    return people_apply(actor=actor, sheet=sheet, preview_id=name, link=lambda each: f"https://here/{each.uuid}")


def steps(found: Preview) -> list[tuple[int, str, str]]:
    return [(step.line, step.action, step.text) for step in found.steps]


def faults(found: Preview) -> list[tuple[int, str]]:
    return [(finding.line, finding.rule) for finding in found.errors]


def refused(call: Any, *arguments: Any) -> str:
    with pytest.raises(DomainError) as error:
        call(*arguments)
    return f"{error.value.status} {error.value.code} {error.value.where}".strip()


# -- rosters --------------------------------------------------------------------------------
def test_a_roster_enrols_moves_invites_and_leaves_alone(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    admin = cast.actor("program_admin")
    sheet = sheet_of(
        f"{cast.stranger.email},north,one",
        f"{cast.learner.email},north,two",
        f"{cast.classmate.email},north,one",
        "new@demo.test,north,one",
    )
    found = preview(admin, sheet)
    assert found.errors == []
    assert [step.action for step in found.steps] == ["enrol", "move", "none", "invite"]
    assert not Enrolment.objects.filter(learner=cast.stranger).exists(), "a preview writes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        apply(admin, sheet)
    enrolment = Enrolment.objects.get(learner=cast.stranger)
    assert (enrolment.state, enrolment.cohort) == ("active", cast.cohort)
    assert Enrolment.objects.get(learner=cast.learner, program=cast.north).cohort == cast.other_cohort
    invitation = Invitation.objects.get(email="new@demo.test")
    assert (invitation.cohort, invitation.program, invitation.right) == (cast.cohort, cast.north, "")
    assert [message.to for message in mail.outbox] == [["new@demo.test"]]
    assert str(invitation.uuid) in mail.outbox[0].body
    entry = AuditEntry.objects.get(action="people.imported")
    assert entry.details == {"roster": {"enrol": 1, "move": 1, "invite": 1}}


def test_applying_a_roster_twice_does_nothing_the_second_time(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    admin = cast.actor("program_admin")
    sheet = sheet_of(f"{cast.stranger.email},north,one", "new@demo.test,north,one")
    with django_capture_on_commit_callbacks(execute=True):
        apply(admin, sheet)
        again = preview(admin, sheet)
        assert [step.action for step in again.steps] == ["none", "none"]
        apply(admin, sheet)
    assert len(mail.outbox) == 1
    assert AuditEntry.objects.filter(action="people.imported").count() == 1
    assert Enrolment.objects.filter(learner=cast.stranger).count() == 1


def test_a_request_begins_and_a_completed_enrolment_stays(cast: Cast) -> None:
    admin = cast.actor("site_admin")
    request = enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.south)
    done = cast.enrolments["classmate"]
    release = done.program.releases.get(current=True)
    Enrolment.objects.filter(pk=done.pk).update(state="completed", ended_at=timezone.now(), completed_release=release)
    sheet = sheet_of(f"{cast.stranger.email},south,{cast.south_cohort.slug}", f"{cast.classmate.email},north,two")
    assert [step.action for step in apply(admin, sheet).steps] == ["enrol", "none"]
    request.refresh_from_db()
    assert (request.state, request.cohort) == ("active", cast.south_cohort)
    assert Enrolment.objects.filter(learner=cast.classmate).count() == 1


def test_addresses_match_when_they_are_confirmed_and_whichever_they_are(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.stranger, email="Second@demo.test", verified=True)
    EmailAddress.objects.create(user=cast.stranger, email="third@demo.test", verified=False)
    sheet = sheet_of("second@demo.test,north,one", "third@demo.test,north,one")
    found = preview(cast.actor("program_admin"), sheet)
    assert [(step.action, step.person) for step in found.steps] == [("enrol", cast.stranger), ("invite", None)]


@pytest.mark.parametrize(
    ("person", "row", "rule"),
    [
        ("program_admin", "stranger,nowhere,one", "people.unknown_program"),
        ("program_admin", "stranger,south,one", "people.unknown_program"),
        ("program_admin", "stranger,north,nothing", "people.unknown_cohort"),
        ("instructor", "stranger,north,two", "people.unknown_cohort"),
        ("learner", "stranger,north,one", "people.unknown_program"),
        ("other_instructor", "learner,north,two", "people.not_yours"),
    ],
)
def test_what_a_person_may_not_do_is_an_error_of_its_line(cast: Cast, person: str, row: str, rule: str) -> None:
    name, _, rest = row.partition(",")
    sheet = sheet_of(f"{cast.people[name].email},{rest}")
    actor = cast.actor(person)
    assert faults(preview(actor, sheet)) == [(2, rule)]
    assert refused(apply, actor, sheet) == "400 list_has_errors list.csv:2"


def test_an_instructor_fills_their_own_cohort(cast: Cast) -> None:
    actor = cast.actor("instructor")
    assert [step.action for step in apply(actor, sheet_of(f"{cast.stranger.email},north,one")).steps] == ["enrol"]


def test_closed_accounts_and_ended_cohorts_take_nobody(cast: Cast) -> None:
    closed = person_make("closed", is_active=False)
    Cohort.objects.filter(pk=cast.other_cohort.pk).update(ends_at=timezone.now())
    sheet = sheet_of(f"{closed.email},north,one", f"{cast.stranger.email},north,two")
    found = preview(cast.actor("program_admin"), sheet)
    assert faults(found) == [(2, "people.closed"), (3, "people.cohort_ended")]


def test_one_row_that_fails_takes_everything_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**given: Any) -> None:
        raise Refused("No.", code="enrolment_closed")

    monkeypatch.setattr("courses.roster.apply.cohort_take", fail)
    sheet = sheet_of("new@demo.test,north,one", f"{cast.stranger.email},north,one")
    assert refused(apply, cast.actor("program_admin"), sheet) == "409 enrolment_closed list.csv:3"
    assert not Invitation.objects.filter(email="new@demo.test").exists()


def test_a_program_that_takes_nobody_is_said_before_anything_is_applied(cast: Cast) -> None:
    cast.north.archived_at = timezone.now()
    cast.north.save()
    sheet = sheet_of(
        f"{cast.stranger.email},north,one", f"{cast.learner.email},north,two", f"{cast.classmate.email},north,one"
    )
    found = preview(cast.actor("program_admin"), sheet)
    assert faults(found) == [(2, "people.program_closed"), (3, "people.program_closed")]
    assert [step.action for step in found.steps] == ["none"], "who is there already stays"


def test_who_was_moved_meanwhile_makes_the_preview_stale(cast: Cast) -> None:
    admin = cast.actor("program_admin")
    sheet = sheet_of(f"{cast.learner.email},north,two")
    shown = preview(admin, sheet)
    Enrolment.objects.filter(learner=cast.learner, program=cast.north).update(cohort=None)
    assert refused(apply, admin, sheet, shown.id) == "409 preview_stale"


def test_a_preview_that_is_no_longer_true_is_refused(cast: Cast) -> None:
    admin = cast.actor("program_admin")
    sheet = sheet_of(f"{cast.stranger.email},north,one")
    seen = preview(admin, sheet).id
    assert preview(admin, sheet).id == seen
    enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.north, cohort=cast.other_cohort)
    assert refused(apply, admin, sheet, seen) == "409 preview_stale"
    other = sheet_of(f"{cast.stranger.email},north,two")
    assert refused(apply, admin, other, preview(admin, sheet).id) == "409 preview_stale"


def test_only_a_person_in_their_own_name_applies(cast: Cast) -> None:
    sheet = sheet_of(f"{cast.stranger.email},north,one")
    assert refused(apply, Actor.system(), sheet) == "403 not_allowed"
    assert refused(apply, cast.actor("limited_client"), sheet) == "403 not_allowed"
    acting = Actor("person", user_id=cast.learner.pk, acting_as=cast.site_admin.pk)
    assert refused(apply, acting, sheet) == "403 not_allowed"


def test_a_preview_asks_the_same_number_of_questions_for_any_number_of_rows(cast: Cast) -> None:
    admin = cast.actor("program_admin")

    def asked(rows: int) -> int:
        people = [person_make(f"p{rows}x{number}") for number in range(rows)]
        with CaptureQueriesContext(connection) as queries:
            found = preview(admin, sheet_of(*(f"{person.email},north,one" for person in people)))
        assert found.count("enrol") == rows
        return len(queries)

    assert asked(2) == asked(40)


# -- cohorts --------------------------------------------------------------------------------
def test_cohorts_are_made_and_changed_by_what_their_cells_say(cast: Cast) -> None:
    admin = cast.actor("program_admin")
    sheet = sheet_of(
        "north,autumn,Autumn,Asia/Tokyo,2026-09-01,2026-12-18",
        "north,one,,Europe/Berlin,,",
        "north,two,,,,",
        head=COHORTS,
    )
    found = apply(admin, sheet)
    assert steps(found) == [
        (2, "create", "Is made: Autumn."), (3, "change", "Changes: time zone."), (4, "none", "Stays as it is."),
    ]  # fmt: skip
    made = Cohort.objects.get(slug="autumn")
    assert (made.title, made.time_zone) == ("Autumn", "Asia/Tokyo")
    assert made.starts_at is not None
    assert made.starts_at.isoformat() == "2026-08-31T15:00:00+00:00"
    cast.cohort.refresh_from_db()
    assert (cast.cohort.title, cast.cohort.time_zone) == ("Cohort one", "Europe/Berlin")
    zones = Enrolment.objects.filter(cohort=cast.cohort, state="active").values_list("time_zone", flat=True)
    assert set(zones) == {"Europe/Berlin"}, "their days are the cohort's"
    assert [step.action for step in preview(admin, sheet).steps] == ["none", "none", "none"]


@pytest.mark.parametrize(
    ("person", "row", "rule"),
    [
        ("program_admin", "south,new,New,,,", "people.unknown_program"),
        ("instructor", "north,new,New,,,", "people.unknown_program"),
        ("program_admin", "north,new,,,,", "people.bad_value"),
        ("program_admin", "north,new,New,,2026-09-02,2026-09-01", "people.bad_value"),
    ],
)
def test_cohorts_that_cannot_be_made_are_errors(cast: Cast, person: str, row: str, rule: str) -> None:
    assert faults(preview(cast.actor(person), sheet_of(row, head=COHORTS))) == [(2, rule)]


# -- staff ----------------------------------------------------------------------------------
def test_staff_get_the_rights_that_the_person_holds_each_named(cast: Cast) -> None:
    admin = cast.actor("program_admin")
    sheet = sheet_of(
        f"{cast.stranger.email},instructor,north,one",
        f"{cast.instructor.email},Instructor,north,one",
        f"{cast.classmate.email},admin,north,",
        "new@demo.test,instructor,north,two",
        head=STAFF,
    )
    found = apply(admin, sheet)
    assert steps(found) == [
        (2, "grant", "Becomes instructor of Cohort one."),
        (3, "none", "Is instructor of Cohort one already."),
        (4, "grant", f"Becomes admin of {cast.north.title}."),
        (5, "invite", "Is invited: instructor of Cohort two."),
    ]
    assert StaffRight.objects.filter(person=cast.stranger, role="instructor", cohort=cast.cohort).exists()
    assert StaffRight.objects.filter(person=cast.classmate, role="admin", program=cast.north, cohort=None).exists()
    assert Invitation.objects.get(email="new@demo.test").right == "instructor"
    assert [step.action for step in preview(admin, sheet).steps] == ["none"] * 4


@pytest.mark.parametrize("person", ["program_admin", "instructor", "learner"])
def test_rights_that_one_does_not_hold_are_not_given(cast: Cast, person: str) -> None:
    sheet = sheet_of(f"{cast.stranger.email},admin,,", head=STAFF)
    assert faults(preview(cast.actor(person), sheet)) == [(2, "people.right_not_held")]
    assert refused(apply, cast.actor(person), sheet) == "400 list_has_errors list.csv:2"
    assert not StaffRight.objects.filter(person=cast.stranger).exists()


def test_a_site_admin_gives_every_right(cast: Cast) -> None:
    apply(cast.actor("site_admin"), sheet_of(f"{cast.stranger.email},admin,,", head=STAFF))
    assert StaffRight.objects.filter(person=cast.stranger, role="admin", program=None, cohort=None).exists()


# -- the command ----------------------------------------------------------------------------
def test_the_command_previews_and_applies(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(f"{ROSTER}{cast.stranger.email},north,one\n")
    told = io.StringIO()
    options = {"person": cast.program_admin.email, "stdout": told}
    call_command("people", "preview", str(file), format="json", **options)
    shown = json.loads(told.getvalue())
    assert (shown["kind"], shown["findings"]) == ("roster", [])
    assert shown["steps"] == [
        {"line": 2, "action": "enrol", "who": cast.stranger.email, "text": "Begins in Cohort one."}
    ]
    with pytest.raises(CommandError) as stale:
        call_command("people", "apply", str(file), preview="0" * 16, **options)
    assert (stale.value.returncode, Enrolment.objects.filter(learner=cast.stranger).exists()) == (3, False)
    call_command("people", "apply", str(file), preview=shown["id"], **options)
    assert told.getvalue().endswith(f"2: {cast.stranger.email}: Begins in Cohort one.\nApplied.\n")
    assert Enrolment.objects.filter(learner=cast.stranger).exists()


def test_the_command_says_what_is_wrong_by_its_exit_code(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(f"{ROSTER}nobody,north,one\n")
    told = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("people", "preview", str(file), person=cast.program_admin.email, stdout=told)
    assert ended.value.code == 1
    assert f"{file}:2: error: 'nobody' is no e-mail address." in told.getvalue()
    for arguments, code in ((("apply", str(file)), 1), (("preview", str(tmp_path / "none.csv")), 2)):
        extra = {"preview": "0" * 16} if arguments[0] == "apply" else {}
        with pytest.raises(CommandError) as refusal:
            call_command("people", *arguments, person=cast.program_admin.email, stdout=told, **extra)
        assert refusal.value.returncode == code
    with pytest.raises(CommandError) as unknown:
        call_command("people", "preview", str(file), person="nobody@demo.test", stdout=told)
    assert unknown.value.returncode == 2
