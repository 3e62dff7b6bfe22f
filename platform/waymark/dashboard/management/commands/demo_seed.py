"""``manage.py demo_seed``: the demo's people, for ``make up``."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from waymark.core.errors import DomainError
from waymark.dashboard.demo import PASSWORD, demo_seed


class Command(BaseCommand):
    help = "Make the demo's people and API client, as far as they are missing; not in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo = demo_seed(data_dir=settings.DATA_DIR)
        except DomainError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        if options["format"] == "json":
            self.stdout.write(
                json.dumps(
                    {
                        "people": demo.addresses,
                        "password": PASSWORD,
                        "client_id": demo.client_id,
                        "client_secret": demo.client_secret,
                    }
                )
            )
            return
        self.stdout.write(f"Sign in as {', '.join(demo.addresses)}; password {PASSWORD}")
        self.stdout.write(f"API client {demo.client_id}, secret {demo.client_secret}")
