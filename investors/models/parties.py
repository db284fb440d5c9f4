"""The parties: Investors, the people who act for them, where notices reach them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from .agreements import Agreement
from .entries import Entry, Standing, never_changed


class InvestorQuerySet(models.QuerySet["Investor"]):
    def represented_by(self, user: Any) -> InvestorQuerySet:
        """The Investors a person acts for."""
        return self.filter(
            representatives__in=Representative.objects.filter(user_id=user.pk or 0, ended_at=None)
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # Counsel looked at the portal as this Investor: nothing changes, and it is on the trail.
    pghistory.ManualEvent("looked_as"),  # type: ignore[no-untyped-call]  # the library's is untyped
)
class Investor(models.Model):
    """A party to the agreement as Investor."""

    class Kind(models.TextChoices):
        PERSON = "person", "Individual"
        PARTNERSHIP = "partnership", "Partnership"
        CORPORATION = "corporation", "Corporation"
        LLC = "llc", "LLC"
        TRUST = "trust", "Trust"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="investors")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    party_from = models.DateField(help_text="The day it signed the agreement or a counterpart.")
    note = models.TextField(blank=True)

    objects = InvestorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "agreement",
                Lower("name"),
                name="investor_name_once",
                violation_error_message="An Investor of this name is already on the register.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Representative(models.Model):
    """A person who acts for an Investor in the portal: signs for it, or looks only."""

    class Role(models.TextChoices):
        SIGNS = "signs", "May sign"
        VIEWS = "views", "May view"

    investor = models.ForeignKey(Investor, models.PROTECT, related_name="representatives")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="represents")
    role = models.CharField(max_length=8, choices=Role)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["investor", "user"],
                condition=Q(ended_at=None),
                name="representative_once",
                violation_error_message="This person already acts for the Investor.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.investor}"


@pghistory.track(exclude=["turn"])
class Invitation(models.Model):
    """Counsel asked a person to act for one or more Investors in the portal, or to look over
    the agreement as its auditor; then it names no Investor.

    Its link is made of ``turn`` and the server's own secret when the mail goes, so what is
    stored here opens nothing.  A new ``turn`` ends every link sent before.
    """

    class Role(models.TextChoices):
        SIGNS = "signs", "May sign"
        VIEWS = "views", "May view"
        AUDITS = "audits", "Auditor"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="invitations")
    investors = models.ManyToManyField(Investor, related_name="invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    role = models.CharField(max_length=8, choices=Role)
    turn = models.UUIDField(default=uuid.uuid4, editable=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def open_at(self, now: datetime) -> bool:
        """Whether its link still lets the person in at an instant."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


@pghistory.track()
class Contact(models.Model):
    """A person at an Investor to whom reminders go by e-mail.  A reminder is not notice."""

    investor = models.ForeignKey(Investor, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "investor",
                Lower("email"),
                condition=Q(ended_at=None),
                name="contact_once",
                violation_error_message="This address is already on file for the Investor.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@pghistory.track()
class AddressNotice(Entry):
    """An Investor told the Company of its new address in the portal, on a day (section 8(a)).

    It is the address of record only once every other party had notice of it too (N5): then
    an ``Address`` follows from it.  A later notice replaces one nothing followed from yet.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="address_notices")
    lines = models.TextField()
    facsimile = models.CharField(max_length=40, blank=True)
    told_on = models.DateField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]

    def __str__(self) -> str:
        return on_one_line(self.lines)


@pghistory.track()
class Address(Entry):
    """A party's address for notices, section 8(a).  ``investor`` is empty for the Company.

    It is the address of record from ``in_force_from``, the day by which notice of it had
    been given to all other parties (N5); ``notice`` is the Investor's own, where it told
    the Company in the portal.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="addresses")
    investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="addresses"
    )
    lines = models.TextField(help_text="As it goes on the envelope.")
    facsimile = models.CharField(max_length=40, blank=True)
    in_force_from = models.DateField()
    notice = models.ForeignKey(
        AddressNotice, models.PROTECT, null=True, blank=True, related_name="followed_by"
    )

    objects = Standing.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        triggers = [never_changed()]

    def __str__(self) -> str:
        return on_one_line(self.lines)


def on_one_line(lines: str) -> str:
    """The lines of an envelope as one: 12 Main Street · Alma"""
    return " · ".join(line.strip() for line in lines.splitlines() if line.strip())


@pghistory.track()
class ElectronicConsent(Entry):
    """A party's signed consent to electronic delivery (N4, section 8(c)).  ``investor`` is
    empty for the Company, whose consent covers what Investors send it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="consents")
    investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="consents"
    )
    signed_on = models.DateField()
    signer = models.CharField("signed by", max_length=120, blank=True, db_default="")
    wording = models.CharField(
        max_length=40, blank=True, db_default="", help_text="Which text was signed."
    )
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="consent_withdrawn_after_signed",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("signed_on")),
                violation_error_message="A consent cannot be withdrawn before it was signed.",
            )
        ]

    def __str__(self) -> str:
        return f"Consent of {self.investor or 'the Company'} signed {self.signed_on}"
