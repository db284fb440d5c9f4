"""Private calendars: the address each is read at, and what it was last told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    """The address at which a person's calendar program reads their dates.

    Whoever knows it reads them, so only its digest is kept, and its person can end it at
    any time.  One that was ended stays on record and opens nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="one_feed_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.user}"


class CalendarEvent(models.Model):
    """A date as a feed last told it, so that a calendar hears of a change as a change.

    ``sequence`` grows by one with each change; ``cancelled_at`` is when the date was gone.
    ``tentative`` where the day hangs on a paper that is not on record.
    """

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="events")
    uid = models.UUIDField()
    on = models.DateField()
    summary = models.CharField(max_length=300)
    description = models.TextField()
    url = models.CharField(max_length=300)
    tentative = models.BooleanField()
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "uid"], name="calendar_event_once")]

    def __str__(self) -> str:
        return f"{self.on}: {self.summary}"
