"""What allauth asks us: its questions about signing in, second factors and sessions, and
our answers.

allauth tells of each change to an account in one of these calls, so they are also where
the account's record is written.  They run inside a request, so the clock is read here.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Semaphore
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode

from . import accounts, recovery
from .models import AccountRecord, User

What = AccountRecord.What
WRONG = "The e-mail address and password do not belong together. Check both and try again."
TOO_MANY = "There were too many wrong tries. Wait ten minutes, then try again."
WRONG_CODE = "This code does not fit, or was used already. Wait for the next one and type that."

BUSY = "Many people are signing in at this moment. Try again in a few seconds."

# Nothing else costs a server as much that anybody may ask for.  So a process hashes one
# password at a time and lets one more wait; the rest of its threads are for pages.
_HASHING, _AT_THE_DOOR = Semaphore(1), Semaphore(2)


@contextmanager
def _in_turn() -> Iterator[bool]:
    """Wait for one's turn to have a password hashed; false at once where too many wait."""
    if not _AT_THE_DOOR.acquire(blocking=False):
        yield False
        return
    try:
        with _HASHING:
            yield True
    finally:
        _AT_THE_DOOR.release()


# The mail a person gets about a change names the change; it goes on record under the same.
_NOTICES = {
    "account/email/password_changed": What.PASSWORD_CHANGED,
    "account/email/password_reset": What.PASSWORD_RESET,
    "account/email/email_changed": What.ADDRESS_CHANGED,
    "mfa/email/totp_activated": What.APP_ADDED,
    "mfa/email/totp_deactivated": What.APP_REMOVED,
    "mfa/email/webauthn_added": What.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": What.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": What.CODES_MADE,
}
_WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
# What is said on the next page, by the name allauth has for it.  Whatever else it would say
# the page says itself.
_SAYS = {
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app is removed.",
    "mfa/messages/webauthn_added.txt": "Your passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
    "account/messages/email_confirmed.txt": "Your e-mail address is confirmed.",
    "account/messages/email_confirmation_failed.txt": "This address could not be confirmed: "
    "somebody signs in with it. Give another.",
    "account/messages/email_confirmation_sent.txt": "A link was sent to the address. It is "
    "good for one day.",
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by e-mail address and password, and what is said and recorded about it."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for a wrong password, an unknown address and an account switched off.
        "email_password_mismatch": WRONG,
        "account_inactive": WRONG,
        "enter_current_password": "This is not your present password. Type it again.",
        "incorrect_password": "This is not your password. Type it again.",
        "incorrect_code": WRONG_CODE,
        "duplicate_email": "This is your address already. Give another.",
        "email_taken": "Somebody already signs in with this e-mail address.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "busy": BUSY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    # --- who gets in

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # allauth would count by account alone as well, which anybody could lock with it.
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="wrong_password"
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        with _in_turn() as my_turn:
            if not my_turn:
                raise self.validation_error("busy")
            found: AbstractBaseUser | None = super().authenticate(request, **credentials)
            return found

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        locked = getattr(request, "axes_locked_out", False)
        what = What.LOCKED_OUT if locked else What.WRONG_PASSWORD
        self.record(_account_of(credentials.get("email", "")), what)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, "You could not be signed in. Ask whoever runs this Rightsbook.")
        return redirect("sign-in")

    def login(self, request: HttpRequest, user: User) -> None:
        # allauth would take the first backend there is, which only counts wrong passwords.
        user.backend = settings.AUTHENTICATION_BACKENDS[-1]
        super().login(request, user)
        request.session["began"] = time.time()
        if any(each["method"] == "mfa" for each in get_authentication_records(request, user)):
            request.session[accounts.SECOND_FACTOR_SHOWN] = True

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        self.record(user, What.SIGNED_IN)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            self.record(user, What.SIGNED_OUT)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask for the password again: not of somebody who has just signed in."""
        shown = get_authentication_records(context.request, context.request.user)
        if shown and time.time() - shown[-1]["at"] < REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        found = super().get_reauthentication_methods(user)
        return [each | {"description": _WAYS[each["id"]]} for each in found]

    # --- what is said

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or _SAYS.get(message_template or "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)

    # --- what is sent

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account" if self.request.user.is_authenticated else "sign-in")

    def send_unknown_account_mail(self, email: str) -> None:
        """What an address that nobody signs in with gets instead of a link: as much work,
        and as many rows, as for a known one."""
        self.send_mail("account/email/unknown_account", email, {})
        self.record(None, What.RESET_ASKED)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person of a change to their account, and put it on record."""
        if what := _NOTICES.get(template_prefix):
            self.record(user, what)
        said = {"what": what.label if what else "", **(context or {})}
        super().send_notification_mail(template_prefix, user, said, email)

    # --- the record

    def record(self, user: User | None, what: AccountRecord.What) -> None:
        """Put on record what happened to an account in this request."""
        accounts.record(user, what, at=timezone.now(), network=self.network())

    def network(self) -> str:
        """The network the request comes from."""
        return accounts.network_of(self.get_client_ip(self.request))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "unverified_email": "Confirm your new e-mail address first: its link is in your mail.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
    }

    def encrypt(self, text: str) -> str:
        """A secret as it is kept: readable only with SECRET_KEY."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret, or a recovery code as it is kept.  Raises ``InvalidToken`` when it was
        kept under a key that is gone."""
        if (code := recovery.kept(encrypted_text)) is not None:
            return code
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        code = QRCode(border=4, image_factory=SvgPathImage)
        code.add_data(url)
        code.make(fit=True)
        return str(code.make_image().to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return f"Passkey {user.authenticator_set.filter(type=type).count() + 1}"  # type: ignore[attr-defined]


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Signing other browsers out."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        if accounts.end_sessions(sessions):
            AccountAdapter(context.request).record(context.request.user, What.SESSIONS_ENDED)


def _account_of(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def _box() -> MultiFernet:
    """The box secrets are kept in.  Old keys open it still; only SECRET_KEY closes it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor:{key}".encode()).digest()))
        for key in keys
    )
