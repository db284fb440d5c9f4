"""Acts on correspondence: notices, copies on their way, requests, evidence (N1–N5, D1–D5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.core.files.base import File
from django.db.models import Max

from investors.acts import Conflict, Refused
from investors.models import Address, Agreement, Investor
from notices.evidence import Examined, examined
from notices.models import Delivery, DeliveryRecord, Evidence, Method, Notice, RequestRecord

from ..facts import began_on, holdings, terms_of
from ..models import Demand, StatementRecord
from ..rules import notice as rules
from ..rules.days import say
from ..rules.notice import METHOD_NAMES
from ..rules.securities import Position
from ..rules.terms import GivenWhen, Terms
from .recording import When, not_in_future, on_register, recording, redraw, whole


class CopyIn(NamedTuple):
    """How one copy travelled, as typed in: days in the agreement's zone.

    With no ``address``, one that counts when sent is noted as gone to the address of
    record on the day it was sent (N5).
    """

    method: str
    sent_on: date | None = None
    received_on: date | None = None
    address: Address | None = None


class AskIn(NamedTuple):
    """What an Investor asks to have registered: whole Units and Registrable Shares.  A
    part not stated is ``None`` or empty (D5)."""

    investor: Investor
    units: int | None = None
    shares: int | None = None
    distribution: str = ""
    other_information: str | None = None


def record_demand_notice(
    *,
    agreement: Agreement,
    asks: Sequence[AskIn],
    copy: CopyIn,
    note: str = "",
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Demand:
    """Record a Demand Notice to the Company and begin its matter, section 1(a) (D1).

    A demand by too few Units is recorded like any other; the docket says what it is.
    Raises ``Refused`` for a contradiction: days in the wrong order, a method the
    agreement does not know, more asked for than is held.
    """
    if not asks:
        raise Refused("investors", "Choose the Investors who signed the Demand Notice.")
    on_register("investors", agreement, *(a.investor for a in asks))
    if len({a.investor.pk for a in asks}) < len(asks):
        raise Refused("investors", "Name each Investor once.")
    today = when.today(agreement)
    day = copy.sent_on or copy.received_on
    if day is None:
        raise Refused("received_on", "Enter the day it was sent or the day it was received.")
    if day < agreement.dated_on:
        raise Refused(
            "sent_on" if copy.sent_on else "received_on",
            f"{say(day)} is before the agreement itself, {say(agreement.dated_on)}. Check the day.",
        )
    terms = terms_of(agreement, day)
    _check_copy(copy, terms, today, agreement)
    names = " and ".join(a.investor.name for a in asks)
    with recording(
        agreement,
        "demand.recorded",
        when=when,
        says=f"Recorded a Demand Notice from {names}",
        begins=True,
    ) as locked:
        book = _AddressBook(locked, terms)
        copy = book.addressed(copy, None)
        _check_asks(asks, locked, book.given_on(copy) or day)
        found = _examined(files)
        notice = _notice(locked, Notice.Kind.DEMAND, None, asks[0].investor, note, when)
        delivery = _send(notice, None, copy, when)
        _state(notice, asks, copy.received_on or day, when)
        _attach(notice, delivery, found, when)
        last = locked.demands.aggregate(last=Max("number"))["last"] or 0
        demand = Demand.objects.create(agreement=locked, number=last + 1, notice=notice)
        redraw(demand, now=when.now)
        return demand


def record_company_notice(
    *,
    demand: Demand,
    copies: Sequence[tuple[Investor, CopyIn]],
    note: str = "",
    files: Mapping[int, Sequence[File[bytes]]] | None = None,
    when: When,
) -> Notice:
    """Record the Company Notice to other Investors, a copy each, section 1(a) (D2).

    ``files`` gives the evidence for a copy by the Investor's key.  Each copy's refusal
    names its Investor in ``field``.
    """
    if not copies:
        raise Refused("investors", "Choose the Investors it was sent to.")
    agreement = demand.agreement
    terms = terms_of(agreement, began_on(demand))
    today = when.today(agreement)
    for investor, copy in copies:
        suffix = f"_{investor.pk}"
        on_register(f"investor{suffix}", agreement, investor)
        _check_copy(copy, terms, today, agreement, suffix=suffix, addressee=investor)
    if {key for key, some in (files or {}).items() if some} - {i.pk for i, _ in copies}:
        raise Refused("files", "There is a file for an Investor to whom no copy was sent.")
    count = f"{len(copies)} Investors" if len(copies) > 1 else copies[0][0].name
    with recording(
        agreement,
        "company_notice.recorded",
        when=when,
        matter=demand,
        says=f"Recorded the Company Notice in {demand.reference} to {count}",
    ) as locked:
        book = _AddressBook(locked, terms)
        found = {key: _examined(some) for key, some in (files or {}).items()}
        notice = _notice(locked, Notice.Kind.COMPANY, demand.notice, None, note, when)
        deliveries = Delivery.objects.bulk_create(
            Delivery(notice=notice, recipient=investor) for investor, _ in copies
        )
        DeliveryRecord.objects.bulk_create(
            _record(delivery, book.addressed(copy, investor), when)
            for delivery, (investor, copy) in zip(deliveries, copies, strict=True)
        )
        for delivery in deliveries:
            _attach(notice, delivery, found.pop(delivery.recipient_id or 0, ()), when)
    return notice


def record_answer(
    *,
    demand: Demand,
    ask: AskIn,
    copy: CopyIn,
    declines: bool = False,
    note: str = "",
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Notice:
    """Record an Investor's written answer to the Company Notice (D4, D5).

    A late request, or one that lacks a part, is recorded as what it is.  Raises
    ``Refused`` when it asks for more than the Investor held on the day it came.
    """
    agreement = demand.agreement
    on_register("investor", agreement, ask.investor)
    if demand.notice.requests.filter(investor=ask.investor).exists():
        raise Refused(
            "investor",
            f"{ask.investor.name} is one of the Initiating Investors; its shares are in the "
            "Demand Notice.",
        )
    terms = terms_of(agreement, began_on(demand))
    _check_copy(copy, terms, when.today(agreement), agreement)
    day = copy.received_on or copy.sent_on
    assert day is not None  # _check_copy refuses a copy with no day
    kind = Notice.Kind.DECLINE if declines else Notice.Kind.REQUEST
    what = "an answer declining to join" if declines else "a request to join"
    with recording(
        agreement,
        "answer.recorded",
        when=when,
        matter=demand,
        says=f"Recorded {what} {demand.reference} from {ask.investor.name}",
    ) as locked:
        if not declines:
            _check_asks([ask], locked, day)
        copy = _AddressBook(locked, terms).addressed(copy, None)
        found = _examined(files)
        notice = _notice(locked, kind, demand.notice, ask.investor, note, when)
        delivery = _send(notice, None, copy, when)
        if not declines:
            _state(notice, [ask], day, when)
        _attach(notice, delivery, found, when)
    return notice


def complete_request(
    *,
    notice: Notice,
    ask: AskIn,
    stated_on: date,
    reason: str = "",
    replaces: RequestRecord | None = None,
    when: When,
) -> RequestRecord:
    """Record what a request lacked, or correct what it was recorded to say (D5).

    The day the request was received stays; ``stated_on`` is the day the rest came.
    Filling in an empty part needs no reason, changing a stated one does.  ``replaces``
    is what the person who completes it was looking at; raises ``Conflict`` when that no
    longer stands.
    """
    agreement = notice.agreement
    not_in_future("stated_on", stated_on, when.today(agreement))
    standing = (
        RequestRecord.objects.standing()
        .filter(notice=notice, investor=ask.investor)
        .select_related("investor")
        .first()
    )
    if standing is None:
        raise Refused("investor", "There is no request by this Investor to complete.")
    if replaces is not None and replaces.pk != standing.pk:
        raise Conflict("reason", MEANWHILE)
    if stated_on < standing.stated_on:
        raise Refused(
            "stated_on", f"The request itself is of {say(standing.stated_on)}. Check the day."
        )
    changed = [
        old
        for old, new in (
            (standing.units, ask.units),
            (standing.shares, ask.shares),
            (standing.distribution, ask.distribution.strip()),
            (standing.other_information, ask.other_information),
        )
        if old not in (None, "") and old != new
    ]
    if changed and not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    matter = Demand.objects.get(notice=notice.answers or notice)
    terms = terms_of(agreement, began_on(matter))
    _check_asks([ask], agreement, _asked_on(notice, standing, terms))
    with recording(
        agreement,
        "request.completed",
        when=when,
        matter=matter,
        says=f"Completed {ask.investor.name}’s request in {matter.reference}",
        reason=reason,
    ):
        _not_replaced(standing, RequestRecord)
        return RequestRecord.objects.create(
            notice=notice,
            investor=ask.investor,
            units=ask.units,
            shares=ask.shares,
            distribution=ask.distribution.strip(),
            other_information=ask.other_information,
            stated_on=stated_on,
            replaces=standing,
            reason=reason.strip(),
            recorded_by=when.by,
        )


def record_delivery(
    *,
    replaces: DeliveryRecord,
    copy: CopyIn,
    reason: str = "",
    files: Sequence[File[bytes]] = (),
    when: When,
) -> DeliveryRecord:
    """Record a copy's receipt, or correct how it travelled: an entry that replaces the one
    that stood.

    Filling in a day nobody had recorded needs no reason; changing a recorded fact does.
    Raises ``Conflict`` when somebody else recorded something of this copy meanwhile.
    """
    delivery = replaces.delivery
    notice = delivery.notice
    agreement = notice.agreement
    matter = Demand.objects.select_related("agreement__company").get(
        notice=notice.answers or notice
    )
    terms = terms_of(agreement, began_on(matter))
    _check_copy(copy, terms, when.today(agreement), agreement, addressee=delivery.recipient)
    if copy.address is None and (copy.method, copy.sent_on) == (replaces.method, replaces.sent_on):
        copy = copy._replace(address=replaces.address)
    stated = (
        (replaces.method, copy.method),
        (replaces.sent_on, copy.sent_on),
        (replaces.received_on, copy.received_on),
        *(((replaces.address_id, copy.address.pk),) if copy.address else ()),
    )
    if all(old == new for old, new in stated) and not files:
        raise Refused("received_on", "This is what is on record already.")
    if any(old is not None and old != new for old, new in stated) and not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    whom = delivery.recipient.name if delivery.recipient else "the Company"
    corrects = bool(reason.strip())
    with recording(
        agreement,
        "delivery.corrected" if corrects else "receipt.recorded",
        when=when,
        matter=matter,
        says=f"{'Corrected' if corrects else 'Recorded'} how {notice.reference} "
        f"({notice.get_kind_display()}) reached {whom}",
        reason=reason.strip(),
    ) as locked:
        _not_replaced(replaces, DeliveryRecord)
        if notice.kind == Notice.Kind.DEMAND:
            _not_after_filing(matter, copy, terms)
        found = _examined(files)
        record = _record(
            delivery, _AddressBook(locked, terms).addressed(copy, delivery.recipient), when
        )
        record.replaces = replaces
        record.reason = reason.strip()
        record.save()
        _attach(notice, delivery, found, when)
    return record


def attach_evidence(
    *,
    notice: Notice,
    delivery: Delivery | None,
    files: Sequence[File[bytes]],
    when: When,
) -> list[Evidence]:
    """Keep files that prove something about a notice, or about one copy of it."""
    if not files:
        raise Refused("files", "Choose a file.")
    if delivery is not None and delivery.notice_id != notice.pk:
        raise Refused("delivery", "This is a copy of another notice.")
    whom = f" to {delivery.recipient.name}" if delivery and delivery.recipient else ""
    matter = Demand.objects.get(notice=notice.answers or notice)
    with recording(
        notice.agreement,
        "evidence.attached",
        when=when,
        matter=matter,
        says=f"Attached {', '.join(f.name or 'a file' for f in files)} to {notice.reference}{whom}",
    ):
        return _attach(notice, delivery, _examined(files), when)


def _check_copy(
    copy: CopyIn,
    terms: Terms,
    today: date,
    agreement: Agreement,
    *,
    suffix: str = "",
    addressee: Investor | None = None,
) -> None:
    """Refuse what cannot be: an unknown method, days missing, in the wrong order or to
    come, somebody else's address.  ``suffix`` goes on each field's name."""
    clause = terms.clause("notice_methods")
    known = [*terms.notice_methods, *terms.electronic_methods]
    if copy.method not in known or copy.method not in Method.values:
        listed = ", ".join(METHOD_NAMES.get(m, m) for m in terms.notice_methods)
        raise Refused(
            f"method{suffix}",
            f"The agreement does not list this way to give notice. It lists {listed}.",
            clause,
            "N2",
        )
    name = METHOD_NAMES[copy.method]
    if terms.notice_methods.get(copy.method) is GivenWhen.SENT and copy.sent_on is None:
        raise Refused(
            f"sent_on{suffix}", f"Enter the day it was sent: {name} counts when sent.", clause, "N1"
        )
    if copy.sent_on is None and copy.received_on is None:
        raise Refused(
            f"received_on{suffix}",
            f"Enter the day it was received, or at least the day it was sent: {name} counts "
            "on receipt.",
            clause,
            "N2",
        )
    if copy.sent_on and copy.received_on and copy.received_on < copy.sent_on:
        raise Refused(
            f"received_on{suffix}",
            f"The received date, {say(copy.received_on)}, is before the sent date, "
            f"{say(copy.sent_on)}. Check both.",
            clause,
            "N3",
        )
    not_in_future(f"sent_on{suffix}", copy.sent_on, today)
    not_in_future(f"received_on{suffix}", copy.received_on, today)
    if copy.address is not None and (copy.address.agreement_id, copy.address.investor_id) != (
        agreement.pk,
        addressee.pk if addressee else None,
    ):
        raise Refused(f"address{suffix}", "This is another party’s address.", clause, "N5")


class _AddressBook:
    """The addresses of record of the parties to an agreement, read once (N5)."""

    def __init__(self, agreement: Agreement, terms: Terms) -> None:
        self.terms = terms
        self.addresses: dict[int | None, list[Address]] = {}
        for address in Address.objects.standing().filter(agreement=agreement):
            self.addresses.setdefault(address.investor_id, []).append(address)

    def addressed(self, copy: CopyIn, addressee: Investor | None) -> CopyIn:
        """The copy with the address it went to: where none was given and it counts when
        sent, the addressee's address of record on that day.

        Noted at once, so that a change of address entered later for an earlier day does
        not silently carry the letter with it.  On the day of a change it is the one
        before, which still counts that day.
        """
        counts = self.terms.notice_methods.get(copy.method)
        if copy.address is not None or copy.sent_on is None or counts is not GivenWhen.SENT:
            return copy
        sent_on = copy.sent_on
        known = [
            a
            for a in self.addresses.get(addressee.pk if addressee else None, ())
            if a.in_force_from <= sent_on
        ]
        of_record = max(
            known, key=lambda a: (a.in_force_from < sent_on, a.in_force_from, a.pk), default=None
        )
        return copy._replace(address=of_record)

    def given_on(self, copy: CopyIn) -> date | None:
        """The day a paper copy to the Company is given, section 8(a)."""
        if copy.method not in self.terms.notice_methods:
            return copy.received_on
        return rules.arrival(
            rules.Copy(
                0,
                copy.method,
                copy.sent_on,
                copy.received_on,
                copy.address.pk if copy.address else None,
            ),
            terms=self.terms,
            addresses=[rules.Address(a.pk, a.in_force_from) for a in self.addresses.get(None, ())],
        ).given_on


def _not_after_filing(matter: Demand, copy: CopyIn, terms: Terms) -> None:
    """Refuse to move a Demand Notice past the filing made for it."""
    filed = (
        StatementRecord.objects.standing()
        .filter(statement__demand=matter, kind=StatementRecord.Kind.FILED)
        .first()
    )
    day = copy.sent_on or copy.received_on
    if filed is not None and day is not None and day > filed.on:
        raise Refused(
            "sent_on" if copy.sent_on else "received_on",
            f"The Registration Statement for it was filed on {say(filed.on)}. Check both days.",
            terms.clause("filing_closes"),
            "D7",
        )


def _asked_on(notice: Notice, standing: RequestRecord, terms: Terms) -> date:
    """The day by which what an Investor may ask for is measured: that the Demand Notice
    was given, or its request came into the Company's hands, as far as known (D1, D5)."""
    book = _AddressBook(notice.agreement, terms)
    days = [
        book.given_on(CopyIn(r.method, r.sent_on, r.received_on, r.address))
        if notice.kind == Notice.Kind.DEMAND
        else r.received_on
        for r in DeliveryRecord.objects.standing()
        .filter(delivery__notice=notice)
        .select_related("address")
    ]
    return min((day for day in days if day is not None), default=standing.stated_on)


