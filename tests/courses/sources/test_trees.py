"""Arguments become files: what is read, what it is called, and what is refused."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.curriculum.sources import archives, budget
from courses.curriculum.sources.text import MAX_BYTES
from courses.curriculum.sources.trees import Trees, trees_of


def write(root: Path, *names: str, text: str = "# T\n") -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def files(trees: Trees, root: Path) -> list[str]:
    return [file.file.removeprefix(f"{root}/") for file in trees.files]


def found(trees: Trees) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in trees.findings]


def pack(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> str:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return str(path)


def test_a_folder_is_read_in_order_and_called_by_its_argument(tmp_path: Path) -> None:
    write(tmp_path, "b/x.md", "a.yaml", "b-c/y.MD", "z.png", "code.py", "roster.csv", "LICENSE")
    trees = trees_of([f"{tmp_path}/"])
    assert files(trees, tmp_path) == ["LICENSE", "a.yaml", "b/x.md", "b-c/y.MD", "roster.csv"]
    assert [str(file.path) for file in trees.files if file.root == f"{tmp_path}/"][2] == "b/x.md"
    assert f"{tmp_path}/z.png" in trees.names, "links to it can be checked"
    assert trees.findings == []


def test_dot_folders_and_ignored_files_are_no_documents(tmp_path: Path) -> None:
    write(tmp_path, ".git/x.md", ".github/x.md", ".waymark/decisions.yaml", ".hidden.md", "a/x.md", "a/out/x.md",
          "a/keep.tmp.md", "a/b/x.tmp.md", "a/b/y.md", "drafts/x.md")  # fmt: skip
    (tmp_path / ".gitignore").write_text("/drafts/\nout/\n*.tmp.md\n[z-a]\n")
    (tmp_path / "a" / ".gitignore").write_text("!keep.tmp.md\n/b/y.md\n")
    assert files(trees_of([str(tmp_path)]), tmp_path) == [".waymark/decisions.yaml", "a/keep.tmp.md", "a/x.md"]
    named = trees_of([f"{tmp_path}/drafts"])
    assert [file.file for file in named.files if not file.above] == [f"{tmp_path}/drafts/x.md"], "who names it wants it"
    assert [file.path.name for file in named.files if file.above] == ["decisions.yaml"]
    assert [file.path.name for file in trees_of([f"{tmp_path}/.hidden.md"]).files if file.alone] == [".hidden.md"]


def test_a_folder_of_a_repository_obeys_the_ignore_files_above_it(tmp_path: Path) -> None:
    write(tmp_path, ".git/HEAD", "docs/x.md", "docs/private/x.md")
    (tmp_path / ".gitignore").write_text("docs/private\n")
    assert files(trees_of([f"{tmp_path}/docs"]), tmp_path) == ["docs/x.md"]


def test_patterns_that_are_slow_elsewhere_are_not_here(tmp_path: Path) -> None:
    write(tmp_path, f"{'a' * 200}.md")
    (tmp_path / ".gitignore").write_text("*a" * 30 + "b\n")
    assert len(trees_of([str(tmp_path)]).files) == 1


def test_links_are_never_followed(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.md", "tree/x.md")
    (tmp_path / "tree" / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (tmp_path / "tree" / "folder").symlink_to(tmp_path / "outside")
    trees = trees_of([f"{tmp_path}/tree"])
    assert files(trees, tmp_path) == ["tree/x.md"]
    assert found(trees) == [("source.link", "warning")] * 2
    for name in ("link.md", "folder"):
        trees = trees_of([f"{tmp_path}/tree/{name}"])
        assert (trees.files, found(trees)) == ([], [("source.link", "error")])


def test_pipes_and_closed_files_do_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md", "b.md")
    os.mkfifo(tmp_path / "pipe.md")
    opened = os.open

    def refused(path: str, *rest: int) -> int:
        if str(path).endswith("a.md"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", refused)
    trees = trees_of([str(tmp_path)])
    assert files(trees, tmp_path) == ["b.md"]
    assert found(trees) == [("source.unreadable", "error")]
    assert found(trees_of([f"{tmp_path}/pipe.md"])) == [("source.unreadable", "error")]


def test_a_document_that_is_too_large_is_one_error_and_a_data_set_is_none(tmp_path: Path) -> None:
    write(tmp_path, "x.md")
    (tmp_path / "large.md").write_bytes(b"x" * (MAX_BYTES + 1))
    (tmp_path / "large.csv").write_bytes(b"x" * (MAX_BYTES + 1))
    trees = trees_of([str(tmp_path)])
    assert files(trees, tmp_path) == ["x.md"]
    assert found(trees) == [("source.too_large", "error")]
    assert f"{MAX_BYTES + 1} bytes; the limit is {MAX_BYTES}" in trees.findings[0].message
    assert found(trees_of([f"{tmp_path}/large.csv"])) == [("source.too_large", "error")]


def test_too_many_files_end_the_reading_but_not_the_lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_FILES", 2)
    write(tmp_path, "a.md", "b.md", "c.md")
    trees = trees_of([str(tmp_path)])
    assert files(trees, tmp_path) == ["a.md", "b.md"]
    assert found(trees) == [("source.too_many_files", "error")]
    assert "more than 2 files" in trees.findings[0].message


def test_what_is_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    trees = trees_of([str(tmp_path), f"{tmp_path}/a", f"{tmp_path}/a/x.md"])
    assert files(trees, tmp_path) == ["a/x.md"]


def test_the_members_of_an_archive_are_files_below_it(tmp_path: Path) -> None:
    archive = pack(
        tmp_path / "a.zip", ("top/x.md", b"# T\n"), ("top/p.png", b"\x89"), (".git/y.md", b""),
        ("top/.gitignore", b"out\n"), ("top/out/z.md", b""), ("top/.waymark/decisions.yaml", b""),
    )  # fmt: skip
    trees = trees_of([archive])
    assert [file.file for file in trees.files] == [
        f"{archive}!/top/.waymark/decisions.yaml",
        f"{archive}!/top/x.md",
    ]
    assert trees.roots == [f"{archive}!"]
    assert f"{archive}!/top/p.png" in trees.names
    assert trees.findings == []


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../x.md", "source.archive_path"), ("a/../../x.md", "source.archive_path"), ("/x.md", "source.archive_path"),
        ("C:/x.md", "source.archive_path"), ("a\\..\\x.md", "source.archive_path"), ("a//x.md", "source.archive_path"),
        ("./x.md", "source.archive_path"), ("x\x1b[2J.md", "source.archive_path"), (_link("l.md"), "source.link"),
        ("OK.md", "source.archive_twice"), ("ok.md", "source.archive_twice"), ("ok.md/x.md", "source.archive_twice"),
    ],
)  # fmt: skip
def test_a_hostile_member_is_an_error_and_the_rest_is_read(
    tmp_path: Path, name: str | zipfile.ZipInfo, rule: str, recwarn: pytest.WarningsRecorder
) -> None:
    archive = pack(tmp_path / "a.zip", ("ok.md", b"first"), (name, b"/etc/passwd"))
    trees = trees_of([archive])
    assert [(file.file, file.data) for file in trees.files] == [(f"{archive}!/ok.md", b"first")]
    assert found(trees) == [(rule, "error")]
    assert trees.findings[0].file.startswith(f"{archive}!/")
    assert "\x1b" not in str(trees.findings[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"], "nothing is written"


def test_many_faults_of_one_kind_are_one_finding(tmp_path: Path) -> None:
    trees = trees_of([pack(tmp_path / "a.zip", *((f"../{number}.md", b"") for number in range(50)))])
    assert found(trees) == [("source.archive_path", "error")]
    assert "49 more" in trees.findings[0].message


def _encrypted(data: bytearray) -> None:
    data[data.index(b"PK\x01\x02") + 8] |= 1


def _lying(data: bytearray) -> None:
    """The header says that the member has ten bytes."""
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")


def _torn(data: bytearray) -> None:
    at = data.index(b"x.md") + 10
    data[at : at + 10] = b"\xff" * 10


def _cut(data: bytearray) -> None:
    del data[60:]


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (_encrypted, "source.archive_encrypted"), (_lying, "source.archive_broken"), (_torn, "source.archive_broken"),
        (_cut, "source.archive_broken"),
    ],
)  # fmt: skip
def test_a_damaged_archive_is_an_error(tmp_path: Path, damage: Callable[[bytearray], None], rule: str) -> None:
    archive = pack(tmp_path / "a.zip", ("x.md", os.urandom(500)))
    data = bytearray(Path(archive).read_bytes())
    damage(data)
    Path(archive).write_bytes(data)
    trees = trees_of([archive])
    assert (trees.files, found(trees)) == ([], [(rule, "error")])


def test_a_method_whose_output_cannot_be_measured_in_time_is_refused(tmp_path: Path) -> None:
    trees = trees_of([pack(tmp_path / "a.zip", ("x.md", b"x" * 100), method=zipfile.ZIP_BZIP2)])
    assert found(trees) == [("source.archive_method", "error")]


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_TOTAL", 3 * 1024 * 1024)
    archive = pack(tmp_path / "a.zip", ("a.md", b"# T\n"), ("b.bin", b"\0" * 8 * 1024 * 1024), ("c.md", b"# T\n"))
    trees = trees_of([archive])
    assert [file.file for file in trees.files] == [f"{archive}!/a.md"], "what came before is linted"
    assert found(trees) == [("source.too_much", "error")]
    assert f"more than {3 * 1024 * 1024} bytes" in trees.findings[0].message


def test_a_large_member_is_one_error_of_its_own(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("a.md", b"x" * (MAX_BYTES + 1)), ("b.csv", b"x" * (MAX_BYTES + 1)))
    trees = trees_of([archive])
    assert (trees.files, found(trees)) == ([], [("source.too_large", "error")])
    assert trees.findings[0].file == f"{archive}!/a.md"


def test_an_archive_of_more_members_than_may_be_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_MAX_DIRECTORY", 1_000)
    trees = trees_of([pack(tmp_path / "a.zip", *((f"{number}.md", b"") for number in range(50)))])
    assert (trees.files, found(trees)) == ([], [("source.too_many_files", "error")])


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = Path(pack(tmp_path / "inner.zip", ("x.md", b"# T\n"))).read_bytes()
    trees = trees_of([pack(tmp_path / "a.zip", ("inner.zip", inner))])
    assert (trees.files, found(trees)) == ([], [("source.archive_nested", "warning")])


def test_an_archive_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    archive = Path(pack(tmp_path / "a.zip", ("x.md", b"# T\n"))).rename(tmp_path / "a.dat")
    assert [file.file for file in trees_of([str(archive)]).files] == [f"{archive}!/x.md"]
    plain = write(tmp_path, "plain.zip") / "plain.zip"
    assert [file.alone for file in trees_of([str(plain)]).files] == [True]
