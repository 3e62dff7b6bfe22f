"""``manage.py people preview|apply FILE --as EMAIL``: rosters, cohorts and staff from CSV files (docs/people.md)."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from courses.models import Invitation
from courses.roster.apply import people_apply
from courses.roster.preview import Preview, preview
from courses.roster.reading import Sheet, read
from waymark.accounts.selectors.addresses import person_of
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Invalid

EXIT_FINDINGS, EXIT_USAGE, EXIT_REFUSED = 1, 2, 3


class Command(BaseCommand):
    help = "Preview a list of people (roster, cohorts or staff, as CSV), and apply what was previewed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name in ("preview", "apply"):
            action = actions.add_parser(name)
            action.add_argument("file")
            action.add_argument("--as", dest="person", required=True, metavar="EMAIL", help="in whose name")
            action.add_argument("--format", choices=["text", "json"], default="text")
            if name == "apply":
                action.add_argument("--preview", required=True, metavar="ID", help="what the preview is called")

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = self._read(options["file"])
        try:
            actor = Actor.person(person_of(options["person"]).pk)
        except DomainError as error:
            raise CommandError(error.message, returncode=EXIT_USAGE) from error
        if options["action"] == "preview":
            found = preview(actor, sheet)
            self._show(found, options["format"], f"Nothing is applied yet. Preview {found.id}.")
            if found.errors:
                sys.exit(EXIT_FINDINGS)
            return
        try:
            found = people_apply(actor=actor, sheet=sheet, preview_id=options["preview"], link=_link)
        except DomainError as error:
            code = EXIT_FINDINGS if isinstance(error, Invalid) else EXIT_REFUSED
            raise CommandError(f"{error.where} {error.message} {error.hint}".strip(), returncode=code) from error
        self._show(found, options["format"], "Applied.")

    def _read(self, name: str) -> Sheet:
        try:
            return read(name, Path(name).read_bytes())
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}.", returncode=EXIT_USAGE) from error

    def _show(self, found: Preview, form: str, last: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps(found.as_dict(), indent=2))
            return
        for finding in found.findings:
            self.stdout.write(str(finding))
        for step in found.steps:
            self.stdout.write(f"{step.line}: {step.who}: {step.text}")
        self.stdout.write(last)


def _link(invitation: Invitation) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('invitation', args=[invitation.uuid])}"
