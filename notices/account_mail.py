"""Mails about an account go through the outbox like any other: a mail server that is down
holds nobody up, and the mail goes once it is back."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailConfirmationHMAC
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from investors import links
from investors.adapters import AccountAdapter
from investors.models import AccountRecord, User

from .outbox import put_in


class PostingAccountAdapter(AccountAdapter):
    """The account's answers to allauth, with its mails put into the outbox."""

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], *, opens: str = ""
    ) -> None:
        written = self.render_mail(template_prefix, email, {**context, "site": settings.SITE_URL})
        put_in(email, written.subject, str(written.body), opens=opens, now=timezone.now())

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        opens = links.new_password(user)
        self.send_mail("account/email/password_reset_key", email, {}, opens=opens)
        self.record(user, AccountRecord.What.RESET_ASKED)

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        address = emailconfirmation.email_address
        opens = links.confirmed(address)
        self.send_mail("account/email/email_confirmation", address.email, {}, opens=opens)
