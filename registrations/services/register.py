"""Acts on the register: Investors, addresses, consents, holdings (H1, H2, H6)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from investors.acts import Conflict, Refused
from investors.models import (
    Address,
    Agreement,
    Contact,
    ElectronicConsent,
    Investor,
    LedgerEntry,
    ShareCount,
)

from .. import sweep
from ..facts import open_days, terms_of
from ..rules.days import say
from ..rules.securities import Line, first_shortfall, unit_lines
from ..rules.terms import Terms
from .recording import When, fits, not_in_future, on_register, recording, whole

SECURITY_NAMES = dict(LedgerEntry.Security.choices)


def add_investor(
    *,
    agreement: Agreement,
    name: str,
    kind: str,
    party_from: date,
    address: str = "",
    facsimile: str = "",
    contact_name: str = "",
    contact_email: str = "",
    note: str = "",
    when: When,
) -> Investor:
    """Put an Investor on the register, with its address for notices as signed.

    Raises ``Refused`` when the name is empty or already on the register, or the day has
    not come.
    """
    name = name.strip()
    if not name:
        raise Refused("name", "Enter the Investor’s name as it signed.")
    fits("name", name, 200)
    fits("facsimile", facsimile.strip(), 40)
    if kind not in Investor.Kind.values:
        raise Refused("kind", f"Choose one of {', '.join(Investor.Kind.labels)}.")
    not_in_future("party_from", party_from, when.today(agreement))
    with recording(
        agreement, "investor.added", when=when, says=f"Added {name} to the register"
    ) as locked:
        if locked.investors.filter(name__iexact=name).exists():
            raise Refused("name", f"{name} is already on the register.")
        investor = Investor.objects.create(
            agreement=locked, name=name, kind=kind, party_from=party_from, note=note
        )
        if address.strip():
            Address.objects.create(
                agreement=locked,
                investor=investor,
                lines=address.strip(),
                facsimile=facsimile.strip(),
                in_force_from=party_from,
                recorded_by=when.by,
            )
        if contact_email.strip():
            _add_contact(investor, contact_name, contact_email)
    return investor


def change_address(
    *,
    agreement: Agreement,
    investor: Investor | None,
    lines: str,
    in_force_from: date,
    facsimile: str = "",
    when: When,
) -> Address:
    """Record a party's new address for notices; ``investor`` is ``None`` for the Company.

    ``in_force_from`` is the day by which notice of it had been given to all other
    parties; copies sent before keep the old one (N5, section 8(a)).
    """
    if not lines.strip():
        raise Refused("lines", "Enter the address as it goes on the envelope.", "8(a)", "N5")
    fits("facsimile", facsimile.strip(), 40)
    on_register("investor", agreement, investor)
    not_in_future("in_force_from", in_force_from, when.today(agreement))
    whose = investor.name if investor else "the Company"
    with recording(
        agreement,
        "address.changed",
        when=when,
        says=f"Recorded a new address for {whose}, of record from {say(in_force_from)}",
    ) as locked:
        return Address.objects.create(
            agreement=locked,
            investor=investor,
            lines=lines.strip(),
            facsimile=facsimile.strip(),
            in_force_from=in_force_from,
            recorded_by=when.by,
        )


def add_contact(*, investor: Investor, name: str, email: str, when: When) -> Contact:
    """Put on file a person at an Investor to whom reminders go; a reminder is not notice."""
    with recording(
        investor.agreement,
        "contact.added",
        when=when,
        says=f"Put {email.strip()} on file for {investor.name}",
    ) as locked:
        sweep.attend_again([locked.pk])
        return _add_contact(investor, name, email)


def end_contact(*, contact: Contact, when: When) -> None:
    """Send no more reminders to this person."""
    investor = contact.investor
    with recording(
        investor.agreement,
        "contact.ended",
        when=when,
        says=f"Took {contact.email} off the file for {investor.name}",
    ) as locked:
        sweep.attend_again([locked.pk])
        Contact.objects.filter(pk=contact.pk, ended_at=None).update(ended_at=when.now)


def _add_contact(investor: Investor, name: str, email: str) -> Contact:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Refused(
            "contact_email", "Enter an e-mail address such as name@example.com."
        ) from wrong
    if investor.contacts.filter(email__iexact=email, ended_at=None).exists():
        raise Refused("contact_email", "This address is already on file for the Investor.")
    fits("contact_name", name.strip(), 120)
    return Contact.objects.create(investor=investor, name=name.strip() or email[:120], email=email)


def record_consent(
    *,
    agreement: Agreement,
    investor: Investor | None,
    signed_on: date,
    when: When,
) -> ElectronicConsent:
    """Record a party's signed consent to electronic delivery (N4, section 8(c));
    ``investor`` is ``None`` for the Company's own."""
    on_register("investor", agreement, investor)
    not_in_future("signed_on", signed_on, when.today(agreement))
    whose = investor.name if investor else "the Company"
    with recording(
        agreement,
        "consent.recorded",
        when=when,
        says=f"Recorded the consent of {whose} to electronic delivery",
    ) as locked:
        return ElectronicConsent.objects.create(
            agreement=locked, investor=investor, signed_on=signed_on, recorded_by=when.by
        )


