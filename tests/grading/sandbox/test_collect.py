"""Reading what hostile work left: regular files inside the folder and nothing else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from grading.sandbox import collect
from grading.sandbox.collect import collect_into, largest_file
from grading.sandbox.contract import MEBIBYTE, Collect, Entry, EntryKind, Evidence, Job, Limits
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON
from tests.grading.sandbox.conftest import Watched

SECRET = "of the host"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text(SECRET)
    inside = tmp_path / "inside"
    inside.mkdir()
    return inside


def collected(folder: Path, *paths: str, size: int = 100, total: int = 1000, tree: bool = False) -> Evidence:
    evidence = Evidence()
    opened = os.open(folder, os.O_PATH)
    try:
        collect_into(evidence, opened, Collect(paths=paths, size=size, total=total, tree=tree))
    finally:
        os.close(opened)
    return evidence


def test_regular_files_are_read(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a b.txt").write_text("ü")
    assert collected(folder, "sub/a b.txt").files == {"sub/a b.txt": "ü".encode()}


@pytest.mark.parametrize("target", ["../secret.txt", "/etc/hostname", "/dev/zero", "own.txt", "/proc/self/environ"])
def test_links_are_refused_wherever_they_lead(folder: Path, target: str) -> None:
    (folder / "own.txt").write_text("mine")
    (folder / "out").symlink_to(target)
    evidence = collected(folder, "out")
    assert (evidence.files, evidence.refused) == ({}, {"out": "a symbolic link"})


def test_a_linked_folder_on_the_way_is_refused(folder: Path) -> None:
    (folder / "sub").symlink_to("..")
    assert collected(folder, "sub/secret.txt").refused == {"sub/secret.txt": "a symbolic link"}


def test_what_is_no_regular_file_is_refused_without_waiting(folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    (folder / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
    evidence = collected(folder, "fifo", "folder", "socket", "absent")
    assert evidence.refused == {
        "fifo": "not a regular file", "folder": "not a regular file", "socket": "not a regular file",
        "absent": "missing",
    }  # fmt: skip


def test_sizes_hold_for_each_and_for_all(folder: Path) -> None:
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    for name in "abc":
        (folder / name).write_bytes(b"x" * 60)
    evidence = collected(folder, "sparse", "a", "b", "c", size=100, total=130)
    assert set(evidence.files) == {"a", "b"}
    assert evidence.refused == {"sparse": "too large", "c": "too large"}


def test_a_tree_holds_every_name_and_follows_no_link(folder: Path) -> None:
    (folder / "sub" / "empty").mkdir(parents=True)
    (folder / "sub" / "f").write_text("mine")
    os.utime(folder / "sub" / "f", ns=(5, 1_000_000_007))
    (folder / "sub" / "f").chmod(0o640)
    (folder / "out").symlink_to("..")
    (folder / "secret").symlink_to("../secret.txt")
    os.mkfifo(folder / "fifo")
    evidence = collected(folder, tree=True)
    assert set(evidence.tree) == {"sub", "sub/empty", "sub/f", "out", "secret", "fifo"}
    assert evidence.tree["sub/f"] == Entry(EntryKind.FILE, 0o640, 1_000_000_007, b"mine")
    assert [evidence.tree[name].kind for name in ("sub", "out", "fifo")] == ["folder", "link", "other"]
    assert (evidence.tree["secret"].target, evidence.tree["secret"].content) == ("../secret.txt", None)
    assert evidence.refused == {"fifo": "not a regular file"}
    assert collected(folder).tree == {}, "only when it is asked for"


def test_what_a_tree_holds_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (folder / name).write_bytes(b"x" * 60)
    (folder / "shut").mkdir(mode=0o300)
    (folder / "shut" / "in").touch()
    (folder / "a").chmod(0o200)
    evidence = collected(folder, "b", tree=True, size=100, total=130)
    assert evidence.files == {"b": b"x" * 60}
    assert evidence.refused == {"a": "closed to its owner", "c": "too large", "shut": "closed to its owner"}
    assert [evidence.tree[name].content for name in "abc"] == [None, b"x" * 60, None]
    assert "shut/in" not in evidence.tree
    monkeypatch.setattr(collect, "MOST_ENTRIES", 2)
    evidence = collected(folder, tree=True)
    assert (len(evidence.tree), evidence.refused["."]) == (2, "too many names")


@pytest.mark.parametrize("path", ["../x", "/x", "a/../b", "a//b", ".", "", "a\0b", "x" * 300])
def test_paths_that_could_leave_are_no_paths(path: str) -> None:
    with pytest.raises(ValueError):
        Collect(paths=(path,))
    with pytest.raises(ValueError):
        Job(command=("/bin/true",), files={path: b""})


def test_the_largest_file_is_found_below_links_and_folders(folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "big").write_bytes(b"x" * 500)
    (folder / "link").symlink_to("/usr")
    opened = os.open(folder, os.O_PATH)
    try:
        assert largest_file(opened, most=100) == 500
    finally:
        os.close(opened)


LEAVE = """
import os, socket
os.symlink("/etc/passwd", "passwd")
os.symlink("/dev/zero", "zero")
os.symlink("/proc/self/environ", "environ")
os.mkfifo("fifo")
server = socket.socket(socket.AF_UNIX); server.bind("socket")
open("sparse", "wb").truncate(900_000)
os.makedirs("sub"); os.symlink("/etc", "sub/etc")
open("plain", "w").write("fine")
"""


def test_hostile_outputs_of_a_run_are_refused(backend: Watched) -> None:
    wanted = Collect(
        paths=("plain", "passwd", "zero", "environ", "fifo", "socket", "sparse", "sub/etc/passwd"), size=100_000
    )
    result = run(backend, Job((PYTHON, "-I", "-c", LEAVE), collect=wanted))
    assert result.evidence.files == {"plain": b"fine"}, result.evidence.stderr
    assert set(result.evidence.refused) == set(wanted.paths) - {"plain"}


SWAP = """
import os
for _ in range(3):
    if os.fork() == 0:
        while True:
            for make in (lambda: os.symlink("/etc/passwd", "new"), lambda: open("new", "w").write("mine")):
                try:
                    make(); os.rename("new", "out")
                except OSError:
                    pass
import time; time.sleep(0.4)
"""


def test_an_output_that_is_swapped_until_the_end_never_shows_the_host(backend: Watched) -> None:
    limits = Limits(wall=5, cpu=5, memory=64 * MEBIBYTE)
    for _ in range(3):
        result = run(backend, Job((PYTHON, "-I", "-c", SWAP), limits=limits, collect=Collect(paths=("out",))))
        assert result.evidence.files.get("out", b"mine") in (b"mine", b"")
