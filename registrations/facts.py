"""Rows in, facts out: the one door between the database and the rules.

Each function reads whole tables of one agreement or one matter at once, so that the
number of queries does not grow with the number of Investors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

import holidays
from django.db.models import DateField, F, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from investors.models import (
    Address,
    AffiliateGroup,
    AffiliateMember,
    Agreement,
    Company,
    CorporateAction,
    ElectronicConsent,
    Investor,
    LedgerEntry,
    ShareCount,
    Transfer,
)
from notices.models import DeliveryRecord, Notice, RequestRecord

from .models import (
    Acceptance,
    Circumstances,
    Decision,
    DelayRecord,
    Demand,
    GoverningReading,
    Inclusion,
    OtherHolder,
    ProposalRecord,
    StatementRecord,
    Waiver,
)
from .prospectus_facts import selling_of
from .rules import (
    actions,
    affiliates,
    capital,
    governing,
    matter,
    notice,
    others,
    securities,
    transferees,
)
from .rules.days import BusinessDays, Period, Unit
from .rules.docket import Docket, company_docket, demand_docket
from .rules.findings import Decision as DecisionFact
from .rules.findings import Ruling
from .rules.prospectus import Selling
from .rules.situation import Calendars
from .rules.terms import TermEntry, Terms

FIRST_YEAR, LAST_YEAR = 1990, 2100


@lru_cache(maxsize=1)
def open_days() -> BusinessDays:
    """The days EDGAR takes filings: Monday to Friday less federal holidays (N7)."""
    federal = holidays.country_holidays("US", years=range(FIRST_YEAR, LAST_YEAR + 1), observed=True)
    return BusinessDays(frozenset(federal))


def terms_of(agreement: Agreement, on: date) -> Terms:
    """The agreement's terms in force on a day: of each name, the latest begun by then, with
    the readings chosen for the agreement by then (N8).

    Raises ``rules.terms.TermError`` when a stored term cannot be read.
    """
    return _read(entries_of(agreement, on), readings_of(agreement, on))


def terms_for(demand: Demand, as_of: date | None = None) -> Terms:
    """The terms a matter is judged by: those in force when it began, with the readings
    chosen for the agreement by ``as_of``, or so far.

    A reading chosen after a matter was closed leaves it as it was judged.
    """
    chosen = readings_of(demand.agreement, as_of)
    if chosen and (closed_on := _closed_on(demand)) is not None:
        chosen = {name: d for name, d in chosen.items() if d.decided_on <= closed_on}
    return _read(entries_of(demand.agreement, began_on(demand)), chosen)


def _read(entries: Mapping[str, TermEntry], chosen: Mapping[str, DecisionFact]) -> Terms:
    standing: Mapping[str, DecisionFact] = {}
    if chosen:
        entries, standing = governing.put_first(entries, chosen)
    means = entries.get("business_day")
    return Terms.from_entries(entries, calendars(str(means.value) if means else ""), standing)


def readings_of(agreement: Agreement, by: date | None = None) -> Mapping[str, DecisionFact]:
    """The readings counsel chose for the agreement, by question: those that stand, or that
    stood by a day before a later one."""
    readings = GoverningReading.objects.filter(agreement=agreement)
    if by is None:
        readings = readings.filter(replacement=None)
    else:
        readings = readings.filter(governs_from__lte=by)
    return {
        question: DecisionFact(question, choice, since, reason, who or "", for_agreement=True)
        for question, choice, since, reason, who in readings.order_by("pk").values_list(
            "question", "choice", "governs_from", "reason", "recorded_by__name"
        )
    }


def _closed_on(demand: Demand) -> date | None:
    """The day from which nothing is left to come in a matter: every covered share sold, or
    the registration withdrawn by the Company."""
    sold = StatementRecord.objects.standing().filter(
        statement__demand=demand, kind=StatementRecord.Kind.ALL_SOLD
    )
    withdrawn = ProposalRecord.objects.standing().filter(demand=demand, withdrawn_on__isnull=False)
    days = [*sold.values_list("on", flat=True), *withdrawn.values_list("withdrawn_on", flat=True)]
    return min(days, default=None)


def entries_of(agreement: Agreement, on: date) -> dict[str, TermEntry]:
    """The terms in force on a day as they are stored, by name."""
    entries = (
        agreement.terms.filter(replacement=None, in_force_from__lte=on)
        .order_by("in_force_from", "pk")
        .values_list("name", "value", "clause", "summary")
    )
    return {name: TermEntry(value, clause, summary) for name, value, clause, summary in entries}


@lru_cache(maxsize=8)
def calendars(business_day: str) -> Calendars:
    """The business days and trading days an agreement means.

    Where it does not define a business day: Monday to Friday less federal holidays as
    observed.  Trading days are those of the New York Stock Exchange.
    """
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    if business_day == "new_york":
        state = holidays.country_holidays("US", subdiv="NY", years=years, observed=True)
        business = BusinessDays(frozenset(state))
    else:
        business = open_days()
    exchange = holidays.financial_holidays("NYSE", years=years)
    return Calendars(business, BusinessDays(frozenset(exchange)))


def house_of(company: Company) -> matter.House:
    """The workspace's own standards."""
    return matter.House(
        promptly=Period(company.promptly_business_days, Unit.BUSINESS),
        receipt_expected=Period(company.receipt_expected_days),
    )


