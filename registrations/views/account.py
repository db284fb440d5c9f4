"""The door: signing in and out, a forgotten password, the choice of colours, and the way to
one's agreements."""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from investors import lockout
from investors.models import Agreement, Investor, User
from registrations.forms import account as forms
from registrations.views.scope import with_rights
from registrations.views.words import THEMES, capital, count_words

A_YEAR = 365 * 24 * 3600


class Retyped:
    """A page with a form that, when refused, comes back as 422 with what was typed."""

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(Retyped, account.LoginView):
    """The door.  Too many wrong tries get a page that says how long to wait."""

    form_class = forms.SignInForm
    template_name = "account/sign_in.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        if getattr(self.request, "axes_locked_out", False):
            # Left standing, the middleware would answer in its own words.
            self.request.axes_locked_out = False
            minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
            account = lockout.attempted_account(self.request, None)
            return lockout.stop(self.request, minutes=minutes, account=account)
        if form.has_error("__all__", "too_many_login_attempts"):
            return lockout.stop(self.request, minutes=10)
        response = super().form_invalid(form)
        if form.has_error("__all__", "busy"):
            response.status_code = 503
            response.headers["Retry-After"] = "5"
        return response


class SecondStep(AuthenticateView):
    """The code or the passkey, after the password."""

    form_class = forms.CodeForm
    template_name = "account/code.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 429 if form.has_error("code", "too_many_login_attempts") else 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        options = found.get("js_data", {}).get("request_options", {})
        if options.get("publicKey", {}).get("allowCredentials"):
            found["options"] = json.dumps(options)
        return found


class PasskeySignIn(LoginWebAuthnView):
    """A passkey in place of the password and the code.  GET gives a script what to ask the
    browser for; anybody else is sent to the door."""


class SignOut(account.LogoutView):
    http_method_names = ["post"]


class UnconfirmedAddress(account.EmailVerificationSentView):
    template_name = "account/unconfirmed.html"


class Forgotten(Retyped, account.PasswordResetView):
    """Asking for a link to choose a new password.  The answer is the same for every address."""

    form_class = forms.ForgottenForm
    template_name = "account/forgotten.html"


class ForgottenSent(account.PasswordResetDoneView):
    template_name = "account/forgotten_sent.html"


class NewPassword(Retyped, account.PasswordResetFromKeyView):
    """Choosing a new password by the link.  It signs nobody in, so the second factor is asked
    for as ever; every session of the account ends."""

    form_class = forms.NewPasswordForm
    template_name = "account/new_password.html"


class NewPasswordKept(account.PasswordResetFromKeyDoneView):
    template_name = "account/new_password_kept.html"


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of light, dark, or whatever the system says."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = resolve_url("home")
    response = redirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(),
            httponly=True,
        )  # fmt: skip
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the only agreement's dashboard, or a list to choose from; to the portal, for
    whoever acts for Investors and no company."""
    user = cast(User, request.user)
    agreements = list(
        with_rights(Agreement.objects.visible_to(user), user).order_by(
            "company__name", "dated_on", "pk"
        )
    )
    if len(agreements) == 1 and "all" not in request.GET:
        return redirect("dashboard", agreements[0].slug)
    if not agreements and Investor.objects.represented_by(user).exists():
        return redirect("portal")
    missed = sum(each.missed for each in agreements)  # type: ignore[attr-defined]
    return render(
        request,
        "account/agreements.html",
        {
            "agreements": agreements,
            "heading": (
                f"{capital(count_words(missed, 'window'))} "
                f"{'was' if missed == 1 else 'were'} missed in your agreements."
                if missed
                else "Nothing is missed in your agreements."
            ),
        },
    )
