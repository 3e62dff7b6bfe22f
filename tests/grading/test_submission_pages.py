"""Pages of a lab and its submissions: who sees what of checks, and what was typed is never lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from assessments.models import Submission
from assessments.submissions.limits import Intake
from courses.models import Enrolment, Program, StaffRight
from grading.models import GradingRun
from grading.services.giving_back import MOST_REQUEUES, run_give_back
from grading.services.runs import run_claim, run_store
from tests.courses.projecting import write_tree
from tests.flows.labs import checked
from tests.grading import labs
from waymark.accounts.models import User
from waymark.core.blobs import BlobStore

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
LAB = reverse("activity", args=["junior", "MOD-001/words"])
HAND_IN = reverse("hand_in", args=["junior", "MOD-001/words"])


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


@pytest.fixture
def staff(program: Program) -> Client:
    person = User.objects.create_user("admin@demo.test")
    StaffRight.objects.create(person=person, role="admin", program=program)
    client = Client()
    client.force_login(person)
    return client


def graded(submission: Submission, *, right: bool = False) -> Submission:
    claim = run_claim(queue="grading.checks", worker="test")
    assert claim is not None
    assert run_store(claim=claim, score=checked(submission, right=right))
    return submission


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


# -- what is seen of checks --------------------------------------------------------
def test_a_learner_sees_of_a_hidden_check_title_points_and_hint_only(
    enrolment: Enrolment, learner: Client, staff: Client
) -> None:
    submission = graded(labs.hand_in(enrolment).submission)
    results = submission.runs.get().check_results
    results.filter(position=2).update(
        message="2 of 3, the empty text failed",
        detail={"cases": [{"id": "secret case", "visible": False, "passed": False, "message": "hidden input"}],
                "runs": {"learner": {"stdout": "printed by a hidden call", "stderr": ""}}},
    )  # fmt: skip
    results.filter(position=1).update(
        detail={"cases": [{"id": "shown case", "visible": True, "passed": False, "message": "shown input"}],
                "runs": {"learner": {"stdout": "<b>printed</b>\x1b[31m", "stderr": ""}}},
    )  # fmt: skip
    page = text_of(learner.get(submission.get_absolute_url()))
    for shown in ("Counts any text", "Think of an empty text.", "shown case", "shown input", "&lt;b&gt;printed"):
        assert shown in page
    for held_back in ("secret case", "hidden input", "the empty text failed", "printed by a hidden call", "<b>printed"):
        assert held_back not in page
    page = text_of(staff.get(submission.get_absolute_url()))
    for shown in ("secret case", "hidden input", "the empty text failed", "printed by a hidden call"):
        assert shown in page


def test_the_output_of_a_check_with_hidden_cases_is_not_shown(enrolment: Enrolment, learner: Client) -> None:
    submission = graded(labs.hand_in(enrolment).submission)
    case = {"id": "a", "passed": True, "message": ""}
    submission.runs.get().check_results.filter(position=1).update(
        detail={"cases": [{**case, "visible": True}, {**case, "id": "held back", "visible": False}],
                "runs": {"learner": {"stdout": "inputs of hidden calls", "stderr": ""}}},
    )  # fmt: skip
    page = text_of(learner.get(submission.get_absolute_url()))
    assert "inputs of hidden calls" not in page
    assert "held back" not in page


@pytest.mark.parametrize(
    ("feedback", "title", "message"),
    [
        ("{what: explanation, when: hand_in}", True, True),
        ("{what: points, when: hand_in}", True, False),
        ("{what: total, when: hand_in}", False, False),
        ("{what: explanation, when: attempts_used_up}", False, False),
    ],
)
def test_feedback_is_the_policys(tmp_path: Path, rung: list[str], feedback: str, title: bool, message: bool) -> None:
    policy = f"""
        kind: policy
        title: Rules
        components: [{{id: labs, title: Labs, activities: lab, weight: 100}}]
        default: {{attempts: {{choose: best, limit: 2}}, feedback: {feedback}}}
    """
    write_tree(tmp_path / "tree", {"junior/policy.yaml": policy})
    enrolment = labs.enrolled(labs.released(tmp_path / "tree"))
    client = Client()
    client.force_login(enrolment.learner)
    submission = graded(labs.hand_in(enrolment).submission)
    page = text_of(client.get(submission.get_absolute_url()))
    assert ("Counts any text" in page) is title
    assert ("0 of 1 cases passed." in page or "All cases passed." in page) is message


# -- the page of a submission --------------------------------------------------------
def test_while_it_waits_the_page_asks_again_and_says_so_without_scripts(enrolment: Enrolment, learner: Client) -> None:
    submission = labs.hand_in(enrolment).submission
    page = text_of(learner.get(submission.get_absolute_url()))
    assert 'hx-trigger="every 1s"' in page
    assert '<meta http-equiv="refresh"' in page
    graded(submission, right=True)
    fragment = text_of(learner.get(reverse("grading:submission-run", args=[submission.uuid]), {"known": "queued"}))
    assert "hx-trigger" not in fragment
    assert 'hx-swap-oob="innerHTML:#live"' in fragment
    assert "10" in fragment


def test_work_that_could_not_be_checked_is_tried_again_by_staff(
    enrolment: Enrolment, learner: Client, staff: Client
) -> None:
    submission = labs.hand_in(enrolment).submission
    GradingRun.objects.update(requeues=MOST_REQUEUES)
    claim = run_claim(queue="grading.checks", worker="test")
    assert claim is not None
    assert run_give_back(claim=claim, error="SandboxUnavailable")
    page = text_of(learner.get(submission.get_absolute_url()))
    assert "The fault is ours" in page
    retry = reverse("grading:submission-retry", args=[submission.uuid])
    assert retry not in page
    assert learner.post(retry).status_code == 403
    assert retry in text_of(staff.get(submission.get_absolute_url()))
    assert staff.post(retry).status_code == 302
    assert GradingRun.objects.get().state == "queued"


def test_a_file_is_shown_as_text_and_given_as_a_download_only(enrolment: Enrolment, learner: Client) -> None:
    submission = labs.hand_in(enrolment, b"<script>alert(1)</script>\n").submission
    address = reverse("grading:submission-file", args=[submission.uuid, "words.py"])
    page = text_of(learner.get(address))
    assert "&lt;script&gt;alert(1)" in page
    answer = learner.get(f"{address}?download")
    assert answer.content == b"<script>alert(1)</script>\n"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="words.py"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert learner.get(reverse("grading:submission-file", args=[submission.uuid, "other.py"])).status_code == 404


def test_a_file_that_is_no_text_is_said_to_be_none(enrolment: Enrolment, learner: Client) -> None:
    submission = labs.hand_in(enrolment, b"\x00\x01").submission
    page = text_of(learner.get(reverse("grading:submission-file", args=[submission.uuid, "words.py"])))
    assert "This file is no text" in page


def test_changes_are_those_since_the_submission_before_or_a_named_one(enrolment: Enrolment, learner: Client) -> None:
    first = labs.hand_in(enrolment, b"one\ntwo\n").submission
    graded(first)
    graded(labs.hand_in(enrolment, b"one\n2\n").submission)
    third = labs.hand_in(enrolment, b"1\n2\n").submission
    address = reverse("grading:submission-changes", args=[third.uuid])
    page = text_of(learner.get(address))
    assert "Changes since submission 2" in page
    assert "<td>2</td>" in page
    assert "<td>two</td>" not in page
    page = text_of(learner.get(address, {"since": "1"}))
    assert "Changes since submission 1" in page
    assert "<td>two</td>" in page
    for wrong in ("9", "x", "3", "٣"):
        assert learner.get(address, {"since": wrong}).status_code == 404
    assert learner.get(reverse("grading:submission-changes", args=[first.uuid])).status_code == 404


# -- handing in on the page ------------------------------------------------------------
def test_the_page_begins_with_the_starter_and_goes_on_with_the_last_work(enrolment: Enrolment, learner: Client) -> None:
    page = text_of(learner.get(LAB))
    assert f">\n{escape(labs.STARTER)}</textarea>" in page, "as its author wrote it, to the letter"
    assert reverse("starter", args=["junior", "MOD-001/words"]) in page
    answer = learner.post(HAND_IN, {"name": ["words.py"], "text": ["def count(text):\r\n    return {}\r\n"]})
    submission = Submission.objects.get()
    assert answer.headers["Location"] == submission.get_absolute_url()
    assert submission.source == "text"
    page = text_of(learner.get(LAB))
    assert "return {}" in page
    assert "Submission 1" in page


def test_what_was_typed_stays_when_it_is_refused(enrolment: Enrolment, learner: Client) -> None:
    typed = "key = 'AKIA" + "IOSFODNN7QWERTYU'  # mine"
    answer = learner.post(HAND_IN, {"name": ["words.py"], "text": [typed]})
    assert answer.status_code == 400
    page = text_of(answer)
    assert "words.py:1 holds what looks like a key" in page
    assert "# mine" in page
    assert "What you typed is still here." in page
    Enrolment.objects.update(state="paused")
    answer = learner.post(HAND_IN, {"name": ["words.py"], "text": ["def count(text): ..."]})
    assert answer.status_code == 409
    page = text_of(answer)
    assert ">\ndef count(text): ...</textarea>" in page, "also where nothing is taken any more"
    assert "What you typed is still here." in page
    assert not Submission.objects.exists()


def test_a_refused_upload_says_nothing_of_typing(enrolment: Enrolment, learner: Client) -> None:
    answer = learner.post(HAND_IN, {"files": "1", "upload": SimpleUploadedFile("id_rsa", b"x")})
    assert answer.status_code == 400
    assert "What you typed is still here." not in text_of(answer)


def test_a_large_last_hand_in_is_not_read_for_the_page(
    enrolment: Enrolment, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    labs.hand_in(enrolment, b"#" * 50_001)
    monkeypatch.setattr(BlobStore, "read", lambda store, digest: pytest.fail("it was read"))
    page = text_of(learner.get(LAB))
    assert "<textarea" not in page
    assert 'type="file"' in page


def test_an_archive_is_taken_and_what_tools_made_is_named(enrolment: Enrolment, learner: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mine/words.py", labs.RIGHT)
        archive.writestr("mine/__pycache__/words.pyc", b"x")
    upload = SimpleUploadedFile("mine.zip", packed.getvalue())
    page = text_of(learner.post(HAND_IN, {"files": "1", "upload": upload}, follow=True))
    assert "Left out, as tools made them: mine/__pycache__/words.pyc." in page
    submission = Submission.objects.get()
    assert (submission.source, submission.files.get().name) == ("archive", "words.py")


def test_no_file_two_of_a_name_and_too_much_are_refused_on_the_page(
    enrolment: Enrolment, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no file." in text_of(learner.post(HAND_IN, {"files": "1"}))
    two = [SimpleUploadedFile("a.py", b"1"), SimpleUploadedFile("a.py", b"2")]
    assert "a.py is there twice." in text_of(learner.post(HAND_IN, {"files": "1", "upload": two}))
    monkeypatch.setattr("assessments.services.receiving.INTAKE", Intake(upload=10))
    large = SimpleUploadedFile("a.py", bytes(11))
    answer = learner.post(HAND_IN, {"files": "1", "upload": large})
    assert answer.status_code == 400
    assert "larger than 10 bytes together" in text_of(answer)


def test_the_same_work_again_shows_the_earlier_result_and_says_so(enrolment: Enrolment, learner: Client) -> None:
    sent = {"name": ["words.py"], "text": ["def count(text): return 1"]}
    learner.post(HAND_IN, sent)
    page = text_of(learner.post(HAND_IN, sent, follow=True))
    assert "You handed in the same work before" in page
    assert Submission.objects.count() == 1


def test_the_starter_is_a_zip_of_its_files(enrolment: Enrolment, learner: Client) -> None:
    answer = learner.get(reverse("starter", args=["junior", "MOD-001/words"]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["words.py"]
    assert answer["Content-Disposition"] == 'attachment; filename="words-starter.zip"'
    assert learner.get(reverse("starter", args=["junior", "MOD-001/unchecked"])).status_code == 404


def test_a_lab_that_nothing_checks_is_ticked_off_as_before(enrolment: Enrolment, learner: Client) -> None:
    page = text_of(learner.get(reverse("activity", args=["junior", "MOD-001/unchecked"])))
    assert "Nothing checks this lab yet" in page
    assert "Hand in" not in page
