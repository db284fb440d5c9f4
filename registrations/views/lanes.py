"""One matter as one lane: the picture, the row of the table beside it, and its state.

Both the dashboard and the list of registrations draw from the projection alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet

from registrations import pictures
from registrations.models import Demand, DocketEntry
from registrations.pictures import Axis, Label, Lane, Mark, Scale, Stretch
from registrations.rules.findings import Standing, State, Window

from .rows import standing_of, window_of
from .words import Status, count_words, days_words, month_day, short_day, status_of

BEFORE, AFTER = 60, 75
TOLD = ("company_notice", "registration_notice")
JOINS = ("D4", "P3")
"""The rules of the windows in which Investors may ask to join."""


class JoinGroup(NamedTuple):
    """The Investors of one matter whose window to join closes on the same day."""

    demand: int
    closes_on: date | None
    opens_on: date | None
    lenient_on: date | None
    total: int
    answered: int
    who: str
    investor: int | None
    not_proven: int

    @property
    def waiting(self) -> int:
        return self.total - self.answered


class MatterLane(NamedTuple):
    """A matter as a page lists it."""

    demand: Demand
    note: str
    status: Status
    lane: Lane | None
    received_on: date | None
    requests: str
    file: Window | None
    file_state: Standing | None
    effective: Window | None
    open: bool


def joining(entries: QuerySet[DocketEntry], *, upto: date | None = None) -> list[JoinGroup]:
    """Windows to join grouped by matter and last day: a matter with a thousand Investors
    and one date is one group."""
    done = Q(done_on__isnull=False) | Q(waived_on__isnull=False)
    if upto is not None:
        done = Q(done_on__lte=upto) | Q(waived_on__lte=upto)
    rows = (
        entries.filter(kind=DocketEntry.Kind.WINDOW, rule__in=JOINS)
        .order_by()
        .values("demand_id", "closes_on")
        .annotate(
            opens=Min("opens_on"),
            lenient=Max("lenient_on"),
            total=Count("pk"),
            answered=Count("pk", filter=done),
            who=Min("investor__name", filter=~done),
            one=Min("investor_id"),
            not_proven=Count("pk", filter=Q(lenient_on=None)),
        )
    )
    groups = [
        JoinGroup(
            r["demand_id"], r["closes_on"], r["opens"], r["lenient"], r["total"], r["answered"],
            r["who"] or "", r["one"], r["not_proven"],
        )
        for r in rows
    ]  # fmt: skip
    return sorted(groups, key=lambda g: (g.closes_on or date.max, g.demand))


def matter_lanes(
    demands: Sequence[Demand],
    entries: Iterable[DocketEntry],
    groups: Iterable[JoinGroup],
    *,
    day: date,
    soon_days: int,
    looking_back: bool,
) -> tuple[list[MatterLane], Axis]:
    """The lanes of some matters on one scale."""
    upto = day if looking_back else None
    of: dict[int, list[DocketEntry]] = defaultdict(list)
    for entry in entries:
        of[entry.demand_id].append(entry)
    joins: dict[int, list[JoinGroup]] = defaultdict(list)
    for group in groups:
        joins[group.demand].append(group)
    windows = {
        d.pk: {
            e.key: window_of(e, upto=upto) for e in of[d.pk] if e.kind == DocketEntry.Kind.WINDOW
        }
        for d in demands
    }
    concerns = {d.pk: [e for e in of[d.pk] if e.kind == DocketEntry.Kind.CONCERN] for d in demands}
    shown: list[date | None] = []
    for each in windows.values():
        for key in (*TOLD, "file", "effective"):
            if w := each.get(key):
                shown += [w.opens_on, w.closes_on, w.done_on]
    for group in (g for gs in joins.values() for g in gs):
        shown += [group.opens_on, group.closes_on, group.lenient_on]
    scale = Scale.around(shown, today=day, before=BEFORE, after=AFTER)
    lanes = [
        _lane(d, windows[d.pk], joins[d.pk], concerns[d.pk], scale, day=day, soon_days=soon_days)
        for d in demands
    ]
    return lanes, Axis.of(scale, day)


def _lane(
    demand: Demand,
    windows: dict[str, Window],
    groups: Sequence[JoinGroup],
    concerns: Sequence[DocketEntry],
    scale: Scale,
    *,
    day: date,
    soon_days: int,
) -> MatterLane:
    file, effective = windows.get("file"), windows.get("effective")
    notice = next((windows[key] for key in TOLD if key in windows), None)
    received_on = next(
        (
            r.fact.on
            for w in (file,)
            if w
            for r in w.because
            if r.rule == "D7" and r.fact is not None
        ),
        notice.opens_on if notice else None,
    )
    state = standing_of(file, day=day, soon_days=soon_days) if file else None
    status = _status(file, state, effective, windows, groups, concerns, day, soon_days)
    withdrawn = bool(file and file.superseded_on)
    total, answered = sum(g.total for g in groups), sum(g.answered for g in groups)
    note = f"{answered:,} of {total:,} answered" if total else ""
    known = [g.closes_on for g in groups if g.closes_on]
    requests = short_day(max(known), day) if known else "Not known" if groups else "Nobody to ask"
    lane = None
    if file is not None:
        lane = _picture(demand, received_on, notice, groups, file, state, effective, scale, day)
    done = withdrawn or bool(effective and effective.done_on)
    return MatterLane(
        demand, note, status, lane, received_on, requests, file, state, effective, not done
    )


def _status(
    file: Window | None,
    state: Standing | None,
    effective: Window | None,
    windows: dict[str, Window],
    groups: Sequence[JoinGroup],
    concerns: Sequence[DocketEntry],
    day: date,
    soon_days: int,
) -> Status:
    if any(c.flag_kind == "ineligible" for c in concerns):
        return Status("wait", "Not available")
    if file is not None and file.superseded_on:
        return Status("done", "Withdrawn")
    if file is None or state is None:
        return Status("wait", "Not known")
    if any(c.flag_kind == "suspended" and c.flag_on and c.flag_on <= day for c in concerns):
        return Status("soon", "Suspended")
    if effective and effective.done_on:
        return Status("done", "Effective")
    if file.done_on:
        late = effective and standing_of(effective, day=day, soon_days=soon_days)
        if late and late.state in (State.MISSED, State.DUE_SOON):
            return status_of(late, effective.force)  # type: ignore[union-attr]
        return Status("wait", "Filed, not effective")
    if any(c.key == "decide:eligibility" for c in concerns):
        return Status("soon", "Decision needed")
    if state.state in (State.MISSED, State.IMPOSSIBLE, State.DUE_SOON):
        return status_of(state, file.force)
    if any(g.closes_on and g.closes_on >= day and g.waiting for g in groups):
        return Status("open", "Requests open")
    if file.awaiting:
        return Status("wait", "Evidence missing")
    return status_of(state, file.force)


def _picture(
    demand: Demand,
    received_on: date | None,
    notice: Window | None,
    groups: Sequence[JoinGroup],
    file: Window,
    state: Standing | None,
    effective: Window | None,
    scale: Scale,
    day: date,
) -> Lane:
    ref = demand.reference
    says: list[str] = []
    marks: list[Mark] = []
    labels: list[Label] = []
    stretches: list[Stretch] = []

    def happened(on: date | None, name: str, left: bool = False) -> None:
        if on is None or on > day:
            return
        says.append(f"{name} {short_day(on, day)}.")
        if scale.has(on):
            x = scale.mid(on)
            marks.append(Mark(x, pictures.FACT_Y, "fact"))
            labels.append(
                Label(x, pictures.FACT_Y + 4, f"{name}, {month_day(on)}",
                      "end" if left else "start", -11 if left else 11)
            )  # fmt: skip

    given_on = notice.done_on if notice else None
    # Two facts close together are named on either side of the pair.
    close = given_on and received_on and 0 <= (given_on - received_on).days < 25
    room = received_on and scale.has(received_on) and scale.mid(received_on) > 22
    began, told = "Demand Notice", "Company Notice"
    if demand.by_company:
        began, told = "Proposed", "Registration Notice"
    happened(received_on, began, left=bool(close and room))
    happened(given_on, told)
    happened(file.done_on, "Filed")
    happened(effective.done_on if effective else None, "Effective")

    _draw_joining(groups, scale, day, stretches, labels, says)
    _draw_filing(file, state, scale, day, stretches, marks, labels, says)
    if file.done_on and effective and not effective.done_on and effective.closes_on:
        says.append(f"Effective no later than {short_day(effective.closes_on, day)}.")
        first = max(file.done_on, scale.first)
        if first <= scale.last:
            last = min(effective.closes_on, scale.last)
            stretches.append(
                Stretch(scale.bar(first, last), pictures.BAR_Y, "", "solid",
                        "solid" if last == effective.closes_on else "none")
            )  # fmt: skip
            labels.append(
                Label(scale.bar(first, last).mid, pictures.BELOW_Y,
                      f"Effective by {month_day(effective.closes_on)}", kind="calc")
            )  # fmt: skip
    return Lane(
        id=f"lane-{ref}".lower(),
        says=f"{ref}: {' '.join(says)}" if says else f"{ref}: no date in this picture.",
        height=116,
        stretches=stretches,
        marks=marks,
        labels=pictures.apart(labels),
    )


def _draw_joining(
    groups: Sequence[JoinGroup],
    scale: Scale,
    day: date,
    stretches: list[Stretch],
    labels: list[Label],
    says: list[str],
) -> None:
    known = [g for g in groups if g.closes_on and g.opens_on]
    unknown = sum(g.total for g in groups if not g.closes_on)
    if unknown:
        says.append(f"The window of {count_words(unknown, 'Investor')} is not known.")
    if not known:
        return
    first = min(g.opens_on for g in known if g.opens_on)
    closes = max(g.closes_on for g in known if g.closes_on)
    lenient = max((g.lenient_on for g in known if g.lenient_on), default=None)
    over = closes < day
    says.append(f"Requests {'closed' if over else 'due'} {short_day(closes, day)}.")
    if lenient and lenient > closes:
        says.append(f"On the second reading {short_day(lenient, day)}.")
    kind = "past" if over else ""
    if lenient and lenient > closes and scale.has(lenient) and not over:
        bar = scale.bar(max(closes + pictures.ONE, scale.first), lenient)
        stretches.append(Stretch(bar, pictures.BAR_Y, "maybe", "none", "dashed"))
    if first <= scale.last and closes >= scale.first:
        bar = scale.bar(max(first, scale.first), min(closes, scale.last))
        opening = "solid" if first >= scale.first else "none"
        stretches.append(Stretch(bar, pictures.BAR_Y, kind, opening))
        labels.append(
            Label(bar.end, pictures.BELOW_Y,
                  f"Requests {'closed' if over else 'due'} {month_day(closes)}", "end", 0,
                  "" if over else "calc")
        )  # fmt: skip


def _draw_filing(
    file: Window,
    state: Standing | None,
    scale: Scale,
    day: date,
    stretches: list[Stretch],
    marks: list[Mark],
    labels: list[Label],
    says: list[str],
) -> None:
    closes = file.closes_on
    if closes is None:
        return
    if file.impossible and file.opens_on:
        says.append(
            f"No day is left to file: the first is {short_day(file.opens_on, day)}, "
            f"the last {short_day(closes, day)}."
        )
        for at in (closes, file.opens_on):
            if scale.has(at):
                marks.append(Mark(scale.mid(at), pictures.BAR_Y + 6, "breach"))
        if scale.has(file.opens_on):
            x = scale.mid(file.opens_on)
            words = f"No day to file: last {month_day(closes)}, first {month_day(file.opens_on)}"
            labels.append(Label(x, pictures.BELOW_Y, words, "end", 10, "late"))
        return
    lower = file.opens_on or min((r.opens_on for r in file.readings if r.opens_on), default=None)
    proven = file.opens_on is not None or not file.awaiting
    first = lower or closes
    if file.opens_on:
        says.append(f"File from {short_day(file.opens_on, day)} to {short_day(closes, day)}.")
    else:
        says.append(
            f"File by {short_day(closes, day)}"
            + ("." if proven else "; the first day is not proven.")
        )
    missed = state is not None and state.state is State.MISSED
    if missed:
        says.append(f"Missed {days_words(state.days)} ago." if state else "")
    if closes < scale.first or first > scale.last:
        return
    bar = scale.bar(max(first, scale.first), min(closes, scale.last))
    kind = "past" if file.done_on or missed else "" if file.opens_on else "maybe"
    stretches.append(
        Stretch(bar, pictures.BAR_Y, kind,
                "none" if first < scale.first else "solid" if proven else "dashed",
                "solid" if closes <= scale.last else "none")
    )  # fmt: skip
    if file.done_on:
        return
    if missed:
        marks.append(Mark(scale.mid(closes), pictures.BAR_Y + 6, "breach"))
        words = f"Missed {month_day(closes)}"
        labels.append(Label(bar.end, pictures.BELOW_Y, words, "end", 0, "late"))
        return
    words = (
        f"File {month_day(file.opens_on)} to {month_day(closes)}"
        if file.opens_on
        else f"File by {month_day(closes)}"
    )
    labels.append(Label(bar.mid, pictures.BELOW_Y, words, kind="calc"))
    if not proven:
        labels.append(Label(bar.mid, pictures.SECOND_Y, "opening day not proven"))


def group_words(group: JoinGroup) -> str:
    """Whom a group is: one Investor by name, more by number."""
    if group.waiting == 1 and group.who:
        return group.who
    return count_words(group.total, "Investor")
