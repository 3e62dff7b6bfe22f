"""The root tree that every backend runs in: made once, named by its digest.

Two kinds (``make sandbox-image``). ``host`` takes this machine's ``/usr``
read-only and needs no right: of ``/etc`` it holds only what programs need to
start. ``debian`` is a whole small Debian made by debootstrap as root, which a
container engine can import too. Both hold the tools of the check kit in
``/opt/tools``, on the tree's own ``/usr/bin/python3``: neither the project's
interpreter nor its environment is ever visible inside.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from grading.sandbox.contract import SandboxUnavailable

Kind = Literal["host", "debian"]

MANIFEST: Final = "image.json"
PYTHON: Final = "/usr/bin/python3"
SUITE: Final = "bookworm"
PACKAGES: Final = ("python3", "python3-venv", "libffi8", "sqlite3", "ca-certificates")
REMEDY: Final = "run make sandbox-image"
LINKS: Final = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
"""Names below ``/`` that lead to folders of ``/usr``."""

PEOPLE: Final = "root:x:0:0:root:/root:/usr/sbin/nologin\nlearner:x:1000:1000::/work:/bin/sh\n"
GROUP: Final = "root:x:0:\nlearner:x:1000:\n"
HOSTS: Final = "127.0.0.1 localhost\n::1 localhost\n"


@dataclass(frozen=True, slots=True)
class Image:
    """:param tree: the folder that holds the tree, without ``usr`` when *kind* is ``host``."""

    kind: Kind
    digest: str
    python: str
    tree: Path


def find(folder: Path) -> Image:
    """The image below *folder*, or :class:`SandboxUnavailable` when there is none or the machine has moved on."""
    try:
        stated = json.loads((folder / MANIFEST).read_text())
        image = Image(stated["kind"], stated["digest"], stated["python"], folder / stated["tree"])
    except FileNotFoundError:
        raise SandboxUnavailable(f"There is no sandbox image yet: {REMEDY}.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SandboxUnavailable(f"The sandbox image cannot be read ({type(error).__name__}): {REMEDY}.") from error
    if not image.tree.is_dir():
        raise SandboxUnavailable(f"The tree of the sandbox image is gone: {REMEDY}.")
    if image.kind == "host" and image.digest != _digest("host", image.tree):
        raise SandboxUnavailable(f"The programs of this machine changed since the sandbox image was made: {REMEDY}.")
    return image


def make(folder: Path, *, kind: Kind, requirements: Path | None) -> Image:
    """Make the image anew below *folder*; the one before is replaced when the new one is complete.

    :param requirements: locked list of the kit's tools, or None for a tree without them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    tree = Path(tempfile.mkdtemp(prefix="tree-", dir=folder))
    try:
        tree.chmod(0o755)
        if kind == "debian":
            _debootstrap(tree)
        else:
            _etc_of_host(tree)
        usr = tree if kind == "debian" else Path("/")
        if requirements is not None:
            _tools(tree, usr, requirements)
        python = _run([str(usr / PYTHON[1:]), "-I", "-c", "import sys; print(sys.version.split()[0])"]).strip()
        image = Image(kind, _digest(kind, tree), python, tree)
    except BaseException:
        shutil.rmtree(tree, ignore_errors=True)
        raise
    manifest = folder / f"{MANIFEST}.new"
    manifest.write_text(json.dumps(asdict(image) | {"tree": tree.name}, indent=1) + "\n")
    manifest.chmod(0o644)
    manifest.replace(folder / MANIFEST)
    for old in folder.glob("tree-*"):
        if old != tree:
            shutil.rmtree(old, ignore_errors=True)
    return image


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
    except FileNotFoundError as error:
        raise SandboxUnavailable(f"{command[0]} is not installed.") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = str(error.stderr or error.stdout or "").strip().splitlines()
        raise SandboxUnavailable(f"{command[0]} failed: {said[-1] if said else error}") from error
    return done.stdout


