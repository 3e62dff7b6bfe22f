"""Commits that are handed in: fetched from a server of this test by a worker, then taken like any archive."""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Fetch, Submission
from assessments.services import fetching
from assessments.services.fetching import (
    MOST_AN_HOUR,
    MOST_TRIES,
    QUEUE,
    fetch_ask,
    fetch_claim,
    fetch_do,
    fetches_requeue_expired,
    fetches_ring,
)
from assessments.submissions import repositories
from assessments.tasks import fetches_do, fetches_sweep
from courses.models import Cohort, Enrolment, Program
from grading.models import GradingRun
from tests.conftest import need
from tests.git_server import Handler, run, serving
from tests.grading import labs
from tests.workers import Worker, wait_for
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden
from waymark.core.ring import ring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
LAB = reverse("activity", args=["junior", "MOD-001/words"])
HAND_IN = reverse("hand_in", args=["junior", "MOD-001/words"])
API = "/api/v1/activities/MOD-001/words/submissions/"
ZERO = "0" * 40


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[type[Handler]]:
    need(shutil.which("git") is not None, "git", "apt-get install git")
    settings.OUTGOING_ALLOW = [ipaddress.ip_network("127.0.0.0/8")]
    with serving(tmp_path / "served") as handler:
        yield handler


@pytest.fixture
def place(server: type[Handler]) -> Path:
    place = server.root / "a.git"
    place.mkdir()
    run(place, "init", "--quiet")
    return place


def commit(place: Path, files: dict[str, bytes] | None = None) -> str:
    for name, data in (files or {}).items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(data)
    run(place, "add", ".")
    run(place, "commit", "--quiet", "--allow-empty", "-m", "work")
    return run(place, "rev-parse", "HEAD").strip()


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


def ask(enrolment: Enrolment, repository: str, hash: str = ZERO, **more: Any) -> Fetch:
    return fetch_ask(
        actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=labs.lab(enrolment.program),
        repository=repository, commit=hash, **more,
    )  # fmt: skip


def ended(fetch: Fetch) -> Fetch:
    assert fetch_do(worker="test")
    fetch.refresh_from_db()
    return fetch


# -- from a commit to a submission ----------------------------------------------------
def test_a_commit_is_handed_in_at_the_instant_it_was_asked_for(
    enrolment: Enrolment, server: type[Handler], place: Path, rung: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    first = commit(place, {"words.py": labs.RIGHT})
    commit(place, {"words.py": labs.WRONG})
    address = f"{server.address}/a.git"
    asked_at = timezone.now() - timedelta(minutes=5)
    with django_capture_on_commit_callbacks(execute=True):
        fetch = ask(enrolment, f" {address} ", first.upper(), now=asked_at)
    assert (fetch.state, rung, server.asked) == ("waiting", ["fetches"], []), "asking sends nothing to the repository"
    with django_capture_on_commit_callbacks(execute=True):
        assert fetches_do()
    fetch.refresh_from_db()
    submission = Submission.objects.get()
    assert (fetch.state, fetch.submission, fetch.created, fetch.lease_until) == ("handed_in", submission, True, None)
    assert (submission.source, submission.repository, submission.commit) == ("git", address, first)
    assert submission.handed_in_at == asked_at
    assert {each.name: each.blob.size for each in submission.files.all()} == {"words.py": len(labs.RIGHT)}
    assert GradingRun.objects.get().submission == submission
    assert rung == ["fetches", "grading.checks"]
    assert not fetches_do(), "nothing is left"


def test_the_same_work_again_is_the_submission_it_was(enrolment: Enrolment, server: type[Handler], place: Path) -> None:
    known = labs.hand_in(enrolment, labs.RIGHT).submission
    fetch = ended(ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT})))
    assert (fetch.state, fetch.submission, fetch.created) == ("handed_in", known, False)
    assert Submission.objects.count() == 1


def test_the_folder_that_was_packed_and_what_tools_make_are_taken_off_as_of_any_archive(
    enrolment: Enrolment, server: type[Handler], place: Path
) -> None:
    (place / "work").mkdir()
    hash = commit(place, {"work/words.py": labs.RIGHT, "work/__pycache__/words.pyc": b"x"})
    fetch = ended(ask(enrolment, f"{server.address}/a.git", hash))
    assert fetch.submission is not None
    assert fetch.left_out == ["work/__pycache__/words.pyc"]
    assert [each.name for each in fetch.submission.files.all()] == ["words.py"]