def _check_asks(asks: Sequence[AskIn], agreement: Agreement, on: date) -> None:
    """Nobody may ask for more than they hold on the day (D5)."""
    for ask in asks:
        whole("units", ask.units)
        whole("shares", ask.shares)
    if not any(a.units or a.shares for a in asks):
        return
    held = holdings(agreement, on)
    for ask in asks:
        position = held.get(ask.investor.pk, Position())
        for field, asked, most, what in (
            ("units", ask.units, position.units, "Units"),
            ("shares", ask.shares, position.registrable, "Registrable Shares"),
        ):
            if asked is not None and asked > most:
                raise Refused(
                    field,
                    f"{ask.investor.name} held {most:,} {what} on {say(on)}. Enter up to "
                    f"{most:,}, or record what it acquired first.",
                    "1(a)",
                    "D5",
                )


def _notice(
    agreement: Agreement,
    kind: Notice.Kind,
    answers: Notice | None,
    sender: Investor | None,
    note: str,
    when: When,
) -> Notice:
    last = agreement.notices.aggregate(last=Max("number"))["last"] or 0
    return Notice.objects.create(
        agreement=agreement,
        number=last + 1,
        kind=kind,
        answers=answers,
        sender=sender,
        note=note.strip(),
        recorded_by=when.by,
    )


