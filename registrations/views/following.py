"""What would follow from an act, before it is saved: every date before and after, what it
would raise and what it would settle.

The act itself is run and undone, so that what the page says cannot differ from what
saving does.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from investors.models import Agreement
from registrations.models import Demand, DocketEntry
from registrations.rules.days import say
from registrations.rules.docket import Docket
from registrations.rules.findings import Force, State, Window
from registrations.rules.states import standing
from registrations.services import recording

from .lanes import JOINS
from .rows import window_of
from .words import Status, days_words, listed, status_of

SHOWN = 14
_BAD = (State.MISSED, State.IMPOSSIBLE, State.MET_LATE, State.MET_EARLY)
_CLOSES = {
    "company_notice": "Company Notice given by",
    "last_receipt": "Last safe receipt of the Company Notice",
    "file": "Last day to file",
    "effective": "Effective no later than",
    "keep_effective": "Kept effective at most until",
    "registration_notice": "Registration Notice given by",
    "last_notice": "Last safe day to give the Registration Notice",
}
_PLANNED = "Planned filing"
_OPENS = {"file": "First day to file", "join": "Company Notice given"}
_ORDER = (
    "company_notice", "registration_notice", "join", "last_receipt", "last_notice", "file",
    "effective", "keep_effective", "rest", "delay",
)  # fmt: skip
RULINGS = {
    "good": "Enough Units on every reading",
    "refused": "Too few Units on every reading: no clock starts",
    "needs_decision": "Enough Units on one reading only: counsel decides",
    "unknown": "Not known until the Demand Notice is given",
    "owed": "A Registration Notice is owed to every Investor",
    "excluded": "No Registration Notice is owed",
}


class Seen(NamedTuple):
    """A matter as it stands: its windows and concerns by matter and key."""

    windows: Mapping[tuple[str, str], Window]
    concerns: Mapping[tuple[str, str], tuple[str, date]]


class Change(NamedTuple):
    """One date before and after.  ``kind`` is new, changed, same or gone."""

    what: str
    before: str
    after: str
    kind: str
    clause: str = ""
    basis: str = ""
    status: Status | None = None
    unproven: bool = False

    @property
    def moved(self) -> bool:
        return self.kind in ("new", "changed", "gone")


class Consequences(NamedTuple):
    """What would follow.  ``misses`` says that a date would be recorded as missed, late or
    impossible, ``early`` that a filing would be as before its first day; ``token`` stands
    for all of it, so that a save can prove it was shown."""

    changes: tuple[Change, ...]
    raised: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    lead: tuple[Change, ...] = ()
    warning: str = ""
    misses: bool = False
    early: bool = False
    detail: Any = None

    @property
    def said(self) -> str:
        """One sentence for a screen reader: "2 dates new, 1 changes"."""
        new = sum(c.kind == "new" for c in self.changes)
        moved = sum(c.kind in ("changed", "gone") for c in self.changes)
        if not new and not moved:
            return "No clock starts." if self.lead else "No date changes."
        told = []
        if new:
            told.append(f"{new} {'date' if new == 1 else 'dates'} new")
        if moved:
            dates = "" if new else (" date" if moved == 1 else " dates")
            told.append(f"{moved}{dates} {'changes' if moved == 1 else 'change'}")
        return f"{', '.join(told)}."

    @property
    def token(self) -> str:
        told = repr((self.changes, self.raised, self.settled, self.lead, self.detail))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def of_matter(
    attempt: Callable[[], Any], *, demand: Demand | None, today: date, soon_days: int
) -> Consequences:
    """What an act on one matter would change, or what the matter it begins would be."""
    tried = recording.preview(attempt, demand=demand)
    before = _seen(tried.demand, tried.before) if tried.before else Seen({}, {})
    found = compare(before, _seen(tried.demand, tried.after), today=today, soon_days=soon_days)
    lead: tuple[Change, ...] = ()
    if tried.before is None:
        lead = _of_the_demand(tried.after, tried.demand)
    safe = tried.after.window("last_receipt")
    warning = ""
    if safe and safe.closes_on and safe.done_on is None and today <= safe.closes_on:
        warning = f"If any receipt is after {say(safe.closes_on)}, no day to file is left."
    return found._replace(lead=lead, warning=warning)


def of_register(
    attempt: Callable[[], Any],
    *,
    agreement: Agreement,
    today: date,
    soon_days: int,
    detail: Callable[[], Any] = lambda: None,
) -> Consequences:
    """What an act on the register would change in any matter of the agreement.

    ``detail`` is read before and after, for the page to show beside the dates.
    """
    before, was = _stored(agreement), detail()

    def look(_: Any) -> Consequences:
        found = compare(before, _stored(agreement), today=today, soon_days=soon_days)
        return found._replace(detail=(was, detail()))

    return recording.tried(attempt, look)


def compare(before: Seen, after: Seen, *, today: date, soon_days: int) -> Consequences:
    """Every date that would be new, move or go, and what would be raised or settled."""
    grouped: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    turned: set[State] = set()
    keys = sorted(
        before.windows.keys() | after.windows.keys(),
        key=lambda k: (k[0], _place(k[1]), _who(before, after, k)),
    )
    several = len({matter for matter, _ in keys}) > 1
    for key in keys:
        old, new = before.windows.get(key), after.windows.get(key)
        if bad := _turns_bad(old, new, today, soon_days):
            turned.add(bad)
        for side in ("opens", "closes"):
            change = _change(key, old, new, side, today, soon_days, several)
            if change is not None:
                grouped[change._replace(what="", basis=""), change.what, change.basis].append(
                    _who(before, after, key)
                )
    changes = [
        change._replace(
            what=f"{what}: {listed([n for n in names if n], 3)}" if any(names) else what,
            basis=basis,
        )
        for (change, what, basis), names in grouped.items()
    ]
    raised = [
        text
        for key, (text, since) in after.concerns.items()
        if key not in before.concerns and since <= today
    ]
    settled = [t for key, (t, _) in before.concerns.items() if key not in after.concerns]
    return Consequences(
        tuple(changes),
        tuple(raised[:SHOWN]),
        tuple(settled[:SHOWN]),
        misses=bool(turned - {State.MET_EARLY}),
        early=State.MET_EARLY in turned,
    )


def _seen(demand: Demand, docket: Docket) -> Seen:
    name = demand.reference
    return Seen(
        {(name, w.key): w for w in docket.windows},
        {(name, c.key): (c.text, c.since) for c in docket.concerns},
    )


def _stored(agreement: Agreement) -> Seen:
    """Every matter's projection, which an act rewrites in its own transaction."""
    windows: dict[tuple[str, str], Window] = {}
    concerns: dict[tuple[str, str], tuple[str, date]] = {}
    rows: Iterable[DocketEntry] = DocketEntry.objects.filter(agreement=agreement).select_related(
        "demand"
    )
    for row in rows:
        key = row.demand.reference, row.key
        if row.kind == DocketEntry.Kind.WINDOW:
            windows[key] = window_of(row)
        elif row.flag_on is not None:
            concerns[key] = row.text, row.flag_on
    return Seen(windows, concerns)


