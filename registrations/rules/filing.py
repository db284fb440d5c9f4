"""Filing the Registration Statement a demand calls for, its effectiveness and what it covers
(D6 to D10, the rest of D14, S1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from .agreed import Agreed
from .days import BusinessDays, say
from .findings import (
    Awaited,
    Concern,
    Fact,
    Force,
    Party,
    Reading,
    Reason,
    Window,
    make,
    make_window,
)
from .joining import Answers, latest_answer
from .matter import CompanyFacts, DemandFacts, Filing, Initiator, Invited, OtherStatement
from .notice import Arrival
from .terms import Terms

# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_COMPANY, _DUTY, _REST = Party.COMPANY, Force.DUTY, Force.REST


def filing(
    facts: DemandFacts,
    demand: Arrival,
    owed: bool,
    received: Collection[date],
    missing: tuple[Awaited, ...],
    agreed: Agreed,
    resting: Sequence[Window] = (),
) -> Window:
    """The days on which the Company may file, section 1(a) (D6, D7).

    It opens a number of days after the last Investor received the Company Notice and
    closes a number of days after the Company received the Demand Notice.  The two run
    from different facts, so the window can have no day in it (D8); neither date is hidden
    or moved.  With nobody else to notify, nothing holds the filing back.

    ``owed`` is whether any Investor is to be told, ``received`` has the days they received
    the Company Notice, ``missing`` a line for each whose receipt is not on record.
    """
    came_on, closes_clause = demand.received_on, agreed.closes_clause
    closes_on, no_later = agreed.last_day(came_on)
    starts: dict[str, date | None] = {
        "last_receipt": max(received) if received and not missing else None,
        "first_receipt": min(received) if received else None,
    }
    first_days, open_days, filed = agreed.first_days, agreed.open_days, facts.filing
    choice = facts.decisions.get("filing_opens")
    governing = first_days[0].name
    if choice is not None and choice.choice in [first.name for first in first_days]:
        governing = choice.choice
    opens_on: date | None = None
    because = [no_later]
    readings: list[Reading] = []
    for first in first_days:
        day, no_sooner = first.count(starts[first.name])
        governs = first.name == governing
        if governs:
            opens_on = day
            because = [no_sooner, no_later] if owed else because
        if len(first_days) > 1:
            reading = (first.name, first.says, agreed.opens_clause, day, closes_on, governs)
            readings.append(make(Reading, reading))
    awaiting = demand.awaiting if came_on is None else ()
    if governing == "last_receipt" or opens_on is None:
        awaiting += missing
    for window in resting:
        if _runs_on(window, closes_on):
            because += window.because
            ends_on = window.closes_on
            says = f"“Effect” means file: nothing need be filed through {say(ends_on)}"
            readings.append(Reading("effect_means_file", says, window.clause, opens_on, ends_on))
    return make_window(
        Window,
        key="file",
        act="File the Registration Statement",
        rule="D6, D7",
        clause=closes_clause,
        party=_COMPANY,
        force=_DUTY,
        opens_on=opens_on,
        closes_on=closes_on,
        because=tuple(because),
        lenient_on=closes_on,
        practical_opens_on=open_days.on_or_after(opens_on) if opens_on else None,
        practical_closes_on=open_days.on_or_before(closes_on) if closes_on else None,
        done_on=filed.on if filed is not None else None,
        done_as="filed" if filed is not None else "",
        awaiting=awaiting,
        readings=tuple(readings),
        decision=choice,
    )


def _runs_on(rest_window: Window, day: date | None) -> bool:
    """Whether a rest (D14) the Company did not waive is still running at the end of ``day``."""
    opens_on, closes_on = rest_window.opens_on, rest_window.closes_on
    if day is None or opens_on is None or closes_on is None or rest_window.waived_on:
        return False
    return opens_on <= day < closes_on


def filing_conflicts(window: Window) -> list[Concern]:
    """The conflicts in a filing window: no day at all (D8), or no EDGAR day (N7)."""
    opens, closes = window.practical_opens_on, window.practical_closes_on
    if window.done_on is not None or opens is None or closes is None or opens <= closes:
        return []
    counted_from = next((r.fact.on for r in window.because if r.rule == "D6" and r.fact), None)
    if counted_from is None:
        return []
    if window.impossible:
        key, kind, rule = "impossible:file", "impossible", "D8"
        text = (
            f"No day is left to file: the first is {say(window.opens_on)}, from the receipt of "
            f"the Company Notice on {say(counted_from)}; the last is {say(window.closes_on)}, "
            "from the receipt of the Demand Notice."
        )
    else:
        key, kind, rule = "no_edgar_day:file", "no_edgar_day", "N7"
        text = (
            f"EDGAR takes no filing on any day from {say(window.opens_on)} to "
            f"{say(window.closes_on)}: each is a weekend day or a federal holiday."
        )
    return [Concern(key, kind, rule, window.clause, text, counted_from, window.because)]


def effectiveness(facts: DemandFacts, filing_window: Window, agreed: Agreed) -> Window:
    """The days within which the statement becomes effective, section 1(a) (D9): best
    efforts, counted from the filing."""
    filed_on = facts.filing.on if facts.filing is not None else None
    closes_on, because = agreed.effective_day(filed_on)
    provisional_on = None
    if filed_on is None:
        provisional_on, _ = agreed.effective_day(filing_window.closes_on)
    return make_window(
        Window,
        key="effective",
        act="Registration Statement becomes effective",
        rule="D9",
        clause=agreed.effective_clause,
        party=_COMPANY,
        force=_DUTY,
        opens_on=filed_on,
        closes_on=closes_on,
        because=(because,),
        lenient_on=closes_on,
        provisional_on=provisional_on,
        done_on=facts.effective_on,
        done_as="became effective" if facts.effective_on else "",
        superseded_on=_given_up(facts),
        awaiting=() if filed_on else agreed.filing_awaited,
    )


def _given_up(facts: DemandFacts) -> date | None:
    """The day the asking Investors had the statement withdrawn: nothing more is owed under
    it.  The Company's own withdrawal ends none of its duties (D13)."""
    withdrawn = facts.withdrawn
    return withdrawn.on if withdrawn is not None and withdrawn.by != "company" else None


