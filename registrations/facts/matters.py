"""Everything on record about a matter as facts, and the docket that follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from notices.models import DeliveryRecord, Notice, RequestRecord

from ..models import (
    Demand,
    ProposalRecord,
    StatementRecord,
)
from ..rules import (
    capital,
    matter,
    securities,
)
from ..rules.company_docket import company_docket
from ..rules.docket import Docket, demand_docket
from ..rules.terms import Terms
from .beside import (
    beside_parts,
    capital_in,
    circumstances_in,
    decisions_in,
    delays_in,
    waivers_in,
)
from .mail import Asked, Mail, asked_in, consent_parts
from .register import action_parts, actions_in, ledger_with
from .statements import others_effective, selling_in, statement_in, statement_parts
from .terms import house_of, open_days, terms_for, terms_from, terms_parts
from .together import Rows, together


def record_of(demand: Demand) -> Rows:
    """All that is on record of a matter beside its thread of notices and the register's
    lines, in one query."""
    return together(
        {
            **terms_parts(demand),
            **beside_parts(demand),
            **statement_parts(demand),
            **consent_parts(demand),
            **action_parts(demand),
        }
    )


def _demand_facts(
    demand: Demand, rows: Rows, terms: Terms, as_of: date | None, *, among_others: bool = True
) -> matter.DemandFacts:
    """Everything recorded about a demand that its docket is worked out from.
    ``among_others`` leaves out, if false, what the demands before it came to.

    Only a party to the agreement on the day the Demand Notice was given counts as an
    Investor, whoever holds what (H4).
    """
    mail = Mail(demand, rows, as_of)
    post = mail.to_company(demand.notice_id)
    arrived = post.arrival(terms)
    day = arrived.given_on or arrived.received_on or mail.began_on
    if as_of is not None:
        day = min(day, as_of)

    ledger = ledger_with(actions_in(rows), demand.agreement_id)
    accounts = securities.Accounts(ledger, terms.unit_parts)
    holding = accounts.all_on(day)
    asked = asked_in(demand, as_of)
    parties = {
        holder: position
        for holder, position in holding.items()
        if holder in mail.names and mail.names[holder][1] <= day
    }
    held = securities.added_up(parties.values())
    initiators = tuple(
        matter.Initiator(
            investor=r.investor,
            name=mail.names[r.investor][0],
            units=parties.get(r.investor, _NOTHING).units,
            shares=r.shares,
            held=holding.get(r.investor, _NOTHING).registrable,
        )
        for r in asked
        if r.notice == demand.notice_id
    )
    requests = _requests(demand, mail, asked, accounts, terms)
    received_on = arrived.received_on or day
    on_receipt = holding if received_on == day else accounts.all_on(received_on)
    starting = {i.investor for i in initiators}
    invited = _invited(mail, requests, on_receipt, received_on, starting)
    statement = statement_in(rows)
    filing = statement["filing"]
    return matter.DemandFacts(
        post=post,
        initiators=initiators,
        units_issued=securities.units_issued(ledger, day),
        units_held=held.units,
        invited=invited,
        **statement,
        others=others_effective(rows),
        **delays_in(rows, demand),
        registrable=held.registrable,
        issuable=held.issuable,
        capital=capital_in(rows, filing.on if filing else None, as_of),
        earlier=_earlier(demand, as_of) if among_others else (),
        circumstances=circumstances_in(rows) if not terms.quick else matter.Circumstances(),
        decisions=decisions_in(rows, as_of),
        waivers=waivers_in(rows),
        selling=selling_in(demand, statement, mail, [*initiators, *invited], as_of),
    )


def _company_facts(
    demand: Demand, rows: Rows, terms: Terms, as_of: date | None
) -> matter.CompanyFacts:
    """Everything recorded about a registration the Company proposes.

    Every party to the agreement that holds something by then is an Investor who is owed
    the Registration Notice (P1, H4).
    """
    mail = Mail(demand, rows, as_of)
    records = [_Proposed(*row) for row in rows["proposals"]]
    known = [r for r in records if as_of is None or r.stated_on <= as_of] or records[:1]
    stands = known[-1]
    day = max(r.stated_on for r in known)
    accounts = securities.Accounts(
        ledger_with(actions_in(rows), demand.agreement_id), terms.unit_parts
    )
    holding = accounts.all_on(day)
    requests = _requests(
        demand, mail, asked_in(demand, as_of), accounts, terms, _committed(demand, as_of)
    )
    statement = statement_in(rows)
    invited = _invited(mail, requests, holding, day)
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
        accepted=dict(rows["acceptances"]),
        decisions=decisions_in(rows, as_of),
        waivers=waivers_in(rows),
        selling=selling_in(demand, statement, mail, invited, as_of),
    )


class _Proposed(NamedTuple):
    """What the Company proposes, as known on a day."""

    replaces: int | None
    replaced_by: int | None
    stated_on: date
    withdrawn_on: date | None
    what: str
    form: str
    form_allows: bool | None
    public_offering: bool
    only_for: str
    underwritten: bool
    planned_on: date | None


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
    if supposing is None:
        terms, facts = _read(demand, as_of, terms)
    else:
        terms, facts = terms or terms_for(demand, as_of), supposing
    return _worked_out(demand, facts if as_of is None else facts.upto(as_of), terms)


def _worked_out(
    demand: Demand, facts: matter.DemandFacts | matter.CompanyFacts, terms: Terms
) -> Docket:
    house = house_of(demand.agreement.company)
    if isinstance(facts, matter.CompanyFacts):
        return company_docket(facts, terms=terms, house=house, open_days=open_days())
    return demand_docket(facts, terms=terms, house=house, open_days=open_days())


def facts_of(
    demand: Demand, as_of: date | None = None, *, terms: Terms | None = None
) -> matter.DemandFacts | matter.CompanyFacts:
    """Everything recorded about a matter of either kind, or as much of it as had happened by
    ``as_of``.  ``terms`` are the matter's, where they were read already."""
    return _read(demand, as_of, terms)[1]


