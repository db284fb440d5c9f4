"""The dashboard: what is wrong, what is next, and whom we are waiting for.

It reads the projection and the flags, never a matter's facts, so that it costs the same
number of queries for ten matters as for a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, CharField, Count, F, Min, Q, Value, When
from django.db.models import Window as Over
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.views.generic import TemplateView

from investors import sight
from investors.models import Agreement
from notices.heartbeat import pulse
from notices.models import Mail
from registrations.facts import address_notices, terms_of
from registrations.facts.papers import overdue_information
from registrations.models import Demand, DocketEntry, Flag
from registrations.rules.statement import UNDETERMINED, USED_UP, counter
from registrations.rules.terms import TermError, Terms

from . import flags as flag_rows
from .due import closing_soon, coming_windows, due_rows, still_open
from .lanes import JOINS, joining, matter_lanes
from .paging import pages
from .scope import CounselPage
from .words import capital, count_words, listed, long_day, short_day, unbroken, zone_name

MOST_FLAGS = 40
MOST_DUE = 15
MOST_WAITING = 8
LANES = 8


class WaitingRow(NamedTuple):
    """An Investor who owes an answer, or whose receipt is missing."""

    name: str
    href: str
    text: str
    soonest: date | None
    receipt: bool


class DashboardPage(CounselPage, TemplateView):
    """What is wrong, what is next, who are we waiting for?"""

    template_name = "counsel/dashboard.html"
    nav = "dashboard"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement, day = self.agreement, self.day
        back = self.as_of is not None
        soon_days = agreement.company.due_soon_days
        page = pages(self.request, agreement.matters, LANES)  # type: ignore[attr-defined]
        demands = list(
            Demand.objects.filter(agreement=agreement)
            .select_related("docket_state")
            .order_by("-pk")[page.start : page.start + LANES]
        )
        for demand in demands:
            demand.agreement = agreement
        terms = current_terms(agreement, day)
        entries = list(
            DocketEntry.objects.filter(demand__in=demands)
            .exclude(rule__in=JOINS)
            .filter(
                Q(kind="window") | Q(flag_kind__in=["ineligible", "needs_decision", "suspended"])
            )
            .exclude(key__startswith="decide:request")
        )
        due_entries = list(coming_windows(agreement, day, back))
        groups = joining(
            DocketEntry.objects.filter(
                Q(demand__in=demands)
                | Q(demand__in=closing_soon(agreement, day, back).values("demand"))
            ),
            upto=day if back else None,
        )
        shown = {d.pk for d in demands}
        lanes, axis = matter_lanes(
            demands,
            entries,
            [g for g in groups if g.demand in shown],
            day=day,
            soon_days=soon_days,
            looking_back=back,
        )
        flags = self.flags(day, back)
        rows = flag_rows.rows(flags, terms, slug=agreement.slug, day=day)
        missed = [r for r in rows if r.flag.kind == "missed"]
        no_day = [r for r in rows if r.flag.kind in flag_rows.NO_DAY]
        stopped = [r for r in rows if r.flag.kind == "suspended"]
        said = ("missed", "missing_receipt", "suspended", *flag_rows.NO_DAY)
        settle = [r for r in rows if r.flag.kind not in said]
        due = due_rows(agreement, due_entries, groups, terms, day=day, as_of=self.as_of)
        sick = [p for p in pulse(self.now) if p.dead] if not back else []
        kwargs.update(
            lanes=lanes,
            axis=axis,
            pages=page,
            missed=missed,
            stopped=stopped,
            no_day=no_day,
            settle=settle,
            more_flags=bool(flags) and flags[0].of > len(flags),  # type: ignore[attr-defined]
            due=due[:MOST_DUE],
            more_due=max(0, len(due) - MOST_DUE),
            waiting=self.waiting(day, back),
            moved=address_notices(Q(investor__agreement=agreement, told_on__lte=day)),
            sick=sick,
            oldest=self.oldest_due() if sick else None,
            failed=failed_mails(agreement) if not back else [],
            broken=[d for d in demands if _error(d)],
            counter="" if back or terms is None else counter_words(agreement, terms),
            zone_name=zone_name(agreement.time_zone, day),
            heading=heading(
                matters=agreement.matters,  # type: ignore[attr-defined]
                missed=len(missed) if back else agreement.missed,  # type: ignore[attr-defined]
                no_day=len(no_day),
                settle=len(settle),
                stopped=[r.flag.demand.reference for r in stopped],
                next_on=next((r.on for r in due if r.closing), None),
                day=day,
            ),
            rail_demands=demands[:6],
            broken_terms=terms is None,
        )
        return super().get_context_data(**kwargs)

    def flags(self, day: date, back: bool) -> list[Flag]:
        """The flags that stand, oldest first; those that stood, when looking back."""
        flags = Flag.objects.filter(agreement=self.agreement)
        if back:
            flags = flags.filter(since_on__lte=day).filter(
                Q(cleared_at=None) | Q(cleared_on__gt=day)
            )
        else:
            flags = flags.filter(cleared_at=None)
        return list(
            flags.exclude(kind="missing_receipt")
            .select_related("demand")
            .annotate(of=Over(Count("pk")))
            .order_by("since_on", "pk")[:MOST_FLAGS]
        )

    def waiting(self, day: date, back: bool) -> list[WaitingRow]:
        """Who owes an answer that can still come in time, or a receipt we need."""
        rows = (
            DocketEntry.objects.filter(
                still_open(self.agreement, day, back, joins=True) | _receipts(self.agreement, day)
            )
            .order_by()
            .values("investor__name", "investor__public_id")
            .annotate(
                asks=ArrayAgg(_REF, filter=Q(rule__in=JOINS), distinct=True, default=[]),
                receipts=ArrayAgg(
                    _REF,
                    filter=Q(flag_kind="missing_receipt"),
                    distinct=True,
                    default=[],
                ),
                soonest=Min("closes_on"),
            )
            .order_by(F("soonest").asc(nulls_last=True), "investor__name")[: MOST_WAITING + 1]
        )
        slug = self.agreement.slug
        waits = [
            WaitingRow(
                r["investor__name"],
                reverse("holder", args=[slug, r["investor__public_id"]]),
                _waits_for(r["asks"], r["receipts"], r["soonest"], day),
                r["soonest"],
                bool(r["receipts"]),
            )
            for r in rows
        ]
        late = [
            WaitingRow(
                each.investor.name,
                reverse(
                    "information-answer",
                    args=[slug, each.demand.in_address, each.investor.public_id],
                ),
                f"{'The rest of the information' if each.in_part else 'Information'} for "
                f"{each.demand.reference}, due {short_day(each.due_on, day)}.",
                each.due_on,
                False,
            )
            for each in overdue_information(self.agreement, day, MOST_WAITING + 1)
        ]
        return [*late, *waits][: MOST_WAITING + 1]

    def oldest_due(self) -> date | None:
        """The day since which the oldest work has waited for a sweep that does not come."""
        found = DocketEntry.objects.filter(
            agreement=self.agreement, attend_on__lte=self.today, attend_on__gt=date(1900, 1, 1)
        ).aggregate(oldest=Min("attend_on"))
        oldest: date | None = found["oldest"]
        return oldest


def counter_words(agreement: Agreement, terms: Terms) -> str:
    """How many of the demands owed are left, as the matters stand now (D13); nothing where the
    agreement gives no such number."""
    if not terms.gives("demands_allowed"):
        return ""
    allowed = terms.demands_allowed
    if agreement.short_of_capital:  # type: ignore[attr-defined]
        allowed += sum(e.count for e in terms.values["demand_count"].extra)
    uses = {USED_UP: agreement.used_up, UNDETERMINED: agreement.undetermined}  # type: ignore[attr-defined]
    outcome, left = counter(allowed, uses)
    owed = count_words(allowed, "Demand Registration")
    if outcome == UNDETERMINED:
        return f"{capital(owed)} owed; whether one is used up is undetermined."
    return f"{capital(owed)} owed, {count_words(left, 'demand')} left."


def current_terms(agreement: Agreement, day: date) -> Terms | None:
    """The terms in force, for the words of a clause; ``None`` if they cannot be read."""
    try:
        return terms_of(agreement, max(day, agreement.dated_on))
    except TermError:
        return None


def heading(
    *,
    matters: int,
    missed: int,
    no_day: int,
    settle: int,
    stopped: Sequence[str],
    next_on: date | None,
    day: date,
) -> list[str]:
    """The page's answer, as sentences."""
    if not matters:
        return ["No registration is under way."]
    said = []
    if stopped:
        said.append(f"Do not sell under {listed(list(dict.fromkeys(stopped)))}.")
    if missed:
        said.append(
            f"{capital(count_words(missed, 'window'))} {'was' if missed == 1 else 'were'} missed."
        )
    if no_day:
        said.append(
            f"{capital(count_words(no_day, 'registration'))} "
            f"{'has' if no_day == 1 else 'have'} no day left to file."
        )
    if settle and len(said) < 2:
        said.append(
            f"{capital(count_words(settle, 'question'))} {'waits' if settle == 1 else 'wait'} "
            "for counsel."
        )
    if not said:
        said.append("Nothing is missed.")
    if next_on is not None:
        closes = "today" if next_on == day else unbroken(long_day(next_on, day))
        after_missed = missed and len(said) == 1 and not stopped
        said.append(f"The next {'one' if after_missed else 'window'} closes {closes}.")
    else:
        said.append("No window closes in the next 30 days.")
    return said