def _of_the_demand(docket: Docket, matter: Demand) -> tuple[Change, ...]:
    """What the matter would rest on: when its notice counts, and whether it is good; for
    one the Company proposes, whether Investors are owed a notice of it."""
    demand = docket.demand
    rows = []
    given = (
        ("Demand Notice given", demand.given_on),
        ("Received by the Company", demand.received_on),
    )
    for what, on in () if matter.by_company else given:
        reason = demand.because[0] if demand.because else None
        rows.append(
            Change(
                what,
                "",
                say(on) if on else "Not known",
                "new",
                reason.clause if reason else "",
                reason.says if reason and what.endswith("given") else "",
                unproven=on is None,
            )
        )
    ruling = docket.ruling
    rows.append(
        Change(
            "The Investors" if matter.by_company else "The demand",
            "",
            "Not known yet"
            if matter.by_company and ruling.outcome == "unknown"
            else RULINGS.get(ruling.outcome, ruling.outcome),
            "new",
            ruling.readings[0].clause if ruling.readings else "",
            "; ".join(r.text for r in ruling.because)
            if matter.by_company
            else "; ".join(r.says for r in ruling.readings),
        )
    )
    return tuple(rows)


def _change(
    key: tuple[str, str],
    old: Window | None,
    new: Window | None,
    side: str,
    today: date,
    soon_days: int,
    several: bool,
) -> Change | None:
    window = new or old
    assert window is not None
    family = window.key.split(":")[0]
    if side == "opens":
        label = _OPENS.get(family)
        if window.rule == "P3":
            label = "Registration Notice given"
        elif window.rule == "P4":
            label = None
    elif family == "join":
        label = "Answers by"
    elif family == "delay":
        label = "The Company’s delay runs through"
    elif family == "rest":
        label = "Nothing need be effected through"
    elif family == "file" and window.rule == "P4":
        label = _PLANNED
    else:
        label = _CLOSES.get(family, window.act)
    if label is None:
        return None
    label = f"{key[0]}: {label}" if several else label
    before, after = _words(old, side), _words(new, side)
    was = _status(old, today, soon_days) if side == "closes" else None
    now = _status(new, today, soon_days) if side == "closes" else None
    if old is None:
        kind = "new"
    elif new is None:
        kind = "gone"
    else:
        kind = "same" if (before, was) == (after, now) else "changed"
    return Change(
        label,
        before,
        after if new is not None else "No longer applies",
        kind,
        window.clause,
        _basis(new, side),
        now if now != was or now is None else None,
        unproven=new is not None and _day(new, side)[1],
    )


