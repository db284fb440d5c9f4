"""How a cutback comes out, told step by step, and what one share more would change (P7, H5).

``cutback.allocate`` shares an offering out; here its path is retold in words, from the
same claims and with the same whole numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from .cutback import Allocation, Basis, Claim, Order, allocate

NAMED = 3  # sellers named in one step; the others are counted


class Step(NamedTuple):
    """One step: what is settled by it, and how."""

    lead: str
    text: str


class _Part(NamedTuple):
    """A seller, or an affiliate group that counts as one."""

    name: str
    weight: int
    asked: int


def steps(
    claims: Sequence[Claim],
    order: Order,
    allocation: Allocation,
    *,
    names: Mapping[int, str],
    groups: Mapping[int, str],
    shared_again: bool,
) -> list[Step]:
    """How ``allocation`` came out, tier by tier.

    ``names`` are the sellers' by holder, ``groups`` the affiliate groups' by number.
    """
    told: list[Step] = []
    for tier, share in zip(order.tiers, allocation.tiers, strict=True):
        members = [claim for claim in claims if claim.who in tier.who]
        if not members:
            continue
        parts = _parts(members, tier.basis, names, groups)
        told += _rounds(parts, share.room, tier.basis, shared_again)
        together = {c.group for c in members if c.group is not None}
        for group in sorted(together, key=lambda g: groups[g]):
            inside = [c for c in members if c.group == group]
            if len(inside) > 1 and share.asked > share.taken:
                got = sum(allocation.shares[c.holder] for c in inside)
                told.append(
                    Step(
                        f"{got:,} shares within {groups[group]}.",
                        f"Its {len(inside):,} holders count as a single one, so they are cut "
                        f"together; then they share in the same way, by what each "
                        f"{_DOES[tier.basis]}.",
                    )
                )
    return told


_DOES = {Basis.HELD: "holds", Basis.REQUESTED: "asked for"}
_DO = {Basis.HELD: "held", Basis.REQUESTED: "asked for"}


def _parts(
    members: Iterable[Claim], basis: Basis, names: Mapping[int, str], groups: Mapping[int, str]
) -> list[_Part]:
    found: dict[tuple[bool, int], _Part] = {}
    for claim in members:
        alone = claim.group is None
        key = (alone, claim.holder if claim.group is None else claim.group)
        name = names[claim.holder] if claim.group is None else groups[claim.group]
        before = found.get(key, _Part(name, 0, 0))
        weight = claim.asked if basis is Basis.REQUESTED else claim.held
        found[key] = _Part(name, before.weight + weight, before.asked + claim.asked)
    return list(found.values())


def _rounds(parts: list[_Part], room: int, basis: Basis, shared_again: bool) -> list[Step]:
    """The rounds of one tier: who is filled in each, and what is left for the others."""
    asked = sum(part.asked for part in parts)
    if len(parts) == 1:
        (one,) = parts
        got = min(room, one.asked)
        return [
            Step(
                f"{got:,} shares for {one.name}.",
                f"It asks for {one.asked:,} and finds room for {room:,}.",
            )
        ]
    if room >= asked:
        return [
            Step(
                f"{asked:,} shares for {len(parts):,} holders.",
                f"There is room for {room:,}: every one gets what it asks for.",
            )
        ]
    if not room:
        return [Step(f"No share for {len(parts):,} holders.", "No room is left for them.")]
    told: list[Step] = []
    left, open_ = room, [part for part in parts if part.weight]
    while open_ and shared_again:
        whole = sum(part.weight for part in open_)
        full = [part for part in open_ if part.asked * whole <= left * part.weight]
        if not full:
            break
        told.append(
            Step(
                f"{left:,} shares for {_others(len(open_), told)}.",
                f"In proportion to the {whole:,} {_DO[basis]}, "
                + _several([_filled(part, left * part.weight // whole) for part in full]),
            )
        )
        left -= sum(part.asked for part in full)
        open_ = [part for part in open_ if part not in full]
    if not open_:
        return told
    whole = sum(part.weight for part in open_)
    capped = [] if shared_again else [p for p in open_ if left * p.weight // whole > p.asked]
    again = "Shared again in" if told else "In"
    told.append(
        Step(
            f"{left:,} shares for {_others(len(open_), told)}.",
            f"{again} proportion to the {whole:,} {_DO[basis]}. "
            + (
                _several([_filled(part, left * part.weight // whole) for part in capped])
                + " What it cannot use is not shared again."
                if capped
                else "None of them reaches the amount it asked for."
            ),
        )
    )
    if odd := sum(left * part.weight % whole for part in open_) // whole:
        placed = "1 share was" if odd == 1 else f"{odd:,} shares were"
        told.append(
            Step(
                "Whole shares.",
                "Fractions go to the largest remainders, one share each, ties to the larger "
                f"holding and then to the holder first on the register. {placed} placed this way.",
            )
        )
    return told


def _others(count: int, told: Sequence[Step]) -> str:
    if told:
        return "the last one" if count == 1 else f"the other {count:,}"
    return "1 holder" if count == 1 else f"{count:,} holders"


def _filled(part: _Part, share: int) -> str:
    return f"{part.name}’s part would be {share:,}; it asked for {part.asked:,} and gets that"


def _several(said: Sequence[str]) -> str:
    more = len(said) - NAMED
    shown = "; ".join(said[:NAMED])
    return f"{shown}; and {more:,} more get what they asked for." if more > 0 else f"{shown}."


def costs_of_one_more(
    claims: Sequence[Claim],
    order: Order,
    allocation: Allocation,
    *,
    maximum: int,
    where: Collection[str] = (),
    shared_again: bool | None = None,
) -> dict[int, int]:
    """Who would get fewer shares if the underwriters took one share more, and how many fewer.

    Largest remainders can do that: the larger room moves every remainder.
    """
    more = allocate(claims, order, maximum=maximum + 1, where=where, shared_again=shared_again)
    return {
        holder: got - more.shares[holder]
        for holder, got in allocation.shares.items()
        if more.shares[holder] < got
    }
