"""The suite's own workers and Redis are real, and can be taken away."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.services import forget_killed_runs
from tests.workers import RedisControl, Worker, wait_for
from waymark.core.models import WorkerHeartbeat
from waymark.embedded.processes import descendants, start_time
from waymark.embedded.services import runtime_folder


def running(pids: list[int]) -> list[int]:
    return [pid for pid in pids if start_time(pid) is not None]


def test_a_worker_takes_tasks_on_this_tests_database(celery_worker: Worker) -> None:
    from waymark.celery import app

    app.send_task("grading.tasks.sweep")
    wait_for(lambda: "succeeded" in celery_worker.words(), what="a task that succeeds")
    wait_for(WorkerHeartbeat.objects.filter(name=celery_worker.name).exists, what="its sign of life in this database")


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_nothing_of_a_worker_is_left(celery_worker: Worker, way: str) -> None:
    pids = [celery_worker.pid, *descendants(celery_worker.pid)]
    assert len(pids) >= 2, "a worker and its pool"
    getattr(celery_worker, way)()
    wait_for(lambda: not running(pids), what="the end of every process of the worker")


def test_children_of_a_killed_worker_end_by_themselves(celery_worker: Worker) -> None:
    children = list(descendants(celery_worker.pid))
    os.kill(celery_worker.pid, signal.SIGKILL)
    wait_for(lambda: not running(children), what="the end of the pool")


def test_redis_can_be_stopped_frozen_and_emptied(redis_server: RedisControl, settings: Any) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2)
    client.set("x", 1)
    redis_server.freeze()
    with pytest.raises(redis.TimeoutError):
        client.ping()
    redis_server.thaw()
    redis_server.empty()
    assert client.get("x") is None
    redis_server.stop()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    redis_server.start()
    assert client.ping()
    client.close()


def test_workers_follow_the_private_redis(redis_server: RedisControl, celery_workers: Callable[..., Worker]) -> None:
    worker = celery_workers(["default"])
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.keys("*default*"), "its queue is bound there"
    worker.stop()


def test_the_folder_of_a_killed_run_is_removed_by_the_next() -> None:
    killed, running_one = runtime_folder("wmt"), Path(os.environ["WAYMARK_TEST_SERVICES"])
    (killed / "owner").write_text(f"{os.getpid()} 1")
    forget_killed_runs()
    assert not killed.exists()
    assert running_one.exists()