def test_nothing_of_the_repository_runs_and_files_come_as_committed(
    enrolment: Enrolment, server: type[Handler], place: Path, tmp_path: Path
) -> None:
    for name in ("post-checkout", "pre-commit", "reference-transaction"):
        hook = place / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (place / ".gitattributes").write_text("*.py text eol=crlf ident filter=evil export-subst\n")
    data = b"# $Id$ $Format:%H$\n" + labs.RIGHT
    fetch = ended(ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": data})))
    assert fetch.submission is not None
    assert fetch.submission.files.get(name="words.py").blob.size == len(data)
    assert not (tmp_path / "ran").exists()


# -- what is refused --------------------------------------------------------------------
def made(place: Path, what: str) -> str:
    """A commit that has *what* in it."""
    if what == "secret":
        return commit(place, {"key": b"a\n-----BEGIN RSA PRIVATE KEY-----\n"})
    if what == "link":
        (place / "out").symlink_to("/etc/passwd")
    elif what == "lfs":
        return commit(place, {"data": b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n"})
    elif what == "submodule":
        inner = place.parent / "b.git"
        inner.mkdir()
        run(inner, "init", "--quiet")
        commit(inner, {"a": b"a"})
        run(place, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "lib")
    elif what == "large":
        return commit(place, {"words.py": b"#" * (5 * 1024 * 1024 + 1)})
    elif what == "many":
        for number in range(501):
            (place / f"{number}.txt").write_text("")
    elif what == "tag":
        commit(place, {"words.py": labs.RIGHT})
        run(place, "tag", "-a", "v1", "-m", "one")
        return run(place, "rev-parse", "v1").strip()
    elif what == "tree":
        return run(place, "rev-parse", f"{commit(place, {'words.py': labs.RIGHT})}^{{tree}}").strip()
    return commit(place)


@pytest.mark.parametrize(
    ("what", "code", "where"),
    [
        ("secret", "secret_found", "key:2"),
        ("link", "not_a_file", "out"),
        ("lfs", "in_lfs", "data"),
        ("submodule", "submodule", "lib"),
        ("large", "file_too_large", "words.py"),
        ("many", "too_many_files", ""),
        ("tag", "no_commit", "commit"),
        ("tree", "no_commit", "commit"),
        ("nothing", "nothing_given", ""),
    ],
)
def test_what_may_not_be_kept_says_why_and_uses_no_attempt(
    what: str, code: str, where: str, enrolment: Enrolment, server: type[Handler], place: Path
) -> None:
    fetch = ended(ask(enrolment, f"{server.address}/a.git", made(place, what)))
    assert (fetch.state, fetch.problem, fetch.problem_where) == ("failed", code, where)
    assert fetch.problem_text
    assert fetch.problem_hint
    assert not Submission.objects.exists()
    assert not GradingRun.objects.exists()


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("a.git", "no_revision", "Push it"),
        ("none.git", "no_repository", "git fetch"),
        ("closed/a.git", "password_needed", "readable for everybody"),
        ("moved/a.git", "redirect", "Name the address that it sends to."),
        ("slow/a.git", "too_slow", "Try again"),
    ],
)
def test_what_cannot_be_fetched_says_what_next(
    path: str, code: str, says: str, enrolment: Enrolment, server: type[Handler], place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    commit(place, {"words.py": labs.RIGHT})
    if code == "too_slow":
        monkeypatch.setattr(repositories, "SECONDS", 0.3)
    fetch = ended(ask(enrolment, f"{server.address}/{path}"))
    assert (fetch.state, fetch.problem) == ("failed", code)
    assert says in fetch.problem_hint
    assert not Submission.objects.exists()


def test_a_commit_that_is_larger_than_may_be_handed_in_is_left(
    enrolment: Enrolment, server: type[Handler], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repositories, "MOST", 1000)
    fetch = ended(ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT})))
    assert (fetch.problem, fetch.problem_text) == ("too_large", "The commit is larger than 20 MiB, packed.")


