"""The limits of sign-in hold for all processes together, and count clients, not proxies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cast import PASSWORD, person_make
from waymark.core.peers import client_address

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = """
import json, sys, django
django.setup()
from django.test import Client
answers = [Client().post(address, form, SERVER_NAME="localhost") for address, form in json.load(sys.stdin)]
print(json.dumps([answer.status_code for answer in answers]))
"""
SIGNED_IN = 302


def in_another_process(*forms: tuple[str, dict[str, str]]) -> list[int]:
    """Statuses of *forms*, sent one after the other to a site of its own on the same database."""
    database = f"postgresql://waymark@/{connection.settings_dict['NAME']}?host={os.environ['WAYMARK_TEST_SERVICES']}"
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=json.dumps(forms), env=env, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    statuses: list[int] = json.loads(done.stdout)
    return statuses


def attempt(address: str, password: str = "wrong") -> tuple[str, dict[str, str]]:
    return reverse("account_login"), {"login": address, "password": password}


@pytest.mark.django_db(transaction=True)
def test_five_wrong_passwords_in_two_processes_close_the_address() -> None:
    person = person_make("learner")
    assert in_another_process(*[attempt(person.email)] * 3) == [200] * 3
    page, right = attempt(person.email, PASSWORD)
    for _ in range(2):
        assert Client().post(*attempt(person.email)).status_code == 200
    # Five are used up: now even the right one is refused, in this process and in another.
    assert Client().post(page, right).status_code == 200
    assert in_another_process((page, right)) == [200]


@pytest.mark.django_db
def test_another_name_or_spelling_begins_no_new_count() -> None:
    person = person_make("learner")
    page, form = attempt(person.email)
    for number in range(5):
        assert Client().post(page, form, SERVER_NAME="localhost", SERVER_PORT=str(number + 1)).status_code == 200
    shouted = {"login": person.email.upper(), "password": PASSWORD}
    assert Client().post(page, shouted, SERVER_NAME="127.0.0.1").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_four_wrong_passwords_leave_a_fifth_try() -> None:
    person = person_make("learner")
    tries = [attempt(person.email)] * 4
    assert in_another_process(*tries, attempt(person.email, PASSWORD))[-1] == SIGNED_IN


@pytest.mark.django_db(transaction=True)
def test_requests_for_a_new_password_are_counted_together() -> None:
    person = person_make("learner")
    form = (reverse("account_reset_password"), {"email": person.email})
    assert in_another_process(*[form] * 3) == [302] * 3
    assert [Client().post(*form).status_code for _ in range(3)] == [302, 302, 429]
    assert in_another_process(form) == [429]


@pytest.mark.django_db
def test_a_client_behind_the_proxy_is_limited_and_its_neighbour_is_not(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    page = reverse("account_signup")

    def sign_up(forwarded: str) -> int:
        answer = Client().post(page, {"email": "not an address"}, headers={"X-Forwarded-For": forwarded})
        return answer.status_code

    # Whatever a client writes before its own address does not make it another one.
    assert {sign_up(f"198.51.100.{number}, 203.0.113.7") for number in range(20)} == {200}
    assert sign_up("203.0.113.7") == 429
    assert sign_up("203.0.113.8") == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (1, "", "192.0.2.1"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "unknown", "192.0.2.1"),
        (1, "203.0.113.7:5000", "203.0.113.7"),
        (1, "[2001:db8::7]:5000", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_client_is_counted_from_the_end(settings: Any, proxies: int, forwarded: str, found: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")) == found


def test_nobody_is_guessed(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) == ""
