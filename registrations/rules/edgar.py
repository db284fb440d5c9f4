"""What EDGAR says of a registration statement, as events counsel may accept: what was filed,
amended, became effective or was withdrawn, on which day, and why that day.

A row is a line of the Commission's list of a company's filings, a notice what an EFFECT
filing says itself.  Nothing here is a fact of the register: each event is proposed, with the
accession number it rests on.  What EDGAR does not list proposes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time, timedelta
from typing import NamedTuple

from .days import BusinessDays, say
from .edgar_days import Day, Row, by_462b, clock, filing_days
from .findings import Reason

GRANTED_AFTER = timedelta(15)  # Rule 477(b): calendar days the Commission has to refuse

RULE_462, RULE_477 = "17 CFR 230.462", "17 CFR 230.477"

# Forms a resale can be registered on: a new one may answer a demand.
RESALE_FORMS = frozenset(
    {"S-1", "S-2", "S-3", "S-3ASR", "S-11", "SB-1", "SB-2", "F-1", "F-2", "F-3", "F-3ASR", "F-10"}
)
REGISTRATION_FORMS = RESALE_FORMS | {"S-4", "S-8", "F-4", "F-6", "F-7", "F-8", "F-80"}
POST_EFFECTIVE = frozenset({"POS AM", "POSASR", "POS EX", "POS462B", "POS462C", "S-8 POS"})
ON_FILING = {"S-3ASR": "(e)", "F-3ASR": "(e)", "S-8": "(a)"}


class Kind:
    """What an event is; the first five are kinds of ``StatementRecord`` and can be recorded."""

    FILED = "filed"
    PRE_AMENDMENT = "pre_amendment"
    EFFECTIVE = "effective"
    POST_AMENDMENT = "post_amendment"
    SUPPLEMENT = "supplement"
    WITHDRAWN = "withdrawn"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    WITHDRAWAL_TAKEN_BACK = "withdrawal_taken_back"
    AMENDMENT_WITHDRAWN = "amendment_withdrawn"
    AMENDMENT_EFFECTIVE = "amendment_effective"


RECORDED = frozenset(
    {
        Kind.FILED, Kind.PRE_AMENDMENT, Kind.EFFECTIVE, Kind.POST_AMENDMENT, Kind.SUPPLEMENT,
        Kind.WITHDRAWN,
    }
)  # fmt: skip


class Notice(NamedTuple):
    """What an EFFECT notice itself says: the day, the hour where it gives one, and what became
    effective: a form, or the filing of an accession number."""

    effective_on: date
    at: time | None = None
    form: str = ""
    of_accession: str = ""
    file_number: str = ""


class Event(NamedTuple):
    """An event proposed: its kind, the day, or the days to choose from, EDGAR's own first,
    and the reasons."""

    kind: str
    row: Row
    file_number: str
    days: tuple[Day, ...]
    because: tuple[Reason, ...]
    notice: Notice | None = None

    @property
    def on(self) -> date:
        return self.days[0].on


def events(
    rows: Iterable[Row],
    notices: Mapping[str, Notice],
    *,
    followed: Mapping[str, date | None],
    new_since: date | None,
    today: date,
    open_days: BusinessDays,
) -> list[Event]:
    """What the rows and notices say of statements, in order of their filing dates.

    ``followed`` has the file numbers of statements on record, each with the day it became
    effective where that is on record; ``notices`` the EFFECT notices that were read, by
    accession number.  A registration statement of another number is proposed as a filing
    when filed from ``new_since`` on: it may be one a matter waits for.  ``today`` is the day
    in Washington.
    """
    every = sorted(set(rows), key=lambda r: (r.filed_on, r.accession))
    effective: dict[str, date] = {n: on for n, on in followed.items() if on is not None}
    found: list[Event] = []
    for row in every:
        number = _number(row, notices)
        if number in followed:
            found += _of(row, number, notices, open_days)
        elif new_since is not None and row.form in RESALE_FORMS and row.filed_on >= new_since:
            found += _filing(row, number, open_days)
    for event in found:
        if event.kind == Kind.EFFECTIVE:
            known = effective.get(event.file_number)
            effective[event.file_number] = min(event.on, known) if known else event.on
    found += [
        granted
        for event in found
        if event.kind == Kind.WITHDRAWAL_REQUESTED
        and (granted := _granted(event, found, effective, today)) is not None
    ]
    return found


def wants_notice(row: Row, followed: Collection[str]) -> bool:
    """Whether the notice of an EFFECT row has to be read: the row's own day is that of the
    notice's posting."""
    return row.form == "EFFECT" and (not row.file_number or row.file_number in followed)


def _number(row: Row, notices: Mapping[str, Notice]) -> str:
    notice = notices.get(row.accession)
    return (notice.file_number if notice else "") or row.file_number


