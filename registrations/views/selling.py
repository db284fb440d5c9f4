"""Who may sell today, who has a prospectus, and where each state stands (S2, S3, S4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.views.generic import TemplateView

from investors.models import Agreement, Investor
from registrations.facts import delays_directed, facts_of, open_days, terms_for
from registrations.models import (
    Demand,
    Statement,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from registrations.rules.prospectus import Selling
from registrations.rules.prospectus import Suspension as SuspensionFact
from registrations.rules.selling import (
    MAY,
    MUST_NOT,
    UNKNOWN,
    Stands,
    Steps,
    unlooked,
    who_may_sell,
)
from registrations.rules.suspending import Used, allowance
from registrations.rules.terms import SPEC, Terms

from .acts import find_demand
from .paging import Pages, pages
from .scope import CounselPage
from .whys import Why, why_of
from .words import Status, capital, count_words, listed, short_day

ROWS = 50
MOST_HISTORY = 60
ANSWERS = {
    MAY: Status("done", "May sell"),
    MUST_NOT: Status("missed", "Must not sell"),
    UNKNOWN: Status("wait", "Not known"),
}


class SellerRow(NamedTuple):
    """One Selling Investor: may it sell, why, and what is missing."""

    name: str
    investor: UUID
    covered: int | None
    status: Status
    says: str
    missing: str
    why: Why


class StepRow(NamedTuple):
    """One Selling Investor in one suspension."""

    name: str
    step: Steps
    status: Status


class Sheet(NamedTuple):
    """One suspension: what began it, its letters, how far each Selling Investor is, and the
    entries behind it."""

    suspension: Suspension
    fact: SuspensionFact
    over: bool
    rows: Sequence[StepRow]
    records: Sequence[SuspensionRecord]
    letters: Sequence[SuspensionLetter]
    answers: Sequence[SuspensionAnswer]
    more: int

    @property
    def asked(self) -> bool:
        """Whether anybody was asked to stop."""
        return any(letter.asks_to_stop for letter in self.fact.letters)


class CarriedPage(CounselPage, TemplateView):
    """A page on how the statement of a registration is carried through, as of its day."""

    follows_as_of = True
    demand: Demand
    terms: Terms
    facts: Selling
    statement: Statement | None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.demand = find_demand(self, self.kwargs["number"])
        self.nav = self.demand.reference
        self.terms = terms_for(self.demand)
        facts = facts_of(self.demand, self.as_of).selling
        self.facts = facts if self.as_of is None else facts.upto(self.as_of)
        self.statement = Statement.objects.filter(demand=self.demand).first()
        kwargs.update(
            demand=self.demand,
            statement=self.statement,
            when_words=f"on {short_day(self.as_of, self.today)}" if self.as_of else "today",
            live=self.may_record and self.statement is not None,
        )
        self.fill(kwargs)
        return super().get_context_data(**kwargs)

    def fill(self, context: dict[str, Any]) -> None:
        """What the page itself shows."""


class SellingPage(CarriedPage):
    """Who may sell today?"""

    template_name = "counsel/selling.html"

    def fill(self, context: dict[str, Any]) -> None:
        stands = who_may_sell(self.facts, self.terms, open_days(), self.day)
        page = pages(self.request, len(stands), ROWS)
        rows = _rows(stands[page.start : page.stop], self.terms, page)
        sheets = self.sheets(stands, page)
        context.update(
            heading=heading(stands, self.demand.reference, context["when_words"]),
            rows=rows,
            pages=page,
            sheets=sheets,
            used=allowed(self.agreement, self.demand, self.facts, self.terms, self.day),
            allows=self.terms.summaries.get("suspension", ""),
            allows_clause=self.terms.clause("suspension"),
            rule_summary=self.terms.summaries.get("stop_offers", ""),
            rule_clause=self.terms.clause("stop_offers"),
            unlooked=[(SPEC[name].label, self.terms.clause(name)) for name in unlooked(self.terms)],
            undelivered=bool(self.facts.suspensions) and not self.facts.furnished,
        )

    def sheets(self, stands: Sequence[Stands], page: Pages) -> list[Sheet]:
        """The suspensions, the latest first; the Selling Investors of one page of each."""
        known = {s.id: s for s in self.facts.suspensions}
        found = (
            Suspension.objects.filter(pk__in=known)
            .order_by("-number")
            .prefetch_related(
                "records__recorded_by",
                "records__replacement",
                "letters__notice",
                "letters__recorded_by",
                "letters__replacement",
                "answers__investor",
                "answers__recorded_by",
                "answers__replacement",
            )
        )
        return [self.sheet(s, known[s.pk], stands, page) for s in found]

    def sheet(
        self, suspension: Suspension, fact: SuspensionFact, stands: Sequence[Stands], page: Pages
    ) -> Sheet:
        steps = [
            (each.seller.name, step)
            for each in stands
            for step in each.steps
            if step.suspension.id == suspension.pk
        ]
        answers = [a for a in suspension.answers.all() if self.by(a.on)]
        sent = {letter.id for letter in fact.letters}
        return Sheet(
            suspension,
            fact,
            all(step.over for _, step in steps),
            [
                StepRow(name, step, ANSWERS[step.outcome])
                for name, step in steps[page.start : page.stop]
            ],
            [r for r in suspension.records.all() if self.by(r.on)],
            [x for x in suspension.letters.all() if x.notice_id in sent],
            answers[:MOST_HISTORY],
            max(0, len(answers) - MOST_HISTORY),
        )

    def by(self, on: date) -> bool:
        """Whether a day had come by the page's."""
        return on <= self.day


