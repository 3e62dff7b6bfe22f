"""What ``/metrics`` tells about commits that are fetched."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from assessments.selectors.fetches import fetches_count


class FetchesCollector:
    """Commits under way by state, read when somebody asks; nothing while the database is away."""

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        try:
            fetches = fetches_count()
        except DatabaseError:
            return
        states = GaugeMetricFamily("waymark_fetches", "Commits that are not fetched yet.", labels=["state"])
        states.add_metric(["waiting"], fetches.waiting)
        states.add_metric(["working"], fetches.working)
        yield states
        yield GaugeMetricFamily(
            "waymark_fetches_longest_wait_seconds", "How long the oldest commit has waited for a worker.",
            value=fetches.longest_wait,
        )  # fmt: skip
        yield GaugeMetricFamily(
            "waymark_fetches_stuck", "1 while commits wait too long or a fault of ours ended one within a day.",
            value=int(fetches.stuck),
        )  # fmt: skip
