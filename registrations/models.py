"""Matters, what was filed for them, counsel's decisions, and two things kept for speed or
for the record: the projection of each docket, and the flags we raised.

``DocketEntry`` and ``DocketState`` can be dropped and rebuilt from facts at any time;
neither holds a status.
"""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from investors.models import Agreement, Entry, Investor, Standing, never_changed
from notices.models import Notice


class DemandQuerySet(models.QuerySet["Demand"]):
    def visible_to(self, user: Any) -> DemandQuerySet:
        """The demands under agreements a person may see."""
        return self.filter(agreement__in=Agreement.objects.visible_to(user))

    def editable_by(self, user: Any) -> DemandQuerySet:
        """Those of them the person may record facts in."""
        return self.filter(agreement__in=Agreement.objects.editable_by(user))


@pghistory.track()
class Demand(models.Model):
    """A matter: a Demand Registration, which a Demand Notice starts (section 1(a)), or a
    registration the Company itself proposes, which its proposal starts (section 3(a)).

    Both have a thread of notices, a docket, a statement and decisions, kept one way.
    """

    class Kind(models.TextChoices):
        DEMAND = "demand", "Demand Registration"
        COMPANY = "company", "Company registration"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="demands")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DEMAND, db_default=Kind.DEMAND)
    number = models.PositiveIntegerField()
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="demand")

    objects = DemandQuerySet.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "number"], name="matter_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"{'CR' if self.by_company else 'DR'}-{self.number}"

    @property
    def in_address(self) -> int | str:
        """What its pages' addresses are made with: a demand's number, else its reference."""
        return self.reference if self.by_company else self.number

    @property
    def title(self) -> str:
        """Its reference and what it is: "DR-1 Demand", "CR-1 Company"."""
        return f"{self.reference} {'Company' if self.by_company else 'Demand'}"

    @property
    def by_company(self) -> bool:
        """Whether the Company proposed it, rather than Investors demanded it."""
        return self.kind == Demand.Kind.COMPANY


@pghistory.track()
class ProposalRecord(Entry):
    """What the Company proposes to register, as known when this entry was made: facts
    only, all of them, section 3(a).

    ``stated_on`` is the day from which it was so.  ``only_for`` names the one purpose the
    registration serves where it is a purpose an agreement may leave out (P2).
    """

    class OnlyFor(models.TextChoices):
        STOCK_PLAN = "stock_plan", "Sales to participants in a Company stock plan"
        REORGANIZATION = "reorganization", "A corporate reorganization or Rule 145 transaction"
        CONVERSION = "conversion", "Common Stock issuable on conversion of debt registered with it"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="proposals")
    stated_on = models.DateField()
    what = models.CharField("securities", max_length=200)
    account = models.CharField("on whose account", max_length=120, blank=True)
    form = models.CharField(max_length=12, blank=True)
    # Empty while nobody has looked.
    form_allows = models.BooleanField("the form could carry the Investors’ shares", null=True)
    public_offering = models.BooleanField(default=True)
    only_for = models.CharField(max_length=16, choices=OnlyFor, blank=True)
    underwritten = models.BooleanField(default=False)
    planned_on = models.DateField("planned filing day", null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], condition=Q(replaces=None), name="proposal_one_first"
            ),
            models.CheckConstraint(
                name="proposal_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was proposed is changed.",
            ),
        ]

    def __str__(self) -> str:
        return self.what


@pghistory.track()
class Acceptance(Entry):
    """The day an Investor accepted the terms of the underwriting and undertook to sign the
    underwriting agreement, section 3(c)."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="acceptances")
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="+")
    accepted_on = models.DateField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "investor"],
                condition=Q(replaces=None),
                name="acceptance_one_first",
            )
        ]

    def __str__(self) -> str:
        return f"{self.investor} accepted on {self.accepted_on}"


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


@pghistory.track()
class Decision(Entry):
    """Counsel's choice between readings, with its reason; from then on it governs (N8).

    ``about`` is ``eligibility``, ``filing_opens``, ``request:<notice id>``, ``notice_owed``
    or ``both:<notice id>``; ``choice`` the name of the reading.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="decisions")
    about = models.CharField(max_length=60)
    choice = models.CharField(max_length=40)
    decided_on = models.DateField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="decision_says_why",
                condition=~Q(reason=""),
                violation_error_message="Say why you decide so.",
            ),
            models.UniqueConstraint(
                fields=["demand", "about"],
                condition=Q(replaces=None),
                name="decision_one_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.choice}"


class DocketState(models.Model):
    """Whether a matter's projection could be worked out, and when it is tried again."""

    demand = models.OneToOneField(
        Demand, models.PROTECT, primary_key=True, related_name="docket_state"
    )
    outcome = models.CharField(max_length=20, blank=True)
    ruling = models.JSONField(default=dict)
    use = models.CharField(max_length=14, blank=True, db_default="")
    rebuilt_at = models.DateTimeField(db_default=Now())
    error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["retry_at"], condition=~Q(error=""), name="docket_quarantined")
        ]

    def __str__(self) -> str:
        return f"{self.demand}: {self.error or 'in order'}"


class DocketEntry(models.Model):
    """One window or concern of a matter's docket, as the rules gave it: a projection.

    ``flag_on`` is the day from which it calls for a flag if nothing more is recorded;
    ``aim_on`` the day reminders count down to; ``attend_on`` the next day on which the
    sweep has something to do here, so that an idle sweep is one look at an index.
    """

    class Kind(models.TextChoices):
        WINDOW = "window", "Window"
        CONCERN = "concern", "Concern"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="docket")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    time_zone = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=80)
    rule = models.CharField(max_length=12)
    clause = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    party = models.CharField(max_length=10, blank=True)
    force = models.CharField(max_length=10, blank=True)
    investor = models.ForeignKey(Investor, models.PROTECT, null=True, blank=True, related_name="+")
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    lenient_on = models.DateField(null=True)
    practical_opens_on = models.DateField(null=True)
    practical_closes_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    flag_kind = models.CharField(max_length=20, blank=True)
    flag_on = models.DateField(null=True)
    aim_on = models.DateField(null=True)
    attend_on = models.DateField(null=True)
    detail = models.JSONField()

    class Meta:
        verbose_name_plural = "docket entries"
        constraints = [models.UniqueConstraint(fields=["demand", "key"], name="docket_key_once")]
        indexes = [
            models.Index(
                fields=["time_zone", "attend_on"],
                condition=Q(attend_on__isnull=False),
                name="docket_to_attend",
            ),
            models.Index(
                fields=["agreement", "aim_on"],
                condition=Q(aim_on__isnull=False),
                name="docket_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.key}"


@pghistory.track()
class Flag(models.Model):
    """A call to act that the sweep raised, and when the facts cleared it.

    ``since_on`` is the day the facts made it so, whenever the sweep came by.  The text
    and reasons stay as they were when it was raised.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="flags")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="flags")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    since_on = models.DateField()
    text = models.TextField()
    detail = models.JSONField()
    raised_at = models.DateTimeField(db_default=Now())
    cleared_on = models.DateField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "key", "kind"],
                condition=Q(cleared_at=None),
                name="flag_stands_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["agreement", "since_on"],
                condition=Q(cleared_at=None),
                name="flag_standing",
            )
        ]

    def __str__(self) -> str:
        return self.text
