"""Signing in as a person does, and what is then on record."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from investors.models import AccountRecord, User
from notices import outbox
from tests.web.pages import Page, read
from tests.world import PASSWORD

NEW = "another long pass phrase"
What = AccountRecord.What


def sign_in(client: Client, user: User, password: str = PASSWORD):
    return client.post("/sign-in/", {"username": user.email, "password": password})


def browser(user: User, agent: str = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0") -> Client:
    """A browser somebody signed in with by password."""
    client = Client(headers={"user-agent": agent})
    assert sign_in(client, user).status_code == 302
    return client


def code(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows, some steps of 30 seconds from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client: Client) -> str:
    """Set up an authenticator app as a person would.  Its secret."""
    page = read(client, "/account/app/")
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.html)
    assert found
    secret = found[1].replace(" ", "")
    answer = client.post("/account/app/", {"code": code(secret)})
    assert answer["Location"] == "/account/recovery-codes/", answer.content
    return secret


def refused(answer, status: int = 422) -> Page:
    assert answer.status_code == status
    page = Page(answer.content.decode())
    page.check()
    return page


def posted() -> list[EmailMessage]:
    """Every mail that went, with those that waited for the next round."""
    outbox.relay(timezone.now)
    return mail.outbox


def happened(user: User | None) -> list[str]:
    return list(
        AccountRecord.objects.filter(user=user).order_by("pk").values_list("what", flat=True)
    )
