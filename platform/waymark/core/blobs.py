"""Contents of files by their sha256, in the storage of the installation.

A content is written before the transaction that names it, and swept when nothing
names it any more. Writing the same twice is the same blob.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from waymark.core.errors import DomainError


class BlobDamaged(DomainError):
    """The storage gives other bytes than were kept under this digest, or none: 503, and never a verdict."""

    status = 503
    code = "content_damaged"

    def __init__(self, digest: str) -> None:
        super().__init__(
            _("The storage does not give back what was kept."), where=digest,
            hint=_("Tell the operator of this site; nothing was graded by it."),
        )  # fmt: skip


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class BlobStore:
    """Contents of one sort, each once.

    :ivar folder: where they stand in the storage.
    """

    folder: str

    def _place(self, digest: str) -> str:
        return f"{self.folder}/{digest[:2]}/{digest[2:]}"

    def write(self, data: bytes, digest: str = "") -> str:
        """Keep *data*; answers its digest. A content that is there already is not written again.

        :param digest: that of *data*, when the caller knows it.
        """
        digest = digest or digest_of(data)
        place = self._place(digest)
        if not default_storage.exists(place):
            kept = default_storage.save(place, ContentFile(data))
            if kept != place:
                # Somebody wrote the same in between; theirs stays.
                default_storage.delete(kept)
        return digest

    def read(self, digest: str) -> bytes:
        """:raises BlobDamaged: it is not there, or not what it was."""
        try:
            with default_storage.open(self._place(digest)) as stream:
                data: bytes = stream.read()
        except OSError as error:
            raise BlobDamaged(digest) from error
        if digest_of(data) != digest:
            raise BlobDamaged(digest)
        return data

    def delete(self, digest: str) -> None:
        default_storage.delete(self._place(digest))

    def kept(self, *, before: datetime) -> Iterator[tuple[str, int]]:
        """Digest and size of every content that was written before an instant."""
        for place, size, modified in self._below():
            folder, _, name = place.removeprefix(f"{self.folder}/").partition("/")
            if re.fullmatch(r"[0-9a-f]{64}", folder + name) and modified < before:
                yield folder + name, size

    def _below(self) -> Iterator[tuple[str, int, datetime]]:
        """Place, size and time of everything in the folder."""
        if below := getattr(default_storage, "below", None):
            yield from below(self.folder)
            return
        try:
            folders, _files = default_storage.listdir(self.folder)
        except FileNotFoundError:
            return
        for folder in sorted(folders):
            for name in sorted(default_storage.listdir(f"{self.folder}/{folder}")[1]):
                place = f"{self.folder}/{folder}/{name}"
                yield place, default_storage.size(place), default_storage.get_modified_time(place)
