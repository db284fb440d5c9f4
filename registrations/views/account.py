"""Signing in and out, the choice of colours, and the way to one's agreements."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from investors.models import Agreement, Investor, User
from registrations.views.scope import with_rights
from registrations.views.words import THEMES, capital, count_words

A_YEAR = 365 * 24 * 3600


class SignInForm(AuthenticationForm):
    """E-mail address and password; the answer to a wrong one never says which was wrong."""

    error_messages = {
        "invalid_login": "The e-mail address and password do not belong together. "
        "Check both and try again.",
        "inactive": "The e-mail address and password do not belong together. "
        "Check both and try again.",
    }
    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class SignIn(auth.LoginView):
    """The door.  Too many wrong tries get a page that says how long to wait."""

    authentication_form = SignInForm
    template_name = "account/sign_in.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if getattr(self.request, "axes_locked_out", False):
            # Left standing, the middleware would answer in its own words.
            self.request.axes_locked_out = False  # type: ignore[attr-defined]
            minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
            return render(self.request, "account/locked.html", {"minutes": minutes}, status=429)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PasswordChange(auth.PasswordChangeView):
    """A new password for one's own account; every other session of it ends."""

    template_name = "account/password_change.html"
    success_url = reverse_lazy("password-changed")

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PasswordChanged(auth.PasswordChangeDoneView):
    template_name = "account/password_change.html"
    extra_context = {"done": True}


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
