"""Load the demo, or say that it is there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registrations import demo


class Command(BaseCommand):
    help = "Load the demo's companies, investors and matters; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This loads invented data. Set DEMO=1 to say you want it.")
        try:
            loaded = demo.load(timezone.now())
        except demo.CutOff as why:
            raise CommandError(str(why)) from why
        if loaded:
            self.stdout.write("The demo is loaded.")
        else:
            self.stdout.write("The demo is there from an earlier run, with what you changed.")