# What a Unit, a Preferred or a Warrant yields is entered as signed.
_WORKED_FROM: Mapping[tuple[str, str], str] = {
    ("issue", "common"): "unit",
    ("issue", "preferred"): "unit",
    ("issue", "warrant"): "unit",
    ("transfer", "common"): "unit",
    ("transfer", "preferred"): "unit",
    ("transfer", "warrant"): "unit",
    ("conversion", "common"): "preferred",
    ("exercise", "common"): "warrant",
}


def ledger_of(
    agreement: Agreement | int,
    upto: date | None = None,
    holders: Collection[int] | None = None,
) -> securities.Ledger:
    """The agreement's ledger: its lines, those of one holder, security and day summed, and
    the actions on whole classes that stand.  Of some ``holders`` alone where they are named.
    """
    actions = actions_of(agreement, upto)
    entries = LedgerEntry.objects.filter(agreement=agreement)
    if upto is not None:
        entries = entries.filter(on__lte=upto)
    if holders is not None:
        entries = entries.filter(investor__in=holders)
    summed: Any = entries.values_list("investor_id", "security", "on", "expires_on")
    if not actions:
        lines = [
            securities.Line(holder, security, change, on, expires_on)
            for holder, security, on, expires_on, change in summed.annotate(
                change=Sum("change")
            ).order_by()
        ]
        return securities.Ledger(lines)
    # What was worked out as signed is rounded to whole shares event by event.
    of_events = summed.values_list(
        "investor_id", "security", "on", "expires_on", "kind", "act"
    ).annotate(change=Sum("change"))
    return securities.Ledger(
        [
            securities.Line(
                holder, security, change, on, expires_on, _WORKED_FROM.get((kind, security), "")
            )
            for holder, security, on, expires_on, kind, _, change in of_events.order_by()
        ],
        actions,
    )


def line_of(entry: LedgerEntry) -> securities.Line:
    """A ledger entry as the rules know it."""
    return securities.Line(
        entry.investor_id, entry.security, entry.change, entry.on, entry.expires_on,
        _WORKED_FROM.get((entry.kind, entry.security), ""),
    )  # fmt: skip


def lines_of(
    agreement: Agreement, entries: Sequence[LedgerEntry]
) -> list[tuple[UUID, securities.Line]]:
    """An event's lines as its day has them, after the actions up to it, each with the
    public id of its holder."""
    so_far = actions.course(actions_of(agreement, max(e.on for e in entries)))
    ids = dict(
        Investor.objects.filter(pk__in={e.investor_id for e in entries}).values_list(
            "pk", "public_id"
        )
    )
    found = [securities.worked(line_of(e), so_far) for e in entries]
    return [(ids[line.holder], line) for lines in found for line in lines if line.change]


def actions_of(agreement: Agreement | int, upto: date | None = None) -> list[actions.Action]:
    """The corporate actions that stand, in the order they took effect."""
    found = (
        CorporateAction.objects.standing()
        .filter(agreement=agreement)
        .exclude(kind=CorporateAction.Kind.VOID)
    )
    if upto is not None:
        found = found.filter(on__lte=upto)
    return actions.in_order(action_of(row) for row in found)


def action_of(row: CorporateAction) -> actions.Action:
    """A recorded action as the rules know it."""
    return actions.Action(
        row.on, row.place, row.kind, row.security, row.into, row.numerator, row.denominator,
        row.fractions, row.rates_follow,
    )  # fmt: skip


def per_unit(agreement: Agreement, on: date) -> actions.PerUnit:
    """What an untouched Unit is on a day, after every action, and why (H1, H2)."""
    terms = terms_of(agreement, max(on, agreement.dated_on))
    return actions.per_unit(
        terms.unit_parts,
        actions_of(agreement, on),
        on=on,
        signed=terms.clause("unit_parts"),
        adjusted=terms.clause("registrable_shares"),
    )


def held_by_all(agreement: Agreement, on: date) -> dict[int, securities.Position]:
    """What everybody on the register has on a day, parties by then or not, by the
    Investor's key; whole securities."""
    parts = terms_of(agreement, max(on, agreement.dated_on)).unit_parts
    return securities.positions(ledger_of(agreement, on), on=on, parts=parts)