def failed_mails(agreement: Agreement) -> list[Mail]:
    """The e-mails about this agreement that were given up on, latest first."""
    with sight.everything():  # a mail is of no agreement; these tell of this one
        return list(
            Mail.objects.filter(failed_at__isnull=False, reminders__agreement=agreement)
            .distinct()
            .order_by("-failed_at")[:5]
        )


def _receipts(agreement: Agreement, day: date) -> Q:
    return Q(agreement=agreement, flag_kind="missing_receipt", flag_on__lte=day)


# A matter's reference, put together in the database.
_REF = Concat(
    Case(When(demand__kind=Demand.Kind.COMPANY, then=Value("CR-")), default=Value("DR-")),
    Cast("demand__number", CharField()),
)


def _waits_for(asks: list[str], receipts: list[str], soonest: date | None, day: date) -> str:
    said = []
    if asks:
        by = f", by {short_day(soonest, day)}" if soonest else ""
        said.append(f"{_refs(asks)} answer{by}")
    if receipts:
        company = any(ref.startswith("CR-") for ref in receipts)
        notice = "notice" if company else "Company Notice"
        said.append(f"proof of receipt of the {notice} ({_refs(receipts)})")
    return f"{capital(', and '.join(said))}."


def _refs(references: list[str]) -> str:
    refs = sorted(references, key=lambda ref: (ref[:2] == "CR", int(ref[3:])))
    if len(refs) > 3:
        return f"{refs[0]}, {refs[1]} and {len(refs) - 2} more"
    return " and ".join(refs)


def _error(demand: Demand) -> str:
    state = getattr(demand, "docket_state", None)
    return state.error if state else ""
