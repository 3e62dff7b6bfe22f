"""The image and its probes: what runs is well, what does not run is said."""

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from ruamel.yaml import YAML

from waymark import probe
from waymark.core.celery_settings import QUEUES

ROOT = Path(__file__).resolve().parents[2]


# -- probes ------------------------------------------------------------------------
@pytest.fixture
def web_server() -> Iterator[Callable[..., int]]:
    servers: list[HTTPServer] = []

    def serve(status: int, seen: list[tuple[str, str]] | None = None) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if seen is not None:
                    seen.append((self.path, self.headers["Host"]))
                self.send_response(status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1].server_port

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("allowed", "host"),
    [("learn.example.org,www.example.org", "learn.example.org"), (".example.org", "example.org"), ("", "localhost")],
)
def test_the_web_server_is_asked_under_a_name_it_answers_to(
    allowed: str, host: str, web_server: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []
    monkeypatch.setenv("WAYMARK_ALLOWED_HOSTS", allowed)
    assert probe.web(web_server(200, seen)) == ""
    assert seen == [("/healthz", host)]


def test_a_web_server_that_fails_or_is_away(web_server: Callable[..., int]) -> None:
    assert probe.web(web_server(500)) == "/healthz answers 500"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert probe.web(port).startswith("no answer: ")


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_known_by_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    database = connection.settings_dict
    url = f"postgresql://waymark@/{database['NAME']}?host={database['OPTIONS'].get('host') or database['HOST']}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(probe.socket, "gethostname", lambda: "h_st")
    beat = (
        "INSERT INTO core_workerheartbeat (name, queues, seen_at, started_at) "
        "VALUES (%s, 'default', now() - make_interval(secs => %s), now())"
    )
    with connection.cursor() as cursor:
        cursor.execute(beat, ["quiz@host", 0])
        cursor.execute(beat, ["old@h_st", probe.WORKER_AGE + 5])
    assert probe.worker() == "no sign of life within 30 s"
    with connection.cursor() as cursor:
        cursor.execute(beat, ["quiz@h_st", 1])
    assert probe.worker() == ""
    monkeypatch.setenv("DATABASE_URL", "postgresql:///x?host=/nonexistent")
    assert probe.worker() == "the database does not answer: OperationalError"


def test_beat_is_known_by_its_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "SCHEDULES", tmp_path)
    assert "not saved" in probe.beat()
    (tmp_path / "beat.db").write_text("")
    assert probe.beat() == ""
    monkeypatch.setattr(probe.time, "time", lambda: (tmp_path / "beat.db").stat().st_mtime + probe.BEAT_AGE + 1)
    assert "not saved" in probe.beat()


def test_the_exit_code_and_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "waymark.probe", "beet"],
        cwd=ROOT / "platform", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "usage: python -m waymark.probe web|worker|beat\n")


# -- files -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, dict[str, object]]]:
    read: dict[str, dict[str, dict[str, object]]] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    return read


def test_every_queue_has_a_worker(compose: dict[str, dict[str, dict[str, list[str]]]]) -> None:
    commands = [
        service["command"] for service in compose["services"].values() if "worker" in service.get("command", [])
    ]
    served = [command[command.index("-Q") + 1] for command in commands]
    assert sorted(served) == sorted(QUEUES)


def test_every_service_is_asked_how_it_is(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    once = {"migrate"}
    in_image = {"web"}  # the image's own HEALTHCHECK
    silent = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert silent - once == in_image
    assert 'CMD ["python", "-m", "waymark.probe", "web"]' in (ROOT / "Dockerfile").read_text()


def test_images_can_be_named_by_variables(compose: dict[str, dict[str, dict[str, str]]]) -> None:
    assert {service["image"].partition(":-")[0] for service in compose["services"].values()} == {
        "${WAYMARK_IMAGE",
        "${POSTGRES_IMAGE",
        "${REDIS_IMAGE",
    }
    assert set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M)) == {"${PYTHON_IMAGE}"}


def test_the_image_runs_as_nobody_in_particular() -> None:
    final = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert "USER 10001:10001" in final
    assert "pip" not in final


def test_settings_read_what_the_files_set(compose: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
    """A misspelt variable would be ignored in silence."""
    package = ROOT / "platform" / "waymark"
    source = "".join(path.read_text() for path in [package / "settings.py", *(package / "core").glob("*.py")])
    given = set(compose["services"]["web"]["environment"])
    assert {name for name in given if f'"{name}"' not in source} == set()


def test_the_image_holds_the_apps_and_nothing_of_the_suite() -> None:
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    copied = re.findall(r"^COPY (?:--\S+ )?(\S+)", (ROOT / "Dockerfile").read_text(), re.M)
    assert {line[1:] for line in kept if line.startswith("!")} == set(copied) - {"/app"}
    apps = {name.partition(".")[0] for name in settings.INSTALLED_APPS if (ROOT / name.partition(".")[0]).is_dir()}
    assert apps <= set(copied)


def test_secrets_have_no_default(compose: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
    given = compose["services"]["web"]["environment"]
    for name in ("WAYMARK_SECRET_KEY", "WAYMARK_ALLOWED_HOSTS", "WAYMARK_PUBLIC_URL"):
        assert given[name].startswith(f"${{{name}:?")
    assert "${POSTGRES_PASSWORD:?" in given["DATABASE_URL"]
