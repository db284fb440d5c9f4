"""Rows in, facts out: the one door between the database and the rules.

Each function reads whole tables of one agreement or one matter at once, so that the
number of queries does not grow with the number of Investors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TypedDict

import holidays
from django.db.models import Q, Sum

from investors.models import Address, Agreement, Company, ElectronicConsent, Investor, LedgerEntry
from notices.models import DeliveryRecord, Notice, RequestRecord

from .models import Decision, Demand, StatementRecord
from .rules import matter, notice, securities
from .rules.days import BusinessDays, Period, Unit
from .rules.docket import Docket, demand_docket
from .rules.findings import Decision as DecisionFact
from .rules.terms import TermEntry, Terms

FIRST_YEAR, LAST_YEAR = 1990, 2100


@lru_cache(maxsize=1)
def open_days() -> BusinessDays:
    """The days EDGAR takes filings: Monday to Friday less federal holidays (N7)."""
    federal = holidays.country_holidays("US", years=range(FIRST_YEAR, LAST_YEAR + 1), observed=True)
    return BusinessDays(frozenset(federal))


def terms_of(agreement: Agreement, on: date) -> Terms:
    """The agreement's terms in force on a day: of each name, the latest begun by then.

    Raises ``rules.terms.TermError`` when a stored term cannot be read.
    """
    entries = (
        agreement.terms.filter(replacement=None, in_force_from__lte=on)
        .order_by("in_force_from", "pk")
        .values_list("name", "value", "clause", "summary")
    )
    return Terms.from_entries(
        {name: TermEntry(value, clause, summary) for name, value, clause, summary in entries}
    )


def house_of(company: Company) -> matter.House:
    """The workspace's own standards."""
    return matter.House(
        promptly=Period(company.promptly_business_days, Unit.BUSINESS),
        receipt_expected=Period(company.receipt_expected_days),
    )


def ledger_lines(agreement: Agreement, upto: date | None = None) -> list[securities.Line]:
    """The agreement's ledger as lines, those of one holder, security and day summed."""
    entries = LedgerEntry.objects.filter(agreement=agreement)
    if upto is not None:
        entries = entries.filter(on__lte=upto)
    summed = entries.values_list("investor_id", "security", "on", "expires_on").annotate(
        change=Sum("change")
    )
    return [
        securities.Line(holder, security, change, on, expires_on)
        for holder, security, on, expires_on, change in summed.order_by()
    ]


def holdings(agreement: Agreement, on: date) -> dict[int, securities.Position]:
    """Each Investor's position on a day, by the Investor's key; whole securities (H2)."""
    parts = terms_of(agreement, max(on, agreement.dated_on)).unit_parts
    return securities.positions(ledger_lines(agreement, upto=on), on=on, parts=parts)


def demand_facts(demand: Demand, as_of: date | None = None) -> matter.DemandFacts:
    """Everything recorded about a demand that its docket is worked out from, or as much
    of it as had happened by ``as_of``.

    Only a party to the agreement on the day the Demand Notice was given counts as an
    Investor, whoever holds what (H4).
    """
    agreement = demand.agreement
    mail = _Mail(demand, as_of)
    terms = terms_of(agreement, mail.began_on)
    post = mail.post(demand.notice_id, None)
    arrived = post.arrival(terms)
    day = arrived.given_on or arrived.received_on or mail.began_on
    if as_of is not None:
        day = min(day, as_of)

    lines = ledger_lines(agreement)
    holding = securities.positions(lines, on=day, parts=terms.unit_parts)
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
        else securities.positions(lines, on=arrived.received_on, parts=terms.unit_parts)
    )
    requests = _requests(demand, mail, asked, lines, terms)
    party_on = arrived.received_on or day
    invited = tuple(
        matter.Invited(
            investor,
            name,
            mail.company_notice(investor),
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
    return matter.DemandFacts(
        post=post,
        initiators=initiators,
        units_issued=_units_issued(agreement, day),
        units_held=sum(units.values()),
        invited=invited,
        **_statement(demand),
        others=_others(demand),
        decisions=_decisions(demand, as_of),
    )


def docket_of(
    demand: Demand, *, as_of: date | None = None, supposing: matter.DemandFacts | None = None
) -> Docket:
    """The docket of a matter: on all that is recorded, on what had happened by ``as_of``,
    or on other facts supposed."""
    facts = supposing if supposing is not None else demand_facts(demand, as_of)
    if as_of is not None:
        facts = facts.upto(as_of)
    return demand_docket(
        facts,
        terms=terms_of(demand.agreement, began_on(demand)),
        house=house_of(demand.agreement.company),
        open_days=open_days(),
    )


def began_on(demand: Demand) -> date:
    """The day a matter began, which settles the terms it is judged by: the first day its
    Demand Notice is known to have been sent or received."""
    return _first_day(
        DeliveryRecord.objects.standing()
        .filter(delivery__notice_id=demand.notice_id)
        .values_list("sent_on", "received_on")
    )


def _first_day(records: Iterable[tuple[date | None, date | None]]) -> date:
    return min(day for pair in records for day in pair if day is not None)


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
            if kind == Notice.Kind.COMPANY and recipient is not None:
                self.told[recipient].append(copy)
        self.began_on = _first_day(begun)
        everybody = Q(agreement=demand.agreement_id)
        self.addresses = addresses_by_party(everybody)
        self.consents = consents_by_party(everybody)
        self.names: dict[int, tuple[str, date]] = {
            pk: (name, party_from)
            for pk, name, party_from in Investor.objects.filter(agreement=demand.agreement_id)
            .order_by("name", "pk")
            .values_list("pk", "name", "party_from")
        }

    def post(self, notice_id: int, recipient: int | None) -> matter.Post:
        return self._post(self.copies.get((notice_id, recipient), ()), recipient)

    def company_notice(self, investor: int) -> matter.Post:
        return self._post(self.told.get(investor, ()), investor)

    def _post(self, copies: Iterable[notice.Copy], party: int | None) -> matter.Post:
        return matter.Post(
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
    """The Demand Notice and every notice that answers it."""
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
    return list(stood.values())


def _requests(
    demand: Demand,
    mail: _Mail,
    asked: Iterable[RequestRecord],
    lines: Iterable[securities.Line],
    terms: Terms,
) -> Mapping[int, list[matter.Request]]:
    """Each Investor's answers to the Company Notice, with what it held when each came."""
    stated = {r.notice_id: r for r in asked if r.notice_id != demand.notice_id}
    answers = Notice.objects.filter(
        answers=demand.notice_id, kind__in=[Notice.Kind.REQUEST, Notice.Kind.DECLINE]
    ).order_by("pk")
    by_holder: dict[int, list[securities.Line]] = defaultdict(list)
    for line in lines:
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
            found = securities.positions(by_holder[sender], on=received_on, parts=terms.unit_parts)
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
            )
        )
    return requests


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
