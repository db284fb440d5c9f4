"""What EDGAR says, proposed to counsel, and what counsel made of it."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from investors.models import Agreement, Company, Entry, Standing, never_changed

from .matters import ProposalRecord
from .statements import StatementRecord


@pghistory.track()
class EdgarProposal(Entry):
    """Something EDGAR says of a registration statement, found by the job, and no fact until
    counsel accept it.

    ``days`` are the days it may be recorded on, EDGAR's own first, each with whose day it is;
    ``reasons`` why; ``source`` the row of EDGAR's list and the notice it was read from.  Where
    EDGAR says something else later, another proposal replaces this one and ``reason`` says
    what changed.
    """

    class Kind(models.TextChoices):
        FILED = "filed", "Filed"
        PRE_AMENDMENT = "pre_amendment", "Pre-effective amendment filed"
        EFFECTIVE = "effective", "Became effective"
        POST_AMENDMENT = "post_amendment", "Post-effective amendment filed"
        SUPPLEMENT = "supplement", "Prospectus or supplement filed"
        WITHDRAWN = "withdrawn", "Withdrawn, deemed granted"
        WITHDRAWAL_REQUESTED = "withdrawal_requested", "Withdrawal asked for"
        WITHDRAWAL_TAKEN_BACK = "withdrawal_taken_back", "Request to withdraw taken back"
        AMENDMENT_WITHDRAWN = "amendment_withdrawn", "Withdrawal of an amendment asked for"
        AMENDMENT_EFFECTIVE = "amendment_effective", "Post-effective amendment became effective"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="edgar_proposals")
    kind = models.CharField(max_length=24, choices=Kind)
    accession = models.CharField(max_length=20)
    form = models.CharField(max_length=20)
    file_number = models.CharField(max_length=20, blank=True)
    on = models.DateField()
    days = models.JSONField()
    reasons = models.JSONField()
    source = models.JSONField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "accession", "kind"],
                condition=Q(replaces=None),
                name="edgar_each_once",
            )
        ]
        indexes = [models.Index(fields=["agreement", "on"], name="edgar_of_agreement")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.accession}"

    @property
    def address(self) -> str:
        """Where the Commission shows the filing."""
        cik = str(self.source.get("cik", ""))
        return (
            f"https://www.sec.gov/Archives/edgar/data/{cik}/"
            f"{self.accession.replace('-', '')}/{self.accession}-index.htm"
        )


@pghistory.track()
class EdgarAnswer(models.Model):
    """What counsel made of a proposal: the entry it is evidence of, made with it or there
    before; or none, and ``reason`` says why it was set aside."""

    proposal = models.OneToOneField(EdgarProposal, models.PROTECT, related_name="answer")
    record = models.ForeignKey(
        StatementRecord, models.PROTECT, null=True, blank=True, related_name="edgar"
    )
    withdrawal = models.ForeignKey(
        ProposalRecord, models.PROTECT, null=True, blank=True, related_name="edgar"
    )
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                condition=Q(record=None, withdrawal=None, reason__gt="")
                | Q(record__isnull=False, withdrawal=None, reason="")
                | Q(record=None, withdrawal__isnull=False, reason=""),
                name="edgar_accepted_or_set_aside",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.reason or 'accepted'}"

    @property
    def accepted(self) -> bool:
        return not self.reason


class EdgarAsking(models.Model):
    """When EDGAR was last asked about a company, and how it went: the job's own note.

    ``problem`` says why it could not be asked; ``wanted_at`` when somebody last asked for
    it; ``begun_at`` keeps two workers from asking at once.
    """

    company = models.OneToOneField(
        Company, models.PROTECT, primary_key=True, related_name="edgar_asking"
    )
    wanted_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    found = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.company}: {self.problem or self.found}"
