"""Which Investors count as one on a day (H5, section 3(c))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple


class Member(NamedTuple):
    """An Investor belongs to a group from a day through a last day, ``None`` while it does."""

    investor: int
    group: int
    from_on: date
    to_on: date | None = None

    def on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class Clash(NamedTuple):
    """Two memberships of one Investor on one day, and the first such day."""

    one: Member
    other: Member
    on: date


def groups_on(members: Iterable[Member], on: date) -> dict[int, int]:
    """The group of each Investor that belongs to one on a day."""
    return {each.investor: each.group for each in members if each.on(on)}


def first_clash(members: Sequence[Member]) -> Clash | None:
    """The first day an Investor would be in two groups, or twice in one: it counts as one
    Investor with one group, or with none (H5)."""
    found: list[Clash] = []
    by_investor: dict[int, list[Member]] = {}
    for each in members:
        by_investor.setdefault(each.investor, []).append(each)
    for own in by_investor.values():
        own.sort(key=lambda each: (each.from_on, each.group))
        for n, one in enumerate(own):
            for other in own[n + 1 :]:
                if one.on(other.from_on):
                    found.append(Clash(one, other, other.from_on))
                    break
    return min(found, key=lambda c: (c.on, c.one.investor, c.one.group), default=None)
