"""Counting days (N6, N7): what "within 20 days after" means, and when EDGAR is open.

A day is a ``date`` in the agreement's own time zone.  Nothing here knows an hour, a
clock or a locale.
"""

from __future__ import annotations

import calendar as _calendar
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

ONE = timedelta(days=1)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


class Unit(StrEnum):
    """What a period counts."""

    CALENDAR = "calendar"
    BUSINESS = "business"
    TRADING = "trading"
    MONTH = "month"
    YEAR = "year"


_NOUNS = {
    Unit.CALENDAR: "day",
    Unit.BUSINESS: "business day",
    Unit.TRADING: "trading day",
    Unit.MONTH: "month",
    Unit.YEAR: "year",
}


class Roll(StrEnum):
    """Where a last day goes that falls on a closed day.  Most agreements: nowhere."""

    NONE = "none"
    FORWARD = "forward"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """A calendar: Monday to Friday less ``closed``.  ``closed`` is given, not known here."""

    closed: Container[date] = frozenset()

    def is_open(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed

    def on_or_before(self, day: date) -> date:
        """The last open day not after ``day``."""
        while not self.is_open(day):
            day -= ONE
        return day

    def on_or_after(self, day: date) -> date:
        """The first open day not before ``day``."""
        while not self.is_open(day):
            day += ONE
        return day

    def plus(self, day: date, n: int) -> date:
        """The ``n``-th open day after ``day``; before it when ``n`` is negative."""
        step = ONE if n >= 0 else -ONE
        for _ in range(abs(n)):
            day += step
            while not self.is_open(day):
                day += step
        return day

    def count(self, first: date, last: date) -> int:
        """How many open days lie from ``first`` to ``last``, both included."""
        return sum(self.is_open(first + timedelta(days=i)) for i in range((last - first).days + 1))


# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_CALENDAR, _BUSINESS, _MONTH = Unit.CALENDAR, Unit.BUSINESS, Unit.MONTH
_NONE, _FORWARD, _BACK = Roll.NONE, Roll.FORWARD, Roll.BACK


class Period(NamedTuple):
    """A number of days, months or years that a term of the agreement gives.

    ``n`` is in ``unit``; ``clause`` is where the agreement says it.
    """

    n: int
    unit: Unit = Unit.CALENDAR
    roll: Roll = Roll.NONE
    clause: str = ""

    def after(self, day: date, open_days: BusinessDays) -> date:
        """The day this period after ``day``, ``day`` itself being day 0 (N6).

        It is the last day of "within n days after" and "no more than n days from", and
        the first of "not less than n days from".  Years and months land on the same
        date, or on the month's last day where that date does not exist.
        """
        if self.unit is _CALENDAR:
            end = day + timedelta(self.n)
        elif self.unit is _BUSINESS:
            end = open_days.plus(day, self.n)
        else:
            end = add_months(day, self.n if self.unit is _MONTH else 12 * self.n)
        if self.roll is _NONE:
            return end
        if self.roll is _FORWARD:
            return open_days.on_or_after(end)
        return open_days.on_or_before(end)

    def latest_start(self, end: date, open_days: BusinessDays) -> date:
        """The last day from which this period still ends on or before ``end``.

        It may lie past ``end``: a period of no days that rolls back ends on Friday from
        Saturday too.  No period from the next open day does.
        """
        if self.unit is _CALENDAR and self.roll is _NONE:
            return end - timedelta(self.n)
        day = open_days.on_or_after(end + ONE)
        while self.after(day, open_days) > end:
            day -= ONE
        return day

    @property
    def words(self) -> str:
        """The period in words: "20 days", "3 business days", "1 year"."""
        noun = _NOUNS[self.unit]
        return f"{self.n} {noun}" if self.n == 1 else f"{self.n} {noun}s"


def add_months(day: date, months: int) -> date:
    """The same date so many months on; 29 February becomes the 28th (S1)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= 28:  # every month has it
        return date(year, month0 + 1, day.day)
    last = _calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def say(day: date | None) -> str:
    """A day in words, the same in every locale: "Thu, Jun 5, 2003"."""
    if day is None:
        return "a day not on record"
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}"


def in_full(day: date) -> str:
    """September 11, 2003: as a letter gives a day, the same in every locale."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def by(happened_on: date | None, day: date) -> date | None:
    """The day something happened, if it had by the end of ``day``."""
    return happened_on if happened_on is not None and happened_on <= day else None
