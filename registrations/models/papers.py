"""The papers of a registration beside its notices: its expenses, the claims for indemnity
made because of it, and the information asked of those who sell in it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from investors.models import Entry, Investor, Standing, never_changed
from notices.models import KeptFile

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
