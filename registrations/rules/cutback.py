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
from operator import ge, truediv
from typing import NamedTuple

from .findings import Reason
from .shapes import Choice, Flag, ListOf, MapOf, Record, Share, Text, Whole

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
    by_class = _by_class(claims, order, maximum)
    again = order.shared_again[0] if shared_again is None else shared_again
    kept = _kept(order.floor, by_class, maximum, where)
    shares: dict[int, int] = {}
    tiers: list[TierShare] = []
    because: list[Reason] = []
    left = maximum
    for tier in order.tiers:
        members = [claim for who in tier.who for claim in by_class.get(who, ())]
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
        given = _serve(members, tier.basis, room, again)
        taken = sum(given.values())
        asked = sum(claim.asked for claim in members)
        shares |= given
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
    weights, asked, ids = ([claim[k] for claim in claims] for k in range(3))
    return _split(weights, asked, ids, room, shared_again)


def _serve(members: Sequence[Claim], basis: Basis, room: int, again: bool) -> dict[int, int]:
    """A tier's room split among its members, affiliate groups first as one and then inside."""
    by_asked = basis is Basis.REQUESTED
    alone = _Part()
    groups: dict[int, _Part] = defaultdict(_Part)
    for holder, held, asked, group, _ in members:
        part = alone if group is None else groups[group]
        part.ids.append(holder)
        part.weights.append(asked if by_asked else held)
        part.asked.append(asked)
    parts = groups.values()
    # A group goes by its lowest id, so that ties do not hang on how groups are named.
    ids = [*alone.ids, *(min(part.ids) for part in parts)]
    weights = [*alone.weights, *(sum(part.weights) for part in parts)]
    wants = [*alone.asked, *(sum(part.asked) for part in parts)]
    # One that is alone in its tier has a proportion of one, whatever it holds.
    alone_here = len(ids) == 1
    totals = [min(room, *wants)] if alone_here else _split(weights, wants, ids, room, again)
    shares = dict(zip(alone.ids, totals, strict=False))
    for part, total in zip(parts, totals[len(alone.ids) :], strict=True):
        if len(part.ids) == 1:
            shares[part.ids[0]] = total
            continue
        inside = _split(part.weights, part.asked, part.ids, total, True)
        shares.update(zip(part.ids, inside, strict=True))
    return shares


class _Part:
    """Those that are counted together, side by side."""

    __slots__ = ("asked", "ids", "weights")

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.weights: list[int] = []
        self.asked: list[int] = []


def _split(
    weights: Sequence[int], asked: Sequence[int], ids: Sequence[int], room: int, again: bool
) -> list[int]:
    """What each of some claims gets of ``room``: its part by weight, rounded to whole shares
    by largest remainder, ties to the larger weight and then to the lower id.

    Lists of numbers only: a tuple for each of a hundred thousand holders would be most of
    the cost, to make and to collect.
    """
    if room >= sum(asked):
        return list(asked)
    given = [0] * len(asked)
    whole = sum(weights)
    if not whole or room <= 0:
        return given
    open_ = [n for n, weight in enumerate(weights) if weight]
    ratio: type[Fraction] | Callable[[int, int], float] = (
        truediv if max(asked) < _FLOATS else Fraction
    )
    while True:
        if again:
            # Those whose part reaches what they ask are filled, and leave the others more:
            # first the ones that ask least by their weight.
            ratios = [ratio(a, w) if w else 0 for a, w in zip(asked, weights, strict=True)]
            open_.sort(key=ratios.__getitem__)
            filled = 0
            for n in open_:
                if room * weights[n] < asked[n] * whole:
                    break
                given[n] = asked[n]
                room -= asked[n]
                whole -= weights[n]
                filled += 1
            del open_[:filled]
        shares = [room * weights[n] // whole for n in open_]
        if not again or not any(map(ge, shares, [asked[n] for n in open_])):
            break
        ratio = Fraction  # two ratios too near for a float came in the wrong order
    for n, share in zip(open_, shares, strict=True):
        given[n] = share
    if open_ and (odd := room - sum(shares)):
        _give_odd(weights, ids, open_, room, whole, odd, given)
    return given if again else list(map(min, given, asked))


def _give_odd(
    weights: Sequence[int],
    ids: Sequence[int],
    open_: Sequence[int],
    room: int,
    whole: int,
    odd: int,
    given: list[int],
) -> None:
    """One share more to each of the ``odd`` with the largest remainders."""
    remainders = [room * weights[n] % whole for n in open_]
    last = sorted(remainders)[-odd]
    above = [n for n, remainder in zip(open_, remainders, strict=True) if remainder > last]
    tied = [n for n, remainder in zip(open_, remainders, strict=True) if remainder == last]
    if len(above) + len(tied) > odd:
        tied.sort(key=lambda n: (-weights[n], ids[n]))
        del tied[odd - len(above) :]
    for n in above:
        given[n] += 1
    for n in tied:
        given[n] += 1


def _kept(
    floor: Floor | None,
    by_class: Mapping[str, Sequence[Claim]],
    maximum: int,
    where: Collection[str],
) -> int:
    """The shares a floor keeps for its class: its share rounded up, or all it asks if less."""
    if floor is None or floor.unless in where:
        return 0
    asked = sum(claim.asked for claim in by_class.get(floor.who, ()))
    return min(asked, -(-maximum * floor.share.numerator // floor.share.denominator))


def _by_class(claims: Sequence[Claim], order: Order, maximum: int) -> dict[str, Sequence[Claim]]:
    if maximum < 0:
        raise ValueError("the underwriters' maximum is zero or more")
    if claims and min(map(_lower, claims)) < 0:
        raise ValueError("a seller asks for or holds less than nothing")
    classes = {claim[4] for claim in claims}
    known = {who for tier in order.tiers for who in tier.who}
    if strangers := sorted(classes - known):
        raise ValueError(f"the agreement gives {strangers[0]} no place in the order")
    if len(classes) == 1:
        return dict.fromkeys(classes, claims)
    return {who: [claim for claim in claims if claim[4] == who] for who in classes}


def _lower(claim: Claim) -> int:
    return min(claim[1], claim[2])


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
