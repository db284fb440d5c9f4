"""Acts on prospectuses and blue sky: copies furnished, and where each state stands, section 2
(S2, S3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from investors.acts import Refused
from investors.models import Investor
from notices.models import Method

from ..models import ProspectusCopies, StateEntry, Statement, Suspension
from ..rules.blue_sky import STATES
from ..rules.days import say
from .recording import When, fits, not_in_future, on_register, recording
from .selling import amended_on, correcting, matter_of, not_before_filing


class Sent(NamedTuple):
    """How prospectuses travelled, as typed in: how many copies to each, by which method and
    on which days; ``None`` where not known."""

    method: str
    copies: int | None = None
    sent_on: date | None = None
    received_on: date | None = None


def furnish(
    *,
    statement: Statement,
    investors: Sequence[Investor],
    kind: str,
    sent: Sent,
    suspension: Suspension | None = None,
    when: When,
) -> list[ProspectusCopies]:
    """Record prospectuses furnished to Selling Investors, section 2(c) (S2): preliminary,
    final, or revised for what a suspension found amended.  Offers resume on receipt of a
    revised one (S4), by whatever way it came.
    """
    matter, agreement = matter_of(statement), statement.agreement
    known = ProspectusCopies.Kind(kind)
    if not investors:
        raise Refused("investors", "Choose the Selling Investors it was furnished to.")
    on_register("investors", agreement, *investors)
    if (known == ProspectusCopies.Kind.REVISED) != (suspension is not None):
        raise Refused("suspension", "Choose what it revises; only a revised prospectus does.")
    if suspension is not None and suspension.statement_id != statement.pk:
        raise Refused("suspension", "This is a suspension under another statement.")
    _check_sent(statement, suspension, sent, when.today(agreement))
    names = investors[0].name if len(investors) == 1 else f"{len(investors)} Investors"
    with recording(
        agreement,
        "prospectus.furnished",
        when=when,
        matter=matter,
        says=f"Recorded the {known.label.lower()} of {matter.reference} to {names}",
    ):
        return [
            ProspectusCopies.objects.create(
                statement=statement,
                investor=investor,
                kind=known,
                suspension=suspension,
                recorded_by=when.by,
                **sent._asdict(),
            )
            for investor in investors
        ]


def correct_furnished(
    *, replaces: ProspectusCopies, sent: Sent, reason: str = "", when: When
) -> ProspectusCopies:
    """Record that prospectuses came, or correct how many went, how and when.  Filling in
    what nobody had recorded needs no reason; changing what is recorded does."""
    statement = replaces.statement
    matter, agreement = matter_of(statement), statement.agreement
    _check_sent(statement, replaces.suspension, sent, when.today(agreement))
    stood = Sent(*(getattr(replaces, name) for name in Sent._fields))
    if sent == stood:
        raise Refused("received_on", "This is what is on record already.")
    filled_in = all(old is None or old == new for old, new in zip(stood, sent, strict=True))
    if filled_in and not reason.strip():
        reason = "What was not known yet is filled in."
    what = f"how the {replaces.get_kind_display().lower()} reached {replaces.investor.name}"
    with correcting(replaces, what, matter, reason, when):
        return ProspectusCopies.objects.create(
            statement=statement,
            investor=replaces.investor,
            kind=replaces.kind,
            suspension=replaces.suspension,
            replaces=replaces,
            reason=reason.strip(),
            recorded_by=when.by,
            **sent._asdict(),
        )


def _check_sent(
    statement: Statement, suspension: Suspension | None, sent: Sent, today: date
) -> None:
    if sent.method not in Method.values:
        raise Refused("method", f"Choose one of: {', '.join(Method.values)}.")
    if sent.copies is not None and sent.copies < 1:
        raise Refused("copies", "Enter how many copies went to each, or leave it empty.")
    day = sent.sent_on or sent.received_on
    if day is None:
        raise Refused("sent_on", "Enter the day it was sent or the day it was received.")
    if sent.sent_on and sent.received_on and sent.received_on < sent.sent_on:
        raise Refused(
            "received_on",
            f"The received date, {say(sent.received_on)}, is before the sent date, "
            f"{say(sent.sent_on)}. Check both.",
        )
    not_in_future("sent_on", sent.sent_on, today)
    not_in_future("received_on", sent.received_on, today)
    field = "sent_on" if sent.sent_on else "received_on"
    not_before_filing(field, statement, day)
    if suspension is not None and day < (amended := amended_on(suspension)):
        raise Refused(
            field,
            f"The prospectus was amended on {say(amended)}; its revision came no sooner. Check "
            "both days.",
        )


def record_state(
    *,
    statement: Statement,
    state: str,
    kind: str,
    on: date,
    investor: Investor | None = None,
    note: str = "",
    when: When,
) -> StateEntry:
    """Record that a Selling Investor asked for a state, or where the Company is with it,
    section 2(d) (S3).  ``state`` is its postal code.  One that is not needed says why."""
    matter, agreement = matter_of(statement), statement.agreement
    known = StateEntry.Kind(kind)
    if state not in STATES:
        raise Refused("state", "Choose a state.")
    if (known == StateEntry.Kind.REQUESTED) != (investor is not None):
        raise Refused("investor", "Say who asked for it; only a request has somebody who asked.")
    on_register("investor", agreement, investor)
    _check_state(known, on, note, when.today(agreement))
    whose = f" by {investor.name}" if investor is not None else ""
    with recording(
        agreement,
        "state.recorded",
        when=when,
        matter=matter,
        says=f"Recorded {STATES[state]} under {matter.reference}: {known.label.lower()}{whose} "
        f"on {say(on)}",
        reason=note.strip(),
    ):
        return StateEntry.objects.create(
            statement=statement,
            state=state,
            kind=known,
            investor=investor,
            on=on,
            note=note.strip(),
            recorded_by=when.by,
        )


def correct_state(
    *, replaces: StateEntry, on: date, note: str = "", reason: str, when: When
) -> StateEntry:
    """Correct the day or the note of an entry about a state."""
    matter, agreement = matter_of(replaces.statement), replaces.statement.agreement
    _check_state(StateEntry.Kind(replaces.kind), on, note, when.today(agreement))
    what = f"“{replaces.get_kind_display()}” of {STATES.get(replaces.state, replaces.state)}"
    with correcting(replaces, what, matter, reason, when):
        return StateEntry.objects.create(
            statement=replaces.statement,
            state=replaces.state,
            kind=replaces.kind,
            investor=replaces.investor,
            on=on,
            note=note.strip(),
            replaces=replaces,
            reason=reason.strip(),
            recorded_by=when.by,
        )


def _check_state(kind: StateEntry.Kind, on: date, note: str, today: date) -> None:
    not_in_future("on", on, today)
    fits("note", note.strip(), 4000)
    if kind == StateEntry.Kind.NOT_NEEDED and not note.strip():
        raise Refused("note", "Say why it is not needed there.")
