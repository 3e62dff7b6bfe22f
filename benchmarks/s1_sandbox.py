"""S1, S3, S4.cold, S5, S6: what running work in the sandbox costs, beside running it without one.

The image is made for the measurement, with pytest of the project's own lock as its tool.
The job of S3 to S5 is a file of two tests, outside by the very same interpreter and
tools; S4 asks the same two questions from the grader's side.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.harness import CALLS, ROOT, ROUNDS, Row, interleaved

if TYPE_CHECKING:
    from grading.sandbox.bubblewrap.backend import BubblewrapBackend
    from grading.sandbox.contract import Backend, Job

SIZES: Final = {"quick": 10, "full": 40}
WALL: Final = 1.0
AHEAD: Final = 2
"""As ``grading.sandbox.selection`` has it."""
TOOLS: Final = ("pytest", "iniconfig", "packaging", "pluggy", "pygments")
NOOP: Final = "/usr/bin/true"
BARE_BWRAP: Final = (
    *("/usr/bin/bwrap", "--unshare-all", "--new-session", "--die-with-parent", "--ro-bind", "/usr", "/usr"),
    *(
        "--symlink",
        "usr/lib",
        "/lib",
        "--symlink",
        "usr/lib64",
        "/lib64",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--",
        NOOP,
    ),
)
SOLUTION: Final = "def double(number):\n    return 2 * number\n"
SUITE: Final = (
    "from solution import double\n\n\ndef test_two():\n    assert double(2) == 4\n\n\n"
    "def test_text():\n    assert double('a') == 'aa'\n"
)
FILES: Final = {"solution.py": SOLUTION.encode(), "test_solution.py": SUITE.encode()}
PYTEST: Final = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_solution.py")


def rows(kind: str) -> list[Row]:
    with _image() as folder:
        noop, cold, pytest, two_sided = _noop(folder), _cold(folder), _pytest(folder), _two_sided(folder)
        return [noop, cold, pytest, two_sided, _pairs(folder, SIZES[kind]), _kill(folder)]


def _noop(folder: Path) -> Row:
    from grading.sandbox.contract import Job

    backend = _backend(folder, ahead=AHEAD)
    bare_bwrap = lambda: _bare(BARE_BWRAP, folder)  # noqa: E731
    ours, bare = interleaved(_runs(backend, Job((NOOP,))), bare_bwrap, before=backend.settle)
    backend.close()
    what = "a no-op in a sandbox that waits / under bwrap alone"
    return Row("S1", what, CALLS, ours / bare, 2.0, "lower", ours, bare, of="runs")


def _cold(folder: Path) -> Row:
    from grading.sandbox.contract import Job

    ours, bare = interleaved(_runs(_backend(folder), Job((NOOP,))), lambda: _bare(BARE_BWRAP, folder))
    what = "the same in one that is begun for it / under bwrap alone"
    return Row("S1.cold", what, CALLS, ours / bare, 2.0, "lower", ours, bare, of="runs")


def _pytest(folder: Path) -> Row:
    backend = _backend(folder, ahead=AHEAD)
    ours, bare = interleaved(_runs(backend, _job()), _bare_pytest(folder), before=backend.settle)
    backend.close()
    what = "pytest in the sandbox / without one"
    return Row("S3", what, CALLS, ours / bare, 1.15, "lower", ours, bare, of="runs")


def _two_sided(folder: Path) -> Row:
    ours, bare = interleaved(_graded(_backend(folder)), _bare_pytest(folder))
    what = "two calls graded from the other side / bare pytest"
    return Row("S4.cold", what, CALLS, ours / bare, 1.8, "lower", ours, bare, of="runs")


def _graded(backend: Backend) -> Callable[[], None]:
    """The two questions of the suite, asked from the grader's side."""
    from grading.checks.contract import Seeds
    from grading.checks.registry import kind_named

    cases = [{"args": [2], "expect": 4}, {"args": ["a"], "expect": "aa"}]
    check = kind_named("call").prepare({"module": "solution", "function": "double", "cases": cases}, {})
    seeds = Seeds(1, 2)

    def graded() -> None:
        outcome = check.run(backend, {"solution.py": SOLUTION.encode()}, seeds)
        assert outcome.share == 1, outcome

    return graded


