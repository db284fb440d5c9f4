"""Make an API token for somebody, and print it once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from knox.models import get_token_model

from investors.models import User

MOST_DAYS = 365


class Command(BaseCommand):
    help = "Make an API token for a person. It is shown once; only its digest is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address the person signs in with")
        parser.add_argument("--days", type=int, default=90, help="how long it is good for")

    def handle(self, *args: Any, email: str, days: int, **options: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"A token is good for 1 to {MOST_DAYS} days.")
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        made, token = get_token_model().objects.create(user=user, expiry=timedelta(days=days))
        self.stderr.write(f"Good until {made.expiry:%Y-%m-%d %H:%M} UTC. It is not shown again.")
        self.stdout.write(token)
