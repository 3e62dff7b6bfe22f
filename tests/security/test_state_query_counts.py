"""Statements of pages in states that the permission table does not reach, the same among few people and many.

A graded result, an invitation that is read and accepted, and what somebody who
paused or completed a program reads. The rest is in ``test_query_counts``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.services import attempt_hand_in
from courses.services.enrolment import enrolment_complete, enrolment_lock
from grading.tasks import grade_quizzes
from tests.cast import Cast
from tests.security.crowd import crowd_grow
from tests.security.table import Scene
from tests.security.test_query_counts import FEW, MANY
from waymark.core.actors import Actor

STATED = {
    "GET result learner": 10,
    "GET result instructor": 11,
    "GET invitation stranger": 4,
    "POST invitation stranger": 15,
    "GET today paused": 11,
    "GET program paused": 13,
    "GET grades paused": 9,
    "GET today classmate": 11,
    "GET program classmate": 13,
    "GET grades classmate": 9,
}
"""By method, address and who asks; the classmate has completed *north*."""


@pytest.fixture
def addresses(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The addresses of :data:`STATED`, once there is something at them."""
    monkeypatch.setattr("waymark.core.ring.ring", lambda queue: True)
    scene = Scene(cast)
    attempt_hand_in(actor=cast.actor("learner"), attempt=scene.attempt)
    assert grade_quizzes() == 1
    completed = enrolment_lock(cast.enrolments["classmate"].pk)
    release = cast.north.releases.get(current=True)
    assert enrolment_complete(actor=Actor.system(), enrolment=completed, release_id=release.pk)
    return {
        "result": reverse("grading:attempt-result", args=[scene.attempt.uuid]),
        "invitation": reverse("invitation", args=[scene.invitation.uuid]),
        "today": reverse("today"),
        "program": reverse("program", args=["north"]),
        "grades": reverse("grading:grades", args=["north"]),
    }


def counted(cast: Cast, addresses: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Statements of the second request of each; what it writes does not stay."""
    for key in STATED:
        method, name, who = key.split()
        browser = cast.browser(who)
        _ask(browser, method, addresses[name])
        with CaptureQueriesContext(connection) as queries:
            _ask(browser, method, addresses[name])
        # The savepoint around it is of this test.
        yield key, len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def _ask(browser: Client, method: str, address: str) -> None:
    savepoint = transaction.savepoint()
    try:
        answer = browser.generic(method, address)
        assert answer.status_code == (302 if method == "POST" else 200), answer.content
    finally:
        transaction.savepoint_rollback(savepoint)


def test_each_state_takes_the_stated_statements_among_few_and_many(cast: Cast, addresses: dict[str, str]) -> None:
    crowd_grow(cast, FEW)
    few = dict(counted(cast, addresses))
    crowd_grow(cast, MANY)
    assert dict(counted(cast, addresses)) == few, "these take more statements among more people"
    wrong = [f"{key}: {few[key]}, stated are {STATED[key]}" for key in STATED if few[key] != STATED[key]]
    assert not wrong, "\n".join(wrong)
