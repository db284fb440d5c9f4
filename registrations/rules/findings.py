"""What a rule may answer: a window, a ruling, a concern, and the reasons each carries.

Everything here is a plain value.  ``opens_on``, ``closes_on`` and the like are legal
days in the agreement's own time zone, never instants; both ends of a window count.
A value that hangs on a fact nobody has recorded is ``None``, and ``awaiting`` names the
missing fact: an unknown day is never guessed (N2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from .days import BusinessDays, Period, say


class Party(StrEnum):
    """Who owes the act, or holds the right."""

    COMPANY = "company"
    INVESTOR = "investor"


class Force(StrEnum):
    """What stands behind a window."""

    DUTY = "duty"  # the agreement obliges
    RIGHT = "right"  # the agreement allows
    DERIVED = "derived"  # not written as a date, but another window closes without it
    HOUSE = "house"  # our own standard, where the agreement gives no number
    REST = "rest"  # nothing can be required while it runs


class State(StrEnum):
    """Where a window stands on a given day."""

    UNKNOWN = "unknown"
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    DUE_SOON = "due_soon"
    MET = "met"
    MET_LATE = "met_late"
    MET_EARLY = "met_early"
    MISSED = "missed"
    LAPSED = "lapsed"
    WAIVED = "waived"
    NEEDS_DECISION = "needs_decision"
    IMPOSSIBLE = "impossible"
    SUPERSEDED = "superseded"


class Fact(NamedTuple):
    """A recorded fact as a reason uses it.  ``on`` is ``None`` when it is not recorded."""

    name: str
    on: date | None


class Reason(NamedTuple):
    """One step of the reckoning: the rule, its clause, the fact counted from, the sum.

    ``text`` is the step in words counsel could put in a letter.  It is put together
    only when asked for, because a matter with ten thousand Investors has ten thousand
    of them and a page shows a few.
    """

    rule: str
    clause: str
    says: str
    fact: Fact | None = None
    period: Period | None = None
    result: date | None = None
    back: bool = False  # the period is counted backwards from the fact

    @property
    def text(self) -> str:
        if self.fact is None:
            return self.says
        if self.period is None:
            return f"{self.says}: {self.fact.name}, {say(self.fact.on)}."
        way = "before" if self.back else "after"
        return (
            f"{self.says}: {self.period.words} {way} {say(self.fact.on)} "
            f"({self.fact.name}) is {say(self.result)}."
        )


# Gives the day a period after an event, and why, from the day of the event; ``None`` while
# the event is not on record.
CountFrom: TypeAlias = Callable[[date | None], tuple[date | None, Reason]]


@lru_cache(maxsize=128)
def count_from(
    rule: str, clause: str, says: str, event: str, period: Period, open_days: BusinessDays
) -> CountFrom:
    """What a period comes to after an event, as a function of the day of the event."""

    # Most windows hang on one of a few days, and a docket is derived again with every new fact.
    @lru_cache(maxsize=256)
    def count(on: date | None) -> tuple[date | None, Reason]:
        day = period.after(on, open_days) if on is not None else None
        return day, Reason(rule, clause, says, Fact(event, on), period, day)

    return count


class Awaited(NamedTuple):
    """A fact not on record yet, and who or what it is about."""

    fact: str
    clause: str
    who: str = ""
    investor: int | None = None

    @property
    def text(self) -> str:
        return f"{self.fact}: {self.who}" if self.who else self.fact


class Reading(NamedTuple):
    """One meaning the words can bear, and the days it gives (N8)."""

    name: str
    says: str
    clause: str
    opens_on: date | None = None
    closes_on: date | None = None
    governs: bool = False


class Decision(NamedTuple):
    """Counsel's recorded choice between readings; from then on it governs (N8): in its
    matter, or in every matter of the agreement where it was made for all."""

    about: str
    choice: str
    decided_on: date
    reason: str
    by: str = ""
    for_agreement: bool = False


class Window(NamedTuple):
    """The days on which an act must, or may, be done.  Both ends are included.

    ``closes_on`` is judged by the strictest reading and ``lenient_on`` by the most
    lenient; where every reading gives the same day they are equal, and while the most
    lenient hangs on a missing fact ``lenient_on`` is ``None``.  ``practical_*`` are
    the nearest days on which EDGAR takes a filing (N7).  ``provisional_on`` is what
    ``closes_on`` would be if the awaited act came on its own last day: shown, never
    judged by.  From ``superseded_on`` nothing hangs on the window any more; from
    ``waived_on`` the party it protects has waived it (S8).
    """

    key: str
    act: str
    rule: str
    clause: str
    party: Party
    force: Force
    opens_on: date | None
    closes_on: date | None
    because: tuple[Reason, ...]
    investor: int | None = None
    who: str = ""
    lenient_on: date | None = None
    practical_opens_on: date | None = None
    practical_closes_on: date | None = None
    provisional_on: date | None = None
    done_on: date | None = None
    done_as: str = ""
    superseded_on: date | None = None
    awaiting: tuple[Awaited, ...] = ()
    readings: tuple[Reading, ...] = ()
    decision: Decision | None = None
    waived_on: date | None = None

    @property
    def impossible(self) -> bool:
        """Whether the window has no day in it (D8)."""
        return (
            self.opens_on is not None
            and self.closes_on is not None
            and self.opens_on > self.closes_on
        )

    @property
    def remind_on(self) -> date | None:
        """The day reminders aim at: the practical last day, else the contractual one (N7)."""
        return self.practical_closes_on or self.closes_on


# ``make_window(Window, …)`` is ``Window(…)`` at half its cost: a call of the class packs and
# unpacks the arguments once more, and a docket makes thousands.
make_window = Window.__new__

# ``make(Window, (…))`` is a window of all its fields in order, at half the cost once more;
# and so for every other kind of finding.
make = tuple.__new__


class Standing(NamedTuple):
    """A window's state on a day.  ``days`` is how many late, early, past or left."""

    state: State
    days: int = 0


