"""What a Demand Registration is worked out from: its facts, as plain values.

Shares and Units are whole; days are the agreement's own.  A fact not on record is
``None``.  ``DemandFacts.upto`` leaves out what had not happened by a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from .days import Period
from .findings import (
    Awaited,
    Decision,
)
from .notice import Address, Arrival, Consent, Copy, arrival, earliest
from .terms import Terms


class Post(NamedTuple):
    """Every copy of one notice to one addressee, and the addressee's addresses and
    consents to electronic delivery."""

    copies: tuple[Copy, ...] = ()
    addresses: tuple[Address, ...] = ()
    consents: tuple[Consent, ...] = ()

    def arrival(self, terms: Terms) -> Arrival:
        """When the notice was given to this addressee, and received (N1–N5)."""
        copies, addresses, consents = self
        if not copies:
            return Arrival(
                None, None, (), (Awaited("a copy sent", terms.clause("notice_methods")),)
            )
        if len(copies) == 1:
            return arrival(copies[0], terms=terms, addresses=addresses, consents=consents)
        return earliest(
            [
                arrival(c, terms=terms, addresses=addresses, consents=consents)
                for c in sorted(copies, key=lambda c: c.id)
            ]
        )

    def upto(self, day: date) -> Post:
        """What of this was known to have happened by the end of ``day``."""
        return self._replace(
            copies=tuple(
                c._replace(received_on=_by(c.received_on, day))
                for c in self.copies
                if (c.sent_on or c.received_on or day) <= day
            )
        )


class Request(NamedTuple):
    """An Investor's written answer to the Company Notice (D4, D5).

    ``shares`` are Registrable Shares and ``held`` those the Investor held on the day the
    request was received.  A part not stated is ``None``.
    """

    id: int
    post: Post
    declines: bool = False
    units: int | None = None
    shares: int | None = None
    distribution: str | None = None
    other_information: str | None = None
    held: int | None = None


class Initiator(NamedTuple):
    """One of the Initiating Investors: Units held on the day the Demand Notice was given,
    and the Registrable Shares it specifies there."""

    investor: int
    name: str
    units: int
    shares: int | None = None
    held: int | None = None


class Invited(NamedTuple):
    """An Investor to whom the Company Notice is owed, and what it answered."""

    investor: int
    name: str
    post: Post = Post()
    requests: tuple[Request, ...] = ()


class Filing(NamedTuple):
    """The Registration Statement as filed; ``covers`` gives Registrable Shares by
    Investor, ``None`` where nobody has recorded what it covers."""

    on: date
    covers: Mapping[int, int] | None = None


class OtherStatement(NamedTuple):
    """Another registration statement of the Company that became effective."""

    id: int
    name: str
    effective_on: date


class House(NamedTuple):
    """The workspace's own standards, where the agreement gives no number."""

    promptly: Period
    receipt_expected: Period


class DemandFacts(NamedTuple):
    """All that a demand's docket is worked out from.  Units and shares are whole."""

    post: Post
    initiators: tuple[Initiator, ...]
    units_issued: int
    units_held: int
    invited: tuple[Invited, ...] = ()
    filing: Filing | None = None
    effective_on: date | None = None
    all_sold_on: date | None = None
    others: tuple[OtherStatement, ...] = ()
    decisions: Mapping[str, Decision] = {}

    def upto(self, day: date) -> DemandFacts:
        """The same matter as it stood at the end of ``day``."""
        return self._replace(
            post=self.post.upto(day),
            invited=tuple(
                i._replace(
                    post=i.post.upto(day),
                    requests=tuple(
                        r._replace(post=p) for r in i.requests if (p := r.post.upto(day)).copies
                    ),
                )
                for i in self.invited
            ),
            filing=self.filing if self.filing and self.filing.on <= day else None,
            effective_on=_by(self.effective_on, day),
            all_sold_on=_by(self.all_sold_on, day),
            others=tuple(o for o in self.others if o.effective_on <= day),
            decisions={k: d for k, d in self.decisions.items() if d.decided_on <= day},
        )


def _by(happened_on: date | None, day: date) -> date | None:
    return happened_on if happened_on is not None and happened_on <= day else None
