"""Curricula in git repositories: one revision over HTTPS, as an archive, within limits.

Nothing is checked out and no code of the repository runs: the revision is fetched
into a bare repository that is thrown away, and packed as the zip archive that
:mod:`~courses.curriculum.sources.archives` reads with all its guards.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from courses.curriculum.sources.budget import MAX_TOTAL
from waymark.core.errors import DomainError, Invalid, Refused
from waymark.core.outgoing import Destination, destination

SECONDS = 120
"""A repository that takes longer is left."""
OLDEST = (2, 37)
"""The first git that connects to a given IP address."""
MEMORY = 2 * 1024 * 1024
"""KiB that one process of git may map: what a repository unpacks to is the repository's choice."""
_LOOK = 0.1


def is_address(argument: str) -> bool:
    """Whether an argument is the address of a repository, and no path."""
    return argument.lower().startswith(("https://", "http://"))


def without_credentials(argument: str) -> str:
    """The address as it may be shown: a user and a password in it are left out, a query too."""
    try:
        parts = urlsplit(argument)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", parts.fragment))
    except ValueError:
        return "https://"


@contextmanager
def fetched(argument: str, *, most: int | None = None, seconds: float | None = None) -> Iterator[Path]:
    """A zip archive of what ``https://host/path.git#REVISION`` holds; the default branch without a revision.

    Files are in it as they were committed; submodules are empty folders. Its comment is the commit.

    :param most: bytes that repository and archive may have together (:data:`MAX_TOTAL`).
    :param seconds: how long it may take (:data:`SECONDS`).
    :raises DomainError: the address may not be asked, or the repository cannot be fetched.
    """
    url, _, revision = argument.partition("#")
    if revision.startswith("-") or any(letter <= " " for letter in revision):
        raise Invalid(f"{revision!r} is no branch, tag or commit.", code="no_revision", hint="Write its name after #.")
    target = destination(url)
    _check_version()
    with tempfile.TemporaryDirectory(prefix="waymark-git-") as folder:
        git = _Git(Path(folder), target, MAX_TOTAL if most is None else most, SECONDS if seconds is None else seconds)
        git.run("init", "--quiet", "--bare", "--template=", ".")
        # What the repository says of archives and check-outs (files left out, words filled in, ends of lines,
        # encodings) is not for this one.
        attributes = Path(folder, "info", "attributes")
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text("* -export-ignore -export-subst -text -ident -filter !working-tree-encoding\n")
        git.run("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", url, revision or "HEAD")
        archive = Path(folder, "sources.zip")
        git.run("archive", "--format=zip", f"--output={archive}", "FETCH_HEAD")
        yield archive


def _check_version() -> None:
    try:
        said = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout
        found = tuple(int(part) for part in said.split()[2].split(".")[:2])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        found = ()
    if found < OLDEST:
        raise Refused(
            "Repositories cannot be fetched on this machine.", code="no_git",
            hint=f"Install git {OLDEST[0]}.{OLDEST[1]} or newer, or import the folder or a zip archive.",
        )  # fmt: skip


class _Git:
    """Runs git in one folder, which holds all that it writes, against one destination."""

    def __init__(self, folder: Path, target: Destination, most: int, seconds: float) -> None:
        self._folder, self._target = folder, target
        self._most, self._seconds = most, seconds
        self._until = time.monotonic() + seconds
        pinned = f"[{target.pinned}]" if ":" in target.pinned else target.pinned
        settings = {
            "http.curloptResolve": f"{target.host}:{target.port}:{pinned}",
            "http.followRedirects": "false",
            "http.proxy": "",
            "protocol.allow": "never",
            f"protocol.{target.scheme}.allow": "always",
            "fetch.fsckObjects": "true",
            "core.hooksPath": os.devnull,
            "credential.helper": "",
            "gc.auto": "0",
            "maintenance.auto": "false",
            "core.bigFileThreshold": "8m",
            "pack.threads": "1",
        }
        self._options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        # Nothing of this machine's own configuration, credentials or proxies.
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
        }

    def run(self, *arguments: str) -> None:
        bounded = ["sh", "-c", 'ulimit -v "$0"; exec git "$@"', str(MEMORY)]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [*bounded, *self._options, *arguments], cwd=self._folder, env=self._environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True,
            )  # fmt: skip
            try:
                self._watch(process)
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
            if process.returncode:
                said.seek(0)
                raise self._refusal(said.read(20_000).decode(errors="replace"))

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            try:
                process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                self._check_limits()
            else:
                self._check_limits()
                return

    def _check_limits(self) -> None:
        if time.monotonic() > self._until:
            raise Refused(
                f"The repository could not be fetched within {self._seconds} seconds.", code="too_slow",
                hint="Import the folder or a zip archive.",
            )  # fmt: skip
        if (size := _size(self._folder)) > self._most:
            raise Refused(
                f"The repository has more than {self._most} bytes; {size} had come.", code="too_much",
                hint="Import a part of it as a folder or a zip archive.",
            )  # fmt: skip

    def _refusal(self, said: str) -> DomainError:
        """One sentence for what git said, which may hold addresses of its own and is not repeated."""
        host = self._target.host
        # Ports and hashes have such digits too.
        code = (re.findall(r"returned error: (\d+)", said) or [""])[0]
        if "could not find remote ref" in said or "couldn't find remote ref" in said or "not our ref" in said:
            return Refused(
                "The repository has no such branch, tag or commit.", code="no_revision",
                hint="Check what stands after #.",
            )  # fmt: skip
        if "could not read Username" in said or "Authentication failed" in said or code == "403":
            return Refused(
                f"{host} asks for a password.", code="password_needed",
                hint="Make the repository readable for everybody, or import a folder or a zip archive.",
            )  # fmt: skip
        if "SSL" in said or "certificate" in said:
            return Refused(f"The certificate of {host} is not trusted.", code="certificate", hint="Have it renewed.")
        if "redirect" in said or code.startswith("3"):
            return Refused(
                f"{host} sends elsewhere, and redirects are not followed.", code="redirect",
                hint="Name the address that it sends to.",
            )  # fmt: skip
        return Refused(
            f"No repository could be fetched from {host}.", code="no_repository",
            hint="Check the address: git fetch must work with it.",
        )  # fmt: skip


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except FileNotFoundError:
                continue
    return total
