"""The register: companies, agreements, Investors, addresses, holdings, and accounts.

Facts are entries.  An entry is never changed or removed; a later entry replaces it and
says why.  What stands is whatever no entry has replaced.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from knox.models import AbstractAuthToken

from .account_records import AccountRecord as AccountRecord


def never_changed() -> pgtrigger.Protect:
    """The trigger that refuses UPDATE and DELETE on a table of facts."""
    return pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)


class UserManager(BaseUserManager["User"]):
    """People by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail address.

    ``token`` is the API token they came with, if they did: it may open less than they see.
    """

    email = models.EmailField("e-mail")
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the admin pages", default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    token: ApiToken | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Somebody already signs in with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the verified address one signs in by in step with ``email``.

        Nobody signs up here: whoever opens an account or changes its address in the admin
        answers for the address, and a person's own change arrives here once confirmed.
        """
        fields = kwargs.get("update_fields")
        with transaction.atomic():
            super().save(*args, **kwargs)
            if fields is None or "email" in fields:
                self._keep_address()

    def _keep_address(self) -> None:
        mine = EmailAddress.objects.filter(user=self)
        if not mine.filter(email=self.email.lower(), primary=True, verified=True).exists():
            mine.delete()
            EmailAddress.objects.create(
                user=self, email=self.email.lower(), primary=True, verified=True
            )


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
        """The agreements of the companies a person acts for."""
        return self.filter(company__in=Company.objects.visible_to(user)).opened_to(user)

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


@pghistory.track()
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


class Entry(models.Model):
    """A fact as somebody recorded it.  Replaced by a later entry, never edited."""

    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement"
    )
    reason = models.TextField(blank=True, help_text="Why this replaces what stood before.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Standing(models.QuerySet[Any]):
    """Entries; ``standing`` leaves out those a later one has replaced."""

    def standing(self) -> Standing:
        # Asked so, PostgreSQL sees how few it leaves out: its estimate of what follows holds.
        return self.filter(replacement__replaces=None)


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


class InvestorQuerySet(models.QuerySet["Investor"]):
    def represented_by(self, user: Any) -> InvestorQuerySet:
        """The Investors a person acts for."""
        return self.filter(
            representatives__in=Representative.objects.filter(user_id=user.pk or 0, ended_at=None)
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # Counsel looked at the portal as this Investor: nothing changes, and it is on the trail.
    pghistory.ManualEvent("looked_as"),  # type: ignore[no-untyped-call]  # the library's is untyped
)
class Investor(models.Model):
    """A party to the agreement as Investor."""

    class Kind(models.TextChoices):
        PERSON = "person", "Individual"
        PARTNERSHIP = "partnership", "Partnership"
        CORPORATION = "corporation", "Corporation"
        LLC = "llc", "LLC"
        TRUST = "trust", "Trust"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="investors")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    party_from = models.DateField(help_text="The day it signed the agreement or a counterpart.")
    note = models.TextField(blank=True)

    objects = InvestorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "agreement",
                Lower("name"),
                name="investor_name_once",
                violation_error_message="An Investor of this name is already on the register.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Representative(models.Model):
    """A person who acts for an Investor in the portal: signs for it, or looks only."""

    class Role(models.TextChoices):
        SIGNS = "signs", "May sign"
        VIEWS = "views", "May view"

    investor = models.ForeignKey(Investor, models.PROTECT, related_name="representatives")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="represents")
    role = models.CharField(max_length=8, choices=Role)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["investor", "user"],
                condition=Q(ended_at=None),
                name="representative_once",
                violation_error_message="This person already acts for the Investor.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.investor}"


@pghistory.track(exclude=["turn"])
class Invitation(models.Model):
    """Counsel asked a person to act for one or more Investors in the portal.

    Its link is made of ``turn`` and the server's own secret when the mail goes, so what is
    stored here opens nothing.  A new ``turn`` ends every link sent before.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="invitations")
    investors = models.ManyToManyField(Investor, related_name="invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    role = models.CharField(max_length=8, choices=Representative.Role)
    turn = models.UUIDField(default=uuid.uuid4, editable=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def open_at(self, now: datetime) -> bool:
        """Whether its link still lets the person in at an instant."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


