"""Amendments and waivers: whose consent is needed, counted one by one; and how rights end.

An amendment needs every consent its term lists.  A waiver binds the party that signed
it and nobody else, section 8(c) (S8).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .conditions import CONDITION, Condition, Is, Judged, judge
from .findings import Reason
from .reckoning import WHEN, Reckoned, When, reckon
from .shapes import Choice, ListOf, OneOf, Record, Share, Text
from .situation import Situation


@dataclass(frozen=True)
class Consent:
    """A consent an amendment needs: of the Company, of each Investor, or of holders of a
    share of what is held.  ``differently_treated``: of each Investor it treats otherwise."""

    who: str
    test: Is = Is.AT_LEAST
    share: Fraction = Fraction(1)


@dataclass(frozen=True)
class Amendment:
    """The consents an amendment needs, and who can waive: the party protected by a term,
    or the same consents as an amendment."""

    needs: tuple[Consent, ...]
    waiver: str = "protected_party"


class Counted(NamedTuple):
    """Whether an amendment has every consent it needs, and whose are missing."""

    holds: bool
    missing: tuple[str, ...]
    because: tuple[Reason, ...]


def amended(
    terms: Amendment,
    *,
    investors: Mapping[str, int],
    consents: Collection[str],
    company: bool,
    clause: str = "",
    differently_treated: Collection[str] = (),
) -> Counted:
    """Whether an amendment is agreed.

    ``investors`` are the Investors by name with what each holds, in the units the term
    counts by; ``consents`` the names of those that signed; ``company`` whether it did.
    """
    because: list[Reason] = []
    missing: list[str] = []
    holds = True
    for need in terms.needs:
        if need.who == "company":
            good, says = company, f"The Company {'consents' if company else 'has not consented'}"
            missing += [] if company else ["Company"]
        elif need.who in ("each_investor", "differently_treated"):
            wanted = investors if need.who == "each_investor" else differently_treated
            absent = sorted(set(wanted) - set(consents))
            good = not absent
            says = f"{len(wanted) - len(absent)} of {len(wanted)} Investors consent, each is needed"
            missing += absent
        else:
            held = sum(investors.values())
            signed = sum(held_by for name, held_by in investors.items() if name in consents)
            limit = held * need.share
            good = signed > limit if need.test is Is.OVER else signed >= limit
            word = "more than" if need.test is Is.OVER else "at least"
            says = f"Holders of {signed:,} of {held:,} consent; {word} {need.share} is needed"
            if not good:
                missing += sorted(set(investors) - set(consents))
        holds &= good
        because.append(Reason("S8", clause, says))
    return Counted(holds, tuple(dict.fromkeys(missing)), tuple(because))


def waived_for(
    terms: Amendment, *, signed_by: Collection[str], parties: Collection[str], agreed: bool
) -> tuple[str, ...]:
    """The parties a waiver binds: those that signed it, or all where the agreement lets a
    waiver be given like an amendment and it was so agreed."""
    if terms.waiver == "as_amendment":
        return tuple(parties) if agreed else ()
    return tuple(party for party in parties if party in signed_by)


@dataclass(frozen=True)
class Termination:
    """When rights end: for everyone on a day, and for one holder when something is so."""

    everyone: When | None = None
    holder: Condition | None = None


@dataclass(frozen=True)
class Transfer:
    """Who takes rights with shares: what must be so, notice of it, and to whom at all."""

    where: Condition | None = None
    notice: When | None = None
    to: tuple[str, ...] = ()


class Ended(NamedTuple):
    """The day everyone's rights end, and whether this holder's have ended already."""

    everyone: Reckoned | None
    holder: Judged | None
    has_ended: bool | None


def ended(terms: Termination, on: date, facts: Situation, clause: str = "") -> Ended:
    """Whether a holder's rights have ended by a day, alone or with everyone's."""
    everyone = reckon(terms.everyone, facts, clause) if terms.everyone is not None else None
    holder = judge(terms.holder, facts, clause) if terms.holder is not None else None
    over = everyone is not None and everyone.day is not None and on >= everyone.day
    if over:
        return Ended(everyone, holder, True)
    return Ended(everyone, holder, holder.holds if holder is not None else False)


CONSENT = Record(
    Consent,
    {"who": OneOf(("company", "each_investor", "holders", "differently_treated"))},
    {"is": Choice(Is), "share": Share()},
    keys={"is": "test"},
)
AMENDMENT = Record(
    Amendment,
    {"needs": ListOf(CONSENT)},
    {"waiver": OneOf(("protected_party", "as_amendment"))},
)


def _something(terms: Termination) -> str | None:
    if terms.everyone is None and terms.holder is None:
        return "says nothing: give everyone or holder."
    return None


TERMINATION = Record(Termination, {}, {"everyone": WHEN, "holder": CONDITION}, check=_something)
TRANSFER = Record(Transfer, {}, {"where": CONDITION, "notice": WHEN, "to": ListOf(Text())})
