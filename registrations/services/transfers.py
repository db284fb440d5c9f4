"""Acts on transfers: from an Investor to another, to somebody who signs a counterpart, or to
somebody who does not (H4, H6)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from investors.acts import Conflict, Refused
from investors.models import Address, Agreement, Investor, LedgerEntry, Transfer

from ..facts import taken_of, terms_of
from ..rules.days import say
from ..rules.securities import Line
from ..rules.transferees import NEVER, READINGS, standing
from .ledger import (
    SECURITY_NAMES,
    more_than_none,
    none_below_zero,
    save_lines,
    take_lots,
    terms_on,
)
from .recording import MEANWHILE, When, fits, not_in_future, recording

Kind = LedgerEntry.Kind


class TakerIn(NamedTuple):
    """Somebody who was on no register before.  ``signed_on`` is the day it signed a
    counterpart, ``None`` where it signed none: then only its name is kept."""

    name: str
    signed_on: date | None = None
    kind: str = Investor.Kind.PERSON
    address: str = ""
    facsimile: str = ""


def record_transfer(
    *,
    investor: Investor,
    to: Investor | TakerIn,
    quantity: int,
    on: date,
    security: str = LedgerEntry.Security.UNIT,
    note: str = "",
    when: When,
) -> list[LedgerEntry]:
    """Record untouched Units with all their parts, shares or Warrants that went to somebody.

    Whoever signed a counterpart joins the register from the day it signed.  What went to
    one who signed none leaves the ledger: it carries no rights here (H4).  Warrants go
    those that expire first; with Units, expired ones too when no others are left.
    Raises ``Refused`` when more goes than is held on some day (H6).
    """
    agreement = investor.agreement
    more_than_none("quantity", quantity)
    not_in_future("on", on, when.today(agreement))
    if security not in LedgerEntry.Security.values:
        raise Refused("security", f"Choose one of {', '.join(SECURITY_NAMES.values())}.")
    if isinstance(to, TakerIn):
        to = _readable(to, agreement, when)
    elif to.pk == investor.pk or to.agreement_id != agreement.pk:
        raise Refused("to", "Choose another Investor under the same agreement.")
    signs = isinstance(to, TakerIn) and to.signed_on is None
    says = (
        f"{investor.name} transferred {quantity:,} {SECURITY_NAMES[security]} to {to.name} on "
        f"{say(on)}{', which signed no counterpart' if signs else ''}"
    )
    kind = Kind.TRANSFER if security == LedgerEntry.Security.UNIT else Kind.SHARES
    with recording(agreement, f"ledger.{kind}", when=when, says=says) as locked:
        taker = _joined(locked, to, when) if isinstance(to, TakerIn) else to
        act = uuid.uuid4()
        given = _given(investor, security, quantity, on)
        lines = given if taker is None else [*given, *_to(taker, given)]
        entries = save_lines(locked, kind, lines, note, when, act=act)
        Transfer.objects.create(
            agreement=locked,
            act=act,
            on=on,
            giver=investor,
            taker=taker,
            taker_name=to.name,
            signed_on=taker.party_from if taker is not None else None,
            security=security,
            quantity=quantity,
            recorded_by=when.by,
        )
        none_below_zero(locked, {line.holder for line in lines})
    return entries


def record_counterpart(
    *,
    transfer: Transfer,
    signed_on: date,
    kind: str = Investor.Kind.PERSON,
    address: str = "",
    reason: str,
    when: When,
) -> Transfer:
    """Record that whoever took securities has signed a counterpart: it joins the register
    from that day.  Signed later than the transfer, whether it is an Investor for what it
    took is counsel's question (H4, N8).

    Raises ``Conflict`` when the transfer's entry no longer stands.
    """
    agreement = transfer.agreement
    if not reason.strip():
        raise Refused("reason", "Say which paper it signed, or why this is recorded now.")
    if transfer.taker_id is not None:
        raise Conflict("signed_on", f"{transfer.taker_name} is on the register already.")
    named = TakerIn(transfer.taker_name, signed_on, kind, address)
    not_in_future("signed_on", signed_on, when.today(agreement))
    with recording(
        agreement,
        "counterpart.recorded",
        when=when,
        says=f"Recorded that {named.name} signed a counterpart on {say(signed_on)}",
        reason=reason.strip(),
    ) as locked:
        _stands(transfer)
        taker = locked.investors.filter(name__iexact=named.name).first()
        if taker is None:
            taker = _joined(locked, _readable(named, locked, when), when)
        elif taker.party_from != signed_on:
            raise Refused(
                "signed_on",
                f"{taker.name} is a party from {say(taker.party_from)}. Check the day.",
            )
        assert taker is not None  # it signed
        _mirror(locked, transfer, taker, 1, when)
        return _replace(transfer, when, reason, taker=taker, signed_on=signed_on)


def decide_standing(
    *, transfer: Transfer, choice: str, decided_on: date, reason: str, when: When
) -> Transfer:
    """Record counsel's decision on whether a taker that signed later than the transfer is an
    Investor for what it took (H4, N8).  Decided against it, what it took leaves the ledger.

    Raises ``Refused`` where there is no such question, and ``Conflict`` when the
    transfer's entry no longer stands.
    """
    agreement = transfer.agreement
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    if choice not in READINGS:
        raise Refused("choice", "Choose the reading that governs.")
    not_in_future("decided_on", decided_on, when.today(agreement))
    if decided_on < transfer.on:
        raise Refused("decided_on", f"The transfer was on {say(transfer.on)}. Check the day.")
    with recording(
        agreement,
        "standing.decided",
        when=when,
        says=f"Decided on {transfer.taker_name}, to which {transfer.giver} transferred on "
        f"{say(transfer.on)}: {READINGS[choice][0].lower()}{READINGS[choice][1:]}",
        reason=reason.strip(),
    ) as locked:
        _stands(transfer)
        ruling = standing(taken_of(transfer), terms_of(locked, max(transfer.on, locked.dated_on)))
        if transfer.taker is None or not ruling.readings:
            raise Refused("choice", "Nothing is in question here.", rule="H4")
        if choice == transfer.reads:
            raise Refused("choice", "This is what is on record already.")
        if NEVER in (choice, transfer.reads):
            _mirror(locked, transfer, transfer.taker, -1 if choice == NEVER else 1, when)
            none_below_zero(locked, {transfer.taker.pk}, field="choice")
        return _replace(transfer, when, reason, reads=choice, decided_on=decided_on)


def _readable(to: TakerIn, agreement: Agreement, when: When) -> TakerIn:
    """Who took it, refused where it cannot be told or is somebody on the register."""
    name = to.name.strip()
    if not name:
        raise Refused("name", "Enter the name of whoever took it.")
    fits("name", name, 200)
    fits("facsimile", to.facsimile.strip(), 40)
    if to.kind not in Investor.Kind.values:
        raise Refused("kind", f"Choose one of {', '.join(Investor.Kind.labels)}.")
    not_in_future("signed_on", to.signed_on, when.today(agreement))
    if agreement.investors.filter(name__iexact=name).exists():
        raise Refused("name", f"{name} is on the register already. Choose it from the list.")
    return to._replace(name=name)


def _joined(agreement: Agreement, to: TakerIn, when: When) -> Investor | None:
    """The Investor that somebody became by signing a counterpart; ``None`` if it did not."""
    if to.signed_on is None:
        return None
    investor = Investor.objects.create(
        agreement=agreement, name=to.name, kind=to.kind, party_from=to.signed_on
    )
    if to.address.strip():
        Address.objects.create(
            agreement=agreement,
            investor=investor,
            lines=to.address.strip(),
            facsimile=to.facsimile.strip(),
            in_force_from=to.signed_on,
            recorded_by=when.by,
        )
    return investor


def _given(investor: Investor, security: str, quantity: int, on: date) -> list[Line]:
    """The lines by which securities leave a holder."""
    unit, warrant = LedgerEntry.Security.UNIT, LedgerEntry.Security.WARRANT
    if security == warrant:
        lots = take_lots(investor, quantity, on)
        return [Line(investor.pk, security, -n, on, last) for last, n in lots]
    if security != unit:
        return [Line(investor.pk, security, -quantity, on)]
    parts = terms_on(investor.agreement, on).unit_parts
    lots = take_lots(investor, quantity * parts.warrants, on, which="any")
    lines = (
        Line(investor.pk, "unit", -quantity, on),
        Line(investor.pk, "common", -quantity * parts.common, on),
        Line(investor.pk, "preferred", -quantity * parts.preferred, on),
        *(Line(investor.pk, "warrant", -n, on, last) for last, n in lots),
    )
    return [line for line in lines if line.change]


def _to(taker: Investor, given: Sequence[Line]) -> list[Line]:
    return [line._replace(holder=taker.pk, change=-line.change) for line in given]


def _mirror(
    agreement: Agreement, transfer: Transfer, taker: Investor, sign: int, when: When
) -> None:
    """Let the taker have what the giver gave, from the day of it; or take it back."""
    given = LedgerEntry.objects.filter(act=transfer.act, investor=transfer.giver_id)
    lines = [
        Line(taker.pk, e.security, -sign * e.change, e.on, e.expires_on)
        for e in given.order_by("pk")
    ]
    kind = Kind.TRANSFER if transfer.security == LedgerEntry.Security.UNIT else Kind.SHARES
    save_lines(agreement, kind, lines, "", when, act=transfer.act)


def _stands(transfer: Transfer) -> None:
    if Transfer.objects.filter(replaces=transfer.pk).exists():
        raise Conflict("reason", MEANWHILE)


def _replace(transfer: Transfer, when: When, reason: str, **changed: object) -> Transfer:
    kept = {
        name: getattr(transfer, name)
        for name in (
            "agreement", "act", "on", "giver", "taker", "taker_name", "signed_on", "security",
            "quantity", "reads", "decided_on",
        )
    }  # fmt: skip
    return Transfer.objects.create(
        **{**kept, **changed}, replaces=transfer, reason=reason.strip(), recorded_by=when.by
    )
