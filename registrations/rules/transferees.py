"""Whether whoever takes securities by transfer is an Investor for them (H4), and what a sale
to the public ends (H3)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from .conditions import judge
from .consents import Transfer
from .days import say
from .findings import Decision, Reading, Reason, Ruling
from .situation import Situation
from .terms import RegistrableShares, Terms

INVESTOR, NO_INVESTOR = "investor", "no_investor"
FROM_SIGNING, NEVER = "from_signing", "never"
READINGS = {
    FROM_SIGNING: "A counterpart signed later makes it an Investor from the day it signed",
    NEVER: "Only a counterpart signed at the time of the transfer makes it an Investor",
}


class Taken(NamedTuple):
    """Securities that went to somebody on a day.  ``party_from`` is the day the taker signed
    the agreement or a counterpart, ``None`` where it did not."""

    on: date
    party_from: date | None
    decision: Decision | None = None


def standing(taken: Taken, terms: Terms) -> Ruling:
    """Whether the taker is an Investor for what it took, by the agreement's own condition
    (sections 7 and 8(g) of the first one).

    Signed by the day of the transfer it is; not signed it is not.  Signed later is two
    readings of "at the time of the transfer", and where they differ counsel decides (N8).
    Where the agreement gives no condition the answer is unknown.
    """
    clause = terms.clause("transfer")
    gives: Transfer | None = terms.values.get("transfer")
    if gives is None or gives.where is None:
        says = "The terms on record give no condition for taking rights by transfer."
        return Ruling("unknown", (Reason("H4", clause, says),))
    where = gives.where

    def holds(signed: bool) -> bool | None:
        facts = {"counterpart_signed": signed, "acquired_in_public_offering": False}
        return judge(where, Situation(terms.calendars, facts=facts), clause).holds

    signed = taken.party_from is not None and taken.party_from <= taken.on
    strict, lenient = holds(signed), holds(taken.party_from is not None)
    because = (Reason("H4", clause, _said(taken)),)
    if strict is None or lenient is None:
        return Ruling("unknown", because)
    if strict == lenient:
        return Ruling(INVESTOR if strict else NO_INVESTOR, because)
    decided = taken.decision.choice if taken.decision is not None else ""
    readings = tuple(
        Reading(name, says, clause, governs=name == decided) for name, says in READINGS.items()
    )
    outcome = {FROM_SIGNING: INVESTOR, NEVER: NO_INVESTOR}.get(decided, "needs_decision")
    return Ruling(outcome, because, readings, decision=taken.decision)


def _said(taken: Taken) -> str:
    if taken.party_from is None:
        return f"It took them on {say(taken.on)} and signed no counterpart."
    days = (taken.party_from - taken.on).days
    if days <= 0:
        return f"It was a party by {say(taken.on)}, the day it took them."
    late = f"{days:,} {'day' if days == 1 else 'days'}"
    return f"It took them on {say(taken.on)} and signed on {say(taken.party_from)}, {late} later."


SALES = {"statement": "a registration statement", "rule_144": "Rule 144"}


def after_sale(under: str, terms: Terms) -> Ruling:
    """Whether shares sold to the public are Registrable Shares still: ``ended`` where the
    agreement's terms say that such a sale ends it, else ``registrable`` (H3).

    Either way the seller holds them no more, and a buyer that signed no counterpart is no
    Investor (H4): no Investor counts them.
    """
    clause = terms.clause("registrable_shares")
    shares: RegistrableShares | None = terms.values.get("registrable_shares")
    if under not in SALES or shares is None:
        says = (
            "What they were sold under is not on record."
            if under not in SALES
            else "The terms on record do not say which sale ends Registrable Shares."
        )
        return Ruling("unknown", (Reason("H3", clause, says),))
    sold = f"Sold under {SALES[under]}"
    if under in shares.ended_by:
        return Ruling("ended", (Reason("H3", clause, f"{sold}: no longer Registrable Shares."),))
    says = (
        f"{sold}, which does not end Registrable Shares here; but no Investor holds them unless "
        "whoever bought them signed a counterpart."
    )
    return Ruling("registrable", (Reason("H3", clause, says),))
