"""A suspension on the docket: what the Company owes and by when, who must not sell, and how
much of what the agreement allows it takes (S4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .allowances import Allowed, Budget, Stretch, may_use
from .days import BusinessDays, say
from .delay import taken
from .findings import Awaited, Concern, Fact, Force, Party, Reason, Window
from .matter import Delay, House
from .prospectus import Seller, Selling, Suspension
from .selling import MAY, Steps, in_suspension
from .situation import Situation
from .terms import Terms


def promptly(selling: Selling, terms: Terms, house: House, open_days: BusinessDays) -> list[Window]:
    """The Company promptly tells every Selling Investor that the prospectus is amended, and
    promptly provides the revised one, section 2 (S4).

    The agreement gives no number of days; the last day shown is the workspace's own
    standard, and is never a breach of the agreement.
    """
    found = []
    for suspension in selling.suspensions if selling.sellers else ():
        steps = _steps(selling, suspension, terms)
        told = {s.investor: step.told.given_on for s, step in steps if step.told is not None}
        came = {s.investor: step.revised_on for s, step in steps}
        ref = suspension.reference
        for key, act, fact, days in (
            (f"tell_sellers:{ref}", f"Tell every Selling Investor of {ref}", "the notice", told),
            (
                f"revised:{ref}",
                f"Provide every Selling Investor the revised prospectus of {ref}",
                "the revised prospectus",
                came,
            ),
        ):
            found.append(
                _prompt(selling, suspension, key, act, fact, days, terms, house, open_days)
            )
    return found


def _prompt(
    selling: Selling,
    suspension: Suspension,
    key: str,
    act: str,
    fact: str,
    days: Mapping[int, date | None],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
) -> Window:
    clause, since = terms.clause("stop_offers"), suspension.amended_on
    closes_on = house.promptly.after(since, open_days)
    known = [on for s in selling.sellers if (on := days.get(s.investor)) is not None]
    missing = tuple(
        Awaited(f"receipt of {fact}", clause, s.name, s.investor)
        for s in selling.sellers
        if days.get(s.investor) is None
    )
    says = "The Company does it promptly; our standard, not in the agreement"
    amended = Fact("prospectus amended", since)
    over = [selling.withdrawn_on, selling.all_sold_on, selling.distributed_on]
    return Window(
        key=key,
        act=act,
        rule="S4",
        clause=clause,
        party=Party.COMPANY,
        force=Force.HOUSE,
        opens_on=since,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=(Reason("S4", clause, says, amended, house.promptly, closes_on),),
        done_on=None if missing else max(since, *known),
        done_as="" if missing else "every Selling Investor has it",
        superseded_on=min(
            (on for on in (suspension.released_on, *over) if on is not None), default=None
        ),
        awaiting=missing,
    )


def _steps(
    selling: Selling, suspension: Suspension, terms: Terms, day: date = date.max
) -> list[tuple[Seller, Steps]]:
    return [(s, in_suspension(suspension, s, selling, terms, day)) for s in selling.sellers]


def unfinished(selling: Selling, terms: Terms) -> list[Concern]:
    """Suspensions that are not over: sellers who must not sell, or who are owed notice or a
    revised prospectus (S4)."""
    if selling.withdrawn_on or selling.all_sold_on or selling.distributed_on:
        return []
    found = []
    for suspension in selling.suspensions:
        steps = _steps(selling, suspension, terms)
        found += _suspended(selling, suspension, steps, terms)
    return found


def _suspended(
    selling: Selling,
    suspension: Suspension,
    steps: Sequence[tuple[Seller, Steps]],
    terms: Terms,
) -> list[Concern]:
    clause, ref = terms.clause("stop_offers"), suspension.reference
    amended = Reason(
        "S4", clause, f"{ref}: amended", Fact("prospectus amended", suspension.amended_on)
    )
    stopped = [(who, s) for who, s in steps if s.outcome != MAY]
    if stopped:
        days = [s.asked.given_on for _, s in stopped if s.asked and s.asked.given_on]
        text = (
            f"Do not sell under {selling.ref}: {ref}. The prospectus was amended on "
            f"{say(suspension.amended_on)}. {_named(stopped)} may not resume yet."
        )
        because = (amended, *(reason for _, s in stopped[:3] for reason in s.because))
        since = min(days, default=suspension.amended_on)
        return [Concern(f"suspended:{ref}", "suspended", "S4", clause, text, since, because)]
    untold = [(who, s) for who, s in steps if s.told is None or s.told.given_on is None]
    without = [(who, s) for who, s in steps if s.revised_on is None]
    if suspension.released_on is not None or not (untold or without):
        return []
    said = []
    if untold:
        said.append(f"Notice not proven: {_named(untold)}.")
    if without:
        said.append(f"No revised prospectus: {_named(without)}.")
    text = (
        f"The prospectus of {selling.ref} was amended on {say(suspension.amended_on)}. "
        f"{' '.join(said)}"
    )
    return [
        Concern(f"amended:{ref}", "amended_prospectus", "S4", clause, text, suspension.amended_on,
                (amended,))
    ]  # fmt: skip


def _named(some: Sequence[tuple[Seller, Steps]]) -> str:
    names = [who.name for who, _ in some]
    if len(names) > 3:
        return f"{len(names):,} Selling Investors"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# --- how long sales may be suspended --------------------------------------------------------


class Used(NamedTuple):
    """A suspension, or a delay that counts as one, as a use of what the agreement allows,
    judged on those before it."""

    reference: str
    stretch: Stretch
    running: bool
    allowed: Allowed


def stretch_of(
    suspension: Suspension, selling: Selling, terms: Terms, day: date
) -> tuple[Stretch, bool] | None:
    """The days offers stood still: from the first request given to the day the last who was
    asked could resume, that day not counted; and whether they still run on ``day``."""
    steps = [step for _, step in _steps(selling, suspension, terms, day)]
    given = [
        (s.asked.given_on, s)
        for s in steps
        if s.asked is not None and s.asked.given_on is not None and s.asked.given_on <= day
    ]
    if not given:
        return None
    first = min(on for on, _ in given)
    if any(s.outcome != MAY for _, s in given):
        return Stretch(first, (day - first).days + 1), True
    ends = [suspension.released_on or s.revised_on or first for _, s in given]
    return Stretch(first, max(1, (max(ends) - first).days)), False


def allowance(
    sellings: Sequence[Selling],
    terms: Terms,
    day: date,
    delays: Sequence[tuple[str, Delay]] = (),
) -> tuple[Used, ...]:
    """Every suspension under the agreement by ``day`` against what it allows, the first
    first; none where the agreement gives no such limit.  The Company's ``delays``, each with
    the reference of its demand, are uses of it too where the two share one allowance."""
    budget: Budget | None = terms.values.get("suspension")
    if budget is None:
        return ()
    found = []
    for selling in sellings:
        facts = selling.upto(day)
        for suspension in facts.suspensions:
            if told := stretch_of(suspension, facts, terms, day):
                found.append((f"{facts.ref}, {suspension.reference}", *told))
    own = terms.values.get("delay")
    if budget.shared_with == "delay" and isinstance(own, Budget):
        found += [
            (f"{ref}, delay {delay.id}", taken(delay, own, terms.calendars.business), False)
            for ref, delay in delays
            if delay.directed_on <= day
        ]
    found.sort(key=lambda use: use[1].on)
    situation, clause = Situation(terms.calendars), terms.clause("suspension")
    return tuple(
        Used(name, stretch, running,
             may_use(stretch, [s for _, s, _ in found[:n]], budget, situation, clause))
        for n, (name, stretch, running) in enumerate(found)
    )  # fmt: skip
