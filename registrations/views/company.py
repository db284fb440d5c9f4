"""The Company's own papers: where notices reach it, and its consents."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from investors.models import Address, ElectronicConsent, ShareCount
from registrations.forms.base import ActForm
from registrations.forms.register import AddressForm, ConsentForm, ShareCountForm
from registrations.services import register

from .holders import consent_in_force
from .register import RegisterAct
from .scope import CounselPage

MOST_COUNTS = 60


class CompanyPapers(CounselPage, TemplateView):
    """Where do notices reach the Company, and may they be electronic?"""

    template_name = "counsel/register/company.html"
    nav = "holders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            addresses=list(
                Address.objects.filter(agreement=self.agreement, investor=None)
                .select_related("recorded_by", "replacement")
                .order_by("-in_force_from", "-pk")
            ),
            consents=list(
                ElectronicConsent.objects.standing()
                .filter(agreement=self.agreement, investor=None)
                .order_by("-signed_on", "-pk")
            ),
            counts=list(
                ShareCount.objects.standing()
                .filter(agreement=self.agreement)
                .select_related("recorded_by")
                .order_by("-on", "-pk")[:MOST_COUNTS]
            ),
            consent=consent_in_force(self.agreement, None, self.today),
        )
        return super().get_context_data(**kwargs)


class OfCompany(RegisterAct):
    """An act on the Company's own papers."""

    def lands_on(self, made: Any) -> str:
        return reverse("company-papers", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), ("The Company’s own papers", self.lands_on(None))]


class ChangeCompanyAddress(OfCompany):
    form_class = AddressForm
    heading = "New address for the Company"
    intro = "It counts for what is sent after all Investors had notice of it."
    clause = "8(a)"
    button = "Save address"
    saved = "Address saved."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return register.change_address(
            agreement=self.agreement,
            investor=None,
            lines=data["lines"],
            in_force_from=data["in_force_from"],
            facsimile=data["facsimile"],
            when=self.acting,
        )


class RecordShareCount(OfCompany):
    form_class = ShareCountForm
    heading = "Record a count of the Company’s shares"
    intro = (
        "Authorized, outstanding and reserved Common Stock decide whether every Registrable "
        "Share can be registered. A later count stands beside an earlier one, each of its day."
    )
    clause = "1(a)"
    button = "Save count"
    saved = "Count saved."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return register.record_share_count(
            agreement=self.agreement,
            **{name: form.cleaned_data[name] for name in ("kind", "count", "on", "source")},
            when=self.acting,
        )


class RecordCompanyConsent(OfCompany):
    form_class = ConsentForm
    heading = "The Company’s consent to electronic delivery"
    intro = "It covers what Investors send the Company by portal or e-mail."
    clause = "8(c)"
    button = "Save consent"
    saved = "Consent saved."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return register.record_consent(
            agreement=self.agreement,
            investor=None,
            signed_on=form.cleaned_data["signed_on"],
            signer=form.cleaned_data["signer"],
            when=self.acting,
        )
