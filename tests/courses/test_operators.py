"""What an operator decides at the command line: the first site admin, and which programs take learners."""

import io
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse

from courses.access import is_site_admin, programs_in_catalogue
from courses.models import Enrolment, Program, StaffRight
from courses.services.enrolment import enrolment_start
from courses.services.program import program_archive, program_publish
from tests.cast import Cast
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden
from waymark.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def said(*command: str) -> str:
    told = io.StringIO()
    call_command(*command, stdout=told)
    return told.getvalue()


# -- the first site admin ------------------------------------------------------------
def test_somebody_with_a_confirmed_address_becomes_site_admin() -> None:
    person = User.objects.create_user("first@example.org")
    with pytest.raises(CommandError, match="not confirmed"):
        call_command("site_admin", "first@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    assert said("site_admin", " First@Example.org ") == "first@example.org is a site admin.\n"
    said("site_admin", "first@example.org")
    assert is_site_admin(Actor.person(person.pk))
    assert StaffRight.objects.filter(person=person).count() == 1
    assert list(AuditEntry.objects.values_list("actor_label", "action")) == [("system", "right.granted")]


def test_a_stranger_is_not_made_up() -> None:
    with pytest.raises(CommandError, match=r"Nobody has signed up as nobody@example\.org"):
        call_command("site_admin", "nobody@example.org")
    assert not User.objects.exists()


def test_a_closed_account_gets_no_right() -> None:
    person = User.objects.create_user("gone@example.org", is_active=False)
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    with pytest.raises(CommandError, match="closed"):
        call_command("site_admin", "gone@example.org")
    assert not StaffRight.objects.exists()


# -- programs --------------------------------------------------------------------------
def test_a_program_is_opened_changed_and_closed(cast: Cast) -> None:
    Program.objects.filter(pk=cast.north.pk).update(published_at=None, enrolment_mode="invitation")
    stranger = cast.actor("stranger")
    assert f"{cast.north.slug}: not published" in said("program", "list")
    assert cast.north not in programs_in_catalogue(stranger)

    assert said("program", "publish", cast.north.slug, "--enrolment", "open").endswith("takes learners: open\n")
    assert cast.north in programs_in_catalogue(stranger)
    enrolment = enrolment_start(actor=stranger, learner=cast.people["stranger"], program=cast.north)
    assert enrolment.state == Enrolment.State.ACTIVE
    published = Program.objects.get(pk=cast.north.pk).published_at

    assert said("program", "publish", cast.north.slug, "--enrolment", "approval").endswith("by approval\n")
    assert said("program", "archive", cast.north.slug).endswith("archived\n")
    enrolment.refresh_from_db()
    assert enrolment.state == Enrolment.State.ACTIVE, "who is in stays in"
    archived = Program.objects.get(pk=cast.north.pk)
    other = cast.people["other_instructor"]
    with pytest.raises(DomainError):
        enrolment_start(actor=cast.actor("other_instructor"), learner=other, program=archived)

    said("program", "publish", cast.north.slug, "--enrolment", "open")
    again = Program.objects.get(pk=cast.north.pk)
    assert (again.archived_at, again.published_at) == (None, published)
    subject = f"program:{cast.north.pk}"
    acts = (
        AuditEntry.objects.filter(subject=subject, action__startswith="program.")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert list(acts) == ["program.published", "program.published", "program.archived", "program.published"]


def test_doing_it_twice_is_done_once(cast: Cast) -> None:
    actor = cast.actor("program_admin")
    for _ in range(2):
        program_publish(actor=actor, program=cast.north, enrolment_mode="approval")
    for _ in range(2):
        program_archive(actor=actor, program=cast.north)
    assert AuditEntry.objects.filter(subject=f"program:{cast.north.pk}", action__startswith="program.").count() == 2


@pytest.mark.parametrize("who", ["learner", "instructor", "other_program_admin"])
def test_only_admins_of_the_program(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        program_publish(actor=cast.actor(who), program=cast.north, enrolment_mode="open")
    with pytest.raises(Forbidden):
        program_archive(actor=cast.actor(who), program=cast.north)


def test_an_unknown_program_is_named(cast: Cast) -> None:
    with pytest.raises(CommandError, match="No program is called west"):
        call_command("program", "archive", "west")


def test_an_admin_opens_a_program_on_its_page_and_archives_it(cast: Cast) -> None:
    Program.objects.filter(pk=cast.north.pk).update(published_at=None, enrolment_mode="invitation")
    browser = cast.browser("program_admin")
    page, address = (reverse(name, args=["north"]) for name in ("curriculum_program", "program_standing"))
    shown = browser.get(page).content.decode()
    assert "Learners do not see this program yet" in shown
    assert "checked" not in shown, "nothing is chosen for whoever opens it"
    for wrong in ({}, {"entry": "everybody"}):
        assert browser.post(address, wrong).status_code == 400
    for entry, word in (
        ("open", "Published"),
        ("approval", "Published"),
        ("archived", "Archived"),
        ("open", "Published"),
    ):
        shown = browser.post(address, {"entry": entry}, follow=True).content.decode()
        assert word in shown
        assert re.search(rf'value="{entry}"[^>]* checked', shown)
    assert cast.north in programs_in_catalogue(cast.actor("stranger"))
    kept = AuditEntry.objects.filter(person=cast.program_admin).order_by("pk").values_list("action", flat=True)
    assert [each.removeprefix("program.") for each in kept] == ["published", "published", "archived", "published"]
    assert cast.browser("other_program_admin").post(address, {"entry": "archived"}).status_code == 404
