"""Acts on notices: the Demand Notice, the Company or Registration Notice and its answers
(N1–N5, D1–D5, P1, P3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.files.base import File
from django.db.models import Max

from investors.acts import Refused
from investors.models import Agreement, Investor
from notices.models import Delivery, DeliveryRecord, Notice, RequestRecord

from ..facts import began_on, terms_of
from ..models import Demand
from ..rules.days import say
from .deliveries import AddressBook, CopyIn, check_copy, record_of
from .evidence import attach, looked_into
from .recording import When, on_register, recording, redraw
from .requests import AskIn, check_asks, request_of


def record_demand_notice(
    *,
    agreement: Agreement,
    asks: Sequence[AskIn],
    copy: CopyIn,
    note: str = "",
    files: Sequence[File[bytes]] = (),
    as_sent: bool = False,
    when: When,
) -> Demand:
    """Record a Demand Notice to the Company and begin its matter, section 1(a) (D1).

    A demand by too few Units is recorded like any other; the docket says what it is.
    Raises ``Refused`` for a contradiction: days in the wrong order, a method the
    agreement does not know, more asked for than is held unless it is ``as_sent`` by the
    Investors themselves.
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
    check_copy(copy, terms, today, agreement, as_sent=as_sent)
    names = " and ".join(a.investor.name for a in asks)
    with recording(
        agreement,
        "demand.recorded",
        when=when,
        says=f"Recorded a Demand Notice from {names}",
        begins=True,
    ) as locked:
        book = AddressBook(locked, terms)
        copy = book.addressed(copy, None)
        if not as_sent:
            check_asks(asks, locked, book.given_on(copy) or day)
        found = looked_into(files)
        notice = write(locked, Notice.Kind.DEMAND, None, asks[0].investor, note, when)
        delivery = _send(notice, None, copy, when)
        stated_on = copy.received_on or day
        RequestRecord.objects.bulk_create(request_of(notice, a, stated_on, when) for a in asks)
        attach(notice, delivery, found, when)
        demand = begin(locked, Demand.Kind.DEMAND, notice)
        redraw(demand, now=when.now)
        return demand


def begin(agreement: Agreement, kind: Demand.Kind, notice: Notice) -> Demand:
    """Begin a matter with the notice that starts it: numbered among those of its kind."""
    last = agreement.demands.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    return Demand.objects.create(agreement=agreement, kind=kind, number=last + 1, notice=notice)


def record_company_notice(
    *,
    demand: Demand,
    copies: Sequence[tuple[Investor, CopyIn]],
    note: str = "",
    files: Mapping[int, Sequence[File[bytes]]] | None = None,
    when: When,
) -> Notice:
    """Record the Company Notice to other Investors, a copy each, section 1(a) (D2); in a
    registration the Company makes, the Registration Notice to every Investor, section 3(a)
    (P1).

    ``files`` gives the evidence for a copy by the Investor's key.  Each copy's refusal
    names its Investor in ``field``.
    """
    if not copies:
        raise Refused("investors", "Choose the Investors it was sent to.")
    agreement = demand.agreement
    begun_on = began_on(demand)
    terms = terms_of(agreement, begun_on)
    today = when.today(agreement)
    starting = set(demand.notice.requests.values_list("investor_id", flat=True))
    seen: set[int] = set()
    for investor, copy in copies:
        suffix = f"_{investor.pk}"
        on_register(f"investor{suffix}", agreement, investor)
        if investor.pk in starting:
            raise Refused(
                f"investor{suffix}",
                f"{investor.name} is one of the Initiating Investors; the Company Notice goes to "
                "every other Investor.",
                terms.clause("joining"),
                "D2",
            )
        if investor.pk in seen:
            raise Refused(
                f"investor{suffix}",
                f"{investor.name} is named twice. Record its second copy by itself.",
            )
        seen.add(investor.pk)
        check_copy(
            copy, terms, today, agreement, suffix=suffix, addressee=investor, begun_on=begun_on
        )
    if {key for key, some in (files or {}).items() if some} - {i.pk for i, _ in copies}:
        raise Refused("files", "There is a file for an Investor to whom no copy was sent.")
    kind = Notice.Kind.REGISTRATION if demand.by_company else Notice.Kind.COMPANY
    count = f"{len(copies)} Investors" if len(copies) > 1 else copies[0][0].name
    with recording(
        agreement,
        f"{kind.value}_notice.recorded",
        when=when,
        matter=demand,
        says=f"Recorded the {kind.label} in {demand.reference} to {count}",
    ) as locked:
        book = AddressBook(locked, terms)
        found = {key: looked_into(some) for key, some in (files or {}).items()}
        notice = write(locked, kind, demand.notice, None, note, when)
        deliveries = Delivery.objects.bulk_create(
            Delivery(notice=notice, recipient=investor) for investor, _ in copies
        )
        DeliveryRecord.objects.bulk_create(
            record_of(delivery, book.addressed(copy, investor), when)
            for delivery, (investor, copy) in zip(deliveries, copies, strict=True)
        )
        for delivery in deliveries:
            attach(notice, delivery, found.pop(delivery.recipient_id or 0, ()), when)
    return notice


def record_answer(
    *,
    demand: Demand,
    ask: AskIn,
    copy: CopyIn,
    declines: bool = False,
    note: str = "",
    files: Sequence[File[bytes]] = (),
    as_sent: bool = False,
    when: When,
) -> Notice:
    """Record an Investor's written answer to the Company Notice (D4, D5), or its Piggy-back
    Request (P3).

    A late request, or one that lacks a part, is recorded as what it is.  Raises
    ``Refused`` when it asks for more than the Investor held on the day it came, which may
    be a slip of whoever copies it; ``as_sent`` says that it is what the Investor wrote.
    """
    agreement = demand.agreement
    on_register("investor", agreement, ask.investor)
    if demand.notice.requests.filter(investor=ask.investor).exists():
        raise Refused(
            "investor",
            f"{ask.investor.name} is one of the Initiating Investors; its shares are in the "
            "Demand Notice.",
        )
    if declines and (ask.units or ask.shares):
        raise Refused(
            "declines",
            "An answer that declines asks for no shares. Leave the amount empty, or record a "
            "request to join.",
        )
    begun_on = began_on(demand)
    terms = terms_of(agreement, begun_on)
    check_copy(copy, terms, when.today(agreement), agreement, begun_on=begun_on, as_sent=as_sent)
    day = copy.received_on or copy.sent_on
    assert day is not None  # check_copy refuses a copy with no day
    asks = Notice.Kind.PIGGYBACK if demand.by_company else Notice.Kind.REQUEST
    kind = Notice.Kind.DECLINE if declines else asks
    what = "an answer declining to join" if declines else "a request to join"
    with recording(
        agreement,
        "answer.recorded",
        when=when,
        matter=demand,
        says=f"Recorded {what} {demand.reference} from {ask.investor.name}",
    ) as locked:
        if not declines and not as_sent:
            check_asks([ask], locked, day)
        copy = AddressBook(locked, terms).addressed(copy, None)
        found = looked_into(files)
        notice = write(locked, kind, demand.notice, ask.investor, note, when)
        delivery = _send(notice, None, copy, when)
        if not declines:
            request_of(notice, ask, day, when).save()
        attach(notice, delivery, found, when)
    return notice


def write(
    agreement: Agreement,
    kind: Notice.Kind,
    answers: Notice | None,
    sender: Investor | None,
    note: str,
    when: When,
) -> Notice:
    """A notice on record, numbered in its agreement; its copies come after."""
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
    record_of(delivery, copy, when).save()
    return delivery
