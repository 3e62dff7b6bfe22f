"""``manage.py program list|publish|archive``: which programs take learners, and how."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.models import Program
from courses.services.program import program_archive, program_publish
from waymark.core.actors import Actor


class Command(BaseCommand):
    help = "List programs, open one to learners, or close it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list")
        publish = actions.add_parser("publish")
        publish.add_argument("slug")
        publish.add_argument("--enrolment", choices=Program.EnrolmentMode.values, default="invitation")
        actions.add_parser("archive").add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            for each in Program.objects.current():
                self.stdout.write(f"{each.slug}: {self._state(each)}")
            return
        program = Program.objects.current().filter(slug=options["slug"]).first()
        if program is None:
            raise CommandError(f"No program is called {options['slug']}; manage.py program list names them.")
        if options["action"] == "publish":
            program = program_publish(actor=Actor.system(), program=program, enrolment_mode=options["enrolment"])
        else:
            program = program_archive(actor=Actor.system(), program=program)
        self.stdout.write(f"{program.slug}: {self._state(program)}")

    def _state(self, program: Program) -> str:
        if program.archived_at is not None:
            return "archived"
        if program.published_at is None:
            return "not published"
        return f"takes learners: {program.get_enrolment_mode_display().lower()}"
