"""What the worker and the first process of a container tell each other, in both directions of one stream.

A frame is one byte of kind, four of length, and the body. Both ends run our code;
nothing of a learner's writes frames, it only fills their bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

# From the container.
HELLO, UNPACKED, RUNNING, STDOUT, STDERR, ENDED, COLLECTED, DONE, FAILED = (bytes([each]) for each in b"HURoeXDZF")
STOP: Final = b"S"
"""To the container: end it although nothing is wrong."""
# Both ways.
CHANNEL_BYTES, CHANNEL_END, CHANNEL_TAKEN = b"C", b"c", b"A"

PIECE: Final = 32 * 1024
WINDOW: Final = 128 * 1024
"""Bytes of the channel that may be under way in one direction before the other end has passed them on."""
HEAD: Final = 5


def frame(kind: bytes, body: bytes = b"") -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def taken(count: int) -> bytes:
    """The frame that says: so many bytes of the channel went on."""
    return frame(CHANNEL_TAKEN, count.to_bytes(4, "big"))


class Frames:
    """Frames out of pieces of a stream."""

    def __init__(self) -> None:
        self._held = bytearray()

    def fed(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        self._held += piece
        while len(self._held) >= HEAD:
            end = HEAD + int.from_bytes(self._held[1:HEAD], "big")
            if len(self._held) < end:
                return
            kind, body = bytes(self._held[:1]), bytes(self._held[HEAD:end])
            del self._held[:end]
            yield kind, body
