#!/usr/bin/env python
"""Command line entry of Waymark.

The folder ``platform`` holds the package ``waymark``. It is put on the import
path behind the checkout itself, so that Python's own ``platform`` module (and
everything else in the standard library) keeps its place.
"""

import os
import secrets
import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")
    # A checkout on somebody's machine is the embedded product; servers set
    # WAYMARK_MODE=production, which wsgi.py and the workers assume anyway.
    os.environ.setdefault("WAYMARK_MODE", "embedded")
    if sys.argv[1:3] == ["curriculum", "lint"] or (sys.argv[1:3] == ["curriculum", "plan"] and "--against" in sys.argv):
        # Authors lint and compare where there are no services, no settings, and perhaps no folder to write to.
        os.environ.update(WAYMARK_MODE="embedded", DATABASE_URL="", REDIS_URL="")
        os.environ["WAYMARK_SECRET_KEY"] = secrets.token_hex()
    from django.core.management import execute_from_command_line

    from waymark.core.environment import SettingsProblem

    try:
        execute_from_command_line(sys.argv)
    except SettingsProblem as problem:
        sys.exit(f"Waymark cannot start. {problem}")


if __name__ == "__main__":
    main()
