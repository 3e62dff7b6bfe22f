"""Contents in an object store that speaks the protocol of S3, instead of a folder (``WAYMARK_STORAGE``).

The library's errors become ``OSError``, which is what callers know of storages. Each
content is read at once: those that are kept are small, and none is read in parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

SECONDS: Final = 10
"""To connect, and for each answer."""
TRIES: Final = 3


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """:param location: prefix of all names.
    :param endpoint_url: address of the store; None for Amazon's.
    :param access_key, secret_key, region_name: None for what the machine itself is given.
    """

    def __init__(
        self, *, bucket_name: str, location: str = "", endpoint_url: str | None = None, access_key: str | None = None,
        secret_key: str | None = None, region_name: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            bucket_name=bucket_name,
            location=location,
            endpoint_url=endpoint_url,
            access_key=access_key,
            secret_key=secret_key,
            region_name=region_name,
            # A content stands under its digest: whoever writes it again writes the same.
            file_overwrite=True,
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                connect_timeout=SECONDS,
                read_timeout=SECONDS,
                retries={"total_max_attempts": TRIES},
                signature_version="s3v4",
                s3={"addressing_style": "path" if endpoint_url else "auto"},
                # Stores other than Amazon's often do not know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _told():
            file = super()._open(name, mode)
            try:
                return ContentFile(file.read(), name)
            finally:
                file.close()

    def _save(self, name: str, content: File[Any]) -> str:
        with _told():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with _told():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _told():
            super().delete(name)

    def below(self, folder: str) -> Iterator[tuple[str, int, datetime]]:
        """Name, size and time of everything below *folder*; a request for each thousand."""
        prefix = f"{self._normalize_name(folder)}/"
        start = len(prefix) - len(folder) - 1
        with _told():
            for entry in self.bucket.objects.filter(Prefix=prefix):
                yield entry.key[start:], entry.size, entry.last_modified


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"the object store did not do it: {error}") from error