class Ruling(NamedTuple):
    """A yes, a no, or counsel's question, with its reasons and each reading's answer."""

    outcome: str  # good | refused | needs_decision | unknown
    because: tuple[Reason, ...]
    readings: tuple[Reading, ...] = ()
    awaiting: tuple[Awaited, ...] = ()
    decision: Decision | None = None


class Concern(NamedTuple):
    """Something counsel must look at that is not itself a date: a conflict, a paper
    missing, a request that lacks a part, shares a statement does not cover.

    ``since`` is the day from which it calls for action, known from the facts alone.
    """

    key: str
    kind: str
    rule: str
    clause: str
    text: str
    since: date
    because: tuple[Reason, ...] = ()
    investor: int | None = None
    who: str = ""


def reason_data(reason: Reason) -> dict[str, Any]:
    """A reason as JSON-ready data: the same on page, API, reminder and flag."""
    return {
        "rule": reason.rule,
        "clause": reason.clause,
        "text": reason.text,
        "counted_from": (
            {"fact": reason.fact.name, "on": _iso(reason.fact.on)} if reason.fact else None
        ),
        "days": reason.period.n if reason.period else None,
        "unit": reason.period.unit.value if reason.period else None,
        "result": _iso(reason.result),
    }


def window_data(window: Window) -> dict[str, Any]:
    """A window as JSON-ready data, reasons included; dates as ISO days."""
    return {
        "key": window.key,
        "act": window.act,
        "rule": window.rule,
        "clause": window.clause,
        "party": window.party.value,
        "force": window.force.value,
        "investor": window.who,
        "opens_on": _iso(window.opens_on),
        "closes_on": _iso(window.closes_on),
        "lenient_on": _iso(window.lenient_on),
        "practical_opens_on": _iso(window.practical_opens_on),
        "practical_on": _iso(window.practical_closes_on),
        "provisional_on": _iso(window.provisional_on),
        "done_on": _iso(window.done_on),
        "done_as": window.done_as,
        "superseded_on": _iso(window.superseded_on),
        "waived_on": _iso(window.waived_on),
        "because": [reason_data(r) for r in window.because],
        "readings": [reading_data(r) for r in window.readings],
        "awaiting": [{"fact": a.fact, "clause": a.clause, "who": a.who} for a in window.awaiting],
        "decision": decision_data(window.decision),
    }


def reading_data(reading: Reading) -> dict[str, Any]:
    """A reading as JSON-ready data."""
    return {
        "name": reading.name,
        "says": reading.says,
        "clause": reading.clause,
        "opens_on": _iso(reading.opens_on),
        "closes_on": _iso(reading.closes_on),
        "governs": reading.governs,
    }


def ruling_data(ruling: Ruling) -> dict[str, Any]:
    """A ruling as JSON-ready data."""
    return {
        "outcome": ruling.outcome,
        "because": [reason_data(r) for r in ruling.because],
        "readings": [reading_data(r) for r in ruling.readings],
        "awaiting": [{"fact": a.fact, "clause": a.clause, "who": a.who} for a in ruling.awaiting],
        "decision": decision_data(ruling.decision),
    }


def concern_data(concern: Concern) -> dict[str, Any]:
    """A concern as JSON-ready data."""
    return {
        "key": concern.key,
        "kind": concern.kind,
        "rule": concern.rule,
        "clause": concern.clause,
        "text": concern.text,
        "since": _iso(concern.since),
        "investor": concern.who,
        "because": [reason_data(r) for r in concern.because],
    }


def decision_data(decision: Decision | None) -> Mapping[str, Any] | None:
    """A decision as JSON-ready data."""
    if decision is None:
        return None
    return {
        "choice": decision.choice,
        "decided_on": _iso(decision.decided_on),
        "reason": decision.reason,
        "by": decision.by,
        "for_agreement": decision.for_agreement,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
