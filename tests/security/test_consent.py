"""The consent page of the identity provider: its form may end at the program that asks, and nowhere else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.idp.oidc.models import Client as Program
from django.test import Client

from tests.cast import Cast
from waymark.accounts.middleware import form_source

CALLBACK = "https://grades.example.org/callback"


@pytest.fixture
def program(cast: Cast) -> Program:
    program = Program(
        name="Grade book", type=Program.Type.CONFIDENTIAL, grant_types=Program.GrantType.AUTHORIZATION_CODE,
        response_types="code",
    )  # fmt: skip
    program.set_redirect_uris([CALLBACK])
    program.set_scopes(["grades:read"])
    program.set_default_scopes(["grades:read"])
    program.save()
    return program


def ask(browser: Client, program: Program, callback: str = CALLBACK) -> object:
    query = {
        "client_id": program.pk, "response_type": "code", "redirect_uri": callback, "scope": "grades:read",
        "state": "s", "code_challenge": "x" * 43, "code_challenge_method": "plain",
    }  # fmt: skip
    return browser.get("/identity/o/authorize", query)


def form_action(answer: object) -> str:
    policy = answer["Content-Security-Policy"]  # type: ignore[index]
    return next(part.strip() for part in policy.split(";") if part.strip().startswith("form-action"))


def test_the_form_may_end_at_the_program_that_asks(cast: Cast, program: Program) -> None:
    answer = ask(cast.browser("learner"), program)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "Grade book" in answer.content.decode()  # type: ignore[attr-defined]
    assert form_action(answer) == "form-action 'self' https://grades.example.org"


def test_an_address_that_is_not_registered_opens_nothing(cast: Cast, program: Program) -> None:
    answer = ask(cast.browser("learner"), program, "https://evil.example.org/callback")
    assert form_action(answer) == "form-action 'self'"


def test_no_other_page_may_send_a_form_away(cast: Cast) -> None:
    answer = cast.browser("learner").get(f"/account/?redirect_uri={CALLBACK}")
    assert form_action(answer) == "form-action 'self'"


def test_allowing_ends_at_the_program_with_a_code(cast: Cast, program: Program) -> None:
    browser = cast.browser("learner")
    page = ask(browser, program)
    form = page.context_data["form"]  # type: ignore[attr-defined]
    signed = form["request"].value()
    answer = browser.post("/identity/o/authorize", {"request": signed, "action": "grant", "scopes": ["grades:read"]})
    target = urlsplit(answer["Location"])
    assert (answer.status_code, target.netloc) == (302, "grades.example.org")
    assert parse_qs(target.query)["state"] == ["s"]
    assert parse_qs(target.query)["code"]


def test_an_app_is_let_in_by_its_scheme(cast: Cast, program: Program) -> None:
    callback = "org.example.grades:/callback"
    program.set_redirect_uris([callback])
    program.save()
    assert form_action(ask(cast.browser("learner"), program, callback)) == "form-action 'self' org.example.grades:"


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://grades.example.org:8443/x?y#z", "https://grades.example.org:8443"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
        ("http://[::1]:5000/", "http://[::1]:5000"),
        ("https://a.example; script-src *", ""),
        ("https://a.example,https://b.example/", ""),
        ("https://person@a.example/", ""),
        ("https://*/", ""),
        ("javascript:alert(1)", ""),
        ("https:/only-a-path", ""),
        ("/only-a-path", ""),
    ],
)
def test_only_an_origin_or_a_scheme_becomes_a_source(address: str, source: str) -> None:
    assert form_source(address) == source


@pytest.mark.parametrize("document", ["openid-configuration", "jwks.json"])
def test_no_document_promises_an_openid_provider(cast: Cast, document: str) -> None:
    for browser in (Client(), cast.browser("learner")):
        assert browser.get(f"/.well-known/{document}").status_code == 404


def test_nobody_is_given_an_identity_token(cast: Cast, program: Program) -> None:
    query = {
        "client_id": program.pk,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "s",
    }
    answer = cast.browser("learner").get("/identity/o/authorize", query)
    assert parse_qs(urlsplit(answer["Location"]).query)["error"] == ["invalid_scope"]