def _of(
    row: Row, number: str, notices: Mapping[str, Notice], open_days: BusinessDays
) -> list[Event]:
    """What a row says of a statement whose number is followed."""
    form, base = row.form, row.form.removesuffix("/A")
    if form == "EFFECT":
        notice = notices.get(row.accession)
        return [_effective(row, number, notice)] if notice else []
    if form in REGISTRATION_FORMS or form.endswith("MEF"):
        return _filing(row, number, open_days, followed=True)
    kind, note = _kind(form, base)
    if not kind:
        return []
    days, because = filing_days(row, open_days)
    return [Event(kind, row, number, days, (*because, *note))]


def _kind(form: str, base: str) -> tuple[str, tuple[Reason, ...]]:
    """What a form is beside a filing or a notice, and what to know of it."""
    if form != base and base in REGISTRATION_FORMS:
        return Kind.PRE_AMENDMENT, ()
    if form in POST_EFFECTIVE:
        automatic = form in ("POSASR", "POS462B")
        says = (
            "It became effective when filed."
            if automatic
            else "It becomes effective when the Commission declares it so: another notice says."
        )
        return Kind.POST_AMENDMENT, (Reason("", RULE_462 if automatic else "", says),)
    if form.startswith("424B"):
        says = f"Form {form}: a prospectus, whole or supplement, filed under Rule 424(b)."
        return Kind.SUPPLEMENT, (Reason("", f"17 CFR 230.424(b)({form[4:] or '?'})", says),)
    if form == "RW":
        says = (
            "A request to withdraw, not the withdrawal. Made before effectiveness it is deemed "
            "granted when filed, unless the Commission says within 15 calendar days that it is "
            "not; after effectiveness the Commission has to consent."
        )
        return Kind.WITHDRAWAL_REQUESTED, (Reason("", f"{RULE_477}(a)–(b)", says),)
    if form in ("RW WD", "AW WD"):
        of = "the statement" if form == "RW WD" else "an amendment"
        says = f"The request to withdraw {of} was itself taken back."
        return Kind.WITHDRAWAL_TAKEN_BACK, (Reason("", RULE_477, says),)
    if form == "AW":
        says = "A request to withdraw an amendment; the statement stays."
        return Kind.AMENDMENT_WITHDRAWN, (Reason("", f"{RULE_477}(a)–(b)", says),)
    return "", ()


def _filing(
    row: Row, number: str, open_days: BusinessDays, *, followed: bool = False
) -> list[Event]:
    days, because = filing_days(row, open_days)
    found = [Event(Kind.FILED, row, number, days, because)]
    paragraph = "(b)" if by_462b(row.form) else ON_FILING.get(row.form)
    if followed and paragraph is not None:
        reason = Reason("", RULE_462 + paragraph, f"Form {row.form} becomes effective when filed.")
        found.append(Event(Kind.EFFECTIVE, row, number, days, (reason, *because)))
    return found


def _effective(row: Row, number: str, notice: Notice) -> Event:
    """Effectiveness on the day the notice gives, whatever the row's."""
    hour = f" at {clock(notice.at)}" if notice.at else ""
    what = f"form {notice.form}" if notice.form else "the statement"
    kind = Kind.EFFECTIVE
    if notice.form in POST_EFFECTIVE:
        kind, what = Kind.AMENDMENT_EFFECTIVE, f"the post-effective amendment ({notice.form})"
    if notice.of_accession:
        what += f", accession number {notice.of_accession}"
    because = [
        Reason(
            "",
            "",
            f"The notice of effectiveness says that {what} became effective on "
            f"{say(notice.effective_on)}{hour}.",
            result=notice.effective_on,
        )
    ]
    if row.filed_on != notice.effective_on:
        because.append(
            Reason(
                "",
                "",
                f"EDGAR lists the notice under {say(row.filed_on)}, the day of its posting. The "
                "day in the notice is the day of effectiveness.",
            )
        )
    if row.file_number and notice.file_number and row.file_number != notice.file_number:
        because.append(
            Reason(
                "",
                "",
                f"The list has it under file number {row.file_number}, the notice itself under "
                f"{notice.file_number}.",
            )
        )
    day = Day(notice.effective_on, "the day the notice itself gives")
    return Event(kind, row, number, (day,), tuple(because), notice)


def _granted(
    request: Event, found: Iterable[Event], effective: Mapping[str, date], today: date
) -> Event | None:
    """The withdrawal a request became: deemed granted when filed, Rule 477(b), once 15
    calendar days have passed, the request was not taken back and nothing was effective."""
    last = request.on + GRANTED_AFTER
    effective_on = effective.get(request.file_number)
    if today <= last or (effective_on is not None and effective_on <= request.on):
        return None
    if any(
        e.kind == Kind.WITHDRAWAL_TAKEN_BACK
        and e.row.form == "RW WD"
        and e.file_number == request.file_number
        and e.on >= request.on
        for e in found
    ):
        return None
    says = (
        f"The request was made before any effectiveness known here. 15 calendar days after "
        f"{say(request.on)} is {say(last)}, which has passed: deemed granted when the request "
        "was filed, unless the Commission told the Company within them that it was not. EDGAR "
        "does not show such a letter at once: ask the Company."
    )
    reason = Reason("", f"{RULE_477}(b)", says, result=request.on)
    return request._replace(kind=Kind.WITHDRAWN, because=(reason, *request.because))
