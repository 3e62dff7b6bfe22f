"""Nothing runs where a limit does not hold; the self-test notices."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from grading.sandbox import image, selection
from grading.sandbox.bubblewrap.backend import BubblewrapBackend
from grading.sandbox.contract import Level, Limits, SandboxUnavailable
from grading.sandbox.lifted import Lifted
from grading.sandbox.selftest import selftest
from tests.grading.sandbox.conftest import Watched, backend_at
from tests.workers import wait_for
from waymark.core.models import WorkerHeartbeat


@pytest.fixture
def data(settings: Any, tmp_path: Path, sandbox_image: image.Image) -> Path:
    """A data folder with the image."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "sandbox").symlink_to(sandbox_image.tree.parent)
    return tmp_path


def test_every_limit_holds(backend: Watched) -> None:
    report = selftest(backend)
    assert report.problems == {}
    assert len(report.tried) == 26
    assert report.ok


@pytest.mark.parametrize(
    ("lifted", "noticed"),
    [
        (Lifted(seccomp=True), {"filter of system calls", "no other address families"}),
        (Lifted(network=True), {"no network"}),
        (Lifted(seccomp=True, userns=True), {"no user namespaces"}),
        (Lifted(capabilities=True), {"no capabilities"}),
        (Lifted(init=True), {"first process out of reach"}),
    ],
)
def test_the_self_test_notices_a_defence_that_is_off(
    sandbox_image: image.Image, lifted: Lifted, noticed: set[str]
) -> None:
    report = selftest(backend_at(sandbox_image, "supervised", lifted))
    assert noticed <= set(report.problems)
    assert not report.ok


def test_switched_off_means_off(settings: Any) -> None:
    with pytest.raises(SandboxUnavailable, match="WAYMARK_SANDBOX is none"):
        selection.chosen("none")


