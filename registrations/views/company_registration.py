"""A registration the Company proposes: are Investors owed notice, by when, and who joins?"""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from investors.models import Investor
from registrations.facts import (
    began_on,
    company_facts,
    docket_of,
    house_of,
    invited_of,
    open_days,
    terms_for,
)
from registrations.forms.base import ActForm
from registrations.forms.company import AcceptanceForm, ChangeForm, ProposeForm, WithdrawForm
from registrations.models import DocketEntry, Flag, ProposalRecord
from registrations.rules.findings import Force, Window
from registrations.rules.matter import CompanyFacts
from registrations.services import company

from .acts import MatterAct, find_demand
from .cautions import Caution
from .demand import MOST_HISTORY, ROWS
from .flags import SELLING, missed_words
from .following import RULINGS, Consequences
from .lanes import JOINS, joining, matter_lanes
from .matter import Matter
from .matter_dates import DateRow, carried_rows
from .matter_facts import FactRow
from .paging import pages
from .participants import documents_by_kind, held_on, participants, unit_on
from .recording import ActPage
from .scope import CounselPage
from .whys import Why, why, why_of
from .words import short_day


class CompanyRegistrationPage(CounselPage, TemplateView):
    """Are Investors owed notice of it, by when, and who takes part?"""

    template_name = "counsel/company_registration.html"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, self.kwargs["number"])
        self.nav = demand.reference
        if self.as_of is not None and self.as_of < began_on(demand):
            raise Http404("It had not been proposed by then.")
        matter = self.matter(demand)
        total = len(matter.facts.invited) if matter.docket.notices else 0
        page = pages(self.request, total, ROWS)
        rows, totals = participants(demand, matter, start=page.start, size=ROWS)
        flags = list(
            Flag.objects.filter(demand=demand)
            .prefetch_related(Prefetch("agreement"))
            .order_by("-raised_at", "-pk")
        )
        for flag in flags:
            flag.demand = demand
        if self.as_of is not None:
            flags = [f for f in flags if f.since_on <= self.as_of]
        entries = DocketEntry.objects.filter(demand=demand)
        lanes, axis = matter_lanes(
            [demand],
            list(entries.exclude(rule__in=JOINS).filter(kind="window")),
            joining(entries, upto=self.as_of),
            day=self.day,
            soon_days=matter.soon_days,
            looking_back=self.as_of is not None,
        )
        facts = matter.facts
        live = self.may_record and facts.withdrawn_on is None
        kwargs.update(
            demand=demand,
            matter=matter,
            heading=_heading(matter),
            screening=_screening(matter),
            cautions=_cautions(matter),
            lanes=lanes,
            axis=axis,
            facts=_facts(matter, documents_by_kind(demand).get("proposal", 0)),
            dates=_dates(matter),
            history=ProposalRecord.objects.filter(demand=demand)
            .select_related("recorded_by")
            .order_by("-pk"),
            participants=rows if total else [],
            held_on=held_on(matter),
            per_unit=unit_on(demand, matter),
            filed=facts.filing is not None,
            began=facts.proposal.proposed_on,
            totals=totals,
            pages=page,
            flags=[(flag, missed_words(flag)) for flag in flags[:MOST_HISTORY]],
            more_flags=max(0, len(flags) - MOST_HISTORY),
            standing_flags=sum(f.cleared_at is None for f in flags),
            live=live,
            may_file=live and facts.filing is None,
            may_be_effective=live and facts.filing is not None and facts.effective_on is None,
            may_withdraw=live and facts.effective_on is None,
            may_accept=live and facts.proposal.underwritten,
        )
        return super().get_context_data(**kwargs)

    def matter(self, demand: Any) -> Matter[CompanyFacts]:
        """The matter as of the page's day, worked out from its facts by the rules."""
        terms = terms_for(demand, self.as_of)
        facts = company_facts(demand, self.as_of, terms=terms)
        if self.as_of is not None:
            facts = facts.upto(self.as_of)
        return Matter(
            ref=demand.reference,
            number=demand.in_address,
            slug=self.agreement.slug,
            facts=facts,
            docket=docket_of(demand, as_of=self.as_of, supposing=facts, terms=terms),
            terms=terms,
            house=house_of(self.agreement.company),
            open_days=open_days(),
            day=self.day,
            soon_days=self.agreement.company.due_soon_days,
            zone=self.agreement.time_zone,
        )


