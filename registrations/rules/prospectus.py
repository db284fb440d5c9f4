"""What is on record of a statement's prospectuses and of its suspensions, as plain values
(S2, S4).  Days are the agreement's own; what is not on record is ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import NamedTuple

from .days import by
from .notice import Post


class Seller(NamedTuple):
    """A Selling Investor: ``covered`` are its Registrable Shares in the statement, ``None``
    where nobody has recorded what the statement covers."""

    investor: int
    name: str
    covered: int | None = None


class Letter(NamedTuple):
    """A notice of the Company on an amended prospectus: the copy to each Investor, whether
    it asks them to stop offers, and the time of day it did, where known."""

    id: int
    to: Mapping[int, Post]
    asks_to_stop: bool = False
    time: time | None = None


class Returned(NamedTuple):
    """Copies of the prospectus an Investor sent back; ``copies`` where counted."""

    investor: int
    on: date
    copies: int | None = None


class Suspension(NamedTuple):
    """A prospectus amended after it was delivered, and all that was done about it."""

    id: int
    reference: str
    amended_on: date
    time: time | None = None
    what: str = ""
    letters: tuple[Letter, ...] = ()
    acknowledged: Mapping[int, date] = {}
    returned: tuple[Returned, ...] = ()
    released_on: date | None = None

    def upto(self, day: date) -> Suspension:
        """What of this had happened by the end of ``day``."""
        return self._replace(
            letters=tuple(
                letter._replace(to=to) for letter in self.letters if (to := _upto(letter.to, day))
            ),
            acknowledged={who: on for who, on in self.acknowledged.items() if on <= day},
            returned=tuple(r for r in self.returned if r.on <= day),
            released_on=by(self.released_on, day),
        )


class Furnished(NamedTuple):
    """Prospectuses furnished to an Investor: ``kind`` is preliminary, final or revised, and
    a revised one ``revises`` what a suspension found amended, by its id."""

    investor: int
    kind: str
    copies: int | None = None
    sent_on: date | None = None
    received_on: date | None = None
    revises: int | None = None

    @property
    def on(self) -> date | None:
        """The first day on record of it."""
        return self.sent_on or self.received_on


class Selling(NamedTuple):
    """All that who may sell under one statement is worked out from.

    ``keeps`` is whether the agreement says how long the statement is kept effective: it
    does of one that was demanded.
    """

    ref: str = ""
    sellers: tuple[Seller, ...] = ()
    effective_on: date | None = None
    withdrawn_on: date | None = None
    all_sold_on: date | None = None
    distributed_on: date | None = None
    keeps: bool = True
    suspensions: tuple[Suspension, ...] = ()
    furnished: tuple[Furnished, ...] = ()

    def upto(self, day: date) -> Selling:
        """The same as it stood at the end of ``day``."""
        known = [(s, s.upto(day)) for s in self.suspensions]
        return self._replace(
            effective_on=by(self.effective_on, day),
            withdrawn_on=by(self.withdrawn_on, day),
            all_sold_on=by(self.all_sold_on, day),
            distributed_on=by(self.distributed_on, day),
            # Sellers may be asked to stop before the amendment itself is filed.
            suspensions=tuple(s for was, s in known if was.amended_on <= day or s.letters),
            furnished=tuple(
                f._replace(received_on=by(f.received_on, day))
                for f in self.furnished
                if f.on is not None and f.on <= day
            ),
        )


def _upto(to: Mapping[int, Post], day: date) -> dict[int, Post]:
    known = {who: post.upto(day) for who, post in to.items()}
    return {who: post for who, post in known.items() if post.copies}
