"""Acts on what Investors ask to have registered (D1, D4, D5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from investors.acts import Conflict, Refused
from investors.models import Agreement, Investor
from notices.models import DeliveryRecord, Notice, RequestRecord

from ..facts import holdings, terms_for
from ..models import Demand
from ..rules.days import say
from ..rules.securities import Position
from ..rules.terms import Terms
from .deliveries import AddressBook, CopyIn
from .recording import MEANWHILE, When, not_in_future, not_replaced, recording, whole


class AskIn(NamedTuple):
    """What an Investor asks to have registered: whole Units and Registrable Shares.  A
    part not stated is ``None`` or empty (D5)."""

    investor: Investor
    units: int | None = None
    shares: int | None = None
    distribution: str = ""
    other_information: str | None = None


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
    terms = terms_for(matter)
    check_asks([ask], agreement, _asked_on(notice, standing, terms))
    with recording(
        agreement,
        "request.completed",
        when=when,
        matter=matter,
        says=f"Completed {ask.investor.name}’s request in {matter.reference}",
        reason=reason,
    ):
        not_replaced(standing)
        record = request_of(notice, ask, stated_on, when)
        record.replaces = standing
        record.reason = reason.strip()
        record.save()
    return record


def request_of(notice: Notice, ask: AskIn, stated_on: date, when: When) -> RequestRecord:
    """The entry that says what an Investor asks for, not saved yet."""
    return RequestRecord(
        notice=notice,
        investor=ask.investor,
        units=ask.units,
        shares=ask.shares,
        distribution=ask.distribution.strip(),
        other_information=ask.other_information,
        stated_on=stated_on,
        recorded_by=when.by,
    )


def _asked_on(notice: Notice, standing: RequestRecord, terms: Terms) -> date:
    """The day by which what an Investor may ask for is measured: that the Demand Notice
    was given, or its request came into the Company's hands, as far as known (D1, D5)."""
    book = AddressBook(notice.agreement, terms)
    days = [
        book.given_on(CopyIn(r.method, r.sent_on, r.received_on, r.address))
        if notice.kind == Notice.Kind.DEMAND
        else r.received_on
        for r in DeliveryRecord.objects.standing()
        .filter(delivery__notice=notice)
        .select_related("address")
    ]
    return min((day for day in days if day is not None), default=standing.stated_on)


def check_asks(asks: Sequence[AskIn], agreement: Agreement, on: date) -> None:
    """Nobody may ask for more than they hold on the day (D5)."""
    for ask in asks:
        whole("units", ask.units)
        whole("shares", ask.shares)
        if 0 in (ask.units, ask.shares) and not (ask.units or ask.shares):
            raise Refused(
                "units" if ask.units == 0 else "shares",
                "A request asks for 1 or more. Leave it empty while the amount is not stated.",
                "1(a)",
                "D5",
            )
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
                limit = f"Enter up to {most:,}, or record" if most else "Record"
                raise Refused(
                    field,
                    f"{ask.investor.name} held {most:,} {what} on {say(on)}. {limit} what it "
                    "acquired first.",
                    "1(a)",
                    "D5",
                )
