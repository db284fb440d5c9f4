"""A matter's docket: every window and concern that follows from its facts, and where
each stands on a given day.

The same facts and terms always give the same docket; the day only decides the states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import by_terms
from .agreed import agreed
from .capital import capital_concerns, demand_left, left_concerns
from .days import BusinessDays
from .delay import delay_concerns, judged_delays, put_off, running
from .demand import company_notice, last_safe_receipt, majority
from .filing import (
    coverage,
    effectiveness,
    filing,
    filing_conflicts,
    kept_effective,
    rest,
    withdrawn_by_company,
)
from .findings import (
    Awaited,
    Concern,
    Reason,
    Ruling,
    Window,
    make,
)
from .governing import decisions
from .joining import (
    Answers,
    answers,
    demand_concerns,
    request_concerns,
)
from .matter import DemandFacts, House
from .notice import Arrival
from .prospectus import Selling
from .situation import Situation
from .statement import ALIVE, demand_use
from .suspending import promptly, unfinished
from .telling import missing_receipts, told_by_company
from .terms import Terms
from .waivers import By, accepted, binding, owed_less, rests_waived, waiver_concerns

# The Company's own registration uses no demand up.
_NO_DEMAND = Ruling(ALIVE, (Reason("D13", "", "No demand is used up by it."),))


class Docket(NamedTuple):
    """What follows from a matter's facts.

    ``demand`` is when the Demand Notice was given and received; ``notices`` the same for
    the Company Notice to each Investor, in the order of ``facts.invited``; ``use`` is
    whether the one demand is used up (D13).
    """

    ruling: Ruling
    demand: Arrival
    notices: tuple[Arrival, ...]
    windows: tuple[Window, ...]
    concerns: tuple[Concern, ...]
    use: Ruling = _NO_DEMAND  # whether it uses the demand up (D13)

    def window(self, key: str) -> Window | None:
        """The window of that key, or ``None``."""
        return next((w for w in self.windows if w.key == key), None)


def demand_docket(
    facts: DemandFacts, *, terms: Terms, house: House, open_days: BusinessDays
) -> Docket:
    """The docket of a Demand Registration (D1–D11, D13–D15, S1, S4).

    A demand refused, as too small or because none is left, starts no clock: only the ruling
    is returned, with a concern that names it.
    """
    if terms.chosen:
        facts = facts._replace(decisions=decisions(facts.decisions, terms))
    docket = _of_demand(facts, terms, house, open_days)
    return carried(docket, facts.selling, terms, house, open_days)


def carried(
    docket: Docket, selling: Selling, terms: Terms, house: House, open_days: BusinessDays
) -> Docket:
    """The docket with what is owed and open of the prospectuses of its statement (S4)."""
    if not selling.suspensions:
        return docket
    return docket._replace(
        windows=(*docket.windows, *promptly(selling, terms, house, open_days)),
        concerns=(*docket.concerns, *unfinished(selling, terms)),
    )


def _of_demand(facts: DemandFacts, terms: Terms, house: House, open_days: BusinessDays) -> Docket:
    known: Situation | None = None
    if terms.quick:
        agreement = agreed(terms, house, open_days)
        demand = facts.post.counted(agreement.notices)
        ruling = majority(facts, demand, agreement)
    else:
        demand = facts.post.arrival(terms)
        known = by_terms.situation(facts, demand, terms)
        ruling = by_terms.eligibility(facts, demand, terms, known)
    waived = binding(facts.waivers, terms)
    if facts.waivers:
        ruling = accepted(ruling, demand, waived, terms)
    concerns = list(_ruling_concerns(ruling, demand, terms))
    if ruling.outcome == "refused":
        none = Reason("D13", terms.clause("demand_used_up"), "A demand not good uses nothing up.")
        return Docket(ruling, demand, (), (), tuple(concerns), Ruling(ALIVE, (none,)))

    left = demand_left(facts, demand, terms)
    if facts.waivers and left.outcome != "good":
        left = accepted(left, demand, waived, terms)
        ruling = ruling._replace(because=(*ruling.because, *left.because))
    concerns += left_concerns(left, facts, demand, terms)
    if left.outcome == "refused":
        none = Reason("D13", terms.clause("demand_used_up"), "None was left to use up.")
        return Docket(left, demand, (), (), tuple(concerns), Ruling(ALIVE, (none,)))

    if known is not None:
        return _by_terms(facts, demand, ruling, concerns, terms, house, open_days, known)

    told = told_by_company(facts, waived, agreement)
    clause = agreement.opens_clause
    missing = tuple(
        [
            make(Awaited, ("receipt of the Company Notice", clause, i.name, i.investor))
            for i in told.unreceived
        ]
    )
    owed = bool(told.given or told.ungiven)
    received = told.received
    resting = _resting(facts, demand, waived, terms, open_days)
    delays = judged_delays(facts, demand, terms, open_days)
    file = filing(facts, demand, owed, received, missing, agreement, resting)
    file = put_off(file, delays, facts, terms, open_days)
    effective = effectiveness(facts, file, agreement)
    kept = kept_effective(facts, effective, agreement)
    if facts.waivers:
        parties = {*(i.investor for i in facts.initiators), *(i.investor for i in facts.invited)}
        file, effective, kept = (
            owed_less(each, each.key, waived, parties, terms) for each in (file, effective, kept)
        )
    windows: list[Window] = []
    if owed:
        last_on = max(received) if received and not missing else None
        windows = [
            company_notice(
                demand, told.given, told.ungiven, agreement.invitation.clause, agreement.promptly
            ),
            last_safe_receipt(
                file.closes_on, demand, last_on, missing, agreement, filed_on=file.done_on
            ),
        ]
    windows += told.joins
    windows += file, effective, kept, *running(delays, terms), *resting

    concerns += demand_concerns(facts, demand, terms)
    concerns += delay_concerns(delays, file, terms)
    concerns += capital_concerns(facts, demand, terms)
    concerns += filing_conflicts(file)
    concerns += told.concerns
    concerns += missing_receipts(
        told.unreceived,
        house.receipt_expected,
        open_days,
        rule="D6",
        clause=clause,
        notice="Company Notice",
        why="The first day to file hangs on it.",
    )
    joined: dict[int, Window] = {}
    said_by: dict[int, Answers] = {}
    if facts.filing is not None:
        joined = {i.investor: w for i, w in zip(facts.invited, told.joins, strict=True)}
        said_by = {i.investor: answers(i, terms) for i in facts.invited}
        concerns += coverage(facts, facts.filing, joined, said_by, terms)
    concerns += withdrawn_by_company(facts, terms)
    if facts.waivers:
        by_all = {i.investor: answers(i, terms) for i in facts.invited if i.requests}
        concerns += waiver_concerns(facts, by_all, terms)
    use = demand_use(facts, joined, said_by, terms)
    return Docket(ruling, demand, tuple(told.notices), tuple(windows), tuple(concerns), use)


def _resting(
    facts: DemandFacts,
    demand: Arrival,
    waived: Mapping[str, By],
    terms: Terms,
    open_days: BusinessDays,
) -> list[Window]:
    """The times of rest after other statements that had not ended when the demand came."""
    came_on = demand.received_on
    if came_on is None or not facts.others:
        return []
    others = sorted(facts.others, key=lambda o: (o.effective_on, o.id))
    rests = [rest(other, came_on, terms, open_days) for other in others]
    return rests_waived([r for r in rests if r is not None], waived, terms)


def _by_terms(
    facts: DemandFacts,
    demand: Arrival,
    ruling: Ruling,
    concerns: list[Concern],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
    known: Situation,
) -> Docket:
    """The docket of a demand whose terms have other forms than section 1 gives them."""
    delays = judged_delays(facts, demand, terms, open_days)
    worked = by_terms.worked_out(facts, demand, delays, terms, house, open_days, known)
    windows = worked.windows
    file = next(w for w in windows if w.key == "file")
    concerns += demand_concerns(facts, demand, terms)
    concerns += delay_concerns(delays, file, terms)
    concerns += capital_concerns(facts, demand, terms)
    concerns += filing_conflicts(file)
    for invited in facts.invited:
        if said := worked.answered[invited.investor]:
            concerns += request_concerns(invited, said, worked.joins[invited.investor], terms)
    concerns += missing_receipts(
        worked.unreceived,
        house.receipt_expected,
        open_days,
        rule="D4",
        clause=terms.clause("joining"),
        notice="Company Notice",
        why="What is counted from it is not known.",
    )
    if facts.filing is not None:
        concerns += coverage(facts, facts.filing, worked.joins, worked.answered, terms)
    concerns += withdrawn_by_company(facts, terms)
    if facts.waivers:
        concerns += waiver_concerns(facts, worked.answered, terms)
    use = demand_use(facts, worked.joins, worked.answered, terms)
    return Docket(
        ruling, demand, worked.arrivals, (*windows, *running(delays, terms)), tuple(concerns), use
    )


def _ruling_concerns(ruling: Ruling, demand: Arrival, terms: Terms) -> Sequence[Concern]:
    since = demand.received_on or demand.given_on
    if since is None or ruling.outcome == "good":
        return ()
    clause = terms.clause("demand_threshold")
    said = "; ".join(r.says for r in ruling.readings)
    if ruling.outcome == "refused":
        text = f"The demand is not good: {said}."
        return (Concern("ineligible", "ineligible", "D1", clause, text, since, ruling.because),)
    if ruling.outcome == "needs_decision":
        text = f"The demand is good on one reading and short on another: {said}."
        return (
            Concern(
                "decide:eligibility", "needs_decision", "D1", clause, text, since, ruling.because
            ),
        )
    return ()
