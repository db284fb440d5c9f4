"""Who may sell how much when the underwriters take less than was asked (P7, H5, section 3(c)).

The order is a term: tiers that follow one another, each shared out by what its members
hold or by what they ask, with a floor or a ceiling where the agreement sets one.  Whole
shares and whole numbers throughout, so the sums are right at any size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import inf
from operator import truediv
from typing import Any, NamedTuple

from .findings import Reason
from .shapes import Choice, Desk, Flag, ListOf, MapOf, Record, Share, Text, Whole

_FLOATS = 1 << 1000  # below it, a ratio of two whole numbers is a float


class Basis(StrEnum):
    """What a tier is shared out by."""

    HELD = "held"
    REQUESTED = "requested"


@dataclass(frozen=True)
class Tier:
    """Those who come next: classes of sellers, and what they share by.

    ``ceiling`` is the most they take together, as a share of the underwriters' maximum; a
    ceiling under a name holds where that is so, such as in an ``ipo``, and the one under
    ``otherwise`` where none is.
    """

    who: tuple[str, ...]
    basis: Basis = Basis.HELD
    ceiling: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Floor:
    """What a class is left with at the least, as a share of the underwriters' maximum,
    unless what ``unless`` names is so."""

    who: str
    share: Fraction
    unless: str = ""


@dataclass(frozen=True)
class Order:
    """How an offering is cut back: who comes when.

    ``shared_again`` are the readings of what happens to room a holder cannot use, the
    governing first: shared again among the rest of its tier, or not.  ``may_round_to`` is
    the lot the agreement lets the Company round to; nothing is rounded here.
    """

    tiers: tuple[Tier, ...]
    floor: Floor | None = None
    shared_again: tuple[bool, ...] = (True,)
    may_round_to: int = 1


class Claim(NamedTuple):
    """What one seller asks to sell in an offering, and the registrable securities it holds.

    ``holder`` is its lasting id, which settles ties; ``group`` is the affiliate group it is
    counted in (H5), ``None`` when it stands alone; ``who`` the class its tier is named by.
    """

    holder: int
    held: int
    asked: int
    group: int | None = None
    who: str = "investors"


class TierShare(NamedTuple):
    """One tier as it came out: the room it found, what was asked, and what it took."""

    who: tuple[str, ...]
    basis: Basis
    room: int
    asked: int
    taken: int


class Allocation(NamedTuple):
    """How an offering is shared out: whole shares by holder, tier by tier, with reasons."""

    shares: Mapping[int, int]
    tiers: tuple[TierShare, ...]
    because: tuple[Reason, ...]

    @property
    def total(self) -> int:
        """All shares in the offering."""
        return sum(self.shares.values())


def allocate(
    claims: Iterable[Claim],
    order: Order,
    *,
    maximum: int,
    where: Collection[str] = (),
    shared_again: bool | None = None,
    clause: str = "",
) -> Allocation:
    """Whole shares for each seller when the underwriters take ``maximum`` (P7).

    Tiers are served in order.  Inside one, each gets its proportion and never more than it
    asked; what a seller cannot use is shared again among the rest, unless ``shared_again``
    takes the other reading.  An affiliate group counts as one, by what it holds and asks
    together, and what it gets is shared inside it by the same rule.  Odd shares go by
    largest remainder, ties to the larger holding and then to the lower id.  ``where``
    names what is so of the offering, such as ``ipo``.

    Raises ``ValueError`` when a number is below zero, a seller appears twice, or its class
    is in no tier.
    """
    claims = list(claims)
    if maximum < 0:
        raise ValueError("the underwriters' maximum is zero or more")
    by_tier = _by_tier(claims, order)
    again = order.shared_again[0] if shared_again is None else shared_again
    kept = _kept(order.floor, claims, maximum, where)
    shares: dict[int, int] = {}
    tiers: list[TierShare] = []
    because: list[Reason] = []
    left = maximum
    for tier, parts in zip(order.tiers, by_tier, strict=True):
        if kept and order.floor is not None and order.floor.who in tier.who:
            because.append(
                Reason("P7", clause, f"{_names(tier.who)} are left with at least {kept:,}")
            )
            kept = 0
        room = left - kept
        limit = tier.ceiling.get(next((w for w in tier.ceiling if w in where), "otherwise"))
        if limit is not None and (most := maximum * limit.numerator // limit.denominator) < room:
            room = most
            because.append(
                Reason("P7", clause, f"{_names(tier.who)} take {most:,} together at the most")
            )
        asked, taken = _serve(parts, tier.basis, room, again, shares)
        tiers.append(TierShare(tier.who, tier.basis, room, asked, taken))
        because.append(
            Reason(
                "P7",
                clause,
                f"{_names(tier.who)} ask for {asked:,}, find room for {room:,} and get {taken:,}",
            )
        )
        left -= taken
    if len(shares) < len(claims):
        raise ValueError("a seller appears twice")
    return Allocation(shares, tuple(tiers), tuple(because))


def in_proportion(
    claims: Sequence[tuple[int, int, int]], room: int, *, shared_again: bool = True
) -> list[int]:
    """``room`` whole shares split by weight, nobody past what it asked.

    Each claim is (weight, asked, id).  The sum is ``room``, or all that was asked if less;
    where room that one cannot use is not shared again, it is what each could use.
    """
    part = _Part()
    part.weights, part.asked, part.ids = ([claim[k] for claim in claims] for k in range(3))
    part.add_up(Basis.HELD)
    return _split(part, room, shared_again, part.ids.__getitem__)


class _Part:
    """Those that share a room, side by side: what each weighs and asks, and the one by the
    other, infinite for one that weighs nothing.

    A visit here and there to each of a hundred thousand holders, or a small tuple made for
    it, would be most of the cost; so a part is read from end to end, and few times.
    """

    __slots__ = ("asked", "ids", "ratio", "ratios", "wanted", "weights", "whole")

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.weights: list[int] = []
        self.asked: list[int] = []

    def add_up(self, basis: Basis) -> None:
        """Raises ``ValueError`` when a number is below zero."""
        if min(min(self.weights, default=0), min(self.asked, default=0)) < 0:
            raise ValueError("a seller asks for or holds less than nothing")
        if basis is Basis.REQUESTED:
            self.weights = self.asked
        weights, asked = self.weights, self.asked
        self.whole, self.wanted = sum(weights), sum(asked)
        self.ratio: type[Fraction] | Callable[[int, int], float] = (
            truediv if self.wanted < _FLOATS else Fraction
        )
        self.ratios: list[Any] = (
            [ask / w if w else inf for ask, w in zip(asked, weights, strict=True)]
            if self.ratio is truediv
            else [Fraction(ask, w) if w else inf for ask, w in zip(asked, weights, strict=True)]
        )


_Parts = dict[int | None, _Part]  # by affiliate group; ``None`` has those that stand alone


def _by_tier(claims: Iterable[Claim], order: Order) -> list[_Parts]:
    """The claims of each tier, affiliate groups apart."""
    by_tier: list[_Parts] = [defaultdict(_Part) for _ in order.tiers]
    place = {
        who: parts for tier, parts in zip(order.tiers, by_tier, strict=True) for who in tier.who
    }
    try:
        for holder, held, asked, group, who in claims:
            part = place[who][group]
            part.ids.append(holder)
            part.weights.append(held)
            part.asked.append(asked)
    except KeyError as stranger:
        raise ValueError(
            f"the agreement gives {stranger.args[0]} no place in the order"
        ) from stranger
    return by_tier


def _serve(
    parts: _Parts, basis: Basis, room: int, again: bool, shares: dict[int, int]
) -> tuple[int, int]:
    """Split a tier's room among its members, affiliate groups first as one and then inside.

    What each gets goes into ``shares``; what they ask and what they get together is said.
    """
    every = parts.pop(None, None) or _Part()
    alone, groups = every.ids, list(parts.values())
    first = len(alone)
    for part in groups:
        part.add_up(basis)
        every.weights.append(part.whole)
        every.asked.append(part.wanted)
    every.add_up(basis)

    def id_of(n: int) -> int:
        """A group goes by its lowest id, so that ties do not hang on how groups are named."""
        return alone[n] if n < first else min(groups[n - first].ids)

    totals = _split(every, room, again, id_of)
    shares.update(zip(alone, totals, strict=False))
    for part, total in zip(groups, totals[first:], strict=True):
        shares.update(zip(part.ids, _split(part, total, True, part.ids.__getitem__), strict=True))
    return every.wanted, sum(totals)


def _split(part: _Part, room: int, again: bool, id_of: Callable[[int], int]) -> list[int]:
    """What each of a part gets of ``room``: its proportion by weight, rounded to whole shares
    by largest remainder, ties to the larger weight and then to the lower id."""
    weights, asked, whole = part.weights, part.asked, part.whole
    if room >= part.wanted:
        return asked
    if len(asked) == 1:
        return [room]  # one that is alone has a proportion of one, whatever it holds
    given = [0] * len(asked)
    cut: Sequence[int] = range(len(asked))
    if again:
        cut, room, whole = _fill(part, room, given)
    if not whole:
        return given
    remainders = []
    for n in cut:
        given[n], remainder = divmod(room * weights[n], whole)
        remainders.append(remainder)
    if odd := sum(remainders) // whole:
        _give_odd(part, cut, remainders, odd, given, id_of)
    return given if again else list(map(min, given, asked))


def _fill(part: _Part, room: int, given: list[int]) -> tuple[list[int], int, int]:
    """Give all it asks to each whose proportion reaches that, which leaves more for the rest,
    and look again until there is no such one.  Say who is cut, with the room and the weight
    that are left for them.

    Rounds are few: each leaves a quarter or less of the room unused so far times the weight
    still cut.
    """
    weights, asked, ratios, whole = part.weights, part.asked, part.ratios, part.whole
    while whole:
        level = part.ratio(room, whole)
        full = [n for n, at in enumerate(ratios) if at < level]
        if not full and level in ratios:
            # Rounded, two numbers may look the same: whole ones decide.
            full = [
                n
                for n, at in enumerate(ratios)
                if at == level and asked[n] * whole <= room * weights[n]
            ]
        if not full:
            break
        for n in full:
            given[n] = asked[n]
            room -= asked[n]
            whole -= weights[n]
            ratios[n] = inf
    return [n for n, at in enumerate(ratios) if at < inf], room, whole


def _give_odd(
    part: _Part,
    cut: Sequence[int],
    remainders: Sequence[int],
    odd: int,
    given: list[int],
    id_of: Callable[[int], int],
) -> None:
    """One share more to each of the ``odd`` with the largest remainders."""
    ranks: list[Any] = list(map(float if part.whole < _FLOATS else Fraction, remainders))
    last = sorted(ranks)[-odd]
    tied = []
    for n, rank, remainder in zip(cut, ranks, remainders, strict=True):
        if rank > last:
            given[n] += 1
            odd -= 1
        elif rank == last:  # rounded, two numbers may look the same: whole ones decide
            tied.append((-remainder, -part.weights[n], id_of(n), n))
    for *_, n in sorted(tied)[:odd]:
        given[n] += 1


def _kept(
    floor: Floor | None, claims: Iterable[Claim], maximum: int, where: Collection[str]
) -> int:
    """The shares a floor keeps for its class: its share rounded up, or all it asks if less."""
    if floor is None or floor.unless in where:
        return 0
    asked = sum(claim.asked for claim in claims if claim.who == floor.who)
    return min(asked, -(-maximum * floor.share.numerator // floor.share.denominator))


def _names(who: Sequence[str]) -> str:
    said = " and ".join(name.replace("_", " ") for name in who)
    return said[0].upper() + said[1:]


# --- how an order is written ----------------------------------------------------------------

_CLASS = Text(r"[a-z0-9_]+", "investors")


def _places(order: Order) -> str | None:
    who = [name for tier in order.tiers for name in tier.who]
    if twice := [name for n, name in enumerate(who) if name in who[:n]]:
        return f"{twice[0]} has two places in the order."
    if order.floor is not None and order.floor.who not in who:
        return f"the floor is for {order.floor.who}, who has no place in the order."
    return None


ORDER = Record(
    Order,
    {
        "tiers": ListOf(
            Record(
                Tier,
                {"who": ListOf(_CLASS)},
                {"basis": Choice(Basis), "ceiling": MapOf(Share())},
            )
        )
    },
    {
        "floor": Record(Floor, {"who": _CLASS, "share": Share()}, {"unless": _CLASS}),
        "shared_again": ListOf(Flag(), readings=True),
        "may_round_to": Whole(1),
    },
    check=_places,
)
CUTBACK = MapOf(ORDER)


def read_order(value: Any) -> Order:
    """An order as the agreement's term has it written.

    Raises ``ValueError`` when it cannot be read.
    """
    desk = Desk()
    order = ORDER.read(value, "order", desk)
    if desk.problems:
        raise ValueError(str(desk.problems[0]))
    read: Order = order
    return read
