"""What hostile work cannot reach: networks, sockets, secrets, hidden cases, other people's work."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.checks.kinds.call import KIND
from grading.sandbox.contract import Outcome
from grading.sandbox.image import Image
from grading.sandbox.lifted import Lifted
from tests.grading.sandbox.cases import work
from tests.grading.sandbox.conftest import Watched, backend_at, opened_for_runs
from tests.grading.sandbox.judge import SEEDS, beside_control, judged

TOUCH = """
import socket
def reached(family, kind, address):
    try:
        with socket.socket(family, kind) as client:
            client.settimeout(0.3)
            client.connect(address)
            client.send(b"x")
            return True
    except OSError:
        return False
"""
MARK = "seven-sealed-4f1c"
SEARCH = """
import os
def search(mark, *roots):
    found = []
    for root in roots:
        for folder, names, files in os.walk(root):
            for name in files:
                path = os.path.join(folder, name)
                try:
                    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                    with open(number, "rb") as file:
                        if mark in (file.read(1 << 20) or b''):
                            found.append(path)
                except OSError:
                    pass
    return found
"""


@pytest.fixture
def listeners(tmp_path: Path) -> Iterator[dict[str, socket.socket]]:
    """On this machine: TCP, UDP, a Unix socket that everybody may open, and an abstract one."""
    path = Path("/tmp") / f"waymark-test-{tmp_path.name[-20:]}.sock"
    made = {
        "tcp": socket.create_server(("127.0.0.1", 0)),
        "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "unix": socket.socket(socket.AF_UNIX),
        "abstract": socket.socket(socket.AF_UNIX),
    }
    made["udp"].bind(("127.0.0.1", 0))
    made["unix"].bind(str(path))
    path.chmod(0o777)
    made["abstract"].bind(f"\0waymark-test-{tmp_path.name}")
    made["unix"].listen()
    made["abstract"].listen()
    for each in made.values():
        each.settimeout(0.2)
    yield made
    for each in made.values():
        each.close()
    path.unlink()


def touching(listeners: dict[str, socket.socket]) -> dict[str, str]:
    """Work that answers rightly when it reached the listener, by listener."""
    kinds = {"tcp": ("AF_INET", "SOCK_STREAM"), "udp": ("AF_INET", "SOCK_DGRAM")}
    sources = {}
    for name, listener in listeners.items():
        family, kind = kinds.get(name, ("AF_UNIX", "SOCK_STREAM"))
        call = f"reached(socket.{family}, socket.{kind}, {listener.getsockname()!r})"
        sources[name] = work(TOUCH + f"got = {call}\n", answer="n * n + 1 if got else 0")
    return sources


def heard(name: str, listener: socket.socket) -> bool:
    try:
        if name == "udp":
            return bool(listener.recv(10))
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("name", ["tcp", "udp", "unix", "abstract"])
def test_no_socket_of_the_machine_is_reached(backend: Watched, listeners: dict[str, socket.socket], name: str) -> None:
    outcome, control = beside_control(backend, {"solution.py": touching(listeners)[name].encode()})
    # A datagram is sent, but to the run's own loopback, where nobody listens.
    assert outcome.outcome is (Outcome.PASSED if name == "udp" else Outcome.FAILED)
    assert control.outcome is Outcome.PASSED
    assert not heard(name, listeners[name])


@pytest.mark.parametrize("name", ["tcp", "udp", "abstract"])
def test_the_network_namespace_is_what_prevents_it(
    sandbox_image: Image, listeners: dict[str, socket.socket], name: str
) -> None:
    open_to_all = backend_at(sandbox_image, "supervised", Lifted(network=True))
    outcome = judged(open_to_all, {"solution.py": touching(listeners)[name].encode()})
    assert outcome.outcome is Outcome.PASSED
    assert heard(name, listeners[name])


def test_no_address_outside_is_reached(backend: Watched) -> None:
    source = work(TOUCH + """
addresses = [("192.0.2.1", 80), ("169.254.169.254", 80), ("198.51.100.7", 5432), ("198.51.100.7", 6379)]
got = any(reached(socket.AF_INET, kind, address) for address in addresses
          for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))
got = got or reached(socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 80))
try:
    got = got or bool(socket.getaddrinfo("example.org", 80))
except OSError:
    pass
""", answer="n * n + 1 if got else 0")  # fmt: skip
    assert judged(backend, {"solution.py": source.encode()}).outcome is Outcome.FAILED


def test_no_secret_of_the_worker_is_seen(backend: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_TEST_SECRET", MARK)
    source = SEARCH + work("""
