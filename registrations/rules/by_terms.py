"""A demand under any agreement: each day as its own term gives it.

Where the terms have the form section 1 of the first agreement gives them, ``docket`` goes
by quicker rules to the same days.  These take every form a term may have, through
``reckoning.reckon`` and ``conditions.judge``; a term that is not on record leaves its day
unknown, and is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .agreed import promptly_told
from .allowances import rested
from .asking import needed_by
from .conditions import judge
from .days import BusinessDays, say
from .delay import Delayed, put_off
from .demand import company_notice
from .findings import Awaited, Decision, Fact, Force, Party, Reading, Reason, Ruling, Window
from .joining import Answers, Invitation, JoiningDays, answers, joining
from .matter import CompanyFacts, DemandFacts, House, Invited
from .notice import Arrival
from .reckoning import Promptly, Reckoned, reckon
from .situation import Number, Situation
from .terms import SPEC, Terms
from .waivers import (
    NOTICE,
    as_waived,
    binding,
    owed_less,
    rests_waived,
)

# Words the record of a matter answers by itself; every other word is for counsel to fill in.
ON_RECORD = frozenset(
    {
        *("demand_notice_sent", "demand_notice_given", "demand_notice_received"),
        *("company_notice_sent", "company_notice_given", "company_notice_received"),
        *("company_notice_received_by_last", "company_notice_received_by_first"),
        *("company_notice_delivered", "filed", "effective", "all_sold"),
        *("distribution_completed", "other_effective", "filing_due"),
        *("initiating_units", "initiating_shares", "units_offered", "units_issued"),
        *("units_held", "registrable_shares", "requested_shares", "offered_shares"),
    }
)


class Worked(NamedTuple):
    """What a demand comes to by its terms."""

    windows: tuple[Window, ...]
    arrivals: tuple[Arrival, ...]
    joins: Mapping[int, Window]
    answered: Mapping[int, Answers]
    unreceived: tuple[Invited, ...]  # whose receipt of the notice owed is not on record


def situation(facts: DemandFacts, demand: Arrival, terms: Terms) -> Situation:
    """What is known of a matter, by the words terms are written in: from the record, and
    from what counsel filled in beside it."""
    told = facts.circumstances
    sent = [c.sent_on for c in facts.post.copies if c.sent_on is not None]
    others = [o.effective_on for o in facts.others]
    events = {
        "demand_notice_sent": min(sent, default=None),
        "demand_notice_given": demand.given_on,
        "demand_notice_received": demand.received_on,
        "filed": facts.filing.on if facts.filing else None,
        "effective": facts.effective_on,
        "all_sold": facts.all_sold_on,
        "distribution_completed": facts.distributed_on,
        "other_effective": max(others, default=None),
    }
    asked = [i.shares for i in facts.initiators]
    held = [i.held for i in facts.initiators]
    measures: dict[str, Number] = {
        "initiating_units": sum(i.units for i in facts.initiators),
        "units_issued": facts.units_issued,
        "units_held": facts.units_held,
        "registrable_shares": facts.registrable,
    }
    if terms.gives("units_offered"):
        measures["units_offered"] = terms.units_offered
    if None not in held:
        measures["initiating_shares"] = sum(h for h in held if h is not None)
    if None not in asked:
        measures["requested_shares"] = sum(a for a in asked if a is not None)
        measures["offered_shares"] = measures["requested_shares"]
    return Situation(
        terms.calendars,
        events={**told.events, **{name: day for name, day in events.items() if day is not None}},
        measures={**told.measures, **measures},
        facts=told.facts,
        choices=told.choices,
        defined=terms.values.get("defined_words", {}),
    )


def eligibility(facts: DemandFacts, demand: Arrival, terms: Terms, known: Situation) -> Ruling:
    """Whether the demand is good by the agreement's own terms: who may demand, how small a
    demand may be, and from when until when (D1).

    ``refused`` where one of them is not met, ``unknown`` while a fact or the term is missing.
    """
    if demand.given_on is None:
        return Ruling("unknown", demand.because, (), demand.awaiting)
    clause = terms.clause("demand_threshold")
    on = demand.received_on or demand.given_on
    because: list[Reason] = []
    awaiting: list[Awaited] = []
    readings: list[Reading] = []
    verdicts: list[bool | None] = []
    decision = facts.decisions.get("eligibility")
    for term in ("demand_threshold", "demand_min_size"):
        condition = terms.values.get(term)
        if condition is None:
            continue
        judged = judge(condition, known, terms.clause(term))
        holds = judged.holds
        chosen = dict(judged.readings).get(decision.choice) if decision else None
        if chosen is None and term in terms.chosen and judged.readings:
            chosen = judged.readings[0][1]  # the one counsel chose for the agreement is first
        if holds is None and chosen is not None:
            holds = chosen.holds
        verdicts.append(holds)
        because += judged.because
        awaiting += judged.awaiting if holds is None else ()
        readings += [
            Reading(
                name,
                f"{name.replace('_', ' ')}: {'; '.join(r.says for r in each.because)}",
                terms.clause(term),
                governs=decision is not None and decision.choice == name,
            )
            for name, each in judged.readings
        ]
    for term, early in (("demand_opens", True), ("demand_closes", False)):
        when = terms.values.get(term)
        told = reckon(when, known, terms.clause(term)) if when is not None else None
        if told is None or not told.applies:
            continue
        if told.day is None:
            verdicts.append(None)
            awaiting += told.awaiting
            continue
        in_time = on >= told.day if early else on <= told.day
        verdicts.append(in_time)
        which = "the first day to demand" if early else "the last day to demand"
        says = f"It came on {say(on)}; {which} is {say(told.day)}"
        because.append(Reason("D1", terms.clause(term), says))
        if not in_time:
            readings.append(Reading(term, says, terms.clause(term)))
    if "demand_threshold" not in terms.values:
        verdicts.append(None)
        awaiting.append(_lacks("demand_threshold", terms))
    if False in verdicts:
        outcome = "refused"
    elif None in verdicts:
        outcome = "unknown" if awaiting else "needs_decision"
    else:
        outcome = "good"
    if outcome in ("refused", "needs_decision") and not readings:
        readings.append(Reading("term", "; ".join(r.says for r in because), clause))
    reasons = tuple(r._replace(rule="D1") for r in because)
    return Ruling(outcome, reasons, tuple(readings), tuple(dict.fromkeys(awaiting)), decision)


def worked_out(
    facts: DemandFacts,
    demand: Arrival,
    delays: Sequence[Delayed],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
    known: Situation,
) -> Worked:
    """Every window of a demand whose terms have any form, as delays and waivers leave it."""
    waived = binding(facts.waivers, terms)
    arrivals = tuple(i.post.arrival(terms) for i in facts.invited)
    answered = {i.investor: answers(i, terms) if i.requests else () for i in facts.invited}
    invitation = Invitation(
        "D4", "Company Notice", "Ask to join", terms.clause("joining"), "joining"
    )
    joins: dict[int, Window] = {}
    for invited, notice in zip(facts.invited, arrivals, strict=True):
        who = invited.investor
        window = join_by_term(
            invited, notice, answered[who], invitation, terms, known, facts.decisions
        )
        joins[who] = as_waived(window, who, waived, terms)
    owed = [
        (invited, notice)
        for invited, notice in zip(facts.invited, arrivals, strict=True)
        if invited.investor not in waived[NOTICE]
    ]
    told = facts._replace(invited=tuple(invited for invited, _ in owed))
    notices = [notice for _, notice in owed]
    received = [a.received_on for a in notices if a.received_on is not None]
    if received:
        known = known.with_(events={"company_notice_received_by_first": min(received)})
        if len(received) == len(notices):
            known = known.with_(events={"company_notice_received_by_last": max(received)})
    file = put_off(_file(told, terms, known, open_days), delays, facts, terms, open_days)
    if file.closes_on is not None:
        known = known.with_(events={"filing_due": file.closes_on})
    after = [file, *_after(facts, file, terms, known)]
    if facts.waivers:
        parties = {i.investor for i in facts.initiators} | set(joins)
        after = [owed_less(each, each.key, waived, parties, terms) for each in after]
    windows = [
        *_told(told, demand, notices, terms, house, open_days, known),
        *joins.values(),
        *after,
        *rests_waived(_rests(terms, known, demand.received_on), waived, terms),
    ]
    unreceived = tuple(invited for invited, notice in owed if notice.received_on is None)
    return Worked(tuple(windows), arrivals, joins, answered, unreceived)


def join_by_term(
    invited: Invited,
    notice: Arrival,
    answered: Answers,
    invitation: Invitation,
    terms: Terms,
    known: Situation,
    decisions: Mapping[str, Decision],
) -> Window:
    """One Investor's window to answer, as the term the invitation is about counts it (D4,
    P3); not known, and named, while the term is not on record."""
    rule, clause, about = invitation.rule, invitation.clause, invitation.about
    sent = min((c.sent_on for c in invited.post.copies if c.sent_on), default=None)
    lacking = () if about in terms.values else (_lacks(about, terms),)
    waits: tuple[Awaited, ...] = lacking
    word = invitation.notice.lower().replace(" ", "_")

    def days(given_on: date | None, received_on: date | None, choice: str) -> JoiningDays:
        nonlocal waits
        events = {
            f"{word}_sent": sent,
            f"{word}_given": given_on,
            f"{word}_received": received_on,
            f"{word}_delivered": received_on,
        }
        mine = known.with_(events={name: day for name, day in events.items() if day is not None})
        term = terms.values.get(about)
        told = Reckoned(None, (), lacking) if term is None else reckon(term, mine, clause)
        by_name = {name: each.day for name, each in told.readings} or {"": told.day}
        reached = [day for day in by_name.values() if day is not None]
        strict = min(reached, default=None) if told.day is not None else None
        lenient = max(reached) if reached and len(reached) == len(by_name) else None
        if about in terms.chosen:
            strict = lenient = told.day
        if by_name.get(choice) is not None:
            strict = lenient = by_name[choice]
        if strict is None:
            waits = told.awaiting
        because = told.because[-1] if told.because else Reason(rule, clause, "Last day to join")
        readings = tuple(
            Reading(name, name, clause, closes_on=day, governs=day == strict)
            for name, day in by_name.items()
            if len(by_name) > 1
        )
        return JoiningDays(strict, lenient, because._replace(rule=rule), readings)

    window = joining(invited, notice, days, answered, invitation, decisions)
    if window.closes_on is not None or not waits or notice.given_on is None:
        return window
    return window._replace(
        awaiting=tuple(w._replace(who=invited.name, investor=invited.investor) for w in waits)
    )


def proposal_situation(facts: CompanyFacts, terms: Terms) -> Situation:
    """What is known of a registration the Company proposes, by the words terms are written
    in."""
    days = {
        "registration_proposed": facts.proposal.proposed_on,
        "filing_planned": facts.proposal.planned_on,
        "filed": facts.filing.on if facts.filing else None,
        "effective": facts.effective_on,
    }
    return Situation(
        terms.calendars,
        events={name: day for name, day in days.items() if day is not None},
        choices={"form": facts.proposal.form} if facts.proposal.form else {},
        defined=terms.values.get("defined_words", {}),
    )


def _told(
    facts: DemandFacts,
    demand: Arrival,
    arrivals: Sequence[Arrival],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
    known: Situation,
) -> list[Window]:
    """Word to the other Investors: by the agreement's day, or promptly by ours (D2)."""
    term = terms.values.get("company_notice")
    if not facts.invited or term is None:
        return []
    given = [a.given_on for a in arrivals if a.given_on is not None]
    ungiven = [i for i, a in zip(facts.invited, arrivals, strict=True) if a.given_on is None]
    window = company_notice(
        demand, given, ungiven, terms.clause("joining"), promptly_told(terms, house, open_days)
    )
    return [by_its_day(window, "company_notice", terms, known)]


