"""A demand several Investors prepare together in the portal, before it is a Demand Notice."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models

from investors.models import Agreement, Investor
from notices.models import Notice


@pghistory.track()
class JointDemand(models.Model):
    """A Demand Notice being signed, section 1(a): it goes once those who signed may demand
    together, or not at all.  Until then the Company is told nothing of it.

    ``notice`` is what it became; ``ended_at`` when whoever began it gave it up.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    notice = models.OneToOneField(
        Notice, models.PROTECT, null=True, blank=True, related_name="joint"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"A demand {self.begun_by} began"

    @property
    def open(self) -> bool:
        """Whether it may still be signed."""
        return self.notice_id is None and self.ended_at is None


@pghistory.track()
class JointSignature(models.Model):
    """One Investor's signature under a demand being prepared, and what it asks for: whole
    Registrable Shares and the method of distribution."""

    joint = models.ForeignKey(JointDemand, models.PROTECT, related_name="signatures")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    shares = models.PositiveBigIntegerField("Registrable Shares")
    distribution = models.TextField("intended method of distribution")
    other_information = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["joint", "investor"],
                condition=models.Q(taken_back_at=None),
                name="joint_signed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.investor} signed {self.joint}"
