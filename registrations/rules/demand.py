"""The demand itself and word of it to the other Investors (D1 to D3, section 1(a)).

Each rule takes facts and terms and returns a finding with its reasons.  None knows what
day it is: a finding's state on a day is worked out in ``states``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from .days import BusinessDays
from .findings import (
    Awaited,
    Fact,
    Force,
    Party,
    Reading,
    Reason,
    Ruling,
    Window,
    counted,
    make_window,
)
from .matter import DemandFacts, House, Invited
from .notice import Arrival
from .terms import Terms

# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_COMPANY, _DERIVED, _HOUSE = Party.COMPANY, Force.DERIVED, Force.HOUSE

# A count of Units in words.  The same few come back in every demand under an agreement.
_count = lru_cache(maxsize=256)("{:,}".format)


def units_needed(pool: int, terms: Terms) -> int:
    """The fewest whole Units that are more than the agreement's share of ``pool``, 1(a)."""
    part, of = terms.demand_majority_over.as_integer_ratio()
    return pool * part // of + 1


def majority(facts: DemandFacts, demand: Arrival, terms: Terms) -> Ruling:
    """Whether the Initiating Investors together hold enough Units, section 1(a) (D1).

    Judged on the day the Demand Notice is given.  Exactly the share is not more than the
    share.  The words leave open which Units the share is of, so each base the terms list
    is a reading: good under all is good, under none is refused, else counsel decides.
    """
    clause = terms.clause("demand_threshold")
    if demand.given_on is None:
        return Ruling("unknown", demand.because, (), demand.awaiting)
    units = sum([i.units for i in facts.initiators])
    held = _count(units)
    pools = {
        "offered": (terms.units_offered, "Units offered"),
        "issued": (facts.units_issued, "Units issued under the Purchase Agreement"),
        "held": (facts.units_held, "Units Investors hold now"),
    }
    enough: dict[str, bool] = {}
    says: dict[str, str] = {}
    for base in terms.demand_bases:
        pool, name = pools[base]
        needed = units_needed(pool, terms)
        enough[base] = units >= needed
        judged = "enough" if enough[base] else "not enough"
        says[base] = f"{held} of {_count(pool)} {name}; {_count(needed)} needed: {judged}"
    choice = facts.decisions.get("eligibility")
    if all(enough.values()):
        outcome, choice = "good", None
    elif not any(enough.values()):
        outcome, choice = "refused", None
    elif choice is not None and choice.choice in enough:
        outcome = "good" if enough[choice.choice] else "refused"
    else:
        outcome = "needs_decision"
    governing = choice.choice if choice is not None else None
    readings = [
        Reading(base, said, clause, None, None, base == governing) for base, said in says.items()
    ]
    because = Reason(
        "D1",
        clause,
        f"The Initiating Investors held {held} Units on the day the Demand Notice was given",
        Fact("Demand Notice given", demand.given_on),
    )
    return Ruling(outcome, (because,), tuple(readings), (), choice)


def company_notice(
    demand: Arrival,
    given: Collection[date],
    ungiven: Sequence[Invited],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
) -> Window:
    """The Company Notice to every other Investor, "promptly", section 1(a) (D2).

    The agreement gives no number of days; the last day shown is the workspace's own
    standard, and is never a breach of the agreement.

    ``given`` has the days it was given to Investors, ``ungiven`` those it was not given to.
    """
    clause = terms.clause("joining")
    closes_on, because = counted(
        "D2", clause,
        "The Company gives the notice promptly; our standard, not in the agreement",
        "Demand Notice received by the Company", demand.received_on, house.promptly, open_days,
    )  # fmt: skip
    return make_window(
        Window,
        key="company_notice",
        act="Give every other Investor the Company Notice",
        rule="D2",
        clause=clause,
        party=_COMPANY,
        force=_HOUSE,
        opens_on=demand.received_on,
        closes_on=closes_on,
        because=(because,),
        lenient_on=closes_on,
        done_on=max(given) if given and not ungiven else None,
        awaiting=demand.awaiting
        if demand.received_on is None
        else tuple([Awaited("Company Notice given", clause, i.name, i.investor) for i in ungiven]),
    )


def last_safe_receipt(
    closes_on: date | None,
    demand: Arrival,
    last_received_on: date | None,
    missing: tuple[Awaited, ...],
    terms: Terms,
    open_days: BusinessDays,
    filed_on: date | None = None,
) -> Window:
    """The last day the last Investor may receive the Company Notice so that a day to file
    is left, section 1(a) (D3)."""
    clause = terms.clause("filing_opens")
    safe_on = terms.filing_opens.latest_start(closes_on, open_days) if closes_on else None
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
        because=(
            Reason(
                "D3",
                clause,
                "A later receipt leaves no day to file",
                Fact("last day to file", closes_on),
                terms.filing_opens,
                safe_on,
                back=True,
            ),
        ),
        lenient_on=safe_on,
        done_on=last_received_on,
        superseded_on=filed_on if last_received_on is None else None,
        awaiting=missing,
    )
