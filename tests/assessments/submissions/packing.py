"""Archives as learners and attackers pack them."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Iterable


def zipped(files: Iterable[tuple[str, bytes]], *, system: int = 3, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.filename = info.orig_filename = name
            info.create_system, info.compress_type = system, method
            info.external_attr = (stat.S_IFREG | 0o644) << 16 if system == 3 else 0
            archive.writestr(info, data)
    return out.getvalue()


def zipped_link(name: str, target: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return out.getvalue()


def tarred(members: Iterable[tuple[tarfile.TarInfo | str, bytes]], *, mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for member, data in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_member(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info