def holdings(agreement: Agreement, on: date) -> dict[int, securities.Position]:
    """Each Investor's position on a day, by the Investor's key; whole securities (H2).

    Whoever was no party by then is left out, whatever it had: it carries no rights (H4).
    """
    held = held_by_all(agreement, on)
    later = Investor.objects.filter(agreement=agreement, party_from__gt=on)
    for pk in later.values_list("pk", flat=True):
        held.pop(pk, None)
    return held


def memberships(agreement: Agreement | int) -> list[affiliates.Member]:
    """Every membership of an affiliate group that stands, past ones too (H5)."""
    rows = (
        AffiliateMember.objects.standing()
        .filter(group__agreement=agreement)
        .exclude(kin=AffiliateMember.Kin.VOID)
        .order_by("from_on", "pk")
    )
    return [
        affiliates.Member(*row)
        for row in rows.values_list("investor_id", "group_id", "from_on", "to_on")
    ]


def affiliate_groups(agreement: Agreement | int, on: date) -> Mapping[int, int]:
    """The affiliate group of each Investor that belongs to one on a day, both by key: those
    of one group count as one Investor (H5, section 3(c))."""
    return affiliates.groups_on(memberships(agreement), on)


def group_names_on(agreement: Agreement | int, on: date) -> Mapping[int, str]:
    """The name of the affiliate group of each Investor that belongs to one on a day (H5)."""
    names = dict(AffiliateGroup.objects.filter(agreement=agreement).values_list("pk", "name"))
    return {who: names[group] for who, group in affiliate_groups(agreement, on).items()}


def transfers_in_question(agreement: Agreement) -> list[tuple[Transfer, Ruling]]:
    """The transfers whose taker signed later than it took, where that leaves a question for
    counsel that is not decided (H4, N8)."""
    late = (
        Transfer.objects.standing()
        .filter(agreement=agreement, signed_on__gt=F("on"), reads="")
        .select_related("giver", "taker", "recorded_by")
        .order_by("on", "pk")
    )
    found = [
        (
            row,
            transferees.standing(
                taken_of(row), terms_of(agreement, max(row.on, agreement.dated_on))
            ),
        )
        for row in late
    ]
    return [each for each in found if each[1].outcome == "needs_decision"]


def taken_of(transfer: Transfer) -> transferees.Taken:
    """A recorded transfer as the rules know it."""
    decision = None
    if transfer.reads and transfer.decided_on is not None:
        by = transfer.recorded_by.name if transfer.recorded_by else ""
        decision = DecisionFact(
            "standing", transfer.reads, transfer.decided_on, transfer.reason, by
        )
    return transferees.Taken(transfer.on, transfer.signed_on, decision)


def demand_facts(
    demand: Demand,
    as_of: date | None = None,
    *,
    terms: Terms | None = None,
    among_others: bool = True,
) -> matter.DemandFacts:
    """Everything recorded about a demand that its docket is worked out from, or as much
    of it as had happened by ``as_of``.  ``terms`` are those of the matter, where they were
    read already; ``among_others`` leaves out, if false, what the demands before it came to.

    Only a party to the agreement on the day the Demand Notice was given counts as an
    Investor, whoever holds what (H4).
    """
    agreement = demand.agreement
    mail = _Mail(demand, as_of)
    terms = terms or terms_for(demand, as_of)
    post = mail.post(demand.notice_id, None)
    arrived = post.arrival(terms)
    day = arrived.given_on or arrived.received_on or mail.began_on
    if as_of is not None:
        day = min(day, as_of)

    ledger = ledger_of(agreement)
    holding = securities.positions(ledger, on=day, parts=terms.unit_parts)
    asked = _asked(demand, as_of)
    parties = {pk for pk, (_, party_from) in mail.names.items() if party_from <= day}
    units = {holder: p.units for holder, p in holding.items() if holder in parties}
    initiators = tuple(
        matter.Initiator(
            investor=r.investor_id,
            name=mail.names[r.investor_id][0],
            units=units.get(r.investor_id, 0),
            shares=r.shares,
            held=holding.get(r.investor_id, securities.Position()).registrable,
        )
        for r in asked
        if r.notice_id == demand.notice_id
    )
    starting = {i.investor for i in initiators}
    on_receipt = (
        holding
        if arrived.received_on in (None, day)
        else securities.positions(ledger, on=arrived.received_on, parts=terms.unit_parts)
    )
    requests = _requests(demand, mail, asked, ledger, terms)
    party_on = arrived.received_on or day
    invited = tuple(
        matter.Invited(
            investor,
            name,
            mail.notice_to(investor),
            tuple(requests.get(investor, ())),
        )
        for investor, (name, party_from) in mail.names.items()
        if investor not in starting
        and (
            (party_from <= party_on and _holds(on_receipt.get(investor)))
            or investor in mail.told
            or investor in requests
        )
    )
    statement = _statement(demand)
    return matter.DemandFacts(
        post=post,
        initiators=initiators,
        units_issued=_units_issued(agreement, day),
        units_held=sum(units.values()),
        invited=invited,
        **statement,
        others=_others(demand),
        **_delays(demand),
        registrable=sum(p.registrable for holder, p in holding.items() if holder in parties),
        issuable=sum(p.issuable for holder, p in holding.items() if holder in parties),
        capital=_capital(demand, as_of),
        earlier=_earlier(demand, as_of) if among_others else (),
        circumstances=circumstances_of(demand) if terms.no_demand else matter.Circumstances(),
        decisions=_decisions(demand, as_of),
        waivers=_waivers(demand),
        selling=_selling(demand, statement, mail, [*initiators, *invited], as_of),
    )


