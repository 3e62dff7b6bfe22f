"""Starts the suite's services before Django's settings are read (``-p tests.services_plugin``)."""

import os

import pytest

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
