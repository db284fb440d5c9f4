"""When something must or may be done, as data, and the day that makes of the facts.

One grammar covers every clause that gives a day: so many days, business days, trading
days, months or years after or before something; the earlier or the later of several;
another day for another form; only if something is so; and the readings the words can
bear.  ``reckon`` turns it into a day with its reasons, or says what it waits for (N6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .days import ONE, BusinessDays, Period, Roll, Unit, add_months, say
from .findings import Awaited, Fact, Reason
from .shapes import ByKey, Choice, Either, Flag, ListOf, MapOf, Record, Shape, Text, Whole, Word
from .situation import Situation
from .words import Kind


class Bound(StrEnum):
    """Which day the words around a number of days point at."""

    WITHIN = "within"  # the n-th day itself: within, not later than, on or after
    BEFORE = "before"  # prior to the n-th day: the day before it
    AFTER = "after"  # after the n-th day: the day after it
    BEGINNING_ON = "beginning_on"  # a period whose first day is the event's own


_SHIFT = {
    Bound.WITHIN: timedelta(0),
    Bound.BEFORE: -ONE,
    Bound.AFTER: ONE,
    Bound.BEGINNING_ON: -ONE,
}
_BOUND_SAYS = {
    Bound.BEFORE: "It must come before that day, so the last day is the one before",
    Bound.AFTER: "It may come only after that day, so the first day is the next",
    Bound.BEGINNING_ON: "The period begins on the day itself, so its last day is the one before",
}


@dataclass(frozen=True)
class Counted:
    """``n`` of ``unit`` after ``start``, or before it when ``back``.

    ``at`` is the time of day it ends at in ``zone``; the end of the day where empty.
    """

    n: int
    start: When
    unit: Unit = Unit.CALENDAR
    back: bool = False
    bound: Bound = Bound.WITHIN
    roll: Roll = Roll.NONE
    at: time | None = None
    zone: str = ""


@dataclass(frozen=True)
class On:
    """The day of an event."""

    event: str


@dataclass(frozen=True)
class Promptly:
    """Promptly after an event: the agreement gives no number, so there is no day."""

    event: str


@dataclass(frozen=True)
class Nearest:
    """The earliest, or the latest, of several days."""

    of: tuple[When, ...]
    latest: bool = False


@dataclass(frozen=True)
class Cases:
    """Another day by what was chosen, such as the form."""

    by: str
    cases: Mapping[str, When]
    otherwise: When | None = None


@dataclass(frozen=True)
class Provided:
    """A day only where something is so; where it is not, ``otherwise`` or none at all."""

    fact: str
    then: When
    so: bool = True
    otherwise: When | None = None


@dataclass(frozen=True)
class Blank:
    """A day the form leaves open: unknown until the blank is filled in."""

    says: str


class NamedWhen(NamedTuple):
    """One reading of the words, and the day it gives."""

    says: str
    when: When


@dataclass(frozen=True)
class Readings:
    """Several readings, the governing one first (N8)."""

    of: tuple[NamedWhen, ...]


When: TypeAlias = "Counted | On | Promptly | Nearest | Cases | Provided | Blank | Readings"


WHENS = (Counted, On, Promptly, Nearest, Cases, Provided, Blank, Readings)


class Reckoned(NamedTuple):
    """A day and why; ``None`` while it waits for a fact, or where none applies.

    ``awaiting`` may also name what could still bring an earlier-of day forward.
    ``readings`` are all of them, the governing first, where the words bear several.
    """

    day: date | None
    because: tuple[Reason, ...] = ()
    awaiting: tuple[Awaited, ...] = ()
    at: time | None = None
    zone: str = ""
    readings: tuple[tuple[str, Reckoned], ...] = ()
    applies: bool = True

    @property
    def moment(self) -> datetime | None:
        """The last moment as an instant, where the agreement names a time of day."""
        if self.day is None or self.at is None:
            return None
        return datetime.combine(self.day, self.at, ZoneInfo(self.zone))


def reckon(when: When, facts: Situation, clause: str = "") -> Reckoned:
    """The day a term gives on the facts."""
    match when:
        case On(event):
            return _of_event(event, facts, clause)
        case Promptly(event):
            return _promptly(event, facts, clause)
        case Counted():
            return _counted(when, facts, clause)
        case Nearest():
            return _nearest(when, facts, clause)
        case Cases():
            return _case(when, facts, clause)
        case Provided():
            return _provided(when, facts, clause)
        case Blank(says):
            return Reckoned(None, (), (Awaited(f"the blank: {says}", clause),))
        case Readings(of):
            told = tuple((r.says, reckon(r.when, facts, clause)) for r in of)
            return told[0][1]._replace(readings=told)


def first_day_for(when: When, event: str, done_on: date, facts: Situation) -> date | None:
    """The first day ``event`` may come on so that something done on ``done_on`` is in time
    under a term counted back from it; ``None`` where it is not counted back from it.

    A term asks for notice fifteen days before filing: notice on the 6th lets the Company
    file on the 21st.
    """
    if not (isinstance(when, Counted) and when.back and when.start == On(event)):
        return None
    day = done_on
    while (last := reckon(when, facts.with_(events={event: day})).day) is None or last < done_on:
        day += ONE
    return day


def _of_event(event: str, facts: Situation, clause: str) -> Reckoned:
    name = facts.says(Kind.EVENT, event)
    day = facts.events.get(event)
    if day is None:
        return Reckoned(None, (), (Awaited(name, clause),))
    return Reckoned(day, (Reason("N6", clause, name[0].upper() + name[1:], Fact(name, day)),))


def _promptly(event: str, facts: Situation, clause: str) -> Reckoned:
    start = _of_event(event, facts, clause)
    says = f"Promptly after {facts.says(Kind.EVENT, event)}; the agreement gives no number of days"
    return start._replace(day=None, because=(*start.because, Reason("D2", clause, says)))


def _counted(when: Counted, facts: Situation, clause: str) -> Reckoned:
    start = reckon(when.start, facts, clause)
    if start.day is None:
        return start
    n = -when.n if when.back else when.n
    days = facts.calendars.trading if when.unit is Unit.TRADING else facts.calendars.business
    end = _count(start.day, n, when.unit, days)
    name = start.because[-1].fact.name if start.because and start.because[-1].fact else "that day"
    period = Period(when.n, when.unit, when.roll, clause)
    steps = [*start.because[:-1]]
    steps.append(Reason("N6", clause, "Counted", Fact(name, start.day), period, end, when.back))
    if shift := _SHIFT[when.bound]:
        end += shift
        steps.append(Reason("N6", clause, f"{_BOUND_SAYS[when.bound]}: {say(end)}"))
    if when.roll is not Roll.NONE and not facts.calendars.business.is_open(end):
        rolled = (
            facts.calendars.business.on_or_after(end)
            if when.roll is Roll.FORWARD
            else facts.calendars.business.on_or_before(end)
        )
        way = "next" if when.roll is Roll.FORWARD else "last"
        steps.append(
            Reason(
                "N6",
                clause,
                f"{say(end)} is no business day, and the term moves it to the {way} one: "
                f"{say(rolled)}",
            )
        )
        end = rolled
    return Reckoned(end, tuple(steps), start.awaiting, when.at, when.zone)


def _count(day: date, n: int, unit: Unit, days: BusinessDays) -> date:
    if unit is Unit.CALENDAR:
        return day + timedelta(n)
    if unit in (Unit.BUSINESS, Unit.TRADING):
        return days.plus(day, n)
    return add_months(day, n if unit is Unit.MONTH else 12 * n)


def _nearest(when: Nearest, facts: Situation, clause: str) -> Reckoned:
    arms = [a for a in (reckon(each, facts, clause) for each in when.of) if a.applies]
    known = [arm for arm in arms if arm.day is not None]
    awaiting = tuple(dict.fromkeys(w for arm in arms for w in arm.awaiting))
    if not known or (when.latest and len(known) < len(arms)):
        return Reckoned(None, tuple(r for a in known for r in a.because), awaiting)
    pick = max if when.latest else min
    chosen = pick(known, key=lambda arm: arm.day or date.max)
    if len(arms) == 1:
        return chosen
    word = "latest" if when.latest else "earliest"
    told = ", ".join(say(arm.day) for arm in known)
    because = (
        *(reason for arm in known for reason in arm.because),
        Reason("N6", clause, f"The {word} of {told} is {say(chosen.day)}"),
    )
    return chosen._replace(because=because, awaiting=awaiting)


def _case(when: Cases, facts: Situation, clause: str) -> Reckoned:
    choice = facts.choices.get(when.by)
    found = when.cases.get(choice, when.otherwise) if choice is not None else None
    if found is not None:
        told = reckon(found, facts, clause)
        how = Reason("N6", clause, f"For {when.by.replace('_', ' ')} {choice}")
        return told._replace(because=(how, *told.because))
    if choice is None:
        return Reckoned(None, (), (Awaited(f"which {when.by.replace('_', ' ')}", clause),))
    return _none(clause, f"The agreement gives no day for {when.by.replace('_', ' ')} {choice}")


def _provided(when: Provided, facts: Situation, clause: str) -> Reckoned:
    is_so = facts.facts.get(when.fact)
    says = facts.says(Kind.FACT, when.fact)
    if is_so is None:
        return Reckoned(None, (), (Awaited(f"whether {says}", clause),))
    if is_so is when.so:
        return reckon(when.then, facts, clause)
    if when.otherwise is not None:
        return reckon(when.otherwise, facts, clause)
    return _none(clause, f"Only {'where' if when.so else 'unless'} {says}")


def _none(clause: str, says: str) -> Reckoned:
    return Reckoned(None, (Reason("N6", clause, says),), applies=False)


# --- how a day is written -------------------------------------------------------------


def _after(n: int, after: When, **more: Any) -> Counted:
    return Counted(n, after, **_timed(more))


def _before(n: int, before: When, **more: Any) -> Counted:
    return Counted(n, before, back=True, **_timed(more))


def _timed(more: dict[str, Any]) -> dict[str, Any]:
    if "at" in more:
        more["at"] = time.fromisoformat(more["at"])
    return more


def _makes_sense(when: Counted) -> str | None:
    if (when.at is None) != (not when.zone):
        return "a time of day needs its zone, and a zone its time of day."
    if when.zone:
        try:
            ZoneInfo(when.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return f"“{when.zone}” is no time zone; give one such as America/New_York."
    if when.n == 0 and when.bound is Bound.BEGINNING_ON:
        return "a period that begins on a day has at least one day in it."
    return None


_COUNT_MAY = {
    "unit": Choice(Unit),
    "bound": Choice(Bound),
    "roll": Choice(Roll),
    "at": Text(r"([01][0-9]|2[0-3]):[0-5][0-9]", "17:00"),
    "zone": Text(example="America/New_York"),
}


_FORMS: dict[str, Shape] = {}  # filled below: a day may be counted from a day
WHEN = ByKey("when", _FORMS)
_START = Either(Word(Kind.EVENT), WHEN, On)  # an event, or a day worked out itself
_FORMS.update(
    {
        "after": Record(_after, {"n": Whole(), "after": _START}, _COUNT_MAY, check=_makes_sense),
        "before": Record(_before, {"n": Whole(), "before": _START}, _COUNT_MAY, check=_makes_sense),
        "on": Record(On, {"on": Word(Kind.EVENT)}, keys={"on": "event"}),
        "promptly_after": Record(
            Promptly, {"promptly_after": Word(Kind.EVENT)}, keys={"promptly_after": "event"}
        ),
        "earliest_of": Record(
            Nearest, {"earliest_of": ListOf(WHEN, least=2)}, keys={"earliest_of": "of"}
        ),
        "latest_of": Record(
            lambda latest_of: Nearest(latest_of, latest=True), {"latest_of": ListOf(WHEN, least=2)}
        ),
        "cases": Record(
            Cases, {"by": Text(r"[a-z_]+", "form"), "cases": MapOf(WHEN)}, {"otherwise": WHEN}
        ),
        "provided": Record(
            Provided,
            {"provided": Word(Kind.FACT), "then": WHEN},
            {"so": Flag(), "otherwise": WHEN},
            keys={"provided": "fact"},
        ),
        "blank": Record(Blank, {"blank": Text()}, keys={"blank": "says"}),
        "readings": Record(
            Readings,
            {"readings": ListOf(Record(NamedWhen, {"says": Text(), "when": WHEN}), least=2)},
            keys={"readings": "of"},
        ),
    }
)
