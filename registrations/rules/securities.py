"""What a holder holds on a day, from ledger lines (H1, H2, H6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .terms import UnitParts

SECURITIES = ("unit", "common", "preferred", "warrant")


class Line(NamedTuple):
    """One ledger line: so many of one security more or fewer from ``on``.

    ``expires_on`` is the last day a Warrant can be exercised; other lines have none.
    """

    holder: int
    security: str
    change: int
    on: date
    expires_on: date | None = None


class Position(NamedTuple):
    """What one holder holds on a day, in Units and whole shares.

    ``issued`` is Common in hand; ``from_preferred`` and ``from_warrants`` are what
    unconverted Preferred and live Warrants would yield.  Their sum is the holder's
    Registrable Shares (H2).
    """

    units: int = 0
    common: int = 0
    preferred: int = 0
    warrants: int = 0
    from_preferred: int = 0
    from_warrants: int = 0

    @property
    def issued(self) -> int:
        return self.common

    @property
    def issuable(self) -> int:
        return self.from_preferred + self.from_warrants

    @property
    def registrable(self) -> int:
        """Registrable Shares, issued and issuable."""
        return self.issued + self.issuable

    def plus(self, other: Position) -> Position:
        return Position(*(a + b for a, b in zip(self, other, strict=True)))


class Shortfall(NamedTuple):
    """The first day on which a holder would hold fewer than none."""

    holder: int
    security: str
    on: date
    by: int


def positions(lines: Iterable[Line], *, on: date, parts: UnitParts) -> dict[int, Position]:
    """Each holder's position at the end of ``on``; lines dated later do not count (H6).

    A Warrant counts through its last day of exercise, whether or not its expiry has
    been entered.  An entry of expiry takes the expired lot off the ledger and changes
    nothing here twice, because the whole lot, entry included, is past its day.
    """
    held: dict[int, dict[str, int]] = {}
    for line in lines:
        if line.on > on or (line.expires_on is not None and line.expires_on < on):
            continue
        of_holder = held.setdefault(line.holder, dict.fromkeys(SECURITIES, 0))
        of_holder[line.security] += line.change
    return {
        holder: Position(
            units=h["unit"],
            common=h["common"],
            preferred=h["preferred"],
            warrants=h["warrant"],
            from_preferred=h["preferred"] * parts.common_per_preferred,
            from_warrants=h["warrant"] * parts.common_per_warrant,
        )
        for holder, h in held.items()
    }


def unit_lines(
    holder: int, units: int, *, on: date, parts: UnitParts, warrants_expire_on: date | None
) -> tuple[Line, ...]:
    """A number of Units broken into their parts (H1): a line for each security."""
    lines = (
        Line(holder, "unit", units, on),
        Line(holder, "common", units * parts.common, on),
        Line(holder, "preferred", units * parts.preferred, on),
        Line(holder, "warrant", units * parts.warrants, on, warrants_expire_on),
    )
    return tuple(line for line in lines if line.change)


def first_shortfall(lines: Iterable[Line]) -> Shortfall | None:
    """The first day any holding falls below zero, whatever order lines were entered in
    (H6); ``None`` when none ever does.  Warrant lots are kept apart by their last day."""
    by_lot: dict[tuple[int, str, date | None], dict[date, int]] = {}
    for line in lines:
        days = by_lot.setdefault((line.holder, line.security, line.expires_on), {})
        days[line.on] = days.get(line.on, 0) + line.change
    found: list[Shortfall] = []
    for (holder, security, _), days in by_lot.items():
        balance = 0
        for day in sorted(days):
            balance += days[day]
            if balance < 0:
                found.append(Shortfall(holder, security, day, -balance))
                break
    return min(found, key=lambda s: (s.on, s.holder, s.security), default=None)
