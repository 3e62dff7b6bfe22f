"""``manage.py grading retry [RUN ...]``: grade again what was given up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.models import GradingRun
from grading.services.giving_back import run_retry
from waymark.core.actors import Actor


class Command(BaseCommand):
    help = "Queue grading runs that failed once more: those named, or all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["retry"])
        parser.add_argument("runs", nargs="*", type=UUID, metavar="RUN")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = GradingRun.objects.filter(state=GradingRun.State.FAILED).order_by("pk")
        if options["runs"]:
            failed = failed.filter(uuid__in=options["runs"])
        runs = list(failed)
        unknown = set(options["runs"]) - {run.uuid for run in runs}
        if unknown:
            raise CommandError(f"No failed run is named {', '.join(sorted(map(str, unknown)))}.")
        for run in runs:
            run_retry(actor=Actor.system(), run=run)
        self.stdout.write(f"Queued {len(runs)} runs.")