def heading(stands: Sequence[Stands], ref: str, when: str) -> str:
    """The page's answer in one or two sentences."""
    if not stands:
        return f"Nobody sells under {ref} {when}."
    by: Mapping[str, list[str]] = {
        outcome: [s.seller.name for s in stands if s.answer.outcome == outcome]
        for outcome in (MAY, MUST_NOT, UNKNOWN)
    }
    told = [outcome for outcome in by if by[outcome]]
    if len(told) == 1:
        return {
            MAY: f"Every Selling Investor may sell under {ref} {when}.",
            MUST_NOT: f"No Selling Investor may sell under {ref} {when}.",
            UNKNOWN: f"Whether anybody may sell under {ref} {when} is not known.",
        }[told[0]]
    said = []
    for outcome in told:
        names = by[outcome]
        many = len(names) > 3
        who = count_words(len(names), "Selling Investor") if many else listed(names)
        if outcome == MAY:
            said.append(f"{capital(who)} may sell under {ref} {when}.")
        elif outcome == MUST_NOT:
            said.append(f"{capital(who)} must not.")
        else:
            said.append(f"Not known: {who}.")
    return " ".join(said)


def _rows(stands: Sequence[Stands], terms: Terms, page: Pages) -> list[SellerRow]:
    public = dict(
        Investor.objects.filter(pk__in=[s.seller.investor for s in stands]).values_list(
            "pk", "public_id"
        )
    )
    found = []
    for n, each in enumerate(stands, page.first):
        answer = each.answer
        # The last reason says what it comes to: the statement first, then each suspension.
        says = answer.because[-1].text
        open_steps = [s for s in each.steps if not s.over]
        missing = dict.fromkeys(m for step in open_steps for m in step.missing)
        reasons = why_of(
            answer.because,
            terms,
            id=f"why-seller-{n}",
            clause=answer.because[-1].clause,
            title=f"{each.seller.name}: {ANSWERS[answer.outcome].text.lower()}",
        )
        found.append(
            SellerRow(
                each.seller.name,
                public[each.seller.investor],
                each.seller.covered,
                ANSWERS[answer.outcome],
                says,
                listed(list(missing), 5),
                reasons._replace(
                    others=[f"{capital(r.says)}: {short_day(r.opens_on)}." for r in answer.readings]
                    if len(answer.readings) > 1
                    else (),
                    not_proven=capital("; ".join(a.text for a in answer.awaiting))
                    and f"{capital('; '.join(a.text for a in answer.awaiting))}.",
                ),
            )
        )
    return found


def allowed(
    agreement: Agreement, demand: Demand, facts: Selling, terms: Terms, day: date
) -> Sequence[Used]:
    """Every suspension under the agreement against what it allows, where it limits them."""
    if "suspension" not in terms.values:
        return ()
    others = Demand.objects.filter(
        agreement=agreement, statement__suspensions__isnull=False
    ).exclude(pk=demand.pk)
    sellings = [facts]
    for other in others.distinct().select_related("agreement"):
        sellings.append(facts_of(other, day).selling)
    return allowance(sellings, terms, day, delays_directed(agreement))
