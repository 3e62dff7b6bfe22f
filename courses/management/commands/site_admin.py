"""``manage.py site_admin EMAIL``: make somebody a site admin, which the first one has to be by somebody."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.services.staff import right_grant
from waymark.accounts.selectors.addresses import person_of
from waymark.core.actors import Actor
from waymark.core.errors import DomainError


class Command(BaseCommand):
    help = "Make a person site admin who has signed up and confirmed this address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["email"].strip().lower()
        try:
            right_grant(actor=Actor.system(), person=person_of(address), role="admin")
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{address} is a site admin.")
