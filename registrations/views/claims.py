"""Claims for indemnity: who claims what of whom, and how each question of it stands (S7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from investors.models import Investor
from notices.models import Method
from registrations.facts.papers import contributed_of, judged_of, party_names, terms_of_matter
from registrations.forms.base import ActForm
from registrations.forms.claims import ClaimForm
from registrations.models import Claim, ClaimRecord, ContributionRecord, Demand
from registrations.rules.contribution import percent
from registrations.rules.days import say
from registrations.rules.findings import Ruling
from registrations.rules.indemnity import DECIDE, GOOD, REFUSED, UNKNOWN
from registrations.rules.money import usd
from registrations.services import claims
from registrations.tables import Table

from .acts import MatterAct, find_demand
from .exports import ListPage
from .paging import pages
from .recording import ActPage
from .scope import CounselPage
from .words import Status, capital, count_words

ROWS = 50
QUESTIONS = {
    "held_harmless": "Is the claimant held harmless?",
    "carve_outs": "Does an exception keep the loss out?",
    "notice": "Was notice of the claim prompt?",
    "counsel": "Is counsel approved?",
    "settlement": "Has a settlement the consents it needs?",
}
STATES = {
    GOOD: Status("done", "In order"),
    REFUSED: Status("missed", "Not covered"),
    DECIDE: Status("soon", "For counsel to judge"),
    UNKNOWN: Status("wait", "Not known"),
}
LIMITS = {
    "gross": "Limited to gross proceeds",
    "net_of_selling_expenses": "Limited to proceeds net of selling expenses",
    "no_limit": "No limit",
}


class Question(NamedTuple):
    """One question of a claim as it stands."""

    asks: str
    status: Status
    ruling: Ruling
    clause: str


class ShareRow(NamedTuple):
    """What one party bears of a loss on record."""

    name: str
    net: Decimal
    fault: str
    cents: int


class OfClaim:
    """A page about one claim of the page's agreement, or 404."""

    claim: Claim
    record: ClaimRecord

    def find_claim(self, page: CounselPage, number: int) -> None:
        self.claim = get_object_or_404(
            Claim.objects.select_related("demand__notice"), agreement=page.agreement, number=number
        )
        self.claim.agreement = self.claim.demand.agreement = page.agreement
        page.nav = self.claim.demand.reference
        self.record = standing_record(self.claim)


def standing_record(claim: Claim) -> ClaimRecord:
    """What is known of a claim now."""
    record: ClaimRecord = (
        ClaimRecord.objects.standing()
        .select_related("claimant_investor", "against")
        .get(claim=claim)
    )
    record.claim = claim
    return record


def says(record: ClaimRecord) -> str:
    """Birch claims $400,000.00 of the Company"""
    what = usd(record.amount) if record.amount is not None else "indemnity"
    return f"{capital(record.claimant_words)} claims {what} of {record.against_words}"


class ClaimsPage(ListPage):
    """Who claims indemnity because of the registration, and how does each claim stand?"""

    template_name = "counsel/claims.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, kwargs.pop("number"))
        self.nav = demand.reference
        found = Claim.objects.filter(demand=demand).order_by("-number")
        page = pages(self.request, found.count(), ROWS)
        standing = ClaimRecord.objects.standing().select_related("claimant_investor", "against")
        rows = []
        for claim in found.prefetch_related(Prefetch("records", standing, to_attr="stand"))[
            page.start : page.stop
        ]:
            claim.agreement, claim.demand = self.agreement, demand
            (record,) = claim.stand
            record.claim = claim
            rows.append((claim, record, says(record)))
        terms = terms_of_matter(demand)
        n = count_words(page.total, "claim")
        kwargs.update(
            demand=demand,
            rows=rows,
            pages=page,
            clause=terms.clause("held_harmless") or terms.clause("indemnity"),
            summary=terms.summaries.get("held_harmless") or terms.summaries.get("indemnity", ""),
            heading=f"{capital(n)} for indemnity because of {demand.reference}."
            if page.total
            else f"{demand.reference}: no claim for indemnity is on record.",
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-{context['demand'].reference}-claims-{self.today}",
            ["Claim", "How it stands", "About"],
            ([claim.reference, says, record.about] for claim, record, says in context["rows"]),
        )


class ClaimPage(OfClaim, CounselPage, TemplateView):
    """How does this claim stand, question by question, and what is payable of it?"""

    template_name = "counsel/claim.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.find_claim(self, kwargs.pop("claim"))
        judged = judged_of(self.record)
        questions = [
            Question(
                QUESTIONS[about],
                STATES[ruling.outcome],
                ruling,
                _clause(ruling),
            )
            for about, ruling in judged.rulings.items()
        ]
        terms = terms_of_matter(self.claim.demand)
        contribution = (
            ContributionRecord.objects.standing()
            .filter(claim=self.claim)
            .select_related("recorded_by")
            .prefetch_related("parts__investor")
            .first()
        )
        kwargs.update(
            claim=self.claim,
            demand=self.claim.demand,
            record=self.record,
            heading=f"{self.claim.reference}: {says(self.record)}.",
            line=_line(judged.rulings),
            questions=questions,
            payable=[(LIMITS[c.reading], c) for c in judged.payable],
            readings=len(judged.payable) > 1,
            chosen=terms.chosen.get("indemnity.cap"),
            waits=judged.awaiting,
            facts=facts_of_record(self.record),
            history=ClaimRecord.objects.filter(claim=self.claim)
            .select_related("recorded_by", "claimant_investor", "against")
            .order_by("-pk"),
            contribution=contribution,
            contribution_clause=terms.clause("contribution"),
            **self.shared(contribution, terms.clause("contribution")),
        )
        return super().get_context_data(**kwargs)

    def shared(self, record: ContributionRecord | None, clause: str) -> dict[str, Any]:
        """What each party bears of the loss on record."""
        if record is None:
            return {}
        told = contributed_of(record, clause=clause)
        names = party_names(self.agreement)
        return {
            "told": told,
            "shares": [
                ShareRow(
                    capital(names[part.investor_id or 0]),
                    part.net_proceeds,
                    percent(part.fault),
                    told.shares[part.investor_id or 0],
                )
                for part in record.parts.all()
            ],
        }


