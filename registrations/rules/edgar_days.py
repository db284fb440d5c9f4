"""The day a filing on EDGAR counts for: its own, held against the instant it was accepted
(Regulation S-T, Rule 13(a))."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .days import BusinessDays, say
from .findings import Reason

EASTERN = ZoneInfo("America/New_York")

CUT_OFF = time.fromisoformat("17:30")  # Rule 13(a)(2) of Regulation S-T
CUT_OFF_462B = time.fromisoformat("22:00")  # Rule 13(a)(3)
# Rule 12(c): when EDGAR takes filings at all
OPENS, CLOSES = time.fromisoformat("06:00"), time.fromisoformat("22:00")
S_T_12, S_T_13, S_T_462B = (f"17 CFR 232.{n}" for n in ("12(c)", "13(a)(2)", "13(a)(3)"))


class Row(NamedTuple):
    """One line of a company's filings.  ``filed_on`` is the day EDGAR gives it;
    ``accepted`` the instant of acceptance just as EDGAR writes it, empty where it does not."""

    accession: str
    form: str
    filed_on: date
    accepted: str = ""
    file_number: str = ""


class Day(NamedTuple):
    """A day an event may be recorded on, and whose day it is."""

    on: date
    says: str


class Instant(NamedTuple):
    """An instant of acceptance on one reading of how EDGAR wrote it, by Eastern clocks."""

    at: datetime
    reading: str

    @property
    def in_hours(self) -> bool:
        return OPENS <= hour_of(self.at) <= CLOSES


def instants(accepted: str) -> tuple[Instant, ...]:
    """The instants an ``acceptanceDateTime`` may mean.

    EDGAR writes every one with a Z.  For most companies it is universal time, as a Z says; for
    others it is the Eastern clock with a Z put after it, and nothing in the text tells which.
    With another offset, or without any, there is one reading.  Raises ``ValueError`` for what
    is no instant.
    """
    if not accepted:
        return ()
    read = datetime.fromisoformat(accepted)
    eastern = "as the clock in Washington, which EDGAR writes for some companies in spite of the Z"
    if read.tzinfo is None:
        return (Instant(read.replace(tzinfo=EASTERN), "by the clock in Washington"),)
    as_written = Instant(read.astimezone(EASTERN), "as universal time, which its Z says")
    if read.utcoffset():
        return (as_written._replace(reading="with the offset written"),)
    return (as_written, Instant(read.replace(tzinfo=EASTERN), eastern))


def deemed_filed(instant: datetime, form: str, open_days: BusinessDays) -> tuple[date, Reason]:
    """The business day a filing accepted at an instant counts for, Rule 13(a) of Regulation
    S-T: the same day when its transmission began by 5:30 pm Eastern, or by 10 pm for a filing
    under Rule 462(b); else the next.

    EDGAR tells when it accepted a filing, not when the transmission began, which is what the
    rule counts: acceptance stands for it here.
    """
    instant = instant.astimezone(EASTERN)
    late, rule = (CUT_OFF_462B, S_T_462B) if by_462b(form) else (CUT_OFF, S_T_13)
    day, at = instant.date(), hour_of(instant)
    hour, limit = clock(at), clock(late)
    if not open_days.is_open(day):
        counts = open_days.on_or_after(day)
        says = f"{say(day)} is no business day: deemed filed on the next one, {say(counts)}."
    elif at > late:
        counts = open_days.plus(day, 1)
        says = (
            f"Accepted {say(day)} at {hour} Eastern, after {limit}: deemed filed on the next "
            f"business day, {say(counts)}."
        )
    else:
        counts = day
        says = (
            f"Accepted {say(day)} at {hour} Eastern, not after {limit}: deemed filed on that day."
        )
    return counts, Reason("", rule, says, result=counts)


def filing_days(row: Row, open_days: BusinessDays) -> tuple[tuple[Day, ...], tuple[Reason, ...]]:
    """The day a filing counts for: EDGAR's own, held against the instant of acceptance.

    Where no reading of the instant gives EDGAR's day, both are to choose from.
    """
    own = Day(row.filed_on, "the filing date EDGAR gives")
    stated = Reason("", "", f"EDGAR gives it the filing date {say(row.filed_on)}.")
    try:
        found = instants(row.accepted)
    except ValueError:
        found = ()
    if not found:
        says = "EDGAR gives no time of acceptance that can be read, so its date was not checked."
        return (own,), (stated, Reason("", "", says))
    # EDGAR takes nothing at night: a reading that puts acceptance there is wrong, if the other
    # does not.
    in_hours = [each for each in found if each.in_hours]
    because = [stated]
    if in_hours and len(in_hours) < len(found):
        (left_out,) = (each for each in found if not each.in_hours)
        because.append(
            Reason(
                "",
                S_T_12,
                f"“{row.accepted}” read {left_out.reading} would be {clock(hour_of(left_out.at))} "
                "Eastern, when EDGAR takes no filings. It is read the other way.",
            )
        )
        found = tuple(in_hours)
    counted = [(each, *deemed_filed(each.at, row.form, open_days)) for each in found]
    agreeing = [each for each in counted if each[1] == row.filed_on]
    others = [each for each in counted if each[1] != row.filed_on]
    if agreeing:
        instant, _, reason = agreeing[0]
        because += [_read(row, instant, either=len(agreeing) > 1), reason]
        because += [
            Reason(
                "",
                S_T_13,
                f"Read {instant.reading}, it would count for {say(day)}. EDGAR’s own date agrees "
                "with the first reading.",
                result=day,
            )
            for instant, day, _ in others
        ]
        return (own,), tuple(because)
    days = [own]
    for instant, day, reason in others:
        because += [_read(row, instant), reason]
        if all(day != each.on for each in days):
            days.append(Day(day, f"by the time of acceptance, read {instant.reading}"))
    because.append(
        Reason(
            "",
            S_T_13,
            "The two disagree. The rule counts when the transmission began, which is a little "
            "before acceptance, and the Commission’s staff can adjust a date. Choose the day, "
            "and look at the filing.",
        )
    )
    return tuple(days), tuple(because)


def by_462b(form: str) -> bool:
    return form.endswith("MEF") or form == "POS462B"


def _read(row: Row, instant: Instant, *, either: bool = False) -> Reason:
    same = "; the other reading gives the same day" if either else ""
    return Reason("", "", f"“{row.accepted}” is read {instant.reading}{same}.")


def hour_of(instant: datetime) -> time:
    """The hour of an instant by the clocks it is told in."""
    return instant.timetz().replace(tzinfo=None)


def clock(at: time) -> str:
    """5:30 pm, with seconds where there are any: the same in every locale."""
    seconds = f":{at.second:02}" if at.second else ""
    half = "am" if at.hour < 12 else "pm"
    return f"{at.hour % 12 or 12}:{at.minute:02}{seconds} {half}"