def kept_effective(facts: DemandFacts, effective: Window, agreed: Agreed) -> Window:
    """How long the statement is kept effective at most, sections 2(b) and 2(e) (S1):
    until all is sold, or in a firm underwriting until each underwriter has completed its
    distribution, and the same date a year after effectiveness at the latest.

    A method of distribution nobody has recorded is taken for a resale, which ends no
    earlier than the record says all was sold.
    """
    since = facts.effective_on
    firm = facts.distribution == "firm"
    until = agreed.until_distributed if firm else agreed.until_sold
    closes_on, because = until(since)
    done_on = facts.distributed_on if firm else facts.all_sold_on
    provisional_on = None
    if since is None:
        provisional_on, _ = until(effective.closes_on or effective.provisional_on)
    return make_window(
        Window,
        key="keep_effective",
        act="Keep the Registration Statement effective",
        rule="S1",
        clause=agreed.kept_clause,
        party=_COMPANY,
        force=_DUTY,
        opens_on=since,
        closes_on=closes_on,
        because=(because,),
        lenient_on=closes_on,
        provisional_on=provisional_on,
        done_on=done_on,
        done_as="" if done_on is None else "distribution completed" if firm else "all sold",
        superseded_on=facts.withdrawn.on if facts.withdrawn else None,
        awaiting=() if since else agreed.effectiveness_awaited,
    )


