"""A receipt, the letter that makes an answer count where the receipt alone does not, and
the page on which anybody may check one."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView, View

from notices.models import Receipt
from registrations.facts import address_of_record
from registrations.forms.portal import CheckForm
from registrations.models import Demand
from registrations.pdf import as_pdf
from registrations.services.answering import matches
from registrations.views.files import PDF, download
from registrations.views.holders import consent_in_force

from .matters import mine
from .papers import letter_paper, receipt_paper
from .scope import PortalPage


class OfReceipt(PortalPage):
    """A page about one receipt of the Investor's."""

    def find_receipt(self) -> Receipt:
        found = (
            Receipt.objects.filter(public_id=self.kwargs["receipt"], investor=self.investor)
            .select_related("notice", "sent_by")
            .first()
        )
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = self.find_receipt()
        agreement = self.investor.agreement
        demand = Demand.objects.get(notice=receipt.notice.answers_id or receipt.notice_id)
        own = self.own(demand.public_id)
        soon_days = agreement.company.due_soon_days
        card = mine(own, self.today, soon_days)
        sent = next(s for s in card.sent if s.answer.notice.pk == receipt.notice_id)
        day = agreement.day_of(receipt.received_at)
        kwargs.update(
            receipt=receipt,
            card=card,
            sent=sent,
            last=card.sent[-1] is sent,
            told=json.loads(receipt.content),
            consent=consent_in_force(agreement, None, day),
            address=address_of_record(agreement, None, self.today),
        )
        return super().get_context_data(**kwargs)


class ReceiptPage(OfReceipt, TemplateView):
    """Can I prove it?"""

    template_name = "portal/receipt.html"
    nav = "requests"


class ReceiptPdf(OfReceipt, View):
    """The receipt to keep: what was given, and nothing that a later fact could change."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        receipt = self.find_receipt()
        paper = receipt_paper(receipt, json.loads(receipt.content), self.investor)
        made = as_pdf(paper, made_at=receipt.received_at)
        return download(made, PDF, f"receipt-{receipt.number}.pdf")


class ReceiptLetter(OfReceipt, TemplateView):
    """The same answer as a letter to print, sign and post."""

    template_name = "portal/letter.html"
    nav = "requests"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["paper"] = letter_paper(
            context["receipt"], context["told"], self.investor, context["card"],
            to=context["address"], of=address_of_record(
                self.investor.agreement, self.investor, self.today
            ),
        )  # fmt: skip
        return context


class LetterPdf(ReceiptLetter):
    """The letter as a file to print or to send to whoever signs it."""

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        receipt = context["receipt"]
        made = as_pdf(context["paper"], made_at=receipt.received_at)
        return download(made, PDF, f"letter-{receipt.number}.pdf")


class ReceiptText(OfReceipt, View):
    """The canonical text a receipt's fingerprint is of, to keep and to check."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        receipt = self.find_receipt()
        json_type = "application/json; charset=utf-8"
        return download(receipt.content, json_type, f"receipt-{receipt.number}.json")


def check_receipt(request: HttpRequest) -> HttpResponse:
    """Whether a receipt of that number has that fingerprint: match, or no match, and no word
    more, to anybody."""
    form = CheckForm(request.POST) if request.method == "POST" else CheckForm()
    match = None
    if form.is_bound and form.is_valid():
        match = matches(form.cleaned_data["number"], form.cleaned_data["sha256"])
    status = 422 if form.is_bound and match is None else 200
    return render(request, "portal/check.html", {"form": form, "match": match}, status=status)
