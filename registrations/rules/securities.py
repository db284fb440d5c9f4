"""What a holder holds on a day, from ledger lines and corporate actions (H1, H2, H6)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from .actions import Action, Course, course, in_order
from .terms import UnitParts

SECURITIES = ("unit", "common", "preferred", "warrant")


class Line(NamedTuple):
    """One ledger line: so many of one security more or fewer from ``on``.

    ``expires_on`` is the last day a Warrant can be exercised; other lines have none.
    ``worked_from`` is empty where the shares were counted that day.  A line worked out
    from others by what the agreement says of a Unit, a Preferred or a Warrant names that,
    and has its number as signed: the actions up to its day are applied to it.
    """

    holder: int
    security: str
    change: int
    on: date
    expires_on: date | None = None
    worked_from: str = ""


class Ledger(NamedTuple):
    """All that decides who holds what: lines of holders, and actions on whole classes.
    ``issued`` are those of the lines that issued Units, corrections included."""

    lines: Sequence[Line]
    actions: Sequence[Action] = ()
    issued: Sequence[Line] = ()


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
        return self.common + self.from_preferred + self.from_warrants

    def plus(self, other: Position) -> Position:
        return Position(*(a + b for a, b in zip(self, other, strict=True)))


class Shortfall(NamedTuple):
    """The first day on which a holder would hold fewer than none."""

    holder: int
    security: str
    on: date
    by: int


class Book:
    """One holder's balances as its entries are gone through, Warrants by their last day."""

    __slots__ = ("held", "lots")

    def __init__(self) -> None:
        self.held = {"unit": 0, "common": 0, "preferred": 0}
        self.lots: dict[date | None, int] = {}

    def add(self, line: Line, so_far: Course | None = None) -> None:
        """Enter a line; ``so_far`` is the course of the actions before it, if any."""
        if so_far is not None and line.worked_from:
            for each in worked(line, so_far):
                self.add(each)
        elif line.security == "warrant":
            self.lots[line.expires_on] = self.lots.get(line.expires_on, 0) + line.change
        else:
            self.held[line.security] += line.change

    def undergo(self, action: Action) -> None:
        """Let an action take effect.  Warrants past their last day are no more (H2)."""
        if action.security == "warrant":
            live = [last for last in self.lots if last is None or last >= action.on]
            n = sum(self.lots.pop(last) for last in live)
        else:
            n, self.held[action.security] = self.held[action.security], 0
        self.held[action.into] += action.whole(n)

    def of(self, action: Action) -> int:
        """How many of an action's class there are for it."""
        if action.security != "warrant":
            return self.held[action.security]
        return sum(n for last, n in self.lots.items() if last is None or last >= action.on)

    def warrants(self, on: date | None = None) -> int:
        """Warrants that live on a day, or with ``None`` all that are entered."""
        n = 0
        for last, of_lot in self.lots.items():
            if on is None or last is None or last >= on:
                n += of_lot
        return n


def worked(line: Line, so_far: Course) -> Iterator[Line]:
    """A line worked out as signed, as its own day has it after the actions before it, in
    whole shares: a part of a share neither moves nor comes into being.  One that was
    counted that day is as it is."""
    became: Mapping[str, Fraction]
    if not line.worked_from:
        yield line
        return
    if line.worked_from == "unit":
        became = so_far.became[line.security]
        last, gone = line.expires_on, so_far.exchanged_on
        if last is not None and gone is not None and last < gone:
            became = {line.security: Fraction(1)}
    else:
        became = {line.security: so_far.rates[line.worked_from]}
    for security, rate in became.items():
        whole = int(line.change * rate)  # towards none, whichever way the line goes
        expires_on = line.expires_on if security == "warrant" else None
        yield Line(line.holder, security, whole, line.on, expires_on)


def books(ledger: Ledger, on: date) -> dict[int, Book]:
    """Each holder's balances at the end of ``on``; what is dated later does not count (H6)."""
    actions = in_order(ledger.actions, on)
    found: dict[int, Book] = {}
    for n, lines in enumerate(_between(ledger.lines, actions, on)):
        so_far = course(actions[:n]) if n else None
        if n:
            for book in found.values():
                book.undergo(actions[n - 1])
        for line in lines:
            if line.holder not in found:
                found[line.holder] = Book()
            found[line.holder].add(line, so_far)
    return found


def _between(
    lines: Iterable[Line], actions: Sequence[Action], on: date
) -> Iterable[Iterable[Line]]:
    """Lines up to a day: those before the first action, then those before the next."""
    if not actions:
        return ([line for line in lines if line.on <= on],)
    days = [action.on for action in actions]
    found: list[list[Line]] = [[] for _ in range(len(days) + 1)]
    for line in lines:
        if line.on <= on:
            found[bisect_right(days, line.on)].append(line)
    return found


def left_over(ledger: Ledger, action: Action) -> dict[int, Fraction]:
    """The part of a share each holder would have of an action beyond whole ones, by holder;
    those who come out even are left out."""
    before = Ledger(
        [line for line in ledger.lines if line.on < action.on],
        [each for each in ledger.actions if each < action],
    )
    over = {
        holder: action.of(book.of(action)) % 1 for holder, book in books(before, action.on).items()
    }
    return {holder: part for holder, part in over.items() if part}


