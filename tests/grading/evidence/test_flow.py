"""Evidence on its way: the lab page gives the marker, a hand-in is checked for it; gate and command know theirs."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from assessments.curriculum.bodies import LabBody
from assessments.markers import marker_of
from assessments.models import Submission
from assessments.services.submitting import submission_create
from assessments.submissions.intake import Work
from courses.models import Enrolment
from grading.checks.gate import ANOTHER, TRIAL, lab_gate
from grading.checks.lab import checks_from
from grading.graders import lab as grader
from grading.management.commands import checks as command
from tests.grading import labs
from waymark.core.actors import Actor

SPEC: dict[str, Any] = {
    "file": "it.json",
    "format": "json",
    "marker": {"path": "marker", "how": "Label it `waymark={{marker}}`."},
    "fresh": {"path": "at", "days": 2},
    "assertions": [{"path": "size", "below": 10, "message": "It is small."}],
}
CHECK = {"title": "It is there", "type": "evidence", "points": 4, "hidden": True, "spec": SPEC}
MODULE = f"""
    kind: module
    id: MOD-001
    title: Clouds
    summary: Far away.
    hours: 10
    labs:
      - id: words
        title: Far away
        points: 4
        starter: [{{path: it.json, content: "{{}}"}}]
        checks: [{json.dumps({"id": "there", **CHECK})}]
"""


class StandIn:
    name, level, image = "stand-in", "none", "sha256:1"


@pytest.fixture
def people(tmp_path: Path, db: None, rung: list[str], settings: Any) -> list[Enrolment]:
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    program = labs.released(tmp_path / "tree", MODULE)
    return [labs.enrolled(program, f"{name}@demo.test") for name in ("one", "two")]


def marker(enrolment: Enrolment) -> str:
    return marker_of(enrolment.uuid, labs.lab(enrolment.program).pk)


def handed_in(enrolment: Enrolment, of: str, at: str = "2026-03-10T11:00:00Z") -> Submission:
    data = json.dumps({"marker": of, "at": at, "size": 3}).encode()
    return submission_create(
        actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=labs.lab(enrolment.program),
        work=Work({"it.json": data}), source=Submission.Source.FILES, now=datetime(2026, 3, 10, 12, tzinfo=UTC),
    ).submission  # fmt: skip


def test_the_same_file_of_two_learners_counts_for_whose_marker_it_bears(
    people: list[Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grader, "chosen", StandIn)
    one, two = people
    assert grader.grade_submission(handed_in(one, marker(one)).pk).share == 1
    copied = grader.grade_submission(handed_in(two, marker(one)).pk)
    assert (copied.share, copied.checks[0].outcome) == (0, "rejected")
    assert copied.checks[0].message.startswith("This is not your evidence")
    old = grader.grade_submission(handed_in(two, marker(two), at="2026-03-07T11:00:00Z").pk)
    assert "more than 2 days before your hand-in (2026-03-10 12:00 UTC)" in old.checks[0].message


def test_the_lab_page_shows_each_learner_their_marker_and_where_it_goes(people: list[Enrolment]) -> None:
    pages = []
    for enrolment in people:
        client = Client()
        client.force_login(enrolment.learner)
        pages.append(client.get(reverse("activity", args=["junior", "MOD-001/words"])).content.decode())
    for enrolment, page in zip(people, pages, strict=True):
        assert f"<code>waymark={marker(enrolment)}</code>" in page, "of a hidden check as well"
        assert "below" not in page
        assert "{{marker}}" not in page
    assert marker(people[0]) not in pages[1]


def lab(text: str) -> LabBody:
    """A reference, and the same with another's marker."""
    copied = text.replace("{{marker}}", "{{another}}")
    return LabBody.model_validate(
        {
            "title": "Lab",
            "trials": [
                {"id": "reference", "files": [{"path": "it.json", "content": text}]},
                {"id": "copied", "points": 0, "files": [{"path": "it.json", "content": copied}]},
            ],
        }
    )


def test_the_gate_tries_a_lab_with_the_marker_of_a_trial_at_the_time_of_one() -> None:
    backend: Any = StandIn()
    body = lab('{"marker": "{{marker}}", "at": "2026-01-14T12:00:00Z", "size": 9}')
    tried = lab_gate(backend, body, checks_from([("lab/there", CHECK)]))
    assert [(each.name, each.problem) for each in tried] == [("reference", ""), ("copied", "")]
    assert TRIAL.marker != ANOTHER
    stale = lab('{"marker": "{{marker}}", "at": "2026-01-12T12:00:00Z", "size": 9}')
    assert lab_gate(backend, stale, checks_from([("lab/there", CHECK)]))[0].points == (0, 0, 0)


def test_other_labs_keep_what_their_files_say() -> None:
    structure = {"file": "it.json", "format": "json"}
    assertion = {"path": "marker", "equals": "{{marker}}", "message": "x"}
    check = CHECK | {"type": "structure", "spec": structure | {"assertions": [assertion]}}
    backend: Any = StandIn()
    [reference, _] = lab_gate(backend, lab('{"marker": "{{marker}}"}'), checks_from([("lab/there", check)]))
    assert reference.problem == ""


def test_the_command_takes_a_marker_and_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "chosen", lambda name: StandIn())
    (tmp_path / "checks.yaml").write_text(json.dumps([{"id": "there", **CHECK}]))
    (tmp_path / "it.json").write_text('{"marker": "wm-abcdefghijklmnop", "at": "2026-03-10T11:00:00Z", "size": 9}')

    def run(*more: str) -> tuple[str, str]:
        out = StringIO()
        with suppress(SystemExit):
            call_command("checks", "run", str(tmp_path), str(tmp_path / "it.json"), *more, format="json", stdout=out)
        report = json.loads(out.getvalue())
        return report["outcome"], report["checks"][0]["message"]

    own = ("--marker", "wm-abcdefghijklmnop")
    assert run(*own, "--at", "2026-03-10T12:00:00")[0] == "passed"
    assert run(*own, "--at", "2026-03-10T13:00:00+02:00") == ("passed", "All 1 cases passed.")
    assert run(*own, "--at", "2026-03-13T12:00:00Z")[0] == "failed"
    assert run("--at", "2026-03-10T12:00:00") == (
        "rejected",
        "This is not your evidence: marker has the marker wm-abcdefghijklmnop, and yours for this lab is"
        f" {TRIAL.marker}.",
    )
