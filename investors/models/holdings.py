"""Who holds what: the ledger, transfers, groups that count as one, events of a whole class, and
counts from papers."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from .agreements import Agreement
from .entries import Entry, Standing, never_changed
from .parties import Investor


@pghistory.track()
class LedgerEntry(models.Model):
    """One line of the holdings ledger: so many of one security more or fewer, in whole
    securities.  Lines are added, never changed; a correction is lines too (H6).

    The lines of one event share an ``act``.  ``expires_on`` is the last day a Warrant of
    the lot can be exercised.  What a Unit, a Preferred or a Warrant yields is entered as
    the agreement has it; a ``CorporateAction`` of its day or before is applied to it.
    ``source`` and ``reference`` say which row of another register it was taken from.
    """

    class Security(models.TextChoices):
        UNIT = "unit", "Units"
        COMMON = "common", "Common Stock"
        PREFERRED = "preferred", "Series A Preferred Stock"
        WARRANT = "warrant", "Warrants"

    class Kind(models.TextChoices):
        ISSUE = "issue", "Issue"
        TRANSFER = "transfer", "Transfer of Units"
        SHARES = "shares", "Transfer of shares or Warrants"
        CONVERSION = "conversion", "Conversion of Preferred Stock"
        EXERCISE = "exercise", "Exercise of Warrants"
        EXPIRY = "expiry", "Expiry of Warrants"
        PUBLIC_SALE = "public_sale", "Public sale"
        CORRECTION = "correction", "Correction"
        TAKEN_OVER = "taken_over", "Taken over from another register"

    class SoldUnder(models.TextChoices):
        STATEMENT = "statement", "A registration statement"
        RULE_144 = "rule_144", "Rule 144"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="ledger")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="ledger")
    act = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind)
    security = models.CharField(max_length=10, choices=Security)
    change = models.BigIntegerField()
    on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    sold_under = models.CharField(
        max_length=10, choices=SoldUnder, blank=True, help_text="Of a public sale, where stated."
    )
    note = models.TextField(blank=True)
    source = models.ForeignKey(
        "ImportSource", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reference = models.CharField(
        max_length=80, blank=True, db_default="", help_text="Its certificate or line there."
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "ledger entries"
        triggers = [never_changed()]
        indexes = [
            models.Index(
                fields=["source", "reference"],
                condition=Q(source__isnull=False),
                name="ledger_by_source",
            ),
            models.Index(fields=["agreement", "on"], name="ledger_by_day"),
            models.Index(fields=["investor", "on"], name="ledger_by_investor"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ledger_changes_something",
                condition=~Q(change=0),
                violation_error_message="A ledger line must add or take away something.",
            ),
            models.CheckConstraint(
                name="ledger_only_warrants_expire",
                condition=Q(expires_on=None) | Q(security="warrant"),
            ),
            models.CheckConstraint(
                name="ledger_only_sales_are_under",
                condition=Q(sold_under="") | Q(kind="public_sale"),
            ),
            models.CheckConstraint(
                name="ledger_correction_says_why",
                condition=~Q(kind="correction") | ~Q(note=""),
                violation_error_message="Say why the ledger is corrected.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change:+,} {self.get_security_display()} on {self.on}"


@pghistory.track()
class Transfer(Entry):
    """Securities that went from an Investor to somebody on a day, and whether that one is an
    Investor for them (H4).

    ``taker`` is empty for one that signed no counterpart: its lines are in no ledger, and
    ``taker_name`` is all that is kept of it.  ``signed_on`` is the day the taker signed the
    agreement or a counterpart.  ``reads`` is counsel's decision on one that signed later
    than the transfer.  The ledger lines have the same ``act``.
    """

    class Reads(models.TextChoices):
        FROM_SIGNING = "from_signing", "An Investor from the day it signed"
        NEVER = "never", "No Investor for what it took"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="transfers")
    act = models.UUIDField()
    on = models.DateField()
    giver = models.ForeignKey(Investor, models.PROTECT, related_name="given")
    taker = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="taken")
    taker_name = models.CharField(max_length=200)
    signed_on = models.DateField(null=True, blank=True)
    security = models.CharField(max_length=10, choices=LedgerEntry.Security)
    quantity = models.PositiveBigIntegerField()
    reads = models.CharField(max_length=12, choices=Reads, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        indexes = [models.Index(fields=["agreement", "on"], name="transfer_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["act"], condition=Q(replaces=None), name="transfer_one_first"
            ),
            models.CheckConstraint(name="transfer_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="transfer_to_somebody_else",
                condition=Q(taker=None) | ~Q(taker=F("giver")),
            ),
            models.CheckConstraint(
                name="transfer_taker_signed",
                condition=Q(taker=None, signed_on=None)
                | Q(taker__isnull=False, signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_decision_has_a_day",
                condition=Q(reads="", decided_on=None)
                | (~Q(reads="") & Q(decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="transfer_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:,} {self.get_security_display()} to {self.taker_name} on {self.on}"


@pghistory.track()
class AffiliateGroup(models.Model):
    """Investors that count as one where something is shared out by what each holds, such as
    a partnership and its partners, section 3(c) (H5)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="affiliate_groups")
    name = models.CharField(max_length=200)

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                "agreement",
                Lower("name"),
                name="affiliate_group_name_once",
                violation_error_message="A group of this name is on record already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class AffiliateMember(Entry):
    """An Investor belongs to a group from a day, and to a last day once it has left (H5)."""

    class Kin(models.TextChoices):
        ENTITY = "entity", "The partnership or corporation itself"
        PARTNER = "partner", "A partner"
        RETIRED_PARTNER = "retired_partner", "A retired partner"
        STOCKHOLDER = "stockholder", "A stockholder"
        ESTATE = "estate", "An estate"
        FAMILY = "family", "A family member"
        TRUST = "trust", "A trust for one of them"
        VOID = "void", "Never belonged"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(AffiliateGroup, models.PROTECT, related_name="members")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="affiliations")
    kin = models.CharField(max_length=16, choices=Kin)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True, help_text="The last day it belongs.")

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="affiliate_leaves_after_it_joined",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                violation_error_message="It cannot leave before it joined.",
            ),
            models.CheckConstraint(
                name="affiliate_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
            models.CheckConstraint(
                name="affiliate_void_replaces",
                condition=~Q(kin="void") | Q(replaces__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor} in {self.group} from {self.from_on}"


@pghistory.track()
class CorporateAction(Entry):
    """What the Company did to every share of a class on a day: one fact, from which each
    holding is worked out (H2, H6).

    Holdings entered for ``on`` or later are counted after it; ``place`` orders those of
    one day.  For each ``denominator`` held there are ``numerator``, in a dividend besides
    what was held.  An entry that turns out never to have happened is replaced by one that
    is ``void``.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", "Split or reverse split"
        DIVIDEND = "dividend", "Stock dividend"
        EXCHANGE = "exchange", "Recapitalization or merger exchange"
        VOID = "void", "Never happened"

    class Fractions(models.TextChoices):
        DROPPED = "dropped", "Dropped"
        ROUNDED_UP = "rounded_up", "Rounded up to a whole share"
        CASH = "cash", "Paid in cash"

    class Class(models.TextChoices):
        COMMON = "common", "Common Stock"
        PREFERRED = "preferred", "Series A Preferred Stock"
        WARRANT = "warrant", "Warrants"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="corporate_actions")
    kind = models.CharField(max_length=10, choices=Kind)
    security = models.CharField(max_length=10, choices=Class)
    into = models.CharField(max_length=10, choices=Class)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    on = models.DateField()
    place = models.PositiveSmallIntegerField(default=1)
    fractions = models.CharField(max_length=10, choices=Fractions)
    rates_follow = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        indexes = [models.Index(fields=["agreement", "on"], name="action_by_day")]
        constraints = [
            models.CheckConstraint(
                name="action_ratio_above_zero",
                condition=Q(numerator__gt=0, denominator__gt=0),
                violation_error_message="A ratio is of whole numbers above zero.",
            ),
            models.CheckConstraint(
                name="action_one_class_unless_exchanged",
                condition=Q(into=F("security")) | Q(kind__in=["exchange", "void"]),
            ),
            models.CheckConstraint(
                name="action_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
            models.CheckConstraint(
                name="action_void_replaces",
                condition=~Q(kind="void") | Q(replaces__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.get_security_display()} on {self.on}"


@pghistory.track()
class ShareCount(Entry):
    """A count of shares or Units of the Company on a day, and the paper it is from: what
    the register is held against."""

    class Kind(models.TextChoices):
        AUTHORIZED_COMMON = "authorized_common", "Common Stock authorized"
        OUTSTANDING_COMMON = "outstanding_common", "Common Stock outstanding"
        RESERVED_COMMON = "reserved_common", "Common Stock reserved for others"
        PROSPECTUS_UNITS = "prospectus_units", "Units covered by a prospectus"
        PROSPECTUS_SHARES = "prospectus_shares", "Shares on the cover of a prospectus"
        AGENT_UNITS = "agent_units", "Units of the Investors, by the transfer agent’s list"
        AGENT_COMMON = (
            "agent_common", "Common Stock of the Investors, by the transfer agent’s list",
        )  # fmt: skip
        AGENT_PREFERRED = (
            "agent_preferred", "Preferred Stock of the Investors, by the transfer agent’s list",
        )  # fmt: skip
        AGENT_WARRANTS = (
            "agent_warrants", "Warrants of the Investors, by the transfer agent’s list",
        )  # fmt: skip

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="share_counts")
    kind = models.CharField(max_length=20, choices=Kind)
    count = models.PositiveBigIntegerField()
    on = models.DateField()
    source = models.CharField(max_length=200)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.count:,} on {self.on}"