def withdraw_consent(
    *, consent: ElectronicConsent, withdrawn_on: date, reason: str, when: When
) -> ElectronicConsent:
    """Record that a consent to electronic delivery was withdrawn on a day: from that day
    electronic copies no longer count."""
    if withdrawn_on < consent.signed_on:
        raise Refused(
            "withdrawn_on", "A consent cannot be withdrawn before it was signed.", "8(c)", "N4"
        )
    not_in_future("withdrawn_on", withdrawn_on, when.today(consent.agreement))
    whose = consent.investor.name if consent.investor else "the Company"
    with recording(
        consent.agreement,
        "consent.withdrawn",
        when=when,
        says=f"Recorded that {whose} withdrew its consent to electronic delivery",
        reason=reason,
    ) as locked:
        if hasattr(ElectronicConsent.objects.get(pk=consent.pk), "replacement"):
            raise Conflict("withdrawn_on", "Somebody recorded this meanwhile. Look again.")
        return ElectronicConsent.objects.create(
            agreement=locked,
            investor=consent.investor,
            signed_on=consent.signed_on,
            withdrawn_on=withdrawn_on,
            replaces=consent,
            reason=reason or "Withdrawn.",
            recorded_by=when.by,
        )


def record_share_count(
    *, agreement: Agreement, kind: str, count: int, on: date, source: str, when: When
) -> ShareCount:
    """Record a count of the Company's shares or Units on a day, and the paper it is from."""
    if kind not in ShareCount.Kind.values:
        raise Refused("kind", f"Choose one of {', '.join(ShareCount.Kind.labels)}.")
    whole("count", count)
    if not source.strip():
        raise Refused("source", "Say which paper the count is from.")
    not_in_future("on", on, when.today(agreement))
    label = ShareCount.Kind(kind).label
    with recording(
        agreement,
        "share_count.recorded",
        when=when,
        says=f"Recorded {label}: {count:,} on {say(on)}",
    ) as locked:
        return ShareCount.objects.create(
            agreement=locked,
            kind=kind,
            count=count,
            on=on,
            source=source.strip(),
            recorded_by=when.by,
        )


# --- holdings --------------------------------------------------------------------------