def _send(notice: Notice, recipient: Investor | None, copy: CopyIn, when: When) -> Delivery:
    delivery = Delivery.objects.create(notice=notice, recipient=recipient)
    _record(delivery, copy, when).save()
    return delivery


def _record(delivery: Delivery, copy: CopyIn, when: When) -> DeliveryRecord:
    return DeliveryRecord(
        delivery=delivery,
        method=copy.method,
        sent_on=copy.sent_on,
        received_on=copy.received_on,
        address=copy.address,
        recorded_by=when.by,
    )


def _state(notice: Notice, asks: Sequence[AskIn], stated_on: date, when: When) -> None:
    RequestRecord.objects.bulk_create(
        RequestRecord(
            notice=notice,
            investor=ask.investor,
            units=ask.units,
            shares=ask.shares,
            distribution=ask.distribution.strip(),
            other_information=ask.other_information,
            stated_on=stated_on,
            recorded_by=when.by,
        )
        for ask in asks
    )


def _examined(files: Sequence[File[bytes]]) -> list[tuple[File[bytes], Examined]]:
    """Look inside every file before any is kept: one refused leaves none behind."""
    return [(file, examined(file)) for file in files]


def _attach(
    notice: Notice,
    delivery: Delivery | None,
    files: Sequence[tuple[File[bytes], Examined]],
    when: When,
) -> list[Evidence]:
    return [
        Evidence.objects.create(
            notice=notice,
            delivery=delivery,
            file=file,
            name=found.name,
            media_type=found.media_type,
            size=found.size,
            sha256=found.sha256,
            recorded_by=when.by,
        )
        for file, found in files
    ]


MEANWHILE = "Somebody recorded something here meanwhile. Look at it, then try again."


def _not_replaced(
    entry: DeliveryRecord | RequestRecord, model: type[DeliveryRecord] | type[RequestRecord]
) -> None:
    if model.objects.filter(replaces=entry.pk).exists():
        raise Conflict("reason", MEANWHILE)
