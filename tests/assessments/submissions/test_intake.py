"""What may be handed in, and what is refused: each limit by exceeding it."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from assessments.submissions.intake import Work, work_read
from assessments.submissions.limits import MEBIBYTE, Intake, Rejected
from tests.assessments.submissions.packing import tar_member, tarred, zipped, zipped_link

SMALL = Intake(files=3, size=1000, total=2500, entries=8, upload=100_000, name=20, path=40, depth=3)
# Assembled, so that no scanner takes this file for a leak.
AWS = "AKIA" + "IOSFODNN7QWERTYU"


def refused(sent: dict[str, bytes], intake: Intake = SMALL) -> Rejected:
    with pytest.raises(Rejected) as error:
        work_read(sent, intake=intake)
    assert error.value.status == 400
    assert error.value.hint, "it says what to do next"
    return error.value


def test_files_are_kept_as_they_are_named() -> None:
    work = work_read({"a.py": b"1", "src/ü b.py": "ü\r\n".encode()})
    assert work == Work({"a.py": b"1", "src/ü b.py": "ü\r\n".encode()})


@pytest.mark.parametrize(
    "archive",
    [
        zipped([("a.py", b"1"), ("src/b.py", b"2")]),
        zipped([("a.py", b"1"), ("src\\b.py", b"2")], system=0),
        zipped([("./a.py", b"1"), ("src/", b""), ("src/b.py", b"2")], method=zipfile.ZIP_STORED),
        tarred([("./a.py", b"1"), ("./src/b.py", b"2")]),
        tarred([(tar_member(".", tarfile.DIRTYPE), b""), ("a.py", b"1"), ("src/b.py", b"2")], mode="w"),
    ],
    ids=["zip", "zip of Windows", "stored zip with folders", "tar.gz with dots", "tar"],
)
def test_an_archive_alone_is_unpacked(archive: bytes) -> None:
    assert work_read({"work": archive}).files == {"a.py": b"1", "src/b.py": b"2"}


def test_an_archive_beside_other_files_is_a_file() -> None:
    archive = zipped([("a.py", b"1")])
    assert work_read({"data.zip": archive, "b.py": b"2"}).files == {"data.zip": archive, "b.py": b"2"}


def test_the_folder_that_was_packed_is_taken_off_where_the_starter_says_so() -> None:
    archive = zipped([("lab/main.py", b"1"), ("lab/more/x.py", b"2")])
    assert set(work_read({"z": archive}, starter=["main.py"]).files) == {"main.py", "more/x.py"}
    assert set(work_read({"z": archive}, starter=["other.py"]).files) == {"lab/main.py", "lab/more/x.py"}
    both = zipped([("lab/main.py", b"1"), ("main.py", b"2")])
    assert set(work_read({"z": both}, starter=["main.py"]).files) == {"lab/main.py", "main.py"}


def test_what_tools_leave_behind_is_left_out_and_said() -> None:
    archive = zipped(
        [
            ("a.py", b"1"),
            ("__MACOSX/._a.py", b"x"),
            (".git/config", b"x"),
            ("__pycache__/a.pyc", b"x"),
            (".DS_Store", b"x"),
        ]
    )
    work = work_read({"z": archive})
    assert work.files == {"a.py": b"1"}
    assert len(work.left_out) == 4
    assert work_read({"a.py": b"1", "a.pyc": b"x"}).left_out == ("a.pyc",)


def test_the_digest_is_that_of_names_and_contents() -> None:
    assert Work({"a": b"1", "b": b"2"}).digest == Work({"b": b"2", "a": b"1"}).digest
    assert len({Work(files).digest for files in ({"a": b"1"}, {"b": b"1"}, {"a": b"2"}, {"a": b"", "1": b""})}) == 4


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../a", "name_leads_out"), ("a/../../b", "name_leads_out"), ("/etc/passwd", "absolute_name"),
        ("C:/a", "absolute_name"), ("c:a", "absolute_name"), ("a\\b", "bad_name"), ("a//b", "bad_name"),
        ("a/./b", "bad_name"), ("a ", "bad_name"), ("a.", "bad_name"), ("a\x1b[2J", "bad_name"), ("a\nb", "bad_name"),
        ("\u202egpj.py", "bad_name"), ("x" * 21, "long_name"), ("x" * 20 + "/" + "y" * 20, "long_name"),
        ("a/b/c/d", "long_name"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "pack", [lambda n: {n: b"1"}, lambda n: {"z": tarred([(n, b"1"), ("k", b"")])}], ids=["file", "tar"]
)
def test_names_that_lead_out_or_are_none_are_refused(
    name: str, code: str, pack: Callable[[str], dict[str, bytes]]
) -> None:
    assert refused(pack(name)).code == code


def test_a_file_without_a_name_is_refused() -> None:
    assert refused({"": b"1"}).code == "bad_name"


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "C:\\a", "..\\a"])
def test_a_zip_of_windows_does_not_lead_out_either(name: str) -> None:
    assert refused({"z": zipped([(name, b"1")], system=0)}).code in ("name_leads_out", "absolute_name")


@pytest.mark.parametrize(
    "archive",
    [
        zipped_link("a", "/etc/passwd"),
        tarred([(tar_member("a", tarfile.SYMTYPE, "/etc/passwd"), b"")]),
        tarred([("b", b"1"), (tar_member("a", tarfile.LNKTYPE, "b"), b"")]),
        tarred([(tar_member("a", tarfile.FIFOTYPE), b"")]),
        tarred([(tar_member("a", tarfile.CHRTYPE), b"")]),
    ],
    ids=["zip link", "symlink", "hard link", "fifo", "device"],
)
def test_links_and_devices_are_refused(archive: bytes) -> None:
    assert refused({"z": archive}).code == "not_a_file"


def test_a_sparse_file_is_refused() -> None:
    info = tarfile.TarInfo("giant")
    info.type = tarfile.GNUTYPE_SPARSE
    assert refused({"z": tarred([(info, b"")], mode="w")}).code in ("not_a_file", "archive_broken")


@pytest.mark.parametrize(
    ("names", "code"),
    [(["a.py", "A.py"], "names_collide"), (["a", "a/b"], "name_twice"), (["ä", "a\u0308"], "names_collide"),
     (["Dir/a", "dir/b"], "names_collide"), (["a/b", "a"], "name_twice")],
)  # fmt: skip
def test_names_that_are_one_on_some_systems_are_refused(names: list[str], code: str) -> None:
    assert refused(dict.fromkeys(names, b"1")).code == code


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_twice_in_an_archive_is_refused() -> None:
    assert refused({"z": zipped([("a", b"1"), ("a", b"2")])}).code == "name_twice"
    assert refused({"z": tarred([("a", b"1"), ("./a", b"2")])}).code == "name_twice"


def test_each_limit_of_size_and_number() -> None:
    for pack in (lambda files: dict(files), lambda files: {"z": zipped(files)}, lambda files: {"z": tarred(files)}):
        assert refused(pack([("a", bytes(1001)), ("b", b"")])).code == "file_too_large"
        assert refused(pack([(name, bytes(900)) for name in "abc"])).code == "too_large"
        assert refused(pack([(name, b"1") for name in "abcd"])).code == "too_many_files"
        fits = [(name, bytes(800)) for name in "abc"]
        assert len(work_read(pack(fits), intake=SMALL).files) == 3


def test_an_archive_of_too_many_entries_is_refused_before_it_is_read() -> None:
    many = [(f"__pycache__/{number}", b"") for number in range(9)]
    assert refused({"z": zipped(many)}).code == "too_many_files"
    assert refused({"z": tarred(many)}).code == "too_many_files"


def test_an_upload_that_is_too_large_is_refused() -> None:
    assert refused({"z": zipped([("a", b"1")]) + bytes(100_001)}).code == "too_large"


def test_bombs_are_refused_at_the_limit_and_not_after() -> None:
    bomb = gzip.compress(bytes(200 * MEBIBYTE))
    assert len(bomb) < MEBIBYTE
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        info = tarfile.TarInfo("a")
        info.size = 200 * MEBIBYTE
        archive.addfile(info, io.BytesIO(bytes(200 * MEBIBYTE)))
    packed = gzip.compress(plain.getvalue(), 1)
    assert refused({"z": packed}, Intake()).code in ("file_too_large", "too_large")
    assert refused({"z": zipped([("a", bytes(200 * MEBIBYTE))])}, Intake()).code == "file_too_large"
    # A header that claims to be long is read with the same measure.
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 150 * MEBIBYTE
    long_header = gzip.compress(header.tobuf() + bytes(150 * MEBIBYTE), 1)
    assert refused({"z": long_header}, Intake()).code == "too_large"


@pytest.mark.parametrize(
    "archive",
    [
        b"PK\x03\x04 and nothing more",
        zipped([("a", b"1" * 100)])[:-30],
        tarred([("a", b"1" * 5000)])[:60],
        b"\x1f\x8bnothing",
    ],
    ids=["no zip", "half a zip", "half a tar.gz", "no gzip"],
)
def test_damaged_archives_are_refused(archive: bytes) -> None:
    assert refused({"z": archive}, Intake()).code == "archive_broken"


@pytest.mark.parametrize("start", [b"7z\xbc\xaf\x27\x1c", b"BZh91AY", b"\xfd7zXZ\x00", b"Rar!\x1a"])
def test_archives_of_other_kinds_are_named(start: bytes) -> None:
    assert refused({"z": start + bytes(50)}).code == "archive_method"


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zipped([("a", b"1")]))
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    assert refused({"z": bytes(data)}).code == "archive_encrypted"


def test_nothing_is_refused() -> None:
    assert refused({}).code == "nothing_given"
    assert refused({"z": zipped([("__pycache__/a", b"1")])}).code == "nothing_given"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.py", f"x = 1\nkey = '{AWS}'\n", 2),
        ("deep/id.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\n", 1),
        ("config", "users:\n- user:\n    client-key-data: " + "TFMwdExTMUNSVWRK" * 4, 3),
        ("terraform.tfstate", "{}", 1),
        ("infra/prod.tfstate.backup", "{}", 1),
        ("state.json", '{"version": 4, "terraform_version": "1.9", "serial": 2, "lineage": "x"}', 1),
        ("id_rsa", "anything", 1),
    ],
)
def test_secrets_are_refused_with_file_and_line(name: str, text: str, line: int) -> None:
    error = refused({name: text.encode(), "z.py": b""}, Intake())
    assert (error.code, error.where) == ("secret_found", f"{name}:{line}")
    assert AWS not in error.message + error.hint, "the secret itself is not repeated"
    assert refused({"z": zipped([(name, text.encode())])}, Intake()).code == "secret_found"


@pytest.mark.parametrize("text", ["password = os.environ['DB_PASSWORD']", "token: <your token>", "AKIA is a prefix"])
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert work_read({"a.py": text.encode()}).files


def test_a_secret_is_found_wherever_it_stands_in_a_long_line() -> None:
    for before in (19_990, 20_010, 100_000):
        line = "x" * before + f" key='{AWS}'"
        assert refused({"a.js": line.encode()}, Intake()).where == "a.js:1"


@pytest.mark.timeout(20)
def test_looking_for_secrets_takes_time_by_the_size_only() -> None:
    for text in (b"\n" * 4_000_000, b" " * 4_000_000, b"\t \n" * 1_000_000, b"-----BEGIN " + b"A " * 2_000_000):
        assert work_read({"a.txt": text}).files


def test_a_zip_that_claims_few_entries_and_has_many_is_refused_before_its_directory_is_read() -> None:
    packed = bytearray(zipped([(f"d{number:05}", b"") for number in range(400)]))
    at = packed.rindex(b"PK\x05\x06")
    packed[at + 8 : at + 12] = b"\x01\x00\x01\x00"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(zipfile, "ZipFile", lambda *args: pytest.fail("it was opened"))
        assert refused({"z": bytes(packed)}).code == "too_many_files"
