"""The papers of a registration beside its notices: its expenses, the claims for indemnity
made because of it, and the information asked of those who sell in it."""

from __future__ import annotations

import uuid

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from investors.models import Agreement, Entry, Investor, Standing, never_changed
from notices.models import KeptFile, Method

from ..rules.expenses import OTHER, REPAYMENT
from ..rules.money import expense_name
from .matters import Demand


@pghistory.track()
class Expense(Entry):
    """An expense of a registration, or a repayment between two of its parties, section 4.

    ``kind`` is one the program knows or the agreement's terms name; ``amount`` is in USD.
    ``paid_by`` is empty while nobody has paid.  ``about`` is the one Investor whose own it
    is, such as the commission on its sale, or who was repaid; empty for all sellers
    together or, repaid, the Company.
    """

    class PaidBy(models.TextChoices):
        COMPANY = "company", "The Company"
        SELLERS = "sellers", "The sellers together, out of their proceeds"
        INVESTOR = "investor", "One Investor"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="expenses")
    kind = models.CharField(max_length=40)
    what = models.CharField("what for", max_length=200, blank=True)
    amount = models.DecimalField("amount, USD", max_digits=14, decimal_places=2)
    on = models.DateField()
    paid_by = models.CharField(max_length=8, choices=PaidBy, blank=True)
    payer = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="paid by"
    )
    about = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="about"
    )
    invoice = models.CharField("invoice number", max_length=60, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(name="expense_not_below_nothing", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="expense_payer_where_one_investor_paid",
                condition=Q(paid_by="investor", payer__isnull=False)
                | (~Q(paid_by="investor") & Q(payer=None)),
            ),
            models.CheckConstraint(
                name="expense_other_says_what", condition=~Q(kind=OTHER) | ~Q(what="")
            ),
            models.CheckConstraint(
                name="expense_repayment_by_one",
                condition=~Q(kind=REPAYMENT) | Q(paid_by__in=["company", "investor"]),
            ),
            models.CheckConstraint(
                name="expense_repayment_to_another",
                condition=~Q(kind=REPAYMENT)
                | Q(paid_by="company", about__isnull=False)
                | Q(paid_by="investor", about=None)
                | (Q(paid_by="investor") & ~Q(payer=F("about"))),
            ),
            models.CheckConstraint(
                name="expense_change_says_why", condition=Q(replaces=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """What it is, in words: "Counsel for the Company", or what was typed."""
        if self.kind == OTHER:
            return self.what
        name = "repayment" if self.kind == REPAYMENT else expense_name(self.kind)
        return name[:1].upper() + name[1:]


@pghistory.track(exclude=["file"])
class Invoice(KeptFile):
    """A file that proves an expense: an invoice, a receipt."""

    expense = models.ForeignKey(Expense, models.PROTECT, related_name="invoices")

    class Meta:
        triggers = [never_changed()]


def _usd(name: str) -> models.DecimalField:
    return models.DecimalField(f"{name}, USD", max_digits=14, decimal_places=2, null=True)


@pghistory.track()
class Claim(models.Model):
    """A claim for indemnity because of a registration, section 5.  What is known of it is in
    its ``ClaimRecord`` entries."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="claims")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="claim_number_once")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"IC-{self.number}"


@pghistory.track()
class ClaimRecord(Entry):
    """A claim as known when this entry was made: facts only, all of them, section 5.

    ``claimant`` is what the Indemnified Party is; ``claimant_investor`` which Investor, and
    ``claimant_name`` its name where it is none.  ``against`` is the Selling Investor claimed
    against, empty for the Company.  What is empty is not known.
    """

    class Claimant(models.TextChoices):
        SELLER = "selling_investor", "A Selling Investor"
        COMPANY = "company", "The Company"
        DIRECTOR = "director_or_officer", "A director or officer of the Company"
        UNDERWRITER = "underwriter", "An underwriter"
        CONTROLS = "controlling_person", "A person who controls one of them"

    class CarveOut(models.TextChoices):
        FURNISHED = "information_furnished", "It relied on what the claimant furnished in writing"
        CORRECTED = "corrected_before_sale", "It was corrected and delivered before the sale"

    class SettledBy(models.TextChoices):
        INDEMNIFIED = "indemnified", "The Indemnified Party"
        INDEMNIFYING = "indemnifying", "The Indemnifying Party"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="records")
    stated_on = models.DateField("so from")
    claimant = models.CharField(max_length=20, choices=Claimant)
    claimant_investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimant_name = models.CharField(max_length=200, blank=True)
    against = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
    about = models.TextField("what it is about")
    amount = _usd("amount claimed")
    known_on = models.DateField("actual knowledge", null=True, blank=True)
    notice_method = models.CharField(max_length=20, choices=Method, blank=True)
    notice_sent_on = models.DateField(null=True, blank=True)
    notice_received_on = models.DateField(null=True, blank=True)
    prejudiced = models.BooleanField("the delay prejudiced", null=True)
    counsel = models.CharField(max_length=200, blank=True)
    counsel_approved = models.BooleanField(null=True)
    carve_outs = ArrayField(
        models.CharField(max_length=24, choices=CarveOut),
        default=list,
        blank=True,
        verbose_name="exceptions claimed",
    )
    furnished = models.BooleanField("relied on what the Selling Investor furnished", null=True)
    settled_by = models.CharField(max_length=12, choices=SettledBy, blank=True)
    settlement_proposed_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    settlement_amount = _usd("settlement")
    releases_all = models.BooleanField("releases from all liability", null=True)
    indemnifying_consent_on = models.DateField(null=True, blank=True)
    indemnified_consent_on = models.DateField(null=True, blank=True)
    gross_proceeds = _usd("gross proceeds")
    net_proceeds = _usd("net proceeds")
    fraud = models.BooleanField("fraud or wilful misconduct", null=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(replaces=None), name="claim_one_first_record"
            ),
            models.CheckConstraint(
                name="claim_investor_where_a_seller_claims",
                condition=Q(claimant="selling_investor", claimant_investor__isnull=False)
                | (~Q(claimant="selling_investor") & Q(claimant_investor=None)),
            ),
            models.CheckConstraint(
                name="claim_not_against_itself",
                condition=~Q(claimant="company", against=None)
                & (
                    Q(claimant_investor=None) | Q(against=None) | ~Q(claimant_investor=F("against"))
                ),
            ),
            models.CheckConstraint(
                name="claim_notice_received_after_sent",
                condition=Q(notice_sent_on=None)
                | Q(notice_received_on=None)
                | Q(notice_received_on__gte=F("notice_sent_on")),
            ),
            models.CheckConstraint(
                name="claim_settled_by_somebody",
                condition=~Q(settled_by="") | Q(settled_on=None, settlement_proposed_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claimant_words} against {self.against_words}"

    @property
    def claimant_words(self) -> str:
        """Who claims: a name, or "the Company"."""
        if self.claimant_investor is not None:
            return self.claimant_investor.name
        if self.claimant == ClaimRecord.Claimant.COMPANY:
            return "the Company"
        return self.claimant_name

    @property
    def against_words(self) -> str:
        return self.against.name if self.against is not None else "the Company"


@pghistory.track()
class ContributionRecord(Entry):
    """How a loss was contributed to, on a claim, section 5(d): what it was worked out from.

    ``by`` is the way, ``limit`` the reading of a Selling Investor's limit or empty where none
    was taken, ``fault_weight`` in basis points.  Each party's share follows by the rule.
    """

    class By(models.TextChoices):
        NET_PROCEEDS = "net_proceeds", "By net proceeds"
        FAULT_TOO = "net_proceeds_and_fault", "By net proceeds and relative fault"

    class Limit(models.TextChoices):
        GROSS = "gross", "Gross proceeds"
        NET = "net_of_selling_expenses", "Proceeds net of selling expenses"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="contributions")
    stated_on = models.DateField("so from")
    loss = models.DecimalField("loss, USD", max_digits=14, decimal_places=2)
    by = models.CharField(max_length=24, choices=By)
    fault_weight = models.PositiveIntegerField(default=5_000)
    limit = models.CharField(max_length=24, choices=Limit, blank=True)
    shared_again = models.BooleanField(default=False)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(replaces=None), name="contribution_one_first"
            ),
            models.CheckConstraint(
                name="contribution_change_says_why", condition=Q(replaces=None) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="contribution_fault_weight_is_a_part", condition=Q(fault_weight__lte=10_000)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_by_display()}: ${self.loss:,.2f}"


@pghistory.track()
class ContributionPart(models.Model):
    """One party to a loss: its proceeds of the offering in USD and its part of the fault in
    basis points.  ``investor`` is empty for the Company."""

    contribution = models.ForeignKey(ContributionRecord, models.PROTECT, related_name="parts")
    investor = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
    net_proceeds = models.DecimalField("net proceeds, USD", max_digits=14, decimal_places=2)
    gross_proceeds = _usd("gross proceeds")
    fault = models.PositiveIntegerField("fault, basis points", default=0)

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "investor"],
                nulls_distinct=False,
                name="contribution_each_party_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor or 'The Company'}: ${self.net_proceeds:,.2f}"


@pghistory.track()
class InformationRequest(Entry):
    """The Company asks a Selling Investor for information, section 6.  ``due_on`` is the day
    the Company set, ``parts`` what it asks for."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="information_requests")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    sent_on = models.DateField()
    method = models.CharField(max_length=20, choices=Method)
    due_on = models.DateField()
    parts = ArrayField(models.CharField(max_length=20))

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "investor"],
                condition=Q(replaces=None),
                name="information_asked_one_first",
            ),
            models.CheckConstraint(
                name="information_due_not_before_asked", condition=Q(due_on__gte=F("sent_on"))
            ),
            models.CheckConstraint(
                name="information_asked_again_says_why", condition=Q(replaces=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor} asked, due {self.due_on}"


@pghistory.track()
class InformationAnswer(Entry):
    """What a Selling Investor furnished, as known when this entry was made, section 6.

    ``received_on`` is the day the last of it came.  A part not stated is empty; whole shares.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="information_answers")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    received_on = models.DateField()
    name = models.CharField(max_length=200, blank=True)
    relationship = models.TextField(blank=True)
    shares_before = models.PositiveBigIntegerField("owned before", null=True, blank=True)
    shares_offered = models.PositiveBigIntegerField("offered", null=True, blank=True)
    shares_after = models.PositiveBigIntegerField("owned after", null=True, blank=True)
    percent_after = models.DecimalField(
        "percentage owned after", max_digits=6, decimal_places=3, null=True, blank=True
    )
    distribution = models.TextField("method of distribution", blank=True)
    control_persons = models.TextField(blank=True)
    broker_dealer = models.TextField("broker-dealer", blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "investor"],
                condition=Q(replaces=None),
                name="information_answer_one_first",
            ),
            models.CheckConstraint(
                name="information_percent_is_a_part",
                condition=Q(percent_after=None)
                | (Q(percent_after__gte=0) & Q(percent_after__lte=100)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor} answered, {self.received_on}"
