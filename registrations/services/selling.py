"""Acts on a suspension: the prospectus amended, the Selling Investors told and asked to stop,
what each did, and the request taken back, section 2 (S4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from zoneinfo import ZoneInfo

from django.db.models import Max

from investors.acts import Conflict, Refused
from investors.models import Agreement, Investor
from notices.models import Delivery, DeliveryRecord, Notice

from ..facts import began_on, terms_of
from ..models import (
    Demand,
    ProspectusCopies,
    StateEntry,
    Statement,
    StatementRecord,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from ..rules.days import say
from ..rules.selling import clock
from .correspondence import write
from .deliveries import AddressBook, CopyIn, check_copy, record_of
from .recording import MEANWHILE, When, fits, not_in_future, on_register, recording

CarriedEntry = (
    SuspensionRecord | SuspensionLetter | SuspensionAnswer | ProspectusCopies | StateEntry
)


def begin_suspension(
    *, statement: Statement, on: date, note: str, time: time | None = None, when: When
) -> Suspension:
    """Record that a prospectus of a statement is amended, or was found to need it, and begin
    the suspension that follows (S4).  ``note`` says what is amended; ``time`` is of day in
    the agreement's zone, ``None`` where not known.
    """
    matter = matter_of(statement)
    agreement = statement.agreement
    _happened("on", on, time, agreement, when)
    if not note.strip():
        raise Refused("note", "Say what is amended in the prospectus.")
    fits("note", note.strip(), 4000)
    not_before_filing("on", statement, on)
    with recording(
        agreement,
        "suspension.begun",
        when=when,
        matter=matter,
        says=f"Recorded that the prospectus of {matter.reference} was amended on "
        f"{say(on)}{_at(time)}",
    ):
        last = statement.suspensions.aggregate(last=Max("number"))["last"] or 0
        suspension = Suspension.objects.create(statement=statement, number=last + 1)
        SuspensionRecord.objects.create(
            suspension=suspension,
            kind=SuspensionRecord.Kind.AMENDED,
            on=on,
            time=time,
            note=note.strip(),
            recorded_by=when.by,
        )
        return suspension


def record_letter(
    *,
    suspension: Suspension,
    copies: Sequence[tuple[Investor, CopyIn]],
    asks_to_stop: bool,
    time: time | None = None,
    note: str = "",
    when: When,
) -> Notice:
    """Record a notice to Selling Investors that the prospectus is amended, a copy each; and
    where it ``asks_to_stop``, the Company's request to stop offers and return their copies
    (S4).  When each is given and received follows as for any notice (N1–N5).
    """
    if not copies:
        raise Refused("investors", "Choose the Selling Investors it was sent to.")
    statement = suspension.statement
    matter, agreement = matter_of(statement), statement.agreement
    begun_on = began_on(matter)
    terms = terms_of(agreement, begun_on)
    today = when.today(agreement)
    seen: set[int] = set()
    for investor, copy in copies:
        suffix = f"_{investor.pk}"
        on_register(f"investor{suffix}", agreement, investor)
        if investor.pk in seen:
            raise Refused(f"investor{suffix}", f"{investor.name} is named twice.")
        seen.add(investor.pk)
        check_copy(
            copy, terms, today, agreement, suffix=suffix, addressee=investor, begun_on=begun_on
        )
    count = f"{len(copies)} Investors" if len(copies) > 1 else copies[0][0].name
    what = "the request to stop offers" if asks_to_stop else "notice of the amended prospectus"
    with recording(
        agreement,
        "suspension_notice.recorded",
        when=when,
        matter=matter,
        says=f"Recorded {what} under {matter.reference} ({suspension.reference}) to {count}",
    ) as locked:
        book = AddressBook(locked, terms)
        notice = write(locked, Notice.Kind.AMENDED, matter.notice, None, note, when)
        deliveries = Delivery.objects.bulk_create(
            Delivery(notice=notice, recipient=investor) for investor, _ in copies
        )
        DeliveryRecord.objects.bulk_create(
            record_of(delivery, book.addressed(copy, investor), when)
            for delivery, (investor, copy) in zip(deliveries, copies, strict=True)
        )
        SuspensionLetter.objects.create(
            suspension=suspension,
            notice=notice,
            asks_to_stop=asks_to_stop,
            time=time,
            recorded_by=when.by,
        )
    return notice


def record_stop_answer(
    *,
    suspension: Suspension,
    investors: Sequence[Investor],
    kind: str,
    on: date,
    copies: int | None = None,
    when: When,
) -> list[SuspensionAnswer]:
    """Record that Selling Investors acknowledged that they stopped offers, or sent copies of
    the prospectus back at the Company's cost (S4); ``copies`` is of each.

    Raises ``Conflict`` for a second acknowledgement.
    """
    matter, agreement = matter_of(suspension.statement), suspension.statement.agreement
    known = SuspensionAnswer.Kind(kind)
    if not investors:
        raise Refused("investors", "Choose the Selling Investors that did.")
    on_register("investors", agreement, *investors)
    not_in_future("on", on, when.today(agreement))
    _check_answer(suspension, investors, known, on, copies)
    names = investors[0].name if len(investors) == 1 else f"{len(investors)} Investors"
    with recording(
        agreement,
        f"suspension.{known}",
        when=when,
        matter=matter,
        says=f"Recorded “{known.label}” from {names} under {matter.reference} "
        f"({suspension.reference})",
    ):
        if known == SuspensionAnswer.Kind.ACKNOWLEDGED:
            again = SuspensionAnswer.objects.filter(
                suspension=suspension, kind=known, investor__in=investors
            ).select_related("investor")
            if (first := again.first()) is not None:
                raise Conflict(
                    "investors", f"{first.investor.name} has acknowledged it. Correct that entry."
                )
        return [
            SuspensionAnswer.objects.create(
                suspension=suspension,
                investor=investor,
                kind=known,
                on=on,
                copies=copies,
                recorded_by=when.by,
            )
            for investor in investors
        ]


def release(
    *, suspension: Suspension, on: date, note: str, time: time | None = None, when: When
) -> SuspensionRecord:
    """Record that the Company took back its request to stop: everybody it asked may resume
    (S4).  ``note`` says how and why."""
    matter, agreement = matter_of(suspension.statement), suspension.statement.agreement
    _happened("on", on, time, agreement, when)
    if not note.strip():
        raise Refused("note", "Say how the Company took it back, and why.")
    fits("note", note.strip(), 4000)
    with recording(
        agreement,
        "suspension.released",
        when=when,
        matter=matter,
        says=f"Recorded that the Company took back its request to stop under "
        f"{matter.reference} ({suspension.reference}) on {say(on)}{_at(time)}",
        reason=note.strip(),
    ):
        _check_release(suspension, on)
        kind = SuspensionRecord.Kind.RELEASED
        if suspension.records.filter(kind=kind).exists():
            raise Conflict("on", "This is on record already. Correct that entry instead.")
        return SuspensionRecord.objects.create(
            suspension=suspension,
            kind=kind,
            on=on,
            time=time,
            note=note.strip(),
            recorded_by=when.by,
        )


def correct_suspension(
    *,
    replaces: SuspensionRecord,
    on: date,
    time: time | None,
    note: str,
    reason: str,
    when: When,
) -> SuspensionRecord:
    """Correct the day, time or words of an amendment or of a release, by an entry that
    replaces the one that stood and says why."""
    suspension = replaces.suspension
    matter, agreement = matter_of(suspension.statement), suspension.statement.agreement
    _happened("on", on, time, agreement, when)
    fits("note", note.strip(), 4000)
    if not note.strip():
        raise Refused("note", "Say what it was about.")
    with correcting(replaces, f"“{replaces.get_kind_display()}”", matter, reason, when):
        if replaces.kind == SuspensionRecord.Kind.RELEASED:
            _check_release(suspension, on)
        else:
            not_before_filing("on", suspension.statement, on)
            _not_after_revision(suspension, on)
        return SuspensionRecord.objects.create(
            suspension=suspension,
            kind=replaces.kind,
            on=on,
            time=time,
            note=note.strip(),
            replaces=replaces,
            reason=reason.strip(),
            recorded_by=when.by,
        )


def correct_letter(
    *,
    replaces: SuspensionLetter,
    asks_to_stop: bool,
    time: time | None,
    reason: str,
    when: When,
) -> SuspensionLetter:
    """Correct whether a notice asks to stop offers, and at what time of day.  How a copy
    travelled is corrected on the notice itself."""
    matter = matter_of(replaces.suspension.statement)
    what = f"what {replaces.notice.reference} asks"
    with correcting(replaces, what, matter, reason, when):
        return SuspensionLetter.objects.create(
            suspension=replaces.suspension,
            notice=replaces.notice,
            asks_to_stop=asks_to_stop,
            time=time,
            replaces=replaces,
            reason=reason.strip(),
            recorded_by=when.by,
        )


def correct_stop_answer(
    *,
    replaces: SuspensionAnswer,
    on: date,
    copies: int | None = None,
    reason: str,
    when: When,
) -> SuspensionAnswer:
    """Correct the day an Investor acknowledged, or what it sent back and when."""
    suspension, kind = replaces.suspension, SuspensionAnswer.Kind(replaces.kind)
    matter, agreement = matter_of(suspension.statement), suspension.statement.agreement
    not_in_future("on", on, when.today(agreement))
    _check_answer(suspension, [replaces.investor], kind, on, copies)
    what = f"“{kind.label}” from {replaces.investor.name}"
    with correcting(replaces, what, matter, reason, when):
        return SuspensionAnswer.objects.create(
            suspension=suspension,
            investor=replaces.investor,
            kind=kind,
            on=on,
            copies=copies,
            replaces=replaces,
            reason=reason.strip(),
            recorded_by=when.by,
        )


@contextmanager
def correcting(
    replaces: CarriedEntry, what: str, matter: Demand, reason: str, when: When
) -> Iterator[None]:
    """An act that replaces an entry of ``matter`` with one that says why.  Raises
    ``Conflict`` when the entry no longer stands."""
    if not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    with recording(
        matter.agreement,
        f"{replaces._meta.model_name}.corrected",
        when=when,
        matter=matter,
        says=f"Corrected {what} under {matter.reference}",
        reason=reason.strip(),
    ):
        if type(replaces).objects.filter(replaces=replaces).exists():
            raise Conflict("reason", MEANWHILE)
        yield


# --- what cannot be -------------------------------------------------------------------------


def matter_of(statement: Statement) -> Demand:
    """The registration a statement was filed for.  Raises ``Refused`` where it is none of
    the Investors': nobody sells under it."""
    if statement.demand is None:
        raise Refused("on", "No Investor sells under it: it was filed for no registration of ours.")
    return statement.demand


