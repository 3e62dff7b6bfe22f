"""The machinery of the permission table: rows of text, a scene, and one request per cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.models import Attempt, Fetch, Review, Submission
from assessments.services.fetching import fetch_ask
from assessments.services.starting import attempt_start
from assessments.services.submitting import submission_create
from assessments.submissions.intake import Work
from courses.models import Activity, Enrolment, ImportJob, Invitation, Release, StaffRight
from courses.services.enrolment import enrolment_start, invitation_create
from grading.models import GradingRun, Regrade
from grading.services.review_drafts import review_begin
from tests.cast import PEOPLE, Cast
from tests.courses.imports.support import cast_tree, given, worked
from waymark.accounts.models import PersonalToken
from waymark.accounts.services.tokens import token_create
from waymark.core.blobs import digest_of
from waymark.core.stored import files_keep

COLUMNS = ("anonymous", *PEOPLE, "limited_client")
SAFE = ("GET", "HEAD")
UNKNOWN = "requirements:\n  - {to: MOD-77, strength: recommended}\n"


@dataclass
class Scene:
    """The cast, and one of each thing that an address can name."""

    cast: Cast

    @cached_property
    def quiz(self) -> Activity:
        return Activity.objects.get(program=self.cast.north, path="MOD-1/quiz")

    @cached_property
    def attempt(self) -> Attempt:
        """The learner's attempt at the quiz of *north*, still open."""
        started = attempt_start(
            actor=self.cast.actor("learner"), enrolment=self.cast.enrolments["learner"], activity=self.quiz
        )
        return getattr(started, "attempt", started)

    @cached_property
    def submission(self) -> Submission:
        """The learner's second hand-in for the lab of *north*; both wait to be checked."""
        lab = Activity.objects.get(program=self.cast.north, path="MOD-1/lab")
        for text in (b"def add(a, b):\n    return 3\n", b"def add(a, b):\n    return a + b\n"):
            done = submission_create(
                actor=self.cast.actor("learner"), enrolment=self.cast.enrolments["learner"], activity=lab,
                work=Work({"add.py": text}), source=Submission.Source.TEXT,
            )  # fmt: skip
        # Waiting for long, so that the page looks whether anybody is there to take them.
        GradingRun.objects.filter(submission__isnull=False).update(queued_at=timezone.now() - timedelta(hours=1))
        return done.submission

    @cached_property
    def review(self) -> Review:
        """The instructor's draft for the learner's project of *north*."""
        done = submission_create(
            actor=self.cast.actor("learner"), enrolment=self.cast.enrolments["learner"],
            activity=Activity.objects.get(program=self.cast.north, path="PROJ-1"),
            work=Work({"service.py": b"print('served')\n"}), source=Submission.Source.FILES,
        )  # fmt: skip
        return review_begin(actor=self.cast.actor("instructor"), submission=done.submission)

    @cached_property
    def fetch(self) -> Fetch:
        """A commit that the learner handed in for the lab of *north*; nobody fetches it."""
        return fetch_ask(
            actor=self.cast.actor("learner"), enrolment=self.cast.enrolments["learner"],
            activity=Activity.objects.get(program=self.cast.north, path="MOD-1/lab"),
            repository="https://git.example.test/a.git", commit="0" * 40,
        )  # fmt: skip

    @cached_property
    def request(self) -> Enrolment:
        """The stranger's request to join *south*."""
        return enrolment_start(actor=self.cast.actor("stranger"), learner=self.cast.stranger, program=self.cast.south)

    @cached_property
    def invitation(self) -> Invitation:
        """An invitation of the stranger to the first cohort of *north*, by its instructor."""
        return invitation_create(
            actor=self.cast.actor("instructor"),
            email=self.cast.stranger.email,
            program=self.cast.north,
            cohort=self.cast.cohort,
        )

    @cached_property
    def token(self) -> PersonalToken:
        """A personal token of the learner."""
        return token_create(actor=self.cast.actor("learner"), name="mine", scopes=["me"], days=7)[0]

    @cached_property
    def import_job(self) -> ImportJob:
        """An import into *north* by its admin, planned, with a warning."""
        tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
        tree["north/module-1.yaml"] = f"{tree['north/module-1.yaml']}{UNKNOWN}"
        return worked(given(self.cast.actor("program_admin"), tree))

    @cached_property
    def stored(self) -> str:
        """The digest of a file that some text links to; whoever has it was shown the text."""
        files_keep([b"a,b"])
        return digest_of(b"a,b")

    @property
    def finding(self) -> str:
        """The key of the warning of :attr:`import_job`."""
        return str(self.import_job.excerpts[0]["key"])

    @cached_property
    def other_release(self) -> Release:
        """A release of *north* that is not current."""
        return Release.objects.create(program=self.cast.north, number=9000, digest="1" * 64)

    @cached_property
    def regrade(self) -> Regrade:
        """What a release of *north* left to be graded again; nothing of it, so it is done when it starts."""
        release = Release.objects.create(program=self.cast.north, number=9001, digest="2" * 64)
        return Regrade.objects.create(release=release, corrected=[])

    @cached_property
    def right(self) -> StaffRight:
        """The instructor's right."""
        return StaffRight.objects.get(person=self.cast.instructor)


