"""Bring database, static files, curriculum and demo people up to date, in one process.

``python -m waymark.embedded.prepare SUMMARY`` prints its steps and leaves what
people should know (addresses, password, API client) in the file *SUMMARY*. On
failure the last line on standard error is the reason.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def main(summary: Path) -> int:
    import django
    from django.core.management import call_command
    from django.core.management.base import CommandError, SystemCheckError

    django.setup()
    from django.conf import settings

    try:
        with step("Database"):
            call_command("check", databases=["default"], stdout=io.StringIO())
            call_command("migrate", interactive=False, verbosity=0)
        with step("Static files"):
            static_collect(settings.DATA_DIR / "run" / "static.sha256")
        with step("Curriculum"):
            call_command("curriculum", "apply", str(settings.BASE_DIR / "fixtures"), stdout=io.StringIO())
        with step("Demo people"):
            told = io.StringIO()
            call_command("demo_seed", stdout=told)
    except SystemCheckError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip().startswith("?: (")]
        return failed(lines[0].removeprefix("?: ") if lines else str(error))
    except (CommandError, OSError) as error:
        return failed(str(error))
    with open(os.open(summary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(told.getvalue())
    return 0


def failed(reason: str) -> int:
    print(" ".join(reason.split()), file=sys.stderr, flush=True)
    return 1


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    began = time.monotonic()
    print(f"  {title} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def static_collect(stamp: Path) -> None:
    """Collect, hash and compress static files, unless none changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    wanted, root = static_digest(), Path(settings.STATIC_ROOT)
    if stamp.exists() and stamp.read_text() == wanted and (root / "staticfiles.json").exists():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(wanted)


def static_digest() -> str:
    """Names, sizes and times of everything that ``collectstatic`` would collect, as one hash."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
