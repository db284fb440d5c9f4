"""Where a window stands on a day, and from when it calls for a flag or a reminder.

A window never holds its state: the day decides it, here and nowhere else.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .findings import Force, Standing, State, Window

# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_DERIVED = Force.DERIVED
_DUTY = Force.DUTY
_HOUSE = Force.HOUSE
_REST = Force.REST
_RIGHT = Force.RIGHT
_DUE_SOON = State.DUE_SOON
_IMPOSSIBLE = State.IMPOSSIBLE
_LAPSED = State.LAPSED
_MET_EARLY = State.MET_EARLY
_MET_LATE = State.MET_LATE
_MISSED = State.MISSED
_NOT_YET_OPEN = State.NOT_YET_OPEN
_OPEN = State.OPEN
_UNKNOWN = State.UNKNOWN
_IS_MET = Standing(State.MET)
_IS_NEEDS_DECISION = Standing(State.NEEDS_DECISION)
_IS_SUPERSEDED = Standing(State.SUPERSEDED)
_IS_UNKNOWN = Standing(State.UNKNOWN)
_IS_WAIVED = Standing(State.WAIVED)

# A state and so many days are the same of every window: one value serves them all.
_standing = lru_cache(maxsize=4096)(Standing)


def standing(window: Window, *, today: date, soon_days: int) -> Standing:
    """Where a window stands at the start of ``today`` (N8, section 5 of the rulebook).

    A duty not done is judged by its strictest day.  A right lapses only past its most
    lenient day; what was done between the two is for counsel to decide.  Our own standard
    can be passed but never missed.
    """
    if window.waived_on is not None:
        return _IS_WAIVED
    if window.force is _REST:
        return _IS_UNKNOWN if window.closes_on is None else _resting(window, today)
    if window.done_on is not None:
        return _done(window, window.done_on)
    if window.superseded_on is not None:
        return _IS_SUPERSEDED
    closes_on = window.closes_on
    if closes_on is None:
        return _standing(_UNKNOWN if _waits_for_paper(window) else _NOT_YET_OPEN)
    past = (today - closes_on).days
    if past > 0:
        return _past(window, today, past)
    opens_on = window.opens_on
    if opens_on is None:
        if window.awaiting:
            return _standing(_UNKNOWN, -past)
    elif opens_on > closes_on:
        return _standing(_IMPOSSIBLE, -past)
    elif today < opens_on:
        return _standing(_NOT_YET_OPEN, (opens_on - today).days)
    return _standing(_DUE_SOON if -past <= soon_days else _OPEN, -past)


def flag_from(window: Window) -> date | None:
    """The day from which a window calls for a flag if nothing more is recorded: the day
    after its last, for what the Company owes; ``None`` for rights, rests and our own
    standards, and for what is done or unknown."""
    if window.done_on or window.superseded_on or window.waived_on or window.closes_on is None:
        return None
    if window.force not in (_DUTY, _DERIVED):
        return None
    if window.key == "keep_effective":
        return None  # it ends by itself; nothing is missed when it does
    return date.fromordinal(window.closes_on.toordinal() + 1)


def reminders_aim_at(window: Window) -> date | None:
    """The day reminders count down to, or ``None`` when there is nothing left to do."""
    if window.done_on or window.superseded_on or window.waived_on or window.force is _REST:
        return None
    if window.key == "keep_effective":
        return None
    return window.remind_on


def _waits_for_paper(window: Window) -> bool:
    """Whether the day is unknown for want of a paper, rather than not begun."""
    return bool(window.awaiting) and window.awaiting[0].fact not in ("the filing", "effectiveness")


def _resting(window: Window, today: date) -> Standing:
    assert window.closes_on is not None
    if today > window.closes_on:
        return _standing(_LAPSED, (today - window.closes_on).days)
    opens_on = window.opens_on
    if opens_on is not None and today < opens_on:
        return _standing(_NOT_YET_OPEN, (opens_on - today).days)
    return _standing(_OPEN, (window.closes_on - today).days)


def _done(window: Window, done_on: date) -> Standing:
    if window.done_as == "declined":
        return _IS_MET
    closes_on = window.closes_on
    if closes_on is None:
        return _IS_UNKNOWN
    if done_on > closes_on:
        lenient_on = window.lenient_on
        if lenient_on is not None and done_on <= lenient_on:
            return _IS_NEEDS_DECISION
        if window.force is not _RIGHT:
            return _standing(_MET_LATE, (done_on - closes_on).days)
        if lenient_on is None:
            return _IS_NEEDS_DECISION
        return _standing(_MET_LATE, (done_on - lenient_on).days)
    opens_on = window.opens_on
    if opens_on is None:
        return _IS_UNKNOWN if window.awaiting else _IS_MET
    if done_on < opens_on:
        return _standing(_MET_EARLY, (opens_on - done_on).days)
    return _IS_MET


def _past(window: Window, today: date, past: int) -> Standing:
    force = window.force
    if force is _RIGHT:
        lenient_on = window.lenient_on
        if lenient_on is None or today <= lenient_on:
            return _IS_NEEDS_DECISION
        return _standing(_LAPSED, (today - lenient_on).days)
    if window.key == "keep_effective":
        return _IS_MET
    if force is _HOUSE:
        return _standing(_OPEN, -past)
    return _standing(_MISSED, past)
