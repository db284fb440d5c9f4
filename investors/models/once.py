"""What was saved once, so that it is not saved again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .agreements import Agreement


class Submission(models.Model):
    """A form that was saved: its one-time key and the page of what it made.

    Written in the same transaction as the act, so that a form sent twice, or by an
    impatient second click, records once and leads to the same page.
    """

    key = models.UUIDField(unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    url = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.key} led to {self.url}"


class KeptAnswer(models.Model):
    """What the API answered to an act that came with an ``Idempotency-Key``.

    Written in the same transaction as the act, so that a request sent again, because its
    answer was lost or by an impatient program, records once and gets the same answer.
    ``token`` is the digest of the token it came with, empty for a browser that is signed
    in; ``fingerprint`` is the SHA-256 of what was asked, in hex.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.CharField(max_length=128, blank=True)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "token", "key"], name="answer_once_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.status} to {self.key}"
