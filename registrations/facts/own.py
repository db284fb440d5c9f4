"""What one Investor may know of the matters it was told of: its own papers, and what anybody
can read at the SEC.  Nothing here is read from another Investor's rows, and a matter it was
told nothing of is not there at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from investors import sight
from investors.models import Investor
from notices.models import Delivery, DeliveryRecord, Method, Notice, Receipt, RequestRecord

from ..models import (
    Demand,
    DocketEntry,
    InformationAnswer,
    InformationRequest,
    StatementRecord,
    Suspension,
)
from ..rules import notice as rules
from ..rules.information import Stands
from ..rules.securities import Position, positions
from ..rules.selling import MAY, Steps, in_suspension
from ..rules.terms import Terms
from .mail import addresses_by_party, consents_by_party
from .matters import facts_of
from .papers import stands_of
from .register import ledger_of
from .terms import terms_for, terms_of

_TOLD = (Notice.Kind.COMPANY, Notice.Kind.REGISTRATION)
_PUBLIC = (
    StatementRecord.Kind.FILED,
    StatementRecord.Kind.EFFECTIVE,
    StatementRecord.Kind.WITHDRAWN,
)


class Answer(NamedTuple):
    """What the Investor sent about a matter, the Demand Notice it signed too: what it asks
    for, ``None`` where it declines, and when it came to the Company, as far as the agreement
    counts it."""

    notice: Notice
    asks: RequestRecord | None
    arrival: rules.Arrival
    receipt: Receipt | None = None  # where it came through the portal

    @property
    def declines(self) -> bool:
        return self.notice.kind == Notice.Kind.DECLINE


class OwnMatter(NamedTuple):
    """A registration as one Investor knows it.

    ``window`` is its own to join, a row of the projection; ``told`` when the notice to it was
    given and received, ``None`` where it was sent none; ``public`` has the days of the
    statement that are public record, by kind.
    """

    demand: Demand
    initiated: bool
    window: DocketEntry | None
    told: rules.Arrival | None
    method: str
    answers: Sequence[Answer]
    public: Mapping[str, date]
    terms: Terms

    @property
    def answer(self) -> Answer | None:
        """What it sent last."""
        return self.answers[-1] if self.answers else None


def matters_known_to(investor: Investor) -> QuerySet[Demand]:
    """The matters an Investor was told of, or began."""
    told = Delivery.objects.filter(
        recipient=investor, notice__answers=OuterRef("notice"), notice__kind__in=_TOLD
    )
    began = RequestRecord.objects.filter(notice=OuterRef("notice"), investor=investor)
    return (
        Demand.objects.filter(Exists(told) | Exists(began), agreement=investor.agreement_id)
        .select_related("agreement")
        .order_by("-pk")
    )


def _judged_by(investor: Investor, matters: Iterable[Demand]) -> dict[int, Terms]:
    """The terms each matter is judged by, by its first notice.  They hang on the day it
    began, which another Investor's notice may say, and tell nothing of it."""
    with sight.whole(investor.agreement_id):
        return {m.notice_id: terms_for(m) for m in matters}


def own_matters(investor: Investor, only: Demand | None = None) -> list[OwnMatter]:
    """Every matter an Investor knows of, the newest first; its papers in a fixed number of
    queries, and the terms each is judged by in one more."""
    known = matters_known_to(investor)
    matters = list(known if only is None else known.filter(pk=only.pk))
    heads = [m.notice_id for m in matters]
    windows = {
        entry.demand_id: entry
        for entry in DocketEntry.objects.filter(demand__in=matters, key=f"join:{investor.pk}")
    }
    consents, addresses = consents_by_party(_of(investor)), addresses_by_party(_of(investor))
    terms = _judged_by(investor, matters)
    began = set(
        RequestRecord.objects.filter(notice__in=heads, investor=investor).values_list(
            "notice_id", flat=True
        )
    )
    copies: dict[int, list[rules.Copy]] = defaultdict(list)
    for head, *copy in (
        DeliveryRecord.objects.standing()
        .filter(
            delivery__recipient=investor,
            delivery__notice__answers__in=heads,
            delivery__notice__kind__in=_TOLD,
        )
        .order_by("pk")
        .values_list("delivery__notice__answers_id", *_COPY)
    ):
        copies[head].append(rules.Copy(*copy))
    company = rules.Post((), addresses.get(None, ()), consents.get(None, ()))
    answers = _answers(investor, terms, company, began)
    public: dict[int, dict[str, date]] = defaultdict(dict)
    for matter, kind, on in (
        StatementRecord.objects.standing()
        .filter(statement__demand__in=matters, kind__in=_PUBLIC)
        .values_list("statement__demand_id", "kind", "on")
    ):
        public[matter][kind] = on
    return [
        OwnMatter(
            m,
            m.notice_id in began,
            windows.get(m.pk),
            rules.Post(
                tuple(copies[m.notice_id]),
                addresses.get(investor.pk, ()),
                consents.get(investor.pk, ()),
            ).arrival(terms[m.notice_id])
            if copies[m.notice_id]
            else None,
            copies[m.notice_id][0].method if copies[m.notice_id] else "",
            answers[m.notice_id],
            public[m.pk],
            terms[m.notice_id],
        )
        for m in matters
    ]


def would_arrive(investor: Investor, demand: Demand, on: date) -> rules.Arrival:
    """What an answer sent through the portal on a day would amount to: given and received,
    or not yet, and what would make it so (N4)."""
    consents, addresses = consents_by_party(_of(investor)), addresses_by_party(_of(investor))
    copy = rules.Copy(0, Method.PORTAL.value, on, on)
    company = rules.Post((copy,), addresses.get(None, ()), consents.get(None, ()))
    return company.arrival(_judged_by(investor, [demand])[demand.notice_id])


