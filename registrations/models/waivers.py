"""Waivers: what an Investor gave up for itself, in one matter, section 8(c)."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from investors.models import Entry, Investor, Standing, never_changed
from notices.models import Evidence

from .matters import Demand


@pghistory.track()
class Waiver(Entry):
    """A waiver one Investor signed, for its own benefit and for this matter alone (S8).

    ``taken_back`` marks an entry that says there is no such waiver: what stood before was
    recorded by mistake.  ``paper`` is the signed writing, where it was kept.
    """

    class Right(models.TextChoices):
        NOTICE = "notice", "The notice of the registration it is owed"
        JOIN = "join", "Its right to ask to be included"
        FILE = "file", "The last day to file"
        EFFECTIVE = "effective", "The last day to become effective"
        KEEP_EFFECTIVE = "keep_effective", "How long the statement is kept effective"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="waivers")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    right = models.CharField(max_length=16, choices=Right)
    signed_on = models.DateField()
    taken_back = models.BooleanField("there is no such waiver", default=False)
    paper = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "investor", "right"],
                condition=Q(replaces=None),
                name="waiver_one_first",
            ),
            models.CheckConstraint(
                name="waiver_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor} waived {self.right} on {self.signed_on}"
