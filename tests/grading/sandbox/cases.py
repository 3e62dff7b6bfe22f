"""Hostile and honest submissions to one lab: ``solve(n)`` is to give ``n * n + 1``.

A case that runs into a limit is bounded: it would answer rightly if that limit
were lifted, so the limit alone makes the difference.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any

from grading.sandbox.lifted import Lifted

RIGHT = "def solve(n):\n    return n * n + 1\n"


@dataclass(frozen=True)
class Case:
    """:param number: in the specification's list.
    :param limits: of the learner's side, other than those of the test.
    :param lifted: limits with which the same work passes, or the defence without which it does.
    """

    number: int
    name: str
    outcome: str
    source: str
    limits: dict[str, Any] = field(default_factory=dict)
    lifted: dict[str, Any] | Lifted | None = None
    files: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.number}-{self.name}"

    def all_files(self) -> dict[str, bytes]:
        return {name: text.encode() for name, text in {"solution.py": self.source, **self.files}.items()}


def work(before: str = "", inside: str = "", answer: str = "n * n + 1") -> str:
    """A module with *before* at import, then ``solve`` with *inside* before it answers."""
    body = textwrap.indent(textwrap.dedent(inside).strip("\n"), "    ")
    return textwrap.dedent(before) + f"\ndef solve(n):\n{body}\n    return {answer}\n"


BURN = """
import time
until = time.process_time() + {seconds}
while time.process_time() < until:
    pass
"""
KILL = """
import os
for target in ({targets}):
    try: os.kill(target, 9)
    except OSError: pass
"""
FORGE = """
import json, os
def forged(**what):
    text = json.dumps(what).encode()
    return len(text).to_bytes(4, "big") + text
"""

LIMITS = (
    Case(1, "cpu-loop", "time", work(BURN.format(seconds=0.9)), {"cpu": 0.3, "wall": 4}, {"cpu": 5, "wall": 20}),
    Case(2, "sleep", "time", work("import time; time.sleep(2)"), {"wall": 0.8}, {"wall": 20}),
    Case(
        3, "ignores-signals", "time",
        work(
            "import signal\nfor number in (signal.SIGTERM, signal.SIGXCPU, signal.SIGINT):\n"
            "    signal.signal(number, signal.SIG_IGN)" + BURN.format(seconds=0.9)
        ),
        {"cpu": 0.3, "wall": 4}, {"cpu": 5, "wall": 20},
    ),
    Case(
        4, "cpu-over-children", "time",
        work("import os\nfor _ in range(50):\n    if not os.fork():\n"
             + textwrap.indent(BURN.format(seconds=0.04), "        ")
             + "        os._exit(0)\nfor _ in range(50): os.wait()"),
        {"cpu": 0.4, "wall": 8, "processes": 64}, {"cpu": 20, "wall": 30, "processes": 64},
    ),
    Case(
        5, "fork-bomb", "processes",
        work("import os, time\nfor _ in range(40):\n    if not os.fork(): time.sleep(60)\ntime.sleep(0.5)"),
        {"wall": 5, "memory": 256}, {"processes": 100, "wall": 20, "memory": 256},
    ),
    Case(5, "fork-bomb-unbounded", "processes", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
         {"wall": 3}),
    Case(
        5, "thread-bomb", "processes",
        work("import threading, time\nfor _ in range(60):\n"
             "    threading.Thread(target=time.sleep, args=(1,), daemon=True).start()\ntime.sleep(0.2)"),
        {"wall": 5}, {"processes": 100, "wall": 20},
    ),
    Case(
        6, "memory", "memory",
        work("import time\nkept = []\nfor _ in range(160): kept.append(b'x' * 1048576)\ntime.sleep(0.1)"),
        {"memory": 64, "wall": 5}, {"memory": 512, "wall": 20},
    ),
    Case(
        7, "memory-over-children", "memory",
        work("import os, time\nfor _ in range(8):\n    if not os.fork():\n        kept = b'x' * 16777216\n"
             "        time.sleep(0.6)\n        os._exit(0)\nfor _ in range(8): os.wait()"),
        {"memory": 64, "wall": 5}, {"memory": 512, "wall": 20},
    ),
    Case(
        8, "dev-shm", "disk",
        work("for n in range(12): open(f'/dev/shm/{n}', 'wb').write(bytes(1048576))"),
        {"disk": 8}, {"disk": 64},
    ),
    Case(
        8, "tmp", "disk", work("for n in range(12): open(f'/tmp/{n}', 'wb').write(bytes(1048576))"),
        {"disk": 8}, {"disk": 64},
    ),
    Case(9, "huge-file", "disk", work("open('huge', 'wb').write(bytes(12 * 1048576))"), {"disk": 8}, {"disk": 64}),
    Case(10, "empty-files", "disk", work("for n in range(600): open(f'/tmp/{n}', 'w')"),
         {"files": 64}, {"files": 4096}),
    Case(11, "stdout", "output", work("import os\nfor _ in range(40): os.write(1, b'x' * 65536)"),
         {}, {"output": 8}),
    Case(11, "stderr", "output", work("import os\nfor _ in range(40): os.write(2, b'x' * 65536)"),
         {}, {"output": 8}),
    Case(11, "endless", "output", "while True: print('x' * 1000)", {}),
)  # fmt: skip

GROUPS = (
    Case(
        12, "daemon", "passed",
        work("import os, time\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
             "        while True: open('/tmp/alive', 'w').write('x'); time.sleep(0.01)\n"
             "    os._exit(0)\nos.wait()"),
    ),
    Case(13, "zombies", "passed", work("import os\nfor _ in range(1000):\n    if not os.fork(): os._exit(0)"),
         {"wall": 20, "cpu": 10, "processes": 64, "memory": 256}),
    Case(
        14, "kills-everything", "failed",
        work(KILL.format(targets="-1, os.getppid(), 1, 0")),
    ),
    Case(14, "kills-others-only", "passed",
         work(KILL.format(targets="-1, os.getppid(), 1"))),
)  # fmt: skip

SYSTEM_CALLS = """
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
def allowed(number, *rest):
    return libc.syscall(number, *rest) >= 0
