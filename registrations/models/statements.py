"""Registration statements: what was filed, what became of it, and what it covers."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import Q

from investors.models import Agreement, Entry, Investor, Standing, never_changed

from .matters import Demand


@pghistory.track()
class Statement(models.Model):
    """A registration statement of the Company.  ``demand`` is empty for one that no demand
    called for.  What became of it is in its ``StatementRecord`` entries."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="statements")
    demand = models.OneToOneField(
        Demand, models.PROTECT, null=True, blank=True, related_name="statement"
    )
    name = models.CharField(max_length=120)
    form = models.CharField(max_length=12, blank=True)

    class Meta:
        triggers = [never_changed()]

    def __str__(self) -> str:
        return self.name

    @property
    def recordable(self) -> list[StatementRecord.Kind]:
        """What can be recorded of it beside its filing.  A registration the Company proposed
        is withdrawn itself, and its statement with it (P5)."""
        kinds = StatementRecord.Kind
        not_here = {kinds.FILED}
        if self.demand is not None and self.demand.by_company:
            not_here.add(kinds.WITHDRAWN)
        return [kind for kind in kinds if kind not in not_here]


@pghistory.track()
class StatementRecord(Entry):
    """Something that happened to a registration statement on a day.

    ``detail`` says how the shares are distributed, or at whose wish the statement was
    withdrawn; other kinds have none.
    """

    class Kind(models.TextChoices):
        FILED = "filed", "Filed"
        METHOD = "method", "Method of distribution settled"
        PRE_AMENDMENT = "pre_amendment", "Pre-effective amendment filed"
        COMMENTS = "comments", "Comment letter received"
        RESPONSE = "response", "Comments answered"
        EFFECTIVE = "effective", "Became effective"
        POST_AMENDMENT = "post_amendment", "Post-effective amendment filed"
        SUPPLEMENT = "supplement", "Prospectus supplement filed"
        DISTRIBUTED = "distributed", "Underwriters’ distribution completed"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ALL_SOLD = "all_sold", "All covered shares sold"

    class Detail(models.TextChoices):
        RESALE = "resale", "Resale by the holders, or best efforts"
        FIRM = "firm", "Firm commitment underwriting"
        INVESTORS = "investors", "At the requesting Investors’ request"
        LEARNED = "learned", "At their request, solely for material information learned later"
        COMPANY = "company", "By the Company"

    ONCE = ("filed", "method", "effective", "distributed", "withdrawn", "all_sold")
    COVERING = ("filed", "pre_amendment", "post_amendment")
    DETAILS = {"method": ("resale", "firm"), "withdrawn": ("investors", "learned", "company")}

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=16, choices=Kind)
    on = models.DateField()
    detail = models.CharField(max_length=12, choices=Detail, blank=True)
    note = models.TextField(blank=True)
    file_number = models.CharField(max_length=20, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "kind"],
                condition=Q(
                    replaces=None,
                    kind__in=[
                        "filed",
                        "method",
                        "effective",
                        "distributed",
                        "withdrawn",
                        "all_sold",
                    ],
                ),
                name="statement_each_kind_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="method", detail__in=["resale", "firm"])
                | Q(kind="withdrawn", detail__in=["investors", "learned", "company"])
                | (Q(detail="") & ~Q(kind__in=["method", "withdrawn"])),
                name="statement_detail_where_it_belongs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"


@pghistory.track()
class CoveredShares(models.Model):
    """Registrable Shares of one Investor that a statement covers, as filed or as amended (D10)."""

    record = models.ForeignKey(StatementRecord, models.PROTECT, related_name="covers")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    shares = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "covered shares"
        triggers = [never_changed()]
        constraints = [models.UniqueConstraint(fields=["record", "investor"], name="covered_once")]

    def __str__(self) -> str:
        return f"{self.shares:,} of {self.investor}"
