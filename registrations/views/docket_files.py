"""The dates of an agreement on paper and in a calendar, as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid5

from django.conf import settings
from django.urls import reverse

from investors.models import Agreement, CalendarEvent
from registrations.letters import named
from registrations.pdf import Paper
from registrations.rules.days import in_full, say

from .calendar import written

if TYPE_CHECKING:
    from .deadlines import DeadlineRow


def reasons_of(row: DeadlineRow) -> list[str]:
    """Why a date is what it is, as its page says it: the arithmetic, the reading used and the
    others, EDGAR's days, counsel's decision, and each paper it waits for."""
    why, window = row.why, row.window
    practical = window.practical_closes_on
    return [
        *(reason.text for reason in window.because),
        *(f"The reading used: {said}" for said in [why.used] if said),
        *(f"Another reading: {said}" for said in why.others),
        *(f"Decided {said}" for said in [why.decided] if said),
        *([f"At EDGAR: {say(practical)}."] if practical and practical != window.closes_on else []),
        *(f"Not on record: {awaited.text}." for awaited in window.awaiting),
    ]


def docket_paper(
    agreement: Agreement, heading: str, rows: Iterable[DeadlineRow], day: date
) -> Paper:
    """A docket to print and file: each date with what is due, how it stands, and why."""
    told = []
    for row in rows:
        window = row.window
        when = say(window.closes_on) if window.closes_on else "Not known yet"
        what = f"{row.entry.demand.reference}: {window.act}"
        who = f" ({window.who})" if window.who else ""
        told.append(
            (
                f"{when} – {row.status.text}",
                "\n".join([f"{what}{who}. {row.owed}. Section {window.clause}.", *reasons_of(row)]),
            )
        )
    return Paper(
        title=f"Docket of {agreement.title}",
        author=agreement.company.name,
        heading=heading,
        above=[[agreement.company.name, named(agreement.title, agreement.dated_on)]],
        rows=told,
        small=[f"As the record stood on {in_full(day)}."],
    )


def docket_calendar(agreement: Agreement, rows: Iterable[DeadlineRow], *, now: datetime) -> bytes:
    """The dates that have a last day as an iCalendar file.  A date keeps its identity from
    one file to the next, so that a calendar that reads both has it once."""
    events = []
    for row in rows:
        window, demand = row.window, row.entry.demand
        if window.closes_on is None:
            continue
        done = window.done_on is not None
        events.append(
            CalendarEvent(
                uid=uuid5(demand.public_id, row.entry.key),
                on=window.closes_on,
                summary=f"{demand.reference}: {window.act}"
                + (f" ({window.who})" if window.who else ""),
                description="\n".join(
                    [
                        f"{row.status.text}. {row.owed}. Section {window.clause}.",
                        *reasons_of(row),
                    ]
                ),
                url=settings.SITE_URL + reverse("demand", args=[agreement.slug, demand.in_address]),
                tentative=bool(window.awaiting) and not done,
                changed_at=now,
            )
        )
    return written(events)
