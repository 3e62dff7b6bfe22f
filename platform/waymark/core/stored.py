"""Files that texts link to: kept by content, named in a text by it, served to whoever was shown the text.

A text says ``stored:<sha256>/<name>`` where its source had a path. So what a link
leads to is part of the text, and another picture is another text. The address of
a file can be had from a text only, or by who has the file already; whoever may not
see a text does not get its addresses.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Final

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import condition, require_safe

from waymark.core.blobs import BlobStore, digest_of
from waymark.core.models import StoredFile

STORED: Final = BlobStore("stored")
KEPT: Final = timedelta(days=1)
"""A content is written before what names it is committed; one that is younger may still be."""
BATCH: Final = 100_000
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing may have style; nothing in a file runs, loads or is of this site."""

_LINK = re.compile(r"stored:(?P<digest>[0-9a-f]{64})/(?P<name>[A-Za-z0-9._-]{1,100})\Z")
_ANY_LINK = re.compile(r"stored:(?P<digest>[0-9a-f]{64})/(?P<name>[A-Za-z0-9._-]{1,100})")
_DRAWING = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?(?:<!DOCTYPE svg[^>]{0,300}>\s*)?<svg[\s>]", re.S
)


def link_to(digest: str, name: str) -> str:
    """What a text says to link to a content; *name* is what it is called when it is downloaded."""
    stem, ending = posixpath.splitext(name)
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:80] or "file"
    return f"stored:{digest}/{plain}{re.sub(r'[^A-Za-z0-9.]+', '', ending)[:16]}"


def split_link(link: str) -> tuple[str, str] | None:
    """Digest and name of a link that a text has; None for any other."""
    found = _LINK.match(link)
    return (found["digest"], found["name"]) if found else None


def address_of(link: str) -> str | None:
    """Where what a text links to is served; None for a link to anything else."""
    found = split_link(link)
    return reverse("stored", args=found) if found else None


def links_without_file(text: str) -> tuple[str, list[str]]:
    """*text* with the bare names of files that are not kept (yet) in place of links to them, and those names."""
    digests = {found["digest"] for found in _ANY_LINK.finditer(text)}
    missing = digests - {*StoredFile.objects.filter(pk__in=digests).values_list("pk", flat=True)} if digests else set()
    names: dict[str, None] = {}

    def named(found: re.Match[str]) -> str:
        if found["digest"] not in missing:
            return found[0]
        names[found["name"]] = None
        return found["name"]

    return _ANY_LINK.sub(named, text), list(names)


def files_keep(contents: Iterable[bytes]) -> None:
    """Keep contents that texts of the transaction under way link to.

    The rows are written first: a sweep of the same content waits for it, or is done before the bytes are written.
    """
    given = {digest_of(data): data for data in contents}
    rows = [StoredFile(digest=key, size=len(data), media_type=media_type_of(data)) for key, data in given.items()]
    # In one order, so that two who keep the same do not wait for each other.
    StoredFile.objects.bulk_create(sorted(rows, key=lambda row: row.digest), ignore_conflicts=True)
    for digest, data in given.items():
        STORED.write(data, digest)


def orphans_sweep() -> int:
    """Delete contents that no row names, because what was to name them was taken back; how many."""
    kept = dict(islice(STORED.kept(before=timezone.now() - KEPT), BATCH))
    known = set(StoredFile.objects.filter(pk__in=kept).values_list("pk", flat=True))
    swept = 0
    for digest, size in kept.items():
        if digest not in known:
            with transaction.atomic():
                row, made = StoredFile.objects.get_or_create(digest=digest, defaults={"size": size})
                if made:
                    STORED.delete(digest)
                    row.delete()
                    swept += 1
    return swept


def media_type_of(data: bytes) -> str:
    """The media type of a picture by its first bytes; empty for everything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if _DRAWING.match(data[:4096].removeprefix(b"\xef\xbb\xbf")) else ""


def _etag(request: HttpRequest, digest: str, name: str) -> str:
    return quote_etag(digest)


@require_safe
@condition(etag_func=_etag)
def stored(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A picture to be shown in a page, anything else to be downloaded; for people who are signed in."""
    row = StoredFile.objects.filter(pk=digest).first()
    if row is None:
        raise Http404
    answer = HttpResponse(STORED.read(digest), content_type=row.media_type or "application/octet-stream")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    disposition = content_disposition_header(as_attachment=not row.media_type, filename=name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    return answer
