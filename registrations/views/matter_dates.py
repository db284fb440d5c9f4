"""The dates that follow in a matter, each with its why.  The dates are the rules'; only words
are here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from registrations.rules.days import Roll, say
from registrations.rules.findings import Force, Window

from .matter import Matter
from .matter_facts import NoticeGroup
from .whys import Why, why
from .words import (
    Status,
    capital,
    closed_day,
    count_words,
    last_moment,
    left_words,
    listed,
    practical,
    short_day,
)


class DateRow(NamedTuple):
    """A date the app worked out, in blue; dashed while it could move."""

    label: str
    on: date | None
    basis: str
    status: Status | None
    why: Why | None
    provisional: bool = False
    instead: str = ""


def dates_that_follow(matter: Matter, groups: Sequence[NoticeGroup]) -> list[DateRow]:
    """Every date, in the order a matter runs, each with its proof."""
    rows: list[DateRow] = []
    docket = matter.docket
    if told := docket.window("company_notice"):
        rows.append(
            _row(matter, told, "Give every other Investor the Company Notice by",
                 "Our target, not in the agreement: it says promptly.", "why-told")
        )  # fmt: skip
    if safe := docket.window("last_receipt"):
        rows.append(
            _row(matter, safe, "Every Investor must have received the Company Notice by",
                 "A later receipt leaves no day to file.", "why-safe")
        )  # fmt: skip
    rows += _join_rows(matter, groups)
    file = matter.file
    if file is not None:
        rows += _file_rows(matter, file)
    effective, kept = matter.effective, docket.window("keep_effective")
    if effective is not None:
        rows.append(
            _later_row(matter, effective, "Effective no later than", "why-effective",
                       "If filed on the last day.", "Best efforts, counted from the filing.")
        )  # fmt: skip
    if kept is not None:
        rows.append(
            _later_row(matter, kept, "Keep effective until all is sold, at most through",
                       "why-kept", "If everything above comes on its last day.",
                       "The same date next year.")
        )  # fmt: skip
    for window in docket.windows:
        if window.force is Force.REST:
            delays = window.rule == "D15"
            rows.append(
                _row(matter, window,
                     "The Company’s delay runs through" if delays
                     else "No registration need be effected through",
                     "The demand stays good while this runs.",
                     f"why-{window.key}".replace(":", "-"))
            )  # fmt: skip
    rows += carried_rows(matter)
    return rows


def carried_rows(matter: Matter[Any]) -> list[DateRow]:
    """What the Company owes promptly once a prospectus is amended (S4)."""
    return [
        _row(matter, window, f"{window.act} by",
             "Our target, not in the agreement: it says promptly.",
             f"why-{window.key}".replace(":", "-"))
        for window in matter.docket.windows
        if window.rule == "S4"
    ]  # fmt: skip


def _row(matter: Matter, window: Window, label: str, basis: str, id: str) -> DateRow:
    made = why(window, matter.terms, id=id, today=matter.day)
    return DateRow(
        label,
        window.closes_on,
        basis,
        matter.status(window),
        made,
        False,
        "" if window.closes_on else "Not known",
    )


def _join_rows(matter: Matter, groups: Sequence[NoticeGroup]) -> list[DateRow]:
    joins = matter.joins
    if not joins:
        return []
    known = [w for w in joins if w.closes_on is not None]
    unknown = len(joins) - len(known)
    missing = f" {capital(count_words(unknown, 'Investor'))} not known yet." if unknown else ""
    if not known:
        return [
            DateRow("Investors may ask to join until", None, missing.strip(),
                    Status("wait", "Not proven"),
                    why(joins[0], matter.terms, id="why-join"), False, "Not known")
        ]  # fmt: skip
    days = Counter(w.closes_on for w in known)
    common = min(days, key=lambda d: (-days[d], d or date.max))
    first = min(
        (w for w in known if w.closes_on == common),
        key=lambda w: (w.done_on is not None, w.who),
    )
    others = sorted(d for d in days if d != common and d is not None)
    said = []
    if others:
        named = [f"{_who(known, d)}: {short_day(d, matter.day)}" for d in others[:3]]
        said.append(f"{'; '.join(named)}{' and other days' if len(others) > 3 else ''}.")
    assert common is not None
    rolls = matter.terms.gives("joining") and matter.terms.joining.roll is not Roll.NONE
    note = closed_day(common, matter.open_days, rolls)
    moment = last_moment(matter.zone, common)
    left = (common - matter.day).days
    answered = sum(w.done_on is not None or w.waived_on is not None for w in joins)
    state = Status("later", "Closed")
    if left >= 0:
        state = Status(
            "soon" if left <= matter.soon_days and answered < len(joins) else "later",
            "Today" if left == 0 else left_words(left),
        )
    rows = [
        DateRow(
            "Investors may ask to join until",
            common,
            " ".join(filter(None, [f"{moment}.", *said, note, missing.strip()])),
            state,
            why(first, matter.terms, id="why-join", today=matter.day),
        )
    ]
    lenient = max((w.lenient_on for w in known if w.lenient_on), default=None)
    unproven = [w for w in known if w.lenient_on is None]
    if lenient and (lenient > common or unproven):
        window = next(w for w in known if w.lenient_on == lenient)
        rows.append(
            DateRow(
                "On the second reading, until",
                lenient,
                "Counted from receipt. A request between the two is for counsel to decide."
                + (f" Not known for {listed([w.who for w in unproven], 3)}." if unproven else ""),
                None,
                why(window, matter.terms, id="why-join-later", today=matter.day)._replace(
                    day=lenient, title=f"Why {short_day(lenient)} on the second reading?"
                ),
                bool(unproven),
            )
        )
    return rows


def _who(windows: Sequence[Window], day: date) -> str:
    names = [w.who for w in windows if w.closes_on == day]
    return names[0] if len(names) == 1 else count_words(len(names), "Investor")


def _file_rows(matter: Matter, file: Window) -> list[DateRow]:
    day, lower = matter.day, matter.lower_bound
    names = matter.without_receipt
    rows = []
    if file.opens_on is not None:
        left = (file.opens_on - day).days
        edge = practical(file.opens_on, matter.open_days, matter.zone, first=True)
        rows.append(
            DateRow(
                "First day the Company may file",
                file.opens_on,
                edge,
                None
                if file.done_on
                else Status("later", left_words(left))
                if left > 0
                else Status("later", "Reached"),
                why(file, matter.terms, id="why-file-from", opens=True, practical=edge, today=day),
            )
        )
    elif file.awaiting and file.closes_on:
        missing = (
            f"{count_words(len(names), 'receipt').capitalize()} missing."
            if names
            else "No receipt is on record."
        )
        shown = matter.on_receipts_so_far or file
        rows.append(
            DateRow(
                "First day the Company may file",
                None,
                missing
                + (f" Not before {say(lower)}, on the receipts so far." if lower else ""),
                Status("wait", "Not proven"),
                why(
                    shown, matter.terms, id="why-file-from", opens=True, today=day,
                    not_proven=f"Proof of receipt is missing for {listed(names, 4)}. A later "
                    "receipt moves this day by the same number of days." if names else "",
                ),
                True,
                "Not known",
            )
        )  # fmt: skip
    if file.closes_on is not None:
        edge = practical(file.closes_on, matter.open_days, matter.zone)
        rows.append(
            DateRow(
                "Last day to file",
                file.closes_on,
                edge,
                matter.status(file)
                if file.done_on or file.impossible or file.closes_on < day
                else _left(file.closes_on, matter),
                why(file, matter.terms, id="why-file-by", practical=edge, not_proven=" ",
                    today=day)._replace(not_proven=""),
            )
        )  # fmt: skip
    return rows


def _later_row(
    matter: Matter, window: Window, label: str, id: str, if_last: str, basis: str
) -> DateRow:
    """A date that waits for another act: provisional until it comes."""
    on = window.closes_on or window.provisional_on
    provisional = window.closes_on is None
    made = why(window, matter.terms, id=id, not_proven=if_last if provisional else "",
               today=matter.day)  # fmt: skip
    return DateRow(
        label,
        on,
        if_last if provisional else basis,
        None if provisional else matter.status(window),
        made,
        provisional,
        "Not known",
    )


def _left(on: date, matter: Matter) -> Status:
    left = (on - matter.day).days
    kind = "soon" if left <= matter.soon_days else "later"
    return Status(kind, "Due today" if left == 0 else left_words(left))
