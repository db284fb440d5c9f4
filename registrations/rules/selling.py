"""Who may sell under a registration statement on a day, and what stands in the way (S2, S4).

A prospectus the Selling Investors were given is amended: the Company tells each of them.
Where it also asks them to stop, each stops from the day the request is given to it until
it has the revised prospectus.  Being told and being asked are two facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from .days import BusinessDays, say
from .findings import Awaited, Fact, Reading, Reason, Ruling
from .lockups import StopOffers
from .notice import Arrival, earliest
from .prospectus import Letter, Seller, Selling, Suspension
from .terms import Terms

MAY, MUST_NOT, UNKNOWN = "may", "must_not", "unknown"


class Steps(NamedTuple):
    """One Selling Investor in one suspension: how far it is, and what that makes of it.

    ``told`` and ``asked`` are ``None`` while no copy was sent to it; ``out`` counts the
    prospectuses it had, ``None`` where they were not counted.
    """

    suspension: Suspension
    outcome: str
    because: tuple[Reason, ...]
    told: Arrival | None = None
    asked: Arrival | None = None
    acknowledged_on: date | None = None
    out: int | None = None
    returned: int | None = None
    revised_sent_on: date | None = None
    revised_on: date | None = None
    awaiting: tuple[Awaited, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing is left to do about it for this Investor."""
        told = self.told is not None and self.told.given_on is not None
        return self.suspension.released_on is not None or (
            told and self.outcome == MAY and self.revised_on is not None
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not on record yet, in the order it is due."""
        if self.suspension.released_on is not None:
            return ()
        lacks = []
        if self.told is None:
            lacks.append("notice of the amendment")
        elif self.told.given_on is None:
            lacks.append("receipt of the notice")
        if self.asked is not None:
            if self.acknowledged_on is None:
                lacks.append("acknowledgement")
            if self.returned is None and self.out != 0:
                lacks.append("copies returned")
            elif self.out is not None and (self.returned or 0) < self.out:
                lacks.append(f"{self.out - (self.returned or 0):,} copies to come back")
        if self.revised_on is None:
            sent = self.revised_sent_on is not None
            lacks.append("receipt of the revised prospectus" if sent else "revised prospectus")
        return tuple(lacks)


class Stands(NamedTuple):
    """Whether a Selling Investor may sell: ``may``, ``must_not`` or ``unknown``, why, and
    where it is in each suspension."""

    seller: Seller
    answer: Ruling
    steps: tuple[Steps, ...] = ()


def who_may_sell(
    selling: Selling, terms: Terms, open_days: BusinessDays, day: date
) -> tuple[Stands, ...]:
    """Of each Selling Investor, whether it may sell under the statement at the end of
    ``day``, section 2 (S1, S4).

    It may while the statement is effective, not withdrawn and kept effective, and no
    request to stop stands.  ``unlooked`` names what is not looked at.
    """
    facts = selling.upto(day)
    ground = _statement(facts, terms, open_days, day)
    return tuple(_stands(seller, ground, facts, terms, day) for seller in facts.sellers)


def unlooked(terms: Terms) -> tuple[str, ...]:
    """The terms that bear on who may sell and that ``who_may_sell`` does not look at: no
    fact here says whether a lock-up binds."""
    return tuple(name for name in ("lockup",) if name in terms.values)


def _stands(seller: Seller, ground: Ruling, facts: Selling, terms: Terms, day: date) -> Stands:
    steps = tuple(in_suspension(s, seller, facts, terms, day) for s in facts.suspensions)
    rulings = [ground, *(Ruling(s.outcome, s.because, _readings(s), s.awaiting) for s in steps)]
    if seller.covered is None:
        clause = terms.clause("keep_effective")
        awaited = Awaited("the shares the statement covers", clause)
        says = "What the statement covers is not on record, so whether it is in it is not known"
        rulings.append(Ruling(UNKNOWN, (Reason("D10", clause, f"{says}."),), (), (awaited,)))
    for outcome in (MUST_NOT, UNKNOWN, MAY):
        so = [r for r in rulings if r.outcome == outcome]
        if so:
            break
    answer = Ruling(
        outcome,
        tuple(reason for r in so for reason in r.because),
        tuple(reading for r in so for reading in r.readings),
        tuple(dict.fromkeys(a for r in so for a in r.awaiting)),
    )
    return Stands(seller, answer, steps)


def _statement(facts: Selling, terms: Terms, open_days: BusinessDays, day: date) -> Ruling:
    """What the statement's own life makes of it, before any suspension (S1)."""
    clause = terms.clause("keep_effective") if facts.keeps else ""
    since = facts.effective_on
    if since is None:
        says = "The Registration Statement is not effective."
        return Ruling(MUST_NOT, (Reason("S1", clause, says),))
    for on, says, name in (
        (facts.withdrawn_on, "It was withdrawn", "Registration Statement withdrawn"),
        (facts.all_sold_on, "Nothing is left to sell under it", "all covered shares sold"),
        (facts.distributed_on, "Nothing is left to sell under it", "distribution completed"),
    ):
        if on is not None:
            return Ruling(MUST_NOT, (Reason("S1", clause, says, Fact(name, on)),))
    effective = Fact("Registration Statement effective", since)
    if not facts.keeps or not terms.gives("keep_effective"):
        return Ruling(MAY, (Reason("S1", clause, "It is effective", effective),))
    ends = terms.keep_effective.after(since, open_days)
    kept = Reason("S1", clause, "Kept effective at most", effective, terms.keep_effective, ends)
    if day > ends:
        awaited = Awaited(f"whether it was kept effective after {say(ends)}", clause)
        return Ruling(UNKNOWN, (kept,), (), (awaited,))
    return Ruling(MAY, (kept,))


def in_suspension(
    suspension: Suspension, seller: Seller, facts: Selling, terms: Terms, day: date
) -> Steps:
    """How far a Selling Investor is in a suspension by ``day``, and whether that alone lets
    it sell (S4).  ``facts`` leave out what came later."""
    rule: StopOffers | None = terms.values.get("stop_offers")
    stops_if_told = rule is not None and rule.when == "told"
    who = seller.investor
    told = _arrived(suspension.letters, who, terms)
    stopping = [x for x in suspension.letters if x.asks_to_stop or stops_if_told]
    asked = _arrived(stopping, who, terms)
    sent_on, revised_on = _revised(suspension, who, facts)
    so_far = Steps(
        suspension,
        MAY,
        (),
        told,
        asked,
        suspension.acknowledged.get(who),
        _out(suspension, who, facts),
        _back(suspension, who, facts),
        sent_on,
        revised_on,
    )
    outcome, because, awaiting = _outcome(so_far, stopping, rule, seller, terms, day)
    return so_far._replace(outcome=outcome, because=because, awaiting=awaiting)


def _outcome(
    so_far: Steps,
    stopping: Sequence[Letter],
    rule: StopOffers | None,
    seller: Seller,
    terms: Terms,
    day: date,
) -> tuple[str, tuple[Reason, ...], tuple[Awaited, ...]]:
    clause, suspension, asked = terms.clause("stop_offers"), so_far.suspension, so_far.asked
    ref = suspension.reference

    def because(says: str, fact: Fact | None = None) -> tuple[Reason, ...]:
        return (Reason("S4", clause, f"{ref}: {says}", fact),)

    if suspension.released_on is not None:
        released = Fact("request withdrawn", suspension.released_on)
        return MAY, because("the Company no longer asks it to stop", released), ()
    if asked is None:
        amended = Fact("prospectus amended", suspension.amended_on)
        not_so = "told of it" if rule is not None and rule.when == "told" else "asked to stop"
        return MAY, because(f"it was not {not_so}, so offers need not stop", amended), ()
    if asked.given_on is None:
        unproven = because("whether it was asked to stop is not proven.")
        named = tuple(a._replace(who=seller.name, investor=seller.investor) for a in asked.awaiting)
        return UNKNOWN, (*unproven, *asked.because), named
    if asked.given_on > day:
        later = Fact("request to stop given", asked.given_on)
        return MAY, because("the request to stop is not given yet", later), ()
    given = because(
        f"asked to stop offers{_hour(stopping, seller.investor)}",
        Fact("request to stop given", asked.given_on),
    )
    if rule is None:
        lacking = Awaited("what the agreement says of an amended prospectus", "")
        return UNKNOWN, given, (lacking,)
    if rule.until == "released":
        says = "it resumes when the Company says so, and no word of that is on record."
        return MUST_NOT, (*given, *because(says)), ()
    if so_far.revised_on is not None:
        came = Fact("revised prospectus received", so_far.revised_on)
        return MAY, (*given, *because("offers may resume", came)), ()
    if so_far.revised_sent_on is not None:
        sent = Fact("revised prospectus sent", so_far.revised_sent_on)
        says = "offers resume on its receipt, which is not on record"
        awaited = Awaited("receipt of the revised prospectus", clause, seller.name, seller.investor)
        return UNKNOWN, (*given, *because(says, sent)), (awaited,)
    return MUST_NOT, (*given, *because("no revised prospectus was sent to it yet.")), ()


def _arrived(letters: Sequence[Letter], who: int, terms: Terms) -> Arrival | None:
    """When the first of some letters reached an Investor; ``None`` where none was sent."""
    found = [post.arrival(terms) for x in letters if (post := x.to.get(who)) is not None]
    return earliest(found) if found else None


def _hour(letters: Sequence[Letter], who: int) -> str:
    """The time of day the request was made, where one is on record."""
    hours = [x.time for x in letters if who in x.to and x.time is not None]
    return f" at {clock(hours[0])}" if hours else ""


def clock(at: time) -> str:
    """A time of day: "4:10 pm"."""
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def _revised(suspension: Suspension, who: int, facts: Selling) -> tuple[date | None, date | None]:
    """When a revised prospectus was sent to an Investor, and when it came.  One that
    carries a later amendment carries this one too."""
    since = (suspension.amended_on, suspension.id)
    later = {s.id for s in facts.suspensions if (s.amended_on, s.id) >= since}
    found = [f for f in facts.furnished if f.investor == who and f.revises in later]
    sent = [f.on for f in found if f.on is not None]
    came = [f.received_on for f in found if f.received_on is not None]
    return min(sent, default=None), min(came, default=None)


def _out(suspension: Suspension, who: int, facts: Selling) -> int | None:
    """How many copies of the prospectus as it was an Investor had in hand, less those it
    had sent back in an earlier suspension; ``None`` where some were not counted."""
    since = (suspension.amended_on, suspension.id)
    earlier = {s.id for s in facts.suspensions if (s.amended_on, s.id) < since}
    had = [
        f.copies
        for f in facts.furnished
        if f.investor == who and (f.revises is None or f.revises in earlier)
    ]
    if not had or None in had:
        return None
    back = sum(
        r.copies or 0
        for s in facts.suspensions
        if s.id in earlier
        for r in s.returned
        if r.investor == who
    )
    return max(0, sum(n for n in had if n is not None) - back)


def _back(suspension: Suspension, who: int, facts: Selling) -> int | None:
    """How many copies an Investor sent back; ``None`` while none came."""
    came = [r.copies or 0 for r in suspension.returned if r.investor == who]
    return sum(came) if came else None


def _readings(steps: Steps) -> tuple[Reading, ...]:
    """Given and received are different days: the strictest governs whom it binds (N8)."""
    asked = steps.asked
    if asked is None or asked.given_on is None or asked.received_on in (None, asked.given_on):
        return ()
    clause, given = steps.because[0].clause, "offers stop when the request is given"
    return (
        Reading("given", given, clause, asked.given_on, governs=True),
        Reading("received", "offers stop when it is received", clause, asked.received_on),
    )


# --- who has a prospectus -------------------------------------------------------------------


def without(selling: Selling, terms: Terms) -> dict[str, tuple[Seller, ...]]:
    """The Selling Investors nothing was furnished to yet, of each kind of prospectus the
    agreement names, section 2(c) (S2).

    A later kind does for an earlier one, and a revised prospectus for any.
    """
    order = ("preliminary", "final", "revised")
    found = {}
    for kind in terms.values.get("prospectuses", ()):
        enough = order[order.index(kind) :]
        have = {f.investor for f in selling.furnished if f.kind in enough}
        found[kind] = tuple(s for s in selling.sellers if s.investor not in have)
    return found
