"""What may be given to an import, and what is refused before anything is kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses.curriculum.planning.incoming import source_of
from courses.models import ImportJob, ImportRecord
from courses.services import import_files as limits
from courses.services.import_files import files_forget, job_folder
from courses.services.imports import import_again, import_apply, import_files, import_folder, import_repository
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, folder_made, given, packed, worked
from waymark.core.errors import Invalid, Refused


def upload(name: str, data: bytes = b"# A\n") -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", data)
    # As a request might bring it: the class itself keeps the last part only.
    file._name = name
    return file


def code_of(cast: Cast, *files: SimpleUploadedFile) -> str:
    with pytest.raises(Invalid) as refused:
        import_files(actor=cast.actor("site_admin"), files=files)
    assert refused.value.hint
    assert not ImportJob.objects.exists()
    return refused.value.code


@pytest.mark.parametrize("name", ["", ".hidden", "a\x00b.md", "a\nb.md", "x" * 160 + ".md", "..", "\u202egpj.md"])
def test_names_that_are_none_are_refused(cast: Cast, name: str, data: Path) -> None:
    assert code_of(cast, upload(name)) == "bad_name"
    assert not data.exists()


@pytest.mark.parametrize("name", ["../../etc/a.md", "C:\\folder\\a.md", "/etc/a.md"])
def test_of_a_path_only_the_name_is_kept(cast: Cast, name: str) -> None:
    job = import_files(actor=cast.actor("site_admin"), files=[upload(name)])
    assert job.arguments == ["a.md"]
    assert os.listdir(job_folder(job.uuid)) == ["a.md"]


def test_nothing_too_many_too_much_and_twice_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    assert code_of(cast) == "nothing_given"
    assert code_of(cast, *(upload(f"{number}.md") for number in range(101))) == "too_many_files"
    assert code_of(cast, upload("a.md"), upload("A.md")) == "name_twice"
    monkeypatch.setattr(limits, "MAX_TOTAL", 10)
    assert code_of(cast, upload("a.md", b"x" * 6), upload("b.md", b"x" * 5)) == "too_much"
    assert not data.exists()


def test_a_full_disk_is_said_and_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    def full(*arguments: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", full)
        with pytest.raises(Refused) as refused:
            given(cast.actor("site_admin"))
    assert refused.value.code == "no_space"
    assert os.listdir(data / "imports") == []


def test_files_named_by_themselves_are_read_as_such(cast: Cast) -> None:
    job = worked(import_files(actor=cast.actor("site_admin"), files=[upload("notes.txt", b"Nothing.\n")]))
    (finding,) = [each for each in job.report["findings"] if each["rule"] == "source.other"]
    assert (finding["severity"], finding["file"]) == ("error", "notes.txt")


def test_an_archive_that_means_harm_is_a_finding_and_nothing_is_written(cast: Cast, data: Path) -> None:
    job = worked(given(cast.actor("site_admin"), {"../../out.md": "# Out\n", "in.md": "# In\n"}))
    assert job.state == "ready"
    assert "source.archive_path" in {each["rule"] for each in job.report["findings"]}
    assert job.errors
    assert not list(data.rglob("out.md"))
    files_forget(job.uuid)


@pytest.mark.parametrize(
    "address",
    [
        "https://user:secret@git.example.test/a.git", "https://token@git.example.test/a.git",
        "https://git.example.test/a.git?private_token=secret", "ssh://git@git.example.test/a.git", "file:///etc", "",
        "https://", "https://git.example.test/a b.git", "https://git.example.test/" + "a" * 400,
        "https://git.example.test/a.git\n--upload-pack=x", "https://[::1",
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_holds_a_secret_is_not_kept(cast: Cast, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        import_repository(actor=cast.actor("site_admin"), address=address)
    assert refused.value.code in ("credentials", "no_address")
    assert "secret" not in f"{refused.value.message}{refused.value.hint}"
    assert not ImportJob.objects.exists()


def test_a_repository_that_may_not_be_asked_is_an_error_of_the_report(cast: Cast) -> None:
    job = worked(import_repository(actor=cast.actor("site_admin"), address="https://127.0.0.1/a.git#main"))
    assert job.state == "ready"
    assert job.name == "https://127.0.0.1/a.git#main"
    found = [(each["rule"], each["message"]) for each in job.report["findings"]]
    assert found == [("source.repository", "127.0.0.1 is not a public address.")], "and nothing that follows from it"
    assert job.errors
    page = cast.browser("site_admin").get(reverse("import_job", args=[job.uuid])).content.decode()
    assert "127.0.0.1 is not a public address." in page
    assert "Nothing would change" not in page, "nothing was read that could be compared"


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("curricula/team/", "team"),
        ("team.zip", "team.zip"),
        ("https://git.example.test/one/curriculum.git#main", "git.example.test/one/curriculum"),
        ("https://git.example.test/two/curriculum", "git.example.test/two/curriculum"),
        ("https://me:secret@git.example.test/two/curriculum.git/", "git.example.test/two/curriculum"),
    ],
)
def test_a_source_is_called_by_what_it_is(argument: str, name: str) -> None:
    assert source_of([argument]) == name


def test_a_source_has_the_name_that_it_is_given(cast: Cast) -> None:
    tree = cast_tree(("title: First steps", "title: First of all"))
    job = worked(import_files(actor=cast.actor("site_admin"), files=[packed(tree)], source="  The  team "))
    assert (job.name, job.source, job.state) == ("tree.zip", "The team", "ready")
    import_again(actor=cast.actor("site_admin"), job=job)
    worked(job)
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    worked(job)
    assert {release.source for release in job.releases.all()} == {"The team"}
    assert {each.source for each in ImportRecord.objects.filter(release__in=job.releases.all())} >= {"The team"}


@pytest.mark.parametrize("name", ["a\x07b", "x" * 201])
def test_what_is_no_name_of_a_source_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        import_repository(actor=cast.actor("site_admin"), address="https://git.example.test/a.git", source=name)
    assert (refused.value.code, refused.value.where) == ("no_source", "source")


def test_a_folder_below_a_root_of_the_operator_is_read_where_it_lies(cast: Cast, settings: Any, tmp_path: Path) -> None:
    root = folder_made(tmp_path / "curricula", {f"team/{name}": text for name, text in cast_tree().items()})
    settings.IMPORT_ROOTS = [root]
    job = worked(import_folder(actor=cast.actor("site_admin"), root="curricula", path="team/"))
    assert (job.state, job.name, job.errors) == ("ready", "curricula/team", 0)
    assert {each["file"].rpartition("/")[0] for each in job.report["sources"]} == {
        f"curricula/team/{each}" for each in ("catalog", "north", "south")
    }
    assert str(tmp_path) not in str(job.report)
    settings.IMPORT_ROOTS = []
    again = ImportJob.objects.get(pk=job.pk)
    ImportJob.objects.filter(pk=job.pk).update(state="waiting", step="plan")
    assert worked(again).problem == "no_folder", "a root that the operator took away"


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("other", ""), ("curricula", "../outside"), ("curricula", "link"), ("curricula", "link/inner"),
        ("curricula", "gone"), ("curricula", "./team"), ("", "team"), ("curricula", "a\x00b"), ("..", "outside"),
    ],
)  # fmt: skip
def test_nothing_outside_the_roots_is_read(cast: Cast, settings: Any, tmp_path: Path, root: str, path: str) -> None:
    folder_made(tmp_path, {"outside/inner/a.md": "# A\n", "curricula/team/b.md": "# B\n"})
    (tmp_path / "curricula" / "link").symlink_to(tmp_path / "outside")
    settings.IMPORT_ROOTS = [tmp_path / "curricula"]
    with pytest.raises(Invalid) as refused:
        import_folder(actor=cast.actor("site_admin"), root=root, path=path)
    assert refused.value.code == "no_folder"
    assert str(tmp_path) not in f"{refused.value.message}{refused.value.hint}"


def test_a_link_that_comes_after_it_was_asked_for_is_not_followed(cast: Cast, settings: Any, tmp_path: Path) -> None:
    folder_made(tmp_path, {"outside/a.md": "# A\n", "curricula/team/b.md": "# B\n"})
    settings.IMPORT_ROOTS = [tmp_path / "curricula"]
    job = import_folder(actor=cast.actor("site_admin"), root="curricula", path="team")
    (tmp_path / "curricula/team/b.md").unlink()
    (tmp_path / "curricula/team").rmdir()
    (tmp_path / "curricula/team").symlink_to(tmp_path / "outside")
    assert worked(job).problem == "no_folder"
