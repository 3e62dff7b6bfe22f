"""``make up`` starts the whole product, stops all of it, and survives being killed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import need
from tests.waymark.embedded.product import ROOT, Product, free_port, of_folder, outside, refusal
from tests.workers import wait_for
from waymark.embedded.processes import descendants

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(sys.platform != "linux", reason="follows processes through /proc: run it on Linux"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a blank in its name; the first test makes it, the others start on it again."""
    return tmp_path_factory.mktemp("up") / "our data"


@pytest.fixture
def up(data: Path) -> Iterator[Callable[..., Product]]:
    started: list[Product] = []

    def start(**options: str) -> Product:
        started.append(Product(data, **options))
        return started[-1]

    yield start
    for product in started:
        product.close()


def assert_gone(data: Path, sockets: Path) -> None:
    wait_for(lambda: not of_folder(data), seconds=3, what=f"the end of {of_folder(data)}")
    assert not sockets.exists(), "the sockets' folder goes with its servers"


def test_start_serve_refuse_a_second_and_stop(data: Path, up: Callable[..., Product]) -> None:
    product = up().wait_ready()
    assert product.get("/healthz")[0] == 200
    said = product.said()
    for words in (f"http://127.0.0.1:{product.port}", "learner@demo.test", "instructor@demo.test", "API client"):
        assert words in said
    # Workers give their signs of life, so everything a hand-in needs is there; the sandbox where it can be.
    ready = '"ready"' if shutil.which("bwrap") else '"sandbox": "missing"'
    wait_for(lambda: ready in product.get("/readyz")[1], seconds=60, what="every check being ok")

    # Another terminal finds the database by itself, and nobody else reads the way to it.
    assert stat.S_IMODE((data / "run" / "environment.json").stat().st_mode) == 0o600
    seen = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        cwd=ROOT, env=outside(data), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert seen.returncode == 0, seen.stderr

    assert "already runs on" in refusal(data, PORT=str(free_port()))
    elsewhere = data.with_name("elsewhere")
    assert f"Port {product.port} is in use" in refusal(elsewhere, PORT=str(product.port))

    sockets = product.sockets()
    assert product.stop() < 10
    assert_gone(data, sockets)
    assert not (data / "run" / "environment.json").exists()


def test_a_killed_launcher_leaves_nothing_in_the_way(data: Path, up: Callable[..., Product]) -> None:
    first = up().wait_ready()
    sockets = first.sockets()
    first.kill()
    # At once, on the same port, while the old processes are still on their way out.
    second = up(PORT=str(first.port)).wait_ready()
    assert second.get("/healthz")[0] == 200
    assert not sockets.exists()
    sockets = second.sockets()
    assert second.stop(signal.SIGINT) < 10
    assert_gone(data, sockets)


def test_a_killed_launcher_takes_everything_along(data: Path, up: Callable[..., Product]) -> None:
    product = up().wait_ready()
    product.kill()
    wait_for(lambda: not of_folder(data), seconds=10, what="the end of every process")


@pytest.mark.long
@pytest.mark.parametrize("victim", ["honcho", "gunicorn", "postgres", "redis-server", "celery"])
def test_the_end_of_one_is_the_end_of_all(data: Path, up: Callable[..., Product], victim: str) -> None:
    product = up().wait_ready()
    sockets = product.sockets()

    def is_victim(pid: int) -> bool:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return victim in command and "guard.py" not in command

    (pid, *_) = sorted(pid for pid in descendants(product.process.pid) if is_victim(pid))
    os.kill(pid, signal.SIGKILL)
    assert product.process.wait(20) == 1
    assert "ended by itself" in product.said()
    assert_gone(data, sockets)


@pytest.mark.long
def test_launcher_and_honcho_killed_together(data: Path, up: Callable[..., Product]) -> None:
    product = up().wait_ready()
    below = descendants(product.process.pid)
    honcho = [pid for pid in below if b"honcho" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for pid in (product.process.pid, *honcho):
        os.kill(pid, signal.SIGKILL)
    product.process.wait(10)
    again = up().wait_ready()
    assert not set(of_folder(data)) & set(below)
    sockets = again.sockets()
    assert again.stop() < 10
    assert_gone(data, sockets)


@pytest.mark.long
@pytest.mark.parametrize("after", ["Services", "Database", "Curriculum"])
def test_interrupted_while_starting(tmp_path: Path, after: str) -> None:
    product = Product(tmp_path / "data")
    try:
        wait_for(lambda: f"  {after}" in product.said(), seconds=60, what=after)
        assert product.stop(signal.SIGINT) < 10
        wait_for(lambda: not of_folder(product.data), seconds=3, what="the end of every process")
    finally:
        product.close()


@pytest.mark.long
def test_make_hears_an_interrupt(data: Path, tmp_path: Path) -> None:
    """GNU make keeps SIGINT to itself, so the launcher watches it."""
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"up:\n\t@exec '{sys.executable}' -m waymark.embedded.up\n")
    product = Product(data, ["make", "-f", str(makefile), "up"])
    try:
        product.wait_ready()
        sockets = product.sockets()
        assert product.stop(signal.SIGINT) < 10
        assert_gone(data, sockets)
    finally:
        product.close()


@pytest.mark.long
def test_services_from_elsewhere_are_used(tmp_path: Path) -> None:
    import psycopg

    services = os.environ["WAYMARK_TEST_SERVICES"]
    name = f"elsewhere{os.getpid()}"
    with psycopg.connect(f"postgresql://waymark@/postgres?host={services}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = f"postgresql://waymark@/{name}?host={services}"
    product = Product(tmp_path / "data", DATABASE_URL=url, REDIS_URL=os.environ["REDIS_URL"])
    try:
        product.wait_ready()
        assert product.known()["DATABASE_URL"] == url
        assert not (product.data / "postgres").exists()
        assert product.stop() < 10
    finally:
        product.close()


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    said = refusal(tmp_path / "data", PORT=str(free_port()), DATABASE_URL="postgresql://waymark@127.0.0.1:1/waymark")
    assert said.startswith("The database of DATABASE_URL does not answer: ")


def test_a_full_disk(tmp_path: Path) -> None:
    need(os.geteuid() == 0, "the right to mount", "run the suite as root")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", str(small)], check=True)
    try:
        assert refusal(small / "data", PORT=str(free_port())).startswith(f"The disk of {small}/data is full: ")
    finally:
        subprocess.run(["umount", str(small)], check=True)
