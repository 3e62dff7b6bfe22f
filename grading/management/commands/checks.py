"""``manage.py checks run LAB_DIR PATH``: check work against a lab's checks, as the worker does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.checks.contract import SpecProblem
from grading.checks.lab import lab_read
from grading.checks.runner import lab_run, rejected_json, report_json, seeds_new
from grading.checks.submission import Rejected, submission_read
from grading.sandbox.contract import Outcome, SandboxUnavailable
from grading.sandbox.selection import chosen


class Command(BaseCommand):
    help = (
        "Run the checks of a lab on a folder or file. Ends with 0 when all passed, 1 when not, 2 when none could run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="Run a lab's checks on work.")
        run.add_argument("lab", type=Path, metavar="LAB_DIR", help="The folder that holds checks.yaml.")
        run.add_argument("path", type=Path, metavar="PATH", help="The work: a folder or a single file.")
        run.add_argument("--backend", choices=["docker", "bubblewrap"], help="Instead of WAYMARK_SANDBOX.")
        run.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["path"].exists():
            raise CommandError(f"There is nothing at {options['path']}.", returncode=2)
        try:
            checks = lab_read(options["lab"])
            backend = chosen(options["backend"])
        except (SpecProblem, SandboxUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            report = report_json(lab_run(backend, checks, submission_read(options["path"]), seeds_new()))
        except Rejected as refused:
            report = rejected_json(backend, checks, str(refused))
        self.stdout.write(json.dumps(report, indent=1) if options["format"] == "json" else _text(report))
        if report["outcome"] == Outcome.INFRASTRUCTURE:
            raise CommandError("The sandbox failed; this is no verdict about the work.", returncode=2)
        if report["outcome"] != Outcome.PASSED:
            raise SystemExit(1)


def _text(report: dict[str, Any]) -> str:
    lines = [f"{report['outcome']}: {report['points']} of {report['out_of']} points"]
    for check in report["checks"]:
        lines.append(f"  {check['id']}: {check['outcome']}, {check['points']} points. {check['message']}")
    return "\n".join(lines)
