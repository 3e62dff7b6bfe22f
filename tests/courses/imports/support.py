"""Imports in tests: what is given, and a worker's turn in this process."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from textwrap import dedent

from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import ImportJob
from courses.services.import_work import job_do
from courses.services.imports import import_files
from tests.cast import DATA
from tests.courses.planning.support import WHOLE
from waymark.core.actors import Actor

NORTH = "north/program.yaml"


def packed(files: dict[str, str | bytes], name: str = "tree.zip") -> SimpleUploadedFile:
    """A zip archive as a browser sends it; texts are dedented."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, dedent(text).lstrip("\n") if isinstance(text, str) else text)
    return SimpleUploadedFile(name, buffer.getvalue(), "application/zip")


def cast_tree(*changes: tuple[str, str], only: str = "") -> dict[str, str | bytes]:
    """The files of the cast's curriculum; *changes* are made in each file that has the text, *only* picks a folder."""
    files: dict[str, str | bytes] = {}
    for path in sorted(DATA.rglob("*")):
        if path.is_file():
            text = path.read_text()
            for old, new in changes:
                text = text.replace(old, new)
            files[path.relative_to(DATA).as_posix()] = text
    return {name: text for name, text in files.items() if name.startswith(only)}


def given(actor: Actor, files: dict[str, str | bytes] | None = None, name: str = "tree.zip") -> ImportJob:
    return import_files(actor=actor, files=[packed(dict(WHOLE) if files is None else files, name)])


def worked(job: ImportJob) -> ImportJob:
    """The job after a worker's turn."""
    assert job_do(worker="test")
    job.refresh_from_db()
    return job


def folder_made(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
    return root