def can(call):
    try:
        call()
    except OSError:
        return False
    return True
"""
CONFINED = (
    Case(
        17, "keyctl", "failed", work(SYSTEM_CALLS, "", "n * n + 1 if allowed(250 if x86 else 219, 0, -3, 1) else 0"),
        lifted=Lifted(seccomp=True),
    ),
    Case(17, "vsock", "failed", work(SYSTEM_CALLS, "", "n * n + 1 if can(lambda: socket.socket(40, 1)) else 0")),
    Case(17, "netlink", "failed", work(SYSTEM_CALLS, "", "n * n + 1 if can(lambda: socket.socket(16, 3, 0)) else 0"),
         lifted=Lifted(seccomp=True)),
    Case(17, "io-uring", "failed",
         work(SYSTEM_CALLS, "data = ctypes.create_string_buffer(120)", "n * n + 1 if allowed(425, 4, data) else 0")),
    Case(17, "memfd", "failed", work(SYSTEM_CALLS, "", "n * n + 1 if can(lambda: os.memfd_create('x')) else 0"),
         lifted=Lifted(seccomp=True)),
    Case(36, "unshare", "failed",
         work(SYSTEM_CALLS + "own = libc.unshare(0x10000000) == 0\n", "", "n * n + 1 if own else 0"),
         lifted=Lifted(seccomp=True, userns=True)),
    Case(36, "clone-namespace", "failed",
         work(SYSTEM_CALLS, """
            pid = libc.syscall(56 if x86 else 220, 0x10000000 | 17, 0, 0, 0, 0)
            if pid == 0:
                os._exit(0)
         """, "n * n + 1 if pid > 0 else 0"),
         lifted=Lifted(seccomp=True, userns=True)),
    Case(36, "mount", "failed",
         work(SYSTEM_CALLS, "", "n * n + 1 if libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0) == 0 else 0")),
    Case(36, "bpf", "failed", work(SYSTEM_CALLS, "", "n * n + 1 if allowed(321 if x86 else 280, 0, 0, 0) else 0")),
    Case(36, "setuid", "failed",
         work(SYSTEM_CALLS, "", "n * n + 1 if can(lambda: os.setuid(0)) or can(lambda: os.setgroups([0])) else 0")),
    Case(36, "device", "failed", work(SYSTEM_CALLS + "import stat\n", "",
         "n * n + 1 if can(lambda: os.mknod('/tmp/d', 0o600 | stat.S_IFBLK, os.makedev(254, 0))) else 0")),
    Case(36, "writes-to-first-process", "failed", work(SYSTEM_CALLS, """
        ways = ("/proc/1/mem", "/proc/1/task/1/mem", "/proc/self/root/proc/1/mem", "/proc/self/task/../../1/mem")
        found = [way for way in ways if can(lambda: os.close(os.open(way, os.O_RDWR)))]
     """, "n * n + 1 if found else 0"), lifted=Lifted(init=True)),
    Case(36, "writes-to-system", "failed", work(SYSTEM_CALLS, """
        places = ("/", "/usr", "/usr/local", "/etc", "/dev", "/kit", "/box", "/proc/sys/kernel")
     """, "n * n + 1 if any(can(lambda p=p: open(p + '/x', 'w')) for p in places) else 0")),
)  # fmt: skip

FORGERIES = (
    Case(28, "own-configuration", "passed", "import json\nassert json.dumps([]) == '[]'\n" + RIGHT, files={
        "conftest.py": "print('LOADED')", "sitecustomize.py": "print('LOADED')", "usercustomize.py": "print('LOADED')",
        "json.py": "print('LOADED')", "pytest.ini": "[pytest]\naddopts = -p no:main\n", "plain.py": "print('LOADED')",
        "frames.py": "print('LOADED')", "socket.py": "print('LOADED')",
    }),
    Case(29, "exit-at-import", "failed", "import os\nos._exit(0)\n"),
    Case(29, "exit-in-call", "failed", work("import os", "os._exit(0)")),
    Case(29, "system-exit", "failed", "raise SystemExit(0)\n"),
    Case(30, "always-equal", "failed",
         work("class Equal:\n    def __eq__(self, other): return True", answer="Equal()")),
    Case(30, "lying-float", "failed",
         work("class Lie(float):\n    def __eq__(self, other): return True\n    __hash__ = None", answer="Lie(7.5)")),
    Case(30, "lying-dict", "failed", work("""
        class Lie(dict):
            def __eq__(self, other): return True
            __hash__ = None
    """, answer="Lie()")),
    Case(30, "true-for-one", "failed", work("", "if n == 0: return True")),
    Case(30, "string-for-number", "failed", work("", answer="str(n * n + 1)")),
    Case(31, "patches-kit", "failed", """
