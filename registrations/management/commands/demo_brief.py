"""In a few lines: who can sign in to the demo, what is missed and what is due."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from investors.models import Agreement
from registrations import demo
from registrations.models import DocketEntry, Flag
from registrations.rules.days import say


class Command(BaseCommand):
    help = "Print the demo logins and what is missed and due."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Sign in as")
        for login in demo.LOGINS:
            self.stdout.write(f"  {login.email:24} {demo.PASSWORD!r:24} {login.role}")
        now = timezone.now()
        for agreement in Agreement.objects.select_related("company").order_by("company__name"):
            today = agreement.day_of(now)
            flags = Flag.objects.filter(agreement=agreement, cleared_at=None, since_on__lte=today)
            due = DocketEntry.objects.filter(
                agreement=agreement, party="company", done_on=None, aim_on__gte=today
            ).order_by("aim_on", "pk")
            self.stdout.write(f"{agreement.company}, {say(today)}")
            missed = flags.filter(kind__in=["missed", "impossible"]).select_related("demand")
            for flag in missed.order_by("since_on", "pk"):
                self.stdout.write(f"  {flag.kind:10} {flag.demand.reference}: {flag.text}")
            for entry in due.select_related("demand")[:3]:
                self.stdout.write(f"  due        {entry.demand.reference}: {entry.text}, "
                                  f"{say(entry.aim_on)}")  # fmt: skip
            rest = flags.exclude(kind__in=["missed", "impossible"]).count()
            if rest:
                self.stdout.write(f"  and {rest} more to look at on the dashboard")
