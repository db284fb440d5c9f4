"""Carrying a statement through: prospectuses furnished, sales suspended and resumed, and blue
sky, section 2 (S2, S3, S4)."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q

from investors.models import Entry, Investor, Standing, never_changed
from notices.models import Method, Notice

from .statements import Statement


@pghistory.track()
class Suspension(models.Model):
    """A prospectus of a statement that was amended after it was delivered.  What was done
    about it is in its entries: the amendment, letters, answers, revised prospectuses."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="suspensions")
    number = models.PositiveIntegerField()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="suspension_number_once")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"S-{self.number}"


@pghistory.track()
class SuspensionRecord(Entry):
    """What began a suspension, or ended it for everybody: the prospectus amended, or the
    Company's request to stop taken back.  ``time`` is of day, in the agreement's own zone,
    empty where not known."""

    class Kind(models.TextChoices):
        AMENDED = "amended", "Prospectus amended"
        RELEASED = "released", "Request to stop taken back"

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    time = models.TimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["suspension", "kind"],
                condition=Q(replaces=None),
                name="suspension_each_kind_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"


@pghistory.track()
class SuspensionLetter(Entry):
    """What a notice to the Selling Investors says: that the prospectus is amended and, where
    it ``asks_to_stop``, that they stop offers and return their copies.  ``time`` is of day.
    Each copy and its receipt is the notice's own."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="letters")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="suspension_letters")
    asks_to_stop = models.BooleanField("asks them to stop offers")
    time = models.TimeField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(replaces=None), name="suspension_letter_one_first"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} in {self.suspension}"


@pghistory.track()
class SuspensionAnswer(Entry):
    """What a Selling Investor that was asked to stop did: acknowledged it, or sent copies of
    the prospectus back, at the Company's cost.  ``copies`` is empty where not counted."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "Acknowledged that it stopped offers"
        RETURNED = "returned", "Returned copies of the prospectus"

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="answers")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    copies = models.PositiveIntegerField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["suspension", "investor"],
                condition=Q(replaces=None, kind="acknowledged"),
                name="acknowledged_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="returned") | Q(copies=None),
                name="only_a_return_counts_copies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor}: {self.get_kind_display().lower()} on {self.on}"


@pghistory.track()
class ProspectusCopies(Entry):
    """Prospectuses furnished to one Selling Investor, section 2(c): which, how many, how they
    travelled and when.  A revised one carries the amendment of its ``suspension``."""

    class Kind(models.TextChoices):
        PRELIMINARY = "preliminary", "Preliminary prospectus"
        FINAL = "final", "Final prospectus"
        REVISED = "revised", "Revised prospectus"

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="prospectuses")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    suspension = models.ForeignKey(
        Suspension, models.PROTECT, null=True, blank=True, related_name="revised"
    )
    copies = models.PositiveIntegerField(null=True, blank=True)
    method = models.CharField(max_length=20, choices=Method)
    sent_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        verbose_name = "prospectuses furnished"
        verbose_name_plural = "prospectuses furnished"
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="revised", suspension__isnull=False)
                | (~Q(kind="revised") & Q(suspension=None)),
                name="prospectus_revised_in_a_suspension",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(sent_on=None) | Q(received_on__gte=F("sent_on")),
                name="prospectus_received_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=False) | Q(received_on__isnull=False),
                name="prospectus_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.investor}"


@pghistory.track()
class StateEntry(Entry):
    """One dated entry about a state's blue sky law, section 2(d).  The latest that stands
    says where the state is; ``investor`` is who asked, in a request."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", "Requested"
        FILED = "filed", "Filed"
        CLEARED = "cleared", "Cleared"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        NOT_NEEDED = "not_needed", "Not needed"

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="states")
    state = models.CharField(max_length=2)
    kind = models.CharField(max_length=12, choices=Kind)
    investor = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    note = models.TextField(blank=True)

    objects = Standing.as_manager()

    class Meta:
        verbose_name_plural = "state entries"
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="requested", investor__isnull=False)
                | (~Q(kind="requested") & Q(investor=None)),
                name="state_request_names_who_asked",
            ),
            models.CheckConstraint(
                condition=~Q(kind="not_needed") | ~Q(note=""),
                name="state_not_needed_says_why",
                violation_error_message="Say why it is not needed there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.get_kind_display().lower()} on {self.on}"
