"""The demo's people and mailbox, and that production has neither."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from courses.models import Enrolment, Program, StaffRight
from tests.cast import programs_make
from waymark.accounts.demo import no_demo_people
from waymark.accounts.models import ApiClient, User
from waymark.core.errors import Refused
from waymark.dashboard import demo

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def program(db: None, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A small program in the place of the one that the demo shows."""
    monkeypatch.setattr(demo, "PROGRAM", "north")
    programs = programs_make()
    Program.objects.update(published_at=None, enrolment_mode="invitation")
    return programs["north"]


def test_the_demo_has_its_people_and_its_client(program: Program, tmp_path: Path) -> None:
    made = demo.demo_seed(data_dir=tmp_path)
    assert made.addresses == [f"{role}@demo.test" for role in ("learner", "classmate", "instructor", "admin")]
    browser = Client()
    browser.post("/accounts/login/", {"login": "learner@demo.test", "password": "waymark-demo"})
    assert browser.get("/learn/").status_code == 200
    assert set(Enrolment.objects.values_list("learner__email", "cohort__title", "state")) == {
        ("learner@demo.test", "Demo cohort", "active"),
        ("classmate@demo.test", "Demo cohort", "active"),
    }
    assert {(right.person.email, right.role, right.scope) for right in StaffRight.objects.all()} == {
        ("instructor@demo.test", "instructor", "cohort"),
        ("admin@demo.test", "admin", "site"),
    }
    token = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.client_secret},
    )
    assert set(token.json()["scope"].split()) == {"programs:read", "progress:read", "grades:read", "roster:read"}
    assert set(Program.objects.values_list("enrolment_mode", flat=True)) == {"open"}


def test_a_second_call_changes_nothing(program: Program, tmp_path: Path) -> None:
    first = demo.demo_seed(data_dir=tmp_path)
    before = User.objects.values_list("password", flat=True).order_by("pk")
    kept = list(before)
    assert demo.demo_seed(data_dir=tmp_path) == first
    assert list(before.all()) == kept
    assert (User.objects.count(), ApiClient.objects.count(), Enrolment.objects.count()) == (4, 1, 2)


def test_whoever_left_the_demo_program_stays_out(program: Program, tmp_path: Path) -> None:
    demo.demo_seed(data_dir=tmp_path)
    Enrolment.objects.filter(learner__email="learner@demo.test").update(state="withdrawn")
    demo.demo_seed(data_dir=tmp_path)
    assert Enrolment.objects.get(learner__email="learner@demo.test").state == "withdrawn"


def test_what_people_changed_in_the_demo_survives_the_next_start(program: Program, tmp_path: Path) -> None:
    demo.demo_seed(data_dir=tmp_path)
    User.objects.filter(email="instructor@demo.test").update(is_active=False)
    StaffRight.objects.filter(person__email="admin@demo.test").delete()
    User.objects.filter(email="classmate@demo.test").update(email="other@demo.test")
    program.published_at = None
    program.save(update_fields=["published_at"])
    demo.demo_seed(data_dir=tmp_path)
    assert not User.objects.get(email="instructor@demo.test").is_active
    assert not StaffRight.objects.filter(person__email="admin@demo.test").exists()
    assert User.objects.count() == 4, "the old address still belongs to who has another one now"
    program.refresh_from_db()
    assert program.published_at is None


def test_the_secret_is_the_owners_file_and_a_lost_one_is_replaced(program: Program, tmp_path: Path) -> None:
    first = demo.demo_seed(data_dir=tmp_path)
    path = tmp_path / "demo-client.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    second = demo.demo_seed(data_dir=tmp_path)
    assert second.client_secret != first.client_secret
    assert ApiClient.objects.get(pk=first.client_id).revoked_at is not None


def test_production_refuses_the_demo(program: Program, tmp_path: Path, settings: Any) -> None:
    demo.demo_seed(data_dir=tmp_path)
    settings.PRODUCTION = True
    with pytest.raises(Refused):
        demo.demo_seed(data_dir=tmp_path)
    assert [fault.id for fault in no_demo_people(None)] == ["waymark.E010"]
    with pytest.raises(SystemCheckError, match=r"waymark\.E010"):
        call_command("check")
    User.objects.update(is_active=False)
    assert no_demo_people(None) == []


def test_production_has_no_address_of_the_mailbox() -> None:
    """In a process of its own: the addresses are decided when settings are read."""
    code = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "try:\n    reverse('demo_mail')\nexcept NoReverseMatch:\n    print('none')"
    )
    environment = {
        **os.environ,
        "WAYMARK_MODE": "production",
        "WAYMARK_SECRET_KEY": "x" * 50,
        "WAYMARK_ALLOWED_HOSTS": "waymark.example.test",
        "DJANGO_SETTINGS_MODULE": "waymark.settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "platform"))),
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "none", done.stderr


def send(folder: Path, subject: str, body: str, to: str) -> None:
    folder.mkdir(exist_ok=True)
    EmailBackend(file_path=str(folder)).send_messages([EmailMessage(subject, body, to=[to])])


def test_the_mailbox_shows_what_was_sent_with_links(db: None, client: Client, tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    assert "No mail yet" in client.get("/demo/mail/").content.decode()
    send(tmp_path / "mail", "Confirm your address ü", "Open http://127.0.0.1/x/y and\n<b>go</b>", "a@example.test")
    page = client.get("/demo/mail/")
    [mail] = page.context["mails"]
    assert (mail.subject, mail.to) == ("Confirm your address ü", "a@example.test")
    shown = client.get(f"/demo/mail/{mail.name}/").content.decode()
    assert 'href="http://127.0.0.1/x/y"' in shown
    assert "<b>go</b>" not in shown


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", ""])
def test_the_mailbox_is_for_this_machine_only(db: None, client: Client, peer: str) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/demo/mail/", REMOTE_ADDR=peer, headers=headers).status_code == 404


@pytest.mark.parametrize("name", ["..%2Fsecret-key", "secret-key", "20260101-000000-1.log", "x.log+0"])
def test_the_mailbox_reads_nothing_but_mail(db: None, client: Client, tmp_path: Path, settings: Any, name: str) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    (tmp_path / "secret-key").write_text("secret")
    assert client.get(f"/demo/mail/{name}/").status_code == 404


def test_the_command_prints_what_there_is_to_sign_in_with(
    program: Program, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management import call_command

    settings.DATA_DIR = tmp_path
    call_command("demo_seed", "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"people", "password", "client_id", "client_secret"}
