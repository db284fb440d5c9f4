"""How days, counts and states are put into words: the one place that decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from registrations.rules.days import MONTHS, BusinessDays, say
from registrations.rules.findings import Force, Party, Standing, State

THEMES = ("light", "dark")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
NBSP = "\u00a0"


def day_words(day: date | None) -> str:
    """Thu, Sep 11, 2003"""
    return say(day) if day else ""


def month_day(day: date | None) -> str:
    """Sep 11"""
    return f"{MONTHS[day.month - 1][:3]} {day.day}" if day else ""


def short_day(day: date | None, today: date | None = None) -> str:
    """Thu, Sep 11; the year too when it is not today's."""
    if day is None:
        return ""
    if today is not None and day.year != today.year:
        return say(day)
    return f"{_DAYS[day.weekday()][:3]}, {month_day(day)}"


def long_day(day: date | None, today: date | None = None) -> str:
    """Thursday, September 11; the year too unless it is today's."""
    if day is None:
        return ""
    words = f"{_DAYS[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}"
    return words if today is not None and day.year == today.year else f"{words}, {day.year}"


def unbroken(words: str) -> str:
    """The same words, kept on one line: for a date in a heading."""
    return words.replace(" ", NBSP)


def month_name(day: date) -> str:
    return MONTHS[day.month - 1]


def zone_words(zone: str, day: date) -> str:
    """A zone's short name: ET for America/Detroit, summer and winter alike."""
    name = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).tzname() or zone
    return f"{name[0]}T" if name in _US_ZONES else name


def zone_name(zone: str, day: date) -> str:
    """Eastern Time for America/Detroit; elsewhere the zone's own name."""
    names = {"ET": "Eastern", "CT": "Central", "MT": "Mountain", "PT": "Pacific"}
    short = zone_words(zone, day)
    return f"{names[short]} Time" if short in names else zone.replace("_", " ")


_US_ZONES = {"EDT", "EST", "CDT", "CST", "MDT", "MST", "PDT", "PST"}


def last_moment(zone: str, day: date) -> str:
    """11:59 pm ET: the last moment of a legal day, never "midnight"."""
    return f"11:59 pm {zone_words(zone, day)}"


def moment_words(instant: datetime, zone: str) -> str:
    """Mon, Aug 18, 2003, 10:42 am ET: an instant in the agreement's own zone."""
    local = instant.astimezone(ZoneInfo(zone))
    clock = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    return f"{say(local.date())}, {clock} {zone_words(zone, local.date())}"


def count_words(n: int, one: str, many: str = "") -> str:
    """Two windows, 12 windows, no window."""
    noun = one if n == 1 or n == 0 else (many or f"{one}s")
    return f"{_NUMBERS[n] if n < len(_NUMBERS) else f'{n:,}'} {noun}"


def days_words(n: int) -> str:
    return f"{n:,} day" if n == 1 else f"{n:,} days"


def left_words(days: int) -> str:
    """2 days left, Today, 3 days ago"""
    if days == 0:
        return "Today"
    return f"{days_words(days)} left" if days > 0 else f"{days_words(-days)} ago"


def capital(words: str) -> str:
    """The same words with a capital first letter, the rest untouched."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str], most: int = 3) -> str:
    """A, B and C; or A, B and 4 more."""
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1:,} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


class Status(NamedTuple):
    """A state as a page shows it: ``kind`` picks shape and colour, ``text`` is the word."""

    kind: str  # missed | soon | open | wait | later | done
    text: str


def status_of(standing: Standing, force: Force) -> Status:
    """A window's standing in the product's own vocabulary."""
    days = standing.days
    match standing.state:
        case State.MISSED:
            return Status("missed", f"Missed {days_words(days)} ago")
        case State.IMPOSSIBLE:
            return Status("missed", "No day left")
        case State.NEEDS_DECISION:
            return Status("soon", "Decision needed")
        case State.DUE_SOON:
            return Status("soon", "Due today" if days == 0 else left_words(days))
        case State.OPEN if days < 0:
            return Status("wait", f"{days_words(-days)} past our target")
        case State.OPEN:
            return Status("open", "Runs" if force is Force.REST else left_words(days))
        case State.NOT_YET_OPEN:
            return Status("later", f"Opens in {days_words(days)}" if days else "Not begun")
        case State.MET:
            return Status("done", "Done")
        case State.MET_LATE:
            return Status("missed", f"{days_words(days)} late")
        case State.MET_EARLY:
            return Status("missed", f"{days_words(days)} early")
        case State.LAPSED:
            return Status("later", "Ended" if force is Force.REST else "Closed")
        case State.WAIVED:
            return Status("done", "Waived")
        case State.SUPERSEDED:
            return Status("later", "Superseded")
        case _:
            return Status("wait", "Not known")


PARTY_WORDS = {Party.COMPANY.value: "Company", Party.INVESTOR.value: "Investor"}
FORCE_WORDS = {
    Force.DUTY.value: "duty",
    Force.RIGHT.value: "right",
    Force.DERIVED.value: "needed for another date",
    Force.HOUSE.value: "our standard, not in the agreement",
    Force.REST.value: "rest",
}


def owed_by(party: str, force: str) -> str:
    """Company duty, Investor’s window, Our target."""
    if force == Force.HOUSE.value:
        return "Our target"
    if force == Force.RIGHT.value:
        return "Investor’s window"
    return f"{PARTY_WORDS.get(party, 'Company')} duty"


def practical(day: date, open_days: BusinessDays, zone: str, *, first: bool = False) -> str:
    """What a filing date means at EDGAR (N7): the contract's day does not move."""
    if open_days.is_open(day):
        if first:
            return "A business day."
        return "A business day. Start the EDGAR filing by 5:30 pm ET."
    kind = f"A {_DAYS[day.weekday()]}" if day.weekday() > 4 else "A federal holiday"
    near = open_days.on_or_after(day) if first else open_days.on_or_before(day)
    which = "first" if first else "last"
    return f"{kind}. EDGAR is closed; the {which} practical day is {short_day(near, day)}."


def closed_day(day: date, open_days: BusinessDays, rolls: bool) -> str:
    """A note for a last day that falls on a closed day, or nothing."""
    if open_days.is_open(day) or rolls:
        return ""
    kind = f"A {_DAYS[day.weekday()]}" if day.weekday() > 4 else "A federal holiday"
    return f"{kind}. The agreement has no business-day rule, so the date does not move."
