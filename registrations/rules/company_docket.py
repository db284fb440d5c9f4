"""The docket of a registration the Company makes, section 3 (P1–P6, P8)."""

from __future__ import annotations

from collections.abc import Sequence

from . import by_terms
from .days import BusinessDays
from .docket import Docket, carried
from .filing import coverage
from .findings import Awaited, Concern, Reason, Ruling
from .governing import decisions
from .joining import answers, by_registration_notice, joining, joining_days, request_concerns
from .matter import CompanyFacts, House
from .notice import Arrival
from .piggyback import (
    early_filing,
    last_safe_notice,
    not_accepted,
    notice_owed,
    participating,
    planned_filing,
    registration_notice,
    twice,
    until_effective,
)
from .telling import missing_receipts
from .terms import SPEC, Terms
from .waivers import NOTICE, as_waived, binding, waiver_concerns


def company_docket(
    facts: CompanyFacts, *, terms: Terms, house: House, open_days: BusinessDays
) -> Docket:
    """The docket of a registration the Company proposes, section 3 (P1–P6, P8, S4).

    One that owes the Investors no Registration Notice starts no window of theirs.
    """
    facts = facts._replace(decisions=decisions(facts.decisions, terms))
    docket = _of_proposal(facts, terms, house, open_days)
    return carried(docket, facts.selling, terms, house, open_days)


def _of_proposal(
    facts: CompanyFacts, terms: Terms, house: House, open_days: BusinessDays
) -> Docket:
    proposed = Arrival(facts.proposal.proposed_on, facts.proposal.proposed_on, ())
    if "piggyback_notice" not in terms.values and "piggyback_joining" not in terms.values:
        return _no_right_on_record(proposed)
    ruling = notice_owed(facts, terms)
    if ruling.outcome == "excluded":
        windows = (planned_filing(facts, (), terms, open_days), *until_effective(facts, terms))
        return Docket(ruling, proposed, (), windows, ())

    arrivals = tuple(i.post.arrival(terms) for i in facts.invited)
    invitation = by_registration_notice(terms)
    answered = {i.investor: answers(i, terms) if i.requests else () for i in facts.invited}
    waived = binding(facts.waivers, terms)
    known = by_terms.proposal_situation(facts, terms)
    if terms.gives("piggyback_joining"):
        reckon = joining_days(invitation, open_days)
        found = [
            joining(i, a, reckon, answered[i.investor], invitation, facts.decisions)
            for i, a in zip(facts.invited, arrivals, strict=True)
        ]
    else:
        found = [
            by_terms.join_by_term(
                i, a, answered[i.investor], invitation, terms, known, facts.decisions
            )
            for i, a in zip(facts.invited, arrivals, strict=True)
        ]
    joins = {
        i.investor: as_waived(
            window._replace(superseded_on=facts.withdrawn_on), i.investor, waived, terms
        )
        for i, window in zip(facts.invited, found, strict=True)
    }
    owed = [
        (i, a)
        for i, a in zip(facts.invited, arrivals, strict=True)
        if i.investor not in waived[NOTICE]
    ]
    told = facts._replace(invited=tuple(i for i, _ in owed))
    owed_arrivals = tuple(a for _, a in owed)
    windows = (
        by_terms.by_its_day(
            registration_notice(told, owed_arrivals, terms, house, open_days),
            "piggyback_notice",
            terms,
            known,
        ),
        *(
            (last_safe_notice(told, owed_arrivals, terms, house, open_days),)
            if terms.gives("piggyback_joining")
            else ()
        ),
        *joins.values(),
        planned_filing(told, owed_arrivals, terms, open_days),
        *until_effective(facts, terms),
    )
    if facts.withdrawn_on is not None:
        return Docket(ruling, proposed, arrivals, windows, ())

    concerns = list(_screening_concerns(ruling, facts, terms))
    for invited in facts.invited:
        if said := answered[invited.investor]:
            concerns += request_concerns(invited, said, joins[invited.investor], terms)
    concerns += missing_receipts(
        [i for i, a in owed if a.given_on is None and a.received_on is None],
        house.receipt_expected,
        open_days,
        rule="P3",
        clause=invitation.clause,
        notice="Registration Notice",
        why="Until then it has not been given.",
    )
    concerns += twice(facts, answered, terms)
    concerns += not_accepted(facts, answered, joins, terms)
    concerns += early_filing(told, owed_arrivals, joins, answered, terms)
    concerns += waiver_concerns(facts, answered, terms)
    taking_part = participating(facts, answered)
    if facts.filing is not None and any(taking_part.values()):
        concerns += coverage(facts, facts.filing, joins, taking_part, terms, rule="P4")
    return Docket(ruling, proposed, arrivals, windows, tuple(concerns))


def _no_right_on_record(proposed: Arrival) -> Docket:
    """A registration the Company proposes under an agreement that has no term on record of
    telling or taking in the Investors: whether they are owed anything is not known."""
    labels = [SPEC[term].label for term in ("piggyback_notice", "piggyback_joining")]
    says = "Whether Investors are owed notice of it is not known: no such term is on record"
    since = proposed.given_on
    concern = (
        Concern("not_worked_out", "not_worked_out", "P1", "", f"{says}.", since)
        if since is not None
        else None
    )
    awaiting = tuple(Awaited(f"a term not on record: {label.lower()}", "") for label in labels)
    ruling = Ruling("unknown", (Reason("P1", "", f"{says}."),), (), awaiting)
    return Docket(ruling, proposed, (), (), (concern,) if concern else ())


def _screening_concerns(ruling: Ruling, facts: CompanyFacts, terms: Terms) -> Sequence[Concern]:
    if ruling.outcome != "unknown":
        return ()
    clause = terms.clause("piggyback_excluded")
    text = "Whether Investors are owed a Registration Notice is not known: " + "; ".join(
        a.fact for a in ruling.awaiting
    )
    since = facts.proposal.proposed_on
    return (Concern("screening", "screening", "P1", clause, f"{text}.", since, ruling.because),)
