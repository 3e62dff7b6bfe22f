"""Hand-ins and ringing with the broker gone, and with nobody there who listens to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from celery.beat import Service
from django.conf import settings

from grading.models import GradingRun
from grading.services.sweep import rings_for_waiting
from tests.grading import build
from tests.grading.build import hand_in, scores
from tests.workers import RedisControl, Worker, wait_for
from waymark.celery import app
from waymark.core import ring
from waymark.core.broker import MOST_WAITING

pytestmark = pytest.mark.django_db(transaction=True)
QUIZ = "grading.quiz"
_a_while = timedelta(minutes=1)


@pytest.mark.parametrize("outage", ["stopped", "frozen", "emptied"])
def test_a_hand_in_without_a_broker_is_kept_and_graded_once_it_is_back(
    outage: str, world: build.World, redis_server: RedisControl, celery_workers: Callable[..., Worker]
) -> None:
    attempt = build.begin(build.enrol(world), world)
    if outage == "stopped":
        redis_server.stop()
    elif outage == "frozen":
        redis_server.freeze()
    began = time.monotonic()
    hand_in(attempt)
    assert time.monotonic() - began < 1.5, "a learner does not wait for the broker"
    run = GradingRun.objects.get(attempt=attempt)
    assert run.state == "queued"
    if outage == "stopped":
        redis_server.start()
    elif outage == "frozen":
        redis_server.thaw()
    else:
        redis_server.empty()
    celery_workers(queues=[QUIZ])
    GradingRun.objects.update(queued_at=run.queued_at - _a_while)
    ring.ring_again()
    assert rings_for_waiting() == 1
    wait_for(lambda: GradingRun.objects.filter(pk=run.pk, state="finished").exists(), what="the grade")
    assert scores() == 1


def test_after_a_failure_nobody_waits_for_the_broker_for_a_while(
    world: build.World, redis_server: RedisControl
) -> None:
    redis_server.freeze()
    began = time.monotonic()
    assert ring.ring(QUIZ) is False
    first = time.monotonic() - began
    began = time.monotonic()
    assert [ring.ring(QUIZ) for _ in range(20)] == [False] * 20
    assert first < 1
    assert time.monotonic() - began < 0.05
    redis_server.thaw()
    assert ring.ring(QUIZ) is False, "still silent"
    ring.ring_again()
    assert ring.ring(QUIZ) is True


def test_queues_that_nobody_serves_do_not_grow_without_end(
    world: build.World, redis_server: RedisControl, celery_workers: Callable[..., Worker], tmp_path: Path
) -> None:
    attempt = build.begin(build.enrol(world), world)
    assert [ring.ring(QUIZ) for _ in range(MOST_WAITING * 3)] == [True] * MOST_WAITING * 3
    scheduler = Service(
        app, schedule_filename=str(tmp_path / "beat"), scheduler_cls=app.conf.beat_scheduler
    ).get_scheduler()
    entry = scheduler.schedule["sweep"]
    for _ in range(MOST_WAITING * 3):
        scheduler.apply_entry(entry, producer=scheduler.producer)
    scheduler.close()
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with redis.Redis.from_url(redis_server.url) as client:
        assert [client.llen(f"{prefix}{queue}") for queue in (QUIZ, "default")] == [MOST_WAITING] * 2
        hand_in(attempt)
        assert client.llen(f"{prefix}{QUIZ}") == MOST_WAITING
        celery_workers(queues=[QUIZ])
        wait_for(lambda: scores() == 1, what="the grade, by the rings that waited")
        wait_for(lambda: client.llen(f"{prefix}{QUIZ}") == 0, what="the rings to be heard")
    assert ring.ring(QUIZ), "and once there is room, it rings again"