def company_facts(
    demand: Demand, as_of: date | None = None, *, terms: Terms | None = None
) -> matter.CompanyFacts:
    """Everything recorded about a registration the Company proposes, or as much of it as
    had happened by ``as_of``.  ``terms`` are those of the matter, where they were read
    already.

    Every party to the agreement that holds something by then is an Investor who is owed
    the Registration Notice (P1, H4).
    """
    mail = _Mail(demand, as_of)
    terms = terms or terms_for(demand, as_of)
    records = list(ProposalRecord.objects.filter(demand=demand).order_by("pk"))
    known = [r for r in records if as_of is None or r.stated_on <= as_of] or records[:1]
    stands = known[-1]
    day = max(r.stated_on for r in known)
    ledger = ledger_of(demand.agreement)
    holding = securities.positions(ledger, on=day, parts=terms.unit_parts)
    requests = _requests(
        demand, mail, _asked(demand, as_of), ledger, terms, _committed(demand, as_of)
    )
    statement = _statement(demand)
    acceptances = Acceptance.objects.standing().filter(demand=demand)
    invited = tuple(
        matter.Invited(investor, name, mail.notice_to(investor), tuple(requests.get(investor, ())))
        for investor, (name, party_from) in mail.names.items()
        if (party_from <= day and _holds(holding.get(investor)))
        or investor in mail.told
        or investor in requests
    )
    return matter.CompanyFacts(
        proposal=matter.Proposal(
            mail.began_on,
            stands.what,
            stands.form,
            stands.form_allows,
            stands.public_offering,
            stands.only_for,
            stands.underwritten,
            stands.planned_on,
        ),
        invited=invited,
        filing=statement["filing"],
        effective_on=statement["effective_on"],
        withdrawn_on=stands.withdrawn_on,
        accepted=dict(acceptances.values_list("investor_id", "accepted_on")),
        decisions=_decisions(demand, as_of),
        waivers=_waivers(demand),
        selling=_selling(demand, statement, mail, invited, as_of),
    )


class _Committed(NamedTuple):
    """Shares an Investor asked to have in another registration, from the day it did."""

    matter: int
    on: date
    answer: int
    shares: int


def _committed(demand: Demand, as_of: date | None) -> Mapping[int, list[_Committed]]:
    """What each Investor asked for in other registrations that go on: not withdrawn, and
    not yet all sold (P8).  An answer that declines asks for none from its day on."""
    by = as_of or date.max
    sold = StatementRecord.objects.standing().filter(
        kind=StatementRecord.Kind.ALL_SOLD, on__lte=by, statement__demand__isnull=False
    )
    withdrawn = ProposalRecord.objects.standing().filter(withdrawn_on__lte=by)
    over = Q(pk__in=sold.values("statement__demand")) | Q(pk__in=withdrawn.values("demand"))
    others = dict(
        Demand.objects.filter(agreement=demand.agreement_id)
        .exclude(pk=demand.pk)
        .exclude(over)
        .values_list("notice_id", "pk")
    )
    found: dict[int, list[_Committed]] = defaultdict(list)
    if not others:
        return found
    # Entries replaced since count too: what was asked for stood until the rest came.
    asked = (
        RequestRecord.objects.filter(Q(notice__in=others) | Q(notice__answers__in=others))
        .order_by("pk")
        .values_list("investor_id", "notice_id", "notice__answers_id", "stated_on", "shares")
    )
    declined = DeliveryRecord.objects.standing().filter(
        delivery__notice__kind=Notice.Kind.DECLINE,
        delivery__notice__answers__in=others,
        received_on__isnull=False,
    )
    every = [
        *asked,
        *(
            (*row, 0)
            for row in declined.values_list(
                "delivery__notice__sender_id",
                "delivery__notice_id",
                "delivery__notice__answers_id",
                "received_on",
            )
        ),
    ]
    for investor, notice_id, answers, on, shares in every:
        if on <= by:
            found[investor].append(
                _Committed(others[answers or notice_id], on, notice_id, shares or 0)
            )
    return found


