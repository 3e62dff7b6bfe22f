"""Who changes what guards an account is told by mail, in plain words and without a secret."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from django.core import mail
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, person_make

OURS = Path(__file__).resolve().parents[3] / "platform" / "waymark" / "templates"
SECRETS = re.compile(r"\{\{[^}]*(password|key|code|secret|token|url)[^}]*\}\}")
UNUSED = {"mfa/email/webauthn_added", "mfa/email/webauthn_removed"}
"""Second factors that this site does not offer (``MFA_SUPPORTED_TYPES``)."""


def notices() -> set[str]:
    """Every notice that allauth may send, by the beginning of its templates' names."""
    folder = Path(allauth.__file__).parent
    source = "".join(path.read_text() for app in ("account", "mfa") for path in (folder / app).rglob("*.py"))
    return set(re.findall(r"send_notification_mail\(\s*\"([\w/]+)\"", source)) - UNUSED


def test_every_notice_is_ours_and_names_no_secret() -> None:
    found = notices()
    assert {"account/email/password_changed", "mfa/email/totp_deactivated", "account/email/email_changed"} <= found
    for notice in found:
        for part in ("subject", "message"):
            template = get_template(f"{notice}_{part}.txt")
            path = Path(template.origin.name)  # type: ignore[attr-defined]
            assert path.is_relative_to(OURS), f"{notice}_{part} is allauth's own"
            source = path.read_text()
            assert "{% blocktranslate" in source or "{% translate" in source, f"{notice}_{part} is not translated"
            assert not SECRETS.search(source), f"{notice}_{part}"


@pytest.mark.django_db(transaction=True)
def test_a_changed_password_is_told_to_its_owner() -> None:
    person = person_make("learner")
    browser = Client()
    browser.force_login(person)
    new = "another-long-password"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post(reverse("account_change_password"), form, headers={"User-Agent": "Browser"}).status_code == 302
    (told,) = mail.outbox
    assert told.to == [person.email]
    assert told.subject == "Your Waymark password has changed"
    assert "The password of your account was changed." in told.body
    assert "browser: Browser" in told.body
    assert PASSWORD not in told.body
    assert new not in told.body