def _day(window: Window, side: str) -> tuple[date | None, bool]:
    """A side's day, and whether it could still move or is only what would be."""
    if side == "opens":
        return window.opens_on, window.opens_on is None
    if window.closes_on is None:
        return window.provisional_on, True
    return window.closes_on, False


def _words(window: Window | None, side: str) -> str:
    if window is None:
        return ""
    day, _ = _day(window, side)
    return say(day) if day else "Not known"


def _basis(window: Window | None, side: str) -> str:
    if window is None:
        return ""
    day, open_ended = _day(window, side)
    if side == "closes" and window.done_on is not None:
        return f"{(window.done_as or 'done').capitalize()} {say(window.done_on)}."
    if day is None and window.awaiting:
        missing = window.awaiting[0].fact
        who = [a.who for a in window.awaiting if a.who]
        return f"Waits for {missing}{': ' + listed(who, 3) if who else ''}."
    if open_ended and day is not None:
        return "If what comes before it happens on its last day."
    if side == "closes" and window.lenient_on and window.lenient_on != window.closes_on:
        return f"{say(window.lenient_on)} on the other reading."
    if side == "closes" and window.force is Force.HOUSE and window.rule == "P4":
        return "The Company’s plan; it may move."
    if side == "closes" and window.force is Force.HOUSE:
        return "Our standard, not in the agreement."
    if side == "opens" and window.rule in JOINS and len(window.because) > 1:
        return f"{window.because[1].says}."
    return ""


def _status(window: Window | None, today: date, soon_days: int) -> Status | None:
    if window is None:
        return None
    found = standing(window, today=today, soon_days=soon_days)
    if found.state in (State.UNKNOWN, State.NOT_YET_OPEN):
        return None
    if window.force is Force.HOUSE and found.state is State.MET_LATE:
        return Status("wait", f"{days_words(found.days)} past our target")
    return status_of(found, window.force)


def _turns_bad(old: Window | None, new: Window | None, today: date, soon_days: int) -> State | None:
    """The missed, late, early or impossible state that saving would put on the record."""
    if new is None or new.force in (Force.HOUSE, Force.REST, Force.RIGHT):
        return None
    after = standing(new, today=today, soon_days=soon_days).state
    if after not in _BAD:
        return None
    if old is not None and standing(old, today=today, soon_days=soon_days).state is after:
        return None
    return after


def _place(key: str) -> int:
    family = key.split(":")[0]
    return _ORDER.index(family) if family in _ORDER else len(_ORDER)


def _who(before: Seen, after: Seen, key: tuple[str, str]) -> str:
    window = after.windows.get(key) or before.windows.get(key)
    return window.who if window else ""
