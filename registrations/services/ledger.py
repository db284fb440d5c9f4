"""Acts on the ledger: what Investors acquire, convert, transfer and sell (H1, H6)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from investors.acts import Refused
from investors.models import Agreement, Investor, LedgerEntry

from ..facts import ledger_of, open_days, terms_of
from ..rules.days import say
from ..rules.securities import Line, first_shortfall, unit_lines
from ..rules.terms import Terms
from .recording import When, not_in_future, recording, whole

Which = Literal["live", "any", "expired"]
SECURITY_NAMES = dict(LedgerEntry.Security.choices)


def issue_units(
    *, investor: Investor, units: int, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Issue Units to an Investor, broken into their parts; Warrants run from ``on`` (H1)."""
    more_than_none("quantity", units)
    not_in_future("on", on, when.today(investor.agreement))
    terms = terms_on(investor.agreement, on)
    lines = unit_lines(
        investor.pk,
        units,
        on=on,
        parts=terms.unit_parts,
        warrants_expire_on=terms.warrant_life.after(on, open_days())
        if terms.unit_parts.warrants
        else None,
    )
    return _enter(
        investor.agreement,
        LedgerEntry.Kind.ISSUE,
        lines,
        says=f"Issued {units:,} Units to {investor.name}",
        on=on,
        note=note,
        when=when,
    )


