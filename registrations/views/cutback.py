"""An offering cut back: who may sell how much at what the underwriters will take."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.forms import BoundField
from django.views.generic import TemplateView

from investors.models import Investor
from registrations.facts import holdings
from registrations.forms.cutback import CutbackForm
from registrations.rules.cutback import Claim, cut_back

from .scope import CounselPage


class CutbackRow(NamedTuple):
    """One holder: what it holds, what it asks, and what it may sell where that is known."""

    investor: Investor
    held: int
    asks: BoundField
    group: BoundField
    claim: Claim | None
    allocated: int | None

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
        held = holdings(self.agreement, self.day)
        holders = [
            (investor, shares)
            for investor in Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
            if investor.pk in held and (shares := held[investor.pk].registrable)
        ]
        asked = bool(self.request.GET)
        form = CutbackForm(self.request.GET if asked else None, holders=holders)
        claims: dict[int, Claim] = {}
        offering = None
        if asked and form.is_valid():
            claims = {c.holder: c for c in form.claims()}
            if claims:
                offering = cut_back(
                    claims.values(),
                    company=form.cleaned_data["company"] or 0,
                    maximum=form.cleaned_data["maximum"],
                )
        wanted = sum(c.asked for c in claims.values())
        got = sum(offering.holders.values()) if offering else 0
        kwargs.update(
            form=form,
            offering=offering,
            wanted=wanted,
            got=got,
            left_out=wanted - got,
            together=sum(c.held for c in claims.values()),
            rows=[
                CutbackRow(
                    i,
                    shares,
                    form[f"asks_{i.pk}"],
                    form[f"group_{i.pk}"],
                    claims.get(i.pk),
                    offering.holders.get(i.pk) if offering else None,
                )
                for i, shares in holders
            ],
            heading=f"Holders get {got:,} of the {wanted:,} shares they ask for."
            if offering
            else "No holder asks for shares yet. Enter what each asks for."
            if asked and form.is_valid()
            else "What does each holder get at the underwriters’ maximum?",
        )
        return super().get_context_data(**kwargs)