def _pairs(folder: Path, size: int) -> Row:
    """Jobs per second of two processes."""
    each = max(size // 2, 5)
    ours, bare = [], []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for round_ in range(ROUNDS + 1):  # the first one warms up
            mine, theirs = (_seconds(pool, work, folder, each) for work in (sandboxed, unboxed))
            if round_:
                ours.append(2 * each / mine)
                bare.append(2 * each / theirs)
    mine, theirs = statistics.median(ours), statistics.median(bare)
    what = "pytest jobs a second, two workers / two bare processes"
    return Row("S5", what, 2 * each, mine / theirs, 0.75, "higher", mine, theirs, unit="1/s", of="runs")


def _kill(folder: Path) -> Row:
    from grading.sandbox.contract import Job, Limits, Outcome
    from grading.sandbox.drive import run

    backend, times = _backend(folder), []
    for _ in range(ROUNDS):
        result = run(backend, Job(("/usr/bin/sleep", "60"), limits=Limits(wall=WALL)))
        assert result.outcome == Outcome.TIME, result.reason
        times.append(result.phases["finished"] - result.phases["started"])
    ended = statistics.median(times)
    return Row("S6", "until work is ended / its limit", 1, ended / WALL, 1.1, "lower", ended, WALL, of="runs")


# -- the two ways ----------------------------------------------------------------------
def _runs(backend: Backend, job: Job) -> Callable[[], None]:
    from grading.sandbox.contract import Outcome
    from grading.sandbox.drive import run

    def once() -> None:
        result = run(backend, job)
        assert result.outcome == Outcome.PASSED, (result.reason, result.evidence.stdout)

    return once


def _job() -> Job:
    from grading.sandbox.contract import Job

    return Job(("/opt/tools/bin/python3", *PYTEST), files=FILES)


def _bare(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder / "bare", check=True, stdout=subprocess.DEVNULL)


def _bare_pytest(folder: Path) -> Callable[[], None]:
    python = next(folder.glob("tree-*")) / "opt/tools/bin/python3"
    return lambda: _bare((str(python), *PYTEST), folder)


def _seconds(pool: ProcessPoolExecutor, work: Callable[[Path, int], None], folder: Path, each: int) -> float:
    began = time.perf_counter()
    for done in [pool.submit(work, folder, each) for _ in range(2)]:
        done.result()
    return time.perf_counter() - began


def sandboxed(folder: Path, count: int) -> None:
    """In a process of its own."""
    backend = _backend(folder, ahead=AHEAD)
    once = _runs(backend, _job())
    for _ in range(count):
        once()
    backend.close()


def unboxed(folder: Path, count: int) -> None:
    once = _bare_pytest(folder)
    for _ in range(count):
        once()


def _backend(folder: Path, *, ahead: int = 0) -> BubblewrapBackend:
    """With control groups where this machine has them.

    :param ahead: sandboxes that wait, as a worker has them.
    """
    from grading.sandbox.bubblewrap.backend import BubblewrapBackend
    from grading.sandbox.cgroups import Tree
    from grading.sandbox.contract import SandboxUnavailable
    from grading.sandbox.image import find

    try:
        return BubblewrapBackend(find(folder), groups=Tree(), ahead=ahead)
    except SandboxUnavailable:
        return BubblewrapBackend(find(folder), groups=None, ahead=ahead)


@contextmanager
def _image() -> Iterator[Path]:
    from grading.sandbox.image import make

    locked = re.split(r"\n(?=\S)", (ROOT / "requirements" / "dev.txt").read_text())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = folder / "pytest.txt"
        wanted.write_text("\n".join(each for each in locked if each.partition("==")[0] in TOOLS) + "\n")
        make(folder, kind="host", requirements=wanted)
        bare = folder / "bare"
        bare.mkdir()
        for path, content in FILES.items():
            (bare / path).write_bytes(content)
        yield folder
