"""``manage.py progress rebuild [--check]``: the read model from the ledger."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.models import Enrolment
from grading.services.progress import progress_drift, progress_refresh
from grading.services.stale import OPEN


class Command(BaseCommand):
    help = "Rebuild grades and progress from the ledger, or check that they equal it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild"])
        parser.add_argument("--check", action="store_true", help="Change nothing; exit 1 where something differs.")
        parser.add_argument("--program", help="Only this program (its slug).")

    def handle(self, *args: Any, **options: Any) -> None:
        enrolments = Enrolment.objects.filter(state__in=[*OPEN, Enrolment.State.WITHDRAWN]).order_by("pk")
        if options["program"]:
            enrolments = enrolments.filter(program__slug=options["program"])
        keys = list(enrolments.values_list("pk", "uuid"))
        if options["check"]:
            self._check(keys)
            return
        for pk, _uuid in keys:
            progress_refresh(enrolment_id=pk)
        self.stdout.write(f"Rebuilt {len(keys)} enrolments.")

    def _check(self, keys: list[tuple[int, Any]]) -> None:
        drifted = 0
        for pk, uuid in keys:
            if found := progress_drift(enrolment_id=pk):
                drifted += 1
                self.stdout.write(f"{uuid}: {', '.join(found)}")
        if drifted:
            raise CommandError(f"{drifted} of {len(keys)} enrolments differ from their ledger.")
        self.stdout.write(f"{len(keys)} enrolments equal their ledger.")
