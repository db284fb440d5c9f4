"""Allocations of an underwritten offering as counsel saved them: what went in, what came out."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q

from investors.models import Entry, Investor, Standing, never_changed

from .matters import Demand


@pghistory.track()
class Allocation(Entry):
    """An offering cut back to the underwriters' maximum, section 3(c) (P7): what was said of
    the offering and how it came out.  Its sellers are its ``AllocationLine`` rows.

    ``on`` is the day holdings and requests were taken as of.  ``order`` is the agreement's
    order of claims as it was then, and ``shared_again`` the reading taken of room that a
    holder cannot use, so that the same can be worked out again from this entry alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="allocations")
    on = models.DateField()
    maximum = models.PositiveBigIntegerField("underwriters’ maximum")
    offering = models.CharField(max_length=40)
    where = models.JSONField("of this offering", default=list)
    order = models.JSONField("order of claims")
    clause = models.CharField(max_length=120, blank=True)
    shared_again = models.BooleanField("unused room is shared again")

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], condition=Q(replaces=None), name="allocation_one_first"
            ),
            models.CheckConstraint(
                name="allocation_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why the allocation is replaced.",
            ),
        ]

    def __str__(self) -> str:
        return f"Allocation of {self.maximum:,} shares"


@pghistory.track()
class AllocationLine(models.Model):
    """One seller in an allocation: what it held and asked, and what it gets.

    ``seller`` is the id that settles ties.  ``came`` says how its request stands on the
    record, and ``counted`` whether it was counted; one that was not gets nothing.
    """

    class Came(models.TextChoices):
        COMPANY = "company", "The Company"
        DEMANDED = "demanded", "In the Demand Notice"
        IN_TIME = "in_time", "Asked in time"
        UNDECIDED = "undecided", "In time on one reading only"
        LATE = "late", "Asked late"
        NOT_ACCEPTED = "not_accepted", "Has not accepted the underwriting"
        OTHER = "other", "Other selling holder"

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="lines")
    seller = models.BigIntegerField()
    investor = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    who = models.CharField("comes as", max_length=40)
    came = models.CharField(max_length=12, choices=Came)
    counted = models.BooleanField()
    held = models.PositiveBigIntegerField()
    asked = models.PositiveBigIntegerField()
    group = models.CharField("counts with", max_length=200, blank=True)
    gets = models.PositiveBigIntegerField()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "seller"], name="allocated_once"),
            models.CheckConstraint(
                name="allocated_no_more_than_asked", condition=Q(gets__lte=F("asked"))
            ),
            models.CheckConstraint(
                name="allocated_where_counted", condition=Q(counted=True) | Q(gets=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gets:,} for {self.name}"
