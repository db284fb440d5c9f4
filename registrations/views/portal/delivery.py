"""May the Company give this Investor notice here, and by e-mail?  Only under its own signed
consent, which it may withdraw (N4, section 8(c))."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from investors.acts import Conflict, Refused
from investors.models import ElectronicConsent
from registrations.facts import terms_of
from registrations.forms.base import ActForm
from registrations.forms.portal import SendForm
from registrations.services.register import record_consent, withdraw_consent
from registrations.views.holders import consent_in_force

from .scope import PortalForm

# A changed text is a new version: what was signed before stays what it was.
WORDING = "November 2026"


class DeliveryPage(PortalForm):
    template_name = "portal/delivery.html"
    saved = "Signed. From today what the Company sends you here or by e-mail counts on receipt."

    def find(self) -> None:
        self.agreement = self.investor.agreement
        self.consent = consent_in_force(self.agreement, self.investor, self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(SendForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        if request.POST.get("do") == "withdraw":
            return self.withdrawn()
        return self.answered(SendForm(request.POST))

    def withdrawn(self) -> HttpResponse:
        if self.consent is not None:
            try:
                withdraw_consent(
                    consent=self.consent,
                    withdrawn_on=self.today,
                    reason="Withdrawn by the Investor in the portal.",
                    when=self.acting,
                )
            except Refused as refusal:
                messages.error(self.request, refusal.message)
            else:
                messages.success(self.request, "Withdrawn. From today only paper counts for you.")
        return redirect("portal-delivery", self.investor.public_id)

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        if self.consent is not None:
            raise Conflict("", "Your consent is in force already.")
        return record_consent(
            agreement=self.agreement,
            investor=self.investor,
            signed_on=self.today,
            signer=self.acting.by.name,
            wording=WORDING,
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("portal-delivery", args=[self.investor.public_id])

    def page(self, form: ActForm, *, status: int = 200) -> HttpResponse:
        terms = terms_of(self.agreement, max(self.today, self.agreement.dated_on))
        context = self.get_context_data(
            form=form,
            consent=self.consent,
            wording=WORDING,
            clause=terms.clause("electronic_methods"),
            every=ElectronicConsent.objects.filter(investor=self.investor)
            .select_related("replacement")
            .order_by("-pk"),
        )
        return self.render_to_response(context, status=status)
