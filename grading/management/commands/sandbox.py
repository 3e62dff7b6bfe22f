"""``manage.py sandbox image|selftest``: make the tree that submissions run in; try every limit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.sandbox import image
from grading.sandbox.contract import SandboxUnavailable
from grading.sandbox.selection import engine, image_folder, image_made, reports
from grading.sandbox.selftest import Report

TOOLS = Path(settings.BASE_DIR) / "requirements" / "sandbox.txt"


class Command(BaseCommand):
    help = "Make the image that submissions run in, or try every limit of the sandbox."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        make = actions.add_parser("image", help="Make the image anew.")
        make.add_argument(
            "--kind", choices=["host", "debian"], default="host",
            help="host: this machine's /usr, needs no right; debian: debootstrap, needs root.",
        )  # fmt: skip
        make.add_argument("--without-tools", action="store_true", help="Leave out the tools of the check kit.")
        test = actions.add_parser("selftest", help="Try every limit. Ends with 1 when no backend holds them all.")
        test.add_argument("--backend", choices=["auto", "docker", "bubblewrap"], default="auto")
        test.add_argument("--prepare", action="store_true", help="Make the image where the demo has none yet.")
        test.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "image":
            self._image(options["kind"], None if options["without_tools"] else TOOLS)
        else:
            if options["prepare"] and settings.EMBEDDED and not image_made():
                self._image("host", None)
            self._selftest(options["backend"], options["format"])

    def _image(self, kind: image.Kind, tools: Path | None) -> None:
        try:
            made = image.make(image_folder(), kind=kind, requirements=tools)
        except SandboxUnavailable as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{made.kind} image {made.digest} (Python {made.python})")
        if settings.SANDBOX in ("auto", "docker"):
            self._give(made)

    def _give(self, made: image.Image) -> None:
        """To the container engine, where there is one."""
        try:
            found = engine()
            found.give_image(made)
            found.forget_images(besides=made)
        except SandboxUnavailable as error:
            if settings.SANDBOX == "docker":
                raise CommandError(str(error)) from error
            self.stderr.write(f"Without docker: {error}")
        else:
            self.stderr.write("The container engine has it too.")

    def _selftest(self, setting: str, form: str) -> None:
        found = [report for _, report in reports(setting)]
        good = any(isinstance(report, Report) and report.ok for report in found)
        if form == "json":
            rows = [_json(report) for report in found]
            self.stdout.write(json.dumps({"ok": good, "user": os.geteuid(), "backends": rows}, indent=1))
        else:
            for report in found:
                self.stdout.write(_text(report))
        if not good:
            raise CommandError("No sandbox backend holds every limit: submissions would not be run.", returncode=1)


def _json(report: Report | str) -> dict[str, Any]:
    if isinstance(report, str):
        return {"unavailable": report}
    problems = dict(report.problems)
    return {
        "backend": report.backend,
        "level": report.level,
        "image": report.image,
        "ok": report.ok,
        "probes": {name: problems.get(name, "ok") for name in report.tried},
    }


def _text(report: Report | str) -> str:
    if isinstance(report, str):
        return report
    lines = [f"{report.backend} ({report.level}), image {report.image}: {'ok' if report.ok else 'not usable'}"]
    lines += [f"  {name}: {report.problems.get(name, 'ok')}" for name in report.tried]
    return "\n".join(lines)
