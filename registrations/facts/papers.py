"""Rows in, facts out, for the papers of a registration: expenses, claims and information."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from investors import sight
from investors.models import Agreement, Investor
from notices.models import RequestRecord

from ..models import (
    ClaimRecord,
    ContributionPart,
    ContributionRecord,
    Demand,
    Expense,
    InformationAnswer,
    InformationRequest,
    ProposalRecord,
    StatementRecord,
)
from ..rules.contribution import By, Contributed, Contributor, contribute
from ..rules.expenses import COMPANY, SELLERS, Account, Cost, account
from ..rules.findings import Concern
from ..rules.indemnity import ClaimFacts, ClaimTerms, Judged, judge_claim
from ..rules.information import PARTS, Asked, Stands, Stated, doubts, lacks, stands
from ..rules.joining import answers
from ..rules.money import Expenses
from ..rules.notice import Copy, arrival
from ..rules.securities import positions
from ..rules.terms import Terms
from .beside import circumstances_of
from .mail import addresses_by_party, consents_by_party
from .matters import facts_of
from .register import ledger_of
from .statements import filing_of
from .terms import house_of, open_days, terms_for


def registered_of(demand: Demand) -> Mapping[int, int] | None:
    """The Registrable Shares the statement of a matter covers for each Selling Investor, as
    last amended; ``None`` while no filing that says is on record."""
    filing = filing_of(demand)
    return filing.covers_now if filing is not None else None


def terms_of_matter(demand: Demand) -> Terms:
    """The terms a matter is judged by: those in force when it began."""
    return terms_for(demand)


def account_of(demand: Demand, expenses: Iterable[Expense] | None = None) -> Account:
    """A registration's expenses added up (S6); ``expenses`` are its standing entries, where
    they are read already."""
    if expenses is None:
        expenses = Expense.objects.standing().filter(demand=demand)
    terms = terms_of_matter(demand)
    held: Expenses | None = terms.values.get("expenses")
    by_day = sorted(expenses, key=lambda e: (e.on, e.pk))
    return account(
        [cost_of(e) for e in by_day],
        held,
        registered=registered_of(demand) if by_day else None,
        clause=terms.clause("expenses"),
        payer=_payer(demand) if held is not None and held.payer_bears else "",
    )


def _payer(demand: Demand) -> str:
    """Who pays for a registration, as counsel filled it in; empty while not on record."""
    return str(circumstances_of(demand).choices.get("paid_by", ""))


def cost_of(expense: Expense) -> Cost:
    """An entry of the ledger as the rules know it."""
    paid_by = {"company": COMPANY, "sellers": SELLERS, "investor": expense.payer_id, "": None}
    return Cost(
        expense.pk,
        expense.kind,
        int(expense.amount * 100),
        paid_by[expense.paid_by],
        expense.about_id,
    )


def kinds_of(terms: Terms) -> tuple[str, ...]:
    """The kinds of expense a ledger takes beside the program's own: those the terms name."""
    held: Expenses | None = terms.values.get("expenses")
    return () if held is None else (*held.company, *held.sellers, *held.caps)


def party_names(agreement: Any) -> dict[int, str]:
    """What each party of an account is called, by its key."""
    names = dict(Investor.objects.filter(agreement=agreement).values_list("pk", "name"))
    return {**names, COMPANY: "the Company", SELLERS: "the sellers together"}


# --- claims ---------------------------------------------------------------------------------


def judged_of(record: ClaimRecord) -> Judged:
    """A claim as known by an entry, judged by the terms its registration began under (S7)."""
    claim = record.claim
    terms = terms_of_matter(claim.demand)
    return judge_claim(
        claim_facts(record, terms),
        claim_terms(terms),
        promptly=house_of(claim.agreement.company).promptly,
        open_days=open_days(),
    )


def claim_terms(terms: Terms) -> ClaimTerms:
    """What the agreement says of claims."""
    return ClaimTerms(
        terms.values.get("held_harmless"),
        terms.values.get("claims"),
        terms.values.get("indemnity"),
        terms.clause("held_harmless"),
        terms.clause("claims"),
        terms.clause("indemnity"),
    )


