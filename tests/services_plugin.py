"""Starts the suite's services before Django's settings are read (``-p tests.services_plugin``)."""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests import services as running

_owned: list[running.Services] = []

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")
if running.KEY not in os.environ:
    _owned.append(running.start_services())
    os.environ.update(running.environment(_owned[0]))
os.environ["WAYMARK_REDIS_PREFIX"] = running.worker_prefix()


def pytest_unconfigure(config: pytest.Config) -> None:
    for services in _owned:
        services.stop()
    _owned.clear()


ALONE = "tests/grading/sandbox/"
"""Tests that load the machine: their files go to one worker, one after the other."""


class OneFileOneWorker(LoadFileScheduling):
    """``--dist loadfile``, in which :data:`ALONE` counts as one file."""

    def _split_scope(self, nodeid: str) -> str:
        return ALONE if nodeid.startswith(ALONE) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneFileOneWorker | None:
    return OneFileOneWorker(config, log) if config.getvalue("dist") == "loadfile" else None