def test_addresses_inside_are_not_asked(
    enrolment: Enrolment, server: type[Handler], place: Path, settings: Any
) -> None:
    settings.OUTGOING_ALLOW = []
    fetch = ended(ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT})))
    assert (fetch.problem, server.asked) == ("not_public", [])


@pytest.mark.parametrize(
    ("repository", "hash", "code"),
    [
        ("https://user:secret@git.example.test/a.git", ZERO, "credentials"),
        ("https://token@git.example.test/a.git", ZERO, "credentials"),
        ("https://git.example.test/a.git?private_token=x", ZERO, "credentials"),
        ("https://git.example.test/a.git#main", ZERO, "no_address"),
        ("git@git.example.test:a.git", ZERO, "no_address"),
        ("ssh://git.example.test/a.git", ZERO, "no_address"),
        ("file:///etc", ZERO, "no_address"),
        ("ext::sh -c touch% /tmp/x", ZERO, "no_address"),
        ("/srv/a.git", ZERO, "no_address"),
        ("https://", ZERO, "no_address"),
        ("https://[::1/a.git", ZERO, "no_address"),
        ("https://git.example.test/" + "a" * 400, ZERO, "no_address"),
        ("", ZERO, "no_address"),
        ("https://git.example.test/a.git", "main", "no_commit"),
        ("https://git.example.test/a.git", "a" * 39, "no_commit"),
        ("https://git.example.test/a.git", "--upload-pack=touch", "no_commit"),
        ("https://git.example.test/a.git", "", "no_commit"),
    ],
)
def test_what_is_no_commit_of_a_public_repository_is_refused_at_once(
    repository: str, hash: str, code: str, enrolment: Enrolment
) -> None:
    with pytest.raises(DomainError) as refused:
        ask(enrolment, repository, hash)
    assert (refused.value.code, bool(refused.value.where), bool(refused.value.hint)) == (code, True, True)
    assert not Fetch.objects.exists()


def test_one_commit_at_a_time_and_the_same_again_is_the_same(enrolment: Enrolment) -> None:
    fetch = ask(enrolment, "https://git.example.test/a.git")
    assert ask(enrolment, "https://git.example.test/a.git") == fetch
    with pytest.raises(DomainError) as refused:
        ask(enrolment, "https://git.example.test/a.git", "1" * 40)
    assert refused.value.code == "fetch_under_way"


def test_asking_is_refused_as_handing_in_is(enrolment: Enrolment, program: Program) -> None:
    other = Actor.person(labs.enrolled(program, "other@demo.test").learner_id)
    with pytest.raises(Forbidden):
        fetch_ask(
            actor=other, enrolment=enrolment, activity=labs.lab(program), repository="https://a.test/a", commit=ZERO
        )
    with pytest.raises(DomainError) as refused:
        fetch_ask(
            actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=labs.lab(program, "unchecked"),
            repository="https://a.test/a", commit=ZERO,
        )  # fmt: skip
    assert refused.value.code == "lab_without_checks"
    Enrolment.objects.filter(pk=enrolment.pk).update(state="paused")
    with pytest.raises(DomainError) as refused:
        ask(enrolment, "https://a.test/a")
    assert refused.value.code == "enrolment_paused"


def test_many_commits_within_an_hour_are_refused(enrolment: Enrolment, program: Program) -> None:
    now = timezone.now()
    common = {"enrolment": enrolment, "activity": labs.lab(program), "repository": "https://a.test/a", "commit": ZERO}
    Fetch.objects.bulk_create(
        Fetch(**common, asked_at=now, state="failed", problem="redirect") for _ in range(MOST_AN_HOUR)
    )
    with pytest.raises(DomainError) as refused:
        ask(enrolment, "https://a.test/a")
    assert refused.value.code == "too_many_fetches"
    assert ask(enrolment, "https://a.test/a", now=now + timedelta(hours=1, seconds=1))


def test_what_ends_while_it_is_fetched_is_told(enrolment: Enrolment, server: type[Handler], place: Path) -> None:
    fetch = ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT}))
    Enrolment.objects.filter(pk=enrolment.pk).update(state="paused")
    assert ended(fetch).problem == "enrolment_paused"


