"""Correspondence: notices, each copy on its way, its evidence, and the reminders we send.

What a copy amounts to in law is worked out in the rules from the facts kept here.
"""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from investors.models import Address, Agreement, Entry, Investor, Standing, never_changed

from .webhook_models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookKind,
)


@pghistory.track()
class Notice(models.Model):
    """A written communication under the agreement.  ``sender`` is empty when the Company
    sent it; ``answers`` is the notice it replies to, so that a matter is a thread.  The
    Company's own proposal to register begins a thread too: a paper with no copies."""

    class Kind(models.TextChoices):
        DEMAND = "demand", "Demand Notice"
        COMPANY = "company", "Company Notice"
        REQUEST = "request", "Request to join"
        DECLINE = "decline", "Answer declining to join"
        PROPOSAL = "proposal", "Proposal to register"
        REGISTRATION = "registration", "Registration Notice"
        PIGGYBACK = "piggyback", "Piggy-back Request"
        AMENDED = "amended", "Notice of an amended prospectus"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    sender = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="notices_sent"
    )
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="notice_number_once"),
            models.CheckConstraint(
                name="notice_answers_unless_it_begins",
                condition=Q(kind__in=["demand", "proposal"], answers=None)
                | (~Q(kind__in=["demand", "proposal"]) & Q(answers__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["answers", "kind"], name="notice_thread")]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_kind_display()}"

    @property
    def reference(self) -> str:
        return f"N-{self.number}"


class Method(models.TextChoices):
    """Ways a copy may travel.  Which of them count, and when, is a term."""

    CERTIFIED_MAIL = "certified_mail", "Certified mail"
    REGISTERED_MAIL = "registered_mail", "Registered mail"
    OVERNIGHT_COURIER = "overnight_courier", "Overnight courier"
    PERSONAL = "personal", "Personal delivery"
    FACSIMILE = "facsimile", "Facsimile"
    REGULAR_MAIL = "regular_mail", "Regular mail"
    PORTAL = "portal", "Portal"
    EMAIL = "email", "E-mail"


@pghistory.track()
class Delivery(models.Model):
    """One copy of a notice on its way to one addressee; ``recipient`` is empty for the
    Company.  How it travelled and when it came is in its ``DeliveryRecord`` entries."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="deliveries"
    )

    class Meta:
        verbose_name_plural = "deliveries"
        triggers = [never_changed()]

    def __str__(self) -> str:
        return f"{self.notice} to {self.recipient or 'the Company'}"


@pghistory.track()
class DeliveryRecord(Entry):
    """What was known of a copy when this entry was made: facts only, all of them.

    ``sent_on`` and ``received_on`` are days in the agreement's zone; a receipt not on
    record is empty.  Filling in an empty day needs no reason; changing a stated one does.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="records")
    method = models.CharField(max_length=20, choices=Method)
    sent_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    address = models.ForeignKey(Address, models.PROTECT, null=True, blank=True, related_name="+")

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="delivery_received_after_sent",
                condition=Q(received_on=None) | Q(sent_on=None) | Q(received_on__gte=F("sent_on")),
                violation_error_message="A notice cannot arrive before it was sent.",
            ),
            models.CheckConstraint(
                name="delivery_has_a_day",
                condition=Q(sent_on__isnull=False) | Q(received_on__isnull=False),
                violation_error_message="Give the day it was sent or the day it was received.",
            ),
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(replaces=None),
                name="delivery_one_first_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}, sent {self.sent_on}, received {self.received_on}"


@pghistory.track()
class RequestRecord(Entry):
    """What an Investor asks to have registered, in a Demand Notice or a request: whole
    Units and Registrable Shares, the method of distribution, other information.

    A part not stated is empty; ``stated_on`` is the day this much of it was in the
    Company's hands.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="requests")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="requests")
    units = models.PositiveBigIntegerField(null=True, blank=True)
    shares = models.PositiveBigIntegerField("Registrable Shares", null=True, blank=True)
    distribution = models.TextField("intended method of distribution", blank=True)
    # Empty says "nothing further"; null says that it has not been stated.
    other_information = models.TextField(null=True, blank=True)  # noqa: DJ001
    stated_on = models.DateField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "investor"],
                condition=Q(replaces=None),
                name="request_one_first_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.investor}: {self.shares} Registrable Shares"


def evidence_path(evidence: KeptFile, filename: str) -> str:
    """Where a file is kept: a random name, so that nothing of the sender's is in a path."""
    return f"{uuid.uuid4().hex}"


