"""Make an API token for somebody, and print it once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from investors.acts import Refused
from investors.models import Agreement, ApiToken, User

from ...services.recording import When
from ...services.tokens import make_token


class Command(BaseCommand):
    help = "Make an API token for a person. It is shown once; only its digest is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address the person signs in with")
        parser.add_argument("--name", default="Made by an operator", help="what it is for")
        parser.add_argument(
            "--scope",
            choices=ApiToken.Scope.values,
            default=ApiToken.Scope.RECORD.value,
            help="what it may do",
        )
        parser.add_argument("--agreement", help="the name in its address, of the one it opens")
        parser.add_argument("--days", type=int, default=90, help="how long it is good for")

    def handle(
        self,
        *args: Any,
        email: str,
        name: str,
        scope: str,
        agreement: str | None,
        days: int,
        **options: Any,
    ) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        one = None
        if agreement is not None:
            one = Agreement.objects.visible_to(user).filter(slug=agreement).first()
            if one is None:
                raise CommandError(f"{email} sees no agreement named {agreement}.")
        try:
            made, token = make_token(
                name=name, scope=scope, agreement=one, days=days, when=When(timezone.now(), user)
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stderr.write(f"Good until {made.expiry:%Y-%m-%d %H:%M} UTC. It is not shown again.")
        self.stdout.write(token)
