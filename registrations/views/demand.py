"""One Demand Registration: by when must it be filed, why, and what could move it."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.generic import TemplateView

from investors.models import Investor
from registrations.facts import demand_facts, docket_of, house_of, open_days, terms_for
from registrations.models import Demand, DocketEntry, Flag
from registrations.rules.terms import TermError

from .cautions import cautions, majority_line
from .flags import missed_words
from .headings import heading, none_left, title
from .lanes import JOINS, joining, matter_lanes
from .matter import Matter
from .matter_dates import dates_that_follow
from .matter_facts import facts_on_record, notice_groups
from .paging import pages
from .participants import documents_by_kind, held_on, participants, unit_on
from .scope import CounselPage
from .statements import USE_WORDS
from .supposing import asked_about, supposable, suppose
from .windows import picture, table

ROWS = 50
MOST_HISTORY = 30


class DemandPage(CounselPage, TemplateView):
    """A matter: its heading, what to weigh, its windows, facts, dates and people.

    An htmx request gets the what-if alone; the whole page at the same address shows the
    same, so that a supposition can be sent to a colleague.
    """

    template_name = "counsel/demand.html"
    follows_as_of = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.demand = self.find(kwargs["number"])
        self.nav = self.demand.reference
        part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
        if part:
            self.template_name = "counsel/_whatif.html"
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def find(self, number: int) -> Demand:
        demand = (
            Demand.objects.filter(agreement=self.agreement, number=number)
            .select_related("statement")
            .prefetch_related(
                Prefetch("flags", Flag.objects.order_by("-raised_at", "-pk"), "every_flag")
            )
            .first()
        )
        if demand is None:
            raise Http404
        demand.agreement = self.agreement
        for flag in demand.every_flag:
            flag.demand = demand
        return demand

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            matter = self.matter()
        except TermError as unreadable:
            self.template_name = "counsel/demand_unreadable.html"
            return super().get_context_data(demand=self.demand, problem=str(unreadable), **kwargs)
        kwargs.update(demand=self.demand, matter=matter, supposition=self.supposition(matter))
        if self.template_name == "counsel/_whatif.html":
            return {
                **kwargs,
                "agreement": self.agreement,
                "day": self.day,
                "as_of": self.as_of,
                "request": self.request,
            }
        groups = notice_groups(matter)
        dates = dates_that_follow(matter, groups)
        weigh = cautions(matter)
        line, majority = majority_line(matter)
        lanes, axis = picture(matter, groups, {d.why.id: d.why for d in dates if d.why})
        if not matter.terms.quick:
            lanes, axis = self.drawn(matter)
        total = len(matter.facts.initiators) + len(matter.facts.invited)
        page = pages(self.request, total, ROWS)
        rows, totals = participants(self.demand, matter, start=page.start, size=ROWS)
        flags = [
            flag
            for flag in self.demand.every_flag  # type: ignore[attr-defined]
            if self.as_of is None or flag.since_on <= self.as_of
        ]
        kwargs.update(
            title=title(matter),
            heading=heading(matter),
            line=line,
            majority=majority,
            cautions=weigh,
            lanes=lanes,
            axis=axis,
            table=table(matter),
            facts=facts_on_record(matter, groups, documents_by_kind(self.demand)),
            dates=dates,
            own_picture=matter.terms.quick,
            no_dates=(
                "No date follows: no demand was left to make."
                if none_left(matter)
                else "No date follows from a demand that is not good."
                if matter.docket.ruling.outcome == "refused"
                else "No date follows: the reason is above."
            ),
            may_delay=matter.facts.filing is None,
            use_says=USE_WORDS[matter.docket.use.outcome],
            participants=rows,
            held_on=held_on(matter),
            per_unit=unit_on(self.demand, matter),
            filed=matter.facts.filing is not None,
            began=matter.docket.demand.received_on or self.day,
            totals=totals,
            pages=page,
            flags=[(flag, missed_words(flag)) for flag in flags[:MOST_HISTORY]],
            more_flags=max(0, len(flags) - MOST_HISTORY),
            standing_flags=sum(f.cleared_at is None for f in flags),
            **self.acts(matter),
        )
        return super().get_context_data(**kwargs)

    def matter(self) -> Matter:
        """The matter as of the page's day, worked out from its facts by the rules."""
        terms = terms_for(self.demand, self.as_of)
        facts = demand_facts(self.demand, self.as_of, terms=terms)
        if self.as_of is not None:
            facts = facts.upto(self.as_of)
        house = house_of(self.agreement.company)
        docket = docket_of(self.demand, as_of=self.as_of, supposing=facts, terms=terms)
        return Matter(
            ref=self.demand.reference,
            number=self.demand.number,
            slug=self.agreement.slug,
            facts=facts,
            docket=docket,
            terms=terms,
            house=house,
            open_days=open_days(),
            day=self.day,
            soon_days=self.agreement.company.due_soon_days,
            zone=self.agreement.time_zone,
        )

    def drawn(self, matter: Matter) -> Any:
        """The windows of a demand under terms of any form, drawn as the dashboard draws them."""
        entries = DocketEntry.objects.filter(demand=self.demand)
        return matter_lanes(
            [self.demand],
            list(entries.exclude(rule__in=JOINS).filter(kind="window", closes_on__isnull=False)),
            joining(entries, upto=self.as_of),
            day=self.day,
            soon_days=matter.soon_days,
            looking_back=self.as_of is not None,
        )

    def supposition(self, matter: Matter) -> Any:
        given = self.request.GET
        named = {
            str(uuid): pk
            for pk, uuid in Investor.objects.filter(
                agreement=self.agreement, public_id__in=asked_about(given)
            ).values_list("pk", "public_id")
        }
        invited = {i.investor for i in matter.facts.invited}
        ids = supposable(matter, given, {k: v for k, v in named.items() if v in invited})
        public = dict(Investor.objects.filter(pk__in=ids).values_list("pk", "public_id"))
        return suppose(matter, given, {pk: public[pk] for pk in ids})

    def acts(self, matter: Matter) -> dict[str, bool]:
        """What may be recorded next, as the facts stand."""
        good = matter.docket.ruling.outcome != "refused"
        filed = matter.facts.filing is not None
        return {
            "may_file": self.may_record and good and not filed,
            "may_be_effective": self.may_record and filed and matter.facts.effective_on is None,
        }
