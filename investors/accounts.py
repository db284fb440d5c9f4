"""Accounts: how one is opened, what protects it, and the record of what happened to it.

There is no signing up.  Whoever opens an account answers for its address, so it starts
verified, and ``User.save`` keeps it so.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterable
from datetime import datetime

import pghistory
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from .acts import forget_context
from .models import AccountRecord, Auditor, Membership, User

logger = logging.getLogger(__name__)

# In a session's data: this session showed a second factor, or set one up itself.
SECOND_FACTOR_SHOWN = "second_factor_shown"
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def open_account(*, email: str, name: str, password: str | None = None) -> User:
    """A new account whose address is taken as verified, for somebody known to read it: the
    one who took up an invitation sent there.

    The caller checks the password against the rules (``validate_password``); with none,
    the person chooses one by "Forgotten your password?".  Raises ``IntegrityError`` when
    somebody already signs in with the address, whatever its case.
    """
    return User.objects.create_user(email, password, name=name)


def second_factor_is_set_up(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey.  Recovery codes are no
    factor of their own."""
    return bool(Authenticator.objects.filter(user=user, type__in=_SECOND_FACTORS).exists())


def must_have_second_factor(user: User) -> bool:
    """Whether this is one of those a second factor can be required of: who acts for a
    company, audits an agreement, or may use the admin pages."""
    return (
        user.is_staff
        or Membership.objects.filter(user=user, ended_at=None).exists()
        or Auditor.objects.filter(user=user, ended_at=None).exists()
    )


def second_factor_is_due(request: HttpRequest) -> bool:
    """Whether somebody is signed in who must have a second factor, in a session that has
    not shown one.  Costs no query where it has."""
    user = request.user
    return (
        user.is_authenticated
        and not request.session.get(SECOND_FACTOR_SHOWN)
        and must_have_second_factor(user)
    )


def may_sign_here(request: HttpRequest) -> bool:
    """Whether what is signed in this session counts as the person's own: always, unless
    ``REQUIRE_MFA`` is on and it has shown no second factor."""
    return not settings.REQUIRE_MFA or bool(request.session.get(SECOND_FACTOR_SHOWN))


def remove_second_factors(user: User) -> bool:
    """Take away every second factor and recovery code, for a person who lost them all, and
    end their sessions.  Whether there were any; the caller has made sure who asks."""
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=user).delete()
        end_sessions(UserSession.objects.filter(user=user))
    return bool(removed)


def end_sessions(sessions: Iterable[UserSession]) -> int:
    """Sign these browsers out now.  How many there were."""
    count = 0
    for session in sessions:
        session.end()
        count += 1
    return count


def network_of(address: str) -> str:
    """The network an IP address is in, as wide as a provider gives out: /24 or /48.
    Empty for what is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def record(
    user: User | None, what: AccountRecord.What, *, at: datetime, network: str = ""
) -> AccountRecord:
    """Put on record that something happened to an account, and in the log by its number."""
    actor = user or "somebody without an account"
    with (
        transaction.atomic(),
        pghistory.context(
            act=f"account.{what.value}",
            actor=str(actor),
            actor_id=user.pk if user else None,
            says=f"{what.label}.",
        ),
    ):
        made = AccountRecord.objects.create(user=user, what=what, at=at, network=network)
    forget_context()
    logger.info("account %s: %s from %s", user.pk if user else "unknown", what.value, network)
    return made