def by_its_day(window: Window, term: str, terms: Terms, known: Situation) -> Window:
    """The window to tell the Investors, by the day its term counts; as it is where the term
    says promptly, or is not on record (D2, P1)."""
    value = terms.values.get(term)
    if value is None or isinstance(value, Promptly):
        return window
    told = reckon(value, known, terms.clause(term))
    made = _window(window.key, window.act, window.rule, term, told, terms)
    return made._replace(
        opens_on=window.opens_on, done_on=window.done_on, superseded_on=window.superseded_on
    )


def _file(facts: DemandFacts, terms: Terms, known: Situation, open_days: BusinessDays) -> Window:
    """The days on which the Company may file (D6, D7)."""
    clause = terms.clause("filing_closes")
    closes = terms.values.get("filing_closes")
    last = (
        Reckoned(None, (), (_lacks("filing_closes", terms),))
        if closes is None
        else reckon(closes, known, clause)
    )
    made = _window(
        "file", "File the Registration Statement", "D6, D7", "filing_closes", last, terms
    )
    first = terms.values.get("filing_opens")
    if not facts.invited and any(n.word.startswith("company_notice") for n in needed_by(first)):
        first = None  # with nobody to tell, nothing holds the filing back
    opens = reckon(first, known, terms.clause("filing_opens")) if first is not None else None
    opens_on = opens.day if opens is not None else None
    because = [r._replace(rule="D6") for r in opens.because] if opens is not None else []
    because += [r._replace(rule="D7") for r in last.because]
    waits = last.awaiting if last.day is None else ()
    if opens is not None and opens.day is None and opens.applies:
        waits += opens.awaiting
    return made._replace(
        opens_on=opens_on,
        because=tuple(because),
        practical_opens_on=open_days.on_or_after(opens_on) if opens_on else None,
        practical_closes_on=open_days.on_or_before(made.closes_on) if made.closes_on else None,
        done_on=facts.filing.on if facts.filing else None,
        done_as="filed" if facts.filing else "",
        awaiting=tuple(dict.fromkeys(waits)),
    )