@pghistory.track()
class Contact(models.Model):
    """A person at an Investor to whom reminders go by e-mail.  A reminder is not notice."""

    investor = models.ForeignKey(Investor, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "investor",
                Lower("email"),
                condition=Q(ended_at=None),
                name="contact_once",
                violation_error_message="This address is already on file for the Investor.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@pghistory.track()
class Address(Entry):
    """A party's address for notices, section 8(a).  ``investor`` is empty for the Company.

    It is the address of record from ``in_force_from``, the day by which notice of it had
    been given to all other parties (N5).
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="addresses")
    investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="addresses"
    )
    lines = models.TextField(help_text="As it goes on the envelope.")
    facsimile = models.CharField(max_length=40, blank=True)
    in_force_from = models.DateField()

    objects = Standing.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        triggers = [never_changed()]

    def __str__(self) -> str:
        return " · ".join(line.strip() for line in self.lines.splitlines() if line.strip())


@pghistory.track()
class ElectronicConsent(Entry):
    """A party's signed consent to electronic delivery (N4, section 8(c)).  ``investor`` is
    empty for the Company, whose consent covers what Investors send it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="consents")
    investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="consents"
    )
    signed_on = models.DateField()
    signer = models.CharField("signed by", max_length=120, blank=True, db_default="")
    wording = models.CharField(
        max_length=40, blank=True, db_default="", help_text="Which text was signed."
    )
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = Standing.as_manager()

    class Meta:
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                name="consent_withdrawn_after_signed",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("signed_on")),
                violation_error_message="A consent cannot be withdrawn before it was signed.",
            )
        ]

    def __str__(self) -> str:
        return f"Consent of {self.investor or 'the Company'} signed {self.signed_on}"


@pghistory.track()
class LedgerEntry(models.Model):
    """One line of the holdings ledger: so many of one security more or fewer, in whole
    securities.  Lines are added, never changed; a correction is lines too (H6).

    The lines of one event share an ``act``.  ``expires_on`` is the last day a Warrant of
    the lot can be exercised.  What a Unit, a Preferred or a Warrant yields is entered as
    the agreement has it; a ``CorporateAction`` of its day or before is applied to it.
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
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "ledger entries"
        triggers = [never_changed()]
        indexes = [
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


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # A line on the trail of each further agreement the token opens.
    pghistory.ManualEvent("stands"),  # type: ignore[no-untyped-call]  # the library's is untyped
    exclude=["digest", "token_key"],
)
class ApiToken(AbstractAuthToken, models.Model):  # the second base is for the type checker
    """A token a person made for a program that acts in their name.

    Only its digest is kept.  It opens what the person may see and record, or less: one
    agreement where ``agreement`` names one, and reading alone by its ``scope``.  One that
    is revoked or over stays on record.  ``used_on`` is the last day it was used, in UTC.
    """

    class Scope(models.TextChoices):
        READ = "read", "Read"
        RECORD = "record", "Read and record"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=8, choices=Scope)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="api_tokens"
    )
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ApiToken]] = models.Manager()

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return self.name

    def is_good(self, now: datetime) -> bool:
        """Whether it opens anything at an instant."""
        return self.revoked_at is None and (self.expiry is None or now < self.expiry)


class Submission(models.Model):
    """A form that was saved: its one-time key and the page of what it made.

    Written in the same transaction as the act, so that a form sent twice, or by an
    impatient second click, records once and leads to the same page.
    """

    key = models.UUIDField(unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    url = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.key} led to {self.url}"


class KeptAnswer(models.Model):
    """What the API answered to an act that came with an ``Idempotency-Key``.

    Written in the same transaction as the act, so that a request sent again, because its
    answer was lost or by an impatient program, records once and gets the same answer.
    ``token`` is the digest of the token it came with, empty for a browser that is signed
    in; ``fingerprint`` is the SHA-256 of what was asked, in hex.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.CharField(max_length=128, blank=True)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "token", "key"], name="answer_once_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.status} to {self.key}"
