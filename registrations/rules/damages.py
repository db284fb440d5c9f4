"""Liquidated damages for what came late: for which days, at what rate, of what, and when
they are paid.

Amounts are exact until the end; dollars are then rounded to the cent, half up, and
shares down to whole ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from .days import ONE, say
from .findings import Reason
from .reckoning import WHEN, When
from .shapes import Choice, Flag, ListOf, OneOf, Record, Share, Text, Whole, Word
from .situation import Number, plain
from .words import Kind


class Part(StrEnum):
    """What part of a period counts as."""

    WHOLE = "whole"  # any part of a period counts as all of it
    PRORATED = "prorated"  # day by day
    NOTHING = "nothing"  # only a full period counts


class DayCount(StrEnum):
    """How many days a year has when a yearly rate is turned into days."""

    THIRTY_360 = "30/360"
    ACTUAL_365 = "actual/365"

    @property
    def year(self) -> int:
        return 360 if self is DayCount.THIRTY_360 else 365


@dataclass(frozen=True)
class Step:
    """A yearly rate for so many ``days``; for all that follow where empty."""

    rate: Fraction
    days: int | None = None


@dataclass(frozen=True)
class Damages:
    """What a default costs.

    ``first`` is owed at once, on the first day of the failure; ``rate`` for each ``period``
    of days; ``steps`` give yearly rates instead, by ``day_counts``, the governing first.
    ``base`` is what the rates are of; ``cap`` the most there can be, as a share of it.
    """

    base: str
    paid_in: str = "cash"
    chosen_by: str = ""
    first: Fraction = Fraction(0)
    rate: Fraction = Fraction(0)
    period: int = 0
    part: Part = Part.WHOLE
    first_covers_period: tuple[bool, ...] = (False,)
    counts_last_day: tuple[bool, ...] = (True,)
    steps: tuple[Step, ...] = ()
    day_counts: tuple[DayCount, ...] = ()
    cap: Fraction | None = None
    pay_by: When | None = None
    interest_monthly: Fraction = Fraction(0)
    cured_within: When | None = None
    triggers: tuple[str, ...] = ()


class Line(NamedTuple):
    """One part of what is owed: what for, and the exact amount."""

    says: str
    amount: Fraction


class Owed(NamedTuple):
    """What is owed on one reading: dollars rounded to the cent, or whole shares."""

    says: str
    days: int
    lines: tuple[Line, ...]
    total: Decimal | int
    because: tuple[Reason, ...]


def owed(
    terms: Damages, *, base: Number, due_on: date, cured_on: date, clause: str = ""
) -> tuple[Owed, ...]:
    """What a failure from the day after ``due_on`` until ``cured_on`` costs, on each
    reading, the governing first; nothing where it was cured by the day it was due.

    ``base`` is in USD or whole shares, as the term says.
    """
    return tuple(
        _owed(terms, Fraction(base), due_on, cured_on, covers, last, count, clause)
        for last in terms.counts_last_day
        for covers in terms.first_covers_period
        for count in terms.day_counts or (None,)
    )


def for_one_period(terms: Damages, base: Number) -> Decimal | int:
    """What one whole period costs, in dollars or whole shares."""
    return _rounded(terms, Fraction(base) * terms.rate)


def interest(terms: Damages, amount: Number, months: int) -> Decimal:
    """Simple interest on an amount unpaid for whole months, USD."""
    return _cents(Fraction(amount) * terms.interest_monthly * months)


def _owed(
    terms: Damages,
    base: Fraction,
    due_on: date,
    cured_on: date,
    covers: bool,
    counts_last_day: bool,
    day_count: DayCount | None,
    clause: str,
) -> Owed:
    days = max(0, (cured_on - due_on).days - (not counts_last_day))
    lines: list[Line] = []
    if days and terms.first:
        lines.append(Line("on the first day of the failure", base * terms.first))
    if terms.period:
        periods = _periods(terms, days, covers)
        if periods:
            lines.append(
                Line(f"{plain(periods)} × {terms.period} days", base * terms.rate * periods)
            )
    left = days
    for step in terms.steps:
        in_step = left if step.days is None else min(left, step.days)
        if in_step and day_count is not None:
            share = step.rate * in_step / day_count.year
            lines.append(Line(f"{in_step} days, {day_count}", base * share))
        left -= in_step
    total = sum((line.amount for line in lines), Fraction(0))
    because = [
        Reason(
            "LD",
            clause,
            f"From {say(due_on + ONE)}, {'through' if counts_last_day else 'up to'} "
            f"{say(cured_on)}: {days} days",
        ),
        *(Reason("LD", clause, f"{line.says}: {plain(line.amount)}") for line in lines),
    ]
    if terms.cap is not None and total > base * terms.cap:
        total = base * terms.cap
        because.append(Reason("LD", clause, f"Never more than {plain(total)}"))
    says = [f"{'the last day counts' if counts_last_day else 'the last day does not count'}"]
    if len(terms.first_covers_period) > 1:
        says.append(
            "the first payment covers the first period" if covers else "periods come on top"
        )
    if day_count is not None:
        says.append(str(day_count))
    return Owed("; ".join(says), days, tuple(lines), _rounded(terms, total), tuple(because))


def _periods(terms: Damages, days: int, covers: bool) -> Fraction:
    if covers:
        days = max(0, days - terms.period)
    exact = Fraction(days, terms.period)
    if terms.part is Part.WHOLE:
        return Fraction(ceil(exact))
    return exact if terms.part is Part.PRORATED else Fraction(int(exact))


def _rounded(terms: Damages, amount: Fraction) -> Decimal | int:
    return int(amount) if terms.paid_in in ("shares", "warrants") else _cents(amount)


def _cents(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _some_rate(terms: Damages) -> str | None:
    if not (terms.first or terms.rate or terms.steps):
        return "give a rate: first, rate or steps."
    if bool(terms.rate) != bool(terms.period):
        return "a rate goes with the period of days it is for, and a period with its rate."
    if bool(terms.steps) != bool(terms.day_counts):
        return "yearly steps go with day_counts, and day_counts with steps."
    return None


DAMAGES = Record(
    Damages,
    {"base": Word(Kind.MEASURE)},
    {
        "paid_in": OneOf(("cash", "shares", "warrants", "cash_or_shares")),
        "chosen_by": OneOf(("holder", "company")),
        "first": Share(),
        "rate": Share(),
        "period": Whole(1),
        "part": Choice(Part),
        "first_covers_period": ListOf(Flag(), readings=True),
        "counts_last_day": ListOf(Flag(), readings=True),
        "steps": ListOf(Record(Step, {"rate": Share()}, {"days": Whole(1)})),
        "day_counts": ListOf(Choice(DayCount), readings=True),
        "cap": Share(),
        "pay_by": WHEN,
        "interest_monthly": Share(),
        "cured_within": WHEN,
        "triggers": ListOf(Text()),
    },
    check=_some_rate,
)
