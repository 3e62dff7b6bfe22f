"""``manage.py curriculum lint|apply PATH...``: check a curriculum, or make releases from native files.

``lint`` needs no database and no services, so nothing that reads models is
imported before an action that does. Standard output has the result only;
everything else goes to standard error.
"""

import json
import os
import sys
import traceback
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from courses.curriculum.findings import Finding
from courses.curriculum.native.reader import read_tree
from courses.curriculum.report.formats import FORMATS
from courses.curriculum.report.run import lint
from waymark.core.errors import DomainError, Invalid

if TYPE_CHECKING:
    from courses.curriculum.apply import Applied
    from waymark.core.actors import Actor

EXIT_FINDINGS, EXIT_USAGE, EXIT_REFUSED, EXIT_INTERNAL = 1, 2, 3, 4


class Command(BaseCommand):
    help = "Check a curriculum (docs/import.md), or apply one that is kept as native files (docs/authoring.md)."
    # Checks of the site look at its services.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        checked = actions.add_parser("lint", help="say everything that is wrong; needs no database")
        checked.add_argument("paths", nargs="+", metavar="PATH", help="folder, file or zip archive")
        checked.add_argument("--format", choices=sorted(FORMATS), default="text")
        checked.add_argument("--lines", action="store_true", help="name what every line became")
        checked.add_argument("--strict", action="store_true", help="warnings count like errors")
        checked.add_argument("--today", type=_day, metavar="DATE", help="the day that dated figures are compared with")
        applied = actions.add_parser("apply", help="make a release of each program that changed")
        applied.add_argument("paths", nargs="+", metavar="PATH", help="folder of native files")
        applied.add_argument("--format", choices=["text", "json"], default="text")
        applied.add_argument("--as", dest="person", metavar="EMAIL", help="who applies; the system itself by default")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["paths"]:
            if not os.path.lexists(name):
                raise CommandError(f"{name}: there is no such file or folder.", returncode=EXIT_USAGE)
        if options["action"] == "lint":
            self._lint(**options)
        else:
            self._apply(**options)

    def _lint(
        self, *, paths: list[str], format: str, lines: bool, strict: bool, today: date | None, **options: Any
    ) -> None:
        try:
            report = lint(paths, today=today)
            self.stdout.write(FORMATS[format](report, lines=lines))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            raise CommandError(f"lint broke down: {error!r}", returncode=EXIT_INTERNAL) from error
        if code := report.exit_code(strict=strict):
            sys.exit(code)

    def _apply(self, *, paths: list[str], format: str, person: str | None, **options: Any) -> None:
        from courses.curriculum.apply import ImportRefused, curriculum_apply

        actor = _actor(person)
        readings = [(name, read_tree(Path(name), name=name)) for name in paths]
        done: list[dict[str, Any]] = []
        findings: list[Finding] = []
        try:
            for name, reading in readings:
                applied = curriculum_apply(actor=actor, reading=reading, source=Path(name).resolve().name)
                done += _rows(applied)
                findings += applied.findings
        except ImportRefused as refused:
            findings += refused.findings
            raise CommandError(refused.message, returncode=EXIT_FINDINGS) from refused
        except DomainError as error:
            code = EXIT_FINDINGS if isinstance(error, Invalid) else EXIT_REFUSED
            raise CommandError(f"{error.message} {error.hint}".strip(), returncode=code) from error
        finally:
            for finding in findings:
                self.stderr.write(str(finding))
            if format == "json":
                shown = {"programs": done, "findings": [finding.as_dict() for finding in findings]}
                self.stdout.write(json.dumps(shown, indent=2))
            else:
                for row in done:
                    self.stdout.write(f"{row['summary']}; release {row['release']}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2026-03-01") from error


def _actor(email: str | None) -> "Actor":
    from waymark.accounts.models import User
    from waymark.core.actors import Actor

    if email is None:
        return Actor.system()
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"{email}: nobody has this address.", returncode=EXIT_USAGE)
    return Actor.person(user.pk)


def _rows(applied: "Applied") -> list[dict[str, Any]]:
    numbers = {release.program.slug: release.number for release in applied.releases}
    return [
        {
            "program": comparison.program,
            "release": numbers.get(comparison.program, comparison.base),
            "new": comparison.program in numbers,
            "added": len(comparison.added),
            "changed": len(comparison.changed_entities),
            "renamed": len(comparison.renamed),
            "restored": len(comparison.restored),
            "retired": len(comparison.retired),
            "unchanged": comparison.unchanged,
            "summary": comparison.summary(),
        }
        for comparison in applied.comparisons
    ]