def test_a_commit_asked_for_in_time_is_in_time(enrolment: Enrolment, server: type[Handler], place: Path) -> None:
    now = timezone.now()
    fetch = ask(
        enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT}), now=now - timedelta(hours=2)
    )
    cohort = Cohort.objects.create(program=enrolment.program, title="A", slug="a", ends_at=now - timedelta(hours=1))
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    assert ended(fetch).state == "handed_in"


# -- workers that end ---------------------------------------------------------------------
def test_a_lost_worker_is_followed_by_another_and_in_the_end_by_a_clear_failure(
    enrolment: Enrolment, rung: list[str]
) -> None:
    fetch = ask(enrolment, "https://git.example.test/a.git", now=timezone.now() - timedelta(minutes=1))
    for tried in range(1, MOST_TRIES + 1):
        assert fetch_claim(worker="gone") is not None
        assert fetches_sweep()["expired"] == 0, "its lease holds"
        Fetch.objects.update(lease_until=Now() - timedelta(seconds=1))
        assert fetches_requeue_expired() == 1
        fetch.refresh_from_db()
        assert (fetch.tries, fetch.state) == (tried, "waiting" if tried < MOST_TRIES else "failed")
        assert fetches_ring() == (fetch.state == "waiting")
    assert fetch.problem == "worker_lost"
    assert fetch.problem_text == "The worker ended 3 times while it fetched this."
    again = ask(enrolment, fetch.repository)
    assert (again.asked_at, again == fetch) == (fetch.asked_at, False), "our failure costs no time"


def test_a_worker_that_lost_its_lease_writes_nothing(
    enrolment: Enrolment, server: type[Handler], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT}))
    fetched = fetching.work_fetched

    def slow(*stated: Any, **more: Any) -> Any:
        work = fetched(*stated, **more)
        Fetch.objects.update(state="waiting", lease_until=None)
        assert fetch_claim(worker="another") is not None
        return work

    monkeypatch.setattr(fetching, "work_fetched", slow)
    assert ended(fetch).state == "working"
    assert not Submission.objects.exists()


def test_what_breaks_down_is_ours(enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*stated: Any, **more: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(fetching, "work_fetched", broken)
    assert ended(ask(enrolment, "https://git.example.test/a.git")).problem == "broke_down"


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing(
    celery_workers: Callable[..., Worker], server: type[Handler], place: Path, program: Program
) -> None:  # fmt: skip
    hash = commit(place, {"words.py": labs.RIGHT})
    fetch = ask(labs.enrolled(program), f"{server.address}/slow/a.git", hash)
    worker = celery_workers(queues=["fetches"], WAYMARK_OUTGOING_ALLOW="127.0.0.0/8")
    ring(QUEUE)
    wait_for(lambda: any(path.startswith("/slow/") for path in server.asked))
    worker.kill()
    assert Fetch.objects.get().state == "working"
    Fetch.objects.update(lease_until=Now() - timedelta(seconds=1), repository=f"{server.address}/a.git")
    assert fetches_requeue_expired() == 1
    assert ended(fetch).state == "handed_in"
    assert Submission.objects.get().number == 1


# -- pages and the API -----------------------------------------------------------------------
def test_the_page_follows_a_commit_to_its_submission(learner: Client, server: type[Handler], place: Path) -> None:
    (place / "a.pyc").write_bytes(b"x")
    hash = commit(place, {"words.py": labs.RIGHT})
    answer = learner.post(HAND_IN, {"repository": f"{server.address}/a.git", "commit": hash})
    fetch = Fetch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, fetch.get_absolute_url())
    page = learner.get(fetch.get_absolute_url()).content.decode()
    assert hash in page
    assert 'hx-trigger="every 2s"' in page
    assert "A commit is being fetched" in learner.get(LAB).content.decode()
    ended(fetch)
    assert fetch.submission is not None
    address = fetch.submission.get_absolute_url()
    assert learner.get(fetch.get_absolute_url(), headers={"HX-Request": "true"})["HX-Redirect"] == address
    page = learner.get(fetch.get_absolute_url(), follow=True).content.decode()
    assert f"<code>{hash}</code>" in page
    assert "Left out, as tools made them: a.pyc." in page
    assert "A commit" not in learner.get(LAB).content.decode().replace("Or a commit", "")


