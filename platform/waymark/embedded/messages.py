"""Collects the texts of the site into its catalogues: ``python -m waymark.embedded.messages [FOLDER]``.

Needs xgettext (Debian's package gettext). What is new or changed is left without
a translation; ``tests/waymark/test_languages.py`` names it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def collect(folder: Path) -> None:
    """Bring the German catalogue below *folder* up to date with the sources there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")
    os.environ.setdefault("WAYMARK_MODE", "test")
    django.setup()
    os.chdir(folder)
    call_command(
        "makemessages", locale=["de"], no_location=True, no_wrap=True, no_obsolete=True, verbosity=0,
        ignore_patterns=[".venv/*", "var/*", "tests/*", "node_modules/*", "benchmarks/*", "fixtures/*"],
    )  # fmt: skip


if __name__ == "__main__":
    collect(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
