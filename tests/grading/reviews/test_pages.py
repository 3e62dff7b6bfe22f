"""Pages of reviews: the queue, the form without scripts, conflicts, what learners and colleagues see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Review, Submission
from assessments.selectors.reviews import marks_of
from courses.models import Cohort, Enrolment, Program, StaffRight
from grading.models import Grade, GradingRun
from grading.selectors.review_page import LARGEST, MOST_FILES, files_shown
from grading.selectors.review_queue import QueueFilters, queue_size, waiting_for
from grading.services.giving_back import MOST_REQUEUES, run_give_back
from grading.services.review_drafts import review_begin, review_save
from grading.services.review_next import review_next
from grading.services.review_release import review_correct
from grading.services.runs import run_claim
from tests.grading import labs, projects
from tests.grading.projects import hand_in, reviewed, sent
from waymark.accounts.models import User
from waymark.core.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
QUEUE = reverse("review_queue")


@pytest.fixture
def draft(submission: Submission, person: User) -> Review:
    return review_begin(actor=Actor.person(person.pk), submission=submission)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def form(review: Review, **changes: str) -> dict[str, Any]:
    """What the form of a review sends: criteria as they are, but for *changes* by name and place."""
    keys = list(review.marks.order_by("position").values_list("criterion_id", flat=True))
    data: dict[str, Any] = {"do": "save", "version": str(review.version), "criterion": [str(key) for key in keys]}
    for name, value in changes.items():
        what, _, place = name.partition("_")
        data[f"{what}-{keys[int(place) - 1]}" if place else what] = value
    return data


# -- handing in on the page -----------------------------------------------------------
def test_a_learner_reads_the_rubric_hands_in_and_takes_back(program: Program, enrolment: Enrolment) -> None:
    client = client_of(enrolment.learner)
    page = text_of(client.get(reverse("activity", args=["junior", "PROJ-01"])))
    for words in ("It works", "As a stranger would try it.", "Starts by one command", "Mostly", "60 points", "bonus"):
        assert words in page
    upload = SimpleUploadedFile("main.py", b"print(1)\n")
    answer = client.post(reverse("hand_in", args=["junior", "PROJ-01"]), {"files": "1", "upload": [upload]})
    submission = Submission.objects.get()
    assert answer.headers["Location"] == submission.get_absolute_url()
    page = text_of(client.get(submission.get_absolute_url()))
    assert "Your work is kept until somebody of the staff has looked at it." in page
    blocked = text_of(client.get(reverse("activity", args=["junior", "PROJ-01"])))
    assert "An earlier submission still waits for its review." in blocked
    client.post(reverse("grading:submission-cancel", args=[submission.uuid]))
    assert GradingRun.objects.get().state == "cancelled"
    assert 'name="upload"' in text_of(client.get(reverse("activity", args=["junior", "PROJ-01"])))


def test_a_refusal_names_the_project(program: Program, enrolment: Enrolment) -> None:
    Enrolment.objects.update(state="paused")
    answer = client_of(enrolment.learner).post(
        reverse("hand_in", args=["junior", "PROJ-01"]), {"files": "1", "upload": [SimpleUploadedFile("a", b"b")]}
    )
    assert answer.status_code == 409
    assert not Submission.objects.exists()


# -- the queue ------------------------------------------------------------------------
def test_the_queue_is_filtered_and_names_who_has_begun(
    draft: Review, program: Program, person: User, tmp_path: Path
) -> None:
    cohort = Cohort.objects.create(program=program, slug="one", title="Cohort one")
    other = labs.enrolled(program, "other@demo.test")
    Enrolment.objects.filter(pk=other.pk).update(cohort=cohort)
    hand_in(other, b"other")
    colleague = projects.reviewer(program, "admin@demo.test")
    page = text_of(client_of(colleague).get(QUEUE))
    assert "2 wait" in page
    assert f"{person.display_name} reviews it" in page
    for query, count in [
        ({}, 2), ({"program": "junior"}, 2), ({"program": "north"}, 0), ({"cohort": str(cohort.pk)}, 1),
        ({"cohort": "x"}, 0), ({"cohort": "9" * 30}, 0), ({"activity": "PROJ-01"}, 2), ({"activity": "PROJ-02"}, 0),
        ({"free": "yes"}, 1),
    ]:  # fmt: skip
        assert queue_size(waiting_for(Actor.person(colleague.pk), QueueFilters(**query))).count == count, query
        assert client_of(colleague).get(QUEUE, query).status_code == 200
    assert "Begun by you" in text_of(client_of(person).get(QUEUE))


def test_only_what_one_is_staff_of_is_in_the_queue(draft: Review, program: Program) -> None:
    cohort = Cohort.objects.create(program=program, slug="one", title="Cohort one")
    person = User.objects.create_user("elsewhere@demo.test")
    StaffRight.objects.create(person=person, role="instructor", cohort=cohort)
    assert "Nothing waits for a review" in text_of(client_of(person).get(QUEUE))
    assert client_of(person).get(draft.get_absolute_url()).status_code == 404


def test_next_gives_the_oldest_that_nobody_has_and_never_ones_own(program: Program, person: User) -> None:
    for number in range(3):
        hand_in(labs.enrolled(program, f"learner{number}@demo.test"), f"print({number})".encode())
    own = Enrolment.objects.create(learner=person, program=program, state="active", started_at=timezone.now())
    hand_in(own)
    actor, other = Actor.person(person.pk), Actor.person(projects.reviewer(program, "admin@demo.test").pk)
    got = [review_next(actor=actor), review_next(actor=other), review_next(actor=actor)]
    assert [each and each.submission_id for each in got] == sorted(each.submission_id for each in got if each)
    assert review_next(actor=actor) is None
    last = review_next(actor=other)
    assert last is not None
    assert last.submission.enrolment.learner == person
    answer = client_of(person).post(reverse("review_next"), {"activity": "PROJ-01"}, follow=True)
    assert "Nothing is left that nobody has begun." in text_of(answer)
    assert answer.redirect_chain[0][0] == f"{QUEUE}?activity=PROJ-01"


def test_labs_that_people_check_are_in_the_queue_and_lead_to_their_page(tmp_path: Path, rung: list[str]) -> None:
    check = "          - {id: runbook, title: Runbook, type: checklist, points: 6, spec: {items: [When]}}\n"
    head, rest = labs.MODULE.split("        checks:\n", 1)
    module = head + "        checks:\n" + check + rest[rest.index("      - id: unchecked") :]
    program = labs.released(tmp_path / "labs", module)
    submission = labs.hand_in(labs.enrolled(program)).submission
    person = projects.reviewer(program)
    page = text_of(client_of(person).get(QUEUE))
    assert submission.get_absolute_url() in page
    assert review_next(actor=Actor.person(person.pk)) is None


# -- the form -------------------------------------------------------------------------
def test_the_form_saves_levels_and_typed_points_without_scripts(draft: Review, person: User) -> None:
    client = client_of(person)
    data = form(draft, level_1="40", points_1="3", comment_1="Good", level_2="own", points_2="12,5", comment="Whole")
    assert client.post(draft.get_absolute_url(), data).status_code == 302
    assert [(str(each.points), each.level, each.comment) for each in marks_of(draft)[:2]] == [
        ("40", 1, "Good"), ("25/2", None, ""),
    ]  # fmt: skip
    page = text_of(client.get(draft.get_absolute_url()))
    assert 'value="40" data-number="2" checked' in page
    assert "52.5" in page
    assert "Every criterion has points" in page


def test_a_release_is_read_by_its_learner_with_levels_and_comments(
    draft: Review, person: User, enrolment: Enrolment
) -> None:
    data = form(draft, do="release", level_1="60", comment_1="Well <b>done</b>", points_2="30", comment="On the whole")
    answer = client_of(person).post(draft.get_absolute_url(), data, follow=True)
    assert "The review is released" in text_of(answer)
    assert float(Grade.objects.get().points or 0) == 45
    page = text_of(client_of(enrolment.learner).get(draft.submission.get_absolute_url()))
    for words in ("Well &lt;b&gt;done&lt;/b&gt;", "Always", "30 of 40", "On the whole", "nothing of 10", "45"):
        assert words in page
    listed = text_of(client_of(enrolment.learner).get(reverse("activity", args=["junior", "PROJ-01"])))
    assert "Reviewed" in listed


@pytest.mark.parametrize(
    ("feedback", "points", "comment"),
    [("{what: explanation}", True, True), ("{what: points}", True, False), ("{what: total}", False, False)],
)
def test_what_of_a_review_is_shown_is_the_policys(
    tmp_path: Path, rung: list[str], feedback: str, points: bool, comment: bool
) -> None:
    policy = f"""
        kind: policy
        title: Rules
        components: [{{id: projects, title: Projects, activities: project, weight: 100}}]
        default: {{feedback: {feedback}}}
    """
    program = projects.released(tmp_path / "policy", **{"junior/policy.yaml": policy})
    enrolment, person = labs.enrolled(program), projects.reviewer(program)
    review = review_begin(actor=Actor.person(person.pk), submission=hand_in(enrolment).submission)
    data = form(review, do="release", level_1="60", comment_1="A comment", points_2="30", comment="On the whole")
    client_of(person).post(review.get_absolute_url(), data)
    page = text_of(client_of(enrolment.learner).get(review.submission.get_absolute_url()))
    assert "45" in page
    assert ("30 of 40" in page) is points
    assert (("A comment" in page) and ("On the whole" in page)) is comment
    assert "A comment" in text_of(client_of(person).get(review.submission.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"do": "release", "level_1": "40"}, 409, "1 criterion is open: Tests"),
        ({"level_1": "own", "points_1": "many"}, 400, "many is no number of points."),
        ({"level_1": "own", "points_1": "61"}, 400, "It works gives 0 to 60 points"),
        ({"version": "x"}, 400, "The form names no version."),
    ],
)
def test_what_is_not_taken_stays_on_the_page(
    draft: Review, person: User, changes: dict[str, str], status: int, words: str
) -> None:
    data = form(draft, **{"comment_2": "Typed & kept", "comment": "This too", **changes})
    answer = client_of(person).post(draft.get_absolute_url(), data)
    page = text_of(answer)
    assert answer.status_code == status
    for each in (words, "Typed &amp; kept", "This too"):
        assert each in page
    assert not draft.marks.exclude(comment="").exists()


@pytest.mark.parametrize("data", [{"do": "delete"}, {"do": "save", "version": "1", "criterion": "x"}])
def test_strange_forms_are_refused(draft: Review, person: User, data: dict[str, str]) -> None:
    assert client_of(person).post(draft.get_absolute_url(), data).status_code == 400


def test_a_conflict_shows_both_and_the_next_save_goes_over_it(draft: Review, person: User) -> None:
    client = client_of(person)
    stale = form(draft, level_1="60", comment_1="Mine", comment="My whole")
    review_save(actor=Actor.person(person.pk), review=draft, sent=sent(1, "Their whole", works="40"))
    answer = client.post(draft.get_absolute_url(), stale)
    page = text_of(answer)
    assert answer.status_code == 409
    for words in ("saved elsewhere", "Mine", "My whole", "Saved meanwhile:", "40 of 60", "Their whole"):
        assert words in page
    assert 'name="version" value="2"' in page
    assert client.post(draft.get_absolute_url(), {**stale, "version": "2"}).status_code == 302
    assert (str(draft.marks.get(position=1).points), draft.marks.get(position=1).comment) == ("60.0000", "Mine")


def test_a_fault_beside_a_stale_version_does_not_hide_the_conflict(draft: Review, person: User) -> None:
    review_save(actor=Actor.person(person.pk), review=draft, sent=sent(1, works="40"))
    answer = client_of(person).post(draft.get_absolute_url(), form(draft, version="1", level_1="own", points_1="61"))
    assert 'name="version" value="1"' in text_of(answer)


def test_what_was_typed_stays_when_another_tab_has_released(draft: Review, person: User) -> None:
    client = client_of(person)
    client.post(draft.get_absolute_url(), form(draft, do="release", level_1="40", points_2="30"))
    answer = client.post(draft.get_absolute_url(), form(draft, level_1="60", comment_2="Typed in the other tab"))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Typed in the other tab" in page
    assert "Save draft" not in page


def test_next_stays_within_the_filters_and_a_double_click_begins_no_second_one(program: Program, person: User) -> None:
    cohort = Cohort.objects.create(program=program, slug="one", title="Cohort one")
    for number in range(4):
        enrolment = labs.enrolled(program, f"learner{number}@demo.test")
        if number % 2:
            Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
        hand_in(enrolment, f"print({number})".encode())
    client, query = client_of(person), f"?cohort={cohort.pk}"
    address = client.post(reverse("review_next"), {"cohort": str(cohort.pk)}).headers["Location"]
    review = Review.objects.get()
    assert address == review.get_absolute_url() + query
    whole = form(review, do="next", level_1="40", points_2="30")
    following = client.post(address, whole).headers["Location"]
    second = Review.objects.exclude(pk=review.pk).get()
    assert following == second.get_absolute_url() + query
    assert second.submission.enrolment.cohort == cohort
    assert client.post(address, whole).headers["Location"] == QUEUE + query
    assert Review.objects.count() == 2
    assert client.post(following, {"do": "drop"}).headers["Location"] == QUEUE + query
    assert Review.objects.count() == 1


def test_a_script_gets_what_it_needs(draft: Review, person: User) -> None:
    client, headers = client_of(person), {"Accept": "application/json"}
    answer = client.post(draft.get_absolute_url(), form(draft, level_1="40"), headers=headers)
    body = answer.json()
    assert (sorted(body), body["version"]) == (["saved_at", "version"], 2)
    answer = client.post(draft.get_absolute_url(), form(draft, level_1="60", version="1"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "review_conflict")


def test_a_colleague_sees_that_it_is_begun_and_not_what_is_in_it(draft: Review, program: Program, person: User) -> None:
    review_save(actor=Actor.person(person.pk), review=draft, sent=sent(1, "A secret draft", works="40"))
    colleague = client_of(projects.reviewer(program, "admin@demo.test"))
    page = text_of(colleague.get(draft.get_absolute_url()))
    assert f"{person.display_name} reviews this work" in page
    assert "A secret draft" not in page
    assert "40 of 60" not in page
    assert colleague.post(draft.get_absolute_url(), {"do": "take_over"}).status_code == 302
    assert "A secret draft" in text_of(colleague.get(draft.get_absolute_url()))


def test_a_learner_sees_nothing_of_a_draft(draft: Review, enrolment: Enrolment, person: User) -> None:
    review_save(actor=Actor.person(person.pk), review=draft, sent=sent(1, "A secret draft", works="40"))
    client = client_of(enrolment.learner)
    page = text_of(client.get(draft.submission.get_absolute_url()))
    assert "A reviewer has begun." in page
    assert "A secret draft" not in page
    assert "Take it back" not in page
    assert client.get(draft.get_absolute_url()).status_code == 403


def test_a_correction_on_the_pages(draft: Review, person: User, enrolment: Enrolment) -> None:
    client = client_of(person)
    client.post(draft.get_absolute_url(), form(draft, do="release", level_1="40", points_2="30"))
    assert "Correct this review" in text_of(client.get(draft.get_absolute_url()))
    correct = reverse("review_correct", args=[draft.submission.uuid])
    answer = client.post(correct, {"for_learner": " ", "for_staff": "Typed for staff"})
    assert answer.status_code == 400
    assert "Typed for staff" in text_of(answer)
    correction = Review.objects.get(uuid=client.post(correct, {"for_learner": "A test"}).headers["Location"][-37:-1])
    assert "Correct this review" not in text_of(client.get(draft.get_absolute_url()))
    answer = client.post(correct, {"for_learner": "Another reason"})
    assert answer.status_code == 409
    assert "A correction is under way already" in text_of(answer)
    answer = client.post(correction.get_absolute_url(), {"do": "drop"})
    assert answer.headers["Location"] == draft.submission.get_absolute_url()
    correction = review_correct(
        actor=Actor.person(person.pk), submission=draft.submission, for_learner="A test was overlooked."
    )
    client.post(correction.get_absolute_url(), form(correction, do="next", level_1="60", points_2="30"))
    page = text_of(client_of(enrolment.learner).get(draft.submission.get_absolute_url()))
    assert "A test was overlooked." in page
    assert float(Grade.objects.get().points or 0) == 45


# -- the API --------------------------------------------------------------------------
def test_a_project_is_handed_in_and_its_review_read_by_the_api(
    program: Program, enrolment: Enrolment, person: User
) -> None:
    learner = client_of(enrolment.learner)
    body = {"files": [{"name": "main.py", "text": "print(1)"}]}
    address = "/api/v1/activities/PROJ-01/submissions/"
    made = learner.post(address, body, content_type="application/json")
    assert (made.status_code, made.json()["state"], made.json()["result"]) == (201, "queued", None)
    other = {"files": [{"name": "main.py", "text": "print(2)"}]}
    refused = learner.post(address, other, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "review_waits")
    review = review_begin(actor=Actor.person(person.pk), submission=Submission.objects.get())
    data = form(review, do="release", level_1="40", comment_1="Good", points_2="30", comment="On the whole")
    client_of(person).post(review.get_absolute_url(), data)
    found = learner.get(f"/api/v1/submissions/{made.json()['id']}/").json()
    assert (found["state"], found["outcome"], found["points"], found["out_of"]) == ("finished", None, "35", "50")
    shown = found["result"]["review"]
    assert (shown["reviewer"], shown["comment"], shown["reason"]) == (person.display_name, "On the whole", "")
    assert shown["criteria"][0] == {
        "title": "It works", "points": "40", "out_of": "60", "bonus": False, "level": "Mostly", "comment": "Good",
    }  # fmt: skip
    assert [each["points"] for each in shown["criteria"]] == ["40", "30", None]


# -- the work -------------------------------------------------------------------------
def test_files_are_shown_within_limits_and_marked_where_they_changed(
    enrolment: Enrolment, person: User, submission: Submission
) -> None:
    reviewed(person, submission, works="0", tests="0")
    second = hand_in(enrolment, b"import os\nprint('served')\n").submission
    main, readme = sorted(files_shown(second, submission), key=lambda each: each.name == "README.md")
    assert ([line.added for line in main.lines or ()], main.added, main.removed) == ([True, False], 1, 0)
    assert (readme.prose.startswith("# A service"), readme.added) == (True, 0)
    assert files_shown(submission, None)[1].new is False


def test_what_is_no_text_or_too_much_is_a_link(enrolment: Enrolment, person: User, program: Program) -> None:
    client = client_of(enrolment.learner)
    uploads = [SimpleUploadedFile(f"{number:02}.txt", b"x\n") for number in range(MOST_FILES)]
    uploads += [SimpleUploadedFile("a.bin", b"\0"), SimpleUploadedFile("0.txt", b"x" * (LARGEST + 1))]
    client.post(reverse("hand_in", args=["junior", "PROJ-01"]), {"files": "1", "upload": uploads})
    submission = Submission.objects.get()
    shown = files_shown(submission, None)
    assert [each.name for each in shown if each.lines is None] == ["0.txt", "29.txt", "a.bin"]
    review = review_begin(actor=Actor.person(person.pk), submission=submission)
    page = text_of(client_of(person).get(review.get_absolute_url()))
    assert reverse("grading:submission-file", args=[submission.uuid, "a.bin"]) in page


# -- beside ---------------------------------------------------------------------------
def test_work_that_is_stuck_is_listed_whether_it_is_an_attempt_or_a_submission(tmp_path: Path, rung: list[str]) -> None:
    program = labs.released(tmp_path / "labs")
    submission = labs.hand_in(labs.enrolled(program)).submission
    GradingRun.objects.update(requeues=MOST_REQUEUES)
    claim = run_claim(queue="grading.checks", worker="test")
    assert claim is not None
    run_give_back(claim=claim, error="KeyError")
    client = client_of(projects.reviewer(program))
    page = text_of(client.get(reverse("stuck")))
    assert submission.get_absolute_url() in page
    client.post(reverse("grading:submission-retry", args=[submission.uuid]), {"back": "list"})
    assert GradingRun.objects.get().state == "queued"