def test_the_page_says_why_a_commit_could_not_be_handed_in_and_takes_it_again(
    learner: Client, enrolment: Enrolment, server: type[Handler], place: Path
) -> None:
    fetch = ended(ask(enrolment, f"{server.address}/a.git", commit(place, {"key": b"-----BEGIN PRIVATE KEY-----\n"})))
    page = learner.get(fetch.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "key:1 holds what looks like a private key; it was not stored." in page
    assert "No submission was used." in page
    assert 'hx-swap-oob="innerHTML:#live"' in page
    assert "hx-trigger" not in page.partition('id="fetch"')[2]
    assert "A commit could not be handed in" in learner.get(LAB).content.decode()
    assert learner.post(HAND_IN, {"repository": fetch.repository, "commit": fetch.commit}).status_code == 302
    assert Fetch.objects.filter(state="waiting").count() == 1


def test_a_commit_that_waits_for_long_says_so(learner: Client, enrolment: Enrolment) -> None:
    fetch = ask(enrolment, "https://git.example.test/a.git", now=timezone.now() - timedelta(minutes=1))
    assert "no worker serves the queue fetches" in learner.get(fetch.get_absolute_url()).content.decode()


def test_what_was_stated_stays_on_the_page_with_the_reason(learner: Client) -> None:
    answer = learner.post(HAND_IN, {"repository": "https://git.example.test/a.git", "commit": "main"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This is no full hash of a commit." in page
    assert 'value="https://git.example.test/a.git"' in page
    assert 'value="main"' in page


def test_clients_hand_in_commits_and_follow_them(learner: Client, server: type[Handler], place: Path) -> None:
    body = {"repository": f"{server.address}/a.git", "commit": commit(place, {"words.py": labs.RIGHT})}
    answer = learner.post(API, body, content_type="application/json")
    asked = answer.json()
    assert (answer.status_code, asked["state"], asked["submission"], asked["problem"]) == (202, "waiting", None, None)
    assert learner.post(API, body, content_type="application/json").json()["id"] == asked["id"]
    ended(Fetch.objects.get())
    done = learner.get(f"/api/v1/fetches/{asked['id']}/").json()
    assert (done["state"], done["created"]) == ("handed_in", True)
    made = learner.get(f"/api/v1/submissions/{done['submission']}/").json()
    assert (made["source"], made["commit"], made["repository"]) == ("git", body["commit"], body["repository"])
    assert learner.get("/api/v1/submissions/").json()["items"][0]["commit"] == body["commit"]


def test_clients_learn_what_went_wrong(learner: Client, server: type[Handler], place: Path) -> None:
    body = {"repository": f"{server.address}/a.git", "commit": made(place, "link")}
    asked = learner.post(API, body, content_type="application/json").json()
    ended(Fetch.objects.get())
    problem = learner.get(f"/api/v1/fetches/{asked['id']}/").json()["problem"]
    assert (problem["code"], problem["where"]) == ("not_a_file", "out")
    for body, code in (
        ({"repository": "https://a.test/a"}, "required"),
        ({"repository": "https://a.test/a", "commit": "main"}, "no_commit"),
        ({"repository": "https://a.test/a", "commit": ZERO, "files": []}, "field_unknown"),
    ):
        answer = learner.post(API, body, content_type="application/json")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_the_address_is_shown_to_its_learner_and_to_who_may_know_names(
    enrolment: Enrolment, program: Program, server: type[Handler], place: Path
) -> None:
    from grading.selectors.submissions import submission_cards

    fetch = ended(ask(enrolment, f"{server.address}/a.git", commit(place, {"words.py": labs.RIGHT})))
    submission = Submission.objects.select_related("enrolment__program", "activity").get()
    scopes = frozenset({"submissions:read"})
    for actor, shown in (
        (Actor.person(enrolment.learner_id), fetch.repository),
        (Actor("client", client_id="a", scopes=scopes), None),
        (Actor("client", client_id="a", scopes=scopes | {"roster:read"}), fetch.repository),
    ):
        (card,) = submission_cards(actor, [submission])
        assert (card["repository"], card["commit"]) == (shown, fetch.commit)