def claim_facts(record: ClaimRecord, terms: Terms) -> ClaimFacts:
    """An entry of a claim as the rules know it.  Notice of it goes to the Indemnifying
    Party, and counts as any notice does (N1 to N5)."""
    arrived = None
    if record.notice_method:
        everybody = Q(agreement=record.claim.agreement_id)
        copy = Copy(0, record.notice_method, record.notice_sent_on, record.notice_received_on, None)
        arrived = arrival(
            copy,
            terms=terms,
            addresses=addresses_by_party(everybody).get(record.against_id, ()),
            consents=consents_by_party(everybody).get(record.against_id, ()),
        )
    return ClaimFacts(
        claimant=record.claimant,
        against_company=record.against_id is None,
        known_on=record.known_on,
        given_on=arrived.given_on if arrived else None,
        not_given=arrived.awaiting if arrived else (),
        prejudiced=record.prejudiced,
        counsel=record.counsel,
        counsel_approved=record.counsel_approved,
        carve_outs=tuple(record.carve_outs),
        furnished=record.furnished,
        settled_by=record.settled_by,
        settled_on=record.settled_on,
        releases_all=record.releases_all,
        indemnifying_consent_on=record.indemnifying_consent_on,
        indemnified_consent_on=record.indemnified_consent_on,
        claimed=record.amount,
        gross=record.gross_proceeds,
        net=record.net_proceeds,
        fraud=record.fraud,
    )


def contributed_of(record: ContributionRecord, *, clause: str = "") -> Contributed:
    """How a loss on record falls on its parties, whole cents; the Company's key is 0."""
    return contribute(
        int(record.loss * 100),
        [
            Contributor(
                part.investor_id or COMPANY,
                int(part.net_proceeds * 100),
                part.fault,
                _limit(part, record.limit),
            )
            for part in record.parts.all()
        ],
        by=By(record.by),
        fault_weight=record.fault_weight,
        shared_again=record.shared_again,
        clause=clause,
    )


def _limit(part: ContributionPart, limit: str) -> int | None:
    if part.investor_id is None or not limit:
        return None
    held = part.gross_proceeds if limit == "gross" else part.net_proceeds
    return None if held is None else int(held * 100)


# --- information ----------------------------------------------------------------------------


class Furnishes(NamedTuple):
    """A Selling Investor, what it was asked and has answered, and how that stands."""

    investor: Investor
    asked: InformationRequest | None
    answered: InformationAnswer | None
    stands: Stands
    doubts: tuple[Concern, ...]


def asking_of(demand: Demand) -> Mapping[int, int | None]:
    """Who takes part in a registration, with the shares each asked to have in it: those who
    began it and those who asked to join, by the Investor's key."""
    facts = facts_of(demand)
    terms = terms_of_matter(demand)
    found = {i.investor: i.shares for i in facts.initiators}
    for invited in facts.invited:
        told = answers(invited, terms)
        if told and not told[-1][1].declines:
            found[invited.investor] = told[-1][1].shares
    return found


def information_of(demand: Demand, today: date) -> list[Furnishes]:
    """Every Selling Investor of a registration, and whoever was asked or answered, by name:
    what it has furnished and what is missing (S5).  In a registration that is over, as on its
    last day."""
    asking = asking_of(demand)
    asked = {
        r.investor_id: r
        for r in InformationRequest.objects.standing()
        .filter(demand=demand)
        .select_related("recorded_by")
    }
    answered = {
        a.investor_id: a
        for a in InformationAnswer.objects.standing()
        .filter(demand=demand)
        .select_related("recorded_by")
    }
    clause = terms_of_matter(demand).clause("information")
    today = min(today, over_on(demand) or today)
    held = holdings_on(demand, {a.received_on for a in answered.values()})
    return [
        _furnishes(
            investor,
            asked.get(investor.pk),
            answered.get(investor.pk),
            held,
            asking.get(investor.pk),
            today,
            clause,
        )
        for investor in Investor.objects.filter(
            agreement=demand.agreement, pk__in={*asking, *asked, *answered}
        ).order_by("name", "pk")
    ]


def over_on(demand: Demand) -> date | None:
    """The day from which a registration goes on no more: withdrawn, or all of it sold."""
    days = [
        *StatementRecord.objects.standing()
        .filter(
            statement__demand=demand,
            kind__in=[StatementRecord.Kind.ALL_SOLD, StatementRecord.Kind.WITHDRAWN],
        )
        .values_list("on", flat=True),
        *ProposalRecord.objects.standing()
        .filter(demand=demand, withdrawn_on__isnull=False)
        .values_list("withdrawn_on", flat=True),
    ]
    return min(days, default=None)