def test_without_an_image_nothing_is_chosen(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(SandboxUnavailable, match="run make sandbox-image"):
        selection.chosen("auto")


def test_a_backend_that_is_not_there_is_not_replaced_by_another(data: Path, settings: Any) -> None:
    settings.SANDBOX_ENGINE = f"unix://{data}/none.sock"
    with pytest.raises(SandboxUnavailable, match="docker: No container engine answers"):
        selection.chosen("docker")


def test_a_failed_self_test_leaves_nothing_to_choose(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BubblewrapBackend, "_program", lambda self: b"\x06\x00\x00\x00\x00\x00\xff\x7f")
    with pytest.raises(SandboxUnavailable, match="filter of system calls"):
        selection.chosen("bubblewrap")


def test_supervised_limits_are_refused_where_the_setting_says_so(
    data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_groups(below: str = "") -> None:
        raise SandboxUnavailable("No control groups are mounted.")

    monkeypatch.setattr(selection, "Tree", no_groups)
    settings.SANDBOX_SUPERVISED = False
    with pytest.raises(SandboxUnavailable, match="WAYMARK_SANDBOX_SUPERVISED=true"):
        selection.chosen("bubblewrap")
    settings.SANDBOX_SUPERVISED = True
    assert selection.chosen("bubblewrap").level is Level.SUPERVISED


def test_an_image_of_other_programs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = image.make(tmp_path, kind="host", requirements=None)
    assert image.find(tmp_path) == made
    (made.tree / "etc" / "passwd").write_text("root::0:0::/:/bin/sh\n")
    with pytest.raises(SandboxUnavailable, match="changed since"):
        image.find(tmp_path)
    again = image.make(tmp_path, kind="host", requirements=None)
    assert again.digest == made.digest, "the same tree has the same name"
    assert not made.tree.exists()


def test_limits_must_mean_something() -> None:
    with pytest.raises(ValueError, match="memory"):
        Limits(memory=0)


def test_the_command_tells_every_probe(data: Path) -> None:
    out = io.StringIO()
    call_command("sandbox", "selftest", "--backend", "bubblewrap", "--format", "json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["ok"]
    assert {"memory", "no network", "collection"} <= told["backends"][-1]["probes"].keys()


def test_the_command_fails_where_nothing_holds(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="No sandbox backend"):
        call_command("sandbox", "selftest", stdout=io.StringIO())


LAB = """
- {id: a, title: Double, type: call, points: 3, spec: {module: s, function: f, cases: [{args: [2], expect: 4}]}}
- {id: b, title: Zero, type: call, points: 1, spec: {module: s, function: f, cases: [{args: [0], expect: 1}]}}
"""


@pytest.fixture
def lab(tmp_path: Path) -> tuple[Path, Path]:
    folder, submitted = tmp_path / "lab", tmp_path / "work"
    folder.mkdir()
    submitted.mkdir()
    (folder / "checks.yaml").write_text(LAB)
    (submitted / "s.py").write_text("def f(n):\n    return n + n\n")
    return folder, submitted


def reported(lab: Path, submitted: Path) -> tuple[dict[str, Any], int]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "checks", "run", str(lab), str(submitted), "--backend", "bubblewrap", "--format", "json", stdout=out
        )
    return json.loads(out.getvalue()), int(str(ended.value.code))


def test_checks_run_prints_the_promised_shape(data: Path, lab: tuple[Path, Path]) -> None:
    told, status = reported(*lab)
    assert status == 1
    assert {"outcome", "points", "out_of", "checks", "usage", "phases"} <= told.keys()
    assert {"backend", "level", "image", "kit_version", "seeds"} <= told.keys()
    assert (told["outcome"], told["points"], told["out_of"]) == ("failed", "3.0000", "4.0000")
    assert [(check["id"], check["outcome"], check["points"]) for check in told["checks"]] == [
        ("a", "passed", "3.0000"), ("b", "failed", "0.0000"),
    ]  # fmt: skip
    assert told["image"].startswith("sha256:")
    assert told["backend"] == "bubblewrap"


def test_work_that_is_no_file_is_rejected(data: Path, lab: tuple[Path, Path]) -> None:
    (lab[1] / "link.py").symlink_to("/etc/hostname")
    told, status = reported(*lab)
    assert (told["outcome"], told["points"], status) == ("rejected", "0.0000", 1)
    assert told["checks"][0]["message"] == "link.py is a link or no regular file."


def test_a_lab_that_cannot_be_read_is_named(data: Path, lab: tuple[Path, Path]) -> None:
    (lab[0] / "checks.yaml").write_text(LAB.replace("type: call", "type: shout", 1))
    with pytest.raises(CommandError, match="check 'a': There is no kind of check named 'shout'"):
        call_command("checks", "run", str(lab[0]), str(lab[1]), "--backend", "bubblewrap")


def beat(sandbox: str) -> None:
    now = timezone.now()
    WorkerHeartbeat.objects.create(name="w", queues="grading.checks", sandbox=sandbox, seen_at=now, started_at=now)


@pytest.mark.parametrize(
    ("sandbox", "state"), [("bubblewrap cgroup", "ok"), ("missing: no image", "missing"), ("", "missing")]
)
def test_readyz_says_whether_submissions_can_run(db: None, client: Client, sandbox: str, state: str) -> None:
    beat(sandbox)
    told = client.get("/readyz").json()
    assert told["checks"]["sandbox"] == state
    assert told["status"] in ("ready", "degraded"), "the site serves all the same"


@pytest.mark.celery
def test_a_worker_of_checks_tries_its_sandbox_and_tells(celery_workers: Any, data: Path) -> None:
    celery_workers(queues=["grading.checks"], WAYMARK_SANDBOX="bubblewrap", WAYMARK_DATA=str(data))
    found = wait_for(
        lambda: WorkerHeartbeat.objects.exclude(sandbox="").values_list("sandbox", flat=True).first(),
        seconds=60,
        what="the self-test of the worker",
    )
    backend, _, digest = found.split()
    assert (backend, digest) == ("bubblewrap", image.find(data / "sandbox").digest)