class KeptFile(models.Model):
    """A file kept as it came, with its fingerprint."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=evidence_path)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["file"])
class Evidence(KeptFile):
    """A file that proves something about a notice or one copy of it."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="evidence")
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, blank=True, related_name="evidence"
    )

    class Meta:
        verbose_name_plural = "evidence"
        triggers = [never_changed()]


@pghistory.track()
class Receipt(models.Model):
    """What an Investor sent through the portal, word for word, and the instant it was here.

    ``content`` is its canonical text and ``sha256`` the fingerprint of that, which anybody
    may check.  ``number`` is drawn by lot and tells nothing of any other receipt.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="receipts")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(fields=["notice", "investor"], name="receipt_each_once")
        ]

    def __str__(self) -> str:
        return self.number


class AnswerDraft(models.Model):
    """An Investor's answer being written in the portal: nothing of it is sent yet."""

    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    answers = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    shares = models.PositiveBigIntegerField("Registrable Shares", null=True, blank=True)
    distribution = models.TextField(blank=True)
    other_information = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["investor", "answers"], name="answer_draft_once")
        ]

    def __str__(self) -> str:
        return f"Draft of {self.investor}"


class Mail(models.Model):
    """One e-mail in the outbox: leased, sent, then marked.

    It carries reminders, or has a ``subject`` and ``body`` of its own; where ``opens`` is
    given the body ends in the link that opens it, made when the mail goes.

    Its Message-ID is fixed when the row is made, so a repeat after a crash can be known
    for what it is.  Sent at least once; never lost; never promised exactly once.
    """

    message_id = models.CharField(max_length=120)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200, blank=True, db_default="")
    body = models.TextField(blank=True, db_default="")
    opens = models.CharField(max_length=64, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="Nothing in it was owed any more when its turn came."
    )
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Given up on.")
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id"], name="mail_id_once")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at=None, dropped_at=None, failed_at=None),
                name="mail_waiting",
            ),
            models.Index(
                fields=["failed_at"], condition=Q(failed_at__isnull=False), name="mail_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.recipient}"


class Reminder(models.Model):
    """A reminder owed to one person about one window at one step.

    ``key`` says which, so that however often the sweep runs there is one.  ``step`` is
    days before ``aim_on``, 0 the day itself; negative, days after ``closes_on``.  Rows
    with no ``mail`` wait for the relay, which puts all that one person is owed into one
    message.  ``party`` is who the window binds: ``company`` or ``investor``; an Investor is
    told ``matter_name`` without its number, which would tell how many others there are.
    """

    key = models.CharField(max_length=400)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reminders")
    matter = models.UUIDField()
    matter_name = models.CharField(max_length=40)
    window = models.CharField(max_length=80)
    step = models.SmallIntegerField()
    aim_on = models.DateField()
    closes_on = models.DateField()
    party = models.CharField(max_length=10)
    recipient = models.EmailField()
    detail = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="reminders")
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="Answered, done or moved before it was sent."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="reminder_once")]
        indexes = [
            models.Index(
                fields=["recipient"],
                condition=Q(mail=None, dropped_at=None),
                name="reminder_waiting",
            ),
            models.Index(fields=["matter", "window"], name="reminder_by_window"),
        ]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a background job last finished a round: a dead one is seen by its age."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
    every_seconds = models.PositiveIntegerField()
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%Y-%m-%d %H:%M:%S}"


__all__: list[Any] = [
    "AnswerDraft",
    "Delivery",
    "DeliveryRecord",
    "Evidence",
    "Heartbeat",
    "KeptFile",
    "Mail",
    "Method",
    "Notice",
    "Receipt",
    "Reminder",
    "RequestRecord",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookKind",
]
