"""The windows of one matter, drawn: what happened, who may ask to join, when to file,
when it must be effective.  And the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from registrations import pictures
from registrations.pictures import Axis, Drop, Label, Lane, Mark, Scale, Stretch
from registrations.rules.days import say
from registrations.rules.findings import Force, State, Window

from .matter import Matter
from .matter_facts import NoticeGroup
from .whys import Why
from .words import capital, count_words, days_words, month_day, short_day

MOST_ROWS = 3


class WindowLane(NamedTuple):
    """A lane with its name, its citation and a line on what it amounts to."""

    name: str
    note: str
    why: Why | None
    lane: Lane


class TableRow(NamedTuple):
    """A window as the table beside the picture tells it."""

    name: str
    counted_from: str
    on: date | None
    days: str
    result: date | None
    unproven: bool = False


def picture(
    matter: Matter, groups: Sequence[NoticeGroup], whys: dict[str, Why]
) -> tuple[list[WindowLane], Axis | None]:
    """The lanes of a matter on one scale, or none when no date is known."""
    file, effective = matter.file, matter.effective
    received_on = matter.docket.demand.received_on
    if file is None or received_on is None or file.closes_on is None or not matter.terms.quick:
        return [], None
    days: list[date | None] = [received_on, file.opens_on, file.closes_on, matter.lower_bound]
    days += [file.done_on]
    days += [d for g in groups for d in (g.given_on, g.last_received_on, g.closes_on, g.lenient_on)]
    if file.done_on and effective:
        days += [effective.closes_on, effective.done_on]
    known = [d for d in days if d is not None]
    if abs((matter.day - max(known)).days) < 45 or min(known) <= matter.day <= max(known):
        known.append(matter.day)
    pad = timedelta(days=3)
    scale = Scale(min(known) - pad, max(known) + pad)
    lanes = [_happened(matter, groups, scale)]
    if matter.joins:
        lanes.append(_joining(matter, groups, scale, whys.get("why-join")))
    lanes.append(_filing(matter, scale, whys.get("why-file-from") or whys.get("why-file-by")))
    if file.done_on and effective and effective.closes_on:
        lanes.append(_effective(matter, scale, whys.get("why-effective")))
    for window in matter.docket.windows:
        if window.force is Force.REST and window.opens_on and window.closes_on:
            first, last = max(window.opens_on, scale.first), min(window.closes_on, scale.last)
            if first <= last:
                lanes.append(_rest(window, window.closes_on, first, last, scale))
    return lanes, Axis.of(scale, matter.day)


def _happened(matter: Matter, groups: Sequence[NoticeGroup], scale: Scale) -> WindowLane:
    facts: list[tuple[date, str]] = []

    def add(on: date | None, name: str) -> None:
        if on is not None and on <= matter.day:
            facts.append((on, name))

    given = sorted({g.given_on for g in groups if g.given_on})
    add(matter.docket.demand.received_on, "Demand")
    for on in given[:1]:
        add(on, "Notice given")
    for on in given[1:][-1:]:
        add(on, "Last given")
    if matter.received:
        add(matter.received[-1], "Last receipt")
    if matter.file:
        add(matter.file.done_on, "Filed")
    if matter.effective:
        add(matter.effective.done_on, "Effective")
    marks: list[Mark] = []
    labels: list[Label] = []
    drops: list[Drop] = []
    tiers: list[float] = []  # where each row of labels ends, in pixels
    for on, names in _by_day(facts):
        if not scale.has(on):
            continue
        x = scale.mid(on)
        at = x / 100 * pictures.PLOT_PX
        half = max(len(names), 6) * pictures.LETTER_PX / 2
        marks.append(Mark(x, 24, "fact"))
        drops.append(Drop(x, 24, "100%"))
        tier = next((i for i, end in enumerate(tiers) if at - half > end + 8), len(tiers))
        if tier > 2:
            continue
        tiers[tier : tier + 1] = [at + half]
        y = 50 + 34 * tier
        labels += [Label(x, y, month_day(on), kind="strong"), Label(x, y + 16, names)]
    says = " ".join(f"{name} {say(on)}." for on, name in sorted(facts)) or "Nothing yet."
    return WindowLane(
        "What happened",
        f"{len(facts)} fact{'' if len(facts) == 1 else 's'} drawn",
        None,
        Lane("lane-facts", says, 44 + 34 * max(len(tiers), 1), marks=marks, labels=labels,
             drops=drops),
    )  # fmt: skip


def _by_day(facts: Sequence[tuple[date, str]]) -> list[tuple[date, str]]:
    """The facts of each day under one mark."""
    days: dict[date, list[str]] = {}
    for on, name in sorted(facts, key=lambda fact: fact[0]):
        days.setdefault(on, []).append(name)
    return [(on, ", ".join(names)) for on, names in days.items()]


def _joining(
    matter: Matter, groups: Sequence[NoticeGroup], scale: Scale, why: Why | None
) -> WindowLane:
    drawn = _merged(groups)
    stretches: list[Stretch] = []
    measures: list[pictures.Measure] = []
    labels: list[Label] = []
    says: list[str] = []
    words = matter.terms.joining.words
    y = 24
    for group in drawn:
        assert group.given_on is not None
        assert group.closes_on is not None
        over = group.closes_on < matter.day
        says.append(f"{group.who}: {words} from {say(group.given_on)} end {say(group.closes_on)}.")
        one = scale.days <= pictures.DENSE_DAYS
        if one:
            measures += pictures.measure(scale, group.given_on, group.closes_on, words, y)
        later = group.lenient_on is not None and group.lenient_on > group.closes_on
        bar_y = y + 22
        if later and group.lenient_on:
            says.append(f"On the second reading {say(group.lenient_on)}.")
            after = scale.bar(group.closes_on + pictures.ONE, group.lenient_on)
            stretches.append(Stretch(after, bar_y, "maybe", "none", "dashed"))
        unproven = group.received < group.total
        stretches.append(
            Stretch(scale.bar(group.given_on, group.closes_on), bar_y, "past" if over else "")
        )
        end = group.lenient_on if later and group.lenient_on else group.closes_on
        first = f"{short_day(group.closes_on)}, from the day given"
        tail = ", so far" if unproven else ""
        second = f"{short_day(group.lenient_on)}, from receipt{tail}" if later else ""
        if pictures.fits_beside(scale, end, max(first, second, key=len)):
            labels.append(
                pictures.beside(scale, end, first, y + 4, kind="" if over else "strong calc")
            )
            if second:
                kind = "" if over else "calc"
                labels.append(pictures.beside(scale, end, second, bar_y + 4, kind=kind))
            labels.append(
                pictures.beside(scale, end, capital(group.who), bar_y + (20 if second else 4))
            )
            y += 66
        else:
            x = scale.end(end)
            labels.append(Label(x, bar_y + 30, first, "end", 0, "" if over else "strong calc"))
            below = f"{second} · {group.who}" if second else group.who
            labels.append(
                Label(x, bar_y + 46, capital(below), "end", 0, "" if over or not second else "calc")
            )
            y += 84
    answered = sum(w.done_on is not None for w in matter.joins)
    missing = sum(g.total for g in groups if g.closes_on is None)
    if missing:
        says.append(f"Not known for {count_words(missing, 'Investor')}.")
        labels.append(
            Label(0, y, f"{capital(count_words(missing, 'Investor'))}: not known yet", "start", 4)
        )
        y += 16
    return WindowLane(
        "Investors may ask to join",
        f"{answered:,} of {len(matter.joins):,} answered",
        why,
        Lane("lane-join", " ".join(says) or "No window to join is known yet.", max(y, 56),
             stretches, measures, (), pictures.apart(labels)),
    )  # fmt: skip


def _merged(groups: Sequence[NoticeGroup]) -> list[NoticeGroup]:
    """At most three rows: more are drawn as one, from the first day given to the last."""
    by_day: dict[tuple[date, date], NoticeGroup] = {}
    for g in groups:
        if g.given_on is None or g.closes_on is None:
            continue
        had = by_day.get((g.given_on, g.closes_on))
        by_day[g.given_on, g.closes_on] = g if had is None else _both(had, g)
    known = list(by_day.values())
    if len(known) <= MOST_ROWS:
        return known
    whole = known[0]
    for group in known[1:]:
        whole = _both(whole, group)
    return [whole]


def _both(a: NoticeGroup, b: NoticeGroup) -> NoticeGroup:
    total = a.total + b.total
    return a._replace(
        given_on=min(d for d in (a.given_on, b.given_on) if d),
        total=total,
        received=a.received + b.received,
        who=count_words(total, "Investor"),
        closes_on=max(d for d in (a.closes_on, b.closes_on) if d),
        lenient_on=max((d for d in (a.lenient_on, b.lenient_on) if d), default=None),
    )


def _filing(matter: Matter, scale: Scale, why: Why | None) -> WindowLane:
    file = matter.file
    assert file is not None
    assert file.closes_on is not None
    received_on, last = matter.docket.demand.received_on, None
    if matter.received:
        last = matter.received[-1]
    opens = file.opens_on or matter.lower_bound
    proven = file.opens_on is not None or not file.awaiting
    terms = matter.terms
    late = matter.stands(file).state is State.MISSED
    measures: list[pictures.Measure] = []
    if scale.days <= pictures.DENSE_DAYS * 2:
        measures += pictures.measure(
            scale, last, opens, terms.filing_opens.words, 24, certain=proven
        )
        measures += pictures.measure(
            scale, received_on, file.closes_on, terms.filing_closes.words, 46
        )
    drops = [Drop(scale.mid(d), 0, str(y)) for d, y in ((last, 24), (received_on, 46)) if d]
    labels: list[Label] = []
    stretches: list[Stretch] = []
    marks: list[Mark] = []
    if file.impossible and file.opens_on:
        says = (
            f"No day is left to file. The first is {say(file.opens_on)}, the last "
            f"{say(file.closes_on)}."
        )
        marks = [Mark(scale.mid(d), 74, "breach") for d in (file.closes_on, file.opens_on)]
        labels = [
            Label(scale.mid(file.closes_on), 78, f"Last {short_day(file.closes_on)}", "end", -12,
                  "late"),
            Label(scale.mid(file.opens_on), 100, f"First {short_day(file.opens_on)}", "end", 8,
                  "late"),
        ]  # fmt: skip
        lane = Lane("lane-file", says, 112, (), measures, marks, labels, drops)
        return WindowLane("Company may file", "No day left", why, lane)
    first = opens or file.closes_on
    count = (file.closes_on - first).days + 1
    business = matter.open_days.count(first, file.closes_on)
    note = f"{days_words(count)}, {business} of them business"
    if opens is None:
        note = "First day not known" if file.awaiting else "Nothing holds it back"
    if first <= file.closes_on:
        kind = "past" if file.done_on or late else "" if opens else "maybe"
        stretches.append(
            Stretch(scale.bar(first, file.closes_on), 68, kind, "solid" if proven else "dashed")
        )
    if opens:
        labels.append(Label(scale.start(opens), 78, short_day(opens), "end", -12,
                            "" if file.done_on else "strong calc"))  # fmt: skip
        if not proven:
            labels.append(Label(scale.start(opens), 95, "not proven: moves with a missing receipt",
                                "end", -12))  # fmt: skip
    labels.append(
        Label(scale.end(file.closes_on), 100, short_day(file.closes_on), "end", 0,
              "late" if late else "" if file.done_on else "strong calc")
    )  # fmt: skip
    if late:
        marks.append(Mark(scale.mid(file.closes_on), 74, "breach"))
    says = f"File by {say(file.closes_on)}, {terms.filing_closes.words} after receipt of the Demand Notice"  # noqa: E501
    if opens:
        says = f"File from {say(opens)}{'' if proven else ' (not proven)'} to {say(file.closes_on)}"
    return WindowLane("Company may file", note, why,
                      Lane("lane-file", f"{says}.", 112, stretches, measures, marks,
                           pictures.apart(labels), drops))  # fmt: skip


def _effective(matter: Matter, scale: Scale, why: Why | None) -> WindowLane:
    window = matter.effective
    assert window is not None
    assert window.opens_on is not None
    assert window.closes_on is not None
    done, late = window.done_on, matter.stands(window).state is State.MISSED
    measures = pictures.measure(
        scale, window.opens_on, window.closes_on, matter.terms.effectiveness.words, 24
    )
    labels = [
        Label(scale.end(window.closes_on), 78, short_day(window.closes_on), "end", 0,
              "late" if late else "" if done else "strong calc")
    ]  # fmt: skip
    stretches = [
        Stretch(scale.bar(window.opens_on, window.closes_on), 46, "past" if done or late else "")
    ]
    marks = [Mark(scale.mid(window.closes_on), 52, "breach")] if late else []
    says = f"Effective no later than {say(window.closes_on)}."
    return WindowLane(
        "Must be effective", matter.status(window).text, why,
        Lane("lane-effective", says, 92, stretches, measures, marks, labels),
    )  # fmt: skip


def _rest(window: Window, closes_on: date, first: date, last: date, scale: Scale) -> WindowLane:
    bar = scale.bar(first, last)
    delays = window.rule == "D15"
    says = "The Company’s delay runs" if delays else "No registration need be effected"
    return WindowLane(
        "Put off by the Company" if delays else "Nothing need be effected",
        f"through {short_day(closes_on)}",
        None,
        Lane(
            f"lane-{window.key}".replace(":", "-"),
            f"{says} through {say(closes_on)}.",
            48,
            [Stretch(bar, 18, "past", "none", "solid" if last == closes_on else "none")],
            labels=[Label(bar.end, 44, short_day(closes_on), "end")],
        ),
    )


def table(matter: Matter) -> list[TableRow]:
    """Every sum in the picture, and those that lie outside it, as rows."""
    rows: list[TableRow] = []
    names = {
        "D2": "Give the Company Notice (our target)",
        "D3": "Last safe receipt of the Company Notice",
        "D6": "First day to file",
        "D7": "Last day to file",
        "D9": "Effective no later than",
        "S1": "Keep effective, at most through",
        "D14": "Nothing need be effected through",
        "D15": "The Company’s delay, at most through",
    }
    seen: set[tuple[str, date | None]] = set()
    for window in matter.docket.windows:
        for reason in window.because:
            if reason.period is None or reason.fact is None:
                continue
            key = (reason.rule, reason.result)
            if (
                reason.rule == "D4"
                or key in seen
                or (reason.rule == "D14" and window.key == "file")
            ):
                continue
            seen.add(key)
            rows.append(
                TableRow(
                    names.get(reason.rule, reason.says),
                    reason.fact.name,
                    reason.fact.on,
                    f"{'−' if reason.back else ''}{reason.period.words}",
                    reason.result or window.provisional_on,
                    reason.result is None,
                )
            )
    joins: dict[tuple[date | None, date | None, date | None], list[str]] = {}
    for window, arrival in zip(matter.joins, matter.docket.notices, strict=False):
        joins.setdefault((arrival.given_on, window.closes_on, window.lenient_on), []).append(
            window.who
        )
    words = matter.terms.joining.words if joins and matter.terms.gives("joining") else ""
    at = next((i for i, r in enumerate(rows) if r.name == "First day to file"), len(rows))
    for (given_on, closes_on, lenient_on), who in list(joins.items())[:8]:
        name = who[0] if len(who) == 1 else count_words(len(who), "Investor")
        rows.insert(at, TableRow(f"Last day to ask to join: {name}", "Company Notice given",
                                 given_on, words, closes_on, closes_on is None))  # fmt: skip
        at += 1
        if lenient_on != closes_on:
            rows.insert(at, TableRow(f"Second reading: {name}", "Company Notice received", None,
                                     words, lenient_on, lenient_on is None))  # fmt: skip
            at += 1
    return rows
