"""The text of a notice the Company sent, to read again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from investors.acts import Refused
from notices.models import Notice
from registrations.facts import address_of_record, copies_to, own_matters, texts_of
from registrations.letters import notice_letter
from registrations.models import Demand
from registrations.pdf import as_pdf
from registrations.views.files import PDF, download

from .scope import PortalPage

WRITTEN = (Notice.Kind.COMPANY, Notice.Kind.REGISTRATION)


class NoticeLetter(PortalPage, View):
    """A Company Notice or Registration Notice to this Investor in the words it had when it was
    recorded, dated the day its copy went.  It says nothing of who demanded what, or when."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        written = copies_to(self.investor).filter(delivery__notice__kind__in=WRITTEN)
        copy = get_object_or_404(written, delivery__public_id=kwargs["delivery"])
        demand = Demand.objects.filter(notice=copy.delivery.notice.answers_id).first()
        known = own_matters(self.investor, demand) if demand else []
        if not known:
            raise Http404
        agreement, day = self.investor.agreement, copy.sent_on or copy.received_on
        assert day is not None  # a copy has one or the other
        try:
            paper = notice_letter(
                known[0].demand, known[0].terms, self.investor.name,
                copy.address or address_of_record(agreement, self.investor, day),
                address_of_record(agreement, None, day), received_on=None, today=day,
                texts=texts_of(agreement, copy.delivery.notice.recorded_at),
            )  # fmt: skip
        except Refused as refusal:  # words that cannot be filled are counsel’s to put right
            raise Http404 from refusal
        name = f"{copy.delivery.notice.get_kind_display().lower().replace(' ', '-')}-{day}.pdf"
        return download(as_pdf(paper, made_at=copy.recorded_at), PDF, name)