def convert_preferred(
    *, investor: Investor, preferred: int, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Convert Preferred Stock into Common at the agreement's rate (H1)."""
    more_than_none("quantity", preferred)
    parts = terms_on(investor.agreement, on).unit_parts
    lines = (
        Line(investor.pk, "preferred", -preferred, on),
        Line(investor.pk, "common", preferred * parts.common_per_preferred, on),
    )
    return _enter(
        investor.agreement,
        LedgerEntry.Kind.CONVERSION,
        lines,
        says=f"{investor.name} converted {preferred:,} Preferred Stock",
        on=on,
        note=note,
        when=when,
    )


def exercise_warrants(
    *, investor: Investor, warrants: int, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Exercise Warrants, those that expire first before the others (H1).

    Raises ``Refused`` when fewer live Warrants were held on that day.
    """
    more_than_none("quantity", warrants)
    parts = terms_on(investor.agreement, on).unit_parts

    def lines() -> list[Line]:
        return [
            *(
                Line(investor.pk, "warrant", -n, on, last)
                for last, n in take_lots(investor, warrants, on)
            ),
            Line(investor.pk, "common", warrants * parts.common_per_warrant, on),
        ]

    return _enter(
        investor.agreement,
        LedgerEntry.Kind.EXERCISE,
        lines,
        says=f"{investor.name} exercised {warrants:,} Warrants",
        on=on,
        note=note,
        when=when,
    )


def record_expiry(
    *, investor: Investor, warrants: int, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Take Warrants that have run out off the ledger, those that ran out first first (H6).

    They stopped counting the day after their last day whether or not this is entered.
    Raises ``Refused`` when fewer had run out by ``on``.
    """
    more_than_none("quantity", warrants)

    def lines() -> list[Line]:
        lots = take_lots(investor, warrants, on, which="expired")
        return [Line(investor.pk, "warrant", -n, on, last) for last, n in lots]

    return _enter(
        investor.agreement,
        LedgerEntry.Kind.EXPIRY,
        lines,
        says=f"{warrants:,} Warrants of {investor.name} had run out",
        on=on,
        note=note,
        when=when,
    )


def record_public_sale(
    *, investor: Investor, shares: int, under: str, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Record Common Stock sold to the public, ``under`` a registration statement or Rule 144.

    The seller holds it no more either way; what it was sold under tells whether the shares
    themselves are still Registrable Shares (H3, ``transferees.after_sale``).
    """
    more_than_none("quantity", shares)
    if under not in LedgerEntry.SoldUnder.values:
        labels = " or ".join(LedgerEntry.SoldUnder.labels)
        raise Refused("under", f"Say what they were sold under: {labels}.", rule="H3")
    what = LedgerEntry.SoldUnder(under).label
    return _enter(
        investor.agreement,
        LedgerEntry.Kind.PUBLIC_SALE,
        [Line(investor.pk, "common", -shares, on)],
        says=f"{investor.name} sold {shares:,} Common Stock to the public under "
        f"{what[0].lower() if what.startswith('A ') else what[0]}{what[1:]}",
        on=on,
        note=note,
        sold_under=under,
        when=when,
    )


def correct_ledger(
    *,
    investor: Investor,
    security: str,
    change: int,
    on: date,
    reason: str,
    expires_on: date | None = None,
    when: When,
) -> list[LedgerEntry]:
    """Put the ledger right with a line of its own, dated the day it should have said so.

    Nothing is edited: the wrong line, the correction and its reason all stay (H6).
    """
    if not change:
        raise Refused("quantity", "Enter how many to add, or to take away with a minus.")
    whole("quantity", abs(change))
    if not reason.strip():
        raise Refused("reason", "Say why the ledger is corrected.")
    if security not in LedgerEntry.Security.values:
        raise Refused("security", f"Choose one of {', '.join(SECURITY_NAMES.values())}.")
    if expires_on is not None and security != LedgerEntry.Security.WARRANT:
        raise Refused("expires_on", "Only Warrants expire. Leave this empty.")

    def lines() -> list[Line]:
        if security != LedgerEntry.Security.WARRANT or expires_on is not None:
            return [Line(investor.pk, security, change, on, expires_on)]
        if change > 0:
            life = terms_on(investor.agreement, on).warrant_life
            return [Line(investor.pk, security, change, on, life.after(on, open_days()))]
        lots = take_lots(investor, -change, on)
        return [Line(investor.pk, security, -n, on, last) for last, n in lots]

    return _enter(
        investor.agreement,
        LedgerEntry.Kind.CORRECTION,
        lines,
        says=f"Corrected {investor.name}’s {SECURITY_NAMES[security]} by {change:+,}",
        on=on,
        note=reason.strip(),
        when=when,
    )


def terms_on(agreement: Agreement, on: date) -> Terms:
    """The terms in force when something was entered for a day."""
    return terms_of(agreement, max(on, agreement.dated_on))


def more_than_none(field: str, quantity: int) -> None:
    """Refuse a quantity of none, or fewer."""
    whole(field, quantity, least=1)


def take_lots(
    investor: Investor, warrants: int, on: date, *, which: Which = "live"
) -> list[tuple[date | None, int]]:
    """Warrants by their last day, live ones first and soonest first, up to the number
    asked for: ``live`` ones, ``any``, or those that had ``expired`` by ``on``.

    A lot gives no more than it has from ``on`` for ever after: what a later day's entry
    took stays taken, so that the order of entry makes no difference (H6).
    """
    changes: dict[date | None, dict[date, int]] = {}
    for last, day, change in LedgerEntry.objects.filter(
        investor=investor, security=LedgerEntry.Security.WARRANT
    ).values_list("expires_on", "on", "change"):
        days = changes.setdefault(last, {})
        days[day] = days.get(day, 0) + change
    taken: list[tuple[date | None, int]] = []
    left = warrants
    for last in sorted(changes, key=lambda d: (d is not None and d < on, d or date.max)):
        is_live = last is None or last >= on
        if which != "any" and is_live != (which == "live"):
            continue
        n = min(left, _free(changes[last], on))
        if n > 0:
            taken.append((last, n))
            left -= n
    if left:
        what = {"live": "live Warrants", "any": "Warrants", "expired": "Warrants that had run out"}
        raise Refused(
            "quantity",
            f"{investor.name} had {warrants - left:,} {what[which]} free on {say(on)}, fewer than "
            f"{warrants:,}.",
            rule="H6",
        )
    return taken


def _free(days: Mapping[date, int], on: date) -> int:
    """The least a lot holds on ``on`` or any day after, given its change on each day."""
    balance = sum(change for day, change in days.items() if day <= on)
    least = balance
    for day in sorted(d for d in days if d > on):
        balance += days[day]
        least = min(least, balance)
    return least


def _enter(
    agreement: Agreement,
    kind: LedgerEntry.Kind,
    lines: Sequence[Line] | Callable[[], Sequence[Line]],
    *,
    says: str,
    on: date,
    note: str,
    sold_under: str = "",
    when: When,
) -> list[LedgerEntry]:
    """Add the lines of one event; refuse them if any holding would fall below zero on any
    day, whatever order lines were entered in (H6).

    Lines that depend on what is held are given as a function, called under the lock.
    """
    not_in_future("on", on, when.today(agreement))
    with recording(
        agreement,
        f"ledger.{kind}",
        when=when,
        says=f"{says} on {say(on)}",
        reason=note if kind == LedgerEntry.Kind.CORRECTION else "",
    ) as locked:
        entered = lines() if callable(lines) else lines
        entries = save_lines(locked, kind, entered, note, when, sold_under=sold_under)
        none_below_zero(locked, {line.holder for line in entered})
    return entries


def save_lines(
    agreement: Agreement,
    kind: LedgerEntry.Kind,
    lines: Iterable[Line],
    note: str,
    when: When,
    *,
    act: uuid.UUID | None = None,
    sold_under: str = "",
) -> list[LedgerEntry]:
    """Enter the lines of one event, or more lines of one entered before."""
    event = act or uuid.uuid4()
    return LedgerEntry.objects.bulk_create(
        LedgerEntry(
            agreement=agreement,
            investor_id=line.holder,
            act=event,
            kind=kind,
            security=line.security,
            change=line.change,
            on=line.on,
            expires_on=line.expires_on,
            sold_under=sold_under,
            note=note,
            recorded_by=when.by,
        )
        for line in lines
    )


def none_below_zero(
    agreement: Agreement, holders: Collection[int] | None = None, *, field: str = "quantity"
) -> None:
    """Refuse when any of some holders, or anybody, would hold fewer than none on any day,
    after every action (H6)."""
    short = first_shortfall(ledger_of(agreement, holders=holders))
    if short is not None:
        name = Investor.objects.get(pk=short.holder).name
        raise Refused(
            field,
            f"{name} would hold {short.by:,} {SECURITY_NAMES[short.security]} fewer than none "
            f"on {say(short.on)}. Check the number and the day, or enter what is missing first.",
            rule="H6",
        )
