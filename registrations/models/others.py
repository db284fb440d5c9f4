"""Other Holders: those with a contractual right to be registered under another paper, and
what became of each in a demand, section 1(b) (D12)."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q

from investors.models import Agreement, Entry, Standing, never_changed

from .matters import Demand


@pghistory.track()
class OtherHolder(Entry):
    """A holder of the Company's securities that is no Investor, the agreement that gives it
    a right to be registered, and how many shares that is for, in whole shares."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="other_holders")
    name = models.CharField(max_length=200)
    paper = models.CharField("its agreement", max_length=200)
    shares = models.PositiveBigIntegerField(null=True, blank=True)
    from_on = models.DateField("its right begins on")

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "public_id"],
                condition=Q(replaces=None),
                name="other_holder_one_first",
            ),
            models.CheckConstraint(
                name="other_holder_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Inclusion(Entry):
    """What became of an Other Holder in one demand: the day it was offered a place on the
    Investors' behalf, its answer, and the day it accepted the section's terms.

    ``holder`` is the public id that all entries about one Other Holder share.  A day that has
    not come is empty; ``joins`` is empty while it has not answered.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="inclusions")
    holder = models.UUIDField()
    offered_on = models.DateField()
    terms_required = models.BooleanField("the Company requires it to accept the section’s terms")
    answered_on = models.DateField(null=True, blank=True)
    joins = models.BooleanField(null=True, blank=True)
    shares = models.PositiveBigIntegerField(null=True, blank=True)
    terms_accepted_on = models.DateField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "holder"], condition=Q(replaces=None), name="inclusion_one_first"
            ),
            models.CheckConstraint(
                name="inclusion_answer_is_dated",
                condition=Q(answered_on=None, joins=None)
                | Q(answered_on__gte=F("offered_on"), joins__isnull=False),
                violation_error_message="An answer has its day, and comes after the offer.",
            ),
            models.CheckConstraint(
                name="inclusion_change_says_why", condition=Q(replaces=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"offered on {self.offered_on}"