def coverage(
    facts: DemandFacts | CompanyFacts,
    filed: Filing,
    windows: Mapping[int, Window],
    answered: Mapping[int, Answers],
    terms: Terms,
    rule: str = "D10",
) -> list[Concern]:
    """Shares asked for in time that the statement, as last amended, does not cover, section
    1(a) (D10) or 3(a) (P4), Investor by Investor; and cover for more than an Investor held
    when it asked.  ``windows`` are the joining windows by Investor.

    A request whose window is not known to have closed is not late.  Nobody is owed more
    than it held (D5); an amount nobody has stated is named as unknown.
    """
    clause, since, covers = terms.clause("request_parts"), filed.on, filed.covers_now
    because = [Reason(rule, clause, "Filed", Fact("Registration Statement filed", since))]
    if filed.amendments:
        since = filed.amendments[-1].on
        because.append(Reason(rule, clause, "Covers now", Fact("Amendment filed", since)))
    if covers is None:
        text = "The shares the Registration Statement covers are not on record."
        return [Concern("coverage", "coverage_unknown", rule, clause, text, since, (*because,))]
    concerns = []
    for who, shares, held in timely(facts, windows, answered):
        covered = covers.get(who.investor, 0)
        if shares is None:
            kind = "coverage_unknown"
            text = f"How many Registrable Shares {who.name} asked for is not on record."
        elif covered < shares:
            kind = "coverage_defect"
            text = (
                f"The statement covers {covered:,} of the {shares:,} Registrable Shares "
                f"{who.name} asked for in time."
            )
        elif held is not None and covered > held:
            kind = "coverage_above_holding"
            text = (
                f"The statement covers {covered:,} Registrable Shares of {who.name}, who held "
                f"{held:,} when it asked."
            )
        else:
            continue
        key = f"coverage:{who.investor}"
        concerns.append(
            Concern(key, kind, rule, clause, text, since, (*because,), who.investor, who.name)
        )
    return concerns


def withdrawn_by_company(facts: DemandFacts, terms: Terms) -> list[Concern]:
    """A statement a demand called for that the Company withdrew of its own accord before it
    was effective: recorded, and the duty to register stands (D13)."""
    withdrawn = facts.withdrawn
    if withdrawn is None or withdrawn.by != "company" or facts.effective_on is not None:
        return []
    clause = terms.clause("demand_used_up")
    text = (
        f"The Company withdrew the statement on {say(withdrawn.on)}, before it was effective. "
        "The demand is not used up, and what is owed under it stands."
    )
    because = (Reason("D13", clause, "Withdrawn", Fact("Withdrawn", withdrawn.on)),)
    return [Concern("withdrawn", "withdrawn", "D13", clause, text, withdrawn.on, because)]


def timely(
    facts: DemandFacts | CompanyFacts,
    windows: Mapping[int, Window],
    answered: Mapping[int, Answers],
    *,
    lenient: bool = False,
) -> list[tuple[Initiator | Invited, int | None, int | None]]:
    """Who asked in time, for how many Registrable Shares, and how many it held: the Demand
    Notice's own and every request in time by the strictest reading, or by the most lenient
    (D4, D10).  Nobody is owed more than it held (D5); an amount not stated is ``None``."""
    asked: list[tuple[Initiator | Invited, int | None, int | None]] = [
        (i, _owed(i.shares, i.held), i.held) for i in facts.initiators
    ]
    for invited in facts.invited:
        window = windows[invited.investor]
        if window.waived_on is not None:
            continue  # it gave up its place, for itself alone (S8)
        by = window.lenient_on if lenient else window.closes_on
        request = latest_answer(answered[invited.investor], by)
        if request is not None and not request.declines:
            free = request.available(facts.decisions)
            asked.append((invited, _owed(request.shares, free), request.held))
    return asked


def _owed(shares: int | None, held: int | None) -> int | None:
    return shares if shares is None or held is None else min(shares, held)


def rest(
    other: OtherStatement, demand_received_on: date, terms: Terms, open_days: BusinessDays
) -> Window | None:
    """The days after another statement's effectiveness on which no registration need be
    effected, section 1(c) (D14).  ``None`` when they ended before the demand came.

    The demand stays good; only the duty to effect it sleeps.
    """
    clause = terms.clause("rests")
    closes_on = terms.rest.after(other.effective_on, open_days)
    if closes_on < demand_received_on:
        return None
    return make_window(
        Window,
        key=f"rest:{other.id}",
        act="No registration need be effected",
        rule="D14",
        clause=clause,
        party=_COMPANY,
        force=_REST,
        opens_on=other.effective_on,
        closes_on=closes_on,
        because=(
            Reason(
                "D14",
                clause,
                "The demand stays good, but nothing need be effected through",
                Fact(f"{other.name} effective", other.effective_on),
                terms.rest,
                closes_on,
            ),
        ),
        lenient_on=closes_on,
    )
