"""Repositories as sources: fetched over HTTP from a server of this test, within limits, and nothing of them runs."""

from __future__ import annotations

import ipaddress
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.report.run import lint
from courses.curriculum.sources import git
from courses.curriculum.sources.trees import Trees, trees_of
from tests.conftest import need
from tests.git_server import Handler, run, serving

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[type[Handler]]:
    with serving(tmp_path / "served") as handler:
        yield handler


@pytest.fixture
def repository(server: type[Handler]) -> Path:
    place = server.root / "a.git"
    place.mkdir()
    run(place, "init", "--quiet")
    (place / "docs").mkdir()
    (place / "docs" / "x.md").write_text("# First\n")
    run(place, "add", ".")
    run(place, "commit", "--quiet", "-m", "first")
    run(place, "tag", "v1")
    (place / "docs" / "x.md").write_text("# Second\n")
    (place / ".gitattributes").write_text("hidden.md export-ignore\nhidden.md export-subst\n* text eol=crlf ident\n")
    (place / "hidden.md").write_text("$Format:%H$ $Id$\n")
    (place / "link.md").symlink_to("/etc/passwd")
    run(place, "add", ".")
    run(place, "commit", "--quiet", "-m", "second")
    return place


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    need(shutil.which("git") is not None, "git", "apt-get install git")
    settings.OUTGOING_ALLOW = LOOPBACK


def address(server: type[Handler], path: str = "a.git") -> str:
    return f"{server.address}/{path}"


def texts(trees: Trees) -> dict[str, str]:
    return {file.file: file.data.decode() for file in trees.files}


def refusal(argument: str) -> str:
    (finding,) = trees_of([argument]).findings
    assert (finding.rule, finding.severity, finding.line) == ("source.repository", "error", 1)
    assert finding.fix
    return finding.message


@pytest.mark.usefixtures("repository")
def test_a_repository_is_read_as_it_is_and_its_files_are_called_by_their_path(server: type[Handler]) -> None:
    trees = trees_of([address(server)])
    assert texts(trees) == {"docs/x.md": "# Second\n", "hidden.md": "$Format:%H$ $Id$\n"}
    assert [(each.rule, each.severity, each.file) for each in trees.findings] == [("source.link", "warning", "link.md")]
    assert trees.roots == [""]


def test_a_branch_a_tag_and_a_commit_can_be_named(server: type[Handler], repository: Path) -> None:
    first = run(repository, "rev-parse", "v1").strip()
    run(repository, "branch", "old", "v1")
    for revision in ("v1", "old", first):
        assert texts(trees_of([f"{address(server)}#{revision}"])) == {"docs/x.md": "# First\n"}
    assert refusal(f"{address(server)}#nothing") == "The repository has no such branch, tag or commit."
    assert refusal(f"{address(server)}#--upload-pack=touch") == "'--upload-pack=touch' is no branch, tag or commit."


def test_links_between_documents_of_a_repository_are_known(server: type[Handler], repository: Path) -> None:
    (repository / "docs" / "module.md").write_text(
        "# MOD-101\n\n## 1. Overview\n\n- **Module ID**: MOD-101\n- **Title**: A\n\nSee [x](x.md), [it](/docs/x.md), "
        "[root](../hidden.md), [gone](gone.md), [out](../../out.md).\n"
    )
    run(repository, "add", ".")
    run(repository, "commit", "--quiet", "-m", "module")
    said = lint([address(server)]).said
    found = [each.finding for each in said if each.finding.rule == "hygiene.broken_link"]
    assert [(each.file, "gone.md" in each.message) for each in found] == [("docs/module.md", True)]


@pytest.mark.usefixtures("repository")
def test_what_cannot_be_fetched_is_one_finding_and_the_rest_is_read(server: type[Handler], tmp_path: Path) -> None:
    host = "127.0.0.1"
    assert refusal(address(server, "none-403-302.git")) == f"No repository could be fetched from {host}."
    assert refusal(address(server, "closed/a.git")) == f"{host} asks for a password."
    assert refusal(address(server, "moved/a.git")) == f"{host} sends elsewhere, and redirects are not followed."
    assert [path for path in server.asked if path.startswith("/a.git")] == [], "the redirect was not followed"
    (tmp_path / "y.md").write_text("# Y\n")
    assert list(texts(trees_of([address(server, "none.git"), str(tmp_path / "y.md")]))) == [f"{tmp_path}/y.md"]


def test_credentials_are_neither_used_nor_shown(server: type[Handler]) -> None:
    (finding,) = trees_of([address(server).replace("://", "://user:secret@") + "?token=secret#main"]).findings
    assert "secret" not in str(finding)
    assert finding.message == "The address holds a user or a password."
    assert server.asked == []


@pytest.mark.usefixtures("repository")
def test_an_address_that_is_not_public_is_not_asked(server: type[Handler], settings: Any) -> None:
    settings.OUTGOING_ALLOW = []
    assert refusal(address(server)) == "127.0.0.1 is not a public address."
    assert server.asked == []


@pytest.mark.usefixtures("repository")
def test_a_repository_that_is_too_large_or_too_slow_is_left(
    server: type[Handler], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(git, "MAX_TOTAL", 1000)
    assert refusal(address(server)).startswith("The repository has more than 1000 bytes; ")
    monkeypatch.undo()
    monkeypatch.setattr(git, "SECONDS", 0.5)
    began = time.monotonic()
    assert refusal(address(server, "slow/a.git")) == "The repository could not be fetched within 0.5 seconds."
    assert time.monotonic() - began < 2.5
    assert list(tmp_path.glob("waymark-git-*")) == []


@pytest.mark.parametrize("said", ["", "git version 2.36.1"])
def test_a_git_that_cannot_be_held_to_one_address_is_not_used(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if said:
        (tmp_path / "git").write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = trees_of(["http://127.0.0.1:9/a.git"]).findings
    assert finding.message == "Repositories cannot be fetched on this machine."
    assert "2.37" in finding.fix


def test_it_connects_to_the_address_that_was_looked_at(
    server: type[Handler], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is known to this test's look-up only, so git can reach it by the pinned address alone."""
    import socket

    port = int(address(server).split(":")[2].split("/")[0])
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **options: answer)
    assert "docs/x.md" in texts(trees_of([f"http://pinned.invalid:{port}/a.git"]))
