"""Two imports at once, in transactions that commit."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from courses.curriculum import apply
from courses.curriculum.apply import Applied, curriculum_apply
from courses.curriculum.native.reader import read_tree
from courses.curriculum.planning.plan import Incoming
from courses.models import Entity, Release
from tests.concurrency.test_attempts import at_once
from tests.courses.projecting import write_tree
from tests.courses.small_tree import TREE
from waymark.core.actors import Actor
from waymark.core.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_tree(tmp_path, TREE)


def applied(tree: Path) -> Applied:
    return curriculum_apply(actor=Actor.system(), incoming=Incoming(read_tree(tree), "test"))


def test_two_applies_of_one_tree_make_one_release(tree: Path) -> None:
    results = at_once(lambda: applied(tree), lambda: applied(tree))
    assert all(isinstance(result, Applied) for result in results), results
    assert sorted(len(result.releases) for result in results) == [0, 2], "the second one waited and found it done"
    assert Release.objects.count() == 2
    assert Entity.objects.filter(kind="module", path="MOD-101").count() == 1


def test_an_apply_that_waits_too_long_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "APPLY_WAIT", "200ms")
    held, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [apply.APPLY_LOCK])
                held.set()
                done.wait(30)
        finally:
            connection.close()

    other = Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        with pytest.raises(Refused) as refused:
            applied(tree)
        assert refused.value.code == "import_busy"
        assert not Release.objects.exists()
    finally:
        done.set()
        other.join(10)
    assert len(applied(tree).releases) == 2, "and afterwards it goes"
