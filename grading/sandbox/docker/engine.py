"""The engine: containers with everything that can be taken away taken away, their image, and who removes them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
import secrets
import socket
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import DockerException, NotFound
from requests import RequestException

from grading.sandbox.cgroups import ZOMBIES, started_ticks
from grading.sandbox.contract import MEBIBYTE, WORK, SandboxUnavailable
from grading.sandbox.docker import frames
from grading.sandbox.docker.frames import Frames
from grading.sandbox.image import LINKS, PYTHON, REMEDY, Image
from grading.sandbox.lifted import Lifted
from grading.sandbox.shipped import program

ENGINE_ERRORS: Final = (DockerException, RequestException, OSError, EOFError)
USER: Final = 65333
"""Whom the command runs as: an id that Debian gives to nobody (Debian Policy, 9.2.2)."""
CAPABILITIES: Final = ("KILL", "SETUID", "SETGID", "SETPCAP")
"""Of the first process only, see ``inside.py``."""
LABEL: Final = "org.waymark."
ENDING: Final = 8
OWN_MEMORY: Final = 12 * MEBIBYTE
"""What the first process itself takes of a container's memory."""
CPUS: Final = 2
PACKED: Final = 1
"""Raised whenever :func:`pack_tree` gives something else for the same tree."""
START_SECONDS: Final = 30.0
OLD_SECONDS: Final = 3600
"""No container is used for so long: one of a worker that cannot be looked for is removed then."""
SYSTEM: Final = ("block", "bus", "class", "dev", "devices", "firmware", "hypervisor", "kernel", "module", "power")
SYSTEM_FILES: Final = (
    "bpf", "btrfs", "cachefiles", "erofs", "ext4", "f2fs", "fuse", "nfs", "pstore", "resctrl", "selinux", "smackfs",
    "tmpfs", "virtiofs", "xfs", "zonefs",
)  # fmt: skip
MASKED: Final = (
    # What engines hide by default, which naming any of them replaces,
    *(f"/proc/{name}" for name in (
        "acpi", "asound", "interrupts", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list",
        "timer_stats",
    )),
    # and of /sys everything but the container's own control group.
    *(f"/sys/{name}" for name in SYSTEM),
    *(f"/sys/fs/{name}" for name in SYSTEM_FILES),
)  # fmt: skip
SOURCE: Final = program(
    *(f"grading.sandbox.{name}" for name in ("contract", "cgroups", "collect", "group", "steps", "watch")),
    "grading.sandbox.docker.frames",
    "grading.sandbox.docker.inside",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a job has to be known when its container is made. Sizes in bytes."""

    memory: int
    disk: int
    inodes: int
    processes: int
    kit: int


class Container:
    """One that runs our first process and waits for a job; ``stream`` leads to it."""

    def __init__(self, engine: Engine, number: str, stream: socket.socket) -> None:
        self._engine, self.number, self.stream = engine, number, stream
        self.demultiplexer = Demultiplexer()
        self.frames = Frames()
        self.made = time.monotonic()

    def hello(self) -> dict[str, Any]:
        self.stream.settimeout(START_SECONDS)
        while True:
            for kind, body in self.received():
                if kind == frames.HELLO:
                    found: dict[str, Any] = json.loads(body)
                    return found
                raise OSError(body.decode(errors="replace"))

    def received(self) -> list[tuple[bytes, bytes]]:
        """The frames of the next piece; :class:`EOFError` with what it complained of when the container is gone."""
        piece = self.stream.recv(65536)
        if not piece:
            lines = self.demultiplexer.complaint.decode(errors="replace").strip().splitlines()
            raise EOFError(lines[-1] if lines else "the container ended")
        return list(self.frames.fed(self.demultiplexer.fed(piece)))

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel ended the first process of a container that is gone, for want of memory."""
        state = self._engine.client.inspect_container(self.number)["State"]
        return bool(state["OOMKilled"])

    def is_crowded(self) -> bool:
        """Whether more processes are in it than a run may have, our own and a few that are ending besides.

        On a busy machine a fork bomb leaves the first process no moment long before the kernel's limit, which has
        room for those that nobody waited for.
        """
        counted = self._engine.client.stats(self.number, stream=False, one_shot=True)["pids_stats"]
        return int(counted.get("current", 0)) > int(counted.get("limit", sys.maxsize)) - ZOMBIES + ENDING

    def remove(self) -> None:
        """Whatever state it is in. What cannot be removed now is tried again."""
        self.stream.close()
        self._engine.remove(self.number)


class Demultiplexer:
    """An attached stream is in pieces of standard output and error, each with a head of eight bytes."""

    def __init__(self) -> None:
        self._held = bytearray()
        self.complaint = b""

    def fed(self, piece: bytes) -> bytes:
        """Standard output out of *piece*; the end of standard error is kept."""
        self._held += piece
        output = bytearray()
        while len(self._held) >= 8:
            end = 8 + int.from_bytes(self._held[4:8], "big")
            if len(self._held) < end:
                break
            body = bytes(self._held[8:end])
            if self._held[0] == 2:
                self.complaint = (self.complaint + body)[-2000:]
            else:
                output += body
            del self._held[:end]
        return bytes(output)


class Engine:
    """:param address: such as ``unix:///run/docker.sock``; empty for ``DOCKER_HOST`` or the usual place.
    :param installation: names all containers of one site, and no other's.
    :param runtime: such as ``runsc``; the engine's default when empty.
    :ivar left: containers that it refused to remove; they are tried again with the next one.
    """

    def __init__(self, address: str = "", *, installation: str, runtime: str = "") -> None:
        self._installation, self._runtime = installation, runtime
        self.left: set[str] = set()
        environment = {"DOCKER_HOST": address} if address else None
        try:
            settings = docker.utils.kwargs_from_env(environment=environment)
            self.client = docker.APIClient(version="auto", timeout=60, **settings)
            about = self.client.info()
        except ENGINE_ERRORS as error:
            raise SandboxUnavailable(f"No container engine answers ({_short(error)}).") from error
        self._cpus = min(CPUS, int(about["NCPU"]))
        if runtime and runtime not in about.get("Runtimes", {}):
            raise SandboxUnavailable(f"The engine has no runtime {runtime}.")

    def close(self) -> None:
        self.client.close()

    # -- images -----------------------------------------------------------------
    def image(self, of: Image) -> str:
        """The engine's own name of the tree; :class:`SandboxUnavailable` when it was not given to it."""
        found = self._images("tree", _tree_label(of))
        if not found:
            raise SandboxUnavailable(f"The container engine has no image of this tree: {REMEDY}.")
        return str(found[0]["Id"])

    def _images(self, label: str, value: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.images(filters={"label": f"{LABEL}{label}={value}"})
        return found

    def give_image(self, of: Image) -> str:
        """Import the tree, unless it is there."""
        try:
            if not self._images("tree", _tree_label(of)):
                with tempfile.TemporaryFile() as file:
                    pack_tree(of, file)
                    file.seek(0)
                    labels = {"installation": self._installation, "tree": _tree_label(of)}
                    self.client.import_image_from_data(
                        file, changes=[f"LABEL {LABEL}{name}={value}" for name, value in labels.items()]
                    )
        except ENGINE_ERRORS as error:
            raise SandboxUnavailable(f"The container engine did not take the image ({_short(error)}).") from error
        return self.image(of)

    def forget_images(self, besides: Image | None = None) -> None:
        """Remove the images of this installation, but for that of the tree *besides*."""
        kept = _tree_label(besides) if besides is not None else ""
        for old in self._images("installation", self._installation):
            if old["Labels"][f"{LABEL}tree"] != kept:
                with contextlib.suppress(*ENGINE_ERRORS):  # One that is still in use goes the next time.
                    self.client.remove_image(old["Id"])

    # -- containers -------------------------------------------------------------
    def make(self, image: str, of: Image, shape: Shape, lifted: Lifted) -> Container:
        """A container that waits for a job. ``OSError``, ``EOFError`` or the client's errors when there is none."""
        run = secrets.token_hex(8)
        config = self._config(image, of, shape, lifted) | {"Labels": self._labels(run)}
        name = f"waymark-run-{run}"
        try:
            number = self.client.create_container_from_config(config, name=name)["Id"]
        except ENGINE_ERRORS:
            # One that was too slow to answer may have made it all the same.
            self.left.add(name)
            raise
        try:
            container = Container(self, number, self._attached(number))
        except BaseException:
            self.remove(number)
            raise
        try:
            self.client.start(number)
            hello = container.hello()
            if of.kind == "host" and hello["usr"] != own_usr():
                raise OSError("the engine sees another /usr than this machine: make the image with KIND=debian")
        except BaseException:
            container.remove()
            raise
        return container

    def _attached(self, number: str) -> socket.socket:
        """A socket of ours to the container's three streams, before it starts."""
        opened = self.client.attach_socket(number, {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        with opened:
            return socket.socket(fileno=os.dup(opened.fileno()))

    def _labels(self, run: str) -> dict[str, str]:
        return {f"{LABEL}installation": self._installation, f"{LABEL}owner": owner(), f"{LABEL}run": run}

    def _config(self, image: str, of: Image, shape: Shape, lifted: Lifted) -> dict[str, Any]:
        security = ["no-new-privileges", *(["seccomp=unconfined"] if lifted.seccomp else [])]
        room = f"size={shape.disk},nr_inodes={shape.inodes},uid={user_of(lifted)},gid={user_of(lifted)}"
        kit = f"rw,noexec,nosuid,nodev,size={shape.kit},nr_inodes=1024,mode=755"
        writable = {
            WORK: f"rw,exec,nosuid,nodev,{room},mode=755",
            "/tmp": f"rw,exec,nosuid,nodev,{room},mode=1777",  # noqa: S108
            "/dev/shm": f"rw,noexec,nosuid,nodev,{room},mode=1777",  # noqa: S108
            "/kit": kit,
        }
        mounts = []
        if of.kind == "host":
            mounts = [{"Type": "bind", "Source": "/usr", "Target": "/usr", "ReadOnly": True}]
            # What no package put there is not part of the image.
            empty = {
                f"/usr/{name}": "ro,size=4k,nr_inodes=1" for name in ("local", "src") if Path("/usr", name).is_dir()
            }
            writable |= empty
        memory = shape.memory + OWN_MEMORY
        return {
            "Image": image,
            "Cmd": [PYTHON, "-I", "-S", "-c", SOURCE],
            "Env": ["PATH=/usr/bin:/bin"],
            "User": "0:0",
            "WorkingDir": "/",
            "Hostname": "sandbox",
            "AttachStdin": True,
            "AttachStdout": True,
            "AttachStderr": True,
            "OpenStdin": True,
            "StdinOnce": True,
            "HostConfig": {
                "NetworkMode": "host" if lifted.network else "none",
                "ReadonlyRootfs": True,
                "CapDrop": ["ALL"],
                "CapAdd": list(CAPABILITIES),
                "SecurityOpt": security,
                "MaskedPaths": list(MASKED),
                "IpcMode": "private",
                "Memory": memory,
                "MemorySwap": memory,
                "PidsLimit": shape.processes + ZOMBIES,
                "NanoCpus": self._cpus * 10**9,
                "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}, {"Name": "nofile", "Soft": 4096, "Hard": 4096}],
                "Tmpfs": writable,
                "Mounts": mounts,
                "Dns": ["127.0.0.1"],
                "LogConfig": {"Type": "none"},
                "RestartPolicy": {"Name": "no"},
                **({"Runtime": self._runtime} if self._runtime else {}),
            },
        }

    def remove(self, number: str) -> None:
        """A busy engine may refuse once; what it refuses three times is tried again with the next one."""
        for left in list(self.left):
            self._removed(left)
        for _ in range(3):
            if self._removed(number):
                return
            time.sleep(0.2)

    def _removed(self, number: str) -> bool:
        try:
            self.client.remove_container(number, v=True, force=True)
        except NotFound:
            pass
        except ENGINE_ERRORS:
            self.left.add(number)
            return False
        self.left.discard(number)
        return True

    def containers(self) -> list[dict[str, Any]]:
        """Of this installation, in any state."""
        filters = {"label": f"{LABEL}installation={self._installation}"}
        found: list[dict[str, Any]] = self.client.containers(all=True, filters=filters)
        return found

    def sweep(self) -> int:
        """Remove containers of this installation whose worker is gone, and say how many."""
        gone = [each for each in self.containers() if _abandoned(each)]
        for each in gone:
            self.remove(each["Id"])
        return len(gone)


def own_usr() -> list[int]:
    """Which folder ``/usr`` is: its device and number."""
    about = os.stat("/usr")
    return [about.st_dev, about.st_ino]


def user_of(lifted: Lifted) -> int:
    """Whom the files of the job belong to and its command runs as."""
    return 0 if lifted.init else USER


def owner() -> str:
    """This process, told apart from a later one of the same number."""
    return f"{platform.node()}:{os.getpid()}:{started_ticks(os.getpid())}"


def _abandoned(container: dict[str, Any]) -> bool:
    host, process, ticks = str(container["Labels"][f"{LABEL}owner"]).split(":")
    if host == platform.node():
        return started_ticks(int(process)) != ticks
    return time.time() - float(container["Created"]) > OLD_SECONDS


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


# -- the tree as the engine takes it ---------------------------------------------
def pack_tree(of: Image, file: Any) -> None:
    """``/etc``, ``/opt`` and, unless it is this machine's, ``/usr``; and folders to mount on."""
    with tarfile.open(fileobj=file, mode="w") as tar:
        usr = of.tree / "usr" if of.kind == "debian" else Path("/usr")
        for name in ("dev", "kit", "proc", "sys", "tmp", "work", *(["usr"] if of.kind == "host" else [])):
            entry = tarfile.TarInfo(name)
            # A file system that is mounted there takes over the mode.
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            tar.addfile(entry)
        for name in LINKS:
            if (usr / name).is_dir():
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = tarfile.SYMTYPE, f"usr/{name}"
                tar.addfile(entry)
        for name in ("etc", "opt", *(["usr"] if of.kind == "debian" else [])):
            if (of.tree / name).is_dir():
                tar.add(of.tree / name, arcname=name, filter=_as_root)
        for name, line in (("passwd", "learner:x:{0}:{0}::/work:/bin/sh"), ("group", "learner:x:{0}:")):
            kept = [each for each in (of.tree / "etc" / name).read_text().splitlines() if "learner" not in each]
            content = "\n".join([*kept, line.format(USER), ""]).encode()
            entry = tarfile.TarInfo(f"etc/{name}")
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))


def _tree_label(of: Image) -> str:
    """Also says how the tree was packed, so that one that was packed otherwise is made anew."""
    return f"{PACKED}-{of.digest}"


def _as_root(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without the two files that name the learner: they are written anew, with this backend's number."""
    if entry.name in ("etc/passwd", "etc/group"):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
