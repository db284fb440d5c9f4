"""Registrations the Company itself proposes, and the Investors' right to be in them
(P1 to P6 and P8, section 3).

The Company may withdraw before effectiveness whoever has joined, and bears the expenses
then as always (P5); from that day nothing hangs on the windows any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from .days import BusinessDays, say
from .findings import (
    Awaited,
    Concern,
    Fact,
    Force,
    Party,
    Reading,
    Reason,
    Ruling,
    Window,
)
from .joining import Answers, live_answer
from .matter import CompanyFacts, House, Invited, Request
from .notice import Arrival
from .terms import Terms

_EXCLUDED = {
    "stock_plan": "it relates only to sales to participants in a Company stock plan",
    "reorganization": "it relates to a corporate reorganization or Rule 145 transaction",
    "conversion": "its only Common Stock is what the debt registered with it converts into",
}


def notice_owed(facts: CompanyFacts, terms: Terms) -> Ruling:
    """Whether a proposed registration owes every Investor a Registration Notice, section
    3(a): ``owed`` (P1), ``excluded`` (P2) or ``unknown``.

    What the facts give stays visible as a reading; counsel's recorded conclusion, if any,
    governs.
    """
    proposal, clause = facts.proposal, terms.clause("piggyback_excluded")
    proposed = Fact("proposed", proposal.proposed_on)
    awaiting: tuple[Awaited, ...] = ()
    if not proposal.public_offering:
        outcome, rule, says = "excluded", "P1", "It is not for a public offering"
    elif proposal.only_for in terms.piggyback_excluded:
        outcome, rule = "excluded", "P2"
        says = f"Left out by the agreement: {_EXCLUDED[proposal.only_for]}"
    elif proposal.form_allows is None:
        outcome, rule = "unknown", "P1"
        says = "Whether the form could carry the Investors’ shares is not on record"
        awaiting = (Awaited("whether the form could carry the Investors’ shares", clause),)
    elif not proposal.form_allows:
        outcome, rule, says = "excluded", "P1", "The form could not carry the Investors’ shares"
    else:
        outcome, rule = "owed", "P1"
        says = (
            "A public offering, on a form that could carry the Investors’ shares, and none of "
            "the registrations left out"
        )
    because = (Reason(rule, clause, says, proposed),)
    decision = facts.decisions.get("notice_owed")
    governs = decision.choice if decision else outcome
    words = {"owed": "a Registration Notice is owed", "excluded": "none is owed"}
    readings = tuple(
        Reading(
            name,
            f"{words[name]}{': ' + says if name == outcome else ''}",
            clause,
            governs=name == governs,
        )
        for name in words
    )
    if decision is not None:
        outcome, awaiting = decision.choice, ()
    return Ruling(outcome, because, readings, awaiting, decision)


def registration_notice(
    facts: CompanyFacts,
    arrivals: Sequence[Arrival],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
) -> Window:
    """The Registration Notice to every Investor, "promptly" and before filing, section
    3(a) (P1).

    The agreement gives no number of days; the last day shown is the workspace's own
    standard.
    """
    clause = terms.clause("piggyback_joining")
    proposed_on = facts.proposal.proposed_on
    closes_on = house.promptly.after(proposed_on, open_days)
    return Window(
        key="registration_notice",
        act="Give every Investor the Registration Notice",
        rule="P1",
        clause=clause,
        party=Party.COMPANY,
        force=Force.HOUSE,
        opens_on=proposed_on,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=(
            Reason(
                "P1",
                clause,
                "The Company gives the notice promptly; our standard, not in the agreement",
                Fact("registration proposed", proposed_on),
                house.promptly,
                closes_on,
            ),
        ),
        done_on=_all_given(arrivals),
        superseded_on=facts.withdrawn_on,
        awaiting=_not_given(facts, arrivals, clause),
    )


def last_safe_notice(
    facts: CompanyFacts,
    arrivals: Sequence[Arrival],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
) -> Window:
    """The last day to give the Registration Notice so that every window to answer closes
    by the planned filing, section 3(a) (P4).

    A method that counts only on receipt must leave earlier, by the time a receipt is
    expected to take: the workspace's own standard, shown as a reading beside the day.
    """
    clause = terms.clause("piggyback_joining")
    planned_on = facts.proposal.planned_on
    safe_on = posted_on = None
    if planned_on is not None:
        safe_on = terms.piggyback_joining.latest_start(planned_on, open_days)
        posted_on = house.receipt_expected.latest_start(safe_on, open_days)
    given_on = _all_given(arrivals)
    ended_on = facts.withdrawn_on or (facts.filing.on if facts.filing and not given_on else None)
    return Window(
        key="last_notice",
        act="Give the last Investor the Registration Notice",
        rule="P4",
        clause=clause,
        party=Party.COMPANY,
        force=Force.DERIVED,
        opens_on=facts.proposal.proposed_on,
        closes_on=safe_on,
        lenient_on=safe_on,
        because=(
            Reason(
                "P4",
                clause,
                "A notice given later leaves a window open past the planned filing",
                Fact("planned filing", planned_on),
                terms.piggyback_joining,
                safe_on,
                back=True,
            ),
        ),
        done_on=given_on,
        superseded_on=ended_on,
        awaiting=(Awaited("the planned filing day", clause),) if planned_on is None else (),
        readings=(
            Reading(
                "counts_when_sent",
                "sent by a method that counts when sent",
                clause,
                closes_on=safe_on,
                governs=True,
            ),
            Reading(
                "counts_on_receipt",
                "sent by a method that counts on receipt: "
                f"{house.receipt_expected.words} earlier, our standard, not in the agreement",
                clause,
                closes_on=posted_on,
            ),
        ),
    )


def planned_filing(
    facts: CompanyFacts, arrivals: Sequence[Arrival], terms: Terms, open_days: BusinessDays
) -> Window:
    """The filing the Company plans, section 3(a) (P1, P4): not before the Registration
    Notice is given.  The last day is the Company's plan and may move; it is no duty."""
    clause = terms.clause("piggyback_joining")
    planned_on = facts.proposal.planned_on
    given_on = _all_given(arrivals)
    return Window(
        key="file",
        act="File the registration statement",
        rule="P4",
        clause=clause,
        party=Party.COMPANY,
        force=Force.HOUSE,
        opens_on=given_on,
        closes_on=planned_on,
        lenient_on=planned_on,
        because=(
            Reason("P4", clause, "The Company’s own plan", Fact("planned filing", planned_on)),
            *(
                (
                    Reason(
                        "P1",
                        clause,
                        "Not before the Registration Notice is given to the last Investor",
                        Fact("Registration Notice last given", given_on),
                    ),
                )
                if arrivals
                else ()
            ),
        ),
        practical_opens_on=open_days.on_or_after(given_on) if given_on else None,
        practical_closes_on=open_days.on_or_before(planned_on) if planned_on else None,
        done_on=facts.filing.on if facts.filing else None,
        done_as="filed" if facts.filing else "",
        superseded_on=facts.withdrawn_on,
        awaiting=_not_given(facts, arrivals, clause),
    )