def docket_of(
    demand: Demand,
    *,
    as_of: date | None = None,
    supposing: matter.DemandFacts | matter.CompanyFacts | None = None,
    terms: Terms | None = None,
) -> Docket:
    """The docket of a matter: on all that is recorded, on what had happened by ``as_of``,
    or on other facts supposed.  ``terms`` are the matter's, where they were read already."""
    terms = terms or terms_for(demand, as_of)
    house = house_of(demand.agreement.company)
    facts = facts_of(demand, as_of, terms=terms) if supposing is None else supposing
    if as_of is not None:
        facts = facts.upto(as_of)
    if isinstance(facts, matter.CompanyFacts):
        return company_docket(facts, terms=terms, house=house, open_days=open_days())
    return demand_docket(facts, terms=terms, house=house, open_days=open_days())


def facts_of(
    demand: Demand, as_of: date | None = None, *, terms: Terms | None = None
) -> matter.DemandFacts | matter.CompanyFacts:
    """What is recorded about a matter of either kind."""
    read = company_facts if demand.by_company else demand_facts
    return read(demand, as_of, terms=terms)


def invited_of(demand: Demand) -> tuple[matter.Invited, ...]:
    """The Investors a matter's notice is owed to, with what each answered."""
    return facts_of(demand).invited


def began_on(demand: Demand) -> date:
    """The day a matter began, which settles the terms it is judged by: the first day its
    Demand Notice is known to have been sent or received, or the day the Company proposed
    it."""
    if demand.by_company:
        return _proposed_on(demand)
    return _first_day(
        DeliveryRecord.objects.standing()
        .filter(delivery__notice_id=demand.notice_id)
        .values_list("sent_on", "received_on")
    )


def _proposed_on(demand: Demand) -> date:
    first: date = ProposalRecord.objects.values_list("stated_on", flat=True).get(
        demand=demand, replaces=None
    )
    return first


def _first_day(records: Iterable[tuple[date | None, date | None]]) -> date:
    return min(day for pair in records for day in pair if day is not None)


TELLS = (Notice.Kind.COMPANY, Notice.Kind.REGISTRATION)
"""The notices that invite Investors to join."""
ANSWERS = (Notice.Kind.REQUEST, Notice.Kind.PIGGYBACK, Notice.Kind.DECLINE)
"""What they answer with."""


class _Mail:
    """A matter's copies, and the addressees' names, addresses and consents, each read
    once.  The Company's key is ``None``.

    What had not happened by ``as_of`` is left out, except from ``began_on``.
    """

    def __init__(self, demand: Demand, as_of: date | None = None) -> None:
        self.copies: dict[tuple[int, int | None], list[notice.Copy]] = defaultdict(list)
        self.told: dict[int, list[notice.Copy]] = defaultdict(list)
        records = (
            DeliveryRecord.objects.standing()
            .filter(_in_thread(demand, "delivery__notice"))
            .order_by("delivery_id")
            .values_list(
                "delivery_id",
                "delivery__notice_id",
                "delivery__notice__kind",
                "delivery__recipient_id",
                "method",
                "sent_on",
                "received_on",
                "address_id",
            )
        )
        begun: list[tuple[date | None, date | None]] = []
        for pk, notice_id, kind, recipient, method, sent_on, received_on, address in records:
            if notice_id == demand.notice_id:
                begun.append((sent_on, received_on))
            if as_of is not None and (sent_on or received_on or as_of) > as_of:
                continue
            if as_of is not None and received_on is not None and received_on > as_of:
                received_on = None
            copy = notice.Copy(pk, method, sent_on, received_on, address)
            self.copies[notice_id, recipient].append(copy)
            if kind in TELLS and recipient is not None:
                self.told[recipient].append(copy)
        self.began_on = _proposed_on(demand) if demand.by_company else _first_day(begun)
        everybody = Q(agreement=demand.agreement_id)
        self.addresses = addresses_by_party(everybody)
        self.consents = consents_by_party(everybody)
        self.names: dict[int, tuple[str, date]] = {
            pk: (name, party_from)
            for pk, name, party_from in Investor.objects.filter(agreement=demand.agreement_id)
            .order_by("name", "pk")
            .values_list("pk", "name", "party_from")
        }

    def post(self, notice_id: int, recipient: int | None) -> notice.Post:
        return self._post(self.copies.get((notice_id, recipient), ()), recipient)

    def notice_to(self, investor: int) -> notice.Post:
        """The Company Notice, or the Registration Notice, to an Investor."""
        return self._post(self.told.get(investor, ()), investor)

    def _post(self, copies: Iterable[notice.Copy], party: int | None) -> notice.Post:
        return notice.Post(
            tuple(copies),
            tuple(self.addresses.get(party, ())),
            tuple(self.consents.get(party, ())),
        )


