"""Look through the audit trail: is it what was sealed, and does it reach the heads kept outside?"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from investors import seals
from registrations.tasks import verify_trail


class Command(BaseCommand):
    help = "Seal what is not sealed, then compare every act with its seal and with kept heads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, help="heads kept elsewhere, as in ANCHOR_DIR/anchors.txt"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anchors"] is not None:
            try:
                lines = options["anchors"].read_text().splitlines()
            except OSError as wrong:
                raise CommandError(f"{options['anchors']}: {wrong.strerror}") from wrong
            found = seals.verify(lines)
        else:
            found = verify_trail(timezone.now())
        for each in found.broken:
            act = f", act {each.act}" if each.act else ""
            self.stderr.write(f"{each.chain}, link {each.seq}{act}: {each.says}")
        if found.broken:
            raise CommandError(f"The audit trail is broken in {len(found.broken)} places.")
        self.stdout.write(
            f"{found.acts} acts are as they were sealed; {found.unsealed} not sealed yet; "
            f"{found.loose} rows of history were written outside an act."
        )