import frames, json, plain, sys, unittest
plain.same = lambda *a, **k: True
unittest.TestCase.assertEqual = lambda *a, **k: None
json.loads = lambda *a, **k: {"status": "passed"}
sys.modules["__main__"].answer = lambda question: {"value": None, "status": "passed", "passed": True}
def solve(n): return None
"""),
    Case(32, "rewrites-result", "failed", """
import atexit, json
def forge():
    cases = [{"id": f"case-{n}", "visible": False, "status": "passed", "message": ""} for n in (1, 2, 3, 4)]
    for path in ("/work/result.json", "result.json", "/tmp/result.json"):
        open(path, "w").write(json.dumps({"cases": cases, "over": ""}))
forge()
atexit.register(forge)
def solve(n): return 0
"""),
    Case(33, "prints-verdicts", "failed", """
print("PASSED\\n4 passed in 0.01s\\n\\x1b[32mOK\\x1b[0m")
print('{"outcome": "passed", "cases": [], "over": ""}')
def solve(n): return "\\x1b[2J\\u202e<script>alert(1)</script>\\x00"
"""),
    Case(34, "sprays-descriptors", "failed", FORGE + """
for n in range(64):
    try: os.write(n, forged(nonce="0" * 32, value=1) * 8)
    except OSError: pass
""" + RIGHT),
    Case(34, "answers-from-call", "failed", work(FORGE, "os.write(3, forged(nonce='', value=n * n + 1))")),
    Case(35, "future-replies", "failed", FORGE + """
import inspect
def solve(n):
    for frame in inspect.stack():
        question = frame.frame.f_locals.get("question")
        if isinstance(question, dict):
            for _ in range(5): os.write(3, forged(nonce=question["nonce"], value=n * n + 1))
    return n * n + 1
