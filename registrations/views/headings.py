"""A matter's heading and title: the page's question answered."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from registrations.rules.findings import State, Window

from .matter import Matter
from .words import days_words, long_day, month_day, unbroken


class Said(NamedTuple):
    """Part of a heading; ``unproven`` is underlined with dashes."""

    text: str
    unproven: bool = False


def heading(matter: Matter) -> list[Said]:
    """The page's question answered: by when must it be filed, or what became of it."""
    ref, day, outcome = matter.ref, matter.day, matter.docket.ruling.outcome
    file, effective = matter.file, matter.effective
    kept = matter.docket.window("keep_effective")
    if outcome == "refused":
        why = "no demand is left" if none_left(matter) else "the demand is not good"
        return [Said(f"{ref} starts no clock: {why}.")]
    if not matter.terms.quick and (file is None or file.closes_on is None):
        waits = file.awaiting[0].fact if file is not None and file.awaiting else "a fact"
        return [Said(f"{ref} is on record. Its last day to file waits for {waits}.")]
    if file is not None and file.closes_on is None and matter.docket.demand.received_on:
        waits = file.awaiting[0].fact
        return [Said(f"{ref} is put off. Its last day to file waits for: {waits}.")]
    if file is None or file.closes_on is None:
        return [Said(f"{ref} has no dates yet: the Demand Notice is not proven received.")]
    if kept is not None and kept.done_on:
        return [Said(f"{ref} is done: all covered shares were sold by {_in(kept.done_on, day)}.")]
    if effective is not None and effective.done_on and kept is not None:
        return [
            Said(f"{ref} became effective on {_in(effective.done_on, day)}. Keep it effective "),
            Said(f"until all is sold, at most through {_in(kept.closes_on, day)}."),
        ]
    if file.done_on and effective is not None:
        return _filed(ref, file, effective, matter)
    state = matter.stands(file)
    if file.impossible and file.opens_on:
        return [
            Said(f"{ref} has no day left to file: not before {_in(file.opens_on, day)}, "),
            Said(f"and not after {_in(file.closes_on, day)}."),
        ]
    if state.state is State.MISSED:
        ago = "yesterday" if state.days == 1 else f"{days_words(state.days)} ago"
        return [Said(f"{ref} had to be filed by {_in(file.closes_on, day)}. That was {ago}.")]
    by = "today" if file.closes_on == day else f"by {_in(file.closes_on, day)}"
    must = f"{ref} must be filed {by}"
    if file.opens_on is None:
        lower = matter.lower_bound
        if lower is not None and lower > file.closes_on:
            return [Said(f"{must}, but a receipt on record leaves no day to file.")]
        if lower is not None:
            return [
                Said(f"{must}. The first day is not known yet: not before "),
                Said(_in(lower, day), True),
                Said("."),
            ]
        if file.awaiting:
            return [Said(f"{must}. The first day is not known yet.")]
        return [Said(f"{must}. Nothing holds the filing back.")]
    if day < file.opens_on:
        return [Said(f"{must}, and no earlier than {_in(file.opens_on, day)}.")]
    return [Said(f"{must}. It may be filed now.")]


def _filed(ref: str, file: Window, effective: Window, matter: Matter) -> list[Said]:
    day = matter.day
    filed = matter.stands(file)
    how = {
        State.MET_LATE: f", {days_words(filed.days)} late",
        State.MET_EARLY: f", {days_words(filed.days)} early",
    }.get(filed.state, "")
    said = [Said(f"{ref} was filed on {_in(file.done_on, day)}{how}. ")]
    if effective.closes_on is not None:
        late = (day - effective.closes_on).days
        said.append(
            Said(f"It had to be effective by {_in(effective.closes_on, day)}.")
            if late > 0
            else Said(f"It must be effective by {_in(effective.closes_on, day)}.")
        )
    return said


def none_left(matter: Matter) -> bool:
    """Whether a demand starts no clock because those owed are used up (D13)."""
    return any(c.kind == "no_demand_left" for c in matter.docket.concerns)


def title(matter: Matter) -> str:
    """The tab's title carries the answer: "DR-1: file by Oct 2"."""
    file, effective = matter.file, matter.effective
    if matter.docket.ruling.outcome == "refused":
        return f"{matter.ref}: {'none left' if none_left(matter) else 'not good'}"
    if file is None or file.closes_on is None:
        put_off = matter.docket.demand.received_on and matter.terms.quick
        return f"{matter.ref}: {'put off' if put_off else 'no dates yet'}"
    if effective and effective.done_on:
        return f"{matter.ref}: effective"
    if file.done_on:
        by = f", effective by {month_day(effective.closes_on)}" if effective else ""
        return f"{matter.ref}: filed{by}"
    if file.impossible:
        return f"{matter.ref}: no day left to file"
    if file.closes_on < matter.day:
        return f"{matter.ref}: filing missed"
    return f"{matter.ref}: file by {month_day(file.closes_on)}"


def _in(day: date | None, today: date) -> str:
    return unbroken(long_day(day, today))
