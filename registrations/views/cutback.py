"""An offering cut back: who may sell how much at what the underwriters will take."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.forms import BoundField
from django.views.generic import TemplateView

from investors.models import Investor
from registrations.facts import holdings, terms_of
from registrations.forms.cutback import COMPANY, CutbackForm
from registrations.rules.cutback import Allocation, Claim, allocate

from .scope import CounselPage


class CutbackRow(NamedTuple):
    """One holder: what it holds, what it asks, and what it may sell where that is known,
    on the governing reading and on the other."""

    investor: Investor
    held: int
    asks: BoundField
    group: BoundField
    who: BoundField | None
    claim: Claim | None
    allocated: int | None
    otherwise: int | None

    @property
    def cut(self) -> int:
        """Shares asked for and left out."""
        return self.claim.asked - (self.allocated or 0) if self.claim else 0

    @property
    def in_full(self) -> bool:
        return self.claim is not None and self.cut == 0


class CutbackPage(CounselPage, TemplateView):
    """What does each holder get at the underwriters' maximum?  Section 3(c) (P7, H5).

    Nothing is saved: the numbers are in the address of the page, which can be sent on.
    """

    template_name = "counsel/cutback.html"
    nav = "cutback"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms = terms_of(self.agreement, max(self.day, self.agreement.dated_on))
        orders = terms.values.get("cutback", {})
        clause = terms.clause("cutback")
        kwargs.update(clause=clause, summary=terms.summaries.get("cutback", ""), orders=orders)
        if orders:
            kwargs.update(self._worked_out(orders, clause))
        else:
            kwargs.update(heading="The agreement gives no order for a cutback.")
        return super().get_context_data(**kwargs)

    def _worked_out(self, orders: Any, clause: str) -> dict[str, Any]:
        held = holdings(self.agreement, self.day)
        holders = [
            (investor, shares)
            for investor in Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
            if investor.pk in held and (shares := held[investor.pk].registrable)
        ]
        asked = bool(self.request.GET)
        form = CutbackForm(self.request.GET if asked else None, holders=holders, orders=orders)
        claims: dict[int, Claim] = {}
        told: list[Allocation] = []
        if asked and form.is_valid():
            claims = {c.holder: c for c in form.claims()}
        own = claims.pop(COMPANY, None)
        if claims:
            told = [
                allocate(
                    [*([own] if own else []), *claims.values()],
                    form.order,
                    maximum=form.cleaned_data["maximum"],
                    where=form.cleaned_data.get("where", ()),
                    shared_again=again,
                    clause=clause,
                )
                for again in form.order.shared_again
            ]
        offering = told[0] if told else None
        other = told[1] if len(told) > 1 and told[1].shares != told[0].shares else None
        wanted = sum(c.asked for c in claims.values())
        company = offering.shares.get(COMPANY, 0) if offering else 0
        got = offering.total - company if offering else 0
        return {
            "form": form,
            "offering": offering,
            "other": other,
            "company_gets": company,
            "other_got": other.total - other.shares.get(COMPANY, 0) if other else 0,
            "wanted": wanted,
            "got": got,
            "left_out": wanted - got,
            "together": sum(c.held for c in claims.values()),
            "rows": [
                CutbackRow(
                    i,
                    shares,
                    form[f"asks_{i.pk}"],
                    form[f"group_{i.pk}"],
                    form[f"who_{i.pk}"] if f"who_{i.pk}" in form.fields else None,
                    claims.get(i.pk),
                    offering.shares.get(i.pk) if offering else None,
                    other.shares.get(i.pk) if other else None,
                )
                for i, shares in holders
            ],
            "heading": f"Holders get {got:,} of the {wanted:,} shares they ask for."
            if offering
            else "No holder asks for shares yet. Enter what each asks for."
            if asked and form.is_valid()
            else "What does each holder get at the underwriters’ maximum?",
        }
