"""Work from a commit of a repository that a learner named: fetched within limits, then read like any archive.

The fetching itself is that of curricula (``courses.curriculum.sources.git``): the
guard for outgoing requests, no redirects, no hooks, no credentials, nothing
checked out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from assessments.submissions.intake import Work, work_read
from assessments.submissions.limits import INTAKE, Rejected, size_words
from assessments.submissions.names import shown_name
from courses.curriculum.sources.git import fetched
from courses.services.import_files import address_check
from waymark.core.errors import DomainError, Invalid, Refused

SECONDS: Final = 60
"""A repository that takes longer is left."""
MOST: Final = 3 * INTAKE.upload
"""Bytes of the commit as it comes, and of the archive made of it, together."""
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def address_read(repository: str) -> str:
    """The address of a repository as it is kept: it holds no secret and names no revision.

    :raises Invalid: it is none of ``https://`` (or ``http://``, which the guard decides on), or holds more.
    """
    form = _("Write it as https://host/path.git; git@ addresses and folders are not fetched.")
    repository = address_check(repository, where="repository", form=form)
    if "#" in repository:
        raise Invalid(_("This is no address of a repository."), code="no_address", where="repository", hint=form)
    return repository


def commit_read(commit: str) -> str:
    """The full hash of a commit, in lower case.

    :raises Invalid: it is none; a branch or a short hash could mean something else by the time it is fetched.
    """
    commit = commit.strip().lower()
    if not _COMMIT.fullmatch(commit):
        raise Invalid(
            _("This is no full hash of a commit."), code="no_commit", where="commit",
            hint=_("Write all 40 characters that `git rev-parse HEAD` prints."),
        )  # fmt: skip
    return commit


def work_fetched(repository: str, commit: str, *, starter: Collection[str] = ()) -> Work:
    """The work at a commit; asks the repository, so never inside a transaction.

    :raises Rejected: it may not be kept: as of any archive, or it needs submodules or Git LFS.
    :raises DomainError: the address may not be asked, or the commit could not be fetched.
    """
    try:
        with fetched(f"{repository}#{commit}", most=MOST, seconds=SECONDS) as archive:
            if archive.stat().st_size > INTAKE.upload:
                raise _too_much()
            data = archive.read_bytes()
    except Rejected:
        raise
    except DomainError as problem:
        raise _told(problem, urlsplit(repository).hostname or "") from problem
    _check(data, commit)
    work = work_read({"work.zip": data}, starter=starter)
    for name in sorted(work.files):
        if work.files[name].startswith(_POINTER):
            raise Rejected(
                "in_lfs", _("%(name)s is kept in Git LFS, which is not fetched.") % {"name": shown_name(name)},
                where=shown_name(name), hint=_("Commit the file itself, or hand in files or an archive."),
            )  # fmt: skip
    return work


def _check(data: bytes, commit: str) -> None:
    """That the archive is of this very commit and all of it is there; git made it, so its directory is sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.comment.decode("ascii", "replace") != commit:
            raise Rejected(
                "no_commit", _("This is the hash of something else than a commit."), where="commit",
                hint=_("Write all 40 characters that `git rev-parse HEAD` prints."),
            )  # fmt: skip
        names = archive.namelist()
    filled = {name.rstrip("/").rpartition("/")[0] + "/" for name in names}
    for name in names:
        # Git knows no empty folders; a submodule is packed as one.
        if name.endswith("/") and name not in filled:
            shown = shown_name(name.rstrip("/"))
            raise Rejected(
                "submodule", _("%(name)s is a submodule, which is not fetched.") % {"name": shown}, where=shown,
                hint=_("Commit its files to the repository itself, or hand in files or an archive."),
            )  # fmt: skip


def _too_much() -> Rejected:
    return Rejected(
        "too_large", _("The commit is larger than %(most)s, packed.") % {"most": size_words(INTAKE.upload)},
        hint=_("Leave out what is made by tools."),
    )  # fmt: skip


def _told(problem: DomainError, host: str) -> DomainError:
    """What went wrong while fetching, for who handed in; the guard's own words stay."""
    if problem.code == "too_much":
        return _too_much()
    files = _("Or hand in files or an archive.")
    told = {
        "too_slow": (
            _("The repository could not be fetched within %(seconds)d seconds.") % {"seconds": SECONDS},
            _("Try again, or hand in files or an archive."),
        ),
        "no_revision": (
            _("The repository does not have this commit, or no branch leads to it."),
            _("Push it, and compare the hash with what `git rev-parse HEAD` prints."),
        ),
        "password_needed": (
            _("%(host)s asks for a password, or there is no such repository.") % {"host": host},
            _("Check the address, and make the repository readable for everybody.") + " " + files,
        ),
        "certificate": (_("The certificate of %(host)s is not trusted.") % {"host": host}, files),
        "redirect": (
            _("%(host)s sends elsewhere, and redirects are not followed.") % {"host": host},
            _("Name the address that it sends to."),
        ),
        "no_repository": (
            _("No repository could be fetched from %(host)s.") % {"host": host},
            _("Check the address: `git fetch` must work with it without a password.") + " " + files,
        ),
        "no_git": (_("Repositories cannot be fetched on this site."), _("Hand in files or an archive.")),
    }  # fmt: skip
    if problem.code not in told:
        return problem
    message, hint = told[problem.code]
    return Refused(message, code=problem.code, where=problem.where or "repository", hint=hint)