def _heading(matter: Matter[CompanyFacts]) -> str:
    facts, ref, outcome = matter.facts, matter.ref, matter.docket.ruling.outcome
    if facts.withdrawn_on:
        return f"{ref} was withdrawn on {short_day(facts.withdrawn_on, matter.day)}."
    if facts.effective_on:
        return f"{ref} became effective on {short_day(facts.effective_on, matter.day)}."
    if facts.filing:
        return f"{ref} was filed on {short_day(facts.filing.on, matter.day)}."
    if outcome == "excluded":
        return f"{ref} owes the Investors no Registration Notice."
    if outcome == "unknown":
        return f"{ref}: whether a Registration Notice is owed is not known."
    notice = matter.docket.window("last_notice")
    if notice is not None and notice.done_on:
        return f"{ref}: the Registration Notice was given to every Investor."
    if notice is not None and notice.closes_on:
        return f"{ref}: give the Registration Notice by {short_day(notice.closes_on, matter.day)}."
    return f"{ref} owes every Investor a Registration Notice."


def _screening(matter: Matter[CompanyFacts]) -> Why:
    ruling = matter.docket.ruling
    found = why_of(
        ruling.because,
        matter.terms,
        id="why-screening",
        clause=ruling.because[0].clause,
        title=RULINGS[ruling.outcome] if ruling.outcome != "unknown" else "Not known yet",
    )
    if ruling.decision is None:
        return found
    by = f" by {ruling.decision.by}" if ruling.decision.by else ""
    decided = f"{short_day(ruling.decision.decided_on, matter.day)}{by}: {ruling.decision.reason}"
    return found._replace(decided=decided)


def _cautions(matter: Matter[CompanyFacts]) -> list[Caution]:
    """What to weigh: everything the docket raises that is not a missing receipt."""
    shown = [c for c in matter.docket.concerns if c.kind != "missing_receipt"][:12]
    found = []
    for n, concern in enumerate(shown):
        href, action = "", ""
        address = [matter.slug, matter.number]
        if concern.kind == "not_accepted":
            href, action = reverse("record-acceptance", args=address), "Record the acceptance"
        elif concern.kind in SELLING:
            href, action = reverse("selling", args=address), "Who may sell"
        elif concern.key.startswith("decide:"):
            about = concern.key.removeprefix("decide:")
            href, action = f"{reverse('decide', args=address)}?about={about}", "Decide"
        because = why_of(
            concern.because,
            matter.terms,
            id=f"why-concern-{n}",
            clause=concern.clause,
            title=concern.text,
        )
        found.append(Caution("", concern.text, href, action, because))
    return found


def _facts(matter: Matter[CompanyFacts], documents: int) -> list[FactRow]:
    facts = matter.facts
    proposal, given = facts.proposal, [a.given_on for a in matter.docket.notices if a.given_on]
    kind = "Underwritten" if proposal.underwritten else "Not underwritten"
    form = f" on Form {proposal.form}" if proposal.form else ""
    rows = [
        FactRow("Proposed", proposal.proposed_on, f"{proposal.what}{form}. {kind}.", documents),
        FactRow("Planned filing", proposal.planned_on, "The Company’s plan; it may move."),
    ]
    if matter.docket.notices:
        rows.append(
            FactRow(
                "Registration Notice last given",
                max(given, default=None),
                f"{len(given):,} of {len(matter.docket.notices):,} Investors.",
            )
        )
    if facts.filing:
        rows.append(FactRow("Registration statement filed", facts.filing.on, ""))
    if facts.effective_on:
        rows.append(FactRow("Registration statement effective", facts.effective_on, ""))
    for investor in facts.invited:
        if on := facts.accepted.get(investor.investor):
            rows.append(FactRow(f"Underwriting accepted by {investor.name}", on, "§3(c)."))
    if facts.withdrawn_on:
        rows.append(
            FactRow(
                "Withdrawn by the Company",
                facts.withdrawn_on,
                "It may, before effectiveness, whoever has joined; the expenses stay the "
                "Company’s. §3(b).",
            )
        )
    return rows


_LABELS = {
    "registration_notice": (
        "Give every Investor the Registration Notice by",
        "Our target, not in the agreement: it says promptly, and before filing.",
    ),
    "last_notice": (
        "Last safe day to give it for the planned filing",
        "Sent by a method that counts when sent.",
    ),
    "file": ("Planned filing", "The Company’s plan; it may move."),
    "effective": ("Effective", "No day is set. Until then the Company may withdraw."),
}


