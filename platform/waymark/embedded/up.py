"""``make up``: the whole product in one terminal, stopped by Ctrl-C or SIGTERM.

Order of the start: data folder, port, PostgreSQL and Redis, then what
``prepare`` brings up to date, then web server, workers and beat under honcho.
Order of the stop: the reverse, in less than ten seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import FrameType

from waymark.embedded.folder import SOCKETS_PREFIX, DataFolder
from waymark.embedded.machine import check_port, interrupted_parent, read_port
from waymark.embedded.problems import StartProblem, of_file_error, of_words
from waymark.embedded.processes import adopt_orphans, descendants, end, guarded, stop
from waymark.embedded.services import Postgres, Redis, check_database, runtime_folder

ROOT = Path(__file__).resolve().parents[3]
HONCHO_SECONDS = 5.5
"""honcho kills after five seconds what did not stop; then it is done itself."""
WORKER_SECONDS = 20.0
"""How long workers may take to give their first sign of life before the address is told without them."""

WORKER = "celery -q -A waymark.celery worker -c 1 -l WARNING --without-gossip --without-mingle"


def procfile(*, port: int, run: Path) -> str:
    """The processes of the site: one line each, as honcho reads them."""
    web = f"gunicorn waymark.wsgi --bind 127.0.0.1:{port} --workers 1 --threads 8 --graceful-timeout 3"
    commands = {
        "web": [*shlex.split(web), "--no-control-socket", "--worker-tmp-dir", str(run)],
        # Quizzes have a worker of their own: a learner never waits behind a regrade.
        "quiz": [*shlex.split(WORKER), "-n", "quiz@%h", "-Q", "grading.quiz"],
        "work": [*shlex.split(WORKER), "-n", "work@%h", "-Q", "default,grading.regrade"],
        # A check may take its whole time limit, in which the sweep must go on.
        "checks": [*shlex.split(WORKER), "-n", "checks@%h", "-Q", "grading.checks"],
        # Reading a curriculum may take minutes, in which the sweep must go on; so may fetching what learners hand in.
        "imports": [*shlex.split(WORKER), "-n", "imports@%h", "-Q", "imports,fetches"],
        "beat": [*shlex.split("celery -q -A waymark.celery beat -l WARNING --pidfile= -s"), str(run / "beat")],
    }
    lines = [
        f"{name}: exec {shlex.join(guarded([sys.executable, '-m', *command]))}" for name, command in commands.items()
    ]
    return "\n".join(lines) + "\n"


class Launcher:
    """One run of the product."""

    def __init__(self, data: Path, port: int) -> None:
        self.folder, self.port = DataFolder(data), port
        self.sockets: Path | None = None
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self.honcho: subprocess.Popen[bytes] | None = None
        self.told = ""
        self.stopping = threading.Event()
        self.interrupted = interrupted_parent()
        self.environment = {**os.environ, "WAYMARK_MODE": "embedded", "WAYMARK_DATA": str(data)}

    def asked_to_stop(self) -> bool:
        """Whether a signal came, or make was interrupted."""
        return self.stopping.is_set() or self.interrupted()

    # -- start -----------------------------------------------------------------
    def run(self) -> int:
        """Start, serve until told to stop, stop. Returns the exit code."""
        began = time.monotonic()
        adopt_orphans()
        self.folder.open()
        try:
            self.folder.end_leftovers()
            check_port(self.port)
            self._services()
            if self._prepare():
                self._serve(began)
                return self._wait()
            return 0
        except OSError as error:
            raise of_file_error(error, self.folder.path) from error
        finally:
            self.stop()

    def _services(self) -> None:
        known = {"WAYMARK_PUBLIC_URL": f"http://127.0.0.1:{self.port}"}
        self.sockets = runtime_folder(SOCKETS_PREFIX)
        began = time.monotonic()
        for name in ("DATABASE_URL", "REDIS_URL"):
            if os.environ.get(name):
                known[name] = os.environ[name]
        if "DATABASE_URL" in known:
            check_database(known["DATABASE_URL"])
        else:
            self.postgres = Postgres(self.folder.path / "postgres", self.sockets, self.folder.log / "postgres.log")
            self.postgres.start()
            self._remember()
            self.postgres.create_database()
            known["DATABASE_URL"] = self.postgres.url()
        if "REDIS_URL" not in known:
            self.redis = Redis(self.sockets, self.folder.log / "redis.log")
            self.redis.start()
            known["REDIS_URL"] = self.redis.url
        self._remember()
        say(f"  Services ... {time.monotonic() - began:.1f} s")
        self.environment |= {
            **known,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "DJANGO_SETTINGS_MODULE": "waymark.settings",
            "PYTHONUNBUFFERED": "1",
            # Celery warns root, who may well be all there is in a container; messages are JSON, never pickle.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
        }
        self.folder.tell(known)

    def _prepare(self) -> bool:
        """Bring database, static files and content up to date; False when somebody asked to stop meanwhile."""
        summary, log = self.folder.run / "summary.txt", self.folder.log / "start.log"
        command = guarded([sys.executable, "-m", "waymark.embedded.prepare", str(summary)], signal.SIGKILL)
        with log.open("wb") as errors:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stderr=errors, start_new_session=True
            )
        try:
            while process.poll() is None and not self.asked_to_stop():
                time.sleep(0.05)
        finally:
            stop(process, signal.SIGTERM, seconds=1)
        if self.asked_to_stop():
            return False
        if process.returncode != 0:
            words = log.read_text(errors="replace").strip()
            reason = words.splitlines()[-1] if words else f"it ended with {process.returncode}"
            raise of_words(words, self.folder.path) or StartProblem(f"{reason} (All of it is in {log}.)")
        self.told = summary.read_text()
        return True

    def _serve(self, began: float) -> None:
        written = self.folder.run / "Procfile"
        written.write_text(procfile(port=self.port, run=self.folder.run))
        command = [sys.executable, "-m", "honcho", "start", "-f", str(written), "-d", str(ROOT), "-e", os.devnull]
        self.honcho = subprocess.Popen(
            guarded(command), cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        threading.Thread(target=self._announce, args=(began,), daemon=True).start()

    def _announce(self, began: float) -> None:
        """Say where it is: when all is ready, or when pages are served and workers take their time."""
        url = f"http://127.0.0.1:{self.port}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        served: float | None = None
        while not self.stopping.wait(0.1):
            with contextlib.suppress(OSError, ValueError), opener.open(f"{url}/readyz", timeout=5) as answer:
                served = served or time.monotonic()
                if json.load(answer)["status"] == "ready" or time.monotonic() - served > WORKER_SECONDS:
                    break
        if not self.stopping.is_set():
            ready = f"Waymark is ready after {time.monotonic() - began:.0f} s: {url}"
            mail = f"What it would mail is read at {url}/demo/mail/"
            say(f"\n{ready}\n\n{self.told.strip()}\n{mail}\n\nStop it with Ctrl-C.\n")

    def _wait(self) -> int:
        """Until somebody stops us, or a process of ours ends by itself."""
        assert self.honcho is not None
        while not self.stopping.wait(0.5):
            self._remember()
            if self.honcho.poll() is not None:
                say("A process of Waymark ended by itself; stopping the rest. Its last words stand above.")
                return 1
            for service in (self.postgres, self.redis):
                if service is not None and service.process is not None and service.process.poll() is not None:
                    say(f"{type(service).__name__} ended by itself; its last words are in {service.log}.")
                    return 1
            if self.interrupted():
                return 0
        return 0

    def _remember(self) -> None:
        """Keep the record of running processes true; a full disk is no reason to stop serving."""
        assert self.sockets is not None
        with contextlib.suppress(OSError):
            self.folder.remember(descendants(os.getpid()), self.sockets)

    # -- stop ------------------------------------------------------------------
    def stop(self) -> None:
        """Stop everything that was started: the site, Redis, PostgreSQL, and whatever is left of them."""
        self.stopping.set()
        if self.honcho is not None:
            stop(self.honcho, signal.SIGTERM, seconds=HONCHO_SECONDS)
            services = {s.process.pid for s in (self.postgres, self.redis) if s is not None and s.process is not None}
            kept = services | {pid for service in services for pid in descendants(service)}
            # What outlived honcho became ours: end it before its database goes.
            orphans = {pid: began for pid, began in descendants(os.getpid()).items() if pid not in kept}
            end(orphans, signal.SIGTERM, seconds=0.5)
        for service in (self.redis, self.postgres):
            if service is not None:
                service.stop(seconds=2)
        end(descendants(os.getpid()), signal.SIGKILL, seconds=0.5)
        if self.sockets is not None:
            shutil.rmtree(self.sockets, ignore_errors=True)
        self.folder.close()


def say(text: str) -> None:
    # A terminal that is gone is no reason to leave anything behind.
    with contextlib.suppress(OSError):
        print(text, flush=True)


def main() -> int:
    try:
        data = Path(os.environ.get("WAYMARK_DATA") or ROOT / "var").absolute()
        launcher = Launcher(data, read_port(os.environ.get("PORT") or "8000"))

        def on_signal(signum: int, frame: FrameType | None) -> None:
            launcher.stopping.set()

        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, on_signal)
        say(f"Starting Waymark on {data}")
        return launcher.run()
    except StartProblem as problem:
        print(f"Waymark cannot start. {problem}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
