"""Transfers: who took what, and whether it is an Investor for it (H4)."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import Transfer
from registrations.facts import taken_of, terms_of
from registrations.forms.base import ActForm
from registrations.forms.matters import DecideForm
from registrations.forms.register import CounterpartForm
from registrations.rules.days import say
from registrations.rules.findings import Ruling
from registrations.rules.terms import Terms
from registrations.rules.transferees import INVESTOR, NO_INVESTOR, READINGS, standing
from registrations.services import transfers
from registrations.tables import Table

from .exports import ListPage
from .paging import pages
from .register import RegisterAct
from .words import Status

SHOWN_BY_PAGE = 50
_STATUS = {
    INVESTOR: Status("done", "Investor"),
    NO_INVESTOR: Status("later", "No rights here"),
    "needs_decision": Status("soon", "Decision needed"),
}


class TransferRow(NamedTuple):
    """One transfer, and where its taker stands."""

    row: Transfer
    ruling: Ruling
    status: Status


class TransfersPage(ListPage):
    """Who took what, and do the rights pass?"""

    template_name = "counsel/register/transfers.html"
    nav = "holders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Transfer.objects.standing().filter(agreement=self.agreement)
        page = pages(self.request, found.count(), SHOWN_BY_PAGE)
        shown = found.select_related("giver", "taker", "recorded_by").order_by("-on", "-pk")
        terms = terms_of(self.agreement, max(self.day, self.agreement.dated_on))
        rows = [self.row(r, terms) for r in shown[page.start : page.stop]]
        kwargs.update(
            rows=rows,
            pages=page,
            clause=terms.clause("transfer"),
            summary=terms.summaries.get("transfer", ""),
            heading=f"{page.total:,} {'transfer' if page.total == 1 else 'transfers'} on record."
            if page.total
            else "No transfer is on record.",
        )
        return super().get_context_data(**kwargs)

    def row(self, row: Transfer, terms: Terms) -> TransferRow:
        ruling = standing(taken_of(row), terms)
        return TransferRow(row, ruling, _STATUS.get(ruling.outcome, Status("wait", "Not known")))

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-transfers-{self.today}",
            ["On", "From", "To", "Quantity", "Of", "Do the rights pass?", "Why"],
            ([
                t.row.on, t.row.giver.name, t.row.taker.name if t.row.taker else t.row.taker_name,
                t.row.quantity, t.row.get_security_display(), t.status.text,
                " ".join(reason.text for reason in t.ruling.because),
            ] for t in context["rows"]),
        )  # fmt: skip


class OfTransfer(RegisterAct):
    """An act on one transfer."""

    transfer: Transfer

    def find(self) -> None:
        self.transfer = get_object_or_404(
            Transfer.objects.select_related("giver", "taker", "recorded_by"),
            agreement=self.agreement,
            public_id=self.kwargs["transfer"],
        )
        self.transfer.agreement = self.agreement

    @property
    def said(self) -> str:
        """The transfer in words."""
        t = self.transfer
        what = f"{t.quantity:,} {t.get_security_display()}"
        return f"{t.giver.name} transferred {what} to {t.taker_name} on {say(t.on)}."

    def lands_on(self, made: Any) -> str:
        return reverse("transfers", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), ("Transfers", self.lands_on(None))]


class RecordCounterpart(OfTransfer):
    """Whoever took it has signed a counterpart."""

    form_class = CounterpartForm
    button = "Save counterpart"
    saved = "Counterpart saved. It is on the register."

    def find(self) -> None:
        super().find()
        if self.transfer.taker_id is not None:
            raise Http404
        self.heading = f"Counterpart of {self.transfer.taker_name}"
        self.intro = f"{self.said} It is on the register from the day it signed."
        self.clause = terms_of(self.agreement, self.today).clause("transfer").split(",")[0]

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return transfers.record_counterpart(
            transfer=self.transfer,
            signed_on=data["signed_on"],
            kind=data["kind"],
            address=data["address"],
            reason=data["reason"],
            when=self.acting,
        )


class DecideStanding(OfTransfer):
    """It signed later than the transfer: is it an Investor for what it took (N8)?"""

    form_class = DecideForm
    button = "Save decision"
    saved = "Decision saved. It governs from now on."

    def find(self) -> None:
        super().find()
        terms = terms_of(self.agreement, max(self.transfer.on, self.agreement.dated_on))
        self.ruling = standing(taken_of(self.transfer), terms)
        if not self.ruling.readings:
            raise Http404
        self.heading = f"Is {self.transfer.taker_name} an Investor for what it took?"
        self.intro = " ".join([self.said, *(r.text for r in self.ruling.because)])
        self.clause = terms.clause("transfer").split(",")[0]

    def form_options(self) -> dict[str, Any]:
        return {
            "readings": list(READINGS.items()),
            "standing": self.transfer.reads,
            "today": self.today,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return transfers.decide_standing(
            transfer=self.transfer,
            choice=data["choice"],
            decided_on=data["decided_on"],
            reason=data["reason"],
            when=self.acting,
        )
