"""Checks that need Django: migrations that are missing, and the production settings.

``makemigrations --check`` compares with a database's history, so a private
PostgreSQL runs for its length.
"""

import os
import shutil
import subprocess
import sys

from waymark.embedded.services import Postgres, runtime_folder
from waymark.embedded.up import ROOT

PRODUCTION = {
    "WAYMARK_MODE": "production",
    "WAYMARK_SECRET_KEY": "check-" + "x1Y2z3" * 10,
    "WAYMARK_ALLOWED_HOSTS": "waymark.example",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


def main() -> int:
    folder = runtime_folder("wmc")
    postgres = Postgres(folder / "pg", folder, folder / "log", fast=True)
    try:
        postgres.start()
        postgres.create_database()
        base = {**os.environ, "DATABASE_URL": postgres.url(), "WAYMARK_DATA": str(folder / "data")}
        manage = [sys.executable, str(ROOT / "manage.py")]
        for command, extra in (
            (["makemigrations", "--check", "--dry-run"], {"WAYMARK_MODE": "test"}),
            (["check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        ):
            done = subprocess.run([*manage, *command], cwd=ROOT, env=base | extra, check=False)
            if done.returncode:
                return done.returncode
        return 0
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
