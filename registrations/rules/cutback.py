"""Who may sell how much when the underwriters take less than was asked (P7, H5, section 3(c)).

Whole shares and whole numbers throughout, so the sums are right at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Claim(NamedTuple):
    """What one holder asks to sell in an offering, and the registrable securities it holds.

    ``holder`` is its lasting id, which settles ties; ``group`` is the affiliate group it is
    counted in (H5), ``None`` when it stands alone.
    """

    holder: int
    held: int
    asked: int
    group: int | None = None


class Allocation(NamedTuple):
    """How an offering is shared out: the Company's own shares, and each holder's."""

    company: int
    holders: Mapping[int, int]

    @property
    def total(self) -> int:
        """All shares in the offering."""
        return self.company + sum(self.holders.values())


def cut_back(claims: Iterable[Claim], *, company: int, maximum: int) -> Allocation:
    """Whole shares for the Company and for each holder, section 3(c) (P7).

    ``company`` is what the Company sells for itself and ``maximum`` what the underwriters
    will take.  The Company's shares come first.  What is left goes to the holders in
    proportion to what they *hold*, never more than they asked; what a holder cannot use is
    shared again among the rest.  An affiliate group counts as one holder, by what it holds
    together, and what it gets is shared inside it by the same rule.

    The section does not say how to round or that unused room is shared again: odd shares
    go by largest remainder, ties to the larger holding and then to the lower id.

    Raises ``ValueError`` when a number is below zero, a holder asks for more than it holds
    (D5), or one holder appears twice.
    """
    claims = list(claims)
    _check(claims, company, maximum)
    counted: dict[tuple[str, int], list[Claim]] = {}
    for claim in claims:
        one = ("alone", claim.holder) if claim.group is None else ("group", claim.group)
        counted.setdefault(one, []).append(claim)
    for_company = min(company, maximum)
    # A group goes by its lowest holder id, so that ties do not hang on how groups are named.
    parts = list(counted.values())
    shares = in_proportion(
        [
            (sum(c.held for c in part), sum(c.asked for c in part), min(c.holder for c in part))
            for part in parts
        ],
        maximum - for_company,
    )
    holders: dict[int, int] = {}
    for part, share in zip(parts, shares, strict=True):
        inside = in_proportion([(c.held, c.asked, c.holder) for c in part], share)
        holders.update(zip((c.holder for c in part), inside, strict=True))
    return Allocation(for_company, holders)


def in_proportion(claims: Sequence[tuple[int, int, int]], room: int) -> list[int]:
    """``room`` whole shares split by weight, nobody past what it asked.

    Each claim is (weight, asked, id).  Those whose proportion reaches what they asked get
    that and no more, and the rest is split again among the others; the last, odd shares go
    one each by largest remainder.  The sum is ``room``, or all that was asked if less.
    """
    given = [0] * len(claims)
    room = min(room, sum(asked for _, asked, _ in claims))
    unmet = [n for n, (weight, asked, _) in enumerate(claims) if weight and asked]
    while True:
        weights = sum(claims[n][0] for n in unmet)
        filled = [n for n in unmet if room * claims[n][0] >= claims[n][1] * weights]
        if not filled:
            break
        left = room
        for n in filled:
            given[n] = claims[n][1]
            left -= given[n]
        room = left
        reached = set(filled)
        unmet = [n for n in unmet if n not in reached]
    remainders = []
    for n in unmet:
        weight, _, id_ = claims[n]
        given[n], remainder = divmod(room * weight, weights)
        remainders.append((-remainder, -weight, id_, n))
    odd = room - sum(given[n] for n in unmet)
    for *_, n in sorted(remainders)[:odd]:
        given[n] += 1
    return given


def _check(claims: Sequence[Claim], company: int, maximum: int) -> None:
    if company < 0 or maximum < 0:
        raise ValueError("the Company's shares and the underwriters' maximum are zero or more")
    if len({c.holder for c in claims}) != len(claims):
        raise ValueError("a holder appears twice")
    for claim in claims:
        if not 0 <= claim.asked <= claim.held:
            raise ValueError(
                f"holder {claim.holder} asks for {claim.asked:,} and holds {claim.held:,}"
            )
