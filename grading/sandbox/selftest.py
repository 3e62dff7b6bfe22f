"""Whether every limit bites here, tried out and not assumed.

A backend whose self-test fails is not used: a limit that holds nothing looks
exactly like one that was never reached.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from grading.sandbox.contract import MEBIBYTE, Backend, Collect, Job, Limits, Outcome, Result, SandboxUnavailable
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON

LIMITS: Final = Limits(
    wall=4.0,
    cpu=2.0,
    memory=64 * MEBIBYTE,
    processes=12,
    output=16 * 1024,
    file_size=MEBIBYTE,
    disk=4 * MEBIBYTE,
    inodes=64,
    open_files=32,
)


@dataclass(frozen=True, slots=True)
class Report:
    """:param problems: by name of the probe; empty when all of them bite."""

    backend: str
    level: str
    image: str
    tried: tuple[str, ...]
    problems: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return bool(self.tried) and not self.problems


@dataclass(frozen=True, slots=True)
class Probe:
    """A program, and the outcome that its limit must lead to."""

    program: str
    outcome: Outcome
    limits: Limits = LIMITS


def _limits(**changed: float) -> Limits:
    return Limits(**{name: changed.get(name, getattr(LIMITS, name)) for name in Limits.__slots__})  # type: ignore[arg-type]


PROBES: Final[Mapping[str, Probe]] = {
    "wall time": Probe("import time; time.sleep(60)", Outcome.TIME, _limits(wall=0.3)),
    "processor time": Probe("while True: pass", Outcome.TIME, _limits(cpu=0.2)),
    "memory": Probe("kept = bytearray()\nwhile True: kept += b'x' * 1048576", Outcome.MEMORY),
    "processes": Probe(
        "import os, time\nfor _ in range(40):\n    if not os.fork(): time.sleep(60)\ntime.sleep(60)", Outcome.PROCESSES
    ),
    "threads": Probe(
        "import threading, time\nfor _ in range(40): threading.Thread(target=time.sleep, args=(60,)).start()",
        Outcome.PROCESSES,
    ),
    "output": Probe("while True: print('x' * 1000)", Outcome.OUTPUT),
    "disk": Probe("for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(1000000))", Outcome.DISK),
    "shared memory": Probe("for n in range(9): open(f'/dev/shm/{n}', 'wb').write(bytes(1000000))", Outcome.DISK),
    "file size": Probe("open('big', 'wb').write(bytes(3000000))", Outcome.DISK),
    "number of files": Probe("for n in range(999): open(str(n), 'w')", Outcome.DISK),
}

CONFINED: Final = """
import ctypes, json, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def refused(call):
    try:
        call()
    except OSError:
        return True
    return False
def called(number, *rest):
    def call():
        if libc.syscall(number, *rest) < 0:
            raise OSError(ctypes.get_errno())
    return call
def opened(path):
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True
def below(folder, besides):
    for inner, names, files in os.walk(folder):
        names[:] = [name for name in names if os.path.join(inner, name) != besides]
        yield from files
def files():
    kept = [open("/dev/null") for _ in range(64)]
def connect():
    socket.create_connection(("192.0.2.1", 80), 0.2)
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
devices = [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line]
keyctl, bpf = {"x86_64": (250, 321), "aarch64": (219, 280)}[os.uname().machine]
found = {
    "open files": refused(files),
    "no network": refused(connect) and devices == ["lo"],
    "no other address families": refused(lambda: socket.socket(40, socket.SOCK_STREAM)),
    "read-only root": all(
        refused(lambda f=f: open(f + "/x", "w")) for f in ("/", "/usr", "/etc", "/dev", "/kit", "/box", "/proc")
    ),
    "no user namespaces": libc.unshare(0x10000000) < 0,
    "no mounts": libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) < 0,
    "filter of system calls": refused(called(keyctl, 0, -3, 1)) and refused(called(bpf, 0, 0, 0)),
    "not root": os.getuid() != 0 and os.geteuid() != 0,
    "no capabilities": all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")),
    "no new privileges": status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == "2",
    "own processes only": len([name for name in os.listdir("/proc") if name.isdigit()]) <= 3,
    "first process out of reach": not any(
        opened(f"/proc/1/{f}") for f in ("mem", "environ", "root", "fd", "task/1/mem")
    ),
    "nothing of the host": not any(os.path.exists(f) for f in ("/home", "/root", "/var", "/run"))
    and not any(below("/sys", besides="/sys/fs/cgroup")),
    "clean environment": set(os.environ) <= {"PATH", "HOME", "LANG", "TMPDIR", "LC_CTYPE"},
    "clean descriptors": set(os.listdir("/proc/self/fd")) <= {"0", "1", "2", "3"},
}
os.symlink("/etc/passwd", "link")
os.mkfifo("pipe")
json.dump(found, open("found.json", "w"))
"""


def selftest(backend: Backend) -> Report:
    """Try every limit of *backend*. Takes some seconds."""
    problems: dict[str, str] = {}
    tried: list[str] = []
    for name, problem in _tried(backend):
        tried.append(name)
        if problem:
            problems[name] = problem
    return Report(backend.name, str(backend.level), backend.image, tuple(tried), problems)


def _tried(backend: Backend) -> Iterator[tuple[str, str]]:
    for name, probe in PROBES.items():
        yield name, _problem(backend, probe)
    confined = Job(
        command=(PYTHON, "-I", "-c", CONFINED),
        kit={"present": b""},
        limits=LIMITS,
        collect=Collect(paths=("found.json", "link", "pipe")),
    )
    try:
        result = run(backend, confined)
        found = json.loads(result.evidence.files["found.json"])
    except SandboxUnavailable as error:
        yield "confinement", str(error)
        return
    except (KeyError, ValueError):
        said = result.evidence.stderr.decode(errors="replace").strip().splitlines()
        yield "confinement", f"could not be tried ({result.outcome}): {said[-1] if said else result.reason}"
        return
    for name, holds in found.items():
        yield name, "" if holds is True else "does not hold"
    yield "collection", _collection(result)


def _problem(backend: Backend, probe: Probe) -> str:
    try:
        result = run(backend, Job(command=(PYTHON, "-I", "-c", probe.program), limits=probe.limits))
    except SandboxUnavailable as error:
        return str(error)
    return "" if result.outcome is probe.outcome else f"ended as {result.outcome}: {result.reason}"


def _collection(result: Result) -> str:
    refused = result.evidence.refused
    return "" if set(refused) == {"link", "pipe"} else f"refused only {', '.join(sorted(refused)) or 'nothing'}"
