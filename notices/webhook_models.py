"""What other programs are told, where, and what they answered.

A receiver is told of an event at least once, under one message id however often it is sent.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from investors.models import Agreement

SECRET_OVERLAPS = timedelta(hours=24)  # for which the secret before a rotation still signs


class WebhookKind(models.TextChoices):
    """What a program may be told of."""

    FACT_RECORDED = "fact.recorded", "A fact recorded"
    WINDOW_OPENED = "window.opened", "A window opened"
    WINDOW_DUE_SOON = "window.due_soon", "A window due soon"
    WINDOW_MISSED = "window.missed", "A window missed"
    FLAG_RAISED = "flag.raised", "Another flag raised"
    FLAG_CLEARED = "flag.cleared", "A flag cleared"


TEST = "webhook.test"


# How it gets on is beside what was decided about it; the turns open nothing, but tell nobody
# anything either.
@pghistory.track(exclude=["turn", "turn_before", "failing_since", "held_until"])
class WebhookEndpoint(models.Model):
    """An address a program listens at, for events of one agreement.

    Its secret is made of ``turn`` and the server's own secret whenever something is signed,
    so what is stored here signs nothing.  ``turn_before`` goes on signing beside it for a day
    after ``rotated_at``.  ``failing_since`` is the first try in a row that failed; until
    ``held_until`` nothing is tried, because it gave no answer.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="webhooks")
    url = models.CharField("address", max_length=500)
    description = models.CharField(max_length=200, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=WebhookKind), verbose_name="is told of"
    )
    turn = models.UUIDField(default=uuid.uuid4, editable=False)
    turn_before = models.UUIDField(null=True, blank=True, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    failing_since = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "webhook"

    def __str__(self) -> str:
        return self.description or self.url

    def turns(self, now: datetime) -> list[uuid.UUID]:
        """Of which its secrets are made at an instant, the latest first."""
        told = [self.turn]
        if self.turn_before and self.rotated_at and now < self.rotated_at + SECRET_OVERLAPS:
            told.append(self.turn_before)
        return told


class WebhookEvent(models.Model):
    """Something that happened under an agreement, in the words it is told in.

    ``key`` says what, so that however often it is looked for there is one; ``message_id``
    goes with every try.
    """

    message_id = models.CharField(max_length=40)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[*WebhookKind.choices, (TEST, "A test")])
    key = models.CharField(max_length=200)
    body = models.TextField(
        blank=True,
        help_text="JSON, as it is sent and signed. Empty for what was so before anybody listened.",
    )
    happened_at = models.DateTimeField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="webhook_message_once"),
            models.UniqueConstraint(fields=["agreement", "key"], name="webhook_event_once"),
        ]
        indexes = [
            models.Index(fields=["agreement", "kind", "happened_at"], name="webhook_event_by_kind"),
            models.Index(fields=["agreement", "happened_at"], name="webhook_event_log"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"


UNDER_WAY = Q(delivered_at=None, failed_at=None, dropped_at=None)


class WebhookDelivery(models.Model):
    """One event on its way to one address.  ``tries`` counts since it was last taken up."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "Not sent"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(WebhookEvent, models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries")
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Given up on.")
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="The address was ended before it was its turn."
    )

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_delivery_once")
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=UNDER_WAY, name="webhook_waiting"),
            models.Index(fields=["endpoint", "-created_at"], name="webhook_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.delivered_at:
            return self.State.DELIVERED
        if self.failed_at:
            return self.State.FAILED
        return self.State.DROPPED if self.dropped_at else self.State.WAITING


def in_state(state: str) -> Q:
    """The deliveries that stand so."""
    return {
        WebhookDelivery.State.WAITING: UNDER_WAY,
        WebhookDelivery.State.DELIVERED: Q(delivered_at__isnull=False),
        WebhookDelivery.State.FAILED: Q(failed_at__isnull=False),
        WebhookDelivery.State.DROPPED: Q(dropped_at__isnull=False),
    }[WebhookDelivery.State(state)]


class WebhookAttempt(models.Model):
    """One try: the answer's status and first thousand bytes, or why there was none."""

    delivery = models.ForeignKey(WebhookDelivery, models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="webhook_attempts")]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
