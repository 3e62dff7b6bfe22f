"""Messages on a stream socket: four bytes of length, then so many bytes."""

import select
import socket
import time

import plain


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """Nothing complete arrived in time."""


def send(channel: socket.socket, message: bytes) -> None:
    channel.sendall(len(message).to_bytes(4, "big") + message)


def receive(channel: socket.socket, seconds: float | None = None) -> bytes:
    """The next message. :class:`plain.Unplain` when it claims to be larger than any may be.

    :param seconds: for the whole of it; None waits without end.
    """
    until = None if seconds is None else time.monotonic() + seconds
    size = int.from_bytes(_exactly(channel, 4, until), "big")
    if size > plain.SIZE:
        raise plain.Unplain(f"it is larger than {plain.SIZE} bytes")
    return _exactly(channel, size, until)


def waiting(channel: socket.socket) -> bool:
    """Whether something is there to be read, unasked."""
    return bool(select.select([channel], [], [], 0)[0])


def _exactly(channel: socket.socket, size: int, until: float | None) -> bytes:
    pieces = []
    while size:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0 or not select.select([channel], [], [], left)[0]:
                raise Late
        try:
            piece = channel.recv(min(size, 65536))
        except ConnectionError:
            raise Closed from None
        if not piece:
            raise Closed
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