def not_before_filing(field: str, statement: Statement, on: date) -> None:
    """Refuse what is dated before the statement was filed."""
    filed = statement.records.standing().filter(kind=StatementRecord.Kind.FILED).first()
    if filed is not None and on < filed.on:
        raise Refused(field, f"The statement was filed on {say(filed.on)}. Check both days.")


def amended_on(suspension: Suspension) -> date:
    """The day its prospectus was amended."""
    on: date = (
        suspension.records.standing()
        .values_list("on", flat=True)
        .get(kind=SuspensionRecord.Kind.AMENDED)
    )
    return on


def _happened(field: str, on: date, time: time | None, agreement: Agreement, when: When) -> None:
    """Refuse a day, or a time of today, that has not come."""
    today = when.today(agreement)
    not_in_future(field, on, today)
    local = when.now.astimezone(ZoneInfo(agreement.time_zone)).time()
    if on == today and time is not None and time > local:
        raise Refused("time", f"{clock(time)} has not come yet today. Enter what happened.")


def _at(time: time | None) -> str:
    return f" at {clock(time)}" if time is not None else ""


def _sent_to(suspension: Suspension, *, asking: bool = False) -> dict[int, date]:
    """The first day a letter of a suspension is on record for, by Investor."""
    letters = SuspensionLetter.objects.standing().filter(suspension=suspension)
    if asking:
        letters = letters.filter(asks_to_stop=True)
    first: dict[int, date] = {}
    for who, sent_on, received_on in (
        DeliveryRecord.objects.standing()
        .filter(delivery__notice__in=letters.values("notice"))
        .values_list("delivery__recipient_id", "sent_on", "received_on")
    ):
        day = sent_on or received_on
        first[who] = min(day, first.get(who, day))
    return first


