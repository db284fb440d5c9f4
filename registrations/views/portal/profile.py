"""Where notices reach an Investor: its address of record, and a new one told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import View

from investors.models import Address, AddressNotice
from registrations.facts import address_notices, address_of_record
from registrations.forms.base import ActForm
from registrations.forms.portal import NewAddressForm
from registrations.pdf import as_pdf
from registrations.services.register import tell_address
from registrations.views.files import PDF, download
from registrations.views.holders import consent_in_force

from .papers import address_paper
from .scope import PortalForm, PortalPage


class AddressPage(PortalForm):
    """Where do notices reach me, and how do I change that?"""

    template_name = "portal/address.html"
    saved = "Told. It becomes your address once every other party has had notice of it."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.agreement = self.investor.agreement
        return self.page(NewAddressForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.agreement = self.investor.agreement
        return self.answered(NewAddressForm(request.POST))

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        given = form.cleaned_data
        return tell_address(
            investor=self.investor,
            lines=given["lines"],
            facsimile=given["facsimile"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("portal-address", args=[self.investor.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            now_at=address_of_record(self.agreement, self.investor, self.today),
            told=told_by(self),
            counts=consent_in_force(self.agreement, None, self.today),
            history=Address.objects.filter(investor=self.investor)
            .select_related("replacement")
            .order_by("-in_force_from", "-pk"),
        )
        return super().get_context_data(**kwargs)


class AddressLetter(PortalPage, View):
    """The letter that tells the Company of a new address on paper."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = told_by(self)
        if told is None:
            raise Http404
        paper = address_paper(told, address_of_record(self.investor.agreement, None, self.today))
        return download(as_pdf(paper, made_at=told.recorded_at), PDF, "new-address.pdf")


def told_by(page: PortalPage) -> AddressNotice | None:
    """The new address the Investor told of that is not of record yet."""
    return address_notices(Q(investor=page.investor)).last()
