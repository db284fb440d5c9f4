"""What is due in the next thirty days, and the windows it is read from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse

from investors.models import Agreement
from registrations.facts import open_days
from registrations.models import DocketEntry
from registrations.rules.findings import Force
from registrations.rules.terms import Terms

from .lanes import JOINS, JoinGroup, group_words
from .rows import standing_of, window_of
from .whys import Why, why
from .words import Status, capital, last_moment, left_words, practical, short_day, status_of

SOON = timedelta(days=30)


class DueRow(NamedTuple):
    """One date to come.  ``closing`` tells a last day from a first one."""

    on: date
    kind: str
    line: str
    note: str
    what: str
    detail: str
    href: str
    status: Status | None
    done: int | None
    total: int
    why: Why | None
    closing: bool

    @property
    def marks(self) -> list[bool]:
        """One mark for each Investor up to twelve; above that the numbers alone."""
        if self.done is None or self.total > 12:
            return []
        return [i < self.done for i in range(self.total)]


_LAST_DAY = {
    "file": "Last day to file {ref}",
    "effective": "{ref} must be effective",
    "company_notice": "Give every other Investor the Company Notice of {ref}",
    "last_receipt": "The last Investor must have the Company Notice of {ref}",
    "registration_notice": "Give every Investor the Registration Notice of {ref}",
    "last_notice": "Last safe day to give the Registration Notice of {ref}",
}


def coming_windows(agreement: Agreement, day: date, back: bool) -> QuerySet[DocketEntry]:
    """Undone windows with a day in the next 30; of the windows to join of one matter that
    close together, only the first."""
    return (
        closing_soon(agreement, day, back)
        .order_by("demand_id", "rule", "closes_on", "pk")
        .distinct("demand_id", "rule", "closes_on")
        .select_related("demand")
    )[:400]


def closing_soon(agreement: Agreement, day: date, back: bool) -> QuerySet[DocketEntry]:
    """Every undone window with a day in the next 30."""
    return DocketEntry.objects.filter(still_open(agreement, day, back))


def still_open(agreement: Agreement, day: date, back: bool, joins: bool = False) -> Q:
    """Windows nobody has acted in yet, that close within reach; with ``joins`` those to join."""
    # A window to file that opens within the 30 days closes within 60.
    within = (day - timedelta(days=7), day + (2 * SOON if not joins else timedelta(days=400)))
    chosen = Q(agreement=agreement, kind=DocketEntry.Kind.WINDOW)
    if back:
        chosen &= Q(closes_on__range=within) & (Q(done_on=None) | Q(done_on__gt=day))
        chosen &= Q(waived_on=None) | Q(waived_on__gt=day)
        chosen &= Q(opens_on__lte=day) | ~Q(rule__in=JOINS)
    else:
        chosen &= Q(aim_on__range=within)
    if joins:
        chosen &= Q(rule__in=JOINS, closes_on__gte=day)
    return chosen


def due_rows(
    agreement: Agreement,
    entries: Sequence[DocketEntry],
    groups: Sequence[JoinGroup],
    terms: Terms | None,
    *,
    day: date,
    as_of: date | None,
) -> list[DueRow]:
    """The days to come among some windows, soonest first."""
    last, soon_days = day + SOON, agreement.company.due_soon_days
    zone, slug = agreement.time_zone, agreement.slug
    keep = f"?as_of={as_of}" if as_of else ""
    found: list[DueRow] = []
    for entry in entries:
        window = window_of(entry, upto=day if as_of else None)
        ref = entry.demand.reference
        href = reverse("demand", args=[slug, entry.demand.in_address]) + keep
        state = standing_of(window, day=day, soon_days=soon_days)
        not_proven = bool(window.awaiting) and window.opens_on is None
        if entry.rule in JOINS:
            continue
        if entry.key == "file" and window.opens_on and day < window.opens_on <= last:
            found.append(
                DueRow(
                    window.opens_on,
                    "later",
                    left_words((window.opens_on - day).days),
                    "",
                    f"First day the Company may file {ref}",
                    _text(window.because, "D6"),
                    href,
                    Status("missed", "No day left") if window.impossible else None,
                    None,
                    0,
                    why(window, terms, id=f"due-{entry.pk}-opens", opens=True, today=day),
                    False,
                )
            )
        if window.closes_on is None or not day <= window.closes_on <= last:
            continue
        left = (window.closes_on - day).days
        house = window.force is Force.HOUSE
        planned = house and entry.key == "file"
        what = _LAST_DAY.get(entry.key, "{act}: last day for {ref}").format(ref=ref, act=window.act)
        note = "EDGAR, 5:30 pm ET" if entry.key == "file" else last_moment(zone, window.closes_on)
        if house:
            note = "The Company’s plan" if planned else "Our target, not in the agreement"
        edge = practical(window.closes_on, open_days(), zone) if entry.key == "file" else ""
        found.append(
            DueRow(
                window.closes_on,
                "soon" if left <= soon_days and not house else "later",
                "Today" if left == 0 else left_words(left),
                note,
                f"Planned filing of {ref}" if planned else what,
                " ".join(filter(None, [_text(window.because, "", but="D6"), edge])),
                href,
                Status("wait", "Evidence missing")
                if not_proven
                else status_of(state, window.force)
                if state.state.value == "impossible"
                else None,
                None,
                0,
                why(window, terms, id=f"due-{entry.pk}", practical=edge, today=day),
                not house,
            )
        )
    by_group = {(e.demand_id, e.closes_on): e for e in entries if e.rule in JOINS}
    for group in groups:
        first = by_group.get((group.demand, group.closes_on))
        if first is None or group.closes_on is None or not group.waiting:
            continue
        if not day <= group.closes_on <= last:
            continue
        window = window_of(first)
        ref = first.demand.reference
        left = (group.closes_on - day).days
        whom = group_words(group)
        second = (
            f" On the second reading {short_day(group.lenient_on, day)}."
            if group.lenient_on and group.lenient_on > group.closes_on
            else ""
        )
        found.append(
            DueRow(
                group.closes_on,
                "soon" if left <= soon_days else "later",
                "Today" if left == 0 else left_words(left),
                last_moment(zone, group.closes_on),
                f"{ref} requests close for {whom}",
                f"{'Registration' if first.demand.by_company else 'Company'} Notice given "
                f"{short_day(window.opens_on, day)}.{second}",
                reverse("demand", args=[slug, first.demand.in_address]) + keep + "#participants",
                None,
                group.answered,
                group.total,
                why(window, terms, id=f"due-{first.pk}", today=day),
                True,
            )
        )
    return sorted(found, key=lambda r: (r.on, r.what))


def _text(reasons: Sequence[Any], rule: str, but: str = "") -> str:
    """The first sum among some reasons, as a sentence."""
    for reason in reasons:
        if reason.period is None or (rule and reason.rule != rule) or reason.rule == but:
            continue
        way = "before" if reason.back else "from"
        fact = reason.fact.name
        return f"{capital(reason.period.words)} {way} {fact}, {short_day(reason.fact.on)}."
    return ""