def addresses_by_party(whose: Q) -> dict[int | None, list[notice.Address]]:
    """The addresses that stand, by party; the Company's key is ``None``."""
    found: dict[int | None, list[notice.Address]] = defaultdict(list)
    for pk, party, day in (
        Address.objects.standing().filter(whose).values_list("pk", "investor_id", "in_force_from")
    ):
        found[party].append(notice.Address(pk, day))
    return found


def consents_by_party(whose: Q) -> dict[int | None, list[notice.Consent]]:
    """The consents to electronic delivery that stand, by party; the Company's key is ``None``."""
    found: dict[int | None, list[notice.Consent]] = defaultdict(list)
    for party, signed_on, withdrawn_on in (
        ElectronicConsent.objects.standing()
        .filter(whose)
        .values_list("investor_id", "signed_on", "withdrawn_on")
    ):
        found[party].append(notice.Consent(signed_on, withdrawn_on))
    return found


def _in_thread(demand: Demand, path: str) -> Q:
    """The notice that began a matter and every notice that answers it."""
    return Q(**{path: demand.notice_id}) | Q(**{f"{path}__answers": demand.notice_id})


def _asked(demand: Demand, as_of: date | None) -> list[RequestRecord]:
    """What stands of each request, or what stood by ``as_of`` of one completed later."""
    records = RequestRecord.objects.filter(_in_thread(demand, "notice"))
    if as_of is None:
        records = records.filter(replacement=None)
    stood: dict[tuple[int, int], RequestRecord] = {}
    for record in records.order_by("notice_id", "pk"):
        key = record.notice_id, record.investor_id
        if as_of is None or key not in stood or record.stated_on <= as_of:
            stood[key] = record
    # By Investor, not by entry: one completed later stands where it stood before.
    return [stood[key] for key in sorted(stood)]


def _requests(
    demand: Demand,
    mail: _Mail,
    asked: Iterable[RequestRecord],
    ledger: securities.Ledger,
    terms: Terms,
    committed: Mapping[int, Sequence[_Committed]] | None = None,
) -> Mapping[int, list[matter.Request]]:
    """Each Investor's answers to the Company or Registration Notice, with what it held
    when each came, and how much of that another registration had by then."""
    stated = {r.notice_id: r for r in asked if r.notice_id != demand.notice_id}
    answers = Notice.objects.filter(answers=demand.notice_id, kind__in=ANSWERS).order_by("pk")
    by_holder: dict[int, list[securities.Line]] = defaultdict(list)
    for line in ledger.lines:
        by_holder[line.holder].append(line)
    requests: dict[int, list[matter.Request]] = defaultdict(list)
    for pk, kind, sender in answers.values_list("pk", "kind", "sender_id"):
        if sender is None:
            continue
        post = mail.post(pk, None)
        if not post.copies:
            continue  # not sent by the day asked about
        record = stated.get(pk)
        received_on = post.arrival(terms).received_on or (record.stated_on if record else None)
        held = None
        if received_on is not None:
            own = ledger._replace(lines=by_holder[sender])
            found = securities.positions(own, on=received_on, parts=terms.unit_parts)
            held = found.get(sender, securities.Position()).registrable
        requests[sender].append(
            matter.Request(
                id=pk,
                post=post,
                declines=kind == Notice.Kind.DECLINE,
                units=record.units if record else None,
                shares=record.shares if record else None,
                distribution=record.distribution if record else None,
                other_information=record.other_information if record else None,
                held=held,
                committed=_sits(committed.get(sender, ()), received_on) if committed else 0,
            )
        )
    return requests


def _sits(committed: Iterable[_Committed], by: date | None) -> int:
    """The shares that sat in other registrations by a day: in each, the last word said."""
    last: dict[int, _Committed] = {}
    for each in sorted(committed, key=lambda c: (c.on, c.answer)):
        if by is None or each.on <= by:
            last[each.matter] = each
    return sum(each.shares for each in last.values())


def _holds(position: securities.Position | None) -> bool:
    return position is not None and bool(position.units or position.registrable)


def _units_issued(agreement: Agreement, on: date) -> int:
    """Units issued under the Purchase Agreement by a day, corrections included."""
    found = LedgerEntry.objects.filter(
        agreement=agreement,
        security=LedgerEntry.Security.UNIT,
        kind__in=[LedgerEntry.Kind.ISSUE, LedgerEntry.Kind.CORRECTION],
        on__lte=on,
    ).aggregate(units=Sum("change"))
    return found["units"] or 0


