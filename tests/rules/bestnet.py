"""The agreement and its cast, so that a test reads as a matter counsel might have had.

Alder starts; Birch, Cedar, Dale and Elm are told.  Days are written 2003-06-02.
"""

from __future__ import annotations

from datetime import date

from registrations.library import agreement as library
from registrations.rules.days import BusinessDays, Period, Unit
from registrations.rules.docket import Docket, demand_docket
from registrations.rules.findings import Decision, Standing, State, Window
from registrations.rules.matter import (
    Amendment,
    Delay,
    DemandFacts,
    Filing,
    House,
    Initiator,
    Invited,
    OtherStatement,
    Request,
    Withdrawal,
)
from registrations.rules.notice import Copy, Post
from registrations.rules.states import standing
from registrations.rules.terms import TermEntry, Terms

ENTRIES = library("bestnet").terms
TERMS = Terms.from_entries(ENTRIES)
HOUSE = House(promptly=Period(3, Unit.BUSINESS), receipt_expected=Period(10))
DUE_SOON = 7
OFFERED = TERMS.units_offered
CAST = {"Alder": 1, "Birch": 2, "Cedar": 3, "Dale": 4, "Elm": 5}


def stored(**values: object) -> dict[str, TermEntry]:
    """The first agreement's terms as stored, with some of them otherwise, in section 9."""
    return {**ENTRIES, **{name: TermEntry(value, "9") for name, value in values.items()}}


def on(day: str) -> date:
    return date.fromisoformat(day)


def maybe(day: str | None) -> date | None:
    return None if day is None else on(day)


# The federal holidays the tests come near, as EDGAR keeps them.
OPEN_DAYS = BusinessDays(
    frozenset(
        map(
            on,
            [
                "2003-05-26", "2003-07-04", "2003-09-01", "2003-10-13", "2003-11-11", "2003-11-27",
                "2003-12-25", "2004-01-01", "2004-01-19", "2004-02-16", "2004-05-31", "2004-07-05",
            ],
        )
    )
)  # fmt: skip


def copy(
    method: str,
    sent: str | None = None,
    received: str | None = None,
    *,
    address: int | None = None,
    id: int = 1,
) -> Copy:
    return Copy(id, method, maybe(sent), maybe(received), address)


def certified(sent: str, received: str | None = None) -> Copy:
    return copy("certified_mail", sent, received)


def fax(sent: str | None = None, received: str | None = None) -> Copy:
    return copy("facsimile", sent, received, id=2)


def by_hand(received: str) -> Copy:
    return copy("personal", received, received, id=3)


def told(name: str, *copies: Copy, asks: tuple[Request, ...] = ()) -> Invited:
    return Invited(CAST[name], name, Post(copies), asks)


def asks(
    received: str | None,
    *,
    sent: str | None = None,
    shares: int | None = 6_000,
    held: int | None = 600_000,
    distribution: str | None = "Sales through a broker",
    other: str | None = "",
    id: int = 1,
) -> Request:
    post = Post((certified(sent, received),) if sent else (fax(received, received),))
    return Request(
        id,
        post,
        shares=shares,
        held=held,
        distribution=distribution,
        other_information=other,
    )


def declines(received: str, *, id: int = 1) -> Request:
    return Request(id, Post((fax(received, received),)), declines=True)


def matter(
    *invited: Invited,
    demand: Copy | str | None = "2003-06-02",
    units: int = 2_250_001,
    issued: int = OFFERED,
    held: int = OFFERED,
    shares: int | None = 600_000,
    filed: str | None = None,
    covers: dict[str, int] | None = None,
    effective: str | None = None,
    sold: str | None = None,
    amended: dict[str, dict[str, int]] | None = None,
    method: str = "",
    distributed: str | None = None,
    withdrawn: tuple[str, str] | None = None,
    others: dict[str, str] | None = None,
    delays: tuple[Delay, ...] = (),
    delayed_elsewhere: tuple[Delay, ...] = (),
    decided: dict[str, tuple[str, str]] | None = None,
) -> DemandFacts:
    """A demand by Alder.  ``demand`` is the day the Company received it, by hand, or a copy."""
    if isinstance(demand, str):
        demand = by_hand(demand)
    covered = None if covers is None else {CAST[name]: n for name, n in covers.items()}
    return DemandFacts(
        post=Post((demand,) if demand else ()),
        initiators=(Initiator(CAST["Alder"], "Alder", units, shares, units * 6),),
        units_issued=issued,
        units_held=held,
        invited=invited,
        filing=Filing(
            on(filed),
            covered,
            tuple(
                Amendment(on(day), {CAST[name]: n for name, n in now.items()})
                for day, now in (amended or {}).items()
            ),
        )
        if filed
        else None,
        effective_on=maybe(effective),
        all_sold_on=maybe(sold),
        distribution=method,
        distributed_on=maybe(distributed),
        withdrawn=Withdrawal(on(withdrawn[0]), withdrawn[1]) if withdrawn else None,
        others=tuple(
            OtherStatement(n, name, on(day))
            for n, (name, day) in enumerate((others or {}).items(), start=1)
        ),
        delays=delays,
        delayed_elsewhere=delayed_elsewhere,
        decisions={
            about: Decision(about, choice, on(day), "Counsel's memo")
            for about, (choice, day) in (decided or {}).items()
        },
    )


def docket(facts: DemandFacts, terms: Terms = TERMS) -> Docket:
    return demand_docket(facts, terms=terms, house=HOUSE, open_days=OPEN_DAYS)


def window(facts: DemandFacts, key: str, terms: Terms = TERMS) -> Window:
    found = docket(facts, terms).window(key)
    assert found is not None, f"no window {key}"
    return found


def join_window(facts: DemandFacts, name: str, terms: Terms = TERMS) -> Window:
    return window(facts, f"join:{CAST[name]}", terms)


def reading(found: Window, name: str) -> date | None:
    return next(r for r in found.readings if r.name == name).closes_on


def state(found: Window, today: str) -> State:
    return stands(found, today).state


def stands(found: Window, today: str) -> Standing:
    return standing(found, today=on(today), soon_days=DUE_SOON)


def kinds(facts: DemandFacts, terms: Terms = TERMS) -> list[str]:
    """What counsel must look at, by kind, in alphabetical order."""
    return sorted(c.kind for c in docket(facts, terms).concerns)


def concern(facts: DemandFacts, kind: str) -> str:
    """The text of the one concern of that kind."""
    [text] = [c.text for c in docket(facts).concerns if c.kind == kind]
    return text


def posted(sent: str, **received: str | None) -> tuple[Invited, ...]:
    """The Company Notice by certified mail, all posted on one day; by name, when signed for."""
    return tuple(told(name, certified(sent, day)) for name, day in received.items())