def _dates(matter: Matter[CompanyFacts]) -> list[DateRow]:
    rows = []
    for window in matter.docket.windows:
        if window.key in _LABELS:
            label, basis = _LABELS[window.key]
            if window.key == "registration_notice" and window.force is Force.DUTY:
                basis = "A day of the agreement’s own."
            rows.append(_date(matter, window, label, basis))
    joins = [w for w in matter.joins if w.closes_on]
    if joins:
        last = max(joins, key=lambda w: w.closes_on or began(matter))
        rows.append(
            _date(
                matter,
                last,
                "The last known window to answer closes",
                f"{len(joins):,} of {len(matter.joins):,} windows are known. Each runs from the "
                "day the notice was given to that Investor.",
            )
        )
    rows += carried_rows(matter)
    return rows


def began(matter: Matter[CompanyFacts]) -> Any:
    """The day the Company proposed it."""
    return matter.facts.proposal.proposed_on


def _date(matter: Matter[CompanyFacts], window: Window, label: str, basis: str) -> DateRow:
    made = why(window, matter.terms, id=f"why-{window.key}".replace(":", "-"), today=matter.day)
    posted = next((r for r in window.readings if r.name == "counts_on_receipt"), None)
    if posted is not None and posted.closes_on:
        basis += f" {posted.says.capitalize()}: {short_day(posted.closes_on, matter.day)}."
    return DateRow(label, window.closes_on, basis, matter.status(window), made, False, "Not known")


# --- what may be recorded -------------------------------------------------------------------


class Propose(ActPage):
    """The Company proposes a registration: is a Registration Notice owed (P1, P2)?"""

    form_class = ProposeForm
    nav = "registrations"
    heading = "Record a Company registration"
    intro = (
        "Every proposed registration is screened: Investors are owed a Registration Notice "
        "unless the agreement leaves it out. The conclusion is shown before anything is saved."
    )
    clause = "3(a)"
    button = "Save registration"
    saved = "Registration saved."
    multipart = True

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        propose = cast(ProposeForm, form)
        data = propose.cleaned_data
        return company.propose_registration(
            agreement=self.agreement,
            proposal=propose.proposal(),
            proposed_on=data["proposed_on"],
            memo=data["memo"],
            files=() if trying else data["files"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_matter(form, None)

    def lands_on(self, made: Any) -> str:
        return reverse("demand", args=[self.agreement.slug, made.in_address])

    def where(self) -> list[tuple[str, str]]:
        return [("Registrations", reverse("registrations", args=[self.agreement.slug]))]


class Change(MatterAct):
    """What the Company proposes has changed, such as the planned filing day."""

    form_class = ChangeForm
    clause = "3(a)"
    button = "Save change"
    saved = "Change saved."

    def find(self) -> None:
        super().find()
        self.heading = f"Change what {self.demand.reference} proposes"
        self.intro = "What stood before stays on record, with your reason."
        self.record = ProposalRecord.objects.standing().get(demand=self.demand)

    def form_options(self) -> dict[str, Any]:
        return {"record": self.record}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        change = cast(ChangeForm, form)
        return company.change_proposal(
            demand=self.demand,
            proposal=change.proposal(),
            stated_on=change.cleaned_data["stated_on"],
            reason=change.cleaned_data["reason"],
            replaces=self.record,
            when=self.acting,
        )


class Withdraw(MatterAct):
    """The Company withdrew or terminated its registration (P5)."""

    form_class = WithdrawForm
    clause = "3(b)"
    button = "Save withdrawal"
    saved = "Withdrawal saved."

    def find(self) -> None:
        super().find()
        self.heading = f"Record the withdrawal of {self.demand.reference}"
        self.intro = (
            "Before effectiveness the Company may withdraw, whoever has joined. The expenses stay "
            "the Company’s."
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return company.withdraw_registration(
            demand=self.demand,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            when=self.acting,
        )


class RecordAcceptance(MatterAct):
    """An Investor accepted the terms of the underwriting (P6)."""

    form_class = AcceptanceForm
    clause = "3(c)"
    button = "Save acceptance"
    saved = "Acceptance saved."

    def find(self) -> None:
        super().find()
        self.heading = f"Who accepted the underwriting of {self.demand.reference}?"
        self.intro = "An Investor that has not accepted its terms cannot take part yet."

    def form_options(self) -> dict[str, Any]:
        return {"investors": [(i.investor, i.name) for i in invited_of(self.demand)]}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return company.record_acceptance(
            demand=self.demand,
            investor=get_object_or_404(Investor, Q(agreement=self.agreement), pk=data["investor"]),
            on=data["on"],
            reason=data["reason"],
            when=self.acting,
        )
