"""Facts as somebody recorded them: added, replaced by a later entry, never edited."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now


def never_changed() -> pgtrigger.Protect:
    """The trigger that refuses UPDATE and DELETE on a table of facts."""
    return pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)


class Entry(models.Model):
    """A fact as somebody recorded it.  Replaced by a later entry, never edited."""

    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement"
    )
    reason = models.TextField(blank=True, help_text="Why this replaces what stood before.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Standing(models.QuerySet[Any]):
    """Entries; ``standing`` leaves out those a later one has replaced."""

    def standing(self) -> Standing:
        # Asked so, PostgreSQL sees how few it leaves out: its estimate of what follows holds.
        return self.filter(replacement__replaces=None)
