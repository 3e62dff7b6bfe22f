"""S2, S2d, S4.warm: the sandbox beside what container engines take for the same.

Needs a Docker Engine, or as root the Debian package docker.io, of which one of our own is
started; and ``runc``. Without them there are no rows. What is made ready in the background
is waited for before each run and not counted, as between two submissions.
"""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks import s1_sandbox as s1
from benchmarks.harness import CALLS, ROUNDS, Row, interleaved

SMALL: Final = 5
"""Calls a round of what takes a third of a second each."""
MEMORY: Final = 256 * 1024 * 1024
UNPRIVILEGED: Final = 65333


def rows(kind: str) -> list[Row]:
    from tests.grading.sandbox import engine

    if not engine.address():
        print("S2, S2d, S4.warm: no container engine here; start one, or as root: apt-get install docker.io")
        return []
    try:
        with s1._image() as folder:
            return list(_measured(folder, engine))
    finally:
        engine.stop()


def _measured(folder: Path, engine: Any) -> Iterator[Row]:
    from grading.sandbox.contract import Job
    from grading.sandbox.image import find

    image = find(folder)
    backend = engine.docker_at(image)
    noop = Job((s1.NOOP,))
    waiting = s1._backend(folder, ahead=s1.AHEAD)
    bubblewrap, warm = s1._runs(waiting, noop), s1._runs(backend, noop)
    if shutil.which("runc"):
        with _bundle(image) as runc:
            ours, other = interleaved(bubblewrap, runc, before=waiting.settle)
        yield Row(
            "S2.runc", "a no-op under bubblewrap / runc run", CALLS, ours / other, 0.5, "lower", ours, other, of="runs"
        )
    hardened = _docker_run(backend, image)
    ours, other = interleaved(bubblewrap, hardened, calls=SMALL, before=waiting.settle)
    size = SMALL * ROUNDS
    yield Row(
        "S2.docker", "the same / a hardened docker run", size, ours / other, 0.05, "lower", ours, other, of="runs"
    )
    ours, other = interleaved(warm, hardened, calls=SMALL, before=backend.settle)
    what = "a no-op in a container that waits / a hardened docker run"
    yield Row("S2d", what, size, ours / other, 0.35, "lower", ours, other, of="runs")
    ours, other = interleaved(s1._graded(backend), s1._bare_pytest(folder), calls=SMALL, before=backend.settle)
    what = "two calls graded from the other side, in containers that wait / bare pytest"
    yield Row("S4.warm", what, size, ours / other, 1.3, "lower", ours, other, of="runs")


@contextmanager
def _bundle(image: Any) -> Iterator[Callable[[], None]]:
    """``runc run`` of the no-op in a bundle with runc's own defaults."""
    with tempfile.TemporaryDirectory() as name:
        bundle = Path(name)
        root = bundle / "root"
        for folder in ("usr", "proc", "dev", "sys"):
            (root / folder).mkdir(parents=True)
        for link in ("lib", "lib64", "bin"):
            (root / link).symlink_to(f"usr/{link}")
        subprocess.run(["runc", "spec", "--bundle", name], check=True)
        about = json.loads((bundle / "config.json").read_text())
        about["process"] |= {"args": [s1.NOOP], "terminal": False}
        about["root"]["path"] = str(root)
        usr = image.tree / "usr" if image.kind == "debian" else "/usr"
        about["mounts"].append({"destination": "/usr", "source": str(usr), "options": ["bind", "ro"]})
        (bundle / "config.json").write_text(json.dumps(about))

        def once() -> None:
            number = f"wm-bench-{secrets.token_hex(6)}"
            command = ["runc", "--root", f"{name}/state", "run", "--bundle", name, number]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

        yield once


def _docker_run(backend: Any, image: Any) -> Callable[[], None]:
    """What ``docker run --rm`` with everything taken away does: made, started, waited for, removed."""
    client = backend.engine.client
    mounts = [{"Type": "bind", "Source": "/usr", "Target": "/usr", "ReadOnly": True}] if image.kind == "host" else []
    config = {
        "Image": backend.engine.image(image),
        "Cmd": [s1.NOOP],
        "User": f"{UNPRIVILEGED}:{UNPRIVILEGED}",
        "HostConfig": {
            "NetworkMode": "none", "ReadonlyRootfs": True, "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"], "Memory": MEMORY, "MemorySwap": MEMORY, "PidsLimit": 64,
            "Tmpfs": {"/tmp": "rw,nosuid,nodev,size=64m"}, "Mounts": mounts,
        },
    }  # fmt: skip

    def once() -> None:
        number = client.create_container_from_config(config)["Id"]
        client.start(number)
        ended = client.wait(number)["StatusCode"]
        client.remove_container(number, force=True)
        assert ended == 0, ended

    return once
