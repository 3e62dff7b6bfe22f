"""``manage.py curriculum apply PATH...``: make releases from a tree of native files."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.curriculum.apply import ImportRefused, curriculum_apply
from courses.curriculum.native.reader import read_tree
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.errors import DomainError

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
        done: list[dict[str, Any]] = []
        for name in options["paths"]:
            root = Path(name)
            if not root.exists():
                raise CommandError(f"{name}: there is no such file or folder.", returncode=EXIT_USAGE)
            try:
                applied = curriculum_apply(actor=actor, reading=read_tree(root, name=name), source=root.name)
            except ImportRefused as refused:
                for finding in refused.findings:
                    self.stderr.write(str(finding))
                raise CommandError(refused.message, returncode=EXIT_FINDINGS) from refused
            except DomainError as error:
                raise CommandError(f"{error.message} {error.hint}".strip(), returncode=EXIT_REFUSED) from error
            numbers = {release.program.slug: release.number for release in applied.releases}
            done += [
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
        if options["format"] == "json":
            json.dump({"programs": done}, sys.stdout, indent=2)
            self.stdout.write("")
            return
        for row in done:
            self.stdout.write(f"{row['summary']}; release {row['release']}")

    def _actor(self, email: str | None) -> Actor:
        if email is None:
            return Actor.system()
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"{email}: nobody has this address.", returncode=EXIT_USAGE)
        return Actor.person(user.pk)
