"""Acts on the copies a notice travelled as: when and where each went and came (N1–N5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.core.files.base import File

from investors.acts import Refused
from investors.models import Address, Agreement, Investor
from notices.models import Delivery, DeliveryRecord, Method, Notice

from ..facts import began_on, terms_of
from ..models import Demand, StatementRecord
from ..rules import notice as rules
from ..rules.days import say
from ..rules.terms import GivenWhen, Terms
from ..rules.words import METHOD_NAMES
from .evidence import attach, looked_into
from .recording import When, not_in_future, not_replaced, recording


class CopyIn(NamedTuple):
    """How one copy travelled, as typed in: days in the agreement's zone.

    With no ``address``, one that counts when sent is noted as gone to the address of
    record on the day it was sent (N5).
    """

    method: str
    sent_on: date | None = None
    received_on: date | None = None
    address: Address | None = None


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
    begun_on = began_on(matter)
    terms = terms_of(agreement, begun_on)
    check_copy(
        copy,
        terms,
        when.today(agreement),
        agreement,
        addressee=delivery.recipient,
        begun_on=None if notice.kind == Notice.Kind.DEMAND else begun_on,
    )
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
        not_replaced(replaces)
        if notice.kind == Notice.Kind.DEMAND:
            _not_after_filing(matter, copy, terms)
        found = looked_into(files)
        record = record_of(
            delivery, AddressBook(locked, terms).addressed(copy, delivery.recipient), when
        )
        record.replaces = replaces
        record.reason = reason.strip()
        record.save()
        attach(notice, delivery, found, when)
    return record


def check_copy(
    copy: CopyIn,
    terms: Terms,
    today: date,
    agreement: Agreement,
    *,
    suffix: str = "",
    addressee: Investor | None = None,
    begun_on: date | None = None,
    as_sent: bool = False,
) -> None:
    """Refuse what cannot be: an unknown method, days missing, in the wrong order or to
    come, somebody else's address, a reply before what it answers.

    ``begun_on`` is the day the matter began, ``None`` for the Demand Notice that begins
    it; ``suffix`` goes on each field's name.  What came ``as_sent``, from the sender itself,
    came that way, whether or not the agreement lists it.
    """
    clause = terms.clause("notice_methods")
    # Where the ways of notice are not on record, what came still came.
    known = [*terms.notice_methods, *terms.electronic_methods] or list(METHOD_NAMES)
    if copy.method not in Method.values or (copy.method not in known and not as_sent):
        listed = ", ".join(METHOD_NAMES.get(m, m) for m in terms.notice_methods)
        raise Refused(
            f"method{suffix}",
            f"The agreement does not list this way to give notice. It lists {listed}.",
            clause,
            "N2",
        )
    name = METHOD_NAMES[copy.method]
    rule = terms.notice_methods.get(copy.method)
    if rule is not None and rule.when is GivenWhen.SENT and copy.sent_on is None:
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
    for field, day in (("sent_on", copy.sent_on), ("received_on", copy.received_on)):
        if begun_on is not None and day is not None and day < begun_on:
            raise Refused(
                f"{field}{suffix}",
                f"{say(day)} is before the registration began, {say(begun_on)}. Check the day.",
                terms.clause("joining"),
                "D2",
            )
    not_in_future(f"sent_on{suffix}", copy.sent_on, today)
    not_in_future(f"received_on{suffix}", copy.received_on, today)
    if copy.address is not None and (copy.address.agreement_id, copy.address.investor_id) != (
        agreement.pk,
        addressee.pk if addressee else None,
    ):
        raise Refused(f"address{suffix}", "This is another party’s address.", clause, "N5")


class AddressBook:
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
        rule = self.terms.notice_methods.get(copy.method)
        if rule is None or rule.when is not GivenWhen.SENT:
            return copy
        if copy.address is not None or copy.sent_on is None:
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


def record_of(delivery: Delivery, copy: CopyIn, when: When) -> DeliveryRecord:
    """The entry that says how a copy travelled, not saved yet."""
    return DeliveryRecord(
        delivery=delivery,
        method=copy.method,
        sent_on=copy.sent_on,
        received_on=copy.received_on,
        address=copy.address,
        recorded_by=when.by,
    )
