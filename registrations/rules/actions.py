"""What a corporate action does to a whole class of securities on a day (H2, section 7).

An action is one fact.  What each holder has after it is worked out from the fact, so that
an action found out about late, or put right, needs no line for any holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .days import say
from .findings import Reason
from .terms import UnitParts

CLASSES = {
    "common": "Common Stock",
    "preferred": "Series A Preferred Stock",
    "warrant": "Warrants",
}
"""The securities an action can be of, and how each is called."""


class Kind(StrEnum):
    """What happened to the class."""

    SPLIT = "split"  # so many for so many held, the other way round in a reverse split
    DIVIDEND = "dividend"  # so many more for so many held, of the same class
    EXCHANGE = "exchange"  # a recapitalization or a merger: so many of another class, or its own


class Fractions(StrEnum):
    """What a holder has for part of a share."""

    DROPPED = "dropped"
    ROUNDED_UP = "rounded_up"
    CASH = "cash"


class Action(NamedTuple):
    """One action on every share of a class.

    It takes effect at the start of ``on``: what is entered for that day is counted after
    it.  ``place`` tells which of several on one day came first.  For each ``denominator``
    held a holder has ``numerator``, in a dividend besides what it held.  ``rates_follow``
    says that what Preferred converts into and Warrants buy is adjusted with it.
    """

    on: date
    place: int
    kind: str
    security: str
    into: str
    numerator: int
    denominator: int
    fractions: str
    rates_follow: bool = True

    @property
    def ratio(self) -> Fraction:
        """Shares after it for one before."""
        more = self.denominator if self.kind == Kind.DIVIDEND else 0
        return Fraction(self.numerator + more, self.denominator)

    def of(self, held: int) -> Fraction:
        """What a holding becomes, fractions and all."""
        return held * self.ratio

    def whole(self, held: int) -> int:
        """What a holding becomes, in whole shares."""
        exact = self.of(held)
        return -(-exact // 1) if self.fractions == Fractions.ROUNDED_UP else exact // 1

    @property
    def words(self) -> str:
        """It in words: "2 for 1 split of Common Stock"."""
        of, n, m = CLASSES[self.security], f"{self.numerator:,}", f"{self.denominator:,}"
        if self.kind == Kind.DIVIDEND:
            return f"dividend of {n} for each {m} {of}"
        if self.kind == Kind.SPLIT:
            way = "split" if self.numerator > self.denominator else "reverse split"
            return f"{n} for {m} {way} of {of}"
        return f"exchange of each {m} {of} for {n} {CLASSES[self.into]}"


def in_order(actions: Iterable[Action], upto: date | None = None) -> list[Action]:
    """Actions by day and place, those that have taken effect at the end of a day."""
    return sorted(a for a in actions if upto is None or a.on <= upto)


def mixed(number: Fraction) -> str:
    """A number as people write it: 4 1/2."""
    whole, part = divmod(number, 1)
    if not part:
        return f"{whole:,}"
    return f"{whole:,} {part}" if whole else str(part)


class Course(NamedTuple):
    """What actions have made of one security as signed: what it has become, and how many
    times as many shares a Preferred or a Warrant of today yields.  Warrants that ran out
    before the day they were ``exchanged_on`` became nothing else."""

    became: Mapping[str, Mapping[str, Fraction]]
    rates: Mapping[str, Fraction]
    exchanged_on: date | None = None


def course(actions: Iterable[Action]) -> Course:
    """What actions, given in order, have made of each security by the last of them."""
    became = {security: {security: Fraction(1)} for security in CLASSES}
    rates = {"preferred": Fraction(1), "warrant": Fraction(1)}
    exchanged_on: date | None = None
    for action in actions:
        if action.security == "warrant" and exchanged_on is None:
            exchanged_on = action.on
        for parts in became.values():
            n = parts.pop(action.security, None)
            if n is not None:
                parts[action.into] = parts.get(action.into, Fraction(0)) + n * action.ratio
        if not action.rates_follow or action.security != action.into:
            continue
        if action.security == "common":
            rates = {security: rate * action.ratio for security, rate in rates.items()}
        else:
            # As many shares as before in all, from more Preferred or fewer.
            rates[action.security] /= action.ratio
    return Course(became, rates, exchanged_on)


class Parts(NamedTuple):
    """What an untouched Unit has become: as ``UnitParts``, after every action."""

    common: Fraction
    preferred: Fraction
    warrants: Fraction
    common_per_preferred: Fraction
    common_per_warrant: Fraction

    @property
    def registrable(self) -> Fraction:
        """Registrable Shares in one untouched Unit, issued and issuable (H2)."""
        return (
            self.common
            + self.preferred * self.common_per_preferred
            + self.warrants * self.common_per_warrant
        )


def parts_after(parts: UnitParts, actions: Iterable[Action]) -> Parts:
    """An untouched Unit after actions, given in order (H1, H2)."""
    found = course(actions)
    held = {"common": parts.common, "preferred": parts.preferred, "warrant": parts.warrants}

    def become(security: str) -> Fraction:
        became = (found.became[was].get(security, Fraction(0)) * n for was, n in held.items())
        return sum(became, Fraction(0))

    return Parts(
        become("common"),
        become("preferred"),
        become("warrant"),
        parts.common_per_preferred * found.rates["preferred"],
        parts.common_per_warrant * found.rates["warrant"],
    )


class PerUnit(NamedTuple):
    """What an untouched Unit is on a day, and why."""

    parts: Parts
    because: tuple[Reason, ...]


def per_unit(
    parts: UnitParts, actions: Iterable[Action], *, on: date, signed: str = "", adjusted: str = ""
) -> PerUnit:
    """What an untouched Unit is at the end of ``on``, action by action (H1, H2).

    ``signed`` and ``adjusted`` are the sections that say what a Unit is made of and that
    what splits and the like add counts too.
    """
    done: list[Action] = []
    now = parts_after(parts, done)
    because = [Reason("H1", signed, f"As signed, {_sum(now)}.")]
    for action in in_order(actions, on):
        done.append(action)
        was, now = now, parts_after(parts, done)
        because.append(Reason("H2", adjusted, f"{_said(action)}: {_changes(action, was, now)}."))
    return PerUnit(now, tuple(because))


def _said(action: Action) -> str:
    words = action.words
    return f"{words[0].upper()}{words[1:]}, counted from {say(action.on)}"


def _sum(parts: Parts) -> str:
    common, preferred, warrants, per_preferred, per_warrant = (mixed(n) for n in parts)
    return (
        f"a Unit is {common} + {preferred} × {per_preferred} + {warrants} × {per_warrant} = "
        f"{mixed(parts.registrable)} Registrable Shares"
    )


def _changes(action: Action, was: Parts, now: Parts) -> str:
    told = [
        f"{mixed(before)} {name} × {mixed(action.ratio)} = {mixed(after)}"
        if action.security == action.into
        else f"{mixed(before)} {name} {'becomes' if before == 1 else 'become'} {mixed(after)}"
        for name, before, after in (
            ("Common", was.common, now.common),
            ("Preferred", was.preferred, now.preferred),
            ("Warrants", was.warrants, now.warrants),
        )
        if before != after
    ]
    told += [
        f"{name} yields {mixed(after)} Common instead of {mixed(before)}"
        for name, before, after in (
            ("a Preferred", was.common_per_preferred, now.common_per_preferred),
            ("a Warrant", was.common_per_warrant, now.common_per_warrant),
        )
        if before != after
    ]
    return "; ".join([*told, _sum(now)])
