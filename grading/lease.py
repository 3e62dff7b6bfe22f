"""Keeping the lease of a run alive while it is being graded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, connection

from grading.services.runs import LEASE_SECONDS, Claim, run_renew

log = structlog.get_logger(__name__)

RENEW_SECONDS = LEASE_SECONDS / 3


class LeaseKeeper:
    """One thread that renews the lease of whatever run is held, every third of a lease.

    Grading itself may block for longer than a lease; the thread has a database
    connection of its own. A renewal that finds the run gone is noted in ``lost``;
    the later write finds out by itself.
    """

    def __init__(self, *, every: float = RENEW_SECONDS, lease: float = LEASE_SECONDS) -> None:
        self._every = every
        self._lease = lease
        self._held: Claim | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost = False

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[None]:
        with self._lock:
            self._held, self.lost = claim, False
        if self._thread is None:
            self._thread = threading.Thread(target=self._renew_forever, name="lease-keeper", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held = None

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _renew_forever(self) -> None:
        try:
            while not self._stop.wait(self._every):
                with self._lock:
                    claim = self._held
                if claim is None:
                    continue
                try:
                    self.lost = not run_renew(claim=claim, lease=self._lease)
                except DatabaseError as error:
                    # The lease may run out: then another worker takes the run, and ours writes nothing.
                    log.warning("lease_not_renewed", run=str(claim.uuid), error=type(error).__name__)
                    connection.close()
        finally:
            connection.close()