def _debootstrap(tree: Path) -> None:
    if os.geteuid() != 0:
        raise SandboxUnavailable("debootstrap needs root; the kind 'host' does not.")
    _run(["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(tree)])
    for gone in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
        shutil.rmtree(tree / gone, ignore_errors=True)
    _people(tree / "etc")


def _etc_of_host(tree: Path) -> None:
    """What programs of ``/usr`` need of ``/etc`` to start: the names of libraries and alternatives."""
    etc = tree / "etc"
    etc.mkdir()
    for name in ("ld.so.cache", "ld.so.conf"):
        if Path("/etc", name).is_file():
            shutil.copyfile(Path("/etc", name), etc / name)
    if Path("/etc/alternatives").is_dir():
        shutil.copytree("/etc/alternatives", etc / "alternatives", symlinks=True)
    _people(etc)


def _people(etc: Path) -> None:
    for name, content in (
        ("passwd", PEOPLE),
        ("group", GROUP),
        ("hosts", HOSTS),
        ("hostname", "sandbox\n"),
        ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
    ):
        (etc / name).write_text(content)
        (etc / name).chmod(0o644)
    for name in ("shadow", "shadow-", "gshadow", "gshadow-", "resolv.conf", "machine-id"):
        (etc / name).unlink(missing_ok=True)


def _tools(tree: Path, usr: Path, requirements: Path) -> None:
    """A virtual environment without pip of its own: the project's pip fills it."""
    tools = tree / "opt" / "tools"
    tools.parent.mkdir(exist_ok=True)
    python = usr / PYTHON[1:]
    _run([str(python), "-I", "-m", "venv", "--without-pip", "--symlinks", str(tools)])
    _run(
        [
            *(sys.executable, "-m", "pip", "--quiet", "--python", str(tools / "bin" / "python"), "install"),
            *("--no-compile", "--require-hashes", "--only-binary=:all:", "--requirement", str(requirements)),
        ]
    )
    # Scripts name the folder of this build in their first line: tools are run as modules, and two builds are equal.
    for entry in (tools / "bin").iterdir():
        if entry.is_symlink() or entry.read_bytes()[:4] != b"\x7fELF":
            entry.unlink()
    for name in ("python", "python3"):
        (tools / "bin" / name).symlink_to(PYTHON)
    for record in tools.glob("lib/*/site-packages/*.dist-info/RECORD"):
        record.unlink()
    (tools / "pyvenv.cfg").write_text(f"home = {Path(PYTHON).parent}\ninclude-system-site-packages = false\n")


def _digest(kind: Kind, tree: Path) -> str:
    """Over names, modes and contents of the tree, and for ``host`` over the packages that ``/usr`` consists of."""
    total = hashlib.sha256(kind.encode())
    if kind == "host":
        total.update(_packages())
    for path in _walk(tree):
        about = path.lstat()
        name = path.relative_to(tree).as_posix()
        total.update(f"\0{name}\0{stat.S_IFMT(about.st_mode):o}\0{stat.S_IMODE(about.st_mode):o}\0".encode())
        if stat.S_ISLNK(about.st_mode):
            total.update(os.fsencode(os.readlink(path)))
        elif stat.S_ISREG(about.st_mode):
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256:{total.hexdigest()}"


def _walk(tree: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(tree):
        names.sort()
        for name in sorted(names + files):
            yield Path(folder, name)


def _packages() -> bytes:
    """What is installed: the package manager's own record, else names, sizes and times of the programs."""
    record = Path("/var/lib/dpkg/status")
    if record.is_file():
        return hashlib.sha256(record.read_bytes()).digest()
    total = hashlib.sha256()
    for entry in sorted(os.scandir("/usr/bin"), key=lambda entry: entry.name):
        about = entry.stat(follow_symlinks=False)
        total.update(f"{entry.name}\0{about.st_size}\0{int(about.st_mtime)}\0".encode())
    return total.digest()