def holdings_on(demand: Demand, days: Iterable[date]) -> Mapping[date, Mapping[int, int]]:
    """Registrable Shares by Investor on some days."""
    ledger = ledger_of(demand.agreement)
    parts = terms_of_matter(demand).unit_parts
    return {
        day: {
            holder: position.registrable
            for holder, position in positions(ledger, on=day, parts=parts).items()
        }
        for day in days
    }


def _furnishes(
    investor: Investor,
    asked: InformationRequest | None,
    answered: InformationAnswer | None,
    held: Mapping[date, Mapping[int, int]],
    asked_for: int | None,
    today: date,
    clause: str,
) -> Furnishes:
    told = stands_of(asked, answered, today, clause)
    if answered is None:
        return Furnishes(investor, asked, None, told, ())
    found = doubts(
        _stated(answered),
        investor=investor.pk,
        name=investor.name,
        held=held[answered.received_on].get(investor.pk),
        asked_for=asked_for,
        clause=clause,
    )
    return Furnishes(investor, asked, answered, told, tuple(found))


def stands_of(
    asked: InformationRequest | None,
    answered: InformationAnswer | None,
    today: date,
    clause: str = "",
) -> Stands:
    """How far one Investor answered what the Company asked it for (S5)."""
    request = Asked(asked.sent_on, asked.due_on, tuple(asked.parts)) if asked else None
    stated = _stated(answered) if answered else None
    return stands(request, stated, today=today, clause=clause)


def _stated(answered: InformationAnswer) -> Stated:
    return Stated(answered.received_on, {part: getattr(answered, part) for part in PARTS})


def prefilled(demand: Demand, investor: Investor, today: date) -> dict[str, Any]:
    """What an answer may start from: the last it gave in any registration, and the register
    and its own request for the numbers.  To be confirmed, never taken as answered."""
    last = (
        InformationAnswer.objects.standing()
        .filter(investor=investor)
        .exclude(demand=demand)
        .order_by("-received_on", "-pk")
        .first()
    )
    kept = ("name", "relationship", "control_persons", "broker_dealer")
    found: dict[str, Any] = {part: getattr(last, part) for part in kept} if last else {}
    with sight.whole(demand.agreement_id):  # read of everybody; this one's is taken
        held = holdings_on(demand, [today])[today].get(investor.pk)
        offered = asking_of(demand).get(investor.pk)
    request = (
        RequestRecord.objects.standing()
        .filter(Q(notice=demand.notice_id) | Q(notice__answers=demand.notice_id), investor=investor)
        .order_by("-pk")
        .first()
    )
    found["name"] = found.get("name") or investor.name
    found["shares_before"] = held
    found["shares_offered"] = offered
    if held is not None and offered is not None and offered <= held:
        found["shares_after"] = held - offered
    found["distribution"] = request.distribution if request is not None else ""
    return {part: value for part, value in found.items() if value not in (None, "")}


class Overdue(NamedTuple):
    """An Investor that had not answered whole by the day it was due."""

    investor: Investor
    demand: Demand
    due_on: date
    in_part: bool


def overdue_information(agreement: Agreement, day: date, most: int = 100) -> list[Overdue]:
    """Who had not furnished by its due day what was asked, as known on a day, the longest
    overdue first; in registrations that go on (S5)."""
    sold = StatementRecord.objects.standing().filter(
        kind__in=[StatementRecord.Kind.ALL_SOLD, StatementRecord.Kind.WITHDRAWN], on__lte=day
    )
    withdrawn = ProposalRecord.objects.standing().filter(withdrawn_on__lte=day)
    requests = list(
        InformationRequest.objects.standing()
        .filter(demand__agreement=agreement, due_on__lt=day)
        .exclude(demand__in=sold.values("statement__demand"))
        .exclude(demand__in=withdrawn.values("demand"))
        .select_related("investor", "demand")
        .order_by("due_on", "investor__name", "pk")
    )
    if not requests:
        return []
    answered = {
        (a.demand_id, a.investor_id): a
        for a in InformationAnswer.objects.standing().filter(
            demand__in={r.demand_id for r in requests}, received_on__lte=day
        )
    }
    found = []
    for request in requests:
        answer = answered.get((request.demand_id, request.investor_id))
        stated = {part: getattr(answer, part) for part in request.parts} if answer else {}
        if any(lacks(stated, part) for part in request.parts):
            found.append(
                Overdue(request.investor, request.demand, request.due_on, answer is not None)
            )
    return found[:most]