def until_effective(facts: CompanyFacts, terms: Terms) -> tuple[Window, ...]:
    """Effectiveness, until which the Company may withdraw, section 3(b) (P5); no day is
    set for it.  Nothing before the filing."""
    if facts.filing is None:
        return ()
    clause, on = "3(b)", facts.effective_on
    return (
        Window(
            key="effective",
            act="Registration statement becomes effective",
            rule="P5",
            clause=clause,
            party=Party.COMPANY,
            force=Force.RIGHT,
            opens_on=facts.filing.on,
            closes_on=on,
            lenient_on=on,
            because=(
                Reason(
                    "P5",
                    clause,
                    "Until then the Company may withdraw it, whoever has joined, at its own "
                    "expense",
                    Fact("effective", on),
                ),
            ),
            done_on=on,
            done_as="became effective" if on else "",
            superseded_on=facts.withdrawn_on,
            awaiting=() if on else (Awaited("effectiveness", clause),),
        ),
    )


def twice(facts: CompanyFacts, answered: Mapping[int, Answers], terms: Terms) -> list[Concern]:
    """Requests for shares that sit in another registration (P8).  The agreement is
    silent; by default they are left out, and counsel may allow them for that request."""
    concerns = []
    clause = terms.clause("piggyback_joining")
    for invited, on, request in _asking(facts, answered):
        beyond = _in_another(request, facts)
        if beyond == 0 or f"both:{request.id}" in facts.decisions:
            continue
        concerns.append(
            Concern(
                f"decide:both:{request.id}",
                "needs_decision",
                "P8",
                clause,
                f"{beyond:,} of the Registrable Shares {invited.name} asks for sit in another "
                "registration and are left out. Decide whether this request may have them.",
                on,
                (
                    Reason(
                        "P8",
                        clause,
                        "The agreement does not say whether the same shares may be in two "
                        "registrations; by default they are not",
                        Fact("request received", on),
                    ),
                ),
                invited.investor,
                invited.name,
            )
        )
    return concerns


