"""What the API answered a program that named its request, so that asking again records once."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The answer to one act, by the key the program named it by.

    Written in the act's own transaction: a key is here exactly if its act is on record.
    ``token`` is the first characters of the token it came with, empty for a signed-in
    browser; ``fingerprint`` is of the request, ``body`` the JSON that was answered.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, blank=True)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "token", "key"], name="answer_kept_once")
        ]

    def __str__(self) -> str:
        return self.key
