"""Ask EDGAR now about every company with a CIK, or those named."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from investors.models import Company
from registrations import edgar
from registrations.services import edgar_following


class Command(BaseCommand):
    help = "Ask EDGAR about companies and keep what it says for counsel to look at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("companies", nargs="*", help="slugs; all with a CIK when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = edgar.source()
        except edgar.Unreachable as wrong:
            raise CommandError(wrong.why) from wrong
        if source is None:
            raise CommandError(
                "Set EDGAR_CONTACT to who asks and an address the SEC can write to, such as "
                "“Example Company counsel@example.com”, or EDGAR_FOLDER to a folder of saved "
                "answers."
            )
        companies = Company.objects.exclude(cik="").order_by("pk")
        if named := options["companies"]:
            companies = companies.filter(slug__in=named)
        for company in companies:
            told = edgar_following.follow(company, source, timezone.now())
            if told is None:
                self.stdout.write(f"{company}: being asked about already")
            else:
                self.stdout.write(f"{company}: {told.found} new. {told.problem}".strip())
