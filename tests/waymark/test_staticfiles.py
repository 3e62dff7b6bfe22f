"""Collected files carry hashes, and our modules import each other under them."""

import json
import re
from pathlib import Path

from django.core.management import call_command
from django.test import override_settings


def test_modules_import_the_hashed_names_of_each_other(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "waymark.core.staticfiles.HashedStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    main = (tmp_path / paths["waymark/js/main.js"]).read_text()
    imported = re.findall(r'import\s*"\./([^"]+)"', main)
    assert imported
    for name in imported:
        assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name)
        assert (tmp_path / "waymark" / "js" / name).is_file()