def issue_units(
    *, investor: Investor, units: int, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Issue Units to an Investor, broken into their parts; Warrants run from ``on`` (H1)."""
    _more_than_none("quantity", units)
    not_in_future("on", on, when.today(investor.agreement))
    terms = _terms(investor.agreement, on)
    lines = unit_lines(
        investor.pk,
        units,
        on=on,
        parts=terms.unit_parts,
        warrants_expire_on=terms.warrant_life.after(on, open_days()),
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
    _more_than_none("quantity", preferred)
    parts = _terms(investor.agreement, on).unit_parts
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
    _more_than_none("quantity", warrants)
    parts = _terms(investor.agreement, on).unit_parts

    def lines() -> list[Line]:
        return [
            *(
                Line(investor.pk, "warrant", -n, on, last)
                for last, n in _take_lots(investor, warrants, on)
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


def transfer_units(
    *,
    investor: Investor,
    to: Investor,
    units: int,
    on: date,
    note: str = "",
    when: When,
) -> list[LedgerEntry]:
    """Transfer untouched Units, with all their parts, to another Investor (H6).

    Their Warrants are those that expire first, and expired ones only when no others are
    left: a Unit whose Warrant has run out can still be transferred.
    """
    _more_than_none("quantity", units)
    if to.pk == investor.pk or to.agreement_id != investor.agreement_id:
        raise Refused("to", "Choose another Investor under the same agreement.")
    parts = _terms(investor.agreement, on).unit_parts

    def lines() -> list[Line]:
        lots = _take_lots(investor, units * parts.warrants, on, expired_too=True)
        moved = [
            line
            for holder, sign in ((investor.pk, -1), (to.pk, 1))
            for line in (
                Line(holder, "unit", sign * units, on),
                Line(holder, "common", sign * units * parts.common, on),
                Line(holder, "preferred", sign * units * parts.preferred, on),
                *(Line(holder, "warrant", sign * n, on, last) for last, n in lots),
            )
        ]
        return [line for line in moved if line.change]

    return _enter(
        investor.agreement,
        LedgerEntry.Kind.TRANSFER,
        lines,
        says=f"{investor.name} transferred {units:,} Units to {to.name}",
        on=on,
        note=note,
        when=when,
    )


def record_public_sale(
    *, investor: Investor, shares: int, on: date, note: str = "", when: When
) -> list[LedgerEntry]:
    """Record Common Stock sold in a public distribution: no longer registrable (H3)."""
    _more_than_none("quantity", shares)
    return _enter(
        investor.agreement,
        LedgerEntry.Kind.PUBLIC_SALE,
        [Line(investor.pk, "common", -shares, on)],
        says=f"{investor.name} sold {shares:,} Common Stock to the public",
        on=on,
        note=note,
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
            life = _terms(investor.agreement, on).warrant_life
            return [Line(investor.pk, security, change, on, life.after(on, open_days()))]
        lots = _take_lots(investor, -change, on)
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


def _terms(agreement: Agreement, on: date) -> Terms:
    return terms_of(agreement, max(on, agreement.dated_on))


def _more_than_none(field: str, quantity: int) -> None:
    whole(field, quantity, least=1)


def _take_lots(
    investor: Investor, warrants: int, on: date, *, expired_too: bool = False
) -> list[tuple[date | None, int]]:
    """Warrants by their last day, live ones first and soonest first, up to the number
    asked for.

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
        if last is not None and last < on and not expired_too:
            continue
        n = min(left, _free(changes[last], on))
        if n > 0:
            taken.append((last, n))
            left -= n
    if left:
        what = "Warrants" if expired_too else "live Warrants"
        raise Refused(
            "quantity",
            f"{investor.name} had {warrants - left:,} {what} free on {say(on)}, fewer than "
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
        entries = _save(locked, kind, entered, note, when)
        _none_below_zero({line.holder for line in entered})
    return entries


def _save(
    agreement: Agreement, kind: LedgerEntry.Kind, lines: Iterable[Line], note: str, when: When
) -> list[LedgerEntry]:
    event = uuid.uuid4()
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
            note=note,
            recorded_by=when.by,
        )
        for line in lines
    )


def _none_below_zero(holders: set[int]) -> None:
    rows = LedgerEntry.objects.filter(investor__in=holders).values_list(
        "investor_id", "security", "change", "on", "expires_on"
    )
    short = first_shortfall(Line(*row) for row in rows)
    if short is not None:
        name = Investor.objects.get(pk=short.holder).name
        raise Refused(
            "quantity",
            f"{name} would hold {short.by:,} {SECURITY_NAMES[short.security]} fewer than none "
            f"on {say(short.on)}. Check the number and the day, or enter what is missing first.",
            rule="H6",
        )
