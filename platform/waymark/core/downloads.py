"""Files to keep: archives, and answers that no browser runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive of names and contents; the same files in the same order give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def download(data: bytes, name: str, *, content_type: str = "application/octet-stream") -> HttpResponse:
    """*data* to keep under the last part of *name*."""
    answer = HttpResponse(data, content_type=content_type)
    leaf = name.rpartition("/")[2]
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=leaf) or "attachment"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def zip_download(archive: bytes, name: str) -> HttpResponse:
    """The same of a zip archive."""
    return download(archive, name, content_type="application/zip")