def _in_another(request: Request, facts: CompanyFacts) -> int:
    """How many of the shares asked for are held and sit in another registration."""
    free = request.available(facts.decisions)
    if request.shares is None or request.held is None or free is None:
        return 0
    return max(0, min(request.shares, request.held) - free)


def not_accepted(
    facts: CompanyFacts,
    answered: Mapping[int, Answers],
    windows: Mapping[int, Window],
    terms: Terms,
) -> list[Concern]:
    """Investors who asked in time to be in an underwriting and have not accepted its
    terms: not yet able to participate, section 3(c) (P6)."""
    if not facts.proposal.underwritten:
        return []
    concerns = []
    for invited, on, _ in _asking(facts, answered):
        window = windows[invited.investor]
        if invited.investor in facts.accepted or _late(on, window):
            continue
        concerns.append(
            Concern(
                f"accept:{invited.investor}",
                "not_accepted",
                "P6",
                "3(c)",
                f"{invited.name} asked to be in the underwriting and has not accepted its terms: "
                "not yet able to participate.",
                on,
                (Reason("P6", "3(c)", "Request received", Fact("received", on)),),
                invited.investor,
                invited.name,
            )
        )
    return concerns


def participating(facts: CompanyFacts, answered: Mapping[int, Answers]) -> Mapping[int, Answers]:
    """The answers of those able to participate: all of them, or in an underwriting those
    who accepted its terms, section 3(c) (P6)."""
    if not facts.proposal.underwritten:
        return answered
    return {who: said if who in facts.accepted else () for who, said in answered.items()}


def early_filing(
    facts: CompanyFacts,
    arrivals: Sequence[Arrival],
    windows: Mapping[int, Window],
    answered: Mapping[int, Answers],
    terms: Terms,
) -> list[Concern]:
    """What a filing made too early leads to, section 3(a): Investors to whom no notice had
    been given by then (P1), and those whose window was still running, whose request in
    time an amendment must take in (P4).

    A filing cuts nobody off.  An Investor who has answered needs no naming here: what it
    asked for is checked against what the statement covers.
    """
    if facts.filing is None:
        return []
    on, clause = facts.filing.on, terms.clause("piggyback_joining")
    filed = (Reason("P4", clause, "Filed", Fact("registration statement filed", on)),)
    concerns = []
    untold = [
        i.name
        for i, a in zip(facts.invited, arrivals, strict=True)
        if a.given_on is None or a.given_on > on
    ]
    if untold:
        text = f"Filed before the Registration Notice was given to {_names(untold)}."
        concerns.append(Concern("untold", "filed_untold", "P1", clause, text, on, filed))
    running = [
        i.name
        for i in facts.invited
        if not answered[i.investor]
        and windows[i.investor].waived_on is None
        and ((closes := windows[i.investor].closes_on) is None or closes >= on)
    ]
    if running:
        text = (
            f"Filed on {say(on)}, before the window of {_names(running)} closed. A request in "
            "time is still included: it will need an amendment."
        )
        concerns.append(Concern("amendment", "amendment", "P4", clause, text, on, filed))
    return concerns


def _names(names: Sequence[str]) -> str:
    shown = list(names[:10])
    if len(names) > 10:
        shown.append(f"{len(names) - 10:,} others")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _asking(
    facts: CompanyFacts, answered: Mapping[int, Answers]
) -> list[tuple[Invited, date, Request]]:
    """Each Investor whose live answer asks to be included, with the day it came and its
    last word on how much."""
    found = []
    for invited in facts.invited:
        said = answered[invited.investor]
        live = live_answer(said) if said else None
        if live is not None and not live[1].declines:
            found.append((invited, live[0], said[-1][1]))
    return found


def _late(on: date, window: Window) -> bool:
    return window.lenient_on is not None and on > window.lenient_on


def _all_given(arrivals: Sequence[Arrival]) -> date | None:
    """The day the notice had been given to everybody, or ``None``."""
    given = [a.given_on for a in arrivals if a.given_on is not None]
    return max(given) if given and len(given) == len(arrivals) else None


def _not_given(
    facts: CompanyFacts, arrivals: Sequence[Arrival], clause: str
) -> tuple[Awaited, ...]:
    return tuple(
        Awaited("Registration Notice given", clause, i.name, i.investor)
        for i, a in zip(facts.invited, arrivals, strict=False)
        if a.given_on is None
    )