def _clause(ruling: Ruling) -> str:
    """The section a question is answered by."""
    sections = [r.clause for r in ruling.because] + [a.clause for a in ruling.awaiting]
    return next(iter(sections), "")


def _line(rulings: Mapping[str, Ruling]) -> str:
    """The claim in one line: what speaks against it, what is for counsel, what is missing."""
    outcomes = [ruling.outcome for ruling in rulings.values()]
    said = []
    if refused := outcomes.count(REFUSED):
        said.append(f"{count_words(refused, 'question')} against it")
    if decide := outcomes.count(DECIDE):
        said.append(f"{count_words(decide, 'question')} for counsel to judge")
    if unknown := outcomes.count(UNKNOWN):
        said.append(f"{count_words(unknown, 'question')} not known yet")
    return f"{capital(', '.join(said))}." if said else "Every question of it is in order."


def facts_of_record(record: ClaimRecord) -> list[tuple[str, str]]:
    """What is on record of a claim, by what each field is called."""
    told: list[tuple[str, str]] = []
    for field in ClaimRecord._meta.concrete_fields:
        if field.name in _NOT_FACTS:
            continue
        value = getattr(record, field.name)
        if value in (None, "", []):
            continue
        label = str(field.verbose_name)
        told.append((label[:1].upper() + label[1:], _in_words(field, value)))
    return told


_NOT_FACTS = {
    "id", "claim", "replaces", "reason", "recorded_at", "recorded_by", "claimant_investor",
    "claimant_name", "claimant", "against",
}  # fmt: skip


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return say(value)
    if isinstance(value, Decimal):
        return usd(value)
    if isinstance(value, list):
        return "; ".join(str(ClaimRecord.CarveOut(each).label) for each in value)
    if field.name == "notice_method":
        return str(Method(value).label)
    return str(dict(field.flatchoices).get(value, value))


# --- what may be recorded -------------------------------------------------------------------


def everybody(demand: Demand) -> list[Investor]:
    """The Investors a claim may be about."""
    return list(Investor.objects.filter(agreement=demand.agreement).order_by("name", "pk"))


class RecordClaim(MatterAct):
    """Somebody claims indemnity."""

    template_name = "counsel/acts/claim.html"
    form_class = ClaimForm
    button = "Save claim"
    saved = "Claim saved."
    looks = False

    def find(self) -> None:
        super().find()
        self.heading = f"Record a claim for indemnity because of {self.demand.reference}"
        self.intro = (
            "Enter what is known; the rest can follow. A claim the agreement does not cover is "
            "recorded too, and its page says why it does not."
        )
        self.clause = "5"

    def consequences(self, form: ActForm) -> None:
        return None

    def form_options(self) -> dict[str, Any]:
        return {"investors": everybody(self.demand)}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(ClaimForm, form)
        return claims.record_claim(
            demand=self.demand,
            claim=typed.claim(),
            stated_on=typed.cleaned_data["stated_on"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        slug = self.agreement.slug
        if made is None:
            return reverse("claims", args=[slug, self.demand.in_address])
        return reverse("claim", args=[slug, made.number])

    def where(self) -> list[tuple[str, str]]:
        return claims_path(self.demand)


def claims_path(demand: Demand) -> list[tuple[str, str]]:
    """The way to the claims of a registration."""
    slug = demand.agreement.slug
    return [
        ("Registrations", reverse("registrations", args=[slug])),
        (demand.reference, reverse("demand", args=[slug, demand.in_address])),
        ("Claims", reverse("claims", args=[slug, demand.in_address])),
    ]


class ClaimAct(OfClaim, ActPage):
    """An act on one claim; it comes back to its page."""

    looks = False

    def find(self) -> None:
        self.find_claim(self, self.kwargs["claim"])

    def consequences(self, form: ActForm) -> None:
        return None

    def lands_on(self, made: Any) -> str:
        return reverse("claim", args=[self.agreement.slug, self.claim.number])

    def where(self) -> list[tuple[str, str]]:
        return [*claims_path(self.claim.demand), (self.claim.reference, self.lands_on(None))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"back": self.lands_on(None), **kwargs})


class ChangeClaim(ClaimAct):
    """More is known of a claim, or something was recorded wrong."""

    template_name = "counsel/acts/claim.html"
    form_class = ClaimForm
    button = "Save what is known now"
    saved = "Claim saved."
    clause = "5"

    def find(self) -> None:
        super().find()
        self.heading = f"What is known of {self.claim.reference} now?"
        self.intro = "What stood before stays on record. To change what was stated, say why."

    def form_options(self) -> dict[str, Any]:
        return {"investors": everybody(self.claim.demand), "record": self.record}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(ClaimForm, form)
        return claims.change_claim(
            claim=self.claim,
            known=typed.claim(),
            stated_on=typed.cleaned_data["stated_on"],
            reason=typed.cleaned_data["reason"],
            replaces=self.record,
            when=self.acting,
        )
