"""The Company's delay of a demand, section 1(d) (D15): whether it may, through which day,
and what that does to the last day to file.

A delay the Company directed is a fact and stays on record, allowed or not.  One that is
not allowed, or not shown to be, moves no date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from .allowances import Budget, Stretch, ends_by, may_use
from .days import BusinessDays, say
from .findings import (
    Awaited,
    Concern,
    Decision,
    Force,
    Party,
    Reading,
    Reason,
    Ruling,
    Window,
)
from .matter import Delay, DemandFacts
from .notice import Arrival
from .reckoning import On
from .situation import Situation
from .terms import Terms
from .words import Kind, label

# What a delay does to the last day to file, where the agreement does not say.
EFFECTS = ("due_at_end", "tolled", "restart")
EFFECT_SAYS = {
    "due_at_end": "what fell due during the delay is due on its last day",
    "tolled": "the days of the delay do not count",
    "restart": "the days to file run anew from the end of the delay",
}


_OF_THE_DEMAND = ("demand_notice_given", "demand_notice_received")
_OTHER_GROUND = "other_activity_begins"


class Delayed(NamedTuple):
    """A delay judged: whether it is allowed (``good``, ``refused``, ``needs_decision`` or
    ``unknown``), and the last day it may run through, ``None`` while that is unknown."""

    delay: Delay
    ruling: Ruling
    ends_on: date | None

    @property
    def stands(self) -> bool:
        return self.ruling.outcome == "good"


def judged_delays(
    facts: DemandFacts, demand: Arrival, terms: Terms, open_days: BusinessDays
) -> tuple[Delayed, ...]:
    """Each delay directed of this demand, in order, judged with those before it.

    Every delay the Company ever directed under the agreement counts towards how many it
    may, whatever became of it.
    """
    if not facts.delays:
        return ()
    clause = terms.clause("delay")
    budget = terms.values.get("delay")
    found: list[Delayed] = []
    for delay in sorted(facts.delays, key=lambda d: (d.directed_on, d.id)):
        if not isinstance(budget, Budget):
            says = "The agreement gives the Company no right to delay a demand"
            found.append(Delayed(delay, Ruling("refused", (Reason("D15", clause, says),)), None))
            continue
        before = [d for d in facts.delayed_elsewhere if d.directed_on <= delay.directed_on]
        before += [other.delay for other in found]
        used = [taken(d, budget, open_days) for d in before]
        found.append(_judged(delay, used, budget, demand, terms, facts.decisions))
    return tuple(found)


def put_off(
    window: Window,
    delays: Sequence[Delayed],
    facts: DemandFacts,
    terms: Terms,
    open_days: BusinessDays,
) -> Window:
    """The window to file as the delays leave it: a later last day, with every reading.

    The agreement does not say what a delay does to days that already run.  Each effect is
    a reading; the strictest governs until counsel decides (N8).  A delay directed after the
    last day has passed moves nothing.
    """
    last = window.closes_on
    if last is None or not delays:
        return window
    clause = terms.clause("delay")
    standing = [d for d in delays if d.stands and d.delay.directed_on <= last]
    if not standing:
        return window
    because = [*window.because, *(r for d in standing for r in d.ruling.because)]
    undelayed = Reading("without_delay", "Without the delay", window.clause, closes_on=last)
    open_ended = [d for d in standing if d.ends_on is None]
    if open_ended:
        return window._replace(
            rule=f"{window.rule}, D15",
            closes_on=None,
            lenient_on=None,
            practical_closes_on=None,
            because=tuple(because),
            awaiting=(Awaited(counted_from(terms), clause), *window.awaiting),
            readings=(*window.readings, undelayed),
        )
    budget = terms.values["delay"]
    names: tuple[str, ...] = ("tolled",) if budget.tolls else EFFECTS
    if not terms.gives("filing_closes"):
        names = tuple(name for name in names if name != "restart")
    days = {name: _effect(name, last, standing, terms, open_days) for name in names}
    decided = facts.decisions.get("delay_effect")
    governing = (
        decided.choice
        if decided is not None and decided.choice in days
        else min(days, key=lambda name: days[name])
    )
    ends_on = max(d.ends_on for d in standing if d.ends_on is not None)
    closes_on = days[governing]
    because.append(
        Reason(
            "D15",
            clause,
            f"Put off through {say(ends_on)}; {EFFECT_SAYS[governing]}, so the last day to file "
            f"is {say(closes_on)}",
        )
    )
    return window._replace(
        rule=f"{window.rule}, D15",
        closes_on=closes_on,
        lenient_on=closes_on if decided is not None else max(days.values()),
        practical_closes_on=open_days.on_or_before(closes_on),
        because=tuple(because),
        readings=(
            *window.readings,
            *(
                Reading(
                    name,
                    f"After the delay {EFFECT_SAYS[name]}",
                    clause,
                    closes_on=day,
                    governs=name == governing,
                )
                for name, day in days.items()
            ),
            undelayed,
        ),
        decision=window.decision or decided,
    )


def running(delays: Sequence[Delayed], terms: Terms) -> list[Window]:
    """A window for each delay that is allowed: the days on which it runs."""
    if not delays:
        return []
    clause = terms.clause("delay")
    return [
        Window(
            key=f"delay:{d.delay.id}",
            act="The Company’s delay runs",
            rule="D15",
            clause=clause,
            party=Party.COMPANY,
            force=Force.REST,
            opens_on=d.delay.directed_on,
            closes_on=d.ends_on,
            lenient_on=d.ends_on,
            because=d.ruling.because,
            awaiting=() if d.ends_on else (Awaited(counted_from(terms), clause),),
            decision=d.ruling.decision,
        )
        for d in delays
        if d.stands
    ]


def delay_concerns(delays: Sequence[Delayed], file: Window, terms: Terms) -> list[Concern]:
    """Delays that move nothing, and what counsel must decide about those that do."""
    if not delays:
        return []
    clause = terms.clause("delay")
    concerns = []
    for each in delays:
        ruling, on = each.ruling, each.delay.directed_on
        key = f"delay:{each.delay.id}"
        if ruling.outcome == "refused":
            why = "; ".join(r.says for r in ruling.because)
            text = f"The delay directed on {say(on)} is not allowed: {why}. It moves no date."
            kind = "delay_refused"
        elif ruling.outcome == "unknown":
            waits = "; ".join(a.fact for a in ruling.awaiting)
            text = f"Whether the delay directed on {say(on)} is allowed is not known: {waits}. "
            text += "Until it is, it moves no date."
            kind = "delay_unknown"
        elif ruling.outcome == "needs_decision":
            text = f"The delay directed on {say(on)} shares its allowance with suspensions of "
            text += "sales: see who may sell for those it leaves room for."
            if ground := each.delay.other_ground:
                text = f"The delay directed on {say(on)} rests on a ground the agreement does not "
                text += f"define: {ground}."
            text += " Decide whether it is allowed."
            key, kind = f"decide:{key}", "needs_decision"
        elif _lenient(file):
            text = "What the delay does to the last day to file is open: "
            text += f"{say(file.closes_on)} on the strictest reading, {say(file.lenient_on)} on "
            text += "the most lenient. Decide which governs."
            key, kind = "decide:delay_effect", "needs_decision"
        else:
            continue
        concerns.append(Concern(key, kind, "D15", clause, text, on, ruling.because))
    return list({c.key: c for c in concerns}.values())


def _lenient(file: Window) -> bool:
    closes_on, lenient_on = file.closes_on, file.lenient_on
    return closes_on is not None and lenient_on is not None and lenient_on > closes_on


def _judged(
    delay: Delay,
    used: Sequence[Stretch],
    budget: Budget,
    demand: Arrival,
    terms: Terms,
    decisions: Mapping[str, Decision],
) -> Delayed:
    clause = terms.clause("delay")
    if delay.other_ground:
        # What the term hangs on is not what is claimed, nor is it counted from the same day.
        start = On(_OTHER_GROUND) if budget.counts_from is not None else None
        budget = replace(budget, where=None, counts_from=start)
    situation = _situation(delay, demand, budget, terms)
    ask = Stretch(delay.directed_on, 1)
    allowed = may_use(ask, used, budget, situation, clause)
    most = ends_by(budget, ask, situation, clause)
    because = [r._replace(rule="D15") for r in (*allowed.because, *most.because)]
    outcome = {True: "good", False: "refused", None: "unknown"}[allowed.holds]
    decision = decisions.get(f"delay:{delay.id}")
    if decision is not None:
        outcome = "good" if decision.choice == "allowed" else "refused"
        says = "Counsel decided that it is allowed"
        if outcome == "refused":
            says = "Counsel decided that it is not allowed"
        because.append(Reason("D15", clause, f"{says}: {decision.reason}"))
    elif outcome == "good" and (delay.other_ground or budget.shared_with):
        outcome = "needs_decision"
        if budget.shared_with:
            says = "Suspensions of sales use the same allowance up, and are not counted here"
            because.append(Reason("D15", clause, says))
    ends_on = most.day
    if budget.counts_from is None and allowed.most_days is not None and ends_on is not None:
        left_on = delay.directed_on + timedelta(allowed.most_days)
        if left_on < ends_on:
            ends_on = left_on
            says = f"No more days are left of it than to {say(left_on)}"
            because.append(Reason("D15", clause, says, result=left_on))
    if (asked_on := delay.until_on) is not None:
        says = f"The Company put it off through {say(asked_on)}"
        if ends_on is not None and asked_on > ends_on:
            says = f"The Company asked for {say(asked_on)}, and may have no later day than "
            says += say(ends_on)
        elif ends_on is not None or budget.each is None:
            ends_on = asked_on
        because.append(Reason("D15", clause, says, result=ends_on))
    return Delayed(
        delay,
        Ruling(outcome, tuple(because), (), allowed.awaiting, decision),
        ends_on if outcome == "good" else None,
    )


def taken(delay: Delay, budget: Budget, open_days: BusinessDays) -> Stretch:
    """The days a delay took: those the Company asked for, or else as many as it may be."""
    last = delay.until_on
    if last is None and budget.each is not None:
        last = budget.each.after(delay.directed_on, open_days)
    return Stretch(
        delay.directed_on, max(1, ((last or delay.directed_on) - delay.directed_on).days)
    )


def _situation(delay: Delay, demand: Arrival, budget: Budget, terms: Terms) -> Situation:
    """What is known when a delay is judged, under the words its term may use."""
    days = zip(_OF_THE_DEMAND, (demand.given_on, demand.received_on), strict=True)
    events = {name: day for name, day in days if day is not None}
    start = budget.counts_from
    if isinstance(start, On) and delay.counted_from_on is not None:
        events.setdefault(start.event, delay.counted_from_on)
    measures: dict[str, int] = {}
    asked_on = demand.received_on or demand.given_on
    if delay.planned_on is not None and asked_on is not None:
        measures["days_to_offering"] = (delay.planned_on - asked_on).days
    return Situation(
        terms.calendars,
        events=events,
        measures=measures,
        facts=delay.facts,
        defined=terms.values.get("defined_words", {}),
    )


def counted_from(terms: Terms) -> str:
    """The fact the longest delay is counted from, in words; empty where it is the delay's
    own first day, or the agreement allows none."""
    budget = terms.values.get("delay")
    start = budget.counts_from if budget is not None else None
    if not isinstance(start, On) or start.event in _OF_THE_DEMAND:
        return ""
    return label(Kind.EVENT, start.event, terms.values.get("defined_words", {}))


def _effect(
    name: str, last: date, delays: Sequence[Delayed], terms: Terms, open_days: BusinessDays
) -> date:
    """The last day to file under one reading; never sooner than without the delay."""
    day = last
    for each in delays:
        ends_on = each.ends_on
        assert ends_on is not None
        if name == "tolled":
            day += max(ends_on - each.delay.directed_on, timedelta(0))
        elif name == "restart":
            day = max(day, terms.filing_closes.after(ends_on, open_days))
        else:
            day = max(day, ends_on)
    return day
