"""Waivers: what a party gave up for itself, in one matter, section 8(c)."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from investors.models import Entry, Investor, Standing, never_changed
from notices.models import Evidence

from .matters import Demand


@pghistory.track()
class Waiver(Entry):
    """A waiver one party signed, for its own benefit and for this matter alone (S8).

    The last three rights are the Company's to waive; the rest an Investor's.  ``investor``
    is the one that signed, or the one a waiver by the Company favours: of the conditions of
    a demand and of the Company's rest it favours nobody in particular.

    ``taken_back`` marks an entry that says there is no such waiver: what stood before was
    recorded by mistake.  ``paper`` is the signed writing, where it was kept.
    """

    class Right(models.TextChoices):
        NOTICE = "notice", "The notice of the registration it is owed"
        JOIN = "join", "Its right to ask to be included"
        FILE = "file", "The last day to file"
        EFFECTIVE = "effective", "The last day to become effective"
        KEEP_EFFECTIVE = "keep_effective", "How long the statement is kept effective"
        IN_TIME = "in_time", "The last day for a request to be included"
        CONDITIONS = "conditions", "The conditions a demand must meet"
        REST = "rest", "Its time of rest after another registration"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="waivers")
    investor = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
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
                nulls_distinct=False,
                name="waiver_one_first",
            ),
            models.CheckConstraint(
                name="waiver_of_whom",
                condition=Q(right__in=["conditions", "rest"], investor=None)
                | ~Q(right__in=["conditions", "rest"]) & Q(investor__isnull=False),
                violation_error_message="Only a condition or a rest concerns no one Investor.",
            ),
            models.CheckConstraint(
                name="waiver_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} waived on {self.signed_on}"
