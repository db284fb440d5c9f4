"""Everything on record about a matter as facts, and the docket that follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, Sum

from investors.models import (
    Agreement,
    LedgerEntry,
)
from notices.models import DeliveryRecord, Notice, RequestRecord

from ..models import (
    Acceptance,
    Demand,
    ProposalRecord,
    StatementRecord,
)
from ..rules import (
    capital,
    matter,
    securities,
)
from ..rules.docket import Docket, company_docket, demand_docket
from ..rules.terms import Terms
from .beside import capital_of, circumstances_of, decisions_of, delays_under, waivers_of
from .mail import ANSWERS, Mail, asked_in
from .register import ledger_of
from .statements import other_statements, selling_in, statement_of
from .terms import house_of, open_days, terms_for


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
    mail = Mail(demand, as_of)
    terms = terms or terms_for(demand, as_of)
    post = mail.post(demand.notice_id, None)
    arrived = post.arrival(terms)
    day = arrived.given_on or arrived.received_on or mail.began_on
    if as_of is not None:
        day = min(day, as_of)

    ledger = ledger_of(agreement)
    holding = securities.positions(ledger, on=day, parts=terms.unit_parts)
    asked = asked_in(demand, as_of)
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
    statement = statement_of(demand)
    return matter.DemandFacts(
        post=post,
        initiators=initiators,
        units_issued=_units_issued(agreement, day),
        units_held=sum(units.values()),
        invited=invited,
        **statement,
        others=other_statements(demand),
        **delays_under(demand),
        registrable=sum(p.registrable for holder, p in holding.items() if holder in parties),
        issuable=sum(p.issuable for holder, p in holding.items() if holder in parties),
        capital=capital_of(demand, as_of),
        earlier=_earlier(demand, as_of) if among_others else (),
        circumstances=circumstances_of(demand) if not terms.quick else matter.Circumstances(),
        decisions=decisions_of(demand, as_of),
        waivers=waivers_of(demand),
        selling=selling_in(demand, statement, mail, [*initiators, *invited], as_of),
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
    mail = Mail(demand, as_of)
    terms = terms or terms_for(demand, as_of)
    records = list(ProposalRecord.objects.filter(demand=demand).order_by("pk"))
    known = [r for r in records if as_of is None or r.stated_on <= as_of] or records[:1]
    stands = known[-1]
    day = max(r.stated_on for r in known)
    ledger = ledger_of(demand.agreement)
    holding = securities.positions(ledger, on=day, parts=terms.unit_parts)
    requests = _requests(
        demand, mail, asked_in(demand, as_of), ledger, terms, _committed(demand, as_of)
    )
    statement = statement_of(demand)
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
        decisions=decisions_of(demand, as_of),
        waivers=waivers_of(demand),
        selling=selling_in(demand, statement, mail, invited, as_of),
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


def _requests(
    demand: Demand,
    mail: Mail,
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
