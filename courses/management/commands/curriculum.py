"""``manage.py curriculum apply PATH...``: make releases from a tree of native files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.curriculum.apply import Applied, ImportRefused, curriculum_apply
from courses.curriculum.findings import Finding
from courses.curriculum.native.reader import read_tree
from courses.curriculum.native.reading import Reading
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Invalid

EXIT_FINDINGS, EXIT_USAGE, EXIT_REFUSED = 1, 2, 3


class Command(BaseCommand):
    help = "Apply a curriculum kept as native files (docs/authoring.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["apply"])
        parser.add_argument("paths", nargs="+", metavar="PATH", help="folder of native files")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--as", dest="person", metavar="EMAIL", help="who applies; the system itself by default")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["person"])
        readings = [(name, _read(name)) for name in options["paths"]]
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
            if options["format"] == "json":
                shown = {"programs": done, "findings": [_finding(finding) for finding in findings]}
                self.stdout.write(json.dumps(shown, indent=2))
            else:
                for row in done:
                    self.stdout.write(f"{row['summary']}; release {row['release']}")

    def _actor(self, email: str | None) -> Actor:
        if email is None:
            return Actor.system()
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"{email}: nobody has this address.", returncode=EXIT_USAGE)
        return Actor.person(user.pk)


def _read(name: str) -> Reading:
    root = Path(name)
    if not root.exists():
        raise CommandError(f"{name}: there is no such file or folder.", returncode=EXIT_USAGE)
    return read_tree(root, name=name)


def _rows(applied: Applied) -> list[dict[str, Any]]:
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


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "message": finding.message,
        "related": [{"file": file, "line": line} for file, line in finding.related],
        "fix": finding.fix,
    }
