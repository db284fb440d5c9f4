"""Two things kept for speed or for the record: the projection of each docket, and the flags
raised.

``DocketEntry`` and ``DocketState`` can be dropped and rebuilt from facts at any time;
neither holds a status.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from investors.models import Agreement, Investor

from .matters import Demand


class DocketState(models.Model):
    """Whether a matter's projection could be worked out, and when it is tried again."""

    demand = models.OneToOneField(
        Demand, models.PROTECT, primary_key=True, related_name="docket_state"
    )
    outcome = models.CharField(max_length=20, blank=True)
    ruling = models.JSONField(default=dict)
    use = models.CharField(max_length=14, blank=True, db_default="")
    rebuilt_at = models.DateTimeField(db_default=Now())
    error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["retry_at"], condition=~Q(error=""), name="docket_quarantined")
        ]

    def __str__(self) -> str:
        return f"{self.demand}: {self.error or 'in order'}"


class DocketEntry(models.Model):
    """One window or concern of a matter's docket, as the rules gave it: a projection.

    ``flag_on`` is the day from which it calls for a flag if nothing more is recorded;
    ``aim_on`` the day reminders count down to; ``attend_on`` the next day on which the
    sweep has something to do here, so that an idle sweep is one look at an index.
    """

    class Kind(models.TextChoices):
        WINDOW = "window", "Window"
        CONCERN = "concern", "Concern"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="docket")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    time_zone = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=80)
    rule = models.CharField(max_length=12)
    clause = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    party = models.CharField(max_length=10, blank=True)
    force = models.CharField(max_length=10, blank=True)
    investor = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    lenient_on = models.DateField(null=True)
    practical_opens_on = models.DateField(null=True)
    practical_closes_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    waived_on = models.DateField(null=True)
    flag_kind = models.CharField(max_length=20, blank=True)
    flag_on = models.DateField(null=True)
    aim_on = models.DateField(null=True)
    attend_on = models.DateField(null=True)
    detail = models.JSONField()

    class Meta:
        verbose_name_plural = "docket entries"
        constraints = [models.UniqueConstraint(fields=["demand", "key"], name="docket_key_once")]
        indexes = [
            models.Index(
                fields=["time_zone", "attend_on"],
                condition=Q(attend_on__isnull=False),
                name="docket_to_attend",
            ),
            models.Index(
                fields=["agreement", "aim_on"],
                condition=Q(aim_on__isnull=False),
                name="docket_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.key}"


@pghistory.track()
class Flag(models.Model):
    """A call to act that the sweep raised, and when the facts cleared it.

    ``since_on`` is the day the facts made it so, whenever the sweep came by.  The text
    and reasons stay as they were when it was raised.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="flags")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="flags")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    since_on = models.DateField()
    text = models.TextField()
    detail = models.JSONField()
    raised_at = models.DateTimeField(db_default=Now())
    cleared_on = models.DateField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "key", "kind"],
                condition=Q(cleared_at=None),
                name="flag_stands_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["agreement", "since_on"],
                condition=Q(cleared_at=None),
                name="flag_standing",
            )
        ]

    def __str__(self) -> str:
        return self.text
