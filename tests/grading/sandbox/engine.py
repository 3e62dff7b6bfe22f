"""A container engine for tests: the machine's, or one of our own in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from grading.sandbox.contract import SandboxUnavailable
from grading.sandbox.docker.backend import DockerBackend
from grading.sandbox.docker.engine import Engine
from grading.sandbox.image import Image
from grading.sandbox.lifted import NOTHING, Lifted
from tests.conftest import need
from tests.workers import wait_for

INSTALLATION: Final = f"test-{secrets.token_hex(6)}"
HOW: Final = "start a Docker Engine, or as root: apt-get install docker.io"
_own: list[tuple[subprocess.Popen[bytes], Path]] = []
_backends: dict[str, DockerBackend] = {}


@cache
def address() -> str:
    """Where an engine answers; empty when there is none and none can be started."""
    with contextlib.suppress(SandboxUnavailable):
        Engine(installation=INSTALLATION).close()
        return "usual"
    return _started() if os.geteuid() == 0 and shutil.which("dockerd") else ""


def engine() -> Engine:
    need(address() != "", "a container engine", HOW)
    return Engine(where(), installation=INSTALLATION)


def where() -> str:
    return "" if address() == "usual" else address()


def _started() -> str:
    # Containers have no network, so the engine needs neither a bridge nor firewall rules. Paths of sockets are short.
    folder = Path(tempfile.mkdtemp(prefix="wm-docker-", dir="/tmp"))
    at = f"unix://{folder}/engine.sock"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("dockerd", "--host", at, "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"),
                *("--pidfile", f"{folder}/pid", "--bridge=none", "--iptables=false", "--ip6tables=false"),
            ],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _own.append((process, folder))

    def answers() -> bool:
        if process.poll() is not None:
            return True
        with contextlib.suppress(SandboxUnavailable):
            Engine(at, installation=INSTALLATION).close()
            return True
        return False

    wait_for(answers, seconds=60, what="the container engine of the tests")
    return at if process.poll() is None else ""


def docker_at(image: Image, lifted: Lifted = NOTHING) -> DockerBackend:
    """One backend per image, whose containers are made ahead; another one with defences lifted."""
    if lifted == NOTHING and image.digest in _backends:
        return _backends[image.digest]
    made = engine()
    made.give_image(image)
    backend = DockerBackend(image, made, ahead=0 if lifted != NOTHING else 2, lifted=lifted)
    if lifted == NOTHING:
        _backends[image.digest] = backend
    return backend


def settle() -> None:
    """Wait until no container is made or removed in the background."""
    for backend in _backends.values():
        backend.settle()


def stop() -> None:
    for backend in _backends.values():
        backend.close()
    _backends.clear()
    if address.cache_info().currsize and address():
        last = engine()
        for each in last.containers():
            last.remove(each["Id"])
        last.forget_images()
    for process, folder in _own:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)
    _own.clear()
