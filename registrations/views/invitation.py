"""The page an invitation's link leads to: whoever holds it makes an account, or signs in,
and acts for the Investors, or sees the agreement, from then on."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from investors import sight
from investors.acts import Refused
from investors.invitations import invitation_of
from investors.models import Invitation, User
from registrations.forms.portal import AccountForm
from registrations.services.people import accept, open_account
from registrations.services.recording import When


def invitation(request: HttpRequest, link: str) -> HttpResponse:
    """An invitation: 410 with what to do once its link opens nothing any more."""
    now = timezone.now()
    found = invitation_of(link)
    if found is None or not found.open_at(now):
        return render(request, "portal/invitation_over.html", {"invitation": found}, status=410)
    with sight.whole(found.agreement_id):
        investors = list(found.investors.order_by("name"))
    known = User.objects.filter(email__iexact=found.email).first()
    user = request.user if request.user.is_authenticated else None
    context = {
        "invitation": found,
        "investors": investors,
        "known": known is not None,
        "other": user is not None and user.email.lower() != found.email,
    }
    if context["other"] or (known is not None and user is None):
        return render(request, "portal/invitation.html", context)
    if user is not None:
        return (
            _accepted(request, found, user, context)
            if request.method == "POST"
            else render(request, "portal/invitation.html", context)
        )
    form = (
        AccountForm(request.POST, email=found.email)
        if request.method == "POST"
        else AccountForm(email=found.email, initial={"name": found.name})
    )
    context["form"] = form
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "portal/invitation.html", context, status=status)
    try:
        with transaction.atomic():
            made = open_account(
                invitation=found,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
            )
            accept(invitation=found, when=When(now, made))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return render(request, "portal/invitation.html", context, status=409)
    # As any other sign-in: it is on the account's own record, and the password just chosen
    # need not be typed again to set up a second factor.
    record_authentication(request, made, method="password", email=made.email)
    entered: HttpResponse = perform_login(request, made, redirect_url=reverse(_leads_to(found)))
    return entered


def _accepted(
    request: HttpRequest, found: Invitation, user: User, context: dict[str, object]
) -> HttpResponse:
    try:
        accept(invitation=found, when=When(timezone.now(), user))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return render(request, "portal/invitation.html", context, status=409)
    return redirect(_leads_to(found))


def _leads_to(accepted: Invitation) -> str:
    return "home" if accepted.role == Invitation.Role.AUDITS else "portal"
