"""One round of the background work, now: for a scheduler of one's own, or a first start."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notices.tasks import relay_round
from registrations.tasks import sweep_round


class Command(BaseCommand):
    help = "Make flags and reminders agree with the dockets, then send what waits, once."

    def handle(self, *args: Any, **options: Any) -> None:
        sweep_round(timezone.now())
        relay_round(timezone.now)
