"""Keeping the lease of what one has claimed alive while working on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import structlog
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)

LEASE_SECONDS = 30
Claim = TypeVar("Claim")


class LeaseKeeper(Generic[Claim]):
    """One thread that renews the lease of whatever is held, every third of a lease.

    The work itself may block for longer than a lease; the thread has a database
    connection of its own. A renewal that finds the claim gone is noted in ``lost``;
    the later write finds out by itself.
    """

    def __init__(self, renew: Callable[[Claim], bool], *, every: float = LEASE_SECONDS / 3) -> None:
        """:param renew: prolongs the lease of a claim; False when it is no longer one's own."""
        self._renew = renew
        self._every = every
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

    @classmethod
    @contextmanager
    def keeping(cls, claim: Claim, renew: Callable[[Claim], bool]) -> Iterator[None]:
        """Hold one claim, by a thread of its own that ends with it."""
        keeper = cls(renew)
        try:
            with keeper.holding(claim):
                yield
        finally:
            keeper.close()

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
                    self.lost = not self._renew(claim)
                except DatabaseError as error:
                    # The lease may run out: then another worker takes over, and this one writes nothing.
                    log.warning("lease_not_renewed", claim=str(claim), error=type(error).__name__)
                    connection.close()
        finally:
            connection.close()