class StatementFacts(TypedDict):
    """What became of a statement, by the names ``DemandFacts`` has for it."""

    filing: matter.Filing | None
    effective_on: date | None
    all_sold_on: date | None
    distribution: str
    distributed_on: date | None
    withdrawn: matter.Withdrawal | None


def _statement(demand: Demand) -> StatementFacts:
    """What became of the statement filed for a demand."""
    records = list(
        StatementRecord.objects.standing()
        .filter(statement__demand=demand)
        .order_by("on", "pk")
        .prefetch_related("covers")
    )
    one = {record.kind: record for record in records}
    covers = {r.pk: {c.investor_id: c.shares for c in r.covers.all()} or None for r in records}
    on = {kind: record.on for kind, record in one.items()}
    filed, withdrawn = one.get("filed"), one.get("withdrawn")
    return StatementFacts(
        filing=matter.Filing(
            filed.on,
            covers[filed.pk],
            tuple(
                matter.Amendment(r.on, covered)
                for r in records
                if r.kind != "filed" and (covered := covers[r.pk]) is not None
            ),
        )
        if filed
        else None,
        effective_on=on.get("effective"),
        all_sold_on=on.get("all_sold"),
        distribution=one["method"].detail if "method" in one else "",
        distributed_on=on.get("distributed"),
        withdrawn=matter.Withdrawal(withdrawn.on, withdrawn.detail) if withdrawn else None,
    )


def filing_of(demand: Demand) -> matter.Filing | None:
    """The filing of a matter's statement, with what it covers as last amended."""
    return _statement(demand)["filing"]


def _selling(
    demand: Demand,
    statement: StatementFacts,
    mail: _Mail,
    asked: Iterable[matter.Initiator | matter.Invited],
    as_of: date | None,
) -> Selling:
    """Who sells under the statement of a matter, and what was done about its prospectus;
    nothing before it is filed."""
    filing, withdrawn = statement["filing"], statement["withdrawn"]
    if filing is None or (as_of is not None and filing.on > as_of):
        return Selling(demand.reference)
    if as_of is not None:
        filing = filing.upto(as_of)
    return selling_of(
        demand,
        covers=filing.covers_now,
        asked={
            each.investor: each.name
            for each in asked
            if isinstance(each, matter.Initiator) or any(not r.declines for r in each.requests)
        },
        names={pk: name for pk, (name, _) in mail.names.items()},
        post=mail.post,
        life={
            "effective_on": statement["effective_on"],
            "withdrawn_on": withdrawn.on if withdrawn else None,
            "all_sold_on": statement["all_sold_on"],
            "distributed_on": statement["distributed_on"],
        },
    )


def _others(demand: Demand) -> tuple[matter.OtherStatement, ...]:
    """Other statements of the Company that became effective (D14)."""
    records = (
        StatementRecord.objects.standing()
        .filter(statement__agreement=demand.agreement_id, kind=StatementRecord.Kind.EFFECTIVE)
        .exclude(statement__demand=demand)
        .order_by("on", "pk")
        .values_list("statement_id", "statement__name", "on")
    )
    return tuple(matter.OtherStatement(*record) for record in records)


def circumstances_of(demand: Demand) -> matter.Circumstances:
    """What counsel filled in of a matter beside its papers."""
    stands = Circumstances.objects.standing().filter(demand=demand).first()
    if stands is None:
        return matter.Circumstances()
    told = stands.told
    return matter.Circumstances(
        {word: date.fromisoformat(day) for word, day in told.get("events", {}).items()},
        {word: Fraction(number) for word, number in told.get("measures", {}).items()},
        told.get("facts", {}),
        told.get("choices", {}),
    )


def _capital(demand: Demand, as_of: date | None) -> matter.Capital:
    """The Company's Common Stock by the last papers on or before the filing, or before
    ``as_of`` (D11)."""
    kinds = {
        ShareCount.Kind.AUTHORIZED_COMMON: "authorized",
        ShareCount.Kind.OUTSTANDING_COMMON: "outstanding",
        ShareCount.Kind.RESERVED_COMMON: "reserved",
    }
    filed = StatementRecord.objects.standing().filter(statement__demand=demand, kind="filed")
    counts = ShareCount.objects.standing().filter(agreement=demand.agreement_id, kind__in=kinds)
    last = Coalesce(Subquery(filed.values("on")[:1]), Value(as_of or date.max, DateField()))
    found: dict[str, int] = {}
    on: date | None = None
    by_day = counts.filter(on__lte=last).order_by("on", "pk")
    for kind, count, day in by_day.values_list("kind", "count", "on"):
        if as_of is None or day <= as_of:
            found[kinds[ShareCount.Kind(kind)]] = count
            on = day
    return matter.Capital(**found, on=on)


