"""A claim for indemnity: who is held harmless by whom, whether notice was prompt, which
consents a settlement has, and how far a Selling Investor is liable, section 5 (S7).

Each question is a ruling: ``good`` for the claim, ``refused`` against it,
``needs_decision`` where counsel must judge, ``unknown`` while a fact is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from .days import BusinessDays, Period, say
from .findings import Awaited, Fact, Reason, Ruling
from .money import Capped, Indemnity, Proceeds, capped
from .shapes import Choice, Flag, ListOf, Record

GOOD, REFUSED, DECIDE, UNKNOWN = "good", "refused", "needs_decision", "unknown"


class Claimant(StrEnum):
    """What an Indemnified Party is to the registration."""

    COMPANY = "company"
    DIRECTOR = "director_or_officer"
    SELLER = "selling_investor"
    UNDERWRITER = "underwriter"
    CONTROLS = "controlling_person"


class CarveOut(StrEnum):
    """What an Indemnifying Party may say keeps a loss from being its own."""

    FURNISHED = "information_furnished"
    CORRECTED = "corrected_before_sale"


CLAIMANT_NAMES: Mapping[str, str] = {
    Claimant.COMPANY: "the Company",
    Claimant.DIRECTOR: "a director or officer of the Company",
    Claimant.SELLER: "a Selling Investor",
    Claimant.UNDERWRITER: "an underwriter",
    Claimant.CONTROLS: "a person who controls one of them",
}
CARVE_OUT_NAMES: Mapping[str, str] = {
    CarveOut.FURNISHED: "the statement relied on information the claimant furnished in writing",
    CarveOut.CORRECTED: "the statement was corrected and delivered before the sale",
}


@dataclass(frozen=True)
class HeldHarmless:
    """Who is held harmless by whom, sections 5(a) and 5(b).

    ``company_not_for`` are the losses the Company does not answer for; the sellers answer
    only for what they furnished in writing where ``sellers_only_furnished``.
    """

    by_company: tuple[Claimant, ...] = ()
    by_sellers: tuple[Claimant, ...] = ()
    company_not_for: tuple[CarveOut, ...] = ()
    sellers_only_furnished: bool = False


class LateNotice(StrEnum):
    """What late notice of a claim does to it."""

    PREJUDICE = "relieves_to_the_extent_of_prejudice"
    WHOLLY = "relieves_wholly"


@dataclass(frozen=True)
class Claims:
    """How a claim is made and settled, section 5(c): what of it needs whose consent."""

    late_notice: LateNotice | None = None
    counsel_approved: bool = False
    settlement_needs_consent: bool = False
    judgment_needs_release: bool = False


class ClaimFacts(NamedTuple):
    """A claim as far as it is on record; what is ``None`` or empty is not.  USD.

    ``given_on`` is the day notice of it was given, ``not_given`` what that waits for;
    ``settled_by`` is ``indemnified`` or ``indemnifying``, empty while no settlement is
    proposed; ``settled_on`` is empty while it is only proposed.
    """

    claimant: str
    against_company: bool
    known_on: date | None = None
    given_on: date | None = None
    not_given: tuple[Awaited, ...] = ()
    prejudiced: bool | None = None
    counsel: str = ""
    counsel_approved: bool | None = None
    carve_outs: tuple[str, ...] = ()
    furnished: bool | None = None
    settled_by: str = ""
    settled_on: date | None = None
    releases_all: bool | None = None
    indemnifying_consent_on: date | None = None
    indemnified_consent_on: date | None = None
    claimed: Decimal | None = None
    gross: Decimal | None = None
    net: Decimal | None = None
    fraud: bool | None = None


class ClaimTerms(NamedTuple):
    """What the agreement's terms say of claims, each ``None`` where they do not, and the
    sections they stand in."""

    harmless: HeldHarmless | None
    claims: Claims | None
    indemnity: Indemnity | None
    harmless_clause: str = ""
    claims_clause: str = ""
    indemnity_clause: str = ""


class Judged(NamedTuple):
    """A claim judged: each question's ruling by its name, in order, and what is payable on
    each reading of the limit, empty while it is not known."""

    rulings: Mapping[str, Ruling]
    payable: tuple[Capped, ...]
    awaiting: tuple[Awaited, ...] = ()


def judge_claim(
    facts: ClaimFacts, terms: ClaimTerms, *, promptly: Period, open_days: BusinessDays
) -> Judged:
    """Every question a claim raises; ``promptly`` is our own standard, in no agreement."""
    payable, awaiting = payable_of(facts, terms)
    return Judged(
        {
            "held_harmless": held_harmless(facts, terms),
            "carve_outs": carved_out(facts, terms),
            "notice": prompt_notice(facts, terms, promptly, open_days),
            "counsel": counsel(facts, terms),
            "settlement": settlement(facts, terms),
        },
        payable,
        awaiting,
    )


def held_harmless(facts: ClaimFacts, terms: ClaimTerms) -> Ruling:
    """Whether the agreement has this party held harmless by that one, 5(a) and 5(b)."""
    clause, who = terms.harmless_clause, CLAIMANT_NAMES[facts.claimant]
    by = "The Company" if facts.against_company else "A Selling Investor"
    if terms.harmless is None:
        return _unknown("who is held harmless by whom: the agreement’s terms do not say", clause)
    listed = terms.harmless.by_company if facts.against_company else terms.harmless.by_sellers
    if facts.claimant in listed:
        return Ruling(GOOD, (Reason("S7", clause, f"{by} holds {who} harmless"),))
    says = f"{by} does not undertake to hold {who} harmless"
    return Ruling(REFUSED, (Reason("S7", clause, says),))


def carved_out(facts: ClaimFacts, terms: ClaimTerms) -> Ruling:
    """Whether an exception keeps the loss out, as far as one is claimed, 5(a) and 5(b)."""
    clause = terms.harmless_clause
    if terms.harmless is None:
        return _unknown("which losses are left out: the agreement’s terms do not say", clause)
    if not facts.against_company and terms.harmless.sellers_only_furnished:
        if facts.furnished is None:
            return _unknown("whether it relied on what the Selling Investor furnished", clause)
        only = "A Selling Investor answers only for information it furnished in writing"
        came = "it did" if facts.furnished else "this was not"
        return Ruling(
            GOOD if facts.furnished else REFUSED, (Reason("S7", clause, f"{only}: {came}"),)
        )
    if not facts.carve_outs:
        return Ruling(GOOD, (Reason("S7", clause, "No exception is claimed"),))
    because, known = [], False
    for each in facts.carve_outs:
        in_terms = facts.against_company and each in terms.harmless.company_not_for
        known = known or in_terms
        name = CARVE_OUT_NAMES.get(each, each)
        then = "to that extent the loss is left out" if in_terms else "no such exception is given"
        because.append(Reason("S7", clause, f"Claimed that {name}: {then}"))
    return Ruling(DECIDE if known else GOOD, tuple(because))


def prompt_notice(
    facts: ClaimFacts, terms: ClaimTerms, promptly: Period, open_days: BusinessDays
) -> Ruling:
    """Whether notice was given promptly after actual knowledge, and what it matters, 5(c).

    The agreement gives no number of days: one later than our own standard is not late by
    it, but a question.
    """
    clause = terms.claims_clause
    if facts.known_on is None:
        return _unknown("the day the Indemnified Party had actual knowledge of the claim", clause)
    last = promptly.after(facts.known_on, open_days)
    ours = Reason(
        "S7",
        clause,
        "Notice is given promptly; our standard, not in the agreement",
        Fact("actual knowledge of the claim", facts.known_on),
        promptly,
        last,
    )
    given_on = facts.given_on
    if given_on is None:
        waits = facts.not_given or (Awaited("notice of the claim", clause),)
        return Ruling(UNKNOWN, (ours,), awaiting=waits)
    given = Reason("S7", clause, f"Notice was given on {say(given_on)}")
    if given_on <= last:
        return Ruling(GOOD, (ours, given))
    days = (given_on - last).days
    late = f"{days:,} day{'' if days == 1 else 's'} past our standard"
    given = given._replace(says=f"{given.says}, {late}")
    return _late(facts, terms, (ours, given))


def _late(facts: ClaimFacts, terms: ClaimTerms, because: tuple[Reason, ...]) -> Ruling:
    clause = terms.claims_clause
    rule = terms.claims.late_notice if terms.claims is not None else None
    if rule is LateNotice.WHOLLY:
        says = "If that was not prompt, the Indemnifying Party is relieved"
    elif rule is None:
        says = "What late notice does is not in the agreement’s terms"
    elif facts.prejudiced is None:
        says = (
            "If that was not prompt, the Indemnifying Party is relieved to the extent the delay "
            "prejudiced it; whether it did is not on record"
        )
    elif facts.prejudiced:
        says = "If that was not prompt, it relieves to the extent it prejudiced: it did"
    else:
        says = "Late or not, it relieves nobody: it prejudiced nobody"
        return Ruling(GOOD, (*because, Reason("S7", clause, says)))
    return Ruling(DECIDE, (*because, Reason("S7", clause, says)))


def counsel(facts: ClaimFacts, terms: ClaimTerms) -> Ruling:
    """Whether the Indemnified Party approved the counsel who conducts the defense, 5(c)."""
    clause = terms.claims_clause
    if terms.claims is None:
        return _unknown("whose approval counsel needs: the agreement’s terms do not say", clause)
    if not facts.counsel:
        return _unknown("the counsel the Indemnifying Party chose", clause)
    if not terms.claims.counsel_approved:
        says = f"{facts.counsel} needs nobody’s approval"
        return Ruling(GOOD, (Reason("S7", clause, says),))
    if facts.counsel_approved is None:
        return _unknown(f"the Indemnified Party’s approval of {facts.counsel}", clause)
    if facts.counsel_approved:
        says = f"The Indemnified Party approved {facts.counsel}"
        return Ruling(GOOD, (Reason("S7", clause, says),))
    says = (
        f"The Indemnified Party did not approve {facts.counsel}; whether that was reasonable is "
        "for counsel to judge"
    )
    return Ruling(DECIDE, (Reason("S7", clause, says),))


def settlement(facts: ClaimFacts, terms: ClaimTerms) -> Ruling:
    """Whether a settlement has the consents it needs, from either side, 5(c)."""
    clause = terms.claims_clause
    if not facts.settled_by:
        return Ruling(GOOD, (Reason("S7", clause, "No settlement is proposed"),))
    if terms.claims is None:
        return _unknown("whose consent a settlement needs: the terms do not say", clause)
    if facts.settled_by == "indemnified":
        if not terms.claims.settlement_needs_consent:
            return Ruling(GOOD, (Reason("S7", clause, "A settlement needs nobody’s consent"),))
        needs = "The Indemnified Party settles only with the Indemnifying Party’s prior consent"
        return _consent(needs, "Indemnifying", facts.indemnifying_consent_on, facts, clause)
    if not terms.claims.judgment_needs_release:
        return Ruling(GOOD, (Reason("S7", clause, "A settlement needs nobody’s consent"),))
    if facts.releases_all:
        says = "It releases the Indemnified Party from all liability, without condition"
        return Ruling(GOOD, (Reason("S7", clause, says),))
    if facts.releases_all is None and facts.indemnified_consent_on is None:
        return _unknown("whether it releases the Indemnified Party from all liability", clause)
    needs = "Without a release from all liability it needs the Indemnified Party’s consent"
    return _consent(needs, "Indemnified", facts.indemnified_consent_on, facts, clause)


def _consent(
    needs: str, party: str, consented_on: date | None, facts: ClaimFacts, clause: str
) -> Ruling:
    because = Reason("S7", clause, needs)
    settled_on = facts.settled_on
    if consented_on is None:
        if settled_on is None:
            awaited = Awaited(f"the {party} Party’s consent to settle", clause)
            return Ruling(UNKNOWN, (because,), awaiting=(awaited,))
        says = f"Settled on {say(settled_on)} without it: the settlement is not covered"
        return Ruling(REFUSED, (because, Reason("S7", clause, says)))
    if settled_on is not None and consented_on > settled_on:
        says = f"Settled on {say(settled_on)}, before the consent of {say(consented_on)}"
        return Ruling(DECIDE, (because, Reason("S7", clause, says)))
    says = f"The {party} Party consented on {say(consented_on)}"
    return Ruling(GOOD, (because, Reason("S7", clause, says)))


def payable_of(
    facts: ClaimFacts, terms: ClaimTerms
) -> tuple[tuple[Capped, ...], tuple[Awaited, ...]]:
    """What is payable of the amount claimed, each reading of the limit apart, 5(b); USD.
    Only a Selling Investor's liability is limited."""
    clause = terms.indemnity_clause
    if facts.claimed is None:
        return (), (Awaited("the amount claimed", clause),)
    if facts.against_company:
        because = Reason("S7", terms.harmless_clause, "Nothing limits what the Company owes")
        return (Capped("no_limit", None, facts.claimed, because),), ()
    if terms.indemnity is None:
        return (), (Awaited("how far a Selling Investor is liable: the terms do not say", clause),)
    proceeds = {Proceeds.GROSS: facts.gross, Proceeds.NET: facts.net}
    known = {name: amount for name, amount in proceeds.items() if amount is not None}
    limited = not any({"fraud": facts.fraud}.get(f) for f in terms.indemnity.unlimited_where)
    missing = [r for r in terms.indemnity.cap if r not in known] if limited else []
    awaiting = tuple(
        Awaited(f"the Selling Investor’s proceeds, {reading.value.replace('_', ' ')}", clause)
        for reading in missing
    )
    cap = tuple(r for r in terms.indemnity.cap if r not in missing)
    held = Indemnity(cap, terms.indemnity.unlimited_where, terms.indemnity.several)
    told = capped(held, known, facts.claimed, facts={"fraud": facts.fraud}, clause=clause)
    return told, awaiting


def _unknown(fact: str, clause: str) -> Ruling:
    return Ruling(UNKNOWN, (), awaiting=(Awaited(fact, clause),))


HELD_HARMLESS = Record(
    HeldHarmless,
    {},
    {
        "by_company": ListOf(Choice(Claimant)),
        "by_sellers": ListOf(Choice(Claimant)),
        "company_not_for": ListOf(Choice(CarveOut)),
        "sellers_only_furnished": Flag(),
    },
)
CLAIMS = Record(
    Claims,
    {},
    {
        "late_notice": Choice(LateNotice),
        "counsel_approved": Flag(),
        "settlement_needs_consent": Flag(),
        "judgment_needs_release": Flag(),
    },
)
