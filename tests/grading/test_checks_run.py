"""Work on a disk is taken in as a hand-in is, before ``checks run`` runs anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.submissions.limits import Intake, Rejected
from grading.checks.submission import submission_read
from tests.assessments.submissions.packing import zipped

SMALL = Intake(files=2, size=100, total=150)


def refused(path: Path) -> str:
    with pytest.raises(Rejected) as error:
        submission_read(path, SMALL)
    return error.value.code


def test_a_folder_a_file_and_an_archive_are_the_same_work(tmp_path: Path) -> None:
    (tmp_path / "work" / "src").mkdir(parents=True)
    (tmp_path / "work" / "src" / "a.py").write_bytes(b"1")
    (tmp_path / "work" / "src" / "a.pyc").write_bytes(b"x")
    assert submission_read(tmp_path / "work").files == {"src/a.py": b"1"}
    assert submission_read(tmp_path / "work" / "src" / "a.py").files == {"a.py": b"1"}
    (tmp_path / "work.zip").write_bytes(zipped([("src/a.py", b"1")]))
    assert submission_read(tmp_path / "work.zip").files == {"src/a.py": b"1"}


def test_links_secrets_and_what_is_too_much_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert refused(tmp_path) == "not_a_file"
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("/etc", target_is_directory=True)
    assert refused(tmp_path) == "not_a_file"
    (tmp_path / "link").unlink()
    assert refused(tmp_path) == "nothing_given"
    (tmp_path / "id_rsa").write_text("x")
    assert refused(tmp_path) == "secret_found"
    (tmp_path / "id_rsa").rename(tmp_path / "a")
    (tmp_path / "b").write_bytes(bytes(101))
    assert refused(tmp_path) == "file_too_large"
    (tmp_path / "b").write_bytes(bytes(100))
    (tmp_path / "a").write_bytes(bytes(100))
    assert refused(tmp_path) == "too_large"
    for name in "ab":
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "c").write_bytes(b"")
    assert refused(tmp_path) == "too_many_files"
