"""Matters, what the Company proposed, and what counsel decided between readings."""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

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
class DelayRecord(Entry):
    """A delay of a demand the Company directed, with the facts it rests on, section 1(d)
    (D15).

    ``circumstances`` says what is so and what is not, by the words of the agreement's term;
    a word that is not there is not known.  ``until_on`` is the last day the Company asked
    for, empty for as long as it may.  ``other_ground`` is a ground the term does not define.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="delays")
    directed_on = models.DateField()
    what = models.CharField("offering or activity", max_length=200, blank=True)
    circumstances = models.JSONField(default=dict)
    planned_on = models.DateField("planned to begin on", null=True, blank=True)
    counted_from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    other_ground = models.CharField(max_length=300, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="delay_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
            models.CheckConstraint(
                name="delay_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=models.F("directed_on")),
                violation_error_message="A delay cannot end before it was directed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Delay directed on {self.directed_on}"


@pghistory.track()
class Circumstances(Entry):
    """What counsel fill in of a demand beside its papers, where the agreement's terms hang on
    it: days, numbers, what is so, and what was chosen, by the words of the terms.

    ``told`` has ``events``, ``measures``, ``facts`` and ``choices``, each by word; numbers
    are text, so that none is rounded.  A word that is not there is not known.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="circumstances")
    told = models.JSONField(default=dict)

    objects = Standing.as_manager()

    class Meta:
        verbose_name_plural = "circumstances"
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], condition=Q(replaces=None), name="circumstances_one_first"
            ),
            models.CheckConstraint(
                name="circumstances_change_says_why",
                condition=Q(replaces=None) | ~Q(reason=""),
                violation_error_message="Say why what was recorded is changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Circumstances of {self.demand}"


@pghistory.track()
class GoverningReading(Entry):
    """Counsel's choice, for the whole agreement, of the reading that governs where its
    words bear more than one, with a memo (N8).  A decision in a matter stands before it.

    ``question`` is a place in the terms, as ``rules.governing`` names it; ``choice`` the
    name of the reading, empty where the question is left open again.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="readings")
    question = models.CharField(max_length=120)
    choice = models.CharField(max_length=200, blank=True)
    governs_from = models.DateField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="reading_says_why",
                condition=~Q(reason=""),
                violation_error_message="Say why this reading governs.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "question"],
                condition=Q(replaces=None),
                name="reading_one_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.choice or 'left open'}"


@pghistory.track()
class Decision(Entry):
    """Counsel's choice between readings, with its reason; from then on it governs (N8).

    ``about`` is ``eligibility``, ``filing_opens``, ``request:<notice id>``, ``notice_owed``,
    ``both:<notice id>``, ``delay:<delay id>`` or ``delay_effect``; ``choice`` the name of the
    reading.
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