def _earlier(demand: Demand, as_of: date | None) -> tuple[matter.Earlier, ...]:
    """What the demands before this one came to, of those that were filed for (D11, D13)."""
    if demand.number == 1:
        return ()
    before = Demand.objects.filter(
        agreement=demand.agreement_id,
        kind=Demand.Kind.DEMAND,
        number__lt=demand.number,
        statement__isnull=False,
    )
    found = []
    for other in before.select_related("agreement__company").order_by("number"):
        terms = terms_for(other, as_of)
        facts = demand_facts(other, as_of, terms=terms, among_others=False)
        if as_of is not None:
            facts = facts.upto(as_of)
        docket = docket_of(other, as_of=as_of, supposing=facts, terms=terms)
        used_on = facts.effective_on or (facts.withdrawn.on if facts.withdrawn else None)
        short = capital.room(facts.capital, facts.issuable, terms.clause("demand_count")).short
        found.append(matter.Earlier(other.reference, docket.use.outcome, used_on, short))
    return tuple(found)


class DelayFacts(TypedDict):
    """The delays the Company directed under the agreement, by the names ``DemandFacts`` has."""

    delays: tuple[matter.Delay, ...]
    delayed_elsewhere: tuple[matter.Delay, ...]


def _delays(demand: Demand) -> DelayFacts:
    """Every delay under the agreement, of this demand and of others (D15)."""
    own: list[matter.Delay] = []
    elsewhere: list[matter.Delay] = []
    for number, record in delays_of(Demand.objects.filter(agreement=demand.agreement_id)):
        delay = matter.Delay(
            number,
            record.directed_on,
            record.what,
            record.circumstances,
            record.planned_on,
            record.counted_from_on,
            record.until_on,
            record.other_ground,
        )
        (own if record.demand_id == demand.pk else elsewhere).append(delay)
    return DelayFacts(delays=tuple(own), delayed_elsewhere=tuple(elsewhere))


def delays_of(demands: QuerySet[Demand]) -> list[tuple[int, DelayRecord]]:
    """The delays that stand, each with its number in its own matter, counted from 1 in the
    order they were first recorded; a correction keeps the number (D15)."""
    return numbered_delays(DelayRecord.objects.filter(demand__in=demands))


def numbered_delays(entries: Iterable[DelayRecord]) -> list[tuple[int, DelayRecord]]:
    """Of all entries about delays those that stand, each with its delay's number."""
    records = sorted(entries, key=lambda record: record.pk)
    numbers: dict[int, int] = {}
    count: dict[int, int] = defaultdict(int)
    for record in records:
        if record.replaces_id is None:
            count[record.demand_id] += 1
            numbers[record.pk] = count[record.demand_id]
        else:
            numbers[record.pk] = numbers[record.replaces_id]
    replaced = {record.replaces_id for record in records}
    return [(numbers[r.pk], r) for r in records if r.pk not in replaced]


def others_of(demand: Demand, day: date) -> list[others.Other]:
    """The Other Holders whose right had begun by ``day``, each with what is on record of it
    in a demand (D12)."""
    included = {
        record.holder: record for record in Inclusion.objects.standing().filter(demand=demand)
    }
    holders = OtherHolder.objects.standing().filter(agreement=demand.agreement_id, from_on__lte=day)
    found = []
    for holder in holders.order_by("name", "pk"):
        other = others.Other(holder.name, holder.paper, holder.shares, id=str(holder.public_id))
        if (record := included.get(holder.public_id)) is not None:
            other = other._replace(
                offered_on=record.offered_on,
                terms_required=record.terms_required,
                answered_on=record.answered_on,
                joins=record.joins,
                shares=record.shares,
                terms_accepted_on=record.terms_accepted_on,
            )
        found.append(other)
    return found


def _waivers(demand: Demand) -> tuple[matter.Waiver, ...]:
    """What Investors waived in a matter, each for itself (S8)."""
    waivers = Waiver.objects.standing().filter(demand=demand, taken_back=False).order_by("pk")
    return tuple(
        matter.Waiver(*row)
        for row in waivers.values_list("pk", "investor", "investor__name", "right", "signed_on")
    )


def _decisions(demand: Demand, as_of: date | None) -> Mapping[str, DecisionFact]:
    """Counsel's decisions that stand, or that stood by ``as_of`` before a later one."""
    decisions = Decision.objects.filter(demand=demand)
    if as_of is None:
        decisions = decisions.filter(replacement=None)
    else:
        decisions = decisions.filter(decided_on__lte=as_of)
    return {
        about: DecisionFact(about, choice, decided_on, reason, by or "")
        for about, choice, decided_on, reason, by in decisions.order_by("pk").values_list(
            "about", "choice", "decided_on", "reason", "recorded_by__name"
        )
    }
