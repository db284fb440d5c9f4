"""Accounts: who signs in, and the programs that act in their name."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import pghistory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower, Now
from knox.models import AbstractAuthToken

from .agreements import Agreement


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


class MailChoice(models.Model):
    """What a person chose of the e-mails that remind of days.

    ``remind`` is whether they go to them as somebody who acts for an Investor; who acts for
    a company gets them always.  ``digest`` puts a day's reminders into one morning mail.
    Notices under an agreement, and mails about the account itself, are no matter of choice.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="mail_choice")
    remind = models.BooleanField(default=True, db_default=True)
    digest = models.BooleanField(default=False, db_default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Mail to {self.user}"
