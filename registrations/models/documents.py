"""What the Company shows its Investors beside notices."""

from __future__ import annotations

import pghistory
from django.db import models

from investors.models import Agreement, Investor
from notices.models import KeptFile


@pghistory.track(exclude=["file"])
class Document(KeptFile):
    """A file the Company shows in the portal: to every Investor, or to one.

    Showing it is not notice.  One taken back stays on record and is shown no more.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="documents")
    investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    title = models.CharField(max_length=200)
    shown_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "investor"], name="document_for_whom")]

    def __str__(self) -> str:
        return self.title