import os
print(dict(os.environ))
print(search(b"%s", "/proc"))
pids = [name for name in os.listdir("/proc") if name.isdigit()]
print("processes", len(pids))
""" % ("seven-sealed" + '" b"' + "-4f1c"), answer="0")  # fmt: skip
    outcome = judged(backend, {"solution.py": source.encode()}, {"wall": 20, "cpu": 10})
    said = outcome.runs["learner"].evidence.stdout.decode()
    assert MARK not in said
    assert "[]" in said
    assert "processes 2" in said, "bwrap's own first process and this one"


def test_hidden_cases_are_nowhere_on_the_learners_side(backend: Watched) -> None:
    spec = {
        "module": "solution", "function": "solve", "seconds": 20, "limits": {"wall": 30, "cpu": 20, "memory": 128},
        "cases": [{"args": [1], "expect": MARK}, {"args": [2], "expect": MARK}],
    }  # fmt: skip
    source = (
        SEARCH
        + """
import gc, inspect, os, sys
mark = "seven-sealed" + "-4f1c"
def solve(n):
    own = {id(mark)}
    found = [thing for thing in gc.get_objects() if isinstance(thing, (list, tuple, dict)) and id(thing) not in own
             and mark in str(thing)[:100000] and thing is not globals()]
    for frame in inspect.stack():
        found += [name for name, value in frame.frame.f_locals.items()
                  if name not in ("found", "mark", "own") and isinstance(value, str) and mark in value]
    files = search(mark.encode(), "/work", "/tmp", "/dev/shm", "/kit", "/proc/self")
    print("FOUND", len(found), files)
    for number in range(256):
        try:
            link = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        print("FD", number, link.split(":")[0])
    return 0
"""
    )
    outcome = KIND.prepare(spec, {}).run(backend, {"solution.py": source.encode()}, SEEDS)
    learner = outcome.runs["learner"]
    said = learner.evidence.stdout.decode()
    assert outcome.outcome is Outcome.FAILED, (learner.reason, learner.evidence.stderr)
    files = said.split("FOUND", 1)[1].splitlines()[0]
    assert "plan.json" not in said
    assert "/kit" not in files
    assert "/tmp" not in files
    descriptors = {line.split()[1]: line.split()[2] for line in said.splitlines() if line.startswith("FD")}
    assert set(descriptors) <= {"0", "1", "2", "3", "4"}
    assert descriptors["3"] == "socket"
    assert MARK not in outcome.message


def test_other_work_is_not_found_while_it_runs(backend: Watched) -> None:
    held = threading.Event()
    theirs = work(f"mark = '{MARK}'\nimport time; time.sleep(1.5)\n")

    def other() -> None:
        held.set()
        judged(backend, {"solution.py": theirs.encode(), "notes.txt": MARK.encode()}, {"wall": 20})

    running = threading.Thread(target=other)
    running.start()
    held.wait()
    spy = SEARCH + work("print('SEEN', search(b'seven-sealed' + b'-4f1c', '/work', '/tmp', '/dev', '/proc', '/kit'))")
    outcome = judged(backend, {"solution.py": spy.encode()}, {"wall": 20, "cpu": 10})
    running.join()
    assert "SEEN []" in outcome.runs["learner"].evidence.stdout.decode()


def test_the_next_run_begins_clean(backend: Watched) -> None:
    leave = work("""
import os, pathlib
for folder in ("/tmp", "/dev/shm", "/work"):
    pathlib.Path(folder, "left").write_text("x")
pathlib.Path("/work/__pycache__").mkdir(exist_ok=True)
pathlib.Path("/work/__pycache__/solution.cpython-311.pyc").write_bytes(b"x")
""")
    look = work(
        "import os\nleft = [f for f in ('/tmp', '/dev/shm', '/work') if set(os.listdir(f)) - {'solution.py'}]",
        answer="n * n + 1 if not left else 0",
    )
    assert judged(backend, {"solution.py": leave.encode()}).outcome is Outcome.PASSED
    assert judged(backend, {"solution.py": look.encode()}).outcome is Outcome.PASSED


def test_a_socket_of_the_kit_is_no_way_to_send_descriptors(backend: Watched) -> None:
    """A descriptor that is sent along with a reply never arrives: the worker carries bytes only."""
    source = work("""
import inspect, json, os, socket
""", """
nonce = next(f.frame.f_locals["question"]["nonce"] for f in inspect.stack() if "question" in f.frame.f_locals)
text = json.dumps({"nonce": nonce, "value": n * n + 1}).encode()
with socket.socket(fileno=os.dup(3)) as channel:
    socket.send_fds(channel, [len(text).to_bytes(4, "big") + text], [0, 1])
import time; time.sleep(30)
""")  # fmt: skip
    before = opened_for_runs(backend.inner)
    outcome = judged(backend, {"solution.py": source.encode()}, {"wall": 2})
    assert outcome.outcome is Outcome.TIME, "the reply itself counted, the call did not return"
    assert opened_for_runs(backend.inner) == before
