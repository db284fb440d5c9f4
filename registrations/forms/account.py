"""Signing in and the protection of one's account: allauth's forms in our own words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from investors.models import AccountRecord, User

RULES = (
    "At least 12 characters. Not your name or e-mail address, not a common password, "
    "not only figures."
)
CODE = "Six figures, from the app on your phone. Or one of your recovery codes."


class Worded:
    """A form whose labels and hints are ours, and whose fields show no words of their own."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(Worded, account.LoginForm):
    """E-mail address and password; the answer to a wrong one never says which was wrong."""

    labels = {"login": "E-mail address", "password": "Password"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autofocus": True,
        }

    def add_prefix(self, field_name: str) -> str:
        # The name under which browsers and password managers keep it.
        return str(super().add_prefix({"login": "username"}.get(field_name, field_name)))


class CodeForm(Worded, AuthenticateForm):
    """The second step of signing in."""

    labels = {"code": "Code"}
    hints = {"code": CODE}
    user: User

    def clean_code(self) -> str:
        return _recorded(self.user, super().clean_code)

    def save(self) -> None:
        super().save()
        _note_recovery_code(self.user, self.authenticator)


class ConfirmCodeForm(Worded, ReauthenticateForm):
    """The code once more, before something that protects the account is changed."""

    labels = {"code": "Code"}
    hints = {"code": CODE}
    user: User

    def clean_code(self) -> str:
        return _recorded(self.user, super().clean_code)

    def save(self) -> None:
        super().save()
        _note_recovery_code(self.user, self.authenticator)


class ConfirmPasswordForm(Worded, account.ReauthenticateForm):
    """The password once more."""

    labels = {"password": "Password"}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """The present password, and the new one twice."""

    labels = {
        "oldpassword": "Present password",
        "password1": "New password",
        "password2": "New password again",
    }
    hints = {"password1": RULES}


class ForgottenForm(Worded, account.ResetPasswordForm):
    """The address a link is sent to."""

    labels = {"email": "E-mail address"}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            return str(super().save(request, **kwargs))
        email = str(self.cleaned_data["email"])
        get_adapter().send_unknown_account_mail(email)
        return email


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    """A new password, twice."""

    labels = {"password1": "New password", "password2": "New password again"}
    hints = {"password1": RULES}


class NewAddressForm(Worded, account.AddEmailForm):
    """The address one wants to sign in with."""

    labels = {"email": "New e-mail address"}
    hints = {"email": "A link is sent there. Until it is opened, your present address stays."}


class AppForm(Worded, ActivateTOTPForm):
    """The first code of a new authenticator app."""

    labels = {"code": "Code the app shows"}
    hints = {"code": "Six figures. A new one comes every 30 seconds."}


class PasskeyForm(Worded, AddWebAuthnForm):
    """A new passkey: its name, and what the browser made."""

    labels = {"name": "Name"}
    hints = {"name": "So that you know it again: “Work laptop”, “Phone”."}

    # Each can sign in by itself, so each asks for a fingerprint, a face or a PIN.
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)


class PasskeyNameForm(Worded, EditWebAuthnForm):
    labels = {"name": "Name"}


def _recorded(user: User, clean: Any) -> str:
    """The code, or the refusal of a wrong one once it is on the account's record."""
    try:
        return str(clean())
    except ValidationError as refusal:
        stopped = refusal.code == "too_many_login_attempts"
        _note(user, AccountRecord.What.LOCKED_OUT if stopped else AccountRecord.What.WRONG_CODE)
        raise


def _note_recovery_code(user: User, authenticator: Any) -> None:
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        _note(user, AccountRecord.What.CODE_USED)


def _note(user: User, what: AccountRecord.What) -> None:
    get_adapter(context.request).record(user, what)