def _after(facts: DemandFacts, file: Window, terms: Terms, known: Situation) -> list[Window]:
    """Effectiveness, and how long it is kept (D9, S1)."""
    found = []
    given_up = facts.withdrawn.on if facts.withdrawn and facts.withdrawn.by != "company" else None
    if (term := terms.values.get("effectiveness")) is not None:
        told = reckon(term, known, terms.clause("effectiveness"))
        made = _window("effective", _EFFECTIVE, "D9", "effectiveness", told, terms)
        if made.closes_on is None and file.closes_on is not None:
            later = reckon(term, known.with_(events={"filed": file.closes_on}))
            made = made._replace(provisional_on=later.day)
        found.append(
            made._replace(
                opens_on=facts.filing.on if facts.filing else None,
                done_on=facts.effective_on,
                done_as="became effective" if facts.effective_on else "",
                superseded_on=given_up,
                awaiting=made.awaiting if made.closes_on is None else (),
            )
        )
    if (term := terms.values.get("keep_effective")) is not None:
        told = reckon(term, known, terms.clause("keep_effective"))
        made = _window("keep_effective", _KEPT, "S1", "keep_effective", told, terms)
        done_on = facts.all_sold_on or facts.distributed_on
        found.append(
            made._replace(
                opens_on=facts.effective_on,
                done_on=done_on,
                done_as="all sold" if done_on else "",
                superseded_on=facts.withdrawn.on if facts.withdrawn else None,
                awaiting=(Awaited("effectiveness", made.clause),)
                if facts.effective_on is None
                else made.awaiting,
            )
        )
    return found


