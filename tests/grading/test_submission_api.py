"""Submissions by the API: handing in, what is read of checks by whom, files."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.models import Submission
from courses.models import Enrolment, Program, StaffRight
from grading.services.runs import run_claim, run_store
from tests.courses.projecting import write_tree
from tests.flows.labs import checked
from tests.grading import labs
from waymark.accounts.models import User
from waymark.accounts.services.tokens import token_create
from waymark.core.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
HAND_IN = "/api/v1/activities/MOD-001/words/submissions/"
LIST = "/api/v1/submissions/"


@pytest.fixture
def program(tmp_path: Path, db: None) -> Program:
    return labs.released(tmp_path / "tree")


@pytest.fixture
def enrolment(program: Program, rung: list[str]) -> Enrolment:
    return labs.enrolled(program)


@pytest.fixture
def learner(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(enrolment.learner)
    return client


def typed(client: Client, *files: tuple[str, str], address: str = HAND_IN) -> Any:
    body = {"files": [{"name": name, "text": text} for name, text in files]}
    return client.post(address, body, content_type="application/json")


def uploaded(client: Client, *files: tuple[str, bytes]) -> Any:
    return client.post(HAND_IN, {"files": [SimpleUploadedFile(name, data) for name, data in files]})


def fault(answer: Any) -> str:
    return str(answer.json()["errors"][0]["code"])


def grade(submission: Submission, *, right: bool = False) -> None:
    claim = run_claim(queue="grading.checks", worker="test")
    assert claim is not None
    assert run_store(claim=claim, score=checked(submission, right=right))


def token(person: User, *scopes: str) -> dict[str, str]:
    _row, secret = token_create(actor=Actor.person(person.pk), name="test", scopes=scopes, days=7)
    return {"Authorization": f"Bearer {secret}"}


# -- handing in ------------------------------------------------------------------
def test_texts_are_handed_in_and_the_same_again_is_the_same(learner: Client) -> None:
    answer = typed(learner, ("words.py", "def count(text): ...\n"), ("lib/more.py", ""))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["state"] == "queued"
    assert made["run"]["ahead"] == 0
    assert (made["number"], made["source"], made["left_out"]) == (1, "text", [])
    assert [(each["name"], each["size"]) for each in made["files"]] == [("lib/more.py", 0), ("words.py", 21)]
    assert (made["result"], made["points"], made["outcome"]) == (None, None, None)
    again = typed(learner, ("lib/more.py", ""), ("words.py", "def count(text): ...\n"))
    assert (again.status_code, again.json()["id"]) == (200, made["id"])
    assert Submission.objects.count() == 1


def test_files_and_archives_are_handed_in_as_a_form(learner: Client) -> None:
    assert uploaded(learner, ("words.py", labs.HALF)).json()["source"] == "files"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("work/words.py", labs.RIGHT)
        archive.writestr("work/__pycache__/words.pyc", b"x")
    made = uploaded(learner, ("work.zip", packed.getvalue())).json()
    assert (made["source"], made["left_out"]) == ("archive", ["work/__pycache__/words.pyc"])
    assert [each["name"] for each in made["files"]] == ["words.py"]


def test_the_program_may_be_named(learner: Client) -> None:
    address = "/api/v1/activities/{}:MOD-001/words/submissions/"
    assert typed(learner, ("a.py", ""), address=address.format("junior")).status_code == 201
    assert typed(learner, ("a.py", ""), address=address.format("other")).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"files": []}, "empty"),
        ({}, "required"),
        ({"files": "words.py"}, "not_a_list"),
        ({"files": [{"name": "a.py"}]}, "required"),
        ({"files": [{"name": "a.py", "text": "", "mode": 7}]}, "field_unknown"),
        ({"files": [{"name": "a.py", "text": ""}], "lab": "x"}, "field_unknown"),
        ({"files": [{"name": "a.py", "text": ""}] * 2}, "name_twice"),
        ({"files": [{"name": "../a.py", "text": ""}]}, "name_leads_out"),
        ({"files": [{"name": " a.py", "text": ""}]}, "bad_name"),
        ({"files": [{"name": "k.pem", "text": "-----BEGIN PRIVATE KEY-----\n"}]}, "secret_found"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(learner: Client, body: dict[str, Any], code: str) -> None:
    answer = learner.post(HAND_IN, body, content_type="application/json")
    assert (answer.status_code, fault(answer)) == (400, code), answer.content
    assert not Submission.objects.exists()


def test_a_form_without_files_or_with_more_than_files_is_refused(learner: Client) -> None:
    assert fault(learner.post(HAND_IN, {})) == "required"
    assert fault(learner.post(HAND_IN, {"files": SimpleUploadedFile("a", b""), "b": "c"})) == "field_unknown"


def test_what_the_state_does_not_allow_is_409(learner: Client, enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state="paused")
    answer = typed(learner, ("words.py", ""))
    assert (answer.status_code, fault(answer)) == (409, "enrolment_paused")


def test_a_quiz_is_no_lab_and_others_are_not_there(learner: Client) -> None:
    assert typed(learner, ("a", ""), address="/api/v1/activities/MOD-001/none/submissions/").status_code == 404


# -- reading -----------------------------------------------------------------------
def test_a_learner_reads_of_hidden_checks_title_points_and_hint(learner: Client, enrolment: Enrolment) -> None:
    submission = labs.hand_in(enrolment).submission
    grade(submission)
    submission.runs.get().check_results.filter(position=2).update(
        message="the empty text failed",
        detail={"cases": [{"id": "secret", "visible": False, "passed": False, "message": "hidden input"}]},
    )
    answer = learner.get(f"{LIST}{submission.uuid}/")
    body = answer.json()
    assert (body["state"], body["outcome"], body["points"], body["out_of"]) == ("finished", "failed", "0", "10")
    shown, hidden = body["result"]["checks"]
    assert (shown["title"], shown["hidden"]) == ("Counts words", False)
    assert shown["message"]
    assert hidden == {
        "title": "Counts any text", "outcome": "failed", "points": "0", "out_of": "4", "hidden": True,
        "hint": "Think of an empty text.", "message": "", "cases": [], "output": "",
    }  # fmt: skip
    assert b"secret" not in answer.content


def test_the_policy_holds_back_what_it_holds_back_on_pages(tmp_path: Path, rung: list[str]) -> None:
    policy = """
        kind: policy
        title: Rules
        components: [{id: labs, title: Labs, activities: lab, weight: 100}]
        default: {attempts: {choose: best, limit: 2}, feedback: {what: explanation, when: attempts_used_up}}
    """
    write_tree(tmp_path / "tree", {"junior/policy.yaml": policy})
    enrolment = labs.enrolled(labs.released(tmp_path / "tree"))
    submission = labs.hand_in(enrolment).submission
    grade(submission)
    client = Client()
    client.force_login(enrolment.learner)
    result = client.get(f"{LIST}{submission.uuid}/").json()["result"]
    assert (result["checks"], result["attempts_left"]) == ([], 1)
    assert result["withheld"]


def test_staff_and_their_tokens_read_what_their_scopes_open(enrolment: Enrolment, program: Program) -> None:
    submission = labs.hand_in(enrolment).submission
    grade(submission)
    submission.runs.get().check_results.filter(position=2).update(message="the empty text failed")
    person = User.objects.create_user("admin@demo.test")
    StaffRight.objects.create(person=person, role="admin", program=program)
    address = f"{LIST}{submission.uuid}/"

    def read(*scopes: str) -> dict[str, Any]:
        answer = Client().get(address, headers=token(person, *scopes))
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    assert read("submissions:read", "grades:read", "curriculum:internal")["result"]["checks"][1]["message"]
    assert not read("submissions:read", "grades:read")["result"]["checks"][1]["message"]
    bare = read("submissions:read")
    assert (bare["state"], bare["outcome"], bare["points"], bare["result"]) == ("finished", None, None, None)
    assert Client().get(address, headers=token(person, "grades:read")).status_code == 403
    learner = Client().get(address, headers=token(enrolment.learner, "me")).json()
    assert not learner["result"]["checks"][1]["message"], "one's own work is seen as a learner"


def test_the_list_holds_the_own_newest_first_and_takes_filters(learner: Client, enrolment: Enrolment) -> None:
    other = labs.enrolled(enrolment.program, "classmate@demo.test")
    first, second = (labs.hand_in(enrolment, data).submission for data in (labs.WRONG, labs.RIGHT))
    labs.hand_in(other, labs.HALF)
    grade(first)

    def listed(**filters: object) -> list[str]:
        return [each["id"] for each in learner.get(LIST, filters).json()["items"]]

    both = [str(second.uuid), str(first.uuid)]
    assert listed() == listed(program="junior") == listed(activity="MOD-001/words") == both
    assert listed(enrolment=enrolment.uuid) == both
    assert listed(enrolment=other.uuid) == listed(program="other") == listed(activity="MOD-001/none") == []
    page = learner.get(LIST, {"page_size": 1}).json()
    assert [each["id"] for each in page["items"]] == both[:1]
    rest = learner.get(LIST, {"page_size": 1, "cursor": page["next"]}).json()["items"]
    assert [(each["id"], each["state"], each["points"]) for each in rest] == [(both[1], "finished", "0")]
    assert fault(learner.get(LIST, {"cursor": page["next"], "program": "junior"})) == "cursor_of_other_filters"
    assert fault(learner.get(LIST, {"enrolment": "mine"})) == "parameter_invalid"


def test_a_file_is_given_as_it_was_handed_in(learner: Client, enrolment: Enrolment) -> None:
    made = typed(learner, ("lib/page.html", "<script>alert(1)</script>")).json()
    address = f"{LIST}{made['id']}/files/"
    for accept in ("*/*", "text/html", "application/octet-stream"):
        answer = learner.get(f"{address}lib/page.html", headers={"Accept": accept})
        assert answer.content == b"<script>alert(1)</script>"
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
        assert "no-store" in answer["Cache-Control"]
    missing = learner.get(f"{address}page.html", headers={"Accept": "application/octet-stream"})
    assert (missing.status_code, fault(missing)) == (404, "not_found")
    other = Client()
    other.force_login(labs.enrolled(enrolment.program, "classmate@demo.test").learner)
    assert json.loads(other.get(f"{address}lib/page.html").content) == missing.json()
