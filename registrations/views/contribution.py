"""A loss contributed to: how much of it falls on each party, each reading apart (S7)."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from django.views.generic import TemplateView

from investors.acts import Refused
from investors.models import Investor
from registrations.facts.papers import registered_of, terms_of_matter
from registrations.forms.base import ActForm
from registrations.forms.claims import ContributionForm, WhatIfForm
from registrations.models import Claim, ContributionRecord, Demand
from registrations.rules.contribution import By, Contributed, Contribution, contribute
from registrations.rules.money import Indemnity, dollars
from registrations.rules.terms import Terms
from registrations.services import claims
from registrations.services.claims import ContributionIn, contributors

from .acts import find_demand, parts_of
from .claims import ClaimAct
from .scope import CounselPage
from .words import capital


class PartyShare(NamedTuple):
    """What one party bears: where a limit's rest stays, and where it is shared again."""

    name: str
    apart: int
    again: int | None


def sellers_of(demand: Demand) -> list[Investor]:
    """The Selling Investors: those the statement covers or, before a filing that says,
    those who asked to be in it."""
    registered = registered_of(demand)
    keys = registered if registered else [part.investor for part in parts_of(demand)]
    return list(
        Investor.objects.filter(agreement=demand.agreement, pk__in=keys).order_by("name", "pk")
    )


def ways_of(terms: Terms) -> list[str]:
    """What the parties may contribute in proportion to, the first first."""
    held: Contribution | None = terms.values.get("contribution")
    return [by.value for by in held.by] if held is not None else []


def limits_of(terms: Terms) -> list[str]:
    """The readings of a Selling Investor's limit here, the governing first; an empty one
    where on one reading, or on the only one, it does not hold."""
    held: Contribution | None = terms.values.get("contribution")
    indemnity: Indemnity | None = terms.values.get("indemnity")
    if held is None or indemnity is None:
        return [""]
    found: list[str] = []
    for holds in held.capped:
        found += [reading.value for reading in indemnity.cap] if holds else [""]
    return found


class ContributionPage(CounselPage, TemplateView):
    """What would each party bear of a loss?  Nothing is saved: the numbers are in the
    address of the page."""

    template_name = "counsel/contribution.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, kwargs.pop("number"))
        self.nav = demand.reference
        terms = terms_of_matter(demand)
        ways = ways_of(terms)
        kwargs.update(
            demand=demand,
            clause=terms.clause("contribution"),
            summary=terms.summaries.get("contribution", ""),
            ways=ways,
            query=self.request.GET.urlencode(),
            claims=Claim.objects.filter(demand=demand).order_by("number"),
            heading="The agreement’s terms do not say how a loss is contributed to.",
        )
        if ways:
            kwargs.update(self.worked_out(demand, terms, ways))
        return super().get_context_data(**kwargs)

    def worked_out(self, demand: Demand, terms: Terms, ways: list[str]) -> dict[str, Any]:
        """The form and, where it can be read, each party's part."""
        form = WhatIfForm(
            self.request.GET or None,
            sellers=sellers_of(demand),
            ways=ways,
            limits=limits_of(terms),
        )
        asked = {"form": form, "heading": "What does each party bear of a loss?"}
        if not self.request.GET or not form.is_valid():
            return asked
        given = form.contribution()
        try:
            apart, again = (
                shares(given, again, terms.clause("contribution")) for again in (False, True)
            )
        except Refused as refusal:
            form.add_error("loss", refusal.message)
            return asked
        names = {0: "The Company", **{i.pk: i.name for i in form.sellers}}
        differ = again.shares != apart.shares
        return {
            **asked,
            "told": apart,
            "again": again if differ else None,
            "loss": int(given.loss * 100),
            "shares": [
                PartyShare(names[who], cents, again.shares[who] if differ else None)
                for who, cents in apart.shares.items()
            ],
            "heading": _answer(apart, names),
        }


def shares(given: ContributionIn, again: bool, clause: str) -> Contributed:
    """Each party's part.  Raises ``Refused`` for numbers that cannot be."""
    if given.limit == "gross" and any(
        p.investor is not None and p.gross_proceeds is None for p in given.parties
    ):
        raise Refused("loss", "Enter each Investor’s gross proceeds, or take no such limit.")
    try:
        return contribute(
            int(given.loss * 100),
            contributors(given),
            by=By(given.by),
            fault_weight=given.fault_weight,
            shared_again=again,
            clause=clause,
        )
    except ValueError as wrong:
        raise Refused("loss", f"It cannot be so: {wrong}. Check the numbers.") from wrong


def _answer(told: Contributed, names: dict[int, str]) -> str:
    most = max(told.shares, key=lambda who: (told.shares[who], -who), default=None)
    if most is None or not told.shares[most]:
        return "Nobody bears any of it: enter what each party received."
    said = f"{capital(names[most])} bears the most: {dollars(told.shares[most])}"
    return f"{said}; {dollars(told.left)} stays where it fell." if told.left else f"{said}."


class RecordContribution(ClaimAct):
    """How a loss is contributed to goes on the record of a claim."""

    template_name = "counsel/acts/contribution.html"
    form_class = ContributionForm
    button = "Save contribution"
    saved = "Contribution saved."

    def find(self) -> None:
        super().find()
        self.terms = terms_of_matter(self.claim.demand)
        self.clause = self.terms.clause("contribution")
        self.heading = f"Record how the loss of {self.claim.reference} is contributed to"
        self.intro = "What is kept are the facts; each party’s part follows from them."

    def form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "sellers": sellers_of(self.claim.demand),
            "ways": ways_of(self.terms) or list(By),
            "limits": limits_of(self.terms),
            "replaces": ContributionRecord.objects.filter(claim=self.claim).exists(),
        }
        if self.request.method == "GET":
            options["initial"] = self.request.GET.dict()
        return options

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(ContributionForm, form)
        data = typed.cleaned_data
        return claims.record_contribution(
            claim=self.claim,
            contribution=typed.contribution(shared_again=data["shared_again"]),
            stated_on=data["stated_on"],
            reason=data.get("reason", ""),
            when=self.acting,
        )
