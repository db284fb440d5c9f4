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


class Amendment(NamedTuple):
    """An amendment filed, and the Registrable Shares the statement covers by it."""

    on: date
    covers: Mapping[int, int]


class Filing(NamedTuple):
    """The Registration Statement as filed; ``covers`` gives Registrable Shares by
    Investor, ``None`` where nobody has recorded what it covers.  ``amendments`` are those
    that say what it covers, in order."""

    on: date
    covers: Mapping[int, int] | None = None
    amendments: tuple[Amendment, ...] = ()

    @property
    def covers_now(self) -> Mapping[int, int] | None:
        """Registrable Shares by Investor after the last amendment that says (D10)."""
        return self.amendments[-1].covers if self.amendments else self.covers


class Withdrawal(NamedTuple):
    """The statement withdrawn, and at whose wish: ``investors``, ``learned`` (theirs, solely
    for material information about the Company learned later) or ``company`` (D13)."""

    on: date
    by: str


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
    distribution: str = ""  # resale | firm, empty while nobody has recorded it
    distributed_on: date | None = None
    withdrawn: Withdrawal | None = None
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
            filing=self.filing._replace(
                amendments=tuple(a for a in self.filing.amendments if a.on <= day)
            )
            if self.filing and self.filing.on <= day
            else None,
            effective_on=_by(self.effective_on, day),
            all_sold_on=_by(self.all_sold_on, day),
            distributed_on=_by(self.distributed_on, day),
            withdrawn=self.withdrawn if self.withdrawn and self.withdrawn.on <= day else None,
            others=tuple(o for o in self.others if o.effective_on <= day),
            decisions={k: d for k, d in self.decisions.items() if d.decided_on <= day},
        )


def _by(happened_on: date | None, day: date) -> date | None:
    return happened_on if happened_on is not None and happened_on <= day else None