def demand_facts(
    demand: Demand, as_of: date | None = None, *, terms: Terms | None = None
) -> matter.DemandFacts:
    """``facts_of`` a demand."""
    facts = facts_of(demand, as_of, terms=terms)
    assert isinstance(facts, matter.DemandFacts)
    return facts


def company_facts(
    demand: Demand, as_of: date | None = None, *, terms: Terms | None = None
) -> matter.CompanyFacts:
    """``facts_of`` a registration the Company proposes."""
    facts = facts_of(demand, as_of, terms=terms)
    assert isinstance(facts, matter.CompanyFacts)
    return facts


def _read(
    demand: Demand, as_of: date | None, terms: Terms | None
) -> tuple[Terms, matter.DemandFacts | matter.CompanyFacts]:
    rows = record_of(demand)
    terms = terms or terms_from(rows, as_of)
    read = _company_facts if demand.by_company else _demand_facts
    return terms, read(demand, rows, terms, as_of)


def invited_of(demand: Demand) -> tuple[matter.Invited, ...]:
    """The Investors a matter's notice is owed to, with what each answered."""
    return facts_of(demand).invited


def _invited(
    mail: Mail,
    requests: Mapping[int, tuple[matter.Request, ...]],
    holding: Mapping[int, securities.Position],
    by: date,
    starting: Collection[int] = (),
) -> tuple[matter.Invited, ...]:
    """Whoever was a party ``by`` a day and held something, was told or answered, except the
    Initiating Investors: by name."""
    found = []
    for investor, (name, party_from) in mail.names.items():
        if investor in starting:
            continue
        post, answered = mail.to_investor(investor), requests.get(investor, ())
        if post.copies or answered or (party_from <= by and _holds(holding.get(investor))):
            found.append(matter.Invited(investor, name, post, answered))
    return tuple(found)


def _requests(
    demand: Demand,
    mail: Mail,
    asked: Iterable[Asked],
    accounts: securities.Accounts,
    terms: Terms,
    committed: Mapping[int, Sequence[_Committed]] | None = None,
) -> Mapping[int, tuple[matter.Request, ...]]:
    """Each Investor's answers to the Company or Registration Notice, with what it held
    when each came, and how much of that another registration had by then."""
    stated = {r.notice: r for r in asked if r.notice != demand.notice_id}
    requests: dict[int, tuple[matter.Request, ...]] = {}
    for pk, kind, sender in mail.answers:
        post = mail.to_company(pk)
        record = stated.get(pk, _NOTHING_ASKED)
        received_on = post.arrival(terms).received_on or record.stated_on
        request = matter.Request(
            pk,
            post,
            kind == _DECLINE,
            record.units,
            record.shares,
            record.distribution,
            record.other_information,
            None if received_on is None else accounts.position(sender, received_on).registrable,
            _sits(committed.get(sender, ()), received_on) if committed else 0,
        )
        requests[sender] = (*requests.get(sender, ()), request)
    return requests


_DECLINE = Notice.Kind.DECLINE
_NOTHING, _NOTHING_ASKED = securities.Position(), Asked()


def _sits(committed: Iterable[_Committed], by: date | None) -> int:
    """The shares that sat in other registrations by a day: in each, the last word said."""
    last: dict[int, _Committed] = {}
    for each in sorted(committed, key=lambda c: (c.on, c.answer)):
        if by is None or each.on <= by:
            last[each.matter] = each
    return sum(each.shares for each in last.values())


def _holds(position: securities.Position | None) -> bool:
    return position is not None and bool(position.units or position.registrable)


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
        rows = record_of(other)
        terms = terms_from(rows, as_of)
        facts = _demand_facts(other, rows, terms, as_of, among_others=False)
        if as_of is not None:
            facts = facts.upto(as_of)
        docket = _worked_out(other, facts, terms)
        used_on = facts.effective_on or (facts.withdrawn.on if facts.withdrawn else None)
        short = capital.room(facts.capital, facts.issuable, terms.clause("demand_count")).short
        found.append(matter.Earlier(other.reference, docket.use.outcome, used_on, short))
    return tuple(found)