class OwnCopy(NamedTuple):
    """A copy of a notice on its way to one Investor, and what it amounts to."""

    record: DeliveryRecord
    arrival: rules.Arrival

    @property
    def courtesy(self) -> bool:
        """Whether it came and still is no notice, by the agreement's own rule (N4)."""
        return self.record.received_on is not None and self.arrival.given_on is None


def copies_to(investor: Investor) -> QuerySet[DeliveryRecord]:
    """Every copy sent to an Investor, the latest notice first."""
    found: QuerySet[DeliveryRecord] = (
        DeliveryRecord.objects.standing()
        .filter(delivery__recipient=investor)
        .select_related("delivery__notice")
        .order_by("-delivery__notice__pk", "-delivery__pk")
    )
    return found


def own_copies(investor: Investor, records: Collection[DeliveryRecord]) -> list[OwnCopy]:
    """What each of some copies to an Investor amounts to under the terms of its matter."""
    consents, addresses = consents_by_party(_of(investor)), addresses_by_party(_of(investor))
    mine = rules.Post((), addresses.get(investor.pk, ()), consents.get(investor.pk, ()))
    heads = {record.delivery.notice.answers_id for record in records}
    terms = _judged_by(investor, Demand.objects.filter(notice__in=heads))
    found = []
    for record in records:
        head = record.delivery.notice.answers_id
        assert head is not None  # what goes to an Investor is in the thread of a matter
        copy = rules.Copy(
            record.pk, record.method, record.sent_on, record.received_on, record.address_id
        )
        arrival = mine._replace(copies=(copy,)).arrival(terms[head])
        found.append(OwnCopy(record, arrival))
    return found


def own_position(investor: Investor, on: date) -> Position:
    """What one Investor holds on a day, from its own ledger; whole securities (H2).  Nothing
    before the day it became a party (H4)."""
    if investor.party_from > on:
        return Position()
    agreement = investor.agreement
    parts = terms_of(agreement, max(on, agreement.dated_on)).unit_parts
    ledger = ledger_of(agreement, on, [investor.pk])
    return positions(ledger, on=on, parts=parts).get(investor.pk, Position())


_COPY = ("pk", "method", "sent_on", "received_on", "address_id")


def _of(investor: Investor) -> Q:
    return Q(agreement=investor.agreement_id) & (Q(investor=None) | Q(investor=investor))


def _answers(
    investor: Investor, terms: Mapping[int, Terms], company: rules.Post, began: Collection[int]
) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    sent = (
        Notice.objects.filter(Q(sender=investor, answers__in=terms) | Q(pk__in=began))
        .prefetch_related(
            Prefetch("receipts", Receipt.objects.filter(investor=investor)),
            Prefetch("requests", RequestRecord.objects.standing().filter(investor=investor)),
            Prefetch("deliveries__records", DeliveryRecord.objects.standing()),
        )
        .order_by("pk")
    )
    for notice in sent:
        copies = tuple(
            rules.Copy(r.pk, r.method, r.sent_on, r.received_on, r.address_id)
            for delivery in notice.deliveries.all()
            for r in delivery.records.all()
        )
        head = notice.answers_id or notice.pk
        arrival = company._replace(copies=copies).arrival(terms[head])
        asks = next(iter(notice.requests.all()), None)
        receipt = next(iter(notice.receipts.all()), None)
        found[head].append(Answer(notice, asks, arrival, receipt))
    return found


class OwnStop(NamedTuple):
    """A request to stop offers, as far as it concerns one Investor (S4)."""

    demand: Demand
    suspension: Suspension
    steps: Steps


def own_stops(investor: Investor, today: date) -> list[OwnStop]:
    """The suspensions in which this Investor must not sell, or may not know that it may."""
    known = matters_known_to(investor)
    held = Suspension.objects.filter(statement__demand__in=known.values("pk"))
    by_matter: dict[int, dict[int, Suspension]] = defaultdict(dict)
    for suspension in held.select_related("statement"):
        assert suspension.statement.demand_id is not None  # it is of one of these
        by_matter[suspension.statement.demand_id][suspension.pk] = suspension
    found = []
    for demand in known.filter(pk__in=by_matter) if by_matter else ():
        with sight.whole(demand.agreement_id):  # a matter's facts are everybody's
            facts, terms = facts_of(demand).selling.upto(today), terms_for(demand)
        for seller in facts.sellers:
            if seller.investor != investor.pk:
                continue
            for fact in facts.suspensions:
                steps = in_suspension(fact, seller, facts, terms, today)
                if steps.outcome != MAY:
                    found.append(OwnStop(demand, by_matter[demand.pk][fact.id], steps))
    return found


class OwnAsking(NamedTuple):
    """What the Company asked one Investor for about a registration, and how far it answered
    (S5)."""

    demand: Demand
    asked: InformationRequest
    answered: InformationAnswer | None
    stands: Stands


def own_asking(investor: Investor, today: date) -> list[OwnAsking]:
    """What the Company asked this Investor for, by the day it is due."""
    answered = {
        a.demand_id: a for a in InformationAnswer.objects.standing().filter(investor=investor)
    }
    found = []
    for asked in (
        InformationRequest.objects.standing()
        .filter(investor=investor, demand__in=matters_known_to(investor).values("pk"))
        .select_related("demand__agreement")
        .order_by("due_on", "pk")
    ):
        answer = answered.get(asked.demand_id)
        found.append(OwnAsking(asked.demand, asked, answer, stands_of(asked, answer, today)))
    return found