Arguments = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One operation: what is sent, and the status for everybody in the order of :data:`COLUMNS`.

    ``key`` is the name as the table writes it, with ``@`` and its arguments.
    """

    method: str
    key: str
    name: str
    expected: tuple[int, ...]
    arguments: Arguments | None
    data: Arguments | None

    @property
    def label(self) -> str:
        return f"{self.method} {self.name}"


def rows_read(text: str, arguments: dict[str, Arguments], data: dict[str, Arguments]) -> list[Row]:
    """Rows of a table written as text: method, name (with ``@key`` for its arguments), statuses.

    A status stands for everybody after it until the next one is due; ``=`` repeats
    the one before it.
    """
    rows = []
    for line in text.strip().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        method, name, *cells = line.split()
        given = name
        name, _, key = name.partition("@")
        statuses: list[int] = []
        for cell in cells:
            statuses.append(statuses[-1] if cell == "=" else int(cell))
        assert len(statuses) == len(COLUMNS), f"{method} {name}: {len(statuses)} cells, {len(COLUMNS)} people"
        found = arguments[key] if key else arguments.get(name)
        rows.append(Row(method, given, name, tuple(statuses), found, data.get(f"{method} {name}")))
    return rows


def mismatches(scene: Scene, rows: list[Row]) -> list[str]:
    """One line per cell that is not as the table says."""
    wrong = []
    for row in rows:
        found = statuses_of(scene, row)
        wrong += [
            f"{row.label}: {who} got {status}, the table says {expected}"
            for who, status, expected in zip(COLUMNS, found, row.expected, strict=True)
            if status != expected
        ]
    return wrong


def statuses_of(scene: Scene, row: Row) -> list[int]:
    """What everybody gets; nothing that a request writes stays."""
    arguments = row.arguments(scene) if row.arguments else {}
    data = row.data(scene) if row.data else {}
    address = reverse(row.name, kwargs=arguments)
    return [_status(scene, who, row, address, data) for who in COLUMNS]


def _status(scene: Scene, who: str, row: Row, address: str, data: dict[str, Any]) -> int:
    headers = {}
    if who == "limited_client":
        headers["Authorization"] = scene.cast.bearer(who)
    savepoint = transaction.savepoint()
    try:
        client = scene.cast.browser(who) if who in PEOPLE else Client()
        client.raise_request_exception = False
        if row.method in SAFE:
            answer = client.generic(row.method, address, headers=headers)
        elif row.name.startswith("api:"):
            answer = client.generic(row.method, address, _json(data), content_type="application/json", headers=headers)
        elif row.method == "POST":
            for sent in data.values():
                if hasattr(sent, "seek"):
                    sent.seek(0)  # everybody sends the whole file
            answer = client.post(address, data, headers=headers)
        else:
            answer = client.generic(row.method, address, headers=headers)
        return int(answer.status_code)
    finally:
        transaction.savepoint_rollback(savepoint)


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""HEAD goes with GET; OPTIONS reads and writes nothing."""
PROBES = ("site_admin", "learner", "stranger", "anonymous", "limited_client")


def is_accepted(scene: Scene, method: str, name: str, arguments: Arguments | None) -> bool:
    """Whether an address takes a method, found by asking: one that somebody is refused with 405 is none."""
    row = Row(method, name, name, (), arguments, None)
    address = reverse(name, kwargs=arguments(scene) if arguments else {})
    return all(_status(scene, who, row, address, {}) != 405 for who in PROBES)


def _json(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data)


def addresses(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its name, namespaces included."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        else:
            yield f"{namespace}{entry.name}", entry
