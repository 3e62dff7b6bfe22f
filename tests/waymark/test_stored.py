"""Files that texts link to, from a text to an answer."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from waymark.accounts.models import User
from waymark.core import prose, stored
from waymark.core.blobs import digest_of
from waymark.core.models import StoredFile

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
SVG = b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


@pytest.fixture
def storage(tmp_path: Path, settings: Any) -> Path:
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path / "blobs"


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(User.objects.create_user("learner@demo.test"))
    return client


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"), (b"\xff\xd8\xff\xe0 ...", "image/jpeg"), (b"GIF89a...", "image/gif"),
        (b"RIFF\1\2\3\4WEBPVP8 ", "image/webp"), (SVG, "image/svg+xml"), (b"<svg/onload=x>", ""),
        (b"<html><svg></svg></html>", ""), (b"%PDF-1.7", ""), (b"", ""),
    ],
)  # fmt: skip
def test_a_picture_is_known_by_its_first_bytes(data: bytes, media_type: str) -> None:
    assert stored.media_type_of(data) == media_type


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.png", "a.png"),
        ("b\u00fcro plan (2).tar.gz", "b-ro-plan-2-tar.gz"),
        ("Makefile", "Makefile"),
        ("..", "file"),
    ],
)
def test_a_name_in_a_link_has_plain_letters_only(name: str, kept: str) -> None:
    link = stored.link_to("0" * 64, name)
    assert link == f"stored:{'0' * 64}/{kept}"
    assert stored.address_of(link) == f"/files/{'0' * 64}/{kept}"


@pytest.mark.parametrize(
    "link", ["a.png", "stored:123/a.png", f"stored:{'0' * 64}/../a", f"stored:{'0' * 64}/", "stored:"]
)
def test_what_is_no_link_to_a_stored_file_has_no_address(link: str) -> None:
    assert stored.address_of(link) is None
    assert "<a" not in prose.render(f"[words]({link})")
    assert "<img" not in prose.render(f"![words]({link})")
    assert "words" in prose.render(f"![words]({link})")


def test_a_text_shows_stored_files_and_names_paths_of_its_tree_only() -> None:
    digest = "a" * 64
    html = prose.render(f"![A chart](stored:{digest}/a.png) [figures](stored:{digest}/a.csv) [next](../next.md#top)")
    assert f'<img src="/files/{digest}/a.png" alt="A chart" loading="lazy">' in html
    assert f'href="/files/{digest}/a.csv"' in html
    assert "next.md" not in html
    assert html.count("</a>") == 1


@pytest.mark.django_db
def test_a_picture_is_shown_and_cannot_act(storage: Path, signed_in: Client) -> None:
    stored.files_keep([SVG, SVG])
    answer = signed_in.get(f"/files/{digest_of(SVG)}/a.svg")
    assert answer.status_code == 200
    assert answer.content == SVG
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'inline; filename="a.svg"'
    again = signed_in.get(f"/files/{digest_of(SVG)}/a.svg", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_anything_else_is_downloaded(storage: Path, signed_in: Client) -> None:
    page = b"<html><script>alert(1)</script></html>"
    stored.files_keep([page])
    answer = signed_in.get(f"/files/{digest_of(page)}/a.html")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'


@pytest.mark.django_db
def test_who_is_not_signed_in_and_what_is_not_there(storage: Path, signed_in: Client) -> None:
    stored.files_keep([PNG])
    assert Client().get(f"/files/{digest_of(PNG)}/a.png").status_code == 302
    assert signed_in.get(f"/files/{'0' * 64}/a.png").status_code == 404
    (storage / "stored" / digest_of(PNG)[:2] / digest_of(PNG)[2:]).write_bytes(b"other")
    assert signed_in.get(f"/files/{digest_of(PNG)}/a.png").status_code == 503


@pytest.mark.django_db
def test_contents_that_nothing_came_to_name_are_swept(storage: Path) -> None:
    stored.files_keep([PNG])
    orphan, young = stored.STORED.write(b"orphan"), stored.STORED.write(b"young")
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for digest in (digest_of(PNG), orphan):
        os.utime(storage / "stored" / digest[:2] / digest[2:], (old, old))
    assert stored.orphans_sweep() == 1
    assert stored.orphans_sweep() == 0
    assert (stored.STORED.read(digest_of(PNG)), stored.STORED.read(young)) == (PNG, b"young")
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [digest_of(PNG)]
