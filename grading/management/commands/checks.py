"""``manage.py checks run LAB_DIR PATH``: check work against a lab's checks, as the worker does.

``manage.py checks gate [LAB]``: try the checks of labs of the current releases with the work of their authors.

``manage.py checks reproduce RUN``: run the checks of a submission as they ran before, and compare.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.selectors.labs import labs_for_gate
from assessments.submissions.limits import Rejected
from grading.checks.contract import HandIn, SpecProblem
from grading.checks.gate import TIMES, TRIAL, gate_json, lab_gate
from grading.checks.lab import checks_from, checks_of, lab_read
from grading.checks.runner import lab_run, rejected_json, report_json, seeds_new
from grading.checks.submission import submission_read
from grading.sandbox.contract import Outcome, SandboxUnavailable
from grading.sandbox.selection import chosen
from grading.services.reproducing import Reproduced, run_named, run_reproduce
from waymark.core.blobs import BlobDamaged
from waymark.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Run the checks of a lab on a folder or file. Ends with 0 when all passed, 1 when not, 2 when none could run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="Run a lab's checks on work.")
        run.add_argument("lab", type=Path, metavar="LAB_DIR", help="The folder that holds checks.yaml.")
        run.add_argument("path", type=Path, metavar="PATH", help="The work: a folder or a single file.")
        run.add_argument("--marker", default=TRIAL.marker, help="In evidence; that of trials without it.")
        run.add_argument("--at", type=datetime.fromisoformat, help="When it was handed in; now without it.")
        run.add_argument("--backend", choices=["docker", "bubblewrap"], help="Instead of WAYMARK_SANDBOX.")
        run.add_argument("--format", choices=["text", "json"], default="text")
        gate = actions.add_parser("gate", help="Try the checks of labs with references and wrong work.")
        gate.add_argument("lab", nargs="?", help="Its path, such as MOD-001/retry; all labs with checks without it.")
        gate.add_argument("--times", type=int, default=TIMES, help="How often each piece of work is run.")
        gate.add_argument("--backend", choices=["docker", "bubblewrap"], help="Instead of WAYMARK_SANDBOX.")
        gate.add_argument("--format", choices=["text", "json"], default="text")

        again = actions.add_parser("reproduce", help="Run the checks of a submission again as they ran, and compare.")
        again.add_argument("run", type=UUID, metavar="RUN", help="The id of a run, or of a submission.")
        again.add_argument("--anyway", action="store_true", help="Also with another image or check kit than it had.")
        again.add_argument("--backend", choices=["docker", "bubblewrap"], help="Instead of WAYMARK_SANDBOX.")
        again.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "gate":
            self._gate(**options)
        elif options["action"] == "reproduce":
            self._reproduce(**options)
        else:
            self._run(**options)

    def _gate(self, **options: Any) -> None:
        labs = labs_for_gate(options["lab"])
        if not labs:
            raise CommandError("There is no such lab with checks in a current release.", returncode=2)
        found = []
        try:
            backend = chosen(options["backend"])
            for lab in labs:
                checks = checks_from([(each.path, each.body) for each in lab.checks])
                tried = lab_gate(backend, lab.body, checks, times=max(1, options["times"]))
                found.append(gate_json(lab.path, tried))
        except (SpecProblem, SandboxUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(json.dumps(found, indent=1) if options["format"] == "json" else _gate_text(found))
        if any(each["checkable"] and not each["ok"] for each in found):
            raise SystemExit(1)
        if not all(each["ok"] for each in found):
            raise SystemExit(2)

    def _reproduce(self, **options: Any) -> None:
        try:
            done = run_reproduce(chosen(options["backend"]), run_named(options["run"]), anyway=options["anyway"])
        except DomainError as refusal:
            raise CommandError(f"{refusal.message} {refusal.hint}".strip(), returncode=2) from refusal
        except (SpecProblem, SandboxUnavailable, BlobDamaged) as error:
            raise CommandError(str(error), returncode=2) from error
        found = {
            "run": str(done.run.uuid),
            "same": not done.differences,
            "differences": [asdict(each) for each in done.differences],
            "other": [asdict(each) for each in done.other],
            "result": report_json(done.result),
        }
        self.stdout.write(json.dumps(found, indent=1) if options["format"] == "json" else _reproduced_text(done))
        if done.result.outcome == Outcome.INFRASTRUCTURE:
            raise CommandError("The sandbox failed; nothing was compared.", returncode=2)
        if done.differences:
            raise SystemExit(1)

    def _run(self, **options: Any) -> None:
        if not options["path"].exists():
            raise CommandError(f"There is nothing at {options['path']}.", returncode=2)
        try:
            at = options["at"] or datetime.now(UTC)
            hand_in = HandIn(options["marker"], at if at.tzinfo else at.replace(tzinfo=UTC))
            checks = checks_of(lab_read(options["lab"]), hand_in)
            backend = chosen(options["backend"])
        except (SpecProblem, SandboxUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            report = report_json(lab_run(backend, checks, submission_read(options["path"]).files, seeds_new()))
        except Rejected as refused:
            report = rejected_json(backend, checks, refused.message)
        self.stdout.write(json.dumps(report, indent=1) if options["format"] == "json" else _text(report))
        if report["outcome"] == Outcome.INFRASTRUCTURE:
            raise CommandError("The sandbox failed; this is no verdict about the work.", returncode=2)
        if report["outcome"] != Outcome.PASSED:
            raise SystemExit(1)


def _reproduced_text(done: Reproduced) -> str:
    lines = [f"run {done.run.uuid}: {'something else came out' if done.differences else 'the same came out'}"]
    lines += [f"  another {each.what}: {each.now}, it had {each.was}" for each in done.other]
    lines += [f"  {each.check or 'all'}, {each.what}: was {each.was!r}, is {each.now!r}" for each in done.differences]
    return "\n".join(lines)


def _gate_text(found: list[dict[str, Any]]) -> str:
    lines = []
    for lab in found:
        state = "sound" if lab["ok"] else "not sound" if lab["checkable"] else "not checkable here"
        lines.append(f"{lab['lab']}: {state}")
        lines += [f"  {each['id']}: {each['problem'] or 'as it should be'}" for each in lab["trials"]]
    return "\n".join(lines)


def _text(report: dict[str, Any]) -> str:
    lines = [f"{report['outcome']}: {report['points']} of {report['out_of']} points"]
    for check in report["checks"]:
        lines.append(f"  {check['id']}: {check['outcome']}, {check['points']} points. {check['message']}")
    return "\n".join(lines)
