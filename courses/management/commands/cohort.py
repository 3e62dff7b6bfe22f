"""``manage.py cohort list|create|add-instructors|remove-instructors|add-learners``: the cohorts of a program."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from courses.models import Cohort, Program, StaffRight
from courses.roster.reading import instant
from courses.services.cohort import cohort_create, cohort_take
from courses.services.staff import right_grant, right_withdraw
from waymark.accounts.models import User
from waymark.accounts.selectors.addresses import person_of
from waymark.core.actors import Actor
from waymark.core.errors import DomainError

SYSTEM = Actor.system()


class Command(BaseCommand):
    help = "Make cohorts, and say who teaches and who learns in them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list").add_argument("program", nargs="?")
        create = actions.add_parser("create")
        create.add_argument("program")
        create.add_argument("slug")
        create.add_argument("--title", required=True)
        create.add_argument("--time-zone", default="UTC", help="where its days count, such as Europe/Berlin")
        create.add_argument("--starts", help="2026-09-01 or 2026-09-01T09:00, in that zone")
        create.add_argument("--ends", help="likewise; a day without a time is meant as a whole")
        for action in self.changes():
            people = actions.add_parser(action)
            people.add_argument("program")
            people.add_argument("slug")
            people.add_argument("emails", nargs="+", metavar="EMAIL")

    def changes(self) -> dict[str, Callable[[Cohort, User], None]]:
        return {
            "add-instructors": self._add_instructor,
            "remove-instructors": self._remove_instructor,
            "add-learners": self._add_learner,
        }

    def handle(self, *args: Any, **options: Any) -> None:
        action = options["action"]
        if action == "list":
            self._list(options["program"])
        elif action == "create":
            self._create(options)
        else:
            self._change(self._cohort(options), self.changes()[action], options["emails"])

    def _list(self, program: str | None) -> None:
        cohorts = Cohort.objects.select_related("program")
        for cohort in cohorts.filter(program=self._program(program)) if program else cohorts:
            staff = StaffRight.objects.filter(cohort=cohort).count()
            learners = cohort.enrolments.filter(state__in=["active", "paused"]).count()
            self.stdout.write(
                f"{cohort.program.slug} {cohort.slug}: {cohort.title}, {cohort.time_zone}, "
                f"{staff} instructors, {learners} learners"
            )

    def _create(self, options: dict[str, Any]) -> None:
        program = self._program(options["program"])
        zone = options["time_zone"]
        if zone not in available_timezones():
            raise CommandError(f"There is no time zone {zone}.")
        try:
            cohort = cohort_create(
                actor=SYSTEM, program=program, slug=options["slug"], title=options["title"],
                time_zone=zone, starts_at=_instant(options["starts"], zone, end=False),
                ends_at=_instant(options["ends"], zone, end=True),
            )  # fmt: skip
        except DomainError as error:
            raise CommandError(f"{error.where}: {error.message}" if error.where else error.message) from error
        self.stdout.write(f"{program.slug} {cohort.slug} is made.")

    def _change(self, cohort: Cohort, change: Callable[[Cohort, User], None], emails: list[str]) -> None:
        """All of them or, with every reason, none."""
        faults = []
        with transaction.atomic():
            for email in emails:
                try:
                    change(cohort, person_of(email))
                except DomainError as error:
                    faults.append(f"{email}: {error.message}")
            if faults:
                raise CommandError("Nothing was changed. " + " ".join(faults))
        self.stdout.write(f"{cohort.program.slug} {cohort.slug}: {len(emails)} done.")

    def _add_instructor(self, cohort: Cohort, person: User) -> None:
        right_grant(actor=SYSTEM, person=person, role="instructor", cohort=cohort)

    def _remove_instructor(self, cohort: Cohort, person: User) -> None:
        for right in StaffRight.objects.filter(person=person, role="instructor", cohort=cohort):
            right_withdraw(actor=SYSTEM, right=right)

    def _add_learner(self, cohort: Cohort, person: User) -> None:
        cohort_take(actor=SYSTEM, cohort=cohort, learner=person)

    def _program(self, slug: str) -> Program:
        program = Program.objects.current().filter(slug=slug).first()
        if program is None:
            raise CommandError(f"No program is called {slug}; manage.py program list names them.")
        return program

    def _cohort(self, options: dict[str, Any]) -> Cohort:
        program = self._program(options["program"])
        cohort = Cohort.objects.filter(program=program, slug=options["slug"]).select_related("program").first()
        if cohort is None:
            raise CommandError(f"{program.slug} has no cohort {options['slug']}; manage.py cohort list names them.")
        return cohort


def _instant(stated: str | None, zone: str, *, end: bool) -> datetime | None:
    """A day or a minute in *zone*; a day as an end is over with it."""
    at = instant(stated, zone, end=end) if stated is not None else None
    if stated is not None and at is None:
        raise CommandError(f"{stated} is neither a day nor a minute: write 2026-09-01 or 2026-09-01T09:00.")
    return at