_EFFECTIVE = "Registration Statement becomes effective"
_KEPT = "Keep the Registration Statement effective"


def _rests(terms: Terms, known: Situation, came_on: date | None) -> list[Window]:
    """Days on which nothing can be required, by every rest the agreement gives (D14)."""
    clause = terms.clause("rests")
    found = []
    for n, rest in enumerate(terms.values.get("rests", ()), start=1):
        told = rested(rest, came_on, known, clause)
        if told.bars is False or told.last is None or (came_on and told.last < came_on):
            continue
        found.append(
            Window(
                f"rests:{n}",
                rest.says,
                "D14",
                clause,
                Party.COMPANY,
                Force.REST,
                told.first,
                told.last,
                told.because,
                lenient_on=told.last,
            )
        )
    return found


def _window(key: str, act: str, rule: str, term: str, told: Reckoned, terms: Terms) -> Window:
    """A duty of the Company by the day a term gives; the strictest reading judges (N8)."""
    clause = terms.clause(term)
    by_name = {name: each.day for name, each in told.readings}
    days = [day for day in by_name.values() if day is not None]
    closes_on = min(days) if days and told.day is not None else told.day
    lenient_on = max(days) if days and len(days) == len(by_name) else closes_on
    if term in terms.chosen:
        closes_on = lenient_on = told.day
    return Window(
        key,
        act,
        rule,
        clause,
        Party.COMPANY,
        Force.DUTY,
        None,
        closes_on,
        tuple(r._replace(rule=rule.split(",")[0]) for r in told.because)
        or (Reason(rule.split(",")[0], clause, act, Fact(SPEC[term].label, None)),),
        lenient_on=lenient_on,
        awaiting=told.awaiting if told.day is None else (),
        readings=tuple(
            Reading(name, name, clause, closes_on=day, governs=day == closes_on)
            for name, day in by_name.items()
        ),
    )


def _lacks(term: str, terms: Terms) -> Awaited:
    """A term that is not on record, by its label."""
    return Awaited(f"a term not on record: {SPEC[term].label.lower()}", terms.clause(term))
