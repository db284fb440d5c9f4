"""What a registration is worked out from: its facts, as plain values.

Shares and Units are whole; days are the agreement's own.  A fact not on record is
``None``.  ``upto`` leaves out what had not happened by a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .days import Period, by
from .findings import Decision
from .notice import Post
from .prospectus import Selling


class Request(NamedTuple):
    """An Investor's written answer to the Company or Registration Notice (D4, D5, P3).

    ``shares`` are Registrable Shares and ``held`` those the Investor held on the day the
    request was received, of which ``committed`` were left out because they sit in another
    registration (P8).  A part not stated is ``None``.
    """

    id: int
    post: Post
    declines: bool = False
    units: int | None = None
    shares: int | None = None
    distribution: str | None = None
    other_information: str | None = None
    held: int | None = None
    committed: int = 0

    def available(self, decisions: Mapping[str, Decision]) -> int | None:
        """The Registrable Shares it may ask for: those held and not in another registration,
        unless counsel allowed this request those too (P8)."""
        decided = decisions.get(f"both:{self.id}")
        if self.held is None or (decided is not None and decided.choice == "allowed"):
            return self.held
        return max(0, self.held - self.committed)


class Waiver(NamedTuple):
    """A waiver a party signed, for its own benefit and for this matter alone, section 8(c).

    ``right`` is one of ``waivers.RIGHTS``, signed by the Investor, or of
    ``waivers.OF_THE_COMPANY``: then the Investor is the one it favours, if any.
    """

    id: int
    investor: int | None
    name: str
    right: str
    signed_on: date


class Initiator(NamedTuple):
    """One of the Initiating Investors: Units held on the day the Demand Notice was given,
    and the Registrable Shares it specifies there."""

    investor: int
    name: str
    units: int
    shares: int | None = None
    held: int | None = None


class Invited(NamedTuple):
    """An Investor to whom the Company or Registration Notice is owed, and what it answered."""

    investor: int
    name: str
    post: Post = Post()
    requests: tuple[Request, ...] = ()

    def upto(self, day: date) -> Invited:
        """What of this had happened by the end of ``day``."""
        return self._replace(
            post=self.post.upto(day),
            requests=tuple(
                r._replace(post=p) for r in self.requests if (p := r.post.upto(day)).copies
            ),
        )


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

    def upto(self, day: date) -> Filing:
        """The filing with the amendments made by the end of ``day``."""
        return self._replace(amendments=tuple(a for a in self.amendments if a.on <= day))


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


class Delay(NamedTuple):
    """A delay of a demand the Company directed, with the facts it rests on (D15).

    ``facts`` is what is so, by the words of the agreement's term; ``planned_on`` the day
    its offering was planned to begin; ``counted_from_on`` the day the longest delay is
    counted from, such as the offering's effective date.  ``until_on`` is the last day the
    Company asked for, ``None`` for as long as it may.  ``other_ground`` is a ground the
    term does not define, in the Company's words.
    """

    id: int
    directed_on: date
    what: str = ""
    facts: Mapping[str, bool] = {}
    planned_on: date | None = None
    counted_from_on: date | None = None
    until_on: date | None = None
    other_ground: str = ""


class Capital(NamedTuple):
    """The Company's Common Stock in whole shares, by its papers: authorized, outstanding,
    and reserved for others; ``None`` where no paper is on record.  ``on`` is the day of the
    latest."""

    authorized: int | None = None
    outstanding: int | None = None
    reserved: int | None = None
    on: date | None = None


class Earlier(NamedTuple):
    """A demand that came before this one: whether and when it was used up (D13), and how
    many Registrable Shares it had no room for (D11), ``None`` while not known."""

    name: str
    use: str
    used_on: date | None
    short: int | None = None


class Circumstances(NamedTuple):
    """What counsel filled in of a matter beside its papers, by the words terms are written
    in: days, exact numbers, what is so, and what was chosen, such as the form."""

    events: Mapping[str, date] = {}
    measures: Mapping[str, Fraction] = {}
    facts: Mapping[str, bool] = {}
    choices: Mapping[str, str] = {}


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
    delays: tuple[Delay, ...] = ()
    delayed_elsewhere: tuple[Delay, ...] = ()  # of other demands under the agreement
    registrable: int = 0  # Registrable Shares of all Investors, issued and issuable
    issuable: int = 0  # Registrable Shares still to be converted or exercised into
    capital: Capital = Capital()
    earlier: tuple[Earlier, ...] = ()
    circumstances: Circumstances = Circumstances()
    decisions: Mapping[str, Decision] = {}
    selling: Selling = Selling()
    waivers: tuple[Waiver, ...] = ()

    def upto(self, day: date) -> DemandFacts:
        """The same matter as it stood at the end of ``day``."""
        return self._replace(
            post=self.post.upto(day),
            invited=tuple(i.upto(day) for i in self.invited),
            filing=self.filing.upto(day) if self.filing and self.filing.on <= day else None,
            effective_on=by(self.effective_on, day),
            all_sold_on=by(self.all_sold_on, day),
            distributed_on=by(self.distributed_on, day),
            withdrawn=self.withdrawn if self.withdrawn and self.withdrawn.on <= day else None,
            others=tuple(o for o in self.others if o.effective_on <= day),
            delays=tuple(
                d._replace(counted_from_on=by(d.counted_from_on, day))
                for d in self.delays
                if d.directed_on <= day
            ),
            circumstances=self.circumstances._replace(
                events={w: on for w, on in self.circumstances.events.items() if on <= day}
            ),
            decisions={k: d for k, d in self.decisions.items() if d.decided_on <= day},
            selling=self.selling.upto(day),
            waivers=tuple(w for w in self.waivers if w.signed_on <= day),
        )


class Proposal(NamedTuple):
    """What the Company proposes to register, section 3(a): the facts a screening needs.

    ``form_allows`` is whether the form could carry the Investors' shares; ``only_for``
    the one purpose it serves, where an agreement may leave that purpose out.
    """

    proposed_on: date
    what: str = ""
    form: str = ""
    form_allows: bool | None = None
    public_offering: bool = True
    only_for: str = ""
    underwritten: bool = False
    planned_on: date | None = None


class CompanyFacts(NamedTuple):
    """All that the docket of a registration the Company proposes is worked out from.

    ``accepted`` gives the day each Investor accepted the underwriting terms (P6).
    """

    proposal: Proposal
    invited: tuple[Invited, ...] = ()
    filing: Filing | None = None
    effective_on: date | None = None
    withdrawn_on: date | None = None
    accepted: Mapping[int, date] = {}
    decisions: Mapping[str, Decision] = {}
    initiators: tuple[Initiator, ...] = ()  # nobody demands it
    selling: Selling = Selling()
    waivers: tuple[Waiver, ...] = ()

    def upto(self, day: date) -> CompanyFacts:
        """The same matter as it stood at the end of ``day``."""
        return self._replace(
            invited=tuple(i.upto(day) for i in self.invited),
            filing=self.filing.upto(day) if self.filing and self.filing.on <= day else None,
            effective_on=by(self.effective_on, day),
            withdrawn_on=by(self.withdrawn_on, day),
            accepted={who: on for who, on in self.accepted.items() if on <= day},
            decisions={k: d for k, d in self.decisions.items() if d.decided_on <= day},
            selling=self.selling.upto(day),
            waivers=tuple(w for w in self.waivers if w.signed_on <= day),
        )
