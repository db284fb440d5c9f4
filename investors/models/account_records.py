"""What happened to people's accounts: who got in, who was refused, what protects them."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models

from .entries import never_changed


@pghistory.track()
class AccountRecord(models.Model):
    """One thing that happened to an account, at an instant.  Added, never changed.

    ``user`` is empty where nobody signs in with the address that was tried: the row is
    written all the same, so that a known and an unknown address cost the same work.
    ``network`` is the network the request came from, such as 203.0.113.0/24, and never the
    address itself.  No password, code or link is kept.
    """

    class What(models.TextChoices):
        SIGNED_IN = "signed_in", "Signed in"
        SIGNED_OUT = "signed_out", "Signed out"
        WRONG_PASSWORD = "wrong_password", "A wrong password was tried"
        LOCKED_OUT = "locked_out", "Refused for a while after too many wrong tries"
        WRONG_CODE = "wrong_code", "A wrong code was tried"
        CODE_USED = "code_used", "A recovery code was used"
        APP_ADDED = "app_added", "An authenticator app was set up"
        APP_REMOVED = "app_removed", "The authenticator app was removed"
        PASSKEY_ADDED = "passkey_added", "A passkey was added"
        PASSKEY_REMOVED = "passkey_removed", "A passkey was removed"
        CODES_MADE = "codes_made", "New recovery codes were made"
        FACTORS_REMOVED = "factors_removed", "The second factor was removed by an administrator"
        RESET_ASKED = "reset_asked", "A link to choose a new password was asked for"
        PASSWORD_RESET = "password_reset", "The password was chosen anew by a link"
        PASSWORD_CHANGED = "password_changed", "The password was changed"
        ADDRESS_CHANGED = "address_changed", "The e-mail address was changed"
        SESSIONS_ENDED = "sessions_ended", "Other browsers were signed out"
        CALENDAR_MADE = "calendar_made", "A calendar address was made"
        CALENDAR_ENDED = "calendar_ended", "The calendar address was ended"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="records"
    )
    what = models.CharField(max_length=20, choices=What)
    at = models.DateTimeField()
    network = models.CharField(max_length=43, blank=True)

    class Meta:
        triggers = [never_changed()]
        indexes = [models.Index(fields=["user", "-at"], name="account_records_of_a_person")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} at {self.at:%Y-%m-%d %H:%M} UTC"
