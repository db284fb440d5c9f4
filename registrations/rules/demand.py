"""The demand itself and word of it to the other Investors (D1 to D3, section 1(a)).

Each rule takes facts and terms and returns a finding with its reasons.  None knows what
day it is: a finding's state on a day is worked out in ``states``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from .agreed import Agreed
from .findings import (
    Awaited,
    CountFrom,
    Fact,
    Force,
    Party,
    Reading,
    Reason,
    Ruling,
    Window,
    make,
    make_window,
)
from .matter import DemandFacts, Invited
from .notice import Arrival
from .terms import Terms

# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_COMPANY, _DERIVED, _HOUSE = Party.COMPANY, Force.DERIVED, Force.HOUSE

# A count of Units in words.  The same few come back in every demand under an agreement.
_count = lru_cache(maxsize=256)("{:,}".format)


# What the Units an agreement may count a share of are called.
_POOLS = {
    "offered": "Units offered",
    "issued": "Units issued under the Purchase Agreement",
    "held": "Units Investors hold now",
}


def units_needed(pool: int, terms: Terms) -> int:
    """The fewest whole Units that are more than the agreement's share of ``pool``, 1(a)."""
    return _more_than(terms.demand_majority_over.as_integer_ratio(), pool)


def _more_than(share: tuple[int, int], pool: int) -> int:
    part, of = share
    return pool * part // of + 1


def majority(facts: DemandFacts, demand: Arrival, agreed: Agreed) -> Ruling:
    """Whether the Initiating Investors together hold enough Units, section 1(a) (D1).

    Judged on the day the Demand Notice is given.  Exactly the share is not more than the
    share.  The words leave open which Units the share is of, so each base the terms list
    is a reading: good under all is good, under none is refused, else counsel decides.
    """
    clause, given_on = agreed.threshold_clause, demand.given_on
    if given_on is None:
        return Ruling("unknown", demand.because, (), demand.awaiting)
    units = sum([i.units for i in facts.initiators])
    held = _count(units)
    pools = {
        "offered": agreed.terms.units_offered,
        "issued": facts.units_issued,
        "held": facts.units_held,
    }
    enough: dict[str, bool] = {}
    found: list[str] = []
    for base in agreed.bases:
        pool = pools[base]
        needed = _more_than(agreed.more_than, pool)
        enough[base] = is_enough = units >= needed
        judged = "enough" if is_enough else "not enough"
        found.append(f"{held} of {_count(pool)} {_POOLS[base]}; {_count(needed)} needed: {judged}")
    choice = facts.decisions.get("eligibility")
    if False not in enough.values():
        outcome, choice = "good", None
    elif True not in enough.values():
        outcome, choice = "refused", None
    elif choice is not None and choice.choice in enough:
        outcome = "good" if enough[choice.choice] else "refused"
    else:
        outcome = "needs_decision"
    governing = choice.choice if choice is not None else None
    readings = [
        make(Reading, (base, said, clause, None, None, base == governing))
        for base, said in zip(enough, found, strict=True)
    ]
    says = f"The Initiating Investors held {held} Units on the day the Demand Notice was given"
    given = make(Fact, ("Demand Notice given", given_on))
    because = make(Reason, ("D1", clause, says, given, None, None, False))
    return make(Ruling, (outcome, (because,), tuple(readings), (), choice))


def company_notice(
    demand: Arrival,
    given: Collection[date],
    ungiven: Sequence[Invited],
    clause: str,
    promptly: CountFrom,
) -> Window:
    """The Company Notice to every other Investor, "promptly", section 1(a) (D2).

    The agreement gives no number of days; the last day shown is the workspace's own
    standard, and is never a breach of the agreement.

    ``given`` has the days it was given to Investors, ``ungiven`` those it was not given to;
    ``promptly`` counts that standard from the receipt of the demand.
    """
    received_on = demand.received_on
    closes_on, because = promptly(received_on)
    return make_window(
        Window,
        key="company_notice",
        act="Give every other Investor the Company Notice",
        rule="D2",
        clause=clause,
        party=_COMPANY,
        force=_HOUSE,
        opens_on=received_on,
        closes_on=closes_on,
        because=(because,),
        lenient_on=closes_on,
        done_on=max(given) if given and not ungiven else None,
        awaiting=demand.awaiting
        if received_on is None
        else tuple([Awaited("Company Notice given", clause, i.name, i.investor) for i in ungiven]),
    )


def last_safe_receipt(
    closes_on: date | None,
    demand: Arrival,
    last_received_on: date | None,
    missing: tuple[Awaited, ...],
    agreed: Agreed,
    filed_on: date | None = None,
) -> Window:
    """The last day the last Investor may receive the Company Notice so that a day to file
    is left, section 1(a) (D3)."""
    clause, opens = agreed.opens_clause, agreed.opens
    safe_on = opens.latest_start(closes_on, agreed.open_days) if closes_on else None
    says = "A later receipt leaves no day to file"
    last_day = make(Fact, ("last day to file", closes_on))
    because = make(Reason, ("D3", clause, says, last_day, opens, safe_on, True))
    return make_window(
        Window,
        key="last_receipt",
        act="Last Investor receives the Company Notice",
        rule="D3",
        clause=clause,
        party=_COMPANY,
        force=_DERIVED,
        opens_on=demand.received_on,
        closes_on=safe_on,
        because=(because,),
        lenient_on=safe_on,
        done_on=last_received_on,
        superseded_on=filed_on if last_received_on is None else None,
        awaiting=missing,
    )
