"""One's own account: name and address, password, second factor, sessions."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

from allauth.account import views as account
from allauth.mfa.base.views import ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from allauth.usersessions.adapter import get_adapter as sessions_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from investors import accounts, recovery
from investors.models import AccountRecord, CalendarFeed, MailChoice, User
from registrations.forms import account as forms
from registrations.views.account import Retyped

RECORDS_SHOWN = 12
_BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")


class Browser(NamedTuple):
    """One session, as its owner knows it."""

    row: UserSession
    name: str
    network: str
    is_this: bool


def open_sessions(user: User) -> QuerySet[UserSession]:
    """The sessions of a person that have not run out, newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now())
    found: QuerySet[UserSession] = UserSession.objects.filter(
        user=user, session_key__in=alive.values("session_key")
    )
    newest_first: QuerySet[UserSession] = found.order_by("-created_at")
    return newest_first


def browser_name(user_agent: str) -> str:
    """ "Chrome on Windows", as far as a browser says what it is."""
    browser = next((name for name in _BROWSERS if name in user_agent), "A browser")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    browser = {"Edg": "Edge"}.get(browser, browser)
    return f"{browser} on {system.replace('Mac OS', 'a Mac')}" if system else browser


def others_of(request: HttpRequest) -> QuerySet[UserSession]:
    """The person's sessions other than the one that asks."""
    found: QuerySet[UserSession] = UserSession.objects.filter(user=cast(User, request.user))
    return found.exclude(session_key=request.session.session_key)


class AccountPage(LoginRequiredMixin, TemplateView):
    """What protects my account, and who is signed in to it?"""

    template_name = "account/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
        by_type = {each.type: each for each in factors}
        codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
        here = self.request.session.session_key
        kwargs.update(
            app=by_type.get(Authenticator.Type.TOTP),
            passkeys=[
                (each, each.wrap().name)
                for each in factors
                if each.type == Authenticator.Type.WEBAUTHN
            ],
            codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
            browsers=[
                Browser(
                    row,
                    browser_name(row.user_agent),
                    accounts.network_of(row.ip),
                    row.session_key == here,
                )
                for row in open_sessions(user)
            ],
            records=AccountRecord.objects.filter(user=user).order_by("-at", "-pk")[:RECORDS_SHOWN],
            mail=MailChoice.objects.filter(user=user).first() or MailChoice(),
            calendar=CalendarFeed.objects.filter(user=user, ended_at=None).first(),
            idle_minutes=int(settings.SESSION_IDLE.total_seconds() // 60),
            longest_hours=int(settings.SESSION_LONGEST.total_seconds() // 3600),
            must_have_second_factor=settings.REQUIRE_MFA and accounts.must_have_second_factor(user),
        )
        return super().get_context_data(**kwargs)


class SecondFactorNeeded(LoginRequiredMixin, TemplateView):
    """The page somebody is held at who must have a second factor and has none, and led to
    who wants to sign for an Investor."""

    template_name = "account/second_factor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if not accounts.may_sign_here(request) and accounts.second_factor_is_set_up(user):
            # Set up elsewhere after this session began: it has to be shown here, too.
            logout(request)
            return redirect("sign-in")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        must = accounts.must_have_second_factor(cast(User, self.request.user))
        return super().get_context_data(must_have_second_factor=must, **kwargs)


# --- password and address


class PasswordChange(Retyped, account.PasswordChangeView):
    """A new password for one's own account; every other session of it ends."""

    form_class = forms.ChangePasswordForm
    template_name = "account/password_change.html"

    def get_success_url(self) -> str:
        return reverse("password-changed")

    def form_valid(self, form: Form) -> HttpResponse:
        others = list(others_of(self.request))
        response: HttpResponse = super().form_valid(form)
        sessions_adapter().end_sessions(others)
        return response


class PasswordChanged(LoginRequiredMixin, TemplateView):
    template_name = "account/password_change.html"
    extra_context = {"done": True}


class AddressChange(Retyped, account.EmailView):
    """Another e-mail address to sign in with.  The link sent there makes it good."""

    form_class = forms.NewAddressForm
    template_name = "account/address.html"
    http_method_names = ["get", "post"]


class AddressConfirmed(account.ConfirmEmailView):
    """The link that was sent to an address."""

    template_name = "account/confirm_address.html"


# --- before something that protects the account is changed


class ConfirmPassword(Retyped, account.ReauthenticateView):
    form_class = forms.ConfirmPasswordForm
    template_name = "account/confirm.html"


class ConfirmCode(Retyped, ReauthenticateView):
    form_class = forms.ConfirmCodeForm
    template_name = "account/confirm.html"


class ConfirmPasskey(ReauthenticateWebAuthnView):
    template_name = "account/confirm_passkey.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        super().form_invalid(form)
        return redirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {"options": json.dumps(found["js_data"]["request_options"])}


# --- second factors


class SetsUpFactor(Retyped):
    """Setting up a second factor: the session that does it has shown it, and every other
    session of the account, which may have been got by the password alone, ends."""

    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        self.request.session[accounts.SECOND_FACTOR_SHOWN] = True
        sessions_adapter().end_sessions(list(others_of(self.request)))
        return response


class AddApp(SetsUpFactor, ActivateTOTPView):
    """An authenticator app on a phone."""

    form_class = forms.AppForm
    template_name = "account/app.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        secret = found["form"].secret
        found["secret"] = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
        return found


class RemovesFactor:
    """Removing a second factor.  With the last one gone, the session has shown none."""

    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if not accounts.second_factor_is_set_up(cast(User, self.request.user)):
            self.request.session.pop(accounts.SECOND_FACTOR_SHOWN, None)
        return response


class RemoveApp(RemovesFactor, DeactivateTOTPView):
    template_name = "account/app_remove.html"


class AddPasskey(SetsUpFactor, AddWebAuthnView):
    """A passkey: a key this device keeps, unlocked by finger, face or PIN."""

    form_class = forms.PasskeyForm
    template_name = "account/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        # allauth's page leaves out the form that was refused.
        found["form"] = kwargs.get("form") or self.get_form()
        return found | {"options": json.dumps(found["js_data"]["creation_options"])}


class RemovePasskey(RemovesFactor, RemoveWebAuthnView):
    template_name = "account/passkey_remove.html"

    def get_success_url(self) -> str:
        return reverse("account")


class RenamePasskey(Retyped, EditWebAuthnView):
    form_class = forms.PasskeyNameForm
    template_name = "account/passkey_rename.html"

    def get_success_url(self) -> str:
        return reverse("account")


class RecoveryCodes(ViewRecoveryCodesView):
    """The recovery codes, the one time they are shown."""

    template_name = "account/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        recovery.keep_digests(cast(User, self.request.user))
        return context


class NewRecoveryCodes(GenerateRecoveryCodesView):
    template_name = "account/recovery_codes_new.html"


# --- sessions


class EndSession(LoginRequiredMixin, View):
    """Sign another browser out: one of them, or with none named all but this."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
        others = others_of(request)
        ending = list(others) if pk is None else [get_object_or_404(others, pk=pk)]
        sessions_adapter().end_sessions(ending)
        messages.success(
            request, "The browser is signed out." if pk else "All other browsers are signed out."
        )
        return redirect("account")
