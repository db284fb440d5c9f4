"""Companies, who acts for them, their agreements and the terms of those."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:  # an account may come with a token for one agreement
    from .accounts import ApiToken


from .entries import Entry, Standing, never_changed


def default_reminder_days() -> list[int]:
    """30, 14, 7, 3 and 1 days before, the day itself, and the day after."""
    return [30, 14, 7, 3, 1, 0, -1]


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: Any) -> CompanyQuerySet:
        """The companies a person acts for."""
        return self.filter(memberships__user_id=user.pk or 0, memberships__ended_at=None)

    def editable_by(self, user: Any) -> CompanyQuerySet:
        """Those of them the person may record facts for."""
        return self.filter(
            memberships__in=Membership.objects.filter(
                user_id=user.pk or 0,
                ended_at=None,
                role__in=[Membership.Role.OWNER, Membership.Role.COUNSEL],
            )
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # A change of settings, on each agreement's own trail.
    pghistory.ManualEvent("stands"),  # type: ignore[no-untyped-call]  # the library's is untyped
)
class Company(models.Model):
    """An issuer, and the workspace its counsel keep: the settings here are theirs and
    stand beside the agreement, not in it."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    reminder_days = ArrayField(
        models.SmallIntegerField(
            validators=[MinValueValidator(-60), MaxValueValidator(366)],
        ),
        default=default_reminder_days,
        help_text="Days before the last day on which a reminder goes; 0 is the day, "
        "-1 the day after.",
    )
    promptly_business_days = models.PositiveSmallIntegerField(
        default=3,
        help_text="Our standard for “promptly”, in business days. Not in any agreement.",
    )
    receipt_expected_days = models.PositiveSmallIntegerField(
        default=7,
        help_text="Days after which a receipt not on record is chased. Not in any agreement.",
    )
    due_soon_days = models.PositiveSmallIntegerField(
        default=7, help_text="A window this near its last day is shown as due soon."
    )
    cik = models.CharField(
        "CIK",
        max_length=10,
        blank=True,
        db_default="",
        default="",
        validators=[RegexValidator(r"^[1-9][0-9]{0,9}$")],
        help_text="The Company’s number at the SEC, without leading zeros.",
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Membership(models.Model):
    """A person who acts for a company, and in what role."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        COUNSEL = "counsel", "Counsel"
        READ_ONLY = "read_only", "Read-only counsel"

    company = models.ForeignKey(Company, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"],
                condition=Q(ended_at=None),
                name="membership_once",
                violation_error_message="This person already acts for the company.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.company}"


def known_time_zone(name: str) -> None:
    """Refuse a time zone name nobody knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValidationError(
            f"“{name}” is not a time zone. Give a name such as America/Detroit."
        ) from unknown


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        """The agreements of the companies a person acts for, and those they audit."""
        audited = Auditor.objects.filter(user_id=user.pk or 0, ended_at=None)
        return self.filter(
            Q(company__in=Company.objects.visible_to(user)) | Q(pk__in=audited.values("agreement"))
        ).opened_to(user)

    def editable_by(self, user: Any) -> AgreementQuerySet:
        """Those of them the person may record facts in."""
        return self.filter(company__in=Company.objects.editable_by(user)).opened_to(user)

    def opened_to(self, user: Any) -> AgreementQuerySet:
        """Those the person’s token opens: its one agreement, or any where it names none or
        they came without a token."""
        token: ApiToken | None = getattr(user, "token", None)
        if token is None or token.agreement_id is None:
            return self
        return self.filter(pk=token.agreement_id)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # A line on its trail of what changes no fact: a binder made, a file sent to import.
    pghistory.ManualEvent("stands"),  # type: ignore[no-untyped-call]  # the library's is untyped
)
class Agreement(models.Model):
    """A registration rights agreement.  Its terms are ``Term`` entries."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=200, default="Registration Rights Agreement")
    slug = models.SlugField(unique=True)
    dated_on = models.DateField()
    time_zone = models.CharField(
        max_length=64,
        validators=[known_time_zone],
        help_text="The zone its days are counted in. Where it names none, the zone of the "
        "Company’s address for notices.",
    )
    governing_law = models.CharField(max_length=100, blank=True)

    objects = AgreementQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.company}, {self.title}"

    def day_of(self, now: datetime) -> date:
        """The agreement's own day at an instant."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()


@pghistory.track()
class Auditor(models.Model):
    """A person who may look over one agreement, and record nothing."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="auditors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="audits")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "user"],
                condition=Q(ended_at=None),
                name="auditor_once",
                violation_error_message="This person audits the agreement already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, auditor of {self.agreement}"


@pghistory.track()
class Term(Entry):
    """One term of the agreement: its value as data, its section, and our summary of it in
    our own words.  The terms in force on a day are the latest begun by then."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "As signed"
        AMENDMENT = "amendment", "Amendment"
        CORRECTION = "correction", "Clerical correction"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="terms")
    name = models.CharField(max_length=60)
    value = models.JSONField()
    clause = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True)
    in_force_from = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ORIGINAL)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        indexes = [models.Index(fields=["agreement", "name", "in_force_from"], name="term_by_day")]

    def __str__(self) -> str:
        return f"{self.name} from {self.in_force_from}"


@pghistory.track()
class TermConsent(models.Model):
    """A party's consent to an amendment, section 8(c); ``investor`` is empty for the
    Company's."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="consents")
    investor = models.ForeignKey(
        "Investor", models.PROTECT, null=True, blank=True, related_name="term_consents"
    )

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "investor"], nulls_distinct=False, name="consent_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.investor or "the Company")
