"""What ``/metrics`` tells about grading."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from grading.selectors.stuck import runs_count


class RunsCollector:
    """Runs by state, read when somebody asks; nothing while the database is away."""

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        try:
            runs = runs_count()
        except DatabaseError:
            return
        states = GaugeMetricFamily("waymark_grading_runs", "Grading runs that are not finished.", labels=["state"])
        for state, count in runs.counts.items():
            states.add_metric([state], count)
        yield states
        yield GaugeMetricFamily(
            "waymark_grading_longest_wait_seconds", "How long the oldest run that could be taken has waited.",
            value=runs.longest_wait,
        )  # fmt: skip
        yield GaugeMetricFamily(
            "waymark_grading_stuck", "1 while runs wait too long or were given up within a day.", value=int(runs.stuck)
        )