def _check_answer(
    suspension: Suspension,
    investors: Sequence[Investor],
    kind: SuspensionAnswer.Kind,
    on: date,
    copies: int | None,
) -> None:
    if kind == SuspensionAnswer.Kind.RETURNED:
        not_before_filing("on", suspension.statement, on)
        if copies is not None and copies < 1:
            raise Refused("copies", "Enter how many copies came back, or leave it empty.")
        return
    if copies is not None:
        raise Refused("copies", "An acknowledgement counts no copies. Record them as returned.")
    sent = _sent_to(suspension)
    for investor in investors:
        if investor.pk not in sent:
            raise Refused(
                "investors",
                f"No notice in {suspension.reference} went to {investor.name}. Record it first.",
            )
        if on < sent[investor.pk]:
            raise Refused(
                "on",
                f"The notice to {investor.name} is of {say(sent[investor.pk])}. Check both days.",
            )


def _check_release(suspension: Suspension, on: date) -> None:
    asked = _sent_to(suspension, asking=True)
    if not asked:
        raise Refused("on", "Nobody was asked to stop, so there is nothing to take back.")
    if on < (first := min(asked.values())):
        raise Refused("on", f"The request to stop is of {say(first)}. Check both days.")


def _not_after_revision(suspension: Suspension, on: date) -> None:
    """Refuse to date an amendment after a revised prospectus that carries it."""
    for sent_on, received_on in suspension.revised.standing().values_list("sent_on", "received_on"):
        day = sent_on or received_on
        if day is not None and day < on:
            raise Refused("on", f"A revised prospectus is of {say(day)}. Check both days.")
