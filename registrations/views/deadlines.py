"""Two lists: every registration, and every date that follows from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.http.response import HttpResponseBase

from registrations.models import Demand, DocketEntry
from registrations.pdf import as_pdf
from registrations.rules.findings import Force, Window
from registrations.rules.terms import SPEC
from registrations.tables import Table

from .dashboard import current_terms
from .docket_files import docket_calendar, docket_paper, reasons_of
from .exports import ListPage
from .files import PDF, download
from .lanes import JOINS, joining, matter_lanes
from .paging import FORMATS, ON_PAPER, pages
from .rows import standing_of, window_of
from .whys import Why, why
from .words import Status, capital, count_words, long_day, owed_by, status_of, unbroken

LANES, ROWS = 12, 50


class RegistrationsPage(ListPage):
    """What has been, is and may be registered?"""

    template_name = "counsel/registrations.html"
    listed = "lanes"
    nav = "registrations"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement, day, back = self.agreement, self.day, self.as_of is not None
        page = pages(self.request, agreement.matters, LANES)  # type: ignore[attr-defined]
        demands = list(
            Demand.objects.filter(agreement=agreement).order_by("-pk")[page.start : page.stop]
        )
        entries = DocketEntry.objects.filter(demand__in=demands)
        lanes, axis = matter_lanes(
            demands,
            list(
                entries.exclude(rule__in=JOINS).filter(
                    Q(kind="window")
                    | Q(flag_kind__in=["ineligible", "suspended"])
                    | Q(key="decide:eligibility")
                )
            ),
            joining(entries, upto=day if back else None),
            day=day,
            soon_days=agreement.company.due_soon_days,
            looking_back=back,
        )
        terms = current_terms(agreement, day)
        under_way = sum(lane.open for lane in lanes)
        total = agreement.matters  # type: ignore[attr-defined]
        if not total:
            says = "No registration has been asked for."
        elif total > LANES:
            says = f"{capital(count_words(total, 'registration'))} on record."
        else:
            says = (
                f"{capital(count_words(under_way, 'registration'))} "
                f"{'is' if under_way <= 1 else 'are'} under way"
                + (
                    f", {count_words(total - under_way, 'other')} on record."
                    if total > under_way
                    else "."
                )
            )
        kwargs.update(
            heading=says,
            lanes=lanes,
            axis=axis,
            pages=page,
            demands_allowed=terms.demands_allowed
            if terms and terms.gives("demands_allowed")
            else None,
            not_on_record=[SPEC[t].label for t in terms.lacks_for_demand] if terms else [],
            rail_demands=demands[:6],
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-registrations-{self.day}",
            ["Registration", "Kind", "State", "Notice received", "Requests", "Last day to file",
             "Why", "Last day to effect", "Why"],
            ([
                m.demand.reference, m.demand.get_kind_display(), m.status.text, m.received_on,
                m.requests,
                *(
                    part
                    for window in (m.file, m.effective)
                    for part in (
                        window and window.closes_on,
                        " ".join(reason.text for reason in window.because) if window else "",
                    )
                ),
            ] for m in context["lanes"]),
        )  # fmt: skip


class DeadlineRow(NamedTuple):
    """One window as a row of the list."""

    entry: DocketEntry
    window: Window
    status: Status
    owed: str
    why: Why


def deadline_row(
    entry: DocketEntry, terms: Any, *, day: date, soon_days: int, upto: date | None = None
) -> DeadlineRow:
    """A stored window as it stands on a day, with its reasons."""
    window = window_of(entry, upto=upto)
    state = standing_of(window, day=day, soon_days=soon_days)
    return DeadlineRow(
        entry,
        window,
        status_of(state, window.force),
        owed_by(entry.party, entry.force),
        why(window, terms, id=f"date-{entry.pk}", today=day),
    )


STATES = {
    "coming": "To come",
    "missed": "Past and not done",
    "unknown": "Not known yet",
    "done": "Done",
    "all": "All",
}
PARTIES = {"": "Everybody", "company": "The Company", "investor": "Investors"}


class DeadlinesPage(ListPage):
    """Every date in one list, soonest first."""

    template_name = "counsel/deadlines.html"
    formats = {**FORMATS, **ON_PAPER}
    nav = "deadlines"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement, day = self.agreement, self.day
        state = self.request.GET.get("state", "coming")
        state = state if state in STATES else "coming"
        party = self.request.GET.get("party", "")
        party = party if party in PARTIES else ""
        upto = day if self.as_of else None
        every = DocketEntry.objects.filter(agreement=agreement, kind=DocketEntry.Kind.WINDOW)
        if party:
            every = every.filter(party=party)
        counts = every.aggregate(
            **{name: Count("pk", filter=_in(name, day, upto)) for name in STATES}
        )
        page = pages(self.request, counts[state], ROWS)
        newest_first = state in ("missed", "done")
        order = (
            F("closes_on").desc(nulls_last=True)
            if newest_first
            else F("closes_on").asc(nulls_last=True)
        )
        rows = list(
            every.filter(_in(state, day, upto))
            .select_related("demand", "investor")
            .order_by(order, "demand_id", "pk")[page.start : page.stop]
        )
        terms = current_terms(agreement, day)
        kwargs.update(
            rows=[self.row(e, terms) for e in rows],
            pages=page,
            state=state,
            party=party,
            states=[(k, v, counts[k]) for k, v in STATES.items()],
            parties=list(PARTIES.items()),
            heading=_heading(every, counts, day, upto),
        )
        return super().get_context_data(**kwargs)

    def row(self, entry: DocketEntry, terms: Any) -> DeadlineRow:
        soon_days = self.agreement.company.due_soon_days
        upto = self.day if self.as_of else None
        return deadline_row(entry, terms, day=self.day, soon_days=soon_days, upto=upto)

    def file(self, form: str, context: dict[str, Any]) -> HttpResponseBase:
        name = f"{self.agreement.slug}-dates-{self.day}"
        if form == "ics":
            made = docket_calendar(self.agreement, context["rows"], now=self.now)
            return download(made, "text/calendar; charset=utf-8", f"{name}.ics")
        if form == "pdf":
            heading = " ".join(context["heading"])
            paper = docket_paper(self.agreement, heading, context["rows"], self.day)
            return download(as_pdf(paper, made_at=self.now), PDF, f"{name}.pdf")
        return super().file(form, context)

    def table(self, context: dict[str, Any]) -> Table:
        """Each date with its reasons: a row of the list, and what stands behind it."""
        return Table(
            f"{self.agreement.slug}-dates-{self.day}",
            ["Last day", "Last day on EDGAR", "What", "Who", "Registration", "Whose", "First day",
             "State", "Done on", "Clause", "Why"],
            ([
                w.closes_on, w.practical_closes_on, w.act, w.who, r.entry.demand.reference,
                r.owed, w.opens_on, r.status.text, w.done_on, w.clause,
                "\n".join(reasons_of(r)),
            ] for r in context["rows"] for w in [r.window]),
        )  # fmt: skip


def _in(state: str, day: date, upto: date | None) -> Q:
    """Which rows a filter shows.  States are not stored, so each is told by its days."""
    done = Q(done_on__isnull=False) | Q(waived_on__isnull=False)
    if upto is not None:
        done = Q(done_on__lte=upto) | Q(waived_on__lte=upto)
    past = Q(closes_on__lt=day) & ~Q(force=Force.REST.value)
    return {
        "coming": ~done & Q(closes_on__gte=day) & ~Q(force=Force.REST.value),
        "missed": ~done & past,
        "unknown": ~done & Q(closes_on=None),
        "done": done,
        "all": Q(),
    }[state]


def _heading(
    every: QuerySet[DocketEntry], counts: dict[str, int], day: date, upto: date | None
) -> list[str]:
    """What the list says, before anybody reads it."""
    if not counts["all"]:
        return ["No dates yet. Dates appear when a notice is recorded."]
    if not counts["coming"]:
        return ["No date is to come."]
    first = (
        every.filter(_in("coming", day, upto))
        .order_by("closes_on")
        .values_list("closes_on", flat=True)[:1]
    )
    soonest = next(iter(first))
    within = every.filter(_in("coming", day, upto), closes_on__lte=day + timedelta(days=7)).count()
    words = "today" if soonest == day else unbroken(long_day(soonest, day))
    said = [f"The next date is {words}."]
    if within:
        close = "closes" if within == 1 else "close"
        said.append(f"{capital(count_words(within, 'window'))} {close} within seven days.")
    return said
