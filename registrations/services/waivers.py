"""Waivers: each binds the party that signed it, for one matter, section 8(c) (S8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.files.base import File

from investors.acts import Conflict, Refused
from investors.models import Investor

from ..facts import terms_for
from ..models import Demand, Waiver
from ..rules.days import say
from ..rules.waivers import OF_A_PROPOSAL, OF_ONE, OF_THE_COMPANY, RIGHTS, said_of
from .evidence import attach, looked_into
from .recording import MEANWHILE, When, not_in_future, on_register, recording


def record_waiver(
    *,
    demand: Demand,
    investor: Investor | None,
    right: str,
    signed_on: date,
    reason: str = "",
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Waiver:
    """Record that a party waived something in writing, for its own benefit and in this
    matter alone.  Nothing changes for any other.

    An Investor waives one of ``RIGHTS``; the Company one of ``OF_THE_COMPANY``, where
    ``investor`` is the one it favours, ``None`` for a condition or a rest.  ``reason`` is
    asked for only where the same waiver was taken back before.  Raises ``Refused`` for a
    right that is none of this matter's, an Investor lacking or too many, or a day that
    cannot be; ``Conflict`` when it is on record already.
    """
    _check(demand, investor, right, signed_on, when)
    with recording(
        demand.agreement,
        "waiver.recorded",
        when=when,
        matter=demand,
        says=f"Recorded in {demand.reference}: {_told(right, investor)}; signed {say(signed_on)}",
        reason=reason.strip(),
    ):
        stood = _standing(demand, investor, right)
        if stood is not None and not stood.taken_back:
            raise Conflict("right", "This waiver is on record already. Correct that entry.")
        if stood is not None and not reason.strip():
            raise Refused("reason", "It was taken back before. Say why it is recorded again.")
        return _put(demand, investor, right, signed_on, stood, reason, files, when)


def correct_waiver(
    *,
    waiver: Waiver,
    signed_on: date,
    taken_back: bool = False,
    reason: str,
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Waiver:
    """Put right what is on record of a waiver: the day it was signed, its paper, or that
    there is no such waiver (``taken_back``).

    Raises ``Conflict`` when ``waiver`` no longer stands or says so already.
    """
    demand, investor, right = waiver.demand, waiver.investor, waiver.right
    _check(demand, investor, right, signed_on, when)
    if not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed. It stays on the record.")
    did = "Took back what was recorded" if taken_back else "Corrected what was recorded"
    with recording(
        demand.agreement,
        "waiver.corrected",
        when=when,
        matter=demand,
        says=f"{did} in {demand.reference}: {_told(right, investor)}; signed {say(signed_on)}",
        reason=reason.strip(),
    ):
        stood = _standing(demand, investor, right)
        if stood != waiver:
            raise Conflict("reason", MEANWHILE)
        if (stood.signed_on, stood.taken_back) == (signed_on, taken_back) and not files:
            raise Conflict("signed_on", "This is on record already.")
        return _put(
            demand, investor, right, signed_on, stood, reason, files, when, taken_back=taken_back
        )


def rights_in(demand: Demand) -> tuple[str, ...]:
    """What may be waived in a matter, by an Investor and by the Company."""
    return OF_A_PROPOSAL if demand.by_company else (*RIGHTS, *OF_THE_COMPANY)


def _told(right: str, investor: Investor | None) -> str:
    return said_of(right, investor.name if investor else "")


def _check(
    demand: Demand, investor: Investor | None, right: str, signed_on: date, when: When
) -> None:
    agreement = demand.agreement
    not_in_future("signed_on", signed_on, when.today(agreement))
    if investor is not None:
        on_register("investor", agreement, investor)
    if right not in rights_in(demand):
        clause = terms_for(demand).clause("amendment")
        raise Refused("right", f"Choose one of: {', '.join(rights_in(demand))}.", clause, "S8")
    if right in OF_ONE and investor is None:
        lacks = "that signed it" if right in RIGHTS else "whose request the Company takes"
        raise Refused("investor", f"Choose the Investor {lacks}.")
    if right not in OF_ONE and investor is not None:
        raise Refused(
            "investor",
            "This favours no one Investor. Leave the Investor empty, or choose another waiver.",
        )
    if signed_on < agreement.dated_on:
        raise Refused(
            "signed_on",
            f"{say(signed_on)} is before the agreement itself, {say(agreement.dated_on)}. "
            "Check the day.",
        )


def _standing(demand: Demand, investor: Investor | None, right: str) -> Waiver | None:
    every = Waiver.objects.standing().filter(demand=demand, investor=investor, right=right)
    found: Waiver | None = every.first()
    return found


def _put(
    demand: Demand,
    investor: Investor | None,
    right: str,
    signed_on: date,
    stood: Waiver | None,
    reason: str,
    files: Sequence[File[bytes]],
    when: When,
    *,
    taken_back: bool = False,
) -> Waiver:
    papers = attach(demand.notice, None, looked_into(files), when)
    kept = stood.paper if stood is not None and not stood.taken_back else None
    return Waiver.objects.create(
        demand=demand,
        investor=investor,
        right=right,
        signed_on=signed_on,
        taken_back=taken_back,
        paper=papers[0] if papers else kept,
        replaces=stood,
        reason=reason.strip() if stood is not None else "",
        recorded_by=when.by,
    )
