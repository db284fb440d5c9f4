"""Other Holders in a demand: who is offered a place, who takes it, and who has not accepted
the section's terms, section 1(b) (D12).

The agreement sets no day for any of it, so nothing here is ever missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .findings import Fact, Reason
from .terms import Terms


class Place(StrEnum):
    """Where an Other Holder stands in a demand."""

    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    DECLINED = "declined"
    NOT_ACCEPTED = "not_accepted"  # it wants in, and has not accepted the terms required
    INCLUDED = "included"


class Other(NamedTuple):
    """An Other Holder, its right, and what became of it in one demand; days are ``None``
    until they come."""

    name: str
    paper: str
    entitled: int | None  # shares its right is for, None while not known
    offered_on: date | None = None
    terms_required: bool = True
    answered_on: date | None = None
    joins: bool | None = None
    shares: int | None = None
    terms_accepted_on: date | None = None
    id: str = ""

    @property
    def beyond(self) -> int:
        """The shares it asks for past those its right is for."""
        if not self.joins or self.shares is None or self.entitled is None:
            return 0
        return max(0, self.shares - self.entitled)


class Stands(NamedTuple):
    """Where an Other Holder stands on a day, and why."""

    other: Other
    place: Place
    because: Reason


def placed(others: Sequence[Other], day: date, terms: Terms) -> list[Stands]:
    """Where each Other Holder stands at the end of ``day``."""
    return [_stands(other, day, terms.clause("other_holders")) for other in others]


def _stands(other: Other, day: date, clause: str) -> Stands:
    def told(place: Place, says: str, fact: str, on: date | None) -> Stands:
        return Stands(other, place, Reason("D12", clause, says, Fact(fact, on)))

    if not _by(other.offered_on, day):
        return told(Place.NOT_OFFERED, "Not offered a place yet", "offered", None)
    if not _by(other.answered_on, day) or other.joins is None:
        return told(Place.OFFERED, "Offered a place, and has not answered", "offered",
                    other.offered_on)  # fmt: skip
    if not other.joins:
        return told(Place.DECLINED, "Declined", "answered", other.answered_on)
    if other.terms_required and not _by(other.terms_accepted_on, day):
        says = "Wants a place and has not accepted the section’s terms, which the Company requires"
        return told(Place.NOT_ACCEPTED, says, "answered", other.answered_on)
    since = other.terms_accepted_on if other.terms_required else other.answered_on
    return told(Place.INCLUDED, "Has a place", "so from", since)


def _by(on: date | None, day: date) -> bool:
    return on is not None and on <= day
