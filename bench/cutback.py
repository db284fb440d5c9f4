"""An offering cut back, against the least a sort of as many holders costs in NumPy.

Ours is exact at any size.  ``np.lexsort`` of the same keys allots nothing and is only a
floor; ``largest-remainder`` shares by weight in floats, without groups or a cap on what
anyone asked.  They are told apart by time alone: neither has the same answer to give.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from largest_remainder import LargestRemainder

from registrations.rules.cutback import Claim, Order, Tier, allocate

from .measure import Result, Side, compare, growing

ORDER = Order((Tier(("investors",)),))
SIZES = (10_000, 100_000, 1_000_000)
GROUPS = 1_000
EXACT = 100_000


def crowd(holders: int, *, seed: int) -> list[Claim]:
    """Half of the holders in one of 1,000 affiliate groups, half alone; some ask for all."""
    rng = random.Random(seed)
    claims = []
    for n in range(holders):
        held = rng.randint(1, 4_000_000_000)
        asked = held if rng.random() < 0.3 else rng.randint(0, held)
        claims.append(Claim(n, held, asked, rng.randrange(GROUPS) if n % 2 else None))
    return claims


def results() -> Iterator[Result]:
    yield from growing([_over_lexsort(holders) for holders in SIZES])
    claims = crowd(EXACT, seed=1)
    maximum = _maximum(claims)
    weights = [float(claim.held) for claim in claims]
    yield compare(
        "cutback-pypi",
        Side("allocate", lambda: allocate(claims, ORDER, maximum=maximum)),
        Side("largest-remainder", lambda: LargestRemainder.round(weights, total=maximum)),
        n=EXACT,
        groups=GROUPS,
    )


def _over_lexsort(holders: int) -> Result:
    claims = crowd(holders, seed=1)
    maximum = _maximum(claims)
    checked(claims, maximum)
    held = np.array([claim.held for claim in claims])
    ids = np.array([claim.holder for claim in claims])
    ratio = np.array([claim.asked for claim in claims]) / held
    return compare(
        "cutback-floor",
        Side("allocate", lambda: allocate(claims, ORDER, maximum=maximum)),
        Side("np.lexsort", lambda: np.lexsort((ids, -held, ratio))),
        n=holders,
        pairs=24 if holders <= EXACT else 5,
        groups=GROUPS,
    )


def checked(claims: list[Claim], maximum: int) -> None:
    """Make sure that what is timed is right: whole, within what was asked, and fair.

    Raises ``AssertionError`` when a share is lost or made, or when a part that was cut is a
    whole share or more from the proportion it should have.
    """
    shares = allocate(claims, ORDER, maximum=maximum).shares
    assert sum(shares.values()) == maximum
    assert all(0 <= shares[claim.holder] <= claim.asked for claim in claims)
    parts: dict[Any, list[int]] = {}
    for claim in claims:
        key = ("alone", claim.holder) if claim.group is None else ("group", claim.group)
        part = parts.setdefault(key, [0, 0, 0])
        for n, amount in enumerate((claim.held, claim.asked, shares[claim.holder])):
            part[n] += amount
    cut = [(held, got) for held, asked, got in parts.values() if got < asked]
    by_weight = Fraction(sum(got for _, got in cut), sum(held for held, _ in cut))
    assert all(abs(got - held * by_weight) <= 1 for held, got in cut)


def _maximum(claims: list[Claim]) -> int:
    """Room for six shares in ten of those asked for."""
    return sum(claim.asked for claim in claims) * 6 // 10
