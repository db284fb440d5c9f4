"""Whether there are shares enough to register, and a demand left to ask with (D11, D13).

Counts of Common Stock are whole shares as the Company's papers give them on a day.  One
nobody has recorded is unknown, and so is whatever hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .allowances import DemandCount, Use, may_demand
from .findings import Awaited, Concern, Fact, Reason, Ruling
from .matter import Capital, DemandFacts, Earlier
from .notice import Arrival
from .situation import Situation
from .statement import USED_UP
from .terms import Terms

_NAMES = (
    "Common Stock authorized",
    "Common Stock outstanding",
    "Common Stock reserved for others",
)


_FIRST = Ruling("good", ())  # no demand came before it


class Room(NamedTuple):
    """The Common Stock the Company may still issue, and how many Registrable Shares there
    is no room for; both ``None`` while a count is missing."""

    free: int | None
    short: int | None
    because: tuple[Reason, ...]
    awaiting: tuple[Awaited, ...] = ()


def room(capital: Capital, issuable: int, clause: str = "") -> Room:
    """How many of the ``issuable`` Registrable Shares, those still to be converted or
    exercised into, authorized capital has no room for, section 1(a) (D11).

    What is free is what is authorized less what is outstanding and less what is reserved for
    others; the shares reserved for the Investors' own securities are not among those.
    """
    authorized, outstanding, reserved, counted_on = capital
    if authorized is None or outstanding is None or reserved is None:
        missing = [name for count, name in zip(capital, _NAMES, strict=False) if count is None]
        return Room(None, None, (), tuple([Awaited(name, clause) for name in missing]))
    free = max(0, authorized - outstanding - reserved)
    short = max(0, issuable - free)
    says = (
        f"{authorized:,} shares of Common Stock are authorized, "
        f"{outstanding:,} outstanding and {reserved:,} reserved for others: "
        f"{free:,} may still be issued"
    )
    then = f"so {short:,} cannot be registered" if short else "and there is room for all"
    needs = f"The Investors’ Preferred Stock and Warrants are for {issuable:,}, {then}"
    because = (
        Reason("D11", clause, says, Fact("counts", counted_on)),
        Reason("D11", clause, needs),
    )
    return Room(free, short, because)


def capital_concerns(facts: DemandFacts, demand: Arrival, terms: Terms) -> list[Concern]:
    """Registrable Shares that cannot be registered for want of authorized capital (D11)."""
    since = demand.received_on or demand.given_on
    if since is None or not facts.issuable or not _extra(terms):
        return []
    found = room(facts.capital, facts.issuable, terms.clause("demand_count"))
    if not found.short:
        return []
    text = (
        f"Authorized capital has no room for {found.short:,} Registrable Shares. Register the "
        "others; a majority may demand those once more."
    )
    on = facts.capital.on
    day = max(since, on) if on is not None else since
    return [
        Concern(
            "capital",
            "capital_short",
            "D11",
            terms.clause("demand_count"),
            text,
            day,
            found.because,
        )
    ]


def demand_left(facts: DemandFacts, demand: Arrival, terms: Terms) -> Ruling:
    """Whether the Company still owes a demand, given those used up before this one came,
    sections 1(a) and 1(c) (D11, D13): ``good``, ``refused`` or ``unknown``.

    A demand more is owed for what authorized capital was too small to register.  Counsel's
    decision governs.
    """
    if not facts.earlier:
        return _FIRST
    clause = terms.clause("demand_count")
    rule = terms.values.get("demand_count")
    came_on = demand.given_on or demand.received_on
    used = [
        e
        for e in facts.earlier
        if e.use == USED_UP and e.used_on is not None and came_on and e.used_on <= came_on
    ]
    if not isinstance(rule, DemandCount) or came_on is None or not used:
        return Ruling("good", ())
    short = _short_before(used)
    so = {} if short is None else {"authorized_capital_short": short > 0}
    judged = may_demand(
        Use(came_on),
        [Use(e.used_on) for e in used if e.used_on is not None],
        rule,
        Situation(terms.calendars, facts=so, defined=terms.values.get("defined_words", {})),
        clause,
    )
    because = tuple(
        Reason("D13", clause, f"{e.name} used one up", Fact("used up", e.used_on)) for e in used
    )
    because += tuple(r._replace(rule="D13") for r in judged.because)
    outcome = {True: "good", False: "refused", None: "unknown"}[judged.holds]
    decision = facts.decisions.get("demand_left")
    if decision is not None and outcome != "good":
        outcome = "good" if decision.choice == "owed" else "refused"
    return Ruling(outcome, because, (), judged.awaiting, decision)


def left_concerns(left: Ruling, facts: DemandFacts, demand: Arrival, terms: Terms) -> list[Concern]:
    """A demand when none is left, or when nobody knows; one for more than the rest (D11, D13)."""
    since = demand.received_on or demand.given_on
    if since is None or not left.because:
        return []
    clause = terms.clause("demand_count")
    if left.outcome == "refused":
        text = f"No demand is left: {'; '.join(r.text.rstrip('.') for r in left.because)}."
        return [
            Concern("no_demand_left", "no_demand_left", "D13", clause, text, since, left.because)
        ]
    if left.outcome == "unknown":
        waits = "; ".join(a.fact for a in left.awaiting)
        text = f"Whether a demand is left is not known: {waits}. Record the counts, or decide."
        key = "decide:demand_left"
        return [Concern(key, "needs_decision", "D13", clause, text, since, left.because)]
    short = _short_before(facts.earlier)
    asked = sum(i.shares or 0 for i in facts.initiators)
    if short and asked > short:
        text = (
            f"The second demand is for the {short:,} Registrable Shares left out before, and asks "
            f"for {asked:,}."
        )
        return [Concern("beyond_rest", "over_request", "D11", clause, text, since, left.because)]
    return []


def _short_before(earlier: Sequence[Earlier]) -> int | None:
    """The Registrable Shares earlier registrations had no room for; ``None`` while that is
    not known of the last."""
    return earlier[-1].short if earlier else None


def _extra(terms: Terms) -> bool:
    """Whether the agreement gives a demand more for what could not be registered."""
    rule = terms.values.get("demand_count")
    return isinstance(rule, DemandCount) and bool(rule.extra)
