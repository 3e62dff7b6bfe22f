"""``make up``: the whole product in one terminal, stopped by Ctrl-C or SIGTERM.

Order of the start: checks, PostgreSQL and Redis, migrations, static files,
curriculum, demo people, then web server, workers and beat under honcho. Order
of the stop: the reverse, in less than ten seconds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from waymark.embedded.folder import DataFolder
from waymark.embedded.problems import StartProblem
from waymark.embedded.processes import descendants, end, guarded, start_time
from waymark.embedded.services import Postgres, Redis, runtime_folder

ROOT = Path(__file__).resolve().parents[3]
STOP_SECONDS = 5.0

PROCFILE = """\
web: exec {guard} gunicorn waymark.wsgi --bind 127.0.0.1:{port} --workers 2 --threads 4 --graceful-timeout 3 --no-control-socket
quiz: exec {guard} celery -A waymark.celery worker -Q grading.quiz -c 1 -n quiz@%h -l WARNING --without-gossip --without-mingle
work: exec {guard} celery -A waymark.celery worker -Q default,grading.checks,grading.regrade -c 1 -n work@%h -l WARNING --without-gossip --without-mingle
beat: exec {guard} celery -A waymark.celery beat -l WARNING -s {run}/beat
"""  # noqa: E501


class Launcher:
    """One run of the product."""

    def __init__(self, data: Path, port: int) -> None:
        self.folder, self.port = DataFolder(data), port
        self.sockets: Path | None = None
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self.honcho: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()
        self.environment = {**os.environ, "WAYMARK_MODE": "embedded", "WAYMARK_DATA": str(data)}

    # -- start -----------------------------------------------------------------
    def run(self) -> int:
        """Start, serve until told to stop, stop. Returns the exit code."""
        began = time.monotonic()
        check_port(self.port)
        self.folder.open()
        try:
            self.folder.end_leftovers()
            self._services()
            self._prepare()
            self._serve(began)
            return self._wait()
        except KeyboardInterrupt:
            return 0
        finally:
            self.stop()

    def _services(self) -> None:
        known = {"WAYMARK_PUBLIC_URL": f"http://127.0.0.1:{self.port}"}
        self.sockets = runtime_folder("wm")
        if not os.environ.get("DATABASE_URL"):
            with self._step("PostgreSQL"):
                self.postgres = Postgres(self.folder.path / "postgres", self.sockets, self.folder.log / "postgres.log")
                self.postgres.start()
                self.postgres.create_database()
            known["DATABASE_URL"] = self.postgres.url()
        if not os.environ.get("REDIS_URL"):
            with self._step("Redis"):
                self.redis = Redis(self.folder.path / "redis", self.sockets, self.folder.log / "redis.log")
                self.redis.start()
            known["REDIS_URL"] = self.redis.url
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        self.environment |= {
            **known,
            "PATH": path,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "DJANGO_SETTINGS_MODULE": "waymark.settings",
            "PYTHONUNBUFFERED": "1",
        }
        self.folder.tell(known)

    def _prepare(self) -> None:
        for title, *arguments in (
            ("Database", "migrate", "--no-input", "--verbosity", "0"),
            ("Static files", "collectstatic", "--no-input", "--verbosity", "0"),
            ("Curriculum", "curriculum", "apply", "fixtures/"),
        ):
            with self._step(title):
                self._manage(*arguments)
        with self._step("Demo people"):
            self.demo = self._manage("demo_seed")

    def _manage(self, *arguments: str) -> str:
        if self.stopping.is_set():
            raise KeyboardInterrupt
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, start_new_session=True,
        )  # fmt: skip
        if self.stopping.is_set():
            raise KeyboardInterrupt
        if done.returncode != 0:
            (self.folder.log / "start.log").write_text(done.stdout + done.stderr)
            words = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
            raise StartProblem(f"manage.py {arguments[0]} failed: {words[-1]} (all of it: {self.folder.log}/start.log)")
        return done.stdout

    def _serve(self, began: float) -> None:
        procfile = self.folder.run / "Procfile"
        guard = " ".join(guarded([], signal.SIGTERM))
        procfile.write_text(PROCFILE.format(guard=guard, port=self.port, run=self.folder.run))
        check_port(self.port)
        command = guarded([sys.executable, "-m", "honcho", "start", "-f", str(procfile), "-d", str(ROOT)])
        env = self.environment | {"PORT": str(self.port)}
        self.honcho = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, start_new_session=True)
        threading.Thread(target=self._announce, args=(began,), daemon=True).start()

    def _announce(self, began: float) -> None:
        url = f"http://127.0.0.1:{self.port}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not self.stopping.wait(0.1):
            with contextlib.suppress(OSError), opener.open(f"{url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    break
        if not self.stopping.is_set():
            say(f"\nWaymark is ready after {time.monotonic() - began:.0f} s: {url}\n\n{self.demo}\nStop it with Ctrl-C.\n")

    def _wait(self) -> int:
        """Until somebody stops us, or a process of ours ends by itself."""
        assert self.honcho is not None
        make = interrupted_parent()
        known: dict[int, str] = {}
        while not self.stopping.wait(0.5):
            if (now := descendants(os.getpid())) != known:
                known = now
                self.folder.remember(known)
            if self.honcho.poll() is not None:
                say("A process of Waymark ended by itself; stopping the rest. Its last words stand above.")
                return 1
            for service in (self.postgres, self.redis):
                if service is not None and service.process is not None and service.process.poll() is not None:
                    say(f"{type(service).__name__} ended by itself; its last words are in {service.log}.")
                    return 1
            if make():
                return 0
        return 0

    # -- stop ------------------------------------------------------------------
    def stop(self) -> None:
        """Stop everything that was started; called once more it does nothing."""
        self.stopping.set()
        below = descendants(os.getpid())
        services = {s.process.pid for s in (self.postgres, self.redis) if s is not None and s.process is not None}
        if self.honcho is not None:
            own = {pid: began for pid, began in descendants(self.honcho.pid).items()}
            if (began := start_time(self.honcho.pid)) is not None:
                with contextlib.suppress(ProcessLookupError):
                    self.honcho.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.honcho.wait(STOP_SECONDS)
                own[self.honcho.pid] = began
            end(own, signal.SIGTERM, seconds=1)
            self.honcho = None
        for service in (self.redis, self.postgres):
            if service is not None:
                service.stop(seconds=3)
        end({pid: began for pid, began in below.items() if pid not in services}, signal.SIGTERM, seconds=1)
        if self.sockets is not None:
            shutil.rmtree(self.sockets, ignore_errors=True)
            self.sockets = None
        self.folder.close()

    @contextlib.contextmanager
    def _step(self, title: str) -> Iterator[None]:
        began = time.monotonic()
        print(f"  {title} ...", end="", flush=True)
        yield
        say(f" {time.monotonic() - began:.1f} s")


def say(text: str) -> None:
    print(text, flush=True)


def check_port(port: int) -> None:
    """Refuse a port that somebody else serves."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise StartProblem(f"This user may not serve port {port}: choose another, such as PORT=8001.") from error
        except OSError as error:
            raise StartProblem(
                f"Port {port} is in use: stop what serves it, or choose another, such as PORT={port + 1}."
            ) from error


def interrupted_parent() -> Callable[[], bool]:
    """Whether ``make`` was interrupted, when it is our parent.

    GNU make passes SIGTERM on to its recipe but not SIGINT, and waits for it:
    it gives up its own handler, which is the only trace.
    """
    parent = os.getppid()

    def catches() -> bool | None:
        try:
            lines = Path(f"/proc/{parent}/status").read_text().splitlines()
        except OSError:
            return None
        caught = next((line.split()[1] for line in lines if line.startswith("SigCgt")), "0")
        return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)

    try:
        is_make = Path(f"/proc/{parent}/comm").read_text().strip() in ("make", "gmake")
    except OSError:
        is_make = False
    caught = is_make and catches() is True
    return lambda: os.getppid() != parent or (caught and catches() is not True)


def read_port(text: str) -> int:
    """The number in ``PORT``."""
    if text.isdecimal() and 0 < int(text) < 65_536:
        return int(text)
    raise StartProblem(f"PORT is {text!r}: it must be a number from 1 to 65535.")


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
        print(f"\nWaymark cannot start. {problem}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
