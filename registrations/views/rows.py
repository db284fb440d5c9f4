"""Projection rows as the rules' own values, so that a page asks one function for a state
wherever the window came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from registrations.models import DocketEntry
from registrations.rules.days import Period, Unit
from registrations.rules.findings import (
    Awaited,
    Decision,
    Fact,
    Force,
    Party,
    Reading,
    Reason,
    Standing,
    Window,
)
from registrations.rules.states import standing


def window_of(entry: DocketEntry, *, upto: date | None = None) -> Window:
    """The window a row was written from.  ``upto`` forgets that it was done later."""
    detail = entry.detail
    done_on = entry.done_on if upto is None or (entry.done_on or upto) <= upto else None
    superseded_on = _day(detail.get("superseded_on"))
    if upto is not None and superseded_on is not None and superseded_on > upto:
        superseded_on = None
    waived_on = entry.waived_on
    if upto is not None and waived_on is not None and waived_on > upto:
        waived_on = None
    return Window(
        key=entry.key,
        act=entry.text,
        rule=entry.rule,
        clause=entry.clause,
        party=Party(entry.party),
        force=Force(entry.force),
        opens_on=entry.opens_on,
        closes_on=entry.closes_on,
        because=reasons_of(detail),
        investor=entry.investor_id,
        who=detail.get("investor") or "",
        lenient_on=entry.lenient_on,
        practical_opens_on=entry.practical_opens_on,
        practical_closes_on=entry.practical_closes_on,
        provisional_on=_day(detail.get("provisional_on")),
        done_on=done_on,
        done_as=detail.get("done_as") or "" if done_on else "",
        superseded_on=superseded_on,
        awaiting=tuple(
            Awaited(a["fact"], a["clause"], a["who"]) for a in detail.get("awaiting") or ()
        ),
        readings=tuple(
            Reading(
                r["name"],
                r["says"],
                r["clause"],
                _day(r["opens_on"]),
                _day(r["closes_on"]),
                bool(r["governs"]),
            )
            for r in detail.get("readings") or ()
        ),
        decision=_decision(entry.key, detail.get("decision")),
        waived_on=waived_on,
    )


def reasons_of(detail: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons kept with a row, a flag or a reminder."""
    return tuple(_reason(r) for r in detail.get("because") or ())


def standing_of(window: Window, *, day: date, soon_days: int) -> Standing:
    """Where a window stands on a day."""
    return standing(window, today=day, soon_days=soon_days)


def _reason(data: Mapping[str, Any]) -> Reason:
    counted = data.get("counted_from")
    fact = Fact(counted["fact"], _day(counted["on"])) if counted else None
    period = Period(data["days"], Unit(data["unit"])) if data.get("unit") else None
    result = _day(data.get("result"))
    says = data["text"].split(": ", 1)[0] if fact else data["text"]
    back = bool(fact and fact.on and result and result < fact.on)
    return Reason(data["rule"], data["clause"], says, fact, period, result, back)


def _decision(about: str, data: Mapping[str, Any] | None) -> Decision | None:
    if not data:
        return None
    decided_on = _day(data["decided_on"])
    assert decided_on is not None
    return Decision(
        about,
        data["choice"],
        decided_on,
        data["reason"],
        data.get("by") or "",
        data.get("for_agreement", False),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
