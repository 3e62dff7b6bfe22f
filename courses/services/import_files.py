"""What was given to an import: checked, and kept in a folder of the job that nobody else reads.

Names are the giver's, so that findings call files as their authors do. A folder
below one of the operator's roots and a repository are named only, and read anew
each time.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from courses.curriculum.planning.incoming import LONGEST_SOURCE
from courses.curriculum.sources import git
from courses.curriculum.sources.budget import MAX_TOTAL
from courses.models import ImportJob
from waymark.core.errors import Invalid, Refused
from waymark.core.text import is_storable

MOST_FILES = 100
LONGEST_NAME = 150
LONGEST_ADDRESS = 400
_PLACE = threading.Lock()


def job_folder(uuid: UUID) -> Path:
    return Path(settings.DATA_DIR, "imports", str(uuid))


def files_keep(*, uuid: UUID, files: Sequence[UploadedFile]) -> list[str]:
    """Write what was uploaded into the folder of a job; answers the names, in order.

    :raises Invalid: nothing, too much, or a name that cannot be one.
    :raises Refused: the disk is full.
    """
    names = [_name(file) for file in files]
    _check(files, names)
    folder = job_folder(uuid)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        for file, name in zip(files, names, strict=True):
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as kept:
                for block in file.chunks():
                    kept.write(block)
    except OSError as error:
        files_forget(uuid)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(
            _("There is no space left for these files."), code="no_space", hint=_("Tell the operator of this site.")
        ) from error
    return names


def _name(file: UploadedFile) -> str:
    return PurePosixPath((file.name or "").replace("\\", "/")).name


def _check(files: Sequence[UploadedFile], names: list[str]) -> None:
    if not files:
        raise Invalid(_("No file was given."), code="nothing_given", where="files", hint=_("Choose at least one."))
    if len(files) > MOST_FILES:
        raise Invalid(
            _("%(count)s files are more than %(most)s.") % {"count": len(files), "most": MOST_FILES},
            code="too_many_files", where="files", hint=_("Pack them into a zip archive."),
        )  # fmt: skip
    total = sum(file.size or 0 for file in files)
    if total > MAX_TOTAL:
        raise Invalid(
            _("The files have %(size)s bytes; the limit is %(most)s.") % {"size": total, "most": MAX_TOTAL},
            code="too_much", where="files", hint=_("Import a part of them."),
        )  # fmt: skip
    for name in names:
        if not _is_name(name):
            raise Invalid(
                _("A file has a name that cannot be kept."), code="bad_name", where="files",
                hint=_("Use at most %(most)s visible characters, and no dot first.") % {"most": LONGEST_NAME},
            )  # fmt: skip
    if len({name.casefold() for name in names}) < len(names):
        raise Invalid(
            _("Two files have the same name."), code="name_twice", where="files",
            hint=_("Pack the folder that they are in into a zip archive."),
        )  # fmt: skip


def _is_name(name: str) -> bool:
    readable = name and name.isprintable() and is_storable(name) and not name.startswith(".")
    return bool(readable) and len(name.encode()) <= LONGEST_NAME


def address_check(address: str, *, where: str = "git", form: str = "") -> str:
    """An address of a repository that may be kept: one that holds no secret.

    :param where: the field that it stands in.
    :param form: how to write one, for who did otherwise.
    :raises Invalid: it is none, or has a user, a password or a query in it.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        secret = parts.username is not None or parts.password is not None or bool(parts.query)
    except ValueError:
        parts, secret = urlsplit(""), False
    if secret:
        raise Invalid(
            _("The address holds a user, a password or a query."), code="credentials", where=where,
            hint=_("Take them out: addresses are kept and shown. The repository must be readable for everybody."),
        )  # fmt: skip
    if (
        not git.is_address(address)
        or not parts.netloc
        or not address.isprintable()
        or " " in address
        or len(address) > LONGEST_ADDRESS
    ):
        raise Invalid(
            _("This is no address of a repository."), code="no_address", where=where,
            hint=form or _("Write it as https://host/path.git#revision."),
        )  # fmt: skip
    return address


def source_check(name: str) -> str:
    """A name for a source, as it is kept; empty for the one that what is given has.

    :raises Invalid: it is none.
    """
    name = " ".join(name.split())
    if name.isprintable() and is_storable(name) and len(name) <= LONGEST_SOURCE:
        return name
    raise Invalid(
        _("This is no name of a source."), code="no_source", where="source",
        hint=_("Use at most %(most)s visible characters.") % {"most": LONGEST_SOURCE},
    )  # fmt: skip


def root_check(root: str, path: str) -> tuple[str, str]:
    """The operator's folder called *root*, and what of it is read: ``root`` or ``root/path``.

    :raises Invalid: there is no such folder, or a link stands on the way.
    """
    known = {each.name: each for each in settings.IMPORT_ROOTS}
    parts = [part for part in path.strip().split("/") if part]
    if root in known and all(part not in (".", "..") and is_storable(part) for part in parts):
        place = known[root]
        for step in (place, *(place.joinpath(*parts[: depth + 1]) for depth in range(len(parts)))):
            if not _is_really(step):
                break
        else:
            return str(place), "/".join([root, *parts])
    raise Invalid(
        _("There is no such folder or file on the server."), code="no_folder", where="path",
        hint=_("Name it from the folder above, without links on the way."),
    )  # fmt: skip


def _is_really(place: Path) -> bool:
    try:
        mode = os.lstat(place).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(mode) or stat.S_ISREG(mode)


@contextlib.contextmanager
def given_to(job: ImportJob) -> Iterator[list[str]]:
    """What to read for a *job*: its arguments, from the folder that they are named from.

    Findings and what is kept of a source name files as they are named here, so
    the folder becomes the process's own for as long; other threads wait.

    :raises DomainError: what was given is there no more.
    """
    if job.given == ImportJob.Given.GIT:
        yield list(job.arguments)
        return
    if job.given == ImportJob.Given.ROOT:
        for argument in job.arguments:
            root_check(*_root_and_path(job, argument))
        folder = Path(job.root).parent
    else:
        folder = job_folder(job.uuid)
        if not folder.is_dir():
            raise Refused(_("The files of this import are gone."), code="files_gone", hint=_("Give them again."))
    with _PLACE, contextlib.chdir(folder):
        yield list(job.arguments)


def _root_and_path(job: ImportJob, argument: str) -> tuple[str, str]:
    root, _, path = argument.partition("/")
    if all(str(each) != job.root for each in settings.IMPORT_ROOTS):
        root = ""
    return root, path


def files_forget(uuid: UUID) -> None:
    shutil.rmtree(job_folder(uuid), ignore_errors=True)
