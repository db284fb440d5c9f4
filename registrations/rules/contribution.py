"""Contribution to a loss where indemnity is not to be had, section 5(d) (S7).

First in proportion to the net proceeds each party received; where the law does not permit
that alone, by its relative fault as well.  Whole US cents, fault in whole basis points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .cutback import in_proportion
from .findings import Reason
from .money import dollars
from .shapes import Choice, Flag, ListOf, Record

WHOLE = 10_000  # basis points


class By(StrEnum):
    """What the parties contribute in proportion to."""

    NET_PROCEEDS = "net_proceeds"
    FAULT_TOO = "net_proceeds_and_fault"


@dataclass(frozen=True)
class Contribution:
    """How a loss is contributed to: the ways in the order the agreement gives them.

    ``capped`` are the readings of whether a Selling Investor's limit holds here too, and
    ``shared_again`` of whether what a limit keeps from one falls on the others; the
    governing first.
    """

    by: tuple[By, ...]
    capped: tuple[bool, ...] = (True,)
    shared_again: tuple[bool, ...] = (False, True)


class Contributor(NamedTuple):
    """One party to a loss: its net proceeds of the offering and the most it bears, cents,
    ``None`` where nothing limits it; its part of the fault, basis points."""

    party: int
    net: int
    fault: int = 0
    cap: int | None = None


class Contributed(NamedTuple):
    """What each party bears of a loss, whole cents, and what nobody does: a limit keeps it
    from them, and it stays where it fell."""

    shares: Mapping[int, int]
    left: int
    because: tuple[Reason, ...]


def contribute(
    loss: int,
    parties: Sequence[Contributor],
    *,
    by: By,
    fault_weight: int = WHOLE // 2,
    shared_again: bool = False,
    clause: str = "",
) -> Contributed:
    """How a loss of so many cents falls on its parties.

    By net proceeds, or by them and by fault together, fault counting ``fault_weight`` basis
    points of the whole: the agreement gives it no number.  Odd cents go by the largest
    remainder.  Nobody bears more than its cap; what a cap keeps from one is shared again
    among the others, or left.

    Raises ``ValueError`` for an amount below nothing, a party named twice, or fault that
    does not add up to the whole where it counts.
    """
    faults = sum(p.fault for p in parties)
    if min((loss, *(x for p in parties for x in (p.net, p.fault, p.cap or 0))), default=0) < 0:
        raise ValueError("an amount is below nothing")
    if len({p.party for p in parties}) < len(parties):
        raise ValueError("a party is named twice")
    if not 0 <= fault_weight <= WHOLE:
        raise ValueError("fault counts for more than the whole, or for less than nothing")
    if by is By.FAULT_TOO and faults != WHOLE:
        raise ValueError("the parts of the fault do not add up to the whole")
    together = sum(p.net for p in parties)
    if by is By.NET_PROCEEDS:
        weights = [p.net for p in parties]
        says = f"In proportion to net proceeds, {dollars(together)} together"
    else:
        # (1 − w) · net / together + w · fault / whole, over one denominator.
        of_net = WHOLE - fault_weight if together else 0
        weights = [
            of_net * p.net * WHOLE + fault_weight * p.fault * max(together, 1) for p in parties
        ]
        says = (
            f"In proportion to net proceeds, {dollars(together)} together, and to fault, which "
            f"counts for {percent(fault_weight)} of it; the agreement gives no weights"
        )
    shares = _fallen(loss, parties, weights, shared_again)
    left = loss - sum(shares.values())
    because = [Reason("S7", clause, says)]
    if any(p.cap is not None and p.cap <= shares[p.party] for p in parties if shares[p.party]):
        then = "is shared again among the others" if shared_again else "stays where it fell"
        because.append(
            Reason("S7", clause, f"What a Selling Investor’s limit keeps from it {then}")
        )
    return Contributed(shares, left, tuple(because))


def _fallen(
    loss: int, parties: Sequence[Contributor], weights: Sequence[int], shared_again: bool
) -> dict[int, int]:
    """Each party's part by weight, no more than its cap; one of no weight bears nothing,
    whatever the others' caps leave."""
    shares = {p.party: 0 for p in parties}
    bear = [(w, p) for w, p in zip(weights, parties, strict=True) if w]
    caps = [loss if p.cap is None else min(loss, p.cap) for _, p in bear]
    asked = caps if shared_again else [loss] * len(bear)
    parts = in_proportion([(w, a, p.party) for (w, p), a in zip(bear, asked, strict=True)], loss)
    for (_, party), part, cap in zip(bear, parts, caps, strict=True):
        shares[party.party] = min(part, cap)
    return shares


def percent(points: int) -> str:
    """Basis points as 12.5%"""
    whole, part = divmod(points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"


CONTRIBUTION = Record(
    Contribution,
    {"by": ListOf(Choice(By))},
    {
        "capped": ListOf(Flag(), readings=True),
        "shared_again": ListOf(Flag(), readings=True),
    },
)
