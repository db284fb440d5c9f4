"""What may I do now and by when, what have I sent, what do I hold, what are my rights?"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import TemplateView

from investors.models import Investor, User
from notices.models import AnswerDraft
from registrations.facts import (
    OwnMatter,
    address_of_record,
    copies_to,
    own_asking,
    own_copies,
    own_matters,
    own_position,
    terms_of,
)
from registrations.models import JointDemand
from registrations.rules.demand import units_needed
from registrations.rules.securities import Position
from registrations.rules.terms import Terms
from registrations.tables import Table
from registrations.views.exports import addresses, spreadsheet
from registrations.views.holders import holder_row
from registrations.views.paging import FORMATS, pages
from registrations.views.words import Status, short_day

from .letters import WRITTEN
from .matters import Mine, heading_of, mine
from .scope import PortalPage

IN_A_PAGE = 25


class Right(NamedTuple):
    """A right of the Investor, whether it has it today, and why."""

    what: str
    status: Status
    detail: str
    clause: str


@login_required
def portal(request: HttpRequest) -> HttpResponse:
    """To the only Investor a person acts for, or a list to choose from."""
    found = list(
        Investor.objects.represented_by(cast(User, request.user))
        .select_related("agreement__company")
        .order_by("agreement__company__name", "name", "pk")
    )
    if len(found) == 1 and "all" not in request.GET:
        return redirect("portal-home", found[0].public_id)
    return render(request, "portal/choose.html", {"investors": found})


class PortalHome(PortalPage, TemplateView):
    template_name = "portal/home.html"
    nav = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.investor.agreement
        terms = terms_of(agreement, max(self.today, agreement.dated_on))
        own = own_matters(self.investor)
        cards = cards_of(self, own)
        position = own_position(self.investor, self.today)
        drafts = {d.answers_id: d for d in AnswerDraft.objects.filter(investor=self.investor)}
        kwargs.update(
            heading=heading_of(cards, self.today),
            asks=[c for c in cards if c.open and not c.own.initiated and not c.sent],
            others=[c for c in cards if not c.open or c.own.initiated or c.sent],
            drafts={str(o.demand.public_id) for o in own if o.demand.notice_id in drafts},
            sent=[(c, s) for c in cards for s in reversed(c.sent)][:5],
            position=position,
            row=holder_row(self.investor, position, position.registrable),
            rights=rights_of(terms, cards, position, self.today),
            asking=own_asking(self.investor, self.today),
            joints=list(
                JointDemand.objects.filter(
                    notice=None,
                    ended_at=None,
                    signatures__investor=self.investor,
                    signatures__taken_back_at=None,
                ).order_by("pk")
            ),
            address=address_of_record(agreement, None, self.today),
        )
        return super().get_context_data(**kwargs)


class PortalHoldings(PortalPage, TemplateView):
    """What do I hold, on which day, and how is it counted?"""

    template_name = "portal/holdings.html"
    nav = "holdings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.investor.agreement
        day, problem = self._day(self.request.GET.get("as_of", ""))
        terms = terms_of(agreement, max(day, agreement.dated_on))
        position = own_position(self.investor, day)
        kwargs.update(
            day=day,
            problem=problem,
            position=position,
            row=holder_row(self.investor, position, position.registrable),
            counted=terms.summaries.get("registrable_shares", ""),
            clause=terms.clause("registrable_shares"),
            address=address_of_record(agreement, None, self.today),
        )
        return super().get_context_data(**kwargs)

    def _day(self, given: str) -> tuple[date, str]:
        if not given:
            return self.today, ""
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return self.today, f"“{given[:40]}” is not a day. Give it as 2003-09-11."
        if day > self.today:
            return self.today, "That day has not come yet. Today is shown."
        return day, ""


class PortalNotices(PortalPage, TemplateView):
    """What has the Company told me, how, and when was it given?"""

    template_name = "portal/notices.html"
    nav = "notices"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = copies_to(self.investor)
        page = pages(self.request, every.count(), IN_A_PAGE)
        rows = own_copies(self.investor, every[page.start : page.stop])
        kwargs.update(rows=rows, pages=page, written=WRITTEN)
        if rows:
            kwargs.update(exports=addresses(self.request, FORMATS))
        return super().get_context_data(**kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        form = self.request.GET.get("format", "")
        if form not in FORMATS:
            return super().render_to_response(context, **kwargs)
        table = Table(
            f"notices-{self.today}",
            ["Notice", "How", "Sent", "Received", "Given"],
            ([
                copy.record.delivery.notice.get_kind_display(), copy.record.get_method_display(),
                copy.record.sent_on, copy.record.received_on, copy.arrival.given_on,
            ] for copy in context["rows"]),
        )  # fmt: skip
        return spreadsheet(table, form, made_at=self.now)


class PortalRequests(PortalPage, TemplateView):
    """What have I sent, and what became of it?"""

    template_name = "portal/requests.html"
    nav = "requests"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cards = cards_of(self, own_matters(self.investor))
        heads = {c.own.demand.notice_id: c for c in cards}
        drafts = AnswerDraft.objects.filter(investor=self.investor).order_by("-saved_at")
        kwargs.update(
            cards=[c for c in cards if c.sent],
            drafts=[(d, heads[d.answers_id]) for d in drafts if d.answers_id in heads],
        )
        return super().get_context_data(**kwargs)


def cards_of(page: PortalPage, own: list[OwnMatter]) -> list[Mine]:
    soon_days = page.investor.agreement.company.due_soon_days
    return [mine(each, page.today, soon_days) for each in own]


def rights_of(terms: Terms, cards: list[Mine], position: Position, today: date) -> list[Right]:
    """Each right the agreement gives an Investor, and why not where not (invariant: from its
    own holding, its own papers and the terms alone)."""
    found = []
    for by_company, what, term, none in (
        (False, "Join a demand", "joining", "No demand you were told of is open to you."),
        (
            True,
            "Piggy-back on a Company registration",
            "piggyback_joining",
            "No registration of the Company’s you were told of is open to you.",
        ),
    ):
        if term not in terms.values:
            continue
        here = [c for c in cards if c.own.demand.by_company == by_company and not c.own.initiated]
        open_ = next((c for c in here if c.open and not c.sent), None)
        sent = next((c for c in here if c.live is not None), None)
        if open_ is not None:
            until = (
                f"Until {short_day(open_.last, today)}."
                if open_.last
                else "The last day is not known yet."
            )
            found.append(Right(what, Status("open", "Open"), until, terms.clause(term)))
        elif sent is not None and sent.live is not None:
            found.append(Right(what, sent.live.status, sent.live.means, terms.clause(term)))
        else:
            found.append(Right(what, Status("later", "Nothing open"), none, terms.clause(term)))
    if "demand_threshold" in terms.values:
        found.append(_to_demand(terms, position))
    if "transfer" in terms.values:
        found.append(
            Right(
                "Pass your rights to a buyer",
                Status("later", "With conditions"),
                terms.summaries.get("transfer", ""),
                terms.clause("transfer"),
            )
        )
    return found


def _to_demand(terms: Terms, position: Position) -> Right:
    clause, what = terms.clause("demand_threshold"), "Start a demand"
    if not (terms.gives("demand_majority_over") and terms.gives("units_offered")):
        return Right(what, Status("later", "With conditions"),
                     terms.summaries.get("demand_threshold", ""), clause)  # fmt: skip
    needed = units_needed(terms.units_offered, terms)
    says = (
        f"It takes {needed:,} of the {terms.units_offered:,} Units offered. You hold "
        f"{position.units:,}."
    )
    if position.units >= needed:
        return Right(what, Status("open", "By a Demand Notice"), f"{says} Write to the Company.",
                     clause)  # fmt: skip
    return Right(what, Status("later", "Not alone"), f"{says} With others who hold the rest you "
                 "may.", clause)  # fmt: skip
