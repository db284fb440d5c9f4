"""The words of the Company's letters, as counsel of one agreement have them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from investors.models import Agreement, Entry, Standing, never_changed


@pghistory.track()
class LetterTemplate(Entry):
    """A version of the words of one kind of letter, in the language of ``wordings``.  Each
    replaces the one before it; where an agreement has none, our own words are used."""

    class Kind(models.TextChoices):
        COMPANY_NOTICE = "company_notice", "Company Notice"
        REGISTRATION_NOTICE = "registration_notice", "Registration Notice"
        DELAY = "delay", "Notice of a delay"
        SUSPENSION = "suspension", "Request to stop selling"
        RESUMPTION = "resumption", "Notice that sales may resume"
        INFORMATION = "information", "Request for information"
        EFFECTIVENESS = "effectiveness", "Notice of effectiveness to the transfer agent"
        DEMAND_NOTICE = "demand_notice", "Demand Notice, for an Investor to sign"
        INCLUSION = "inclusion", "Request to be included, for an Investor to sign"
        PIGGYBACK = "piggyback", "Piggy-back Request, for an Investor to sign"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="letter_templates")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField()

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="letter_template_says_why",
                condition=~Q(reason=""),
                violation_error_message="Say why the words are changed.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "kind"],
                condition=Q(replaces=None),
                name="letter_template_one_first",
            ),
        ]

    def __str__(self) -> str:
        return f"Words of the {self.get_kind_display()}"