"""),
    Case(35, "oversized", "failed", work("", answer="'x' * 3_000_000")),
    Case(35, "claims-oversized", "failed", work("import os", "os.write(3, b'\\xff' * 4096)")),
    Case(35, "not-a-number", "failed", work("", answer="float('nan')")),
    Case(35, "raw-not-a-number", "failed", FORGE + """
import inspect
def solve(n):
    nonce = next(f.frame.f_locals["question"]["nonce"] for f in inspect.stack() if "question" in f.frame.f_locals)
    text = b'{"nonce": "%s", "value": NaN}' % nonce.encode()
    os.write(3, len(text).to_bytes(4, "big") + text)
    return 1
"""),
    Case(35, "deep", "failed", """
def solve(n):
    value = n
    for _ in range(500): value = [value]
    return value
"""),
    Case(35, "raw-deep", "failed",
         work("import os", "text = b'[' * 500000\nos.write(3, len(text).to_bytes(4, 'big') + text)")),
    Case(35, "contains-itself", "failed", "def solve(n):\n    value = []\n    value.append(value)\n    return value\n"),
    Case(35, "closes-channel", "failed", work("import os", "os.closerange(3, 256)")),
)  # fmt: skip

HONEST = (
    Case(0, "threads", "passed", work("import threading", """
        got = []
        workers = [threading.Thread(target=lambda: got.append(n * n)) for _ in range(4)]
        for worker in workers: worker.start()
        for worker in workers: worker.join()
    """, "got[0] + 1")),
    Case(0, "multiprocessing", "passed", work("import multiprocessing\ndef square(n): return n * n\n", """
        with multiprocessing.Pool(2) as pool:
            got = pool.map(square, [n])
    """, "got[0] + 1"), {"memory": 256, "wall": 20}),
    Case(0, "multiprocessing-spawn", "passed", work("import multiprocessing\ndef square(n): return n * n\n", """
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            got = pool.map(square, [n])
    """, "got[0] + 1"), {"memory": 256, "wall": 20}),
    Case(0, "child-process", "passed", work("import subprocess, sys", """
        got = int(subprocess.run([sys.executable, "-c", f"print(({n}) ** 2)"], capture_output=True, check=True).stdout)
    """, "got + 1"), {"wall": 20}),
    Case(0, "package", "passed",
         "from parts.squares import square\n\ndef solve(n):\n    return square(n) + 1\n", files={
        "parts/__init__.py": "", "parts/squares.py": "from .base import times\ndef square(n): return times(n, n)\n",
        "parts/base.py": "def times(a, b): return a * b\n",
    }),
    Case(0, "main-guard", "passed", RIGHT + "\nif __name__ == '__main__':\n    raise SystemExit('not imported')\n"),
    Case(0, "debug-prints", "passed", work("print('begin')", "print('n is', n, flush=True)")),
    Case(0, "unicode", "passed", work("größe = 'ß→🙂'", "print(größe)"), files={"übung ä.txt": "ä"}),
    Case(0, "crlf", "passed", RIGHT.replace("\n", "\r\n"), files={"my notes.txt": "a\r\n"}),
    Case(0, "temporary-files", "passed", work("import tempfile", """
        with tempfile.NamedTemporaryFile("w+") as file:
            file.write(str(n * n)); file.seek(0)
            got = int(file.read())
        open("left.txt", "w").write("x")
    """, "got + 1")),
    Case(0, "time-and-memory", "passed",
         work(BURN.format(seconds=1.5) + "kept = bytearray(b'x') * (150 * 1048576)"),
         {"cpu": 10, "wall": 30, "memory": 256}),
    Case(0, "shared-memory", "passed", work("from multiprocessing import shared_memory", """
        block = shared_memory.SharedMemory(create=True, size=4096)
        block.buf[0] = 7; block.close(); block.unlink()
    """), {"wall": 20}),
    Case(0, "loopback", "passed", work("import socket", """
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        server.accept()[0].sendall(b"x"); client.recv(1); client.close(); server.close()
    """)),
    Case(0, "asyncio", "passed",
         work("import asyncio\nasync def square(n): return n * n\n", answer="asyncio.run(square(n)) + 1")),
    Case(0, "leaves-thread", "passed",
         work("import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()")),
)  # fmt: skip

ALL = (*LIMITS, *GROUPS, *CONFINED, *FORGERIES, *HONEST)
