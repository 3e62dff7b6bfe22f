"""From sign-up to sign-in, and what a stranger cannot find out on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from courses.models import Enrolment, EnrolmentChange
from courses.services.enrolment import enrolment_start, enrolment_withdraw
from tests.cast import PASSWORD, Cast
from waymark.accounts.models import User

pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]
NEW = "very-new-password-7"


def sign_up(client: Client, capture: Capture, email: str, name: str = "") -> Any:
    with capture(execute=True):
        return client.post("/accounts/signup/", {"email": email, "name": name, "password1": NEW, "password2": NEW})


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found, message.body
    return found.group(1)


def test_sign_up_confirm_sign_in(client: Client, django_capture_on_commit_callbacks: Capture) -> None:
    answer = sign_up(client, django_capture_on_commit_callbacks, "New.Person@Example.test", "New person")
    assert answer.status_code == 302
    user = User.objects.get()
    assert (user.email, user.name) == ("new.person@example.test", "New person")
    assert client.get("/learn/").status_code == 302, "not in before the address is confirmed"
    client.post(link_in(mail.outbox[0]))
    assert EmailAddress.objects.get().verified
    client.post("/accounts/login/", {"login": "NEW.person@example.test", "password": NEW})
    assert client.get("/learn/").status_code == 200


def test_an_unconfirmed_address_cannot_sign_in(client: Client, django_capture_on_commit_callbacks: Capture) -> None:
    sign_up(client, django_capture_on_commit_callbacks, "new@example.test")
    other = Client()
    other.post("/accounts/login/", {"login": "new@example.test", "password": NEW})
    assert other.get("/learn/").status_code == 302


def test_sign_up_tells_nobody_who_is_here(cast: Cast, django_capture_on_commit_callbacks: Capture) -> None:
    fresh = sign_up(Client(), django_capture_on_commit_callbacks, "nobody@example.test")
    known = sign_up(Client(), django_capture_on_commit_callbacks, cast.learner.email)
    assert (fresh.status_code, fresh["Location"]) == (known.status_code, known["Location"])
    assert [message.to for message in mail.outbox] == [["nobody@example.test"], [cast.learner.email]]


def test_reset_tells_nobody_who_is_here(cast: Cast, django_capture_on_commit_callbacks: Capture) -> None:
    answers = []
    for address in (cast.learner.email, "nobody@example.test"):
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(Client().post("/accounts/password/reset/", {"email": address}))
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1


def test_a_wrong_password_and_an_unknown_address_answer_alike(cast: Cast) -> None:
    pages = []
    for address in (cast.learner.email, "nobody@example.test"):
        answer = Client().post("/accounts/login/", {"login": address, "password": "wrong"})
        pages.append((answer.status_code, answer.context["form"].non_field_errors()))
    assert pages[0] == pages[1]


def test_a_reset_password_works_and_ends_every_session(cast: Cast, django_capture_on_commit_callbacks: Capture) -> None:
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": cast.learner.email, "password": PASSWORD})
    assert elsewhere.get("/account/").status_code == 200
    here = Client()
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/accounts/password/reset/", {"email": cast.learner.email})
    form = here.get(link_in(mail.outbox[0]), follow=True)
    here.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert elsewhere.get("/account/").status_code == 302
    again = Client()
    again.post("/accounts/login/", {"login": cast.learner.email, "password": NEW})
    assert again.get("/account/").status_code == 200


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(cast: Cast) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post("/accounts/login/", {"login": cast.learner.email, "password": PASSWORD})
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_guessing_passwords_is_slowed_down(cast: Cast) -> None:
    codes = [
        Client().post("/accounts/login/", {"login": cast.learner.email, "password": f"wrong-{n}"}).context
        for n in range(6)
    ]
    errors = [str(context["form"].non_field_errors()) for context in codes if context]
    assert len(set(errors)) == 2, "the last tries are refused for their number, not for the password"


def test_a_closed_account_is_out_at_once(cast: Cast) -> None:
    browser = cast.browser("learner")
    assert browser.get("/account/").status_code == 200
    User.objects.filter(pk=cast.learner.pk).update(is_active=False)
    assert browser.get("/account/").status_code == 302


@pytest.fixture
def two_languages(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]


@pytest.mark.usefixtures("two_languages")
def test_pages_are_in_the_persons_language_and_zone(cast: Cast) -> None:
    User.objects.filter(pk=cast.learner.pk).update(time_zone="Asia/Kolkata", language="de")
    page = cast.browser("learner").get("/account/")
    assert '<html lang="de"' in page.content.decode()
    assert "Asia/Kolkata" in page.content.decode()


def test_the_profile_is_saved_and_faults_are_kept_at_their_field(cast: Cast) -> None:
    browser = cast.browser("learner")
    good = {"name": "Another name", "language": "en", "time_zone": "Europe/Berlin"}
    assert browser.post("/account/", good).status_code == 302
    cast.learner.refresh_from_db()
    assert (cast.learner.name, cast.learner.time_zone) == ("Another name", "Europe/Berlin")
    bad = browser.post("/account/", {**good, "time_zone": "Mars/Olympus"})
    assert bad.status_code == 400
    cast.learner.refresh_from_db()
    assert cast.learner.time_zone == "Europe/Berlin"


@pytest.mark.parametrize(("stated", "kept"), [({}, "UTC"), ({"time_zone": "Asia/Tokyo"}, "Asia/Tokyo")])
def test_sign_up_keeps_the_zone_that_was_chosen(client: Client, stated: dict[str, str], kept: str) -> None:
    form = {"email": "new@example.test", "password1": "correct-horse-battery", "password2": "correct-horse-battery"}
    wrong = client.post("/accounts/signup/", {**form, "time_zone": "Mars/Olympus"})
    assert "time_zone" in wrong.context["form"].errors
    assert client.post("/accounts/signup/", {**form, **stated}).status_code == 302
    assert User.objects.get(email="new@example.test").time_zone == kept


def test_open_enrolments_without_a_cohort_follow_the_zone(cast: Cast) -> None:
    own = enrolment_start(actor=cast.actor("learner"), learner=cast.learner, program=cast.south)
    left = enrolment_withdraw(
        actor=cast.actor("learner"),
        enrolment=enrolment_start(actor=cast.actor("withdrawn"), learner=cast.withdrawn, program=cast.north),
    )
    for name in ("learner", "withdrawn"):
        browser = cast.browser(name)
        for _ in range(2):
            browser.post("/account/", {"name": "N", "language": "en", "time_zone": "Asia/Tokyo"})
    zones = {
        each: Enrolment.objects.get(pk=each).time_zone for each in (own.pk, left.pk, cast.enrolments["learner"].pk)
    }
    assert list(zones.values()) == ["Asia/Tokyo", "UTC", "UTC"], "what ended stays, a cohort keeps its own"
    changes = EnrolmentChange.objects.filter(field="time_zone").values_list("enrolment", "before", "after")
    assert list(changes) == [(own.pk, "UTC", "Asia/Tokyo")]


@pytest.mark.usefixtures("two_languages")
def test_the_language_can_be_chosen_by_visitors_and_kept_by_people(cast: Cast, client: Client) -> None:
    client.post("/language/", {"language": "de"})
    assert client.cookies["django_language"].value == "de"
    cast.browser("learner").post("/language/", {"language": "de"})
    cast.learner.refresh_from_db()
    assert cast.learner.language == "de"


def test_a_refused_form_says_truly_what_it_kept(cast: Cast) -> None:
    learner = cast.browser("learner")
    page = learner.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": "a", "password2": "b"})
    said = page.content.decode()
    assert "Passwords are not kept: please type them again." in said
    assert "still here" not in said
    page = Client().post("/accounts/signup/", {"email": "no address", "password1": "a", "password2": "b"})
    said = page.content.decode()
    assert "only passwords have to be typed again" in said
    assert "no address" in said
    page = learner.post("/account/", {"name": "", "time_zone": "Nowhere", "language": "en"})
    said = page.content.decode()
    assert "What you typed is still here." in said


@pytest.mark.parametrize("name", ["account_email_verification_sent", "account_reset_password_done"])
def test_who_waits_for_mail_of_the_demo_is_led_to_it(db: None, name: str) -> None:
    assert f'href="{reverse("demo_mail")}"' in Client().get(reverse(name)).content.decode()
