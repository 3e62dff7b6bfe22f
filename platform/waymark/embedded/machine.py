"""What the launcher asks the machine: a free port, another user, a make that was interrupted."""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from waymark.embedded.problems import StartProblem


def read_port(text: str) -> int:
    """The number in ``PORT``."""
    if text.isdecimal() and text.isascii() and 0 < int(text) < 65_536:
        return int(text)
    raise StartProblem(f"PORT is {text!r}: it must be a number from 1 to 65535.")


def check_port(port: int) -> None:
    """Refuse a port that somebody else serves, or that this user may not serve."""
    with socket.socket() as probe:
        # As gunicorn does: connections that are still being closed do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise StartProblem(f"This user may not serve port {port}: choose another, such as PORT=8001.") from error
        except OSError as error:
            other = port + 1 if port < 65_535 else port - 1
            raise StartProblem(
                f"Port {port} is in use: stop what serves it, or choose another, such as PORT={other}."
            ) from error


@dataclass(frozen=True)
class ServiceUser:
    """Who runs PostgreSQL, which refuses root: a command to put before it, and the owner its files need."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    def give(self, folder: Path) -> None:
        """Let this user own *folder* and everything in it."""
        if self.uid is None:
            return
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                os.chown(path, self.uid, -1)


@functools.cache
def service_user() -> ServiceUser:
    """This user; as root somebody else in a user namespace, or ``nobody`` where there are no namespaces.

    In the namespace the files stay root's own, so nothing has to be given away.
    """
    if os.geteuid() != 0:
        return ServiceUser()
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if _works(namespace):
        return ServiceUser(namespace)
    nobody = pwd.getpwnam("nobody")
    dropped = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    if _works(dropped):
        return ServiceUser(dropped, nobody.pw_uid)
    raise StartProblem(
        "PostgreSQL does not run as root, and this machine lets root become nobody else: "
        "start Waymark as an ordinary user, or set DATABASE_URL."
    )


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def interrupted_parent() -> Callable[[], bool]:
    """A question to ask now and then: did the ``make`` that started us end, or was it interrupted?

    GNU make passes SIGTERM on to its recipe but not SIGINT, and waits for the
    recipe: it gives up its own handler, which is the only trace. A parent that is
    not make is none of our business.
    """
    parent = os.getppid()
    try:
        is_make = Path(f"/proc/{parent}/comm").read_text().strip() in ("make", "gmake")
    except OSError:
        is_make = False
    if not is_make:
        return lambda: False
    caught = _catches_interrupt(parent)
    return lambda: os.getppid() != parent or (caught and not _catches_interrupt(parent))


def _catches_interrupt(pid: int) -> bool:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt")), "0")
    return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)
