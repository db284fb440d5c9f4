"""What makes a change of the audit trail seen: each act's fingerprint, chained."""

from __future__ import annotations

from django.db import models

from .agreements import Agreement
from .entries import never_changed


class SealShape(models.Model):
    """Which columns of which tables a fingerprint covers, so that acts sealed before a table
    got another column are read as they were."""

    columns = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        triggers = [never_changed()]

    def __str__(self) -> str:
        return f"{len(self.columns)} tables"


class Seal(models.Model):
    """A link of a chain: some acts on one agreement, or on none, sealed together.

    ``digest`` is the SHA-256, in hex, of the link before it, its own number and the
    fingerprint of each act in it, in order.
    """

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="seals"
    )
    seq = models.PositiveIntegerField()
    shape = models.ForeignKey(SealShape, models.PROTECT, related_name="+")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    acts = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "seq"], name="seal_number_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"Seal {self.seq} of {self.agreement or 'no agreement'}"


class SealedAct(models.Model):
    """An act's fingerprint: the SHA-256, in hex, of its line on the trail and of every row of
    history written by it.  ``act`` is the line's id."""

    act = models.UUIDField(primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="sealed")
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    place = models.PositiveIntegerField()
    leaf = models.CharField(max_length=64)

    class Meta:
        triggers = [never_changed()]

    def __str__(self) -> str:
        return f"Act {self.act}"
