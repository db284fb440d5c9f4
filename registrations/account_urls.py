"""The door and one's own account.

Some addresses have two names: ours, and the one by which allauth's pages lead there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, path, register_converter

from registrations.converters import AccountNumber
from registrations.views import account, calendar, mail, own_account


def at(route: str, view: Callable[..., Any], *names: str) -> Iterator[URLPattern]:
    """One address under each of its names."""
    return (path(route, view, name=name) for name in names)


register_converter(AccountNumber, "base36")

urlpatterns = [
    # The door
    *at("sign-in/", account.SignIn.as_view(), "sign-in", "account_login"),
    *at("sign-in/code/", account.SecondStep.as_view(), "mfa_authenticate"),
    *at("sign-in/passkey/", account.PasskeySignIn.as_view(), "mfa_login_webauthn"),
    *at(
        "sign-in/unconfirmed/",
        account.UnconfirmedAddress.as_view(),
        "account_email_verification_sent",
    ),
    *at("sign-out/", account.SignOut.as_view(), "sign-out", "account_logout"),
    *at("account/theme/", account.theme, "theme"),
    # A forgotten password
    *at("account/password/forgotten/", account.Forgotten.as_view(), "account_reset_password"),
    *at(
        "account/password/forgotten/sent/",
        account.ForgottenSent.as_view(),
        "account_reset_password_done",
    ),
    *at(
        "account/password/new/<base36:uidb36>-<str:key>/",
        account.NewPassword.as_view(),
        "account_reset_password_from_key",
    ),
    *at(
        "account/password/new/done/",
        account.NewPasswordKept.as_view(),
        "account_reset_password_from_key_done",
    ),
    # One's own account
    *at(
        "account/",
        own_account.AccountPage.as_view(),
        *("account", "mfa_index", "mfa_list_webauthn", "usersessions_list"),
    ),
    *at(
        "account/password/",
        own_account.PasswordChange.as_view(),
        *("password-change", "account_change_password", "account_set_password"),
    ),
    *at("account/password/done/", own_account.PasswordChanged.as_view(), "password-changed"),
    *at("account/address/", own_account.AddressChange.as_view(), "account_email"),
    *at(
        "account/address/<str:key>/",
        own_account.AddressConfirmed.as_view(),
        "account_confirm_email",
    ),
    *at("account/sessions/end/", own_account.EndSession.as_view(), "end-sessions"),
    *at("account/sessions/<row:pk>/end/", own_account.EndSession.as_view(), "end-session"),
    *at("account/mail/", mail.MailPage.as_view(), "mail"),
    *at("account/calendar/", calendar.CalendarPage.as_view(), "calendar"),
    *at("calendar/<str:secret>.ics", calendar.calendar_file, "calendar-file"),
    # Its second factor
    *at("account/second-factor/", own_account.SecondFactorNeeded.as_view(), "second-factor"),
    *at("account/app/", own_account.AddApp.as_view(), "mfa_activate_totp"),
    *at("account/app/remove/", own_account.RemoveApp.as_view(), "mfa_deactivate_totp"),
    *at("account/passkeys/new/", own_account.AddPasskey.as_view(), "mfa_add_webauthn"),
    *at(
        "account/passkeys/<row:pk>/remove/",
        own_account.RemovePasskey.as_view(),
        "mfa_remove_webauthn",
    ),
    *at(
        "account/passkeys/<row:pk>/name/", own_account.RenamePasskey.as_view(), "mfa_edit_webauthn"
    ),
    *at("account/recovery-codes/", own_account.RecoveryCodes.as_view(), "mfa_view_recovery_codes"),
    *at(
        "account/recovery-codes/new/",
        own_account.NewRecoveryCodes.as_view(),
        "mfa_generate_recovery_codes",
    ),
    # Showing again that it is oneself
    *at("account/confirm/", own_account.ConfirmPassword.as_view(), "account_reauthenticate"),
    *at("account/confirm/code/", own_account.ConfirmCode.as_view(), "mfa_reauthenticate"),
    *at(
        "account/confirm/passkey/",
        own_account.ConfirmPasskey.as_view(),
        "mfa_reauthenticate_webauthn",
    ),
]