def positions(ledger: Ledger, *, on: date, parts: UnitParts) -> dict[int, Position]:
    """Each holder's position at the end of ``on``, after every action up to that day; what
    is dated later does not count (H2, H6).  ``parts`` are those of a Unit as signed.

    A Warrant counts through its last day of exercise, whether or not its expiry has
    been entered.  An entry of expiry takes the expired lot off the ledger and changes
    nothing here twice, because the whole lot, entry included, is past its day.
    """
    return Accounts(ledger, parts).all_on(on)


def units_issued(ledger: Ledger, on: date) -> int:
    """Units issued under the Purchase Agreement by the end of a day (D1)."""
    return sum(line.change for line in ledger.issued if line.on <= on)


def added_up(positions: Collection[Position]) -> Position:
    """What several hold together."""
    return Position(*map(sum, zip(*positions, strict=True)))


class Accounts:
    """A ledger by holder, for asking again and again who had what on which day."""

    def __init__(self, ledger: Ledger, parts: UnitParts) -> None:
        self._ledger, self._parts = ledger, parts
        self._lines: dict[int, list[Line]] = defaultdict(list)
        for line in ledger.lines:
            self._lines[line[0]].append(line)
        self._first_action_on = min((a.on for a in ledger.actions), default=date.max)

    def all_on(self, on: date) -> dict[int, Position]:
        """``positions`` at the end of a day."""
        if on >= self._first_action_on:
            return _after_actions(self._ledger, on, self._parts)
        found = {}
        for holder, lines in self._lines.items():
            held = _untouched(lines, on, self._parts)
            if held is not None:
                found[holder] = held
        return found

    def position(self, holder: int, on: date) -> Position:
        """What one holder has at the end of a day."""
        lines = self._lines.get(holder, ())
        if on >= self._first_action_on:
            own = Ledger(lines, self._ledger.actions)
            return _after_actions(own, on, self._parts).get(holder, _NOTHING)
        return _untouched(lines, on, self._parts) or _NOTHING


def _untouched(lines: Iterable[Line], on: date, parts: UnitParts) -> Position | None:
    """What a holder's lines come to before any action: most registers have none, and a
    matter with ten thousand Investors reads forty thousand lines.  ``None`` where all are
    dated later."""
    units = common = preferred = warrants = 0
    known = False
    for _, security, change, since, expires_on, _ in lines:
        if since > on:
            continue
        known = True
        if security == "common":
            common += change
        elif security == "unit":
            units += change
        elif security == "preferred":
            preferred += change
        elif expires_on is None or expires_on >= on:
            warrants += change
    if not known:
        return None
    return Position(
        units,
        common,
        preferred,
        warrants,
        preferred * parts.common_per_preferred,
        warrants * parts.common_per_warrant,
    )


def _after_actions(ledger: Ledger, on: date, parts: UnitParts) -> dict[int, Position]:
    rates = course(in_order(ledger.actions, on)).rates
    p, p_for = (parts.common_per_preferred * rates["preferred"]).as_integer_ratio()
    w, w_for = (parts.common_per_warrant * rates["warrant"]).as_integer_ratio()
    found = {}
    for holder, book in books(ledger, on).items():
        held, warrants = book.held, book.warrants(on)
        # Whole shares: the part of one that conversion leaves over is not a share.
        found[holder] = Position(
            held["unit"],
            held["common"],
            held["preferred"],
            warrants,
            held["preferred"] * p // p_for,
            warrants * w // w_for,
        )
    return found


_NOTHING = Position()


def unit_lines(
    holder: int, units: int, *, on: date, parts: UnitParts, warrants_expire_on: date | None
) -> tuple[Line, ...]:
    """A number of Units broken into their parts (H1): a line for each security."""
    lines = (
        Line(holder, "unit", units, on),
        Line(holder, "common", units * parts.common, on, worked_from="unit"),
        Line(holder, "preferred", units * parts.preferred, on, worked_from="unit"),
        Line(holder, "warrant", units * parts.warrants, on, warrants_expire_on, "unit"),
    )
    return tuple(line for line in lines if line.change)


def first_shortfall(ledger: Ledger) -> Shortfall | None:
    """The first day any holding falls below zero, whatever order entries were made in
    (H6); ``None`` when none ever does.  Warrant lots are kept apart by their last day."""
    actions = in_order(ledger.actions)
    courses = [course(actions[:n]) if n else None for n in range(len(actions) + 1)]
    by_holder: dict[int, list[Line]] = {}
    for line in ledger.lines:
        by_holder.setdefault(line.holder, []).append(line)
    found: list[Shortfall] = []
    for holder, lines in by_holder.items():
        book, undergone = Book(), 0
        for day, on_day in groupby(sorted(lines, key=lambda each: each.on), lambda each: each.on):
            while undergone < len(actions) and actions[undergone].on <= day:
                book.undergo(actions[undergone])
                undergone += 1
            for line in on_day:
                book.add(line, courses[undergone])
            short = [(security, -n) for security, n in book.held.items() if n < 0]
            short += [("warrant", -n) for n in book.lots.values() if n < 0]
            if short:
                security, by = min(short)
                found.append(Shortfall(holder, security, day, by))
                break
    return min(found, key=lambda s: (s.on, s.holder, s.security), default=None)
